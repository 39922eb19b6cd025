"""The workbooks that offices really sent: every row mapped or named, totals reconciled, imported, again, and undone."""

from collections import defaultdict
from datetime import datetime, timedelta
from pathlib import Path

import pytest
from django.conf import settings
from python_calamine import CalamineWorkbook

from accounts.acts import Act
from accounts.rights import SYSTEM
from dukcapil.clock import JAKARTA
from recording.imports.preview import Preview
from recording.imports.summary import summary_of
from recording.imports.tests.imports import imported, tally
from recording.ledger.selectors import check_ledger
from recording.ledger.services import undo_posting
from recording.models import CountChange, DailyCount, Door, Period
from recording.regions.region_file import ALIASES, REGIONS, read_aliases, read_regions
from recording.regions.services import load_regions
from recording.targets.services import define_period

SHARED = settings.BASE_DIR.parent / "shared" / "data"
BOOKS = sorted(SHARED.glob("*/*.xlsx"))
NOW = datetime(2022, 12, 31, 12, 0, tzinfo=JAKARTA)
DAYS = {
    "31 Juli 2021 Pukul": "2021-07-31",
    "31 Maret 2020": "2020-03-31",
    "27 Februari 2022": "2022-02-27",
    "30 April 2022": "2022-04-30",
    "30 November 2021": "2021-11-30",
    "30 September 2021": "2021-09-30",
    "31 Agustus 2021": "2021-08-31",
    "31 Juli 2021)": "2021-07-31",
    "31 Mei 2022": "2022-05-31",
    "31 Oktober 2021": "2021-10-31",
}
pytestmark = pytest.mark.skipif(not BOOKS, reason="the shared workbooks are not beside the project")


@pytest.fixture
def dki(db: None) -> None:
    """All 318 regions with their spellings, and the years of the files."""
    load_regions(act=Act(SYSTEM, NOW, Door.COMMAND), rows=read_regions(REGIONS), aliases=read_aliases(ALIASES))
    for year in (2020, 2021, 2022):
        define_period(
            act=Act(SYSTEM, NOW, Door.COMMAND),
            name=str(year),
            first_day=datetime(year, 1, 1).date(),
            last_day=datetime(year, 12, 31).date(),
        )


def per_city(book: Path, label: str) -> dict[str, int]:
    """The sums of a column by city, straight from the first sheet, by the digits of its code."""
    rows = CalamineWorkbook.from_path(str(book)).get_sheet_by_index(0).to_python()
    place = next(index for index, text in enumerate(rows[0]) if " ".join(str(text).split()) == label)
    sums: dict[str, int] = defaultdict(int)
    for row in rows[1:]:
        digits = str(row[0])
        if digits[:2] == "31":
            sums[f"{digits[:2]}.{digits[2:4]}"] += int(float(str(row[place])))
    return dict(sorted(sums.items()))


def of_cities(preview: Preview) -> dict[str, int]:
    """The people of the one document of a file, by city."""
    return {city: sum(people.values()) for city, people in preview.reading.totals.per_city.items()}


def expected_day(book: Path) -> str:
    (day,) = [day for words, day in DAYS.items() if words in book.name]
    return day


@pytest.mark.parametrize("book", BOOKS, ids=lambda book: book.stem[-32:])
def test_a_preview_maps_every_row_and_the_day(book: Path, dki: None) -> None:
    preview = imported(book, dry_run=True, now=NOW).preview
    summary, totals = summary_of(preview), preview.reading.totals
    assert (summary["day"], summary["blocked"], summary["rows"]["rejected"]) == (expected_day(book), "", 0)
    assert summary["rows"]["new"] == 267
    assert [row.label for row in totals.unmapped] == (
        ["BELUM DIKETAHUI", "LUAR DKI JAKARTA"]
        if "Maret 2020" in book.name
        else ["LUAR DKI JAKARTA", "PROSES UPDATE DATA"]
        if "Corona" in book.name
        else []
    )
    numeric = [column for column in summary["columns"] if column["sum"] is not None and column["label"] != "Keterangan"]
    assert len(numeric) >= 11
    assert [column["label"] for column in numeric if not column["agrees"]] == []
    assert all(total.agrees for total in totals.totals)
    used = next(column for column in summary["columns"] if column["use"])
    assert used["label"] == ("JUMLAH DOSIS 1" if "Vaksinasi" in book.name else "ODP" if "2020" in book.name else "SUSPEK")
    assert of_cities(preview) == per_city(book, used["label"])
    mapped, unmapped = sum(of_cities(preview).values()), sum(row.people for row in totals.unmapped)
    assert list(totals.file_total.values()) == [used["total"]] == [mapped + unmapped]
    assert not DailyCount.objects.exists()


def figures() -> dict[tuple[object, ...], int | None]:
    rows = DailyCount.objects.filter(people__isnull=False)
    return {key[:4]: key[4] for key in rows.values_list("region_id", "document", "day", "source", "people")}


def test_a_year_of_totals_can_be_undone_exactly(dki: None) -> None:
    """As running totals of a test document: after every file the sums per city are the file's."""
    books = sorted((book for book in BOOKS if "Vaksinasi" in book.name), key=expected_day)
    columns = {"JUMLAH DOSIS 1": {"document": "KIA", "running": True}}
    postings, before = [], [figures()]
    for book in books:
        done = imported(book, columns=columns, source="vaksinasi", accept=True, reason="koreksi dinas", now=NOW)
        assert (done.refused, done.preview.findings.rejected) == (None, 0)
        assert done.posting is not None
        stored: dict[str, int] = defaultdict(int)
        for (code, *_), people in figures().items():
            stored[str(code)[:5]] += people or 0
        assert dict(sorted(stored.items())) == per_city(book, "JUMLAH DOSIS 1")
        again = imported(book, columns=columns, source="vaksinasi", accept=True, reason="lagi", now=NOW)
        assert (tally(again)[:2], again.posting) == ((0, 0), None)
        postings.append(done.posting.pk)
        before.append(figures())
    assert check_ledger().mismatches == 0
    before.pop()
    for posting in reversed(postings):
        undo_posting(act=Act(SYSTEM, NOW + timedelta(hours=1), Door.PAGE), posting=posting, reason="salah berkas")
        assert figures() == before.pop()
    assert (check_ledger().mismatches, CountChange.objects.exists()) == (0, True)


def test_a_reports_target_column_gives_its_targets(dki: None) -> None:
    book = next(book for book in BOOKS if "30 November 2021" in book.name)
    done = imported(book, "targets", document="KTP", decree="SK 12/2021", now=NOW)
    assert (done.refused, tally(done), done.preview.plan.day_or_period) == (None, (267, 0, 0, 0), "2021")
    assert of_cities(done.preview) == per_city(book, "SASARAN")
    assert Period.objects.get(name="2021").targets.count() == 267
    assert tally(imported(book, "targets", document="KTP", decree="SK 12/2021", now=NOW)) == (0, 0, 267, 0)
