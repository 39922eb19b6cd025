"""The list of counts, page by page. A page is found by the place where it begins and costs the same wherever that is: five
years of a province are not read for fifty rows, but where only counts of a rare source are asked for."""

from datetime import date
from typing import NamedTuple

from django.db.models import DateField, F, OuterRef, Q, QuerySet, Subquery, Value
from django.db.models.functions import Coalesce

from accounts.rights import Actor, within
from accounts.roles import Action
from dukcapil.errors import Refused
from recording.filters import CountFilter
from recording.models import CurrentCount, RegionTree, name_on, waits
from recording.parsing.days import parse_day

ROWS_PER_PAGE = 50
Counts = QuerySet[CurrentCount]
MAX_PROBED = 400  # regions of which each is asked how far back a page may reach: all of a province like DKI


class Place(NamedTuple):
    """Where a count stands in the list: newest day first, then by region and source. Of a day alone: its first count."""

    day: date
    region: str = ""
    source: str = ""

    @classmethod
    def read(cls, text: str) -> "Place | None":
        """As an address holds it, "2021-11-25" or "2021-11-25,31.73.01.1004,loket"; None for nonsense."""
        day, *rest = text.split(",")
        try:
            return cls(parse_day(day), *rest) if len(rest) in (0, 2) else None
        except Refused:
            return None

    @classmethod
    def of(cls, count: CurrentCount) -> "Place":
        return cls(count.day, count.region_id, count.source)

    def __str__(self) -> str:
        return ",".join((self.day.isoformat(), self.region, self.source) if self.region else (self.day.isoformat(),))


class CountsPage(NamedTuple):
    """The rows of a page, the place before which newer ones may stand (None: it is the newest page) and the one at which
    the older ones begin (None: there are none)."""

    rows: list[CurrentCount]
    newer_before: Place | None
    older_from: Place | None


def counts_page(
    by: Actor,
    code: str,
    document: str,
    *,
    start: Place | None = None,
    before: Place | None = None,
    oldest: bool = False,
    day: date | None = None,
    source: str | None = None,
) -> CountsPage:
    """A page of the counts of a region and everything below it: the newest, those from `start` on, the last ones before
    a place, or the `oldest`. Only those of one service day, or of one source, when these are given. Each with the name
    that its region had on its day, `name_then`, and with whether it `waits` for the period of its day. One query, and a
    second one when nothing newer is left."""
    chosen = CountFilter(
        {"day": day and day.isoformat(), "source": source, "document": document},
        CurrentCount.objects.filter(people__isnull=False),
    ).qs
    listed = chosen.visible_to(by).below(code).select_related("region", "posting__by")
    listed = listed.annotate(waits=waits("day"), name_then=name_on(OuterRef("day"), OuterRef("region"), F("region__name")))
    if before or oldest:
        return _upwards(by, code, listed, chosen, before) or _downwards(by, code, listed, chosen, None)
    return _downwards(by, code, listed, chosen, start)


def _downwards(by: Actor, code: str, listed: Counts, chosen: Counts, start: Place | None) -> CountsPage:
    beyond = chosen.filter(day__lt=start.day) if start else chosen
    reach = _day_of_a_full_page(by, code, beyond.order_by("-day"), F("bound").desc(nulls_last=True), date.min)
    asked = listed.filter(_from(start), day__lte=start.day) if start else listed
    asked = asked.filter(day__gte=reach).order_by("-day", "region_id", "source")
    rows = list(asked[: ROWS_PER_PAGE + 1])
    more = len(rows) > ROWS_PER_PAGE
    newer = start and (Place.of(rows[0]) if rows else start)
    return CountsPage(rows[:ROWS_PER_PAGE], newer, Place.of(rows[-1]) if more else None)


def _upwards(by: Actor, code: str, listed: Counts, chosen: Counts, before: Place | None) -> CountsPage | None:
    """None when the page would not be full: the newest one is shown instead."""
    beyond = chosen.filter(day__gt=before.day) if before else chosen
    reach = _day_of_a_full_page(by, code, beyond.order_by("day"), F("bound").asc(nulls_last=True), date.max)
    asked = listed.filter(~_from(before), day__gte=before.day) if before else listed
    asked = asked.filter(day__lte=reach).order_by("day", "-region_id", "-source")
    rows = list(asked[: ROWS_PER_PAGE + 1])
    if len(rows) <= ROWS_PER_PAGE:
        return None
    rows = rows[ROWS_PER_PAGE - 1 :: -1]
    return CountsPage(rows, Place.of(rows[0]), before)


def _from(place: Place) -> Q:
    """The counts at a place and after it."""
    same_day = Q(region_id__gt=place.region) | Q(region_id=place.region, source__gte=place.source)
    return Q(day__lt=place.day) | (Q(day=place.day) & same_day)


def _day_of_a_full_page(by: Actor, code: str, ordered: QuerySet[CurrentCount], nearest: object, none: date) -> Coalesce:
    """A day down (or up) to which one region alone fills a page with what is next, hence all of them together do; `none`
    where no region does. Each region that `by` reads is asked by its part of the primary key."""
    one_more = ordered.filter(region=OuterRef("descendant")).values("day")[ROWS_PER_PAGE : ROWS_PER_PAGE + 1]
    links = RegionTree.objects.filter(within(by, Action.COUNT_READ, "descendant__code"), ancestor=code)
    links = RegionTree.objects.filter(ancestor=code, descendant__in=links.values("descendant")[:MAX_PROBED])
    bounds = links.annotate(bound=Subquery(one_more)).order_by(nearest).values("bound")[:1]  # type: ignore[arg-type]  # an OrderBy
    return Coalesce(Subquery(bounds), Value(none), output_field=DateField())
