"""What the frame itself needs for its work: a database with its schema, a disk, a queue, and somebody who does the tasks."""

import shutil
import tempfile
from datetime import datetime
from functools import cache
from pathlib import Path

from django.conf import settings
from django.db import connection
from django.db.migrations.loader import MigrationLoader
from django.db.migrations.recorder import MigrationRecorder
from django.utils.translation import gettext_lazy as _

from dukcapil import clock, heartbeat, release
from dukcapil.backups import state as backups
from dukcapil.conditions import OK, Check, Measure

FREE_SHARE, MAX_FREE_BYTES = 0.05, 500_000_000  # less than both is nearly full
MEGABYTE = 1_000_000


def database(_now: datetime) -> str:
    with connection.cursor() as cursor:
        cursor.execute("SELECT 1")
    return OK


def migrations(_now: datetime) -> str:
    """The first migration that this release brings and the database has not."""
    applied = set(MigrationRecorder(connection).applied_migrations())
    missing = [f"{app}.{name}" for app, name in _own_migrations() if (app, name) not in applied]
    return f"pending: {missing[0]}" if missing else OK


@cache
def _own_migrations() -> list[tuple[str, str]]:
    return sorted(MigrationLoader(None, ignore_no_migrations=True).disk_migrations)


def disk(_now: datetime) -> str:
    for folder in _folders():
        usage = shutil.disk_usage(folder)
        if usage.free < min(MAX_FREE_BYTES, FREE_SHARE * usage.total):
            return f"full: {usage.free // MEGABYTE} MB, {folder}"
    return OK


def _folders() -> list[Path]:
    """Where the portal writes: its own, that of uploaded files, and where files lie while they come in."""
    wanted = (settings.HOME, settings.IMPORTS, Path(settings.FILE_UPLOAD_TEMP_DIR or tempfile.gettempdir()))
    return list(dict.fromkeys(folder for folder in wanted if folder.exists()))


def queue(_now: datetime) -> str:
    import redis  # a tenth of a second, which only this form pays
    from redis.backoff import NoBackoff
    from redis.retry import Retry

    limits = {"socket_timeout": 1, "socket_connect_timeout": 1, "retry": Retry(NoBackoff(), 0)}
    with redis.Redis.from_url(settings.REDIS_URL, **limits) as line:
        try:
            line.ping()
        except redis.RedisError:
            return "away"
    return OK


def tasks(_now: datetime) -> str:
    return heartbeat.state(clock.real_now())


def _is_production() -> bool:
    return bool(settings.PRODUCTION)


CHECKS = [
    Check(
        "database",
        _("Basis data"),
        database,
        {"OperationalError": _("Basis data tidak menjawab: halaman menjawab 503. Periksa server PostgreSQL atau disknya.")},
    ),
    Check(
        "migrations",
        _("Skema basis data"),
        migrations,
        {"pending": _("Versi portal ini membawa perubahan skema yang belum dijalankan: jalankan migrate.")},
    ),
    Check(
        "release",
        _("Versi yang berjalan"),
        release.readiness,
        {"another release": _("Proses ini bukan versi yang terpasang: hidupkan ulang server web dan pekerjanya.")},
        asks_database=False,
    ),
    Check(
        "disk",
        _("Tempat penyimpanan"),
        disk,
        {"full": _("Disk hampir penuh: hapus berkas lain atau besarkan disknya sebelum unggahan gagal.")},
        asks_database=False,
    ),
    Check(
        "queue",
        _("Antrean tugas (Redis)"),
        queue,
        {"away": _("Redis tidak menjawab. Halaman tetap berjalan; tugas di latar menunggu. Hidupkan kembali Redis.")},
        asks_database=False,
        applies=_is_production,
    ),
    Check(
        "tasks",
        _("Pekerja tugas"),
        tasks,
        {
            "worker": _("Tidak ada pekerja yang menjawab: hidupkan kembali worker. Tugas yang tertunda dikerjakan sendiri."),
            "scheduler": _("Tidak ada yang memulai tugas: hidupkan kembali beat, atau start bila tanpa Redis."),
            "stuck": _("Satu tugas tidak kunjung selesai: lihat catatan (log), lalu hidupkan ulang pekerjanya."),
        },
    ),
    Check(
        "backup",
        _("Cadangan"),
        backups.readiness,
        {
            "old": _("Cadangan terakhir yang teruji sudah lebih dari 26 jam: periksa tugas cadangan dan foldernya."),
            "failed": _("Pembuatan cadangan terakhir gagal; sebabnya ada di catatan (log)."),
        },
    ),
    Check(
        "backups_made",
        _("Cadangan otomatis"),
        backups.warning,
        {"no passphrase": _("Belum ada yang membuat cadangan: isi BACKUP_PASSPHRASE.")},
        warns=True,
    ),
]


def measures(now: datetime) -> list[Measure]:
    """How old the newest proved backup is, and how many tasks wait in the queue."""
    how_old = backups.age(now)
    found = [
        Measure(
            "portal_backup_age_seconds",
            "Age of the newest proved backup; missing where the portal makes none.",
            {"": how_old.total_seconds() if how_old is not None else None},
        )
    ]
    if settings.PRODUCTION:
        found.append(Measure("portal_queue_length", "Tasks that wait in the broker.", {"": heartbeat.queue_length()}))
    return found
