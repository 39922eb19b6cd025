"""`reset_second_factor USERNAME`: for an administrator who has lost the phone and the recovery codes."""

from argparse import ArgumentParser
from typing import Any

from accounts.models import User
from accounts.rights import SYSTEM
from accounts.services.second_factor import remove_second_factor
from dukcapil import clock
from dukcapil.command import ServiceCommand
from dukcapil.errors import N_, NotFound


class Command(ServiceCommand):
    help = "Hapus masuk dua langkah sebuah akun, bila ponsel dan kode cadangannya hilang."

    def add_arguments(self, parser: ArgumentParser) -> None:
        super().add_arguments(parser)
        parser.add_argument("username")

    def act(self, **options: Any) -> dict[str, Any]:
        user = User.objects.filter(username=options["username"]).first()
        if user is None:
            raise NotFound(N_("Tidak ada pengguna bernama %(username)s."), "username", username=options["username"])
        remove_second_factor(by=SYSTEM, user=user, now=clock.now())
        return {"username": user.username}
