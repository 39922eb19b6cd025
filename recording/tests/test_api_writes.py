"""Writing through the API: all or nothing, each mistake named, and nothing of a mistake stored."""

import json
from collections.abc import Callable
from datetime import date, timedelta
from io import BytesIO
from typing import Any

import pytest
from django.test import Client

from accounts.acts import Act
from accounts.models import StoredAnswer, User
from accounts.rights import SYSTEM
from accounts.tests import cast
from recording.ledger.selectors import check_ledger
from recording.ledger.services import return_counts
from recording.models import AuditEntry, CountChange, DailyCount, Door, Posting, Target
from recording.tests import world
from recording.tests.api import ROOT, bearer, contents, fields, post, row, told, without
from recording.tests.world import BARAT, KAPUK

pytestmark = pytest.mark.usefixtures("at_noon")
TIMUR = "31.75.01.1004"
NIK = "3173010101010001"


def head() -> dict[str, str]:
    return bearer(cast.head_barat())


def raw(people: str) -> bytes:
    """A good count whose people are written like this."""
    return json.dumps(without("people"))[:-1].encode() + f', "people": {people}}}'.encode()


# What is good


def test_a_new_count_is_stored_and_reported() -> None:
    answer = post(head(), row())
    posting = Posting.objects.get()
    assert (answer.status_code, answer["Content-Type"]) == (200, "application/json")
    assert answer.json() == {
        "posting": posting.pk,
        "new": 1,
        "changed": 0,
        "unchanged": 0,
        "waiting": 0,
        "results": [
            {
                "region": KAPUK,
                "document": "KTP",
                "day": "2021-11-25",
                "source": "loket",
                "status": "new",
                "old": None,
                "new": 31,
            }
        ],
    }
    assert (posting.by, posting.door, posting.reason, world.value()) == (cast.head_barat(), "api", "", 31)
    assert (answer["Cache-Control"], "Idempotent-Replayed" in answer) == ("no-store", False)


def test_a_list_is_one_act_answered_in_order() -> None:
    world.write(world.count(5), world.count(6, BARAT))
    body = [row(people=7, reason="hitung ulang"), row(region=BARAT, people=6), row(region="31.73.01", people=0)]
    answer = post(head(), body).json()
    assert [(each["status"], each["old"], each["new"]) for each in answer["results"]] == [
        ("changed", 5, 7),
        ("unchanged", 6, 6),
        ("new", None, 0),
    ]
    assert (answer["new"], answer["changed"], answer["unchanged"]) == (1, 1, 1)
    latest = Posting.objects.latest("pk")
    assert (answer["posting"], latest.reason, latest.changes.count()) == (latest.pk, "hitung ulang", 2)
    assert check_ledger().mismatches == 0


def test_sending_the_same_again_changes_nothing() -> None:
    asking = head()
    post(asking, row())
    before = contents()
    answer = post(asking, row()).json()
    assert (answer["posting"], answer["unchanged"], contents()) == (None, 1, before)


def test_the_largest_and_smallest_number_are_stored() -> None:
    asking = head()
    for people in (0, 999_999_999):
        assert post(asking, row(people=people, reason="uji")).status_code == 200
        assert world.value() == people


