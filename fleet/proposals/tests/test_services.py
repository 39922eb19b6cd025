"""Asking, changing and asking again: what becomes of a question, and who may put it."""

from collections.abc import Callable
from dataclasses import replace
from datetime import date, timedelta
from typing import Any

import pytest
from django.utils import translation

from accounts.models import User
from accounts.tests import cast
from dukcapil.errors import Conflict, NotAllowed, NotFound, Refused
from fleet.models import Proposal
from fleet.planning.plan_file import check_file
from fleet.proposals import services
from fleet.proposals.explaining import failure_of
from fleet.proposals.question import Edit, Pin
from fleet.proposals.tests.world import (
    CENGKARENG,
    MONDAY,
    ONE,
    OWN_WORLDS,
    TIMUR,
    again,
    asked,
    bus,
    by,
    published,
    question,
    ready,
    stops_of,
    worked,
)
from fleet.tests.plans import GROGOL, PALMERIAM, absent, acts
from fleet.tests.stops import body, send, stop
from recording.tests.world import BARAT, DAY, DKI, KAPUK, after

pytestmark = pytest.mark.usefixtures("city")
__all__ = ["OWN_WORLDS"]
TUESDAY, SUNDAY = "2021-11-30", "2021-11-28"


def test_a_question_waits_until_a_worker_answers() -> None:
    proposal = asked(who=cast.head_barat())
    assert (proposal.status, proposal.progress, proposal.plan, proposal.author) == ("queued", 0, "", "Budi Barat")
    worked(proposal)
    assert (proposal.status, proposal.progress, proposal.working_until) == ("ready", 100, None)
    assert check_file(proposal.plan.encode())["stops"] == [list(pair) for pair in stops_of(proposal)]
    assert (proposal.engine.startswith("highspy"), proposal.version) == (True, "rencana-mobil/1")
    assert len(stops_of(proposal)) == 6, "each of three kelurahan twice, with five working days between"
    assert acts("proposal") == [("proposal.ask", BARAT)]


@pytest.mark.parametrize(
    ("who", "answers"),  # for Barat, for Timur, for the province
    [
        (cast.admin, (None, None, None)),
        (cast.staff, (None, None, None)),
        (cast.head_barat, (None, NotAllowed, NotAllowed)),
        (cast.head_timur, (NotAllowed, None, NotAllowed)),
        (cast.reader, (NotAllowed, NotAllowed, NotAllowed)),
        (cast.reader_barat, (NotAllowed, NotFound, NotFound)),
        (cast.staff_jabar, (NotFound, NotFound, NotFound)),
        (cast.disabled, (NotFound, NotFound, NotFound)),
    ],
    ids=lambda x: getattr(x, "__name__", None),
)
def test_who_may_plan_a_city_may_ask(who: Callable[[], User], answers: tuple[Any, ...]) -> None:
    person = who()
    for region, answer in zip((BARAT, TIMUR, DKI), answers, strict=True):
        if answer:
            with pytest.raises(answer):
                asked(question(region=region), who=person)
        else:
            assert asked(question(region=region), who=person).region_id == region
    assert Proposal.objects.count() == answers.count(None)


def test_only_who_plans_agency_vans_borrows_them() -> None:
    with pytest.raises(NotAllowed):
        asked(question(agency=True), who=cast.head_barat())
    assert asked(question(agency=True), who=cast.staff()).options["agency"]


@pytest.mark.parametrize(
    ("changes", "sentence"),
    [
        ({"first_day": DAY - timedelta(days=1)}, "sudah lewat"),
        ({"first_day": DAY + timedelta(days=400)}, "paling jauh"),
        ({"days": 0}, "antara 1 dan 42"),
        ({"days": 43}, "antara 1 dan 42"),
        ({"region": "31.73.01"}, "satu kota atau untuk seluruh provinsi"),
        ({"region": "31.99"}, "satu kota atau untuk seluruh provinsi"),
        ({"pins": frozenset({Pin(PALMERIAM, TUESDAY)})}, "di luar wilayah usulan"),
        ({"options": replace(question().options, alpha="2")}, "0, 0,5 atau 1"),
        ({"options": replace(question().options, floor=-1)}, "dijamin tiap kota"),
    ],
)
def test_odd_questions_are_refused_at_once(changes: dict[str, Any], sentence: str) -> None:
    with pytest.raises(Refused, match=sentence):
        asked(replace(question(), **changes))
    assert not Proposal.objects.exists()


def test_the_same_question_is_the_same_row() -> None:
    first = asked()
    assert asked() == first
    worked(first)
    assert (asked(), asked(who=cast.staff())) == (first, first)
    assert asked(question(days=5)) != first


@pytest.mark.parametrize("happens", ["absence", "stop", "report"])
def test_what_changed_makes_it_another_row(happens: str) -> None:
    former = ready()
    if happens == "absence":
        absent(bus(ONE).pk, 5, 6)
    elif happens == "stop":
        stop(bus(ONE), day=MONDAY)
    else:
        send(stop(bus(ONE), day=DAY), body(9))
    assert asked() != former


