"""`start [--port N] [--demo]`: the whole portal in one command, for one machine, without any configuration."""

import socket
import sys
import time
from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.apps import apps
from django.conf import settings
from django.core.management import call_command
from django.core.management.base import BaseCommand, CommandError

from dukcapil.supervise import Supervisor

MANAGE = Path(settings.BASE_DIR) / "manage.py"
STARTS_WITHIN_SECONDS = 30


class Command(BaseCommand):
    help = "Siapkan basis data, lalu jalankan server web dan jam weker malam; Ctrl-C menghentikan keduanya."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--port", type=int, default=8000)
        parser.add_argument(
            "--demo", action="store_true", help="Isi data contoh bila basis data masih kosong."
        )

    def handle(self, *args: Any, **options: Any) -> None:
        if settings.PRODUCTION:
            raise CommandError(
                "DATABASE_URL and REDIS_URL are set: in production gunicorn, the worker and beat are started "
                "separately (docs/operating.md)."
            )
        port = options["port"]
        if not _free(port):
            raise CommandError(
                f"Port {port} sudah dipakai. Pilih yang lain: manage.py start --port {port + 1}"
            )
        self._prepare(demo=options["demo"])
        supervisor = Supervisor(_commands(port))
        supervisor.run(lambda: self._greet(port))

    def _prepare(self, *, demo: bool) -> None:
        """Before any worker: the first connection switches SQLite to WAL, which would fail under load."""
        call_command("migrate", verbosity=0)
        call_command("collectstatic", interactive=False, verbosity=0)
        if demo and not apps.get_model("recording", "Region").objects.exists():
            self.stdout.write("Mengisi data contoh …")
            call_command("seed_demo")

    def _greet(self, port: int) -> None:
        deadline = time.monotonic() + STARTS_WITHIN_SECONDS
        while _free(port) and time.monotonic() < deadline:
            time.sleep(0.1)
        self.stdout.write(self.style.SUCCESS(f"\n{settings.PORTAL_NAME}: http://127.0.0.1:{port}/"))
        if apps.get_model("dukcapil", "Demo").objects.exists():
            call_command("seed_demo", accounts=True)
        self.stdout.write("Ctrl-C untuk berhenti.\n")
        self.stdout.flush()


def _commands(port: int) -> dict[str, list[str]]:
    web = ["-m", "gunicorn", "--config", "python:dukcapil.gunicorn_conf", "--bind", f"127.0.0.1:{port}"]
    return {
        "web": [sys.executable, *web, "dukcapil.wsgi"],
        "scheduler": [sys.executable, str(MANAGE), "scheduler", "--with-parent"],
    }


def _free(port: int) -> bool:
    with socket.socket() as probe:
        return probe.connect_ex(("127.0.0.1", port)) != 0
