"""`start [--port N] [--demo]`: the whole portal in one command, for one machine, without any configuration."""

import io
import socket
import sys
from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management import call_command
from django.core.management.base import BaseCommand, CommandError
from django.db import connection
from django.db.migrations.executor import MigrationExecutor

from dukcapil import clock
from dukcapil.form_line import form_line
from dukcapil.one_start import alone_in
from dukcapil.static_files import collect_static
from dukcapil.supervise import CannotStart, Supervisor

MANAGE = Path(settings.BASE_DIR) / "manage.py"


class Command(BaseCommand):
    help = "Siapkan basis data, lalu jalankan server web dan jam weker malam; Ctrl-C menghentikan keduanya."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--port", type=int, default=8000)
        parser.add_argument("--demo", action="store_true", help="Isi data contoh bila basis data masih kosong.")

    def handle(self, *args: Any, **options: Any) -> None:
        if settings.PRODUCTION:
            raise CommandError(
                "DATABASE_URL and REDIS_URL are set: in production gunicorn, the worker and beat are started "
                "separately (docs/operating.md)."
            )
        port = options["port"]
        _check_port(port)
        with alone_in(settings.HOME):
            self._print(form_line())
            self._prepare(demo=options["demo"])
            _check_port(port)  # once more: to prepare may take a minute
            try:
                Supervisor(_commands(port)).run(ready=lambda: _answers(port), announce=lambda: self._greet(port))
            except CannotStart as name:
                raise CommandError(f"{name} berakhir tiga kali sebelum portal menjawab; sebabnya tertulis di atas.") from name

    def _prepare(self, *, demo: bool) -> None:
        """Before any worker: the first connection switches SQLite to WAL, which would fail under load."""
        migrations = MigrationExecutor(connection)
        if migrations.migration_plan(migrations.loader.graph.leaf_nodes()):
            call_command("migrate", verbosity=0)
        collect_static()
        if demo:
            if clock.demo() is None:
                self._print("Mengisi data contoh; hanya sekali, sekitar satu menit …")
            call_command("seed_demo", stdout=io.StringIO())

    def _greet(self, port: int) -> None:
        self._print(self.style.SUCCESS(f"\n{settings.PORTAL_NAME}: http://127.0.0.1:{port}/"))
        if clock.demo():
            call_command("seed_demo", accounts=True, stdout=self.stdout)
        self._print("Ctrl-C untuk berhenti.\n")

    def _print(self, text: str) -> None:
        self.stdout.write(text)
        self.stdout.flush()


def _commands(port: int) -> dict[str, list[str]]:
    web = ["-m", "gunicorn", "--config", "python:dukcapil.gunicorn_embedded", "--bind", f"127.0.0.1:{port}"]
    return {
        "web": [sys.executable, *web, "dukcapil.wsgi"],
        "scheduler": [sys.executable, str(MANAGE), "scheduler", "--with-parent"],
    }


def _check_port(port: int) -> None:
    """CommandError for a port that cannot be used: the web server would only try again and again."""
    if not 1 <= port <= 65_535:
        raise CommandError(f"Port {port} tidak ada; pilih antara 1 dan 65535.")
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)  # as the web server does
        try:
            probe.bind(("127.0.0.1", port))
        except OSError as problem:
            why = "tidak boleh dipakai oleh Anda" if isinstance(problem, PermissionError) else "sudah dipakai"
            raise CommandError(
                f"Port {port} {why}. Pilih yang lain, misalnya: manage.py start --port {8_000 + (port + 1) % 1_000}"
            ) from problem


def _answers(port: int) -> bool:
    with socket.socket() as probe:
        return probe.connect_ex(("127.0.0.1", port)) == 0
