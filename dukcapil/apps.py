from django.apps import AppConfig

from dukcapil import deploy_checks  # noqa: F401 (its checks register themselves)


class DukcapilConfig(AppConfig):
    name = "dukcapil"
    verbose_name = "Kerangka portal"
