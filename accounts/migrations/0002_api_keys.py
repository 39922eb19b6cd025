"""Keys for programs, and the answers kept for their repeated writes."""

import django.core.validators
import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("accounts", "0001_accounts")]

    operations = [
        migrations.CreateModel(
            name="ApiKey",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("name", models.CharField(max_length=60, verbose_name="nama")),
                ("prefix", models.CharField(max_length=20, unique=True, verbose_name="awalan")),
                ("digest", models.CharField(max_length=64, unique=True)),
                ("scopes", models.JSONField(default=list, verbose_name="lingkup")),
                (
                    "jurisdiction",
                    models.CharField(
                        blank=True,
                        max_length=5,
                        validators=[
                            django.core.validators.RegexValidator(
                                "^\\d{2}(\\.\\d{2})?\\Z", "Kode provinsi atau kota, misalnya 31 atau 31.73."
                            )
                        ],
                        verbose_name="wilayah kewenangan",
                    ),
                ),
                ("created_at", models.DateTimeField(verbose_name="dibuat")),
                ("expires_at", models.DateTimeField(verbose_name="berlaku sampai")),
                ("revoked_at", models.DateTimeField(null=True, verbose_name="dicabut")),
                ("last_used_at", models.DateTimeField(null=True, verbose_name="terakhir dipakai")),
                (
                    "owner",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="api_keys",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="pemilik",
                    ),
                ),
            ],
            options={"verbose_name": "kunci API", "verbose_name_plural": "kunci API", "ordering": ["-pk"]},
        ),
        migrations.CreateModel(
            name="StoredAnswer",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("key", models.CharField(max_length=80, verbose_name="kunci kiriman")),
                ("request", models.CharField(max_length=64)),
                ("status", models.PositiveSmallIntegerField(verbose_name="status")),
                ("body", models.TextField()),
                ("at", models.DateTimeField(db_index=True, verbose_name="waktu")),
                (
                    "owner",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="pemilik",
                    ),
                ),
            ],
            options={
                "verbose_name": "jawaban tersimpan",
                "verbose_name_plural": "jawaban tersimpan",
                "constraints": [models.UniqueConstraint(fields=("owner", "key"), name="answer_once_per_key")],
            },
        ),
    ]
