"""Addresses of other systems that are told of official runs, and what was sent to them."""

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from accounts.rights import Actor, can, stored_user
from accounts.roles import Action
from recording.models.runs import CoverageRun


class DeliveryStatus(models.TextChoices):
    PENDING = "pending", _("Menunggu")
    DELIVERED = "delivered", _("Diterima")
    FAILED = "failed", _("Gagal")


class WebhookEvent(models.TextChoices):
    """What a delivery tells, as it stands in it."""

    OFFICIAL = "run.official", _("Angka resmi baru")
    VOID = "run.void", _("Tidak berlaku")


class WebhookQuerySet(models.QuerySet["Webhook"]):
    def visible_to(self, by: Actor) -> "WebhookQuerySet":
        """The own ones; all of them for whoever manages accounts."""
        if can(by, Action.USER_MANAGE):
            return self
        return self.filter(owner=stored_user(by)) if can(by, Action.KEY_WRITE) else self.none()

    def live(self) -> "WebhookQuerySet":
        """Those that are sent to: not stopped, and their owner's account is not disabled."""
        return self.filter(stopped_at=None, owner__is_active=True)


class Webhook(models.Model):
    """An address that is told of new official runs. Its secret is derived from `nonce` and is never stored."""

    owner = models.ForeignKey(settings.AUTH_USER_MODEL, verbose_name=_("pemilik"), on_delete=models.PROTECT, related_name="+")
    url = models.CharField(_("alamat"), max_length=500)
    name = models.CharField(_("nama"), max_length=80)
    nonce = models.CharField(max_length=32)
    created_at = models.DateTimeField(_("dibuat"))
    stopped_at = models.DateTimeField(_("dihentikan"), null=True)

    objects = WebhookQuerySet.as_manager()

    class Meta:
        ordering = ["-pk"]
        verbose_name = _("webhook")
        verbose_name_plural = _("webhook")
        constraints = [
            models.UniqueConstraint(fields=["owner", "url"], condition=Q(stopped_at=None), name="one_live_webhook_per_url")
        ]

    def __str__(self) -> str:
        return f"{self.pk} {self.name}"


class WebhookDelivery(models.Model):
    """What happened to one run, for one address. While it is pending it is due at `next_at`; a worker that takes it sets
    that forward.

    `attempts` counts what was begun, `answer` is the HTTP status that came last, `error` why it did not arrive.
    """

    webhook = models.ForeignKey(Webhook, verbose_name=_("webhook"), on_delete=models.PROTECT, related_name="deliveries")
    run = models.ForeignKey(CoverageRun, verbose_name=_("angka resmi"), on_delete=models.PROTECT, related_name="+")
    event = models.CharField(_("kabar"), max_length=12, choices=WebhookEvent.choices, default=WebhookEvent.OFFICIAL)
    status = models.CharField(_("status"), max_length=9, choices=DeliveryStatus.choices, default=DeliveryStatus.PENDING)
    attempts = models.PositiveSmallIntegerField(_("percobaan"), default=0)
    at = models.DateTimeField(_("waktu"), db_index=True)
    next_at = models.DateTimeField(_("percobaan berikutnya"), null=True)
    last_at = models.DateTimeField(_("percobaan terakhir"), null=True)
    answer = models.PositiveSmallIntegerField(_("jawaban HTTP"), null=True)
    error = models.CharField(_("kesalahan"), max_length=300, blank=True)

    class Meta:
        ordering = ["-pk"]
        verbose_name = _("kiriman webhook")
        verbose_name_plural = _("kiriman webhook")
        constraints = [models.UniqueConstraint(fields=["webhook", "run", "event"], name="event_once_per_webhook")]
        indexes = [models.Index(fields=["next_at"], condition=Q(status="pending"), name="delivery_due")]

    def __str__(self) -> str:
        return f"{self.event} #{self.run_id} -> {self.webhook_id}"
