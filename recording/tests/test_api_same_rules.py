"""The same attempts through page, API and command, each in the same world: the same is stored, or refused, by all."""

import uuid
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from accounts.models import User
from accounts.tests import cast
from recording.ledger.selectors import check_ledger
from recording.models import CountChange, DailyCount, Posting, Region
from recording.tests import world
from recording.tests.api import bearer, post
from recording.tests.commands import csv_file, run
from recording.tests.pages import logged_in, value
from recording.tests.world import BARAT, KAPUK, count

pytestmark = pytest.mark.usefixtures("at_noon", "five")
TIMUR, CIDENG = "31.75.01.1004", "31.71.01.1002"
NIK = "3173010101010001"
LEVELS = {0: "province", 1: "city", 2: "district", 3: "village"}
DOORS = ("page", "api", "command")


@dataclass(frozen=True)
class Attempt:
    """Somebody wants a count to be so. `people` is what is typed in the form, in the file, and as JSON in the API."""

    who: Callable[[], User]
    people: str
    region: str = KAPUK
    day: str = "2021-11-25"
    source: str = "loket"
    document: str = "KTP"
    reason: str = ""


def by_page(one: Attempt, folder: Path) -> bool:
    """Typed into the form after looking at it, as a person does; True: it was taken."""
    client = logged_in(one.who())
    shown = client.get(f"/catat/?wilayah={one.region}&dokumen={one.document}&tanggal={one.day}&sumber={one.source}")
    seen = value(shown, "seen") if shown.status_code == 200 else ""
    typed = {
        "level": LEVELS[one.region.count(".")],
        "region": one.region,
        "document": one.document,
        "day": one.day,
        "source": one.source,
        "people": one.people,
        "reason": one.reason,
        "seen": seen,
        "key": uuid.uuid4().hex,
    }
    status = client.post("/catat/", typed).status_code
    assert status in (302, 400, 403, 404), status
    return status == 302


def by_api(one: Attempt, folder: Path) -> bool:
    """Sent with a key of the same person that may do whatever the person may."""
    scopes = ["read"] if one.who().role == cast.Role.READER else ["read", "counts:write"]
    number: Any = int(one.people) if one.people.lstrip("-").isdigit() else one.people
    body = {
        "region": one.region,
        "document": one.document,
        "day": one.day,
        "source": one.source,
        "people": number,
        "reason": one.reason,
    }
    status = post(bearer(one.who(), *scopes), body).status_code
    assert status in (200, 400, 403, 404), status
    return bool(status == 200)


def by_command(one: Attempt, folder: Path) -> bool:
    """A file with one row, imported under the person's name."""
    line = f'{one.region},{one.document},{one.day},{one.source},"{one.people}"\n'
    file = csv_file(folder, f"kode,dokumen,tanggal,sumber,jumlah\n{line}")
    arguments = ["--as", one.who().username, *(["--reason", one.reason] if one.reason else [])]
    return run("import_counts", file, *arguments).code == 0


TRY: dict[str, Callable[[Attempt, Path], bool]] = {"page": by_page, "api": by_api, "command": by_command}
barat, timur, dinas, admin = cast.head_barat, cast.head_timur, cast.staff, cast.admin
# Stored already: 5 people in Kapuk, at the counter on the 24th. Each attempt with what it does to (value, ledger):
# "+n" adds a row of that delta, "=" is taken and changes nothing, "-" is refused.
ATTEMPTS: dict[str, tuple[Attempt, str]] = {
    "new": (Attempt(barat, "31"), "+31"),
    "nothing is a number": (Attempt(barat, "0"), "+0"),
    "the most": (Attempt(barat, "999999999"), "+999999999"),
    "of a city": (Attempt(barat, "7", region=BARAT), "+7"),
    "of a district": (Attempt(dinas, "7", region="31.75.01"), "+7"),
    "another document": (Attempt(barat, "3", document="KIA", day="2021-11-24"), "+3"),
    "another source": (Attempt(barat, "3", source="jemput-bola", day="2021-11-24"), "+3"),
    "the first day of a period": (Attempt(barat, "3", day="2020-01-01"), "+3"),
    "by the agency": (Attempt(dinas, "4", region=TIMUR), "+4"),
    "by the administrator": (Attempt(admin, "4", region=TIMUR), "+4"),
    "by a program's account": (Attempt(cast.api_barat, "4"), "+4"),
    "the same again": (Attempt(barat, "5", day="2021-11-24"), "="),
    "corrected upwards": (Attempt(barat, "8", day="2021-11-24", reason="salah ketik"), "+3"),
    "corrected downwards": (Attempt(dinas, "1", day="2021-11-24", reason="salah ketik"), "+-4"),
    "corrected to nothing": (Attempt(barat, "0", day="2021-11-24", reason="salah ketik"), "+-5"),
    "below zero": (Attempt(barat, "-1"), "-"),
    "too many": (Attempt(barat, "1000000000"), "-"),
    "a number as long as a NIK": (Attempt(barat, NIK), "-"),
    "a fraction": (Attempt(barat, "5.5"), "-"),
    "a power": (Attempt(barat, "1e3"), "-"),
    "a percentage": (Attempt(barat, "51%"), "-"),
    "words": (Attempt(barat, "banyak"), "-"),
    "tomorrow": (Attempt(barat, "3", day="2021-11-26"), "-"),
    "outside of the periods": (Attempt(barat, "3", day="2019-12-31"), "-"),
    "no such day": (Attempt(barat, "3", day="2021-02-30"), "-"),
    "no such region": (Attempt(admin, "3", region="31.73.01.1999"), "-"),
    "no region": (Attempt(dinas, "3", region="31.99"), "-"),
    "a closed region": (Attempt(dinas, "3", region=CIDENG), "-"),
    "no such document": (Attempt(barat, "3", document="SIM"), "-"),
    "no such source": (Attempt(barat, "3", source="Pasar Baru!"), "-"),
    "another city": (Attempt(barat, "3", region=TIMUR), "-"),
    "one's own city from the other": (Attempt(timur, "3"), "-"),
    "another province": (Attempt(barat, "3", region="32.73.01.1001"), "-"),
    "a city of another province": (Attempt(cast.staff_jabar, "3"), "-"),
    "a program beyond its city": (Attempt(cast.api_barat, "3", region=TIMUR), "-"),
    "a reader": (Attempt(cast.reader, "3"), "-"),
    "a reader of the city": (Attempt(cast.reader_barat, "3"), "-"),
    "a NIK as the reason": (Attempt(barat, "8", day="2021-11-24", reason=f"warga {NIK}"), "-"),
}


