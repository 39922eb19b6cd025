"""`set_password USERNAME`: a new password for somebody who lost it, also for the last administrator."""

from argparse import ArgumentParser
from typing import Any

from accounts.passwords_asked import asked_password
from accounts.rights import SYSTEM
from accounts.services import set_password
from dukcapil import clock
from dukcapil.command import ServiceCommand


class Command(ServiceCommand):
    help = "Ganti kata sandi satu akun. Kata sandi ditanyakan; tanpa terminal dibaca dari masukan baku."

    def add_arguments(self, parser: ArgumentParser) -> None:
        super().add_arguments(parser)
        parser.add_argument("username")

    def act(self, **options: Any) -> dict[str, Any]:
        user = set_password(by=SYSTEM, username=options["username"], password=asked_password(), now=clock.now())
        return {"username": user.username}
