"""People and programs with an account, and the trail of what happened to accounts."""

from datetime import datetime
from typing import ClassVar

from django.contrib.auth.models import AbstractBaseUser, BaseUserManager
from django.core.validators import RegexValidator
from django.db import models
from django.utils.translation import gettext_lazy as _

from accounts.rights import Actor, can, can_in_admin, stored_user
from accounts.roles import KEY_SCOPES, STORED_ROLES, Action, KeyScope, Role
from dukcapil.authors import author_name

USERNAME = RegexValidator(r"^[a-z0-9][a-z0-9._-]{2,39}\Z", _("Huruf kecil, angka, titik, dan garis; 3 sampai 40."))
JURISDICTION_CODE = r"^\d{2}(\.\d{2})?\Z"
JURISDICTION = RegexValidator(JURISDICTION_CODE, _("Kode provinsi atau kota, misalnya 31 atau 31.73."))


class User(AbstractBaseUser):
    """An account: its role says what it may do, its jurisdiction where. There are no other rights (roles.py)."""

    username = models.CharField(_("nama pengguna"), max_length=40, unique=True, validators=[USERNAME])
    full_name = models.CharField(_("nama lengkap"), max_length=80)
    email = models.EmailField(blank=True)
    role = models.CharField(_("peran"), max_length=10, choices=[(role.value, role.label) for role in STORED_ROLES])
    jurisdiction = models.CharField(_("wilayah kewenangan"), max_length=5, validators=[JURISDICTION])
    is_active = models.BooleanField(_("aktif"), default=True)

    # The key by which a program asks in this account's name, for this one request; rights.py narrows by it.
    key: "ApiKey | None" = None

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


class Authored(models.Model):
    """What somebody wrote at an instant; see `Act`. `by` is NULL for the portal itself."""

    at = models.DateTimeField(_("waktu"))
    by = models.ForeignKey(User, verbose_name=_("oleh"), on_delete=models.PROTECT, null=True, related_name="+")

    class Meta:
        abstract = True

    @property
    def author(self) -> str:
        """The writer's name as pages show it."""
        return author_name(self.by)


class AccountEvent(Authored):
    """One thing that happened to an account: created, changed, logged in. Written by services only."""

    action = models.CharField(_("tindakan"), max_length=30)
    subject = models.CharField(_("perihal"), max_length=40)
    details = models.JSONField(_("rincian"), default=dict)

    class Meta:
        ordering = ["-pk"]
        verbose_name = _("peristiwa akun")
        verbose_name_plural = _("peristiwa akun")

    def __str__(self) -> str:
        return f"{self.action} {self.subject}"


class ApiKeyQuerySet(models.QuerySet["ApiKey"]):
    def live(self, now: datetime) -> "ApiKeyQuerySet":
        """Keys that are neither ended nor revoked, of an active owner."""
        return self.filter(revoked_at=None, expires_at__gt=now, owner__is_active=True)

    def visible_to(self, by: Actor) -> "ApiKeyQuerySet":
        """The own keys; all of them for whoever manages accounts."""
        return self if can(by, Action.USER_MANAGE) else self.filter(owner=stored_user(by))


class ApiKey(models.Model):
    """A program's key: acts in its owner's name, no further than its scopes and its region. Only a digest is kept."""

    name = models.CharField(_("nama"), max_length=60)
    prefix = models.CharField(_("awalan"), max_length=20, unique=True)
    digest = models.CharField(max_length=64, unique=True)
    owner = models.ForeignKey(User, verbose_name=_("pemilik"), on_delete=models.PROTECT, related_name="api_keys")
    scopes = models.JSONField(_("lingkup"), default=list)
    jurisdiction = models.CharField(_("wilayah kewenangan"), max_length=5, blank=True, validators=[JURISDICTION])
    created_at = models.DateTimeField(_("dibuat"))
    expires_at = models.DateTimeField(_("berlaku sampai"))
    revoked_at = models.DateTimeField(_("dicabut"), null=True)
    last_used_at = models.DateTimeField(_("terakhir dipakai"), null=True)

    objects = ApiKeyQuerySet.as_manager()

    class Meta:
        ordering = ["-pk"]
        verbose_name = _("kunci API")
        verbose_name_plural = _("kunci API")

    def __str__(self) -> str:
        return f"{self.prefix} {self.name}"

    def allows(self, action: Action) -> bool:
        """Whether one of its scopes holds the action."""
        return any(action in KEY_SCOPES[KeyScope(scope)] for scope in self.scopes)

    def is_live(self, now: datetime) -> bool:
        """The rule of `live`, for a key that is loaded with its owner."""
        return self.revoked_at is None and self.expires_at > now and self.owner.is_active


class StoredAnswer(models.Model):
    """The answer of an API write under an Idempotency-Key; see accounts/services/answers.py."""

    owner = models.ForeignKey(User, verbose_name=_("pemilik"), on_delete=models.PROTECT, related_name="+")
    key = models.CharField(_("kunci kiriman"), max_length=80)
    request = models.CharField(max_length=64)
    status = models.PositiveSmallIntegerField(_("status"))
    body = models.TextField()
    at = models.DateTimeField(_("waktu"), db_index=True)

    class Meta:
        verbose_name = _("jawaban tersimpan")
        verbose_name_plural = _("jawaban tersimpan")
        constraints = [models.UniqueConstraint(fields=["owner", "key"], name="answer_once_per_key")]

    def __str__(self) -> str:
        return f"{self.key} {self.status}"