def state() -> tuple[list[tuple[Any, ...]], list[tuple[Any, ...]]]:
    """Everything that counts: each value, and each change of one."""
    counts = DailyCount.objects.order_by("region", "document", "day", "source")
    changes = CountChange.objects.order_by("pk")
    return (
        list(counts.values_list("region_id", "document", "day", "source", "people")),
        list(changes.values_list("region_id", "document", "day", "source", "old_people", "new_people", "delta")),
    )


def told(one: Attempt, door: str, folder: Path) -> str:
    """What the attempt did to the world, in the table's words."""
    before, acts = state(), Posting.objects.count()
    position = CountChange.objects.latest("pk").pk
    taken = TRY[door](one, folder)
    deltas = [change.delta for change in CountChange.objects.filter(pk__gt=position)]
    assert check_ledger().mismatches == 0
    if deltas:
        assert taken, "refused, and yet something was written"
        assert len(deltas) == 1
        posting = Posting.objects.latest("pk")
        assert (posting.by, posting.door) == (one.who(), door)
        return f"+{deltas[0]}"
    assert state() == before
    assert taken or Posting.objects.count() == acts
    return "=" if taken else "-"


@pytest.fixture
def five(at_noon: None) -> None:
    """What was there before each attempt."""
    world.write(count(5, day=world.DAY.replace(day=24)), reason="")
    Region.objects.filter(code=CIDENG).update(closed=world.DAY.replace(day=1))


@pytest.mark.parametrize("door", DOORS)
@pytest.mark.parametrize("name", ATTEMPTS)
def test_every_door_stores_what_the_table_says(name: str, door: str, tmp_path: Path) -> None:
    one, expected = ATTEMPTS[name]
    assert told(one, door, tmp_path) == expected
    stored = {(region, document, day.isoformat(), source): people for region, document, day, source, people in state()[0]}
    key = (one.region, one.document, one.day, one.source)
    if expected == "-":
        assert stored == {(KAPUK, "KTP", "2021-11-24", "loket"): 5}
    else:
        assert stored[key] == int(one.people)


@pytest.mark.parametrize(("door", "outcome"), [("page", "-"), ("api", "-"), ("command", "+3")])
def test_a_correction_needs_a_reason_or_its_file(door: str, outcome: str, tmp_path: Path) -> None:
    assert told(Attempt(barat, "8", day="2021-11-24"), door, tmp_path) == outcome
    if door == "command":
        assert Posting.objects.latest("pk").reason == "Impor berkas.csv"


@pytest.mark.parametrize("door", DOORS)
def test_no_door_writes_for_a_disabled_account(door: str, tmp_path: Path) -> None:
    before = state()
    if door == "api":
        asking = bearer(cast.head_barat(), "counts:write")
        User.objects.filter(pk=cast.head_barat().pk).update(is_active=False)
        body = {"region": KAPUK, "document": "KTP", "day": "2021-11-25", "source": "loket", "people": 3}
        assert post(asking, body).status_code == 401
    elif door == "page":
        assert logged_in(cast.disabled()).post("/catat/", {"people": "3"}).status_code == 302
    else:
        assert not by_command(Attempt(cast.disabled, "3"), tmp_path)
    assert state() == before


def test_the_table_holds_every_kind_of_outcome() -> None:
    outcomes = [expected for _one, expected in ATTEMPTS.values()]
    assert min(outcomes.count("-"), sum(each.startswith("+") for each in outcomes)) >= 10
    assert "=" in outcomes
