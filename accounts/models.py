"""People and programs with an account, and the trail of what happened to accounts."""

from typing import ClassVar

from django.contrib.auth.models import AbstractBaseUser, BaseUserManager
from django.core.validators import RegexValidator
from django.db import models
from django.utils.translation import gettext_lazy as _

from accounts.rights import can, can_in_admin
from accounts.roles import STORED_ROLES, Action, Role

USERNAME = RegexValidator(
    r"^[a-z0-9][a-z0-9._-]{2,39}\Z", _("Huruf kecil, angka, titik, dan garis; 3 sampai 40.")
)
JURISDICTION = RegexValidator(r"^\d{2}(\.\d{2})?\Z", _("Kode provinsi atau kota, misalnya 31 atau 31.73."))


class User(AbstractBaseUser):
    """An account: its role says what it may do, its jurisdiction where. There are no other rights (see roles.py)."""

    username = models.CharField(_("nama pengguna"), max_length=40, unique=True, validators=[USERNAME])
    full_name = models.CharField(_("nama lengkap"), max_length=80)
    email = models.EmailField(blank=True)
    role = models.CharField(
        _("peran"), max_length=10, choices=[(role.value, role.label) for role in STORED_ROLES]
    )
    jurisdiction = models.CharField(_("wilayah kewenangan"), max_length=5, validators=[JURISDICTION])
    is_active = models.BooleanField(_("aktif"), default=True)

    objects = BaseUserManager["User"]()

    USERNAME_FIELD = "username"
    EMAIL_FIELD = "email"
    REQUIRED_FIELDS: ClassVar[list[str]] = ["full_name", "role", "jurisdiction"]

    class Meta:
        ordering = ["username"]
        verbose_name = _("pengguna")
        verbose_name_plural = _("pengguna")

    def __str__(self) -> str:
        return self.full_name

    def get_full_name(self) -> str:
        return self.full_name

    def get_short_name(self) -> str:
        return self.full_name.split()[0]

    @property
    def is_staff(self) -> bool:
        """May open the admin pages (Django reads this; it must be a property, a method would always be true)."""
        return can(self, Action.ADMIN_OPEN)

    @property
    def is_superuser(self) -> bool:
        return self.is_active and self.role == Role.ADMIN

    def has_perm(self, perm: str, obj: object = None) -> bool:
        """Asked by the admin pages; answered by the one table (roles.py), like everything else."""
        return can_in_admin(self, perm)

    def has_perms(self, perms: list[str], obj: object = None) -> bool:
        return all(self.has_perm(perm, obj) for perm in perms)

    def has_module_perms(self, app_label: str) -> bool:
        """Whether the app is listed on the admin pages."""
        return self.has_perm(f"{app_label}.view_")


class AccountEvent(models.Model):
    """One thing that happened to an account: created, changed, logged in. Written by services only."""

    at = models.DateTimeField(_("waktu"))
    by = models.ForeignKey(
        User, verbose_name=_("oleh"), on_delete=models.PROTECT, null=True, related_name="+"
    )
    action = models.CharField(_("tindakan"), max_length=30)
    subject = models.CharField(_("perihal"), max_length=40)
    details = models.JSONField(_("rincian"), default=dict)

    class Meta:
        ordering = ["-pk"]
        verbose_name = _("peristiwa akun")
        verbose_name_plural = _("peristiwa akun")

    def __str__(self) -> str:
        return f"{self.action} {self.subject}"
