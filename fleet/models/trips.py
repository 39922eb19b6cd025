"""The schedule: one van, one day, one session, one place; and what a Sudin asks of the agency's vans."""

from datetime import date
from typing import Self

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from accounts.models import Authored
from accounts.rights import Actor
from accounts.roles import Action
from fleet.models.vans import Van, VanAbsence
from recording.public import Region, RegionalQuerySet, waits


class Session(models.TextChoices):
    """A part of the day. A full day takes all of them."""

    MORNING = "morning", _("Pagi")
    MIDDAY = "midday", _("Siang")
    AFTERNOON = "afternoon", _("Sore")
    EVENING = "evening", _("Petang")
    FULL = "full", _("Penuh")


class Service(models.TextChoices):
    """What a van does for people; each is counted on its own. Only recording counts toward the KTP target, only KIA
    issued toward the KIA target."""

    RECORD_FIRST = "record_first", _("Perekaman pemula (16–17)")
    RECORD = "record", _("Perekaman (17+)")
    KIA = "kia", _("KIA terbit")
    REPLACEMENT = "replacement", _("Penggantian KTP")
    BIRTH = "birth", _("Akta kelahiran")
    FAMILY_CARD = "family_card", _("Kartu Keluarga")
    DIGITAL = "digital", _("Identitas digital")
    MOVES = "moves", _("Pindah datang")
    CONSULTATION = "consultation", _("Konsultasi")


class TripStatus(models.TextChoices):
    PLANNED = "planned", _("Rencana")
    PUBLISHED = "published", _("Terbit")
    HELD = "held", _("Terlaksana")
    CANCELLED = "cancelled", _("Batal")


class TripQuerySet(RegionalQuerySet["Trip"]):
    path = "village__"

    def visible_to(self, by: Actor) -> Self:
        """The trips to places that `by` may see."""
        return self.allowed_to(by, Action.FLEET_READ)

    def same_stop(self, van: int, day: date, session: str, village: str, place: str) -> Self:
        """The stop of that van at that time and place, unless it is cancelled."""
        return self.standing().filter(van=van, day=day, session=session, village=village, place=place)

    def during(self, absence: VanAbsence) -> Self:
        """Those that the absence hits, stored or not: of its van and in its time, and not called off, neither in the
        schedule nor by a report that the van did not go out."""
        stops = self.standing().filter(van=absence.van_id, day__gte=absence.first_day).exclude(report__kind="idle")
        if absence.last_day:
            stops = stops.filter(day__lte=absence.last_day)
        return stops.exclude(day=absence.first_day, opens__lt=absence.from_hour) if absence.from_hour else stops

    def standing(self) -> Self:
        """Those that are not cancelled."""
        return self.exclude(status=TripStatus.CANCELLED)

    def with_waiting(self) -> Self:
        """Each with `waits`: whether its day waits for its period."""
        return self.annotate(waits=waits("day"))

    def published(self) -> Self:
        """Those that people were told of: published or held."""
        return self.filter(status__in=(TripStatus.PUBLISHED, TripStatus.HELD))


def _one_van_at_a_time() -> list[models.UniqueConstraint]:
    """One for each part of the day, in each of which a full day takes part: no van is in two places at once."""
    return [
        models.UniqueConstraint(
            fields=["van", "day"], condition=Q(session__in=[part, "full"]) & ~Q(status="cancelled"), name=f"van_once_in_{part}"
        )
        for part in ("morning", "midday", "afternoon", "evening")
    ]


