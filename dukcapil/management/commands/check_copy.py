"""`check_copy`: what a restored copy must have in common with what was copied, and whether its ledger is right."""

from typing import Any

from django.conf import settings
from django.utils.module_loading import import_string

from dukcapil.backups.content import evidence
from dukcapil.command import ServiceCommand


class Command(ServiceCommand):
    help = "Angka yang harus sama dalam salinan, dan apakah jejak perubahannya benar."

    def act(self, **options: Any) -> dict[str, Any]:
        return {"evidence": evidence(), "mismatches": import_string(settings.BACKUP_LEDGER_CHECK)().mismatches}
