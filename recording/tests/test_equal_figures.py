"""Page, workbook, CSV, paper, text and the answer for machines say the same of a run, region by region."""

import csv
import re
from collections.abc import Callable
from datetime import timedelta
from io import BytesIO, StringIO
from typing import Any

import pytest
from django.test import Client
from python_calamine import CalamineWorkbook

from accounts.acts import Act
from accounts.rights import SYSTEM
from accounts.tests import cast
from recording.coverage.services import recompute_coverage, run_due
from recording.models import Door
from recording.targets.services import TargetInput, set_target
from recording.tests import world
from recording.tests.commands import run
from recording.tests.pages import logged_in, rows, words
from recording.tests.world import BARAT, DAY, DKI, KAPUK, NOON, count, write

# (recorded, target, percentage, remaining) as a page shows them, by the short name of the region.
Figures = dict[str, tuple[str, str, str, str]]
CITIES = {"31.71": "Jakarta Pusat", "31.73": "Jakarta Barat", "31.75": "Jakarta Timur"}
NAMES = {DKI: "Daerah Khusus Ibukota Jakarta", **CITIES}


@pytest.fixture
def story(at_noon: None) -> None:
    """Percentages that are easily got wrong: 99,99 that is not 100, 0,01 that is not 0, a surplus, and no target."""
    for document, targets in (("KTP", {KAPUK: 40_000, "31.71.01.1001": 30_000}), ("KIA", {KAPUK: 70, "31.75.01.1004": 9})):
        for code, people in targets.items():
            wanted = TargetInput(code, document, "2021", people, "SK 1/2021", DAY.replace(month=1, day=1))
            set_target(act=Act(SYSTEM, NOON, Door.COMMAND), target=wanted)
    write(count(39_990, day=DAY - timedelta(days=1)), count(80, document="KIA"))
    run_due(by=SYSTEM, now=NOON)
    write(count(9), count(1, "31.71.01.1001"), count(12, "31.75.01.1004"), count(3, "31.71.01.1001", document="KIA"))
    recompute_coverage(by=SYSTEM, day=DAY, now=NOON)


def on_the_page(client: Client, document: str) -> Figures:
    page = client.get(f"/wilayah/31/?dokumen={document}")
    found = {row[0]: (row[3], row[4], row[2], row[5]) for row in rows(page, "di Daerah")}
    whole = r"Capaian target.*? ([\d.]+) dari ([\d.]+) .*? ([\d.,]+%) dari target(?: sisa ([\d.]+))?"
    headline = re.search(whole, words(page))
    assert headline, words(page)
    recorded, target, percent, remaining = headline.groups()
    return found | {NAMES[DKI]: (recorded, target, percent, remaining or "0")}


def on_paper(client: Client, document: str) -> Figures:
    page = client.get(f"/wilayah/31/cetak/?dokumen={document}").content.decode()
    lines = re.findall(r"<tr.*?</tr>", page.partition("<tbody>")[2], re.DOTALL)
    cells = [[words(cell) for cell in re.findall(r"<t[hd]\b.*?</t[hd]>", line, re.DOTALL)] for line in lines]
    return {name: (recorded, target, percent, remaining) for name, recorded, target, percent, remaining, _plan in cells}


def in_the_workbook(client: Client, document: str) -> Figures:
    content = client.get(f"/wilayah/31/unduh.xlsx?dokumen={document}").content
    header, *lines = CalamineWorkbook.from_filelike(BytesIO(content)).get_sheet_by_index(0).to_python()[3:]
    found = {}
    for each in lines:
        line: dict[Any, Any] = dict(zip(header, each, strict=True))
        if line["Kode"] in NAMES:
            percent = "" if line["Capaian"] == "" else f"{round(line['Capaian'] * 100, 2):.2f}"
            found[NAMES[line["Kode"]]] = shown(line["Realisasi"], line["Target"], percent, line["Sisa"])
    return found


def in_the_csv(client: Client, document: str) -> Figures:
    answer = client.get(f"/wilayah/31/unduh.csv?dokumen={document}")
    text = b"".join(answer.streaming_content).decode("utf-8-sig")  # type: ignore[attr-defined]
    return {
        NAMES[line["Kode"]]: shown(line["Realisasi"], line["Target"], line["Capaian"].replace(",", "."), line["Sisa"])
        for line in csv.DictReader(StringIO(text), delimiter=";")
        if line["Kode"] in NAMES
    }


def in_the_text(client: Client, document: str) -> dict[str, tuple[str, ...]]:
    """The text tells no remaining of the regions below and no percentage without a target."""
    page = client.get(f"/wilayah/31/ringkasan/?dokumen={document}").content.decode()
    indonesian = words(page.partition('id="teks-id"')[2].partition("</textarea>")[0])
    found: dict[str, tuple[str, ...]] = {}
    for name in CITIES.values():
        line = re.search(rf"{name}: ([\d.]+) dari ([\d.]+) \(([\d.,]+%)\)", indonesian)
        bare = re.search(rf"{name}: ([\d.]+) \(belum ada target\)", indonesian)
        silent = re.search(rf"{name}: belum ada laporan \(target ([\d.]+)\)", indonesian)
        found[name] = line.groups() if line else (bare[1], "–", "–") if bare else ("–", silent[1] if silent else "–", "–")
    whole = re.search(r"([\d.]+) dari ([\d.]+) .*?\(([\d.,]+%)\)", indonesian)
    assert whole
    return found | {NAMES[DKI]: whole.groups()}


def for_machines(document: str) -> Figures:
    results = run("recompute_coverage", "--json", "--date", DAY.isoformat()).json["results"]
    return {
        NAMES[row["region"]]: shown(row["recorded"], row["target"], row["percent"] or "", row["remaining"])
        for row in results
        if row["document"] == document
    }


def shown(recorded: object, target: object, percent: str, remaining: object) -> tuple[str, str, str, str]:
    def people(number: object) -> str:
        return "–" if number in ("", None) else f"{int(number):,}".replace(",", ".")  # type: ignore[call-overload]

    share = percent.replace(".", ",").replace("100,00", "100") + "%" if percent else "–"
    return people(recorded), people(target), share, people(remaining)


@pytest.mark.parametrize("document", ["KTP", "KIA"])
@pytest.mark.usefixtures("story")
def test_every_door_says_the_same_figures(document: str) -> None:
    client = logged_in(cast.reader())
    expected = on_the_page(client, document)
    assert set(expected) == set(NAMES.values())
    doors: list[Callable[[Client, str], Figures]] = [on_paper, in_the_workbook, in_the_csv]
    for door in doors:
        assert door(client, document) == expected, door.__name__
    told = {name: (recorded, goal, share) for name, (recorded, goal, share, _left) in expected.items()}
    assert in_the_text(client, document) == told


@pytest.mark.usefixtures("story")
def test_the_page_shows_what_is_easily_got_wrong() -> None:
    found = on_the_page(logged_in(cast.reader()), "KTP")
    assert found["Jakarta Barat"] == ("39.999", "40.000", "99,99%", "1")
    assert found["Jakarta Pusat"] == ("1", "30.000", "0,01%", "29.999")
    assert found["Jakarta Timur"] == ("12", "–", "–", "–")
    assert on_the_page(logged_in(cast.reader()), "KIA")["Jakarta Barat"] == ("80", "70", "114,29%", "0")
    world.write(count(1, BARAT))


@pytest.mark.usefixtures("story")
def test_the_command_answers_the_same_in_json() -> None:
    expected = on_the_page(logged_in(cast.reader()), "KTP")
    answered = for_machines("KTP")
    assert {name: answered[name] for name in expected} == expected
