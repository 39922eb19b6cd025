"""The page of the next period: making it, and its draft of targets as a table, a file and one confirmation."""

import re
from pathlib import Path

import pytest

from accounts.tests import cast
from dukcapil import clock
from recording.imports.tests.imports import imported, tally
from recording.models import ImportKind, Target
from recording.tests.pages import logged_in, rows, words
from recording.tests.world import BARAT, KAPUK, NOON, target

FIRST = NOON.replace(month=12, day=1)
ADDRESS, FILE = "/periode/", "/periode/draf-target.xlsx"


@pytest.fixture
def december(small_world: None) -> None:
    clock.set_demo(FIRST.date(), FIRST)
    target(100, KAPUK)
    target(9_000, BARAT, kind="stock", opening=7_000)


@pytest.mark.usefixtures("december")
def test_the_draft_is_seen_and_confirmed() -> None:
    client = logged_in(cast.staff())
    assert "Periode 2022 belum dibuat" in words(client.get(ADDRESS))
    client.post(ADDRESS, {"act": "make", "name": "2022"})
    assert "Periode 2022 belum punya target; drafnya sudah siap." in words(client.get("/"))
    page = client.get(ADDRESS)
    assert rows(page, "Draf target") == [
        ["Kota Administrasi Jakarta Barat 31.73", "KTP", "Wajib KTP", "9.000", "7.000"],
        ["Kapuk 31.73.01.1004", "KTP", "Target periode", "100", "0"],
    ]
    seen = re.search(r'name="seen" value="(\w+)"', page.content.decode())
    assert seen
    fields = {"act": "confirm", "period": "2022", "seen": seen[1]}
    refused = client.post(ADDRESS, fields)
    assert refused.status_code == 400
    assert "Tulis nomor keputusan atau surat yang menetapkan target ini." in words(refused)
    assert not Target.objects.filter(period__name="2022").exists()
    assert client.post(ADDRESS, fields | {"source": "SK 1/2022"}).status_code == 302
    assert "2 target 2022 ditetapkan." in words(client.get(ADDRESS))
    assert Target.objects.filter(period__name="2022", source="SK 1/2022").count() == 2
    assert "drafnya" not in words(client.get("/"))
    assert client.get(FILE).status_code == 404


@pytest.mark.usefixtures("december")
def test_the_drafts_file_is_imported_as_it_is(tmp_path: Path) -> None:
    client = logged_in(cast.staff())
    client.post(ADDRESS, {"act": "make", "name": "2022"})
    file = tmp_path / "draf-target-2022.xlsx"
    file.write_bytes(client.get(FILE).content)
    assert tally(imported(file, ImportKind.TARGETS, now=FIRST, accept=True)) == (2, 0, 0, 0)
    stored = Target.objects.filter(period__name="2022").order_by("region").values_list("region", "kind", "people", "opening")
    assert list(stored) == [(BARAT, "stock", 9_000, 7_000), (KAPUK, "task", 100, 0)]
    assert "Draf target" not in words(client.get(ADDRESS))


@pytest.mark.usefixtures("december")
@pytest.mark.parametrize(
    ("fields", "status"),
    [
        ({"act": "make", "name": "2023"}, 409),
        ({"act": "make"}, 409),
        ({"act": "make", "name": "20\x0022"}, 409),
        ({"act": "confirm", "period": "2099", "seen": "", "source": "SK"}, 404),
        ({"act": "confirm", "period": "\x00", "source": "SK"}, 404),
        ({"act": "bogus"}, 400),
        ({}, 400),
    ],
    ids=str,
)
def test_nonsense_is_answered_with_a_sentence(fields: dict[str, str], status: int) -> None:
    answer = logged_in(cast.staff()).post(ADDRESS, fields)
    assert answer.status_code == status
    assert Target.objects.filter(period__name="2022").count() == 0


@pytest.mark.usefixtures("december")
@pytest.mark.parametrize("address", [ADDRESS, FILE])
def test_heads_and_readers_stay_outside(address: str) -> None:
    for who in (cast.head_barat, cast.reader):
        assert logged_in(who()).get(address).status_code == 403