def many(number: int) -> list[dict[str, Any]]:
    """That many different counts of one village: 40 sources on each day."""
    first = date(2021, 1, 1)
    return [row(day=(first + timedelta(days=n // 40)).isoformat(), source=f"loket-{n % 40}", people=n) for n in range(number)]


def test_ten_thousand_counts_are_the_most_at_once() -> None:
    asking, before = head(), contents()
    assert "10000" in told(post(asking, many(10_001)), 400)["detail"].replace(".", "").replace(",", "")
    assert contents() == before
    answer = post(asking, many(10_000)).json()
    assert (answer["new"], len(answer["results"])) == (10_000, 10_000)
    assert (DailyCount.objects.count(), CountChange.objects.count(), Posting.objects.count()) == (10_000, 10_000, 1)


def test_one_wrong_row_keeps_all_out() -> None:
    body, before = many(500), contents()
    body[7]["people"], body[499]["day"] = -1, "2021-11-26"
    found = told(post(head(), body), 400)
    assert fields(found) == [(7, "people"), (499, "day")]
    assert "2 baris ditolak" in found["detail"]
    assert contents() == before


def test_a_hundred_wrong_rows_are_named_all_counted() -> None:
    found = told(post(head(), [each | {"people": None} for each in many(250)]), 400)
    assert fields(found) == [(index, "people") for index in range(100)]
    assert "250" in found["detail"]


# Corrections


def test_another_number_needs_a_reason() -> None:
    world.write(world.count(5))
    asking, before = head(), contents()
    for body in (row(people=6), row(people=6, reason=""), row(people=6, reason="  "), [row(region=BARAT), row(people=6)]):
        found = told(post(asking, body), 400)
        assert [field for _row, field in fields(found)] == ["reason"]
        assert "Sudah tercatat 5" in found["errors"][0]["detail"]
    assert contents() == before
    assert post(asking, row(people=6, reason="salah ketik")).status_code == 200
    assert CountChange.objects.latest("pk").delta == 1


def test_one_request_carries_one_reason() -> None:
    before = contents()
    found = told(post(head(), [row(reason="a"), row(region=BARAT, reason="b")]), 400)
    assert (fields(found), contents()) == ([(None, "reason")], before)


def test_an_outdated_expected_value_is_a_conflict() -> None:
    seen = world.write(world.count(5)).posting
    now = world.write(world.count(6)).posting
    assert seen is not None
    assert now is not None
    asking, before = head(), contents()
    for expected in (seen.pk, 0, now.pk + 1):
        found = told(post(asking, row(people=7, reason="uji", expected=expected)), 409)
        assert found["type"].endswith("#conflict")
        assert "6" in found["errors"][0]["detail"]
        assert (fields(found), contents()) == ([(0, "people")], before)
    assert post(asking, row(people=7, reason="uji", expected=now.pk)).status_code == 200


def test_a_conflict_beside_an_error_is_a_400() -> None:
    world.write(world.count(6))
    before = contents()
    body = [row(people=7, reason="uji", expected=0), row(region=BARAT, people=-1)]
    assert fields(told(post(head(), body), 400)) == [(0, "people"), (1, "people")]
    assert contents() == before


def test_expecting_a_returned_count_is_a_409() -> None:
    seen = world.write(world.count(6)).posting
    assert seen is not None
    return_counts(act=Act(SYSTEM, world.NOON, Door.PAGE), keys=[world.count(0).key], reason="keliru")
    told(post(head(), row(people=7, expected=seen.pk)), 409)
    assert post(head(), row(people=7, expected=0)).status_code == 200
    assert world.value() == 7


# What is not


BAD: list[tuple[Any, str]] = [
    (row(people="5"), "people"),
    (row(people=5.0), "people"),
    (raw("1e3"), "people"),
    (row(people=True), "people"),
    (row(people=False), "people"),
    (row(people=None), "people"),
    (row(people=-1), "people"),
    (raw("-0.0"), "people"),
    (row(people=2**63), "people"),
    (row(people=-(2**63)), "people"),
    (row(people=1_000_000_000), "people"),
    (row(people=[5]), "people"),
    (row(people={}), "people"),
    (row(people=""), "people"),
    (raw("1E400"), "people"),
    (row(people=10**17), "people"),
    (row(jumlah=5), "jumlah"),
    (row(**{"people ": 5}), "people "),
    (row(__class__="x"), "__class__"),
    (row(region=None), "region"),
    (row(region=31), "region"),
    (row(region="31.99"), "region"),
    (row(region=""), "region"),
    (row(region=" " + KAPUK), "region"),
    (row(region="３１"), "region"),
    (row(region="31.73.01.1004x"), "region"),
    (row(region=["31"]), "region"),
    (json.dumps(row(region="🙂"), ensure_ascii=False).encode(), "region"),
    (row(document="SIM"), "document"),
    (row(document="ktp"), "document"),
    (row(document=1), "document"),
    (row(day="2021-11-26"), "day"),
    (row(day="25/11/2021"), "day"),
    (row(day="2021-02-30"), "day"),
    (row(day="2019-12-31"), "day"),
    (row(day=20211125), "day"),
    (row(day=None), "day"),
    (row(day="２０２１-11-25"), "day"),
    (row(day="2021-11-25T10:00:00Z"), "day"),
    (row(day="0000-00-00"), "day"),
    (row(day="2021-11-25\n"), "day"),
    (row(source=""), "source"),
    (row(source="Loket 1"), "source"),
    (row(source="x" * 41), "source"),
    (row(source=None), "source"),
    (row(source="loket\u202e"), "source"),
    (row(expected="5"), "expected"),
    (row(expected=None), "expected"),
    (row(expected=1.0), "expected"),
    (row(expected=True), "expected"),
    (row(reason=5), "reason"),
    (row(reason=None), "reason"),
    (row(reason=f"warga {NIK}"), "reason"),
    (row(reason="x" * 501), "reason"),
]


@pytest.mark.parametrize(("body", "field"), BAD, ids=[f"{number} {field}" for number, (_b, field) in enumerate(BAD)])
def test_a_wrong_value_is_refused_at_its_name(body: Any, field: str) -> None:
    asking, before = bearer(cast.admin()), contents()
    answer = post(asking, body)
    found = told(answer, 400)
    assert [name for _row, name in fields(found)] == [field]
    assert NIK not in answer.content.decode()
    assert contents() == before


@pytest.mark.parametrize("name", ["region", "document", "day", "source", "people"])
def test_a_missing_field_is_named(name: str) -> None:
    asking, before = head(), contents()
    assert fields(told(post(asking, without(name)), 400)) == [(0, name)]
    assert fields(told(post(asking, [row(), without(name)]), 400)) == [(1, name)]
    assert contents() == before


def test_a_count_twice_in_a_request_is_refused() -> None:
    before = contents()
    for second in (row(), row(people=5)):
        assert fields(told(post(head(), [row(), row(region=BARAT), second]), 400)) == [(2, "region")]
    assert contents() == before


BODIES: list[tuple[bytes, int]] = [
    (b"", 400),
    (b" ", 400),
    (b"{}", 400),
    (b"[]", 400),
    (b"null", 400),
    (b"true", 400),
    (b"5", 400),
    (b'"x"', 400),
    (b"[[]]", 400),
    (b"[null]", 400),
    (b"[5]", 400),
    (b'["x"]', 400),
    (b"{", 400),
    (b"[{}", 400),
    (b"{'a': 1}", 400),
    (b"region=31", 400),
    (raw("NaN"), 400),
    (raw("Infinity"), 400),
    (raw("-Infinity"), 400),
    (raw("1" + "0" * 5_000), 400),
    (raw("0x10"), 400),
    (raw("007"), 400),
    (raw("5") + b"x", 400),
    (raw("5") * 2, 400),
    (b"\xef\xbb\xbf" + raw("5"), 400),
    (raw('5, "people": 6'), 400),
    (raw('5, "reason": "\\u0000"'), 400),
    (raw('5, "reason": "\\ud800"'), 400),
    (raw('5, "reason": "\\uDFFF"'), 400),
    (raw('5, "reason": "\xff"').decode().encode("latin-1"), 400),
    (raw('5, "reason": "\x00"'), 400),
    (raw('5, "reason": "a\nb"'), 400),
    (json.dumps(row()).encode("utf-16"), 400),
    (b"[" * 50_000, 400),
    (b"[" * 50_000 + b"]" * 50_000, 400),
    (b'{"a":' * 50_000 + b"1" + b"}" * 50_000, 400),
    (b"[" + b" " * 10_000_000 + b"]", 413),
    (b"x" * 10_000_000, 413),
    (raw('5, "reason": "' + "x" * 10_000_000 + '"'), 413),
]


@pytest.mark.parametrize("path", ["counts/", "targets/"])
@pytest.mark.parametrize(("body", "status"), BODIES, ids=[str(body[:24]) for body, _status in BODIES])
def test_a_body_that_is_no_row_is_refused(body: bytes, status: int, path: str) -> None:
    asking, before = bearer(cast.staff(), "counts:write", "targets:write"), contents()
    told(post(asking, body, path), status)
    assert contents() == before


@pytest.mark.parametrize("sign", ["\\u0000", "\\ud800", "\\udc00x"])
@pytest.mark.parametrize("name", ["region", "document", "day", "source", "nama"])
def test_a_sentence_may_quote_surrogates_and_nul(name: str, sign: str) -> None:
    """A refusal repeats what it refuses; such a sign could not be sent back."""
    before = contents()
    body = json.dumps(row(**{name: "@"})).replace("@", sign).encode()
    told(post(head(), body), 400)
    assert contents() == before


@pytest.mark.parametrize(
    "kind",
    [
        "text/plain",
        "application/x-www-form-urlencoded",
        "multipart/form-data; boundary=x",
        "application/xml",
        "text/csv",
        "application/octet-stream",
        "application/merge-patch+json",
        "nonsense",
    ],
)
def test_another_content_type_is_a_415(kind: str) -> None:
    asking, before = head(), contents()
    told(post(asking, row(), kind=kind), 415)
    assert contents() == before


@pytest.mark.parametrize("kind", ["application/json", "application/json; charset=utf-8", "APPLICATION/JSON"])
def test_json_is_json_however_it_is_written(kind: str) -> None:
    assert post(head(), row(), kind=kind).status_code == 200
    assert world.value() == 31


def test_an_unknown_query_parameter_is_refused_by_name() -> None:
    before = contents()
    assert fields(told(post(head(), row(), "counts/?dry_run=1"), 400)) == [(None, "dry_run")]
    assert contents() == before


@pytest.mark.parametrize("method", ["put", "patch", "delete"])
def test_nothing_is_changed_in_place_or_deleted(method: str) -> None:
    world.write(world.count(5))
    before = contents()
    told(getattr(Client(), method)(ROOT + "counts/", row(), "application/json", headers=head()), 405)
    assert contents() == before


@pytest.mark.parametrize(
    ("owner", "code", "status"),
    [
        (cast.head_barat, TIMUR, 403),
        (cast.api_barat, TIMUR, 404),
        (cast.head_barat, "32.73", 404),
        (cast.staff, "32.73", 404),
        (cast.admin, "32.73", 400),
        (cast.reader, KAPUK, 403),
    ],
)
def test_a_row_out_of_reach_refuses_all_rows(owner: Callable[[], User], code: str, status: int) -> None:
    asking = bearer(owner(), *(["read"] if owner is cast.reader else []))
    before = contents()
    body = [row(), row(region=code, day="2021-11-24")]
    found = told(post(asking, body), status)
    assert [name for _row, name in fields(found)] == ([] if owner is cast.reader else ["region"])
    assert contents() == before


def test_only_the_words_follow_the_requested_language() -> None:
    asking = head()
    ours = told(post(asking, row(people=-1)), 400)
    english = told(post(asking, row(people=-1), Accept_Language="en"), 400)
    assert ours["type"] == english["type"]
    assert ours["errors"][0]["detail"].startswith("Jumlah harus antara 0 dan 999.999.999")
    assert "Jumlah" not in english["errors"][0]["detail"]
    assert "999" in english["errors"][0]["detail"]
    assert fields(ours) == fields(english)


def test_no_sixteen_digits_come_in_through_a_source() -> None:
    before = contents()
    assert fields(told(post(head(), row(source=NIK)), 400)) == [(0, "source")]
    assert contents() == before


# Targets


def wanted(**changes: Any) -> dict[str, Any]:
    good = {
        "region": KAPUK,
        "document": "KTP",
        "period": "2021",
        "people": 240,
        "source": "SK 12/2021",
        "effective_from": "2021-01-01",
    }
    return good | changes


def dinas() -> dict[str, str]:
    return bearer(cast.staff(), "read", "targets:write")


def test_every_version_of_a_target_stays() -> None:
    asking = dinas()
    answers = [
        post(asking, wanted(**changes), "targets/").json()["results"][0]
        for changes in ({}, {}, {"people": 250, "source": "SK 13/2021", "expected": 1}, {"people": None})
    ]
    assert [(each["status"], each["version"], each["old"], each["new"]) for each in answers] == [
        ("new", 1, None, 240),
        ("unchanged", 1, 240, 240),
        ("changed", 2, 240, 250),
        ("changed", 3, 250, None),
    ]
    assert world.versions(KAPUK) == [240, 250, None]
    assert set(Target.objects.values_list("by__username", flat=True)) == {"dian"}
    assert set(AuditEntry.objects.filter(action="target.set").values_list("door", flat=True)) == {"api"}
    listed = Client().get(ROOT + "targets/", headers=asking).json()["results"]
    assert [each["people"] for each in listed] == [240, 250, None]


def test_a_superseded_target_says_from_which_day() -> None:
    asking = dinas()
    later = wanted(people=300, effective_from="2021-08-01")
    answers = [post(asking, each, "targets/").json()["results"][0] for each in (later, wanted())]
    assert [each["superseded_from"] for each in answers] == [None, "2021-08-01"]


@pytest.mark.parametrize("owner", [cast.head_barat, cast.api_client, cast.reader])
def test_nobody_but_the_agency_sets_targets(owner: Callable[[], User]) -> None:
    asking, before = bearer(owner(), "read"), contents()
    told(post(asking, wanted(), "targets/"), 403)
    assert contents() == before


WRONG_TARGETS: list[tuple[dict[str, Any], str]] = [
    ({"people": "240"}, "people"),
    ({"people": 2.5}, "people"),
    ({"people": True}, "people"),
    ({"people": -1}, "people"),
    ({"people": 2**63}, "people"),
    ({"people": None}, "people"),
    ({"period": "2031"}, "period"),
    ({"period": "x" * 41}, "period"),
    ({"period": 2021}, "period"),
    ({"document": "SIM"}, "document"),
    ({"source": ""}, "source"),
    ({"source": f"SK {NIK}"}, "source"),
    ({"source": "x" * 201}, "source"),
    ({"effective_from": "2022-01-01"}, "effective_from"),
    ({"effective_from": "besok"}, "effective_from"),
    ({"kind": "lain"}, "kind"),
    ({"kind": None}, "kind"),
    ({"opening": 5}, "opening"),
    ({"opening": "5"}, "opening"),
    ({"opening": -1, "kind": "stock"}, "opening"),
    ({"opening": 2**63, "kind": "stock"}, "opening"),
    ({"region": "31.99"}, "region"),
    ({"target": 5}, "target"),
    ({"expected": "0"}, "expected"),
]


@pytest.mark.parametrize(("changes", "field"), WRONG_TARGETS)
def test_a_wrong_target_is_refused_at_its_name(changes: dict[str, Any], field: str) -> None:
    asking, before = dinas(), contents()
    found = told(post(asking, [wanted(region=BARAT), wanted(**changes)], "targets/"), 400)
    assert fields(found) == [(1, field)]
    assert contents() == before


def test_an_outdated_target_version_is_a_409() -> None:
    asking = dinas()
    post(asking, wanted(), "targets/")
    before = contents()
    for expected in (0, 2):
        told(post(asking, wanted(people=5, expected=expected), "targets/"), 409)
    assert fields(told(post(asking, [wanted(), wanted(people=3)], "targets/"), 400)) == [(1, "region")]
    told(post(asking, wanted(region="32.73"), "targets/"), 404)
    assert contents() == before


def test_a_thousand_targets_are_the_most_at_once() -> None:
    asking, before = dinas(), contents()
    told(post(asking, [wanted()] * 1_001, "targets/"), 400)
    assert len(told(post(asking, [wanted()] * 1_000, "targets/"), 400)["errors"]) == 100
    assert contents() == before
    assert not StoredAnswer.objects.exists()


def chunked(asking: dict[str, str], body: bytes, **environ: Any) -> Any:
    """As a server gives a body that came in chunks to the portal: its length is not known."""
    client = Client(headers=asking | {"Transfer-Encoding": "chunked"})
    payload = {"REQUEST_METHOD": "POST", "PATH_INFO": f"{ROOT}counts/", "CONTENT_TYPE": "application/json"}
    return client.request(**payload | {"wsgi.input": BytesIO(body)} | environ)


def test_a_body_in_chunks_is_read() -> None:
    body = json.dumps([row()]).encode()
    answer = chunked(head(), body, **{"wsgi.input_terminated": True})
    assert (answer.status_code, answer.json()["new"], world.value()) == (200, 1, 31)
    told(chunked(head(), b" " * 4_000_001, **{"wsgi.input_terminated": True}), 413)
    told(chunked(head(), b"", **{"wsgi.input_terminated": True}), 400)


def test_chunks_that_cannot_be_read_are_a_411() -> None:
    before = contents()
    told(chunked(head(), json.dumps([row()]).encode()), 411)
    assert contents() == before
