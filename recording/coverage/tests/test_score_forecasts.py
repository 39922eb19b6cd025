"""The command that scores forecasts of a campaign from a file."""

import json
import re
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from django.core.management import CommandError, call_command

from recording.coverage.tests.campaigns import FIRST, as_csv, exhausted_list, steady

pytestmark = pytest.mark.once


def asked(capsys: pytest.CaptureFixture[str], *arguments: object) -> dict[str, Any]:
    call_command("score_forecasts", *map(str, arguments), "--json")
    answer: dict[str, Any] = json.loads(capsys.readouterr().out)
    return answer


def test_the_figures_of_a_campaign(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (file := tmp_path / "campaign.csv").write_text(as_csv(exhausted_list(1)))
    answer = asked(capsys, file)
    assert (answer["days"], answer["areas"], answer["targets"]) == ("calendar", 12, 48)
    assert answer["forecasts"] == answer["not_calibrated"] + answer["not_reachable"] + answer["open"] + answer["all"]["scored"]
    assert 0 < answer["not_calibrated"] < answer["forecasts"]
    assert 0.6 <= answer["after_eight_weeks"]["coverage"] <= 1
    assert "made" not in answer
    assert asked(capsys, file) == answer


def test_days_and_targets_may_be_given(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (file := tmp_path / "campaign.csv").write_text("\ufeff" + as_csv(steady([10, 20])), encoding="utf-8")
    (targets := tmp_path / "targets.csv").write_text("area,target\nA00,300\nA00,1.000\nA01,500\n")
    answer = asked(capsys, file, "--targets", targets, "--days", "working", "--list")
    assert (answer["days"], answer["targets"]) == ("working", 3)
    assert answer["not_calibrated"] == answer["forecasts"] == len(answer["made"])
    first = answer["made"][0]
    assert (first["area"], first["target"], first["low_days"], first["low_on"]) == ("A00", 300, None, None)
    assert (first["made"], first["took_days"], first["took_on"]) == ("2021-01-11", 16, "2021-02-02")


@pytest.mark.parametrize(
    "change",
    [
        lambda text: "\ufeff" + text,
        lambda text: "\n\n" + text.replace("\n", "\r\n\r\n"),
        lambda text: text.replace(",", ";"),
        lambda text: text.replace(",", "\t"),
        lambda text: text.replace("2021-01-04", "04/01/2021").replace("2021-01-18", "18-1-2021"),
        lambda text: text.replace("1000", '"1.000"').replace("1200", "1200.0"),
        lambda text: text.replace("area,people", " Area ,PEOPLE,note").replace("\n2021", ",,\n2021"),
        lambda text: "\n".join([text.splitlines()[0], *reversed(text.splitlines()[1:])]),
    ],
)
def test_a_table_is_read_however_written(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], change: Callable[[str], str]
) -> None:
    plain = as_csv({"A": {FIRST + timedelta(days=number): 1000 + 200 * (number % 3) for number in range(70)}})
    (file := tmp_path / "campaign.csv").write_text(plain)
    expected = asked(capsys, file, "--list")
    file.write_text(change(plain), newline="")
    assert asked(capsys, file, "--list") == expected


def test_sums_instead_of_counts_are_told(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (file := tmp_path / "campaign.csv").write_text(as_csv({"A": {FIRST + timedelta(days=n): 7 * n for n in range(60)}}))
    assert "tampaknya jumlah kumulatif" in asked(capsys, file)["warning"]
    file.write_text(as_csv(exhausted_list(1)))
    assert "warning" not in asked(capsys, file)


ROW = f"date,area,people\n{FIRST},A,5\n"


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        (b"", "Berkas campaign.csv kosong."),
        (b"\n \n", "Berkas campaign.csv kosong."),
        (b"date,area,people\n", "tidak berisi satu baris data pun"),
        (b"date,area,people\n2021-01-04,A,\n", "tidak berisi satu baris data pun"),
        (b"date,people\n2021-01-04,5\n", "tidak mempunyai kolom area. Yang diperlukan: date,area,people."),
        (b"date|area|people\n", "tidak mempunyai kolom date, area, people."),
        (ROW.encode() + b"2021-01-04,A,5\n", "baris 3: tanggal 2021-01-04 sudah ada untuk wilayah “A”."),
        (ROW.encode() + b"\n04/01/2021,A,\n", "baris 4: tanggal 2021-01-04 sudah ada untuk wilayah “A”."),
        (ROW.encode() + b"2021-01-05,A,5.5\n", "bukan bilangan bulat"),
        (ROW.encode() + b"2021-01-05,A,--5\n", "baris 3: “--5” bukan jumlah orang."),
        (ROW.encode() + b"2021-01-05,A,about five\n", "baris 3: “about five” bukan jumlah orang."),
        (ROW.encode() + b"2021-01-05,A,31740101010000\n", "baris 3: Jumlah terlalu besar"),
        (ROW.encode() + b"12/31/2021,A,5\n", "baris 3: Tanggal “12/31/2021” tidak sah"),
        (ROW.encode() + b"2021-02-30,A,5\n", "baris 3: Tanggal “2021-02-30” tidak sah"),
        (ROW.encode() + b",A,5\n", "baris 3: Tanggal “” tidak sah"),
        (ROW.encode() + b"2021-01-05\n", "baris 3: nama wilayah kosong."),
        (ROW.encode() + b"2021-01-05,,5\n", "baris 3: nama wilayah kosong."),
        (ROW.encode() + b"2051-01-05,A,5\n", "lebih dari sepuluh tahun"),
        (b"date,area,people\n2021-01-04,A,0\n2021-01-05,A,-4\n", "tidak mencatat seorang pun"),
        (b"date,area,people\n2021-01-04,\xff\xfe,5\n", "bukan teks UTF-8"),
        (b'date,area,people\n2021-01-04,"A,5\n', "bukan CSV yang utuh"),
    ],
)
def test_bad_campaigns_are_refused_in_words(tmp_path: Path, text: bytes, sentence: str) -> None:
    (file := tmp_path / "campaign.csv").write_bytes(text)
    with pytest.raises(CommandError, match=re.escape(sentence)):
        call_command("score_forecasts", str(file))


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        ("area\nA\n", "tidak mempunyai kolom target."),
        ("area,target\nB,5\n", "baris 2: wilayah “B” tidak ada di berkas hitungan."),
        ("area,target\nA,0\n", "baris 2: target harus paling sedikit 1 orang."),
        ("area,target\nA,\n", "baris 2: target harus paling sedikit 1 orang."),
        ("area,target\nA,-3\n", "baris 2: target harus paling sedikit 1 orang."),
        ("area,target\nA,90%\n", "baris 2: “90%” adalah persentase."),
        ("area,target\n", "tidak berisi satu baris data pun"),
    ],
)
def test_bad_targets_are_refused_in_words(tmp_path: Path, text: str, sentence: str) -> None:
    (file := tmp_path / "campaign.csv").write_text(ROW)
    (targets := tmp_path / "targets.csv").write_text(text)
    with pytest.raises(CommandError, match=re.escape(sentence)):
        call_command("score_forecasts", str(file), "--targets", str(targets))


def test_a_file_that_is_not_there(tmp_path: Path) -> None:
    with pytest.raises(CommandError, match="tidak dapat dibaca"):
        call_command("score_forecasts", str(tmp_path / "none.csv"))
