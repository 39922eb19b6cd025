"""The iCalendar feed of a base, which needs no log-in."""

from datetime import datetime, timedelta

from django.contrib.auth.decorators import login_not_required
from django.core import signing
from django.http import HttpResponse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe
from icalendar import Calendar, Event

from dukcapil.clock import JAKARTA
from dukcapil.errors import N_, NotFound
from dukcapil.requests import PortalRequest
from fleet.models import Service, Trip
from fleet.schedule.selectors import published_stops
from recording.public import Region

SALT = "fleet.calendar"
FEED_BACK, FEED_AHEAD = timedelta(days=30), timedelta(days=60)


def calendar_token(base: str) -> str:
    """The secret part of a feed's address, because a calendar program cannot log in: the base's code, signed."""
    return signing.Signer(salt=SALT).sign(base).replace(":", "~")


def _base_of(token: str) -> Region:
    try:
        code = signing.Signer(salt=SALT).unsign(token.replace("~", ":"))
    except signing.BadSignature as problem:
        raise NotFound(N_("Alamat kalender ini tidak sah. Salin lagi dari halaman jadwal.")) from problem
    return Region.objects.get(code=code)


@login_not_required
@require_safe
def calendar(request: PortalRequest, token: str) -> HttpResponse:
    """The published stops of a base's city or province as iCalendar (RFC 5545), cancelled ones marked so."""
    base = _base_of(token)
    day = request.day
    feed = Calendar()
    feed.add("prodid", "-//Dukcapil DKI Jakarta//Mobil keliling//ID")
    feed.add("version", "2.0")
    feed.add("x-wr-calname", _("Mobil keliling %(base)s") % {"base": base.name})
    for trip in published_stops(base.code, day - FEED_BACK, day + FEED_AHEAD):
        feed.add_component(_event(trip, request.now, request.get_host()))
    feed.add_missing_timezones()
    answer = HttpResponse(feed.to_ical(), content_type="text/calendar; charset=utf-8")
    answer["Content-Disposition"] = f'inline; filename="mobil-keliling-{base.code}.ics"'
    return answer


def _event(trip: Trip, now: datetime, host: str) -> Event:
    event = Event()
    event.add("uid", f"trip-{trip.pk}@{host.partition(':')[0]}")
    event.add("dtstamp", now)
    event.add("dtstart", datetime.combine(trip.day, trip.opens, tzinfo=JAKARTA))
    event.add("dtend", datetime.combine(trip.day, trip.closes, tzinfo=JAKARTA))
    event.add("summary", f"{trip.van.plate} · {trip.place}, {trip.village.name}")
    event.add("location", f"{trip.place}, Kelurahan {trip.village.name}")
    event.add("status", "CANCELLED" if trip.called_off else "CONFIRMED")
    services = [str(Service(service).label) for service in trip.services if service in Service.values]
    event.add("description", ", ".join(services))
    return event
