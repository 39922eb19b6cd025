"""One rule, many doors: the same attempt through the service, the page and the command ends alike, ledger and all."""

import uuid
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from pathlib import Path

import pytest
from django.db import transaction
from django.test import Client
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from accounts.acts import Act
from accounts.models import User
from accounts.rights import SYSTEM
from accounts.tests import cast
from dukcapil.errors import Refused
from recording.ledger.checks import CountInput, CountKey
from recording.ledger.forms import seen_token
from recording.ledger.selectors import check_ledger
from recording.ledger.services import record_count, return_counts, undo_posting
from recording.models import CountChange, DailyCount, Door, Posting, Region
from recording.parsing.days import parse_day
from recording.parsing.numbers import parse_people
from recording.parsing.region_names import level_of, parse_code
from recording.tests.commands import csv_file, run
from recording.tests.pages import logged_in
from recording.tests.world import BARAT, KAPUK, NOON, count, write

pytestmark = pytest.mark.usefixtures("at_noon")
REASON = "Impor berkas.csv"  # what the command writes; the others are given the same
CLOSED = "31.71.01.1002"


@dataclass(frozen=True)
class Attempt:
    """A count as somebody types it, and what must come of it: "new", "changed", "unchanged" or "refused"."""

    outcome: str
    people: str = "31"
    code: str = KAPUK
    document: str = "KTP"
    day: str = "2021-11-24"
    source: str = "loket"
    who: Callable[[], User] = cast.head_barat


@dataclass(frozen=True)
class Doors:
    """The three ways in, for one person."""

    user: User
    client: Client
    folder: Path

    @classmethod
    def of(cls, user: User, folder: Path) -> "Doors":
        return cls(user, logged_in(user), folder)

    def service(self, wanted: Attempt) -> str:
        try:
            code, day, people = parse_code(wanted.code), parse_day(wanted.day), parse_people(wanted.people)
            assert people is not None
            found = CountInput(code, wanted.document, day, wanted.source, people)
            return record_count(act=Act(self.user, NOON, Door.API), count=found, reason=REASON).status
        except Refused:
            return "refused"

    def page(self, wanted: Attempt) -> str:
        """As a person who looked at what is stored, and then typed."""
        before = CountChange.objects.count()
        page = self.client.post("/catat/", self.typed(wanted))
        if page.status_code == 302:
            return self._outcome(before)
        assert page.status_code in (400, 403, 404), page.status_code
        return "refused"

    def typed(self, wanted: Attempt) -> dict[str, str]:
        code = parse_code(wanted.code)
        row = DailyCount.objects.filter(region=code, document=wanted.document, day=wanted.day, source=wanted.source).first()
        seen = seen_token(code, wanted.document, row.day, wanted.source, row.posting_id) if row else ""
        return {
            "level": level_of(code),
            "region": wanted.code,
            "document": wanted.document,
            "day": wanted.day,
            "source": wanted.source,
            "people": wanted.people,
            "reason": REASON,
            "key": uuid.uuid4().hex,
            "seen": seen,
        }

    def command(self, wanted: Attempt) -> str:
        text = (
            "kode;dokumen;tanggal;jumlah;sumber\n"
            f"{wanted.code};{wanted.document};{wanted.day};{wanted.people};{wanted.source}\n"
        )
        before = CountChange.objects.count()
        done = run("import_counts", csv_file(self.folder, text), "--as", self.user.username)
        return "refused" if done.code else self._outcome(before)

    def _outcome(self, before: int) -> str:
        changes = CountChange.objects.order_by("pk")[before:]
        if not changes:
            return "unchanged"
        return "new" if changes[0].old_people is None else "changed"


ATTEMPTS = [
    Attempt("new"),
    Attempt("new", "31.000"),
    Attempt("new", "NIHIL"),
    Attempt("new", "0"),
    Attempt("new", code="3173011004"),
    Attempt("new", code=BARAT),
    Attempt("new", document="KIA"),
    Attempt("new", source="jemput-bola"),
    Attempt("new", who=cast.staff, code="31.75.01"),
    Attempt("new", who=cast.api_client),
    Attempt("new", day="2021-01-01"),
    Attempt("new", code=CLOSED, day="2021-06-30", who=cast.admin),
    Attempt("changed", "11", day="2021-11-25"),
    Attempt("changed", "0", day="2021-11-25"),
    Attempt("unchanged", "10", day="2021-11-25"),
    Attempt("refused", "-1"),
    Attempt("refused", "1,5"),
    Attempt("refused", "51%"),
    Attempt("refused", "9999999999"),
    Attempt("refused", "3173010101010001"),
    Attempt("refused", "tiga"),
    Attempt("refused", code="31.73.01.1999"),
    Attempt("refused", code="31.79"),
    Attempt("refused", document="SIM"),
    Attempt("refused", source="Pasar Besar"),
    Attempt("refused", day="2021-11-26"),
    Attempt("refused", day="2019-12-31"),
    Attempt("refused", code=CLOSED, day="2021-07-01", who=cast.admin),
    Attempt("refused", who=cast.head_timur),
    Attempt("refused", who=cast.reader),
    Attempt("refused", code="31.75.01"),
    Attempt("refused", code="32.01"),
]


