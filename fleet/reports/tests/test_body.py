"""What a report may say: hard refusals, questions, and who counts toward the target."""

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dukcapil.errors import Refused
from fleet.models import ReportLine, Service
from fleet.reports.body import IDLE, KIA, NIHIL, RECORDINGS, SERVED, ReportBody, UsualFigures, check_body, nihil, questions
from fleet.tests.stops import body

pytestmark = pytest.mark.once

people = st.integers(min_value=0, max_value=400)
bodies = st.builds(
    ReportBody,
    st.sampled_from([SERVED, NIHIL, IDLE]),
    st.dictionaries(st.sampled_from([*RECORDINGS, KIA, "birth", "moves"]), people, max_size=5),
    st.none() | people,
    st.none() | people,
    st.dictionaries(st.sampled_from(["moved", "died"]), people, max_size=2),
    st.sampled_from(["", "jaringan lambat"]),
    st.sampled_from(["", "damage"]),
)


def refusal(told: ReportBody) -> str:
    """Where and why a report of a van with two sets is refused; "" when it is taken."""
    try:
        check_body(told, sets=2)
    except Refused as problem:
        return f"{problem.field}: {problem}"
    return ""


@pytest.mark.parametrize(
    ("told", "field", "sentence"),
    [
        (body(-1), "record", "antara 0 dan 9999"),
        (body(10_000), "record", "antara 0 dan 9999"),
        (body(None, lines={"moves": 10_000}), "moves", "antara 0 dan 9999"),
        (body(5, not_found={"moved": -1}), "moved", "antara 0 dan 9999"),
        (body(321), "record", "melebihi 320, batas sehari untuk 2 alat rekam"),
        (body(300, lines={"record_first": 21}), "record", "Perekaman 321 melebihi 320"),
        (body(None), "lines", "paling sedikit satu layanan, atau tekan Nihil"),
        (body(5, elsewhere_ktp=6), "elsewhere_ktp", "6 tidak mungkin melebihi seluruhnya, 5"),
        (body(5, elsewhere_ktp=-1), "elsewhere_ktp", "tidak mungkin melebihi"),
        (body(None, 4, elsewhere_ktp=1), "elsewhere_ktp", "melebihi seluruhnya, 0"),
        (body(5, 4, elsewhere_kia=5), "elsewhere_kia", "5 tidak mungkin melebihi seluruhnya, 4"),
        (body(None, kind=IDLE), "idle_reason", "Pilih alasan"),
        (body(3, kind=IDLE, idle_reason="damage"), "idle_reason", "kosongkan angkanya"),
        (body(None, kind=IDLE, idle_reason="damage", not_found={"moved": 1}), "idle_reason", "kosongkan"),
    ],
)
def test_impossible_figures_are_refused_at_their_field(told: ReportBody, field: str, sentence: str) -> None:
    said = refusal(told)
    assert said.startswith(f"{field}: ")
    assert sentence in said


@pytest.mark.parametrize(
    "told",
    [
        body(0),
        body(320),
        body(None, 0),
        body(5, elsewhere_ktp=5),
        body(None, kind=IDLE, idle_reason="weather"),
        body(None, lines={"birth": 3}),
        nihil(["record", "kia", "birth"]),
    ],
)
def test_what_may_be_true_is_taken(told: ReportBody) -> None:
    assert refusal(told) == ""


@pytest.mark.parametrize(
    ("told", "usual", "codes"),
    [
        (body(120), UsualFigures(2), []),
        (body(121), UsualFigures(2), ["many:121"]),
        (body(61), UsualFigures(1), ["many:61"]),
        (body(250), UsualFigures(2), ["many:250"]),
        (body(251), UsualFigures(2), ["note:251"]),
        (body(251, obstacles="sekolah, 2 kelas"), UsualFigures(2), ["many:251"]),
        (body(60), UsualFigures(2, (10, 20, 25)), ["yield:60"]),
        (body(60), UsualFigures(2, (10, 20)), []),  # two visits say nothing of a place
        (body(50), UsualFigures(2, (10, 20, 25)), []),  # twice the best is not above it
        (body(30), UsualFigures(2, (1, 2, 3)), []),  # few people are never far above
        (body(161), UsualFigures(2, hours=4), ["hours:161"]),
        (body(160), UsualFigures(2, hours=4), ["many:160"]),
        (body(61), UsualFigures(1, hours=3), ["hours:61"]),
        (body(251), UsualFigures(2, hours=4), ["note:251"]),
        (body(0), UsualFigures(2), ["zero"]),
        (body(None, 3), UsualFigures(2), []),
        (body(20), UsualFigures(2, previous=body(20)), ["same"]),
        (body(20, 1), UsualFigures(2, previous=body(20)), []),
        (body(None, lines={"birth": 0}), UsualFigures(2, previous=body(None, lines={"birth": 0})), []),
        (nihil(["record"]), UsualFigures(2, previous=nihil(["record"])), []),  # one tap, and not asked
        (body(None, kind=IDLE, idle_reason="crew"), UsualFigures(2), []),
    ],
)
def test_what_is_unlikely_is_asked(told: ReportBody, usual: UsualFigures, codes: list[str]) -> None:
    asked = [question.code for question in questions(told, usual)]
    assert [code.partition(":")[0] if code.startswith("same") else code for code in asked] == codes


@pytest.mark.parametrize(
    ("told", "ktp", "kia"),
    [
        (body(20), 20, None),
        (body(20, 4, elsewhere_ktp=3, elsewhere_kia=1), 17, 3),
        (body(20, lines={"record_first": 5}), 25, None),
        (body(None, lines={"record_first": 5}), 5, None),
        (body(None, 0), None, 0),
        (body(None, lines={"replacement": 9, "birth": 2}), None, None),  # no recording, so nothing for the target
        (body(None, kind=IDLE, idle_reason="crew"), None, None),
        (nihil(["record_first", "record", "replacement"]), 0, None),
        (nihil(["kia", "birth"]), None, 0),
    ],
)
def test_only_residents_recorded_and_kia_issued_count(told: ReportBody, ktp: Any, kia: Any) -> None:
    assert (told.residents("KTP"), told.residents("KIA")) == (ktp, kia)


@given(bodies)
def test_a_body_survives_json_and_has_its_digest(told: ReportBody) -> None:
    again = ReportBody.from_json(told.as_json())
    assert again == told
    assert again.digest() == told.digest()
    assert (ReportBody(told.kind, {**told.lines, "family_card": 1}).digest() == told.digest()) is False


@given(bodies)
def test_checked_residents_are_between_zero_and_served(told: ReportBody) -> None:
    try:
        check_body(told, sets=2)
    except Refused:
        return
    for document, total in (("KTP", told.recordings), ("KIA", told.lines.get(KIA))):
        counted = told.residents(document)
        if told.kind == IDLE or total is None:
            assert counted is None
        else:
            assert counted is not None
            assert 0 <= counted <= total


def test_the_database_adds_up_the_same_services() -> None:
    asked = str(ReportLine.objects.recordings().query)
    assert {service for service in Service.values if f" {service}" in asked.split(" IN ")[1].replace("(", " ")} == set(
        RECORDINGS
    )
