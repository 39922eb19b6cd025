"""The page that splits a total over the regions below: a proposal, changed by hand, and saved in one act or not at all."""

import re
from datetime import date
from typing import Any

import pytest

from accounts.models import User
from accounts.rights import SYSTEM
from accounts.tests import cast
from recording.coverage.services import recompute_coverage
from recording.models import AuditEntry, CoverageFigure, Region, Target
from recording.tests.pages import Answer, forget_pages, logged_in, rows, value, words, wrong
from recording.tests.world import BARAT, DAY, DKI, KAPUK, NOON, after, count, period, target, write

pytestmark = pytest.mark.usefixtures("at_noon")
PALMERIAM, GROGOL = "31.75.01.1004", "31.73.02.1001"
GOOD = {"total": "60.326", "way": "proportion", "depth": "below", "source": "SK 21/2021", "effective_from": "2021-08-01"}


@pytest.fixture(autouse=True)
def _story(at_noon: None) -> None:
    forget_pages()
    target(40_000, KAPUK)
    target(20_000, PALMERIAM)
    write(count(31_000, day=date(2021, 11, 24)))
    recompute_coverage(by=SYSTEM, day=DAY, now=NOON)


def send(code: str, data: dict[str, Any], *, by: User | None = None, act: str = "propose") -> Any:
    return logged_in(by or cast.staff()).post(f"/wilayah/{code}/target/bagi/", {**data, "act": act})


def numbers(page: Answer) -> dict[str, str]:
    """What stands in the fields, as it would be sent again."""
    return dict(re.findall(r'name="(people-[\d.]+)" value="([^"]*)"', page.content.decode()))


def proposed(code: str, data: dict[str, Any]) -> tuple[dict[str, str], Answer]:
    page = send(code, data)
    assert page.status_code == 200, wrong(page)
    return {name.removeprefix("people-"): people for name, people in numbers(page).items()}, page


def again(page: Answer, data: dict[str, Any], act: str, **other: str) -> Any:
    """Press another button of the page, with what stands in it."""
    sent = {**data, **numbers(page), **{f"people-{code}": people for code, people in other.items()}}
    return send(DKI, sent | ({"seen": value(page, "seen")} if 'name="seen"' in page.content.decode() else {}), act=act)


def current() -> dict[str, int | None]:
    return {row.region_id: row.people for row in Target.objects.filter(effective_from=date(2021, 8, 1))}


@pytest.mark.parametrize(
    ("way", "parts"),
    [
        ("proportion", {"31.71": "0", "31.73": "40.217", "31.75": "20.109"}),
        ("remaining", {"31.71": "0", "31.73": "40.101", "31.75": "20.225"}),
        ("equal", {"31.71": "20.109", "31.73": "20.109", "31.75": "20.108"}),
    ],
)
def test_each_way_fills_the_table(way: str, parts: dict[str, str]) -> None:
    assert proposed(DKI, {**GOOD, "way": way})[0] == parts


def test_all_are_saved_in_one_act() -> None:
    entries = AuditEntry.objects.count()
    _parts, page = proposed(DKI, GOOD)
    assert again(page, GOOD, "save").status_code == 302
    assert current() == {"31.71": 0, "31.73": 40_217, "31.75": 20_109}
    assert AuditEntry.objects.count() == entries + 1
    assert {row.source for row in Target.objects.filter(effective_from=date(2021, 8, 1))} == {"SK 21/2021"}


def test_the_run_says_what_the_table_said() -> None:
    _parts, page = proposed(DKI, GOOD)
    told = {cells[0].split()[-1]: cells[1:] for cells in rows(page, "Pembagian")}
    again(page, GOOD, "save")
    run = recompute_coverage(by=SYSTEM, day=DAY, now=after(hours=1))
    figures = CoverageFigure.objects.filter(run=run, document="KTP", period=period())
    assert dict(figures.values_list("region", "target"))[DKI] == 60_326
    assert "31.000 dari 60.000 → menjadi 60.326 · 51,67% → menjadi 51,39%" in words(page)
    assert told["31.73"][2] == "77,50% → menjadi 77,08% 31.000 dari 40.217"
    forget_pages()
    assert "77,08%" in words(logged_in(cast.reader()).get(f"/wilayah/{BARAT}/"))


