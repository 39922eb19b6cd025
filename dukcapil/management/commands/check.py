"""`check [--deploy]`: Django's checks, after one line that says which form runs."""

from typing import Any

from django.core.management.commands import check

from dukcapil.form_line import form_line


class Command(check.Command):
    def handle(self, *args: Any, **options: Any) -> None:
        if not options["list_tags"]:
            self.stdout.write(form_line())
        super().handle(*args, **options)