def test_pins_bans_and_moves_are_met() -> None:
    first = ready()
    assert (KAPUK, MONDAY.isoformat()) in stops_of(first)
    edits = [
        Edit("pin", GROGOL, "2021-12-01"),
        Edit("ban", CENGKARENG),
        Edit("move", KAPUK, MONDAY.isoformat(), "2021-12-03", bus(ONE).pk),
    ]
    second = again(first, *edits, who=cast.head_barat())
    first.refresh_from_db()
    assert (first.status, second.status, second.replaces_id) == ("replaced", "ready", first.pk)
    assert {(GROGOL, "2021-12-01"), (KAPUK, "2021-12-03")} <= set(stops_of(second))
    assert not [code for code, day in stops_of(second) if code == CENGKARENG or (code, day) == (KAPUK, MONDAY.isoformat())]
    third = again(second, Edit("allow", CENGKARENG), Edit("release", GROGOL, "2021-12-01"), who=cast.head_barat())
    assert [code for code, _day in stops_of(third) if code == CENGKARENG]
    assert [row[:2] for row in third.pins] == [[KAPUK, "2021-12-03"]]


def test_asking_again_unchanged_is_the_same_row() -> None:
    first = ready()
    assert services.ask_again(act=by(), number=first.pk) == first


def test_each_edit_has_a_service_of_its_own() -> None:
    first, head = asked(), cast.head_barat()
    pinned = services.pin(act=by(head), number=first.pk, village=KAPUK, day=TUESDAY)
    banned = services.ban(act=by(head), number=pinned.pk, village=GROGOL)
    moved = services.move(act=by(head), number=banned.pk, village=KAPUK, day=TUESDAY, to_day="2021-12-02")
    assert (moved.pins, moved.bans) == ([[KAPUK, "2021-12-02", 0]], [[KAPUK, TUESDAY], [GROGOL, ""]])
    assert set(Proposal.objects.filter(status="replaced")) == {first, pinned, banned}, "nobody waits for them any more"
    with pytest.raises(NotAllowed):
        services.pin(act=by(cast.head_timur()), number=moved.pk, village=KAPUK, day=TUESDAY)


@pytest.mark.parametrize(
    ("edits", "sentence"),
    [
        ([Edit("pin", KAPUK, SUNDAY)], "bukan hari pelayanan"),
        ([Edit("pin", KAPUK, TUESDAY), Edit("pin", KAPUK, "2021-12-02")], "Kapuk dikunci dua kali dalam 5 hari kerja."),
        ([Edit("pin", code, TUESDAY) for code in (KAPUK, GROGOL, CENGKARENG)], "tetapi hanya 2 mobil"),
    ],
)
def test_contradicting_pins_fail_with_a_sentence(edits: list[Edit], sentence: str) -> None:
    first = ready()
    failed = again(first, *edits)
    first.refresh_from_db()
    assert (failed.status, first.status) == ("failed", "ready"), "the former one is still there to be published"
    assert sentence in failure_of(failed)


def test_all_stops_may_be_pinned() -> None:
    first = ready()
    second = again(first, *(Edit("pin", code, day) for code, day in stops_of(first)))
    assert failure_of(second) == ""
    assert stops_of(second) == stops_of(first)


def test_a_failure_is_told_in_its_readers_language() -> None:
    failed = again(ready(), Edit("pin", KAPUK, SUNDAY))
    assert failure_of(failed) == "Minggu, 28 November 2021 bukan hari pelayanan dalam jangka ini."
    with translation.override("en"):
        assert "Sunday" in failure_of(failed)


@pytest.mark.parametrize(
    ("of", "sentence"),
    [(question(date(2021, 12, 25), 2), "semuanya hari libur"), (question(region="31.71"), "Tidak ada mobil yang siap")],
)
def test_without_days_or_vans_it_fails_in_words(of: Any, sentence: str) -> None:
    assert sentence in failure_of(ready(of))


def test_published_days_to_come_are_repaired() -> None:
    first = ready()
    with pytest.raises(Conflict, match="sudah diterbitkan yang dapat diperbaiki"):
        services.repair(act=by(), number=first.pk)
    published(first)
    early, later = after(7, -5), after(7)  # on Thursday of the first week, before and after the vans go out
    assert services.repair(act=by(now=early), number=first.pk).first_day == date(2021, 12, 2)
    repair = services.repair(act=by(cast.head_barat(), later), number=first.pk)
    assert (repair.first_day, repair.days, repair.repairs) == (date(2021, 12, 3), 8, True)
    assert services.ask_again(act=by(cast.head_barat(), later), number=first.pk) == repair
    worked(repair, later)
    first.refresh_from_db()
    assert (repair.status, first.status, repair.facts["moves"]) == ("ready", "published", [])
    published(repair, now=later)
    pinned = again(repair, Edit("pin", CENGKARENG, "2021-12-09"), now=later)
    assert (pinned.repairs, pinned.replaces_id) == (True, repair.pk), "also a repaired week is changed and repaired"
    assert {day for code, day in stops_of(pinned) if code == CENGKARENG} == {"2021-12-09"}
    with pytest.raises(Conflict, match="sudah lewat"):
        services.repair(act=by(now=after(30)), number=first.pk)


def test_nobody_keeps_the_others_waiting() -> None:
    head = cast.head_barat()
    for days in range(1, 11):
        asked(question(days=days), who=head)
    with pytest.raises(Conflict, match="Sudah 10 usulan Anda"):
        asked(question(days=11), who=head)
    assert asked(question(days=11), who=cast.staff())
    assert asked(question(days=3), who=head).days == 3, "the same question is no further one"


def test_an_unknown_proposal_is_not_found() -> None:
    hidden = asked(question(region=TIMUR))
    for number, who in ((hidden.pk, cast.reader_barat()), (10**30, cast.staff())):
        with pytest.raises(NotFound):
            services.ask_again(act=by(who), number=number)