def test_two_steps_reach_the_kelurahan() -> None:
    data = {**GOOD, "depth": "villages"}
    _parts, first = proposed(DKI, data)
    assert "Langkah 1 dari 2" in words(first)
    assert 'value="save"' not in first.content.decode()
    second = again(first, data, "villages", **{"31.71": "1.000", "31.73": "39.217"})
    assert numbers(second) == {
        "people-31.71.01.1001": "500",
        "people-31.71.01.1002": "500",
        "people-31.73.01.1001": "0",
        "people-31.73.01.1004": "39.217",
        "people-31.73.02.1001": "0",
        "people-31.75.01.1004": "20.109",
    }
    changed = again(second, data, "check", **{KAPUK: "39.000", GROGOL: "217"})
    assert "pas dengan total" in words(changed)
    assert again(changed, data, "save").status_code == 302
    assert (current()[KAPUK], current()[GROGOL], len(current())) == (39_000, 217, 6)


def test_an_own_target_above_follows() -> None:
    target(60_000, DKI)
    data = {**GOOD, "depth": "villages"}
    second = again(proposed(DKI, data)[1], data, "villages")
    assert again(second, data, "save").status_code == 302
    assert current()[DKI] == 60_326


@pytest.mark.parametrize(
    ("other", "sentence"), [("40.218", "lebih 1"), ("40.000", "kurang 217"), ("", "Isi jumlahnya"), ("banyak", "banyak")]
)
def test_other_numbers_must_sum_up(other: str, sentence: str) -> None:
    page = proposed(DKI, GOOD)[1]
    answer = again(page, GOOD, "save", **{BARAT: other})
    assert sentence in words(answer)
    assert 'value="save"' not in answer.content.decode()
    assert current() == {}


def test_a_changed_number_is_not_saved_unseen() -> None:
    page = proposed(DKI, GOOD)[1]
    answer = again(page, GOOD, "save", **{BARAT: "40.216", "31.71": "1"})
    assert (answer.status_code, current()) == (409, {})
    assert again(answer, GOOD, "save").status_code == 302
    assert current()["31.71"] == 1


def test_a_stale_split_is_shown_anew() -> None:
    page = proposed(DKI, GOOD)[1]
    target(1, GROGOL)
    answer = again(page, GOOD, "save")
    assert (answer.status_code, current()) == (409, {})
    assert "berubah sejak pratinjau" in words(answer)


def test_pressed_twice_is_saved_once() -> None:
    page = proposed(DKI, GOOD)[1]
    assert [again(page, GOOD, "save").status_code for _ in range(2)] == [302, 302]
    assert Target.objects.filter(region=BARAT).count() == 1


def test_a_closed_region_gets_nothing() -> None:
    """And its own target, which would still count above, is withdrawn."""
    Region.objects.filter(code=KAPUK).update(closed=date(2021, 7, 31))
    parts, page = proposed("31.73.01", {**GOOD, "total": "10"})
    assert parts == {"31.73.01.1001": "10"}
    assert "jadi targetnya dicabut: Kapuk" in words(page)
    sent = {**GOOD, "total": "10", **numbers(page), "seen": value(page, "seen")}
    assert send("31.73.01", sent, act="save").status_code == 302
    assert current() == {"31.73.01.1001": 10, KAPUK: None}


def test_less_than_what_is_reached_is_said() -> None:
    answer = send(DKI, {**GOOD, "way": "remaining", "total": "30.999"})
    assert "sudah tercapai, 31.000 orang" in wrong(answer)["total"]


def test_targets_below_that_differ_are_told() -> None:
    text = words(proposed(DKI, GOOD)[1])
    assert "Di 2 wilayah jumlah target di bawahnya menjadi lain" in text


@pytest.mark.parametrize(("person", "status"), [(cast.head_barat, 403), (cast.reader, 403), (cast.staff_jabar, 404)])
def test_only_the_agency_splits(person: Any, status: int) -> None:
    assert send(DKI, GOOD, by=person()).status_code == status
    assert logged_in(person()).get(f"/wilayah/{DKI}/target/bagi/").status_code == status


def test_a_kelurahan_is_not_split() -> None:
    assert logged_in(cast.staff()).get(f"/wilayah/{KAPUK}/target/bagi/").status_code == 404


def test_the_total_comes_along_from_a_preview() -> None:
    client = logged_in(cast.staff())
    page = client.get(f"/wilayah/{DKI}/target/bagi/?total=60326")
    assert (value(page, "total"), value(page, "depth")) == ("60326", "villages")
    assert value(client.get(f"/wilayah/{DKI}/target/bagi/"), "total") == "60.000"
