"""The page of a region's target: the preview says what the next run says, and what it showed is what is stored."""

import re
from datetime import date
from typing import Any

import pytest

from accounts.models import User
from accounts.rights import SYSTEM
from accounts.tests import cast
from recording.coverage.services import recompute_coverage
from recording.models import Target
from recording.tests.pages import Answer, forget_pages, logged_in, rows, value, words, wrong
from recording.tests.world import BARAT, DAY, DKI, KAPUK, NOON, after, count, target, versions, write

pytestmark = pytest.mark.usefixtures("at_noon")
CENGKARENG, PALMERIAM = "31.73.01", "31.75.01.1004"
GOOD = {"people": "40.326", "source": "SK 21/2021", "effective_from": "2021-08-01"}


@pytest.fixture(autouse=True)
def _story(at_noon: None) -> None:
    forget_pages()
    target(40_000, KAPUK)
    target(20_000, PALMERIAM)
    write(count(31_000, day=date(2021, 11, 24)))
    recompute_coverage(by=SYSTEM, day=DAY, now=NOON)


def send(code: str, data: dict[str, Any], *, by: User | None = None, act: str = "check", kind: str = "task") -> Any:
    client = logged_in(by or cast.staff())
    return client.post(f"/wilayah/{code}/target/?jenis={kind}", {**data, "act": act})


def saved(code: str, data: dict[str, Any], kind: str = "task") -> Answer:
    """Previewed and saved; the preview."""
    preview = send(code, data, kind=kind)
    assert preview.status_code == 200, wrong(preview)
    assert send(code, {**data, "seen": value(preview, "seen")}, act="save", kind=kind).status_code == 302
    return preview


def effect(preview: Answer) -> list[str]:
    """The column of the preview that says how it will be."""
    return [row[-1] for row in rows(preview, "Sekarang dan sesudah disimpan")]


def shown(code: str) -> tuple[str, str, str]:
    """Target, percentage and remaining as the page of the region says after the next run."""
    write(count(0, PALMERIAM, day=DAY))
    recompute_coverage(by=SYSTEM, day=DAY, now=after(hours=1))
    forget_pages()
    page = words(logged_in(cast.reader()).get(f"/wilayah/{code}/"))
    found = re.search(r"[\d.]+ dari ([\d.]+)\b.*? ([\d,]+%) dari target (?:sisa ([\d.]+)|[\d.]+ di atas target)", page)
    assert found, page
    return found[1], found[2], found[3] or "0"


@pytest.mark.parametrize(
    ("code", "people"), [(KAPUK, "40.326"), (KAPUK, "31.000"), (KAPUK, "30.000"), (BARAT, "41.000"), (DKI, "60.326")]
)
def test_the_preview_is_what_the_run_says(code: str, people: str) -> None:
    preview = saved(code, {**GOOD, "people": people})
    goal, percent, remaining, _per_day = effect(preview)
    assert (goal, percent, remaining) == shown(code)


def test_the_preview_tells_of_those_above() -> None:
    text = words(saved(KAPUK, GOOD))
    for name in ("Cengkareng", "Kota Administrasi Jakarta Barat"):
        assert f"{name} 31.000 dari 40.000 → menjadi 40.326 · 77,50% → menjadi 76,87%" in text
    province = "31.000 dari 60.000 → menjadi 60.326 · 51,67% → menjadi 51,39% · sisa 29.000 → menjadi 29.326"
    assert f"Daerah Khusus Ibukota Jakarta {province}" in text
    assert shown(DKI) == ("60.326", "51,39%", "29.326")


def test_an_own_target_above_is_not_moved() -> None:
    target(50_000, BARAT)
    text = words(send(KAPUK, GOOD))
    assert "Kota Administrasi Jakarta Barat tetap 50.000: mempunyai target sendiri" in text
    assert "Daerah Khusus Ibukota Jakarta tetap 70.000" in text


def test_the_needed_pace_is_the_runs() -> None:
    needed = effect(saved(KAPUK, GOOD))[-1]
    shown(KAPUK)
    page = words(logged_in(cast.staff()).get(f"/wilayah/{KAPUK}/"))
    assert f"Perlu per hari kerja {needed} sisa" in page


def test_a_later_decree_stands_and_is_told() -> None:
    target(45_000, KAPUK, since=date(2021, 10, 1))
    recompute_coverage(by=SYSTEM, day=DAY, now=after(hours=0.5))
    preview = saved(KAPUK, GOOD)
    text = words(preview)
    assert "berlaku hanya sampai sebelum Jumat, 1 Oktober 2021: sejak hari itu berlaku SK 1/2021" in text
    assert "Angka sekarang tidak berubah." in text
    assert effect(preview)[:3] == list(shown(KAPUK))
    assert "Min, 1 Agu 2021 – Kam, 30 Sep 2021 40.326 · SK 21/2021 baru" in text


def test_a_day_ahead_leaves_the_figures_until_then() -> None:
    preview = saved(KAPUK, {**GOOD, "effective_from": "2021-12-01"})
    assert "Sampai hari itu angkanya tetap seperti sekarang." in words(preview)
    assert effect(preview)[0] == "40.326"
    assert shown(KAPUK)[0] == "40.000"


