"""Reports in the API: a row, its counts in the ledger, the filters, the pages."""

from datetime import timedelta
from types import SimpleNamespace

import pytest

from fleet.models import NotFoundReason, Service, VanReport
from fleet.tests.api import ROOT, a_few_times, check_filter, pages, row, rows, staff
from fleet.tests.stops import body, send, stop
from recording.models import CountChange
from recording.tests.world import DAY, KAPUK, NOON

pytestmark = pytest.mark.usefixtures("at_noon", "nobody_asked_before")


def test_a_report_tells_missing_from_zero(fleet: SimpleNamespace) -> None:
    found = row(f"reports/{fleet.sent.pk}/")
    assert found["served"] == dict.fromkeys(Service.values) | {"record": 20, "kia": 7, "birth": 0}
    assert found["not_found"] == dict.fromkeys(NotFoundReason.values) | {"moved": 2}
    assert (found["elsewhere_ktp"], found["elsewhere_kia"]) == (3, None)
    assert (found["kind"], found["status"], found["version"]) == ("served", "sent", 1)
    assert (found["obstacles"], found["idle_reason"], found["decided_at"]) == ("listrik padam", None, None)
    assert (found["trip"], found["van"], found["village"]) == (fleet.sent.pk, fleet.one.pk, KAPUK)
    assert found["day"] == DAY.isoformat()
    assert found["sent_at"] == found["first_sent_at"] == "2021-11-25T12:00:00+07:00"
    nothing = row(f"reports/{fleet.approved.pk}/")
    assert (nothing["kind"], nothing["status"]) == ("nihil", "approved")
    assert (nothing["served"]["record"], nothing["served"]["birth"]) == (0, None)
    assert nothing["decided_at"] is not None
    idle = row(f"reports/{fleet.theirs.pk}/")
    assert (idle["kind"], idle["idle_reason"]) == ("idle", "weather")
    assert set(idle["served"].values()) == {None}


def test_a_report_names_nobody(fleet: SimpleNamespace) -> None:
    for path in ("reports/", "trips/", "vans/", f"reports/{fleet.sent.pk}/"):
        text = staff().get(ROOT + path).content.decode()
        assert not any(word in text for word in ("budi", "Budi", "dian", "Dian"))


def test_counts_of_a_report_stand_under_its_source(fleet: SimpleNamespace) -> None:
    for found in rows("reports/"):
        changes = CountChange.objects.filter(source=found["source"], region_id=found["village"], day=found["day"])
        told = sum(change.delta for change in changes if change.document == "KTP")
        recorded = [found["served"][name] for name in ("record_first", "record")]
        counted = 0 if found["status"] == "returned" else sum(part or 0 for part in recorded)
        assert told == counted - ((found["elsewhere_ktp"] or 0) if counted else 0)


FILTERED = [
    ("reports/?status=returned", {"returned"}),
    ("reports/?kind=nihil", {"approved"}),
    ("reports/?kind=idle&region=31.75.01", {"theirs"}),
    ("reports/?van={one}", {"sent", "returned"}),
    ("reports/?day_from=2021-11-26", set()),
    ("reports/?day_to=2021-11-25&status=sent", {"sent", "theirs"}),
    ("reports/?day=2021-11-25&region=31.73.01", {"sent", "returned"}),
]


@pytest.mark.parametrize(("query", "names"), FILTERED)
def test_filters_of_reports(fleet: SimpleNamespace, query: str, names: set[str] | None) -> None:
    check_filter(fleet, query, names)


@pytest.mark.parametrize("ordering", ["trip", "-trip", "day", "-day", "first_sent_at", "-first_sent_at"])
def test_pages_of_reports_neither_skip_nor_repeat(fleet: SimpleNamespace, ordering: str) -> None:
    before = set(VanReport.objects.values_list("pk", flat=True))
    hours = iter(range(1, 99))

    def meanwhile() -> None:
        """One more report is sent, and one that stands is corrected."""
        hour = next(hours)
        session = ["midday", "afternoon", "evening", "morning"][hour % 4]
        more = stop(fleet.dki, KAPUK, session=session)
        now = NOON + timedelta(minutes=hour)
        send(more, body(hour), now=now)
        send(fleet.sent, body(20 + hour), expected=hour, reason="salah hitung", now=now)

    path = f"reports/?limit=1&ordering={ordering}"
    found = [each["trip"] for each in pages(path, staff(), a_few_times(meanwhile))]
    assert len(found) == len(set(found))
    assert before <= set(found)
