"""What stands out of a report, and what former visits usually yield: rule by rule."""

from dataclasses import replace
from typing import Any

import pytest

from fleet.reports.body import IDLE, ReportBody, capacity, nihil
from fleet.reports.flags import Circumstances, Usual, Yield, flags
from fleet.tests.stops import body

pytestmark = pytest.mark.once

STEADY = [30, 32, 35, 38, 40, 42, 45]
BUSY = Usual.of(STEADY)
FEW = Usual.of([30, 45])


@pytest.mark.parametrize(
    ("people", "usual"),
    [
        ([], Usual(0)),
        ([30, 45], Usual(2)),  # two visits say nothing of a place
        ([30, 40, 50], Usual(3, 40, 35, 45)),
        (STEADY, Usual(7, 38, 33, 41)),
        ([0, 0, 1], Usual(3, 0, 0, 1)),
        ([10, 20, 30, 41], Usual(4, 25, 17, 33)),
    ],
    ids=str,
)
def test_the_middle_half_is_usual(people: list[int], usual: Usual) -> None:
    assert Usual.of(people) == usual


@pytest.mark.parametrize(
    ("people", "above", "below"),
    [(61, False, False), (62, True, False), (38, False, False), (11, False, False), (10, False, True), (0, False, True)],
)
def test_far_from_usual_is_far(people: int, above: bool, below: bool) -> None:
    """33–41: above by more than half of 41; below a third of 33."""
    assert (BUSY.far_above(people), BUSY.far_below(people)) == (above, below)


@pytest.mark.parametrize("usual", [FEW, Usual.of([])])
@pytest.mark.parametrize("people", [0, 1, 500])
def test_few_visits_flag_nothing(usual: Usual, people: int) -> None:
    assert not usual.far_above(people)
    assert not usual.far_below(people)


def test_small_yields_are_never_far_below() -> None:
    assert not Usual.of([10, 12, 14]).far_below(1)
    assert not Usual.of([2, 3, 4]).far_above(19)


def about(told: ReportBody, **other: Any) -> Circumstances:
    """Two sets, four hours, at a place where 33–41 are usual, unless said otherwise."""
    place, van = other.pop("place", BUSY), other.pop("van", Usual())
    yields = [Yield("KTP", told.recordings, place, van), Yield("KIA", told.lines.get("kia"))]
    return replace(Circumstances(2, 4, ("record", "kia"), yields), **other)


@pytest.mark.parametrize(
    ("told", "other", "codes"),
    [
        (body(38), {}, []),
        (body(38, 400), {}, []),  # of KIA nothing is known here
        (body(70), {}, ["above"]),
        (body(5), {}, ["below"]),
        (body(5), {"place": FEW}, []),
        (body(100), {"place": FEW, "van": BUSY}, ["above"]),  # the van tells where the place does not
        (body(38), {"place": BUSY, "van": Usual.of([1, 2, 3])}, []),  # a place that is good for it
        (body(0), {}, ["nobody"]),
        (nihil(["record", "kia"]), {}, ["nobody"]),
        (nihil(["record", "kia"]), {"place": Usual.of([0, 0, 1])}, []),
        (nihil(["record", "kia"]), {"place": FEW}, []),
        (body(121), {"place": FEW}, ["many"]),
        (body(161), {"place": FEW}, ["hours"]),
        (body(121), {"place": FEW, "hours": 3}, ["hours"]),
        (body(121), {"place": FEW, "hours": 7, "sets": 3}, []),
        (body(None, lines={"birth": 3}), {}, ["blank"]),
        (body(None, lines={"birth": 3}), {"services": ("birth",)}, []),
        (body(None, 3), {"services": ("record_first", "kia")}, ["blank"]),
        (body(38), {"absence": "Rusak"}, ["absent"]),
        (ReportBody(IDLE, idle_reason="damage"), {"absence": "Rusak"}, []),
        (ReportBody(IDLE, idle_reason="damage"), {"entered": 12}, []),
        (body(38), {"entered": 12}, ["entered"]),
        (body(38), {"days_late": 2}, ["late"]),
        (ReportBody(IDLE, idle_reason="damage"), {"days_late": 1}, ["late"]),
        (body(38), {"confirmed": ["many:38"]}, ["confirmed"]),
        (body(38), {"confirmed": ["many:150", "zero", "same:0123"]}, []),  # of figures that were corrected since
        (body(0), {"confirmed": ["zero"]}, ["nobody", "confirmed"]),
        (body(38), {"confirmed": ["travel:12"]}, []),
    ],
    ids=str,
)
def test_what_stands_out_is_flagged(told: ReportBody, other: dict[str, Any], codes: list[str]) -> None:
    assert [flag.code for flag in flags(told, about(told, **other))] == codes


@pytest.mark.parametrize(
    ("told", "other", "sentence", "field"),
    [
        (body(70), {}, "Perekaman 70 jauh di atas yang biasa di kelurahan ini, 33–41 (7 kunjungan).", "record"),
        (
            body(5),
            {"place": FEW, "van": BUSY},
            "Perekaman 5 jauh di bawah yang biasa bagi mobil ini, 33–41 (7 kunjungan).",
            "record",
        ),
        (nihil(["record"]), {}, "Nihil, padahal biasanya 33–41 perekaman di kelurahan ini (7 kunjungan).", "record"),
        (body(161), {"place": FEW}, "161 perekaman: 2 alat dalam jam titik ini sanggup paling banyak 160.", "record"),
        (body(38), {"absence": "Rusak"}, "Mobil tercatat tidak beroperasi hari itu: Rusak.", ""),
        (body(38), {"days_late": 2}, "Terlambat: pertama dikirim 2 hari sesudah harinya.", ""),
        (
            body(38),
            {"confirmed": ["many:38", "yield:38"]},
            "Dipastikan pelapor: lebih dari yang biasa untuk alatnya; jauh di atas kunjungan terbaik.",
            "",
        ),
    ],
)
def test_each_flag_says_why(told: ReportBody, other: dict[str, Any], sentence: str, field: str) -> None:
    (flag,) = flags(told, about(told, **other))
    assert (str(flag), flag.field) == (sentence, field)


def test_sets_record_so_many_in_hours() -> None:
    assert [capacity(2, 4), capacity(1, 3), capacity(1, 8), capacity(1, 1.5)] == [160, 60, 160, 30]
