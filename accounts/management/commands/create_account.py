"""`create_account USERNAME "FULL NAME" ROLE CODE`: makes the first administrator of an installation."""

from argparse import ArgumentParser
from typing import Any

from accounts.passwords_asked import asked_password
from accounts.rights import SYSTEM
from accounts.roles import STORED_ROLES
from accounts.services import create_user
from dukcapil import clock
from dukcapil.command import ServiceCommand


class Command(ServiceCommand):
    help = "Buat satu akun. Kata sandi ditanyakan; tanpa terminal dibaca dari masukan baku."

    def add_arguments(self, parser: ArgumentParser) -> None:
        super().add_arguments(parser)
        parser.add_argument("username")
        parser.add_argument("full_name")
        parser.add_argument("role", choices=[role.value for role in STORED_ROLES])
        parser.add_argument("jurisdiction", help="31 (provinsi) atau kota, misalnya 31.73.")

    def act(self, **options: Any) -> dict[str, Any]:
        user = create_user(
            by=SYSTEM,
            username=options["username"],
            full_name=options["full_name"],
            role=options["role"],
            jurisdiction=options["jurisdiction"],
            password=asked_password(),
            now=clock.now(),
        )
        return {"username": user.username, "role": user.role, "jurisdiction": user.jurisdiction}