def test_the_same_day_is_corrected_and_told() -> None:
    saved(KAPUK, GOOD)
    text = words(saved(KAPUK, {**GOOD, "people": "40.400", "source": "SK 22/2021"}))
    assert "Menggantikan versi 2 (SK 21/2021), yang bertanggal sama" in text
    assert versions(KAPUK) == [40_000, 40_326, 40_400]


def test_a_withdrawal_lets_the_sum_count_again() -> None:
    target(50_000, BARAT)
    recompute_coverage(by=SYSTEM, day=DAY, now=after(hours=0.5))
    preview = saved(BARAT, {**GOOD, "people": "", "withdraw": "on"})
    assert "Sejak itu berlaku jumlah target wilayah di bawahnya." in words(preview)
    assert versions(BARAT) == [50_000, None]
    assert effect(preview)[:3] == list(shown(BARAT)) == ["40.000", "77,50%", "9.000"]


def test_the_stock_counts_its_opening_figure() -> None:
    data = {"people": "80.000", "opening": "7.000", "source": "SK 3/2021", "effective_from": "2021-01-01"}
    preview = saved(BARAT, data, kind="stock")
    assert effect(preview) == ["80.000", "47,50%", "42.000"]
    shown(BARAT)
    page = words(logged_in(cast.reader()).get(f"/wilayah/{BARAT}/"))
    assert "47,50% · 38.000 dari 80.000" in page


@pytest.mark.parametrize(
    ("change", "field"),
    [
        ({"people": ""}, "people"),
        ({"people": "empat"}, "people"),
        ({"source": ""}, "source"),
        ({"source": "NIK 3173012345670001"}, "source"),
        ({"effective_from": "2022-01-01"}, "effective_from"),
        ({"effective_from": "besok"}, "effective_from"),
    ],
)
def test_what_is_wrong_is_said_at_its_field(change: dict[str, str], field: str) -> None:
    answer = send(KAPUK, {**GOOD, **change}, act="save")
    assert answer.status_code == 400
    assert list(wrong(answer)) == [field]
    assert versions(KAPUK) == [40_000]


def test_a_stale_press_shows_it_anew() -> None:
    seen = value(send(KAPUK, GOOD), "seen")
    target(90_000, PALMERIAM)
    answer = send(KAPUK, {**GOOD, "seen": seen}, act="save")
    assert answer.status_code == 409
    assert "berubah sejak pratinjau" in words(answer)
    assert "31.000 dari 130.000 → menjadi 130.326" in words(answer)
    assert versions(KAPUK) == [40_000]
    assert send(KAPUK, {**GOOD, "seen": value(answer, "seen")}, act="save").status_code == 302


def test_a_changed_field_is_not_saved_unseen() -> None:
    seen = value(send(KAPUK, GOOD), "seen")
    answer = send(KAPUK, {**GOOD, "people": "50.000", "seen": seen}, act="save")
    assert (answer.status_code, versions(KAPUK)) == (409, [40_000])
    assert effect(answer)[0] == "50.000"


def test_pressed_twice_is_saved_once() -> None:
    seen = value(send(KAPUK, GOOD), "seen")
    answers = [send(KAPUK, {**GOOD, "seen": seen}, act="save").status_code for _ in range(2)]
    assert (answers, versions(KAPUK)) == ([302, 302], [40_000, 40_326])
    assert Target.objects.filter(region=KAPUK, version=2, by=cast.staff()).exists()


def test_the_history_says_who_when_and_how() -> None:
    saved(KAPUK, GOOD)
    (newest, first) = rows(logged_in(cast.reader_barat()).get(f"/wilayah/{KAPUK}/target/"), "Semua versi")
    assert newest[0] == "Target periode v2 berlaku"
    assert "SK 21/2021 dicatat Dian Dinas, Kam, 25 Nov 2021" in newest[2]
    assert newest[2].endswith("Halaman")
    assert (first[1], first[2].endswith("Perintah")) == ("40.000", True)


@pytest.mark.parametrize(("person", "may"), [(cast.head_barat, False), (cast.reader, False), (cast.staff, True)])
def test_only_who_may_set_sees_a_form(person: Any, may: bool) -> None:
    client = logged_in(person())
    page = client.get(f"/wilayah/{KAPUK}/target/").content.decode()
    assert ('name="people"' in page, "Bagi ke" in page) == (may, False)
    assert ("Ubah target" in words(client.get(f"/wilayah/{KAPUK}/"))) is may
    assert "Riwayat target" in words(client.get(f"/wilayah/{KAPUK}/")) or may
    assert send(KAPUK, GOOD, by=person()).status_code == (200 if may else 403)


def test_a_stranger_finds_no_region() -> None:
    assert logged_in(cast.staff_jabar()).get(f"/wilayah/{KAPUK}/target/").status_code == 404
    assert send(KAPUK, GOOD, by=cast.staff_jabar()).status_code == 404


def test_before_any_run_only_the_target_is_told() -> None:
    """As on the first day of an installation: nothing recorded is missing, not zero."""
    answer = logged_in(cast.staff()).post(f"/wilayah/{DKI}/target/?periode=2020", {**GOOD, "effective_from": "2020-01-01"})
    assert effect(answer) == ["40.326", "–", "40.326", "–"]
