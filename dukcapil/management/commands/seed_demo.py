"""`seed_demo [--until D] [--accounts]`: example data on an empty database, and the accounts to see it with.

It may be used in production form too (PostgreSQL and Redis), for a trial: it only ever fills an empty database, every
page then says "Data contoh", and there is no password in the code. One is made for each installation and kept in
DUKCAPIL_HOME, readable by the owner alone.
"""

import secrets
from argparse import ArgumentParser
from datetime import date
from pathlib import Path
from typing import Any

from django.conf import settings
from django.utils.module_loading import import_string

from dukcapil import clock
from dukcapil.command import ServiceCommand
from dukcapil.errors import N_, Refused

# The apps are known here by name only.
SERVICES = "recording.demo.services"
FLEET = "fleet.demo.services.DemoFleet"
SYSTEM = "accounts.rights.SYSTEM"
ROLE = "accounts.roles.Role"
PARSE_DAY = "recording.parsing.days.parse_day"
WORDS = (
    "ancol andong bajaj betawi cempaka delman kemang kenari ketoprak kuningan "
    "melati monas nusa ondel pasar rawa sawah senayan soto teluk"
).split()


class Command(ServiceCommand):
    help = "Isi basis data kosong dengan data contoh tahun 2021 dan akun untuk setiap peran; diulang, tidak berubah."

    def add_arguments(self, parser: ArgumentParser) -> None:
        super().add_arguments(parser)
        parser.add_argument("--until", help="Hari terakhir data contoh; tanpa ini 2021-11-25.")
        parser.add_argument("--accounts", action="store_true", help="Cetak akun contoh saja.")

    def act(self, **options: Any) -> dict[str, Any]:
        if options["accounts"]:
            if clock.demo() is None:
                raise Refused(N_("Tidak ada data contoh di sini; jalankan seed_demo."))
            return self._accounts()
        until = import_string(PARSE_DAY)(options["until"]) if options["until"] is not None else None
        return self._seed(until) | self._accounts()

    def report(self, answer: dict[str, Any]) -> None:
        if "until" in answer:
            self.stdout.write(f"Data contoh sampai {answer['until']}.")
        self.stdout.write(f"Akun contoh; kata sandi semuanya: {answer['password']}")
        role_of = import_string(ROLE)
        for account in answer["accounts"]:
            role = role_of(account["role"]).label
            self.stdout.write(f"  {account['username']:<8} {role:<14} {account['jurisdiction']}")
        if answer["api_key"]:
            self.stdout.write(f"Kunci API contoh, hanya membaca: {answer['api_key']}")

    def _seed(self, until: date | None) -> dict[str, Any]:
        """What `until` is, whether it was written just now, and how much there is."""
        seed, fleet = import_string(f"{SERVICES}.seed"), import_string(FLEET)
        changed = seed(by=import_string(SYSTEM), until=until, password=_password()[0], fleet=fleet)
        standing = clock.demo()
        return {"until": standing and standing.until.isoformat(), "changed": changed}

    def _accounts(self) -> dict[str, Any]:
        password, made = _password()
        if made:  # the file was lost: the old one cannot be read from anywhere
            import_string(f"{SERVICES}.renew_passwords")(by=import_string(SYSTEM), password=password, now=clock.now())
        accounts = [account._asdict() for account in import_string(f"{SERVICES}.ACCOUNTS")]
        key = import_string(f"{SERVICES}.demo_key")(now=clock.now())
        return {"password": password, "api_key": key, "accounts": accounts}


def _password() -> tuple[str, bool]:
    """The installation's password for the accounts of the example, and whether it was made just now."""
    path = Path(settings.HOME) / "demo_password"
    known = path.read_text().strip() if path.exists() else ""
    if known:
        return known, False
    path.parent.mkdir(parents=True, exist_ok=True)
    path.touch(mode=0o600)
    words = "-".join(secrets.choice(WORDS) for _ in range(3))
    path.write_text(f"{words}-{secrets.randbelow(9000) + 1000}\n")
    return path.read_text().strip(), True