@pytest.mark.parametrize("attempt", ATTEMPTS, ids=lambda each: f"{each.outcome} {each.code} {each.day} {each.people}")
def test_every_door_leaves_the_same_ledger(attempt: Attempt, tmp_path: Path) -> None:
    Region.objects.filter(code=CLOSED).update(closed=date(2021, 6, 30))
    write(count(10))
    doors = Doors.of(attempt.who(), tmp_path)
    left = {}
    for door in (doors.service, doors.page, doors.command):
        with transaction.atomic():
            outcome = door(attempt)
            left[door.__name__] = (outcome, ledger(), stored(), check_ledger().mismatches)
            transaction.set_rollback(True)
    assert {answer[0] for answer in left.values()} == {attempt.outcome}
    assert left["page"] == left["service"]
    assert left["command"] == left["service"]
    assert left["page"][3] == 0
    assert len(left["page"][1]) == (2 if attempt.outcome in ("new", "changed") else 1)


def ledger() -> list[tuple[object, ...]]:
    """Everything that a change says but its number, its moment and its door."""
    columns = ("region_id", "document", "day", "source", "old_people", "new_people", "delta", "posting__by", "posting__reason")
    return list(CountChange.objects.order_by("pk").values_list(*columns))


def stored() -> dict[CountKey, int | None]:
    rows = DailyCount.objects.values_list("region_id", "document", "day", "source", "people")
    return {(code, document, day, source): people for code, document, day, source, people in rows}


# No region of another one's: a file would ask which of the two counts.
KEYS = [count(0), count(0, "31.73.02.1001"), count(0, document="KIA"), count(0, source="mobil")]
steps = st.lists(
    st.tuples(
        st.sampled_from(["service", "page", "command", "page twice", "return", "undo"]),
        st.sampled_from(KEYS),
        st.integers(0, 4),
    ),
    min_size=1,
    max_size=10,
)


@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(steps=steps)
def test_through_any_doors_changes_sum_to_the_value(steps: list[tuple[str, CountInput, int]], staff_doors: Doors) -> None:
    """Writes, sendings twice, corrections, returns and undos, against a dictionary."""
    with transaction.atomic():
        model: dict[CountKey, int | None] = {}
        for step, like, people in steps:
            if step == "return":
                return_counts(act=Act(SYSTEM, NOON, Door.PAGE), keys=[like.key], reason="x")
                if like.key in model:
                    model[like.key] = None
            elif step == "undo":
                undo_newest(model)
            else:
                go_through(staff_doors, step, like, people)
                model[like.key] = people
            assert stored() == model
        sums: dict[CountKey, int] = dict.fromkeys(model, 0)
        for code, document, day, source, _old, _new, delta, *_ in ledger():
            sums[code, document, day, source] += delta  # type: ignore[index, operator]
        assert sums == {key: value or 0 for key, value in model.items()}
        assert check_ledger().mismatches == 0
        transaction.set_rollback(True)


@pytest.fixture
def staff_doors(at_noon: None, tmp_path: Path) -> Doors:
    return Doors.of(cast.staff(), tmp_path)


def go_through(doors: Doors, step: str, like: CountInput, people: int) -> None:
    wanted = Attempt("", str(people), like.region, like.document, like.day.isoformat(), like.source)
    if step != "page twice":
        assert getattr(doors, step)(wanted) in ("new", "changed", "unchanged")
        return
    data, before = doors.typed(wanted), Posting.objects.count()
    assert [doors.client.post("/catat/", data).status_code for _ in range(2)] == [302, 302]
    assert Posting.objects.count() <= before + 1


def undo_newest(model: dict[CountKey, int | None]) -> None:
    """Undo the newest act of writing; each of these changed one count, which has its former value again."""
    change = CountChange.objects.order_by("pk").last()
    if change is None:
        return
    undo_posting(act=Act(SYSTEM, NOON, Door.PAGE), posting=change.posting_id, reason="x")
    model[change.region_id, change.document, change.day, change.source] = change.old_people