class Trip(models.Model):
    """One stop. A van of a Sudin stays in its city, one of the agency in its province; none goes out while it is absent
    or after it was retired: the database itself refuses that (fleet/guards/rules.py)."""

    van = models.ForeignKey(Van, verbose_name=_("mobil"), on_delete=models.PROTECT, related_name="trips")
    day = models.DateField(_("hari"))
    session = models.CharField(_("sesi"), max_length=10, choices=Session.choices)
    village = models.ForeignKey(Region, verbose_name=_("kelurahan"), on_delete=models.PROTECT, related_name="+")
    place = models.CharField(_("tempat"), max_length=120)
    opens = models.TimeField(_("mulai"))
    closes = models.TimeField(_("selesai"))
    services = models.JSONField(_("layanan"), default=list)
    status = models.CharField(_("status"), max_length=10, choices=TripStatus.choices, default=TripStatus.PLANNED)
    reason = models.CharField(_("alasan batal"), max_length=200, blank=True)
    announced = models.BooleanField(
        default=False, db_default=False, help_text="Was published once: people may have been told of it."
    )
    pinned = models.BooleanField(_("dikunci"), default=False)
    waits: bool  # only after with_waiting()

    objects = TripQuerySet.as_manager()

    class Meta:
        ordering = ["day", "van", "opens"]
        verbose_name = _("jadwal")
        verbose_name_plural = _("jadwal")
        constraints = [
            *_one_van_at_a_time(),
            models.CheckConstraint(condition=Q(closes__gt=F("opens")), name="trip_ends_after_it_begins"),
            models.CheckConstraint(condition=Q(session__in=Session.values), name="trip_in_a_known_session"),
            models.CheckConstraint(condition=Q(status__in=TripStatus.values), name="trip_in_a_known_status"),
            models.CheckConstraint(condition=~Q(status="cancelled") | ~Q(reason=""), name="trip_is_cancelled_with_a_reason"),
        ]
        indexes = [models.Index(fields=["day", "village"]), models.Index(fields=["village", "day"])]

    def __str__(self) -> str:
        return f"{self.van_id} {self.day} {self.session}"

    @property
    def identity(self) -> tuple[int, date, str, str, str]:
        """What makes it this stop and no other; see `same_stop`."""
        return self.van_id, self.day, self.session, self.village_id, self.place

    @property
    def state(self) -> dict[str, object]:
        """What can change of a stop, as an act on it keeps it (ScheduleStep)."""
        return {
            "van": self.van_id,
            "plate": self.van.plate,
            "day": self.day.isoformat(),
            "session": self.session,
            "village": self.village_id,
            "place": self.place,
            "opens": f"{self.opens:%H:%M}",
            "closes": f"{self.closes:%H:%M}",
            "services": self.services,
            "status": self.status,
            "reason": self.reason,
            "announced": self.announced,
            "pinned": self.pinned,
        }

    @property
    def called_off(self) -> bool:
        """Cancelled, or its report says that the van did not go out."""
        report = getattr(self, "report", None)
        return self.status == TripStatus.CANCELLED or (report is not None and report.kind == "idle")

    @property
    def hours(self) -> float:
        """How long it is open, in hours."""
        return (self.closes.hour - self.opens.hour) + (self.closes.minute - self.opens.minute) / 60

    @property
    def token(self) -> str:
        """What a report is about: the same as long as van, day and kelurahan are."""
        return f"{self.van_id}|{self.day.isoformat()}|{self.village_id}"

    @property
    def city(self) -> str:
        """The code of the city in which it stops: whose Sudin reports it, also for a van of the agency."""
        return self.village_id[:5]


class RequestStatus(models.TextChoices):
    OPEN = "open", _("Menunggu")
    GRANTED = "granted", _("Disetujui")
    REFUSED = "refused", _("Ditolak")
    WITHDRAWN = "withdrawn", _("Ditarik")


class VanRequestQuerySet(RegionalQuerySet["VanRequest"]):
    path = "village__"

    def visible_to(self, by: Actor) -> Self:
        """The requests for places that `by` may see."""
        return self.allowed_to(by, Action.FLEET_READ)


class VanRequest(Authored):
    """A Sudin asks for a van of the agency for one day and place; the agency grants it with a trip, or says why not."""

    day = models.DateField(_("hari"))
    session = models.CharField(_("sesi"), max_length=10, choices=Session.choices)
    village = models.ForeignKey(Region, verbose_name=_("kelurahan"), on_delete=models.PROTECT, related_name="+")
    place = models.CharField(_("tempat"), max_length=120)
    why = models.CharField(_("keperluan"), max_length=200)
    status = models.CharField(_("status"), max_length=10, choices=RequestStatus.choices, default=RequestStatus.OPEN)
    answer = models.CharField(_("jawaban"), max_length=200, blank=True)
    answered_at = models.DateTimeField(_("dijawab"), null=True)
    answered_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, verbose_name=_("dijawab oleh"), on_delete=models.PROTECT, null=True, related_name="+"
    )
    trip = models.OneToOneField(Trip, verbose_name=_("jadwal"), on_delete=models.PROTECT, null=True, related_name="request")

    objects = VanRequestQuerySet.as_manager()

    class Meta:
        ordering = ["day", "pk"]
        verbose_name = _("permintaan mobil Dinas")
        verbose_name_plural = _("permintaan mobil Dinas")
        constraints = [
            models.UniqueConstraint(
                fields=["day", "session", "village"], condition=Q(status="open"), name="one_open_request_per_stop"
            )
        ]

    def __str__(self) -> str:
        return f"{self.day} {self.village_id}"
