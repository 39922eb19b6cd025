"""The commands as others rely on them: the shape of `--json`, the exit code, whose rights, and nothing half done."""

from pathlib import Path

import pytest
from django.db import connection

from accounts.tests import cast
from recording.guards import postgresql, sqlite
from recording.models import CoverageRun, DailyCount, Posting, Target
from recording.regions.tests.test_region_file import PACKAGE
from recording.tests.commands import csv_file, run, run_for_real
from recording.tests.world import BARAT, KAPUK, count, target, value, write

HEAD = "kode,dokumen,tanggal,jumlah\n"
GOOD = HEAD + f"{KAPUK},KTP,2021-11-25,31.000\n{BARAT},KTP,2021-11-24,9\n31.75.01,KTP,2021-11-24,NIHIL\n"
BAD = HEAD + f"{KAPUK},KTP,2021-11-25,3\n31.99,KTP,2021-11-25,1\n{KAPUK},KIA,2021-11-25,-1\n"
TARGET_HEAD = "kode,dokumen,periode,target,sumber,berlaku\n"


@pytest.fixture
def good(tmp_path: Path) -> Path:
    return csv_file(tmp_path, GOOD)


@pytest.fixture
def bad(tmp_path: Path) -> Path:
    return csv_file(tmp_path, BAD)


@pytest.mark.usefixtures("at_noon")
def test_a_dry_run_keeps_the_contract_writing_nothing(good: Path) -> None:
    write(count(5), count(9, BARAT, day=count(0).day.replace(day=24)))
    before = Posting.objects.count()
    done = run("import_counts", good, "--dry-run", "--json")
    assert done.code == 0
    assert done.json == {
        "file": "berkas.csv",
        "day": "2021-11-24, 2021-11-25",
        "rows": {"new": 1, "changed": 1, "unchanged": 1, "rejected": 0, "unmapped": 0},
        "per_city": {"31.73": {"KTP": 31_009}, "31.75": {"KTP": 0}},
        "file_total": {"KTP": None},
        "questions": [],
        "problems": [],
    }
    assert (value(), Posting.objects.count()) == (5, before)


@pytest.mark.usefixtures("at_noon")
def test_a_real_run_answers_like_its_dry_run(good: Path) -> None:
    expected = run("import_counts", good, "--dry-run", "--json").json
    assert run("import_counts", good, "--json").json == expected
    assert value() == 31_000
    assert run("import_counts", good, "--json").json["rows"]["unchanged"] == 3
    assert "Tersimpan." in run("import_counts", good).output
    assert "Hanya diperiksa; tidak ada yang disimpan." in run("import_counts", good, "--dry-run").output


@pytest.mark.parametrize("arguments", [(), ("--dry-run",)])
@pytest.mark.usefixtures("at_noon")
def test_errors_list_their_rows_with_exit_1(bad: Path, arguments: tuple[str, ...]) -> None:
    done = run("import_counts", bad, "--json", *arguments)
    assert done.code == 1
    assert [(each["row"], each["column"]) for each in done.json["problems"]] == [(3, "kode"), (4, "jumlah")]
    assert done.json["problems"][0] == {
        "sheet": "",
        "row": 3,
        "column": "kode",
        "tier": "error",
        "reason": "Wilayah 31.99 tidak dikenal.",
    }
    assert done.json["rows"]["rejected"] == 2
    told = run("import_counts", bad, *arguments)
    assert told.code == 1
    assert "baris 3 kode: Wilayah 31.99 tidak dikenal." in told.output
    assert "Tidak ada yang disimpan." in told.output
    assert not DailyCount.objects.exists()


@pytest.mark.usefixtures("at_noon")
def test_an_unreadable_file_answers_one_json_object(tmp_path: Path) -> None:
    for command in ("import_counts", "import_targets"):
        done = run(command, tmp_path / "tidak-ada.csv", "--json")
        assert (done.code, len(done.json["problems"])) == (1, 1)
        assert "tidak dapat dibaca" in done.json["problems"][0]["reason"]


@pytest.mark.usefixtures("at_noon")
def test_a_dry_run_of_targets_names_the_period(tmp_path: Path) -> None:
    file = csv_file(tmp_path, TARGET_HEAD + f'{BARAT},KTP,2021,"13.770",SK 5/2021,2021-01-01\n')
    done = run("import_targets", file, "--dry-run", "--json")
    assert (done.code, done.json["period"], "day" in done.json) == (0, "2021", False)
    assert done.json["rows"] == {"new": 1, "changed": 0, "unchanged": 0, "rejected": 0, "unmapped": 0}
    assert done.json["per_city"] == {"31.73": {"KTP": 13_770}}
    assert not Target.objects.exists()
    assert run("import_targets", file).code == 0
    assert Target.objects.get().people == 13_770


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (("--as", "tiada"), "Tidak ada pengguna aktif bernama tiada"),
        (("--as", "nonaktif"), "Tidak ada pengguna aktif bernama nonaktif"),
        (("--as", "rina"), "tidak berwenang"),
    ],
)
@pytest.mark.usefixtures("at_noon")
def test_an_import_without_the_right_is_refused(good: Path, arguments: tuple[str, str], words: str) -> None:
    cast.reader()
    gone = cast.person("nonaktif", "Nona Aktif", cast.Role.ADMIN, "31")
    gone.is_active = False
    gone.save()
    done = run("import_counts", good, *arguments)
    assert (done.code, done.output) == (1, "")
    assert words in done.errors
    assert not DailyCount.objects.exists()


@pytest.mark.usefixtures("at_noon")
def test_no_file_named_by_a_nik_comes_in(good: Path) -> None:
    named = good.rename(good.with_name("3173 0101 0101 0001.csv"))
    done = run("import_counts", named, "--json")
    assert (done.code, "Nama berkas memuat" in done.json["problems"][0]["reason"]) == (1, True)
    assert not DailyCount.objects.exists()


@pytest.mark.usefixtures("at_noon")
def test_an_import_names_rows_of_another_city(good: Path) -> None:
    head = cast.head_timur()
    done = run("import_counts", good, "--as", head.username, "--json")
    assert done.code == 1
    assert [each["row"] for each in done.json["problems"]] == [2, 3]
    assert not DailyCount.objects.exists()


@pytest.mark.usefixtures("at_noon")
def test_an_import_as_somebody_stands_under_that_name(tmp_path: Path) -> None:
    head = cast.head_barat()
    file = csv_file(tmp_path, HEAD + f"{KAPUK},KTP,2021-11-25,3\n")
    assert run("import_counts", file, "--as", head.username).code == 0
    posting = Posting.objects.get()
    assert (posting.by, posting.door, posting.reason) == (head, "command", "Impor berkas.csv")


@pytest.mark.usefixtures("at_noon")
def test_only_json_output_lists_more_than_fifty_problems(tmp_path: Path) -> None:
    file = csv_file(tmp_path, HEAD + f"{KAPUK},KTP,2021-11-25,x\n" * 60)
    assert run("import_counts", file).output.count("  baris ") == 50
    assert len(run("import_counts", file, "--json").json["problems"]) == 60


# check_ledger


@pytest.mark.usefixtures("small_world")
def test_a_clean_ledger_gives_exit_0() -> None:
    write(count(1), count(2, BARAT))
    write(count(3))
    done = run("check_ledger", "--json")
    assert (done.code, done.json) == (0, {"keys": 2, "changes": 3, "mismatches": 0})
    assert run("check_ledger").output == "keys: 2\nchanges: 3\nmismatches: 0\n"


@pytest.mark.usefixtures("small_world")
def test_a_tampered_ledger_gives_exit_1() -> None:
    write(count(1), count(2, BARAT))
    guards = sqlite if connection.vendor == "sqlite" else postgresql
    connection.check_constraints()
    with connection.cursor() as cursor:
        for statement in guards.DROP:
            cursor.execute(statement)
        cursor.execute("UPDATE recording_dailycount SET people = 7 WHERE region_id = %s", [KAPUK])
    done = run("check_ledger", "--json")
    assert (done.code, done.json) == (1, {"keys": 2, "changes": 2, "mismatches": 1})


# recompute_coverage


@pytest.fixture
def figures(at_noon: None) -> None:
    """31.000 of 60.000 in Barat and in the province; Pusat has counts and no target; one KIA."""
    target(60_000, BARAT)
    write(count(31_000), count(4, "31.71.01"), count(2, document="KIA"))


@pytest.mark.usefixtures("figures")
def test_the_figures_have_the_shape_of_coverage_answers() -> None:
    done = run("recompute_coverage", "--json")
    answer = done.json
    assert (done.code, list(answer)) == (0, ["run", "as_of", "status", "results"])
    assert (answer["run"], answer["as_of"], answer["status"]) == (1, "2021-11-25", "provisional")
    rows = {(row["document"], row["region"]): row for row in answer["results"]}
    assert rows["KTP", "31.73"] == {
        "region": "31.73",
        "name": "Kota Administrasi Jakarta Barat",
        "level": "city",
        "document": "KTP",
        "period": "2021",
        "recorded": 31_000,
        "target": 60_000,
        "percent": "51.67",
        "remaining": 29_000,
    }
    assert rows["KTP", "31.71"]["recorded"] == 4
    assert [rows["KTP", "31.71"][name] for name in ("target", "percent", "remaining")] == [None, None, None]
    assert (rows["KTP", "31"]["recorded"], rows["KTP", "31"]["level"]) == (31_004, "province")
    assert (rows["KIA", "31"]["recorded"], rows["KIA", "31.73"]["recorded"]) == (2, 2)
    assert {row["level"] for row in answer["results"]} == {"province", "city"}


@pytest.mark.usefixtures("figures")
def test_only_a_change_gives_a_second_run() -> None:
    numbers = [run("recompute_coverage", "--json").json["run"] for _ in range(2)]
    write(count(31_001))
    assert (numbers, run("recompute_coverage", "--json").json["run"]) == ([1, 1], 2)
    assert CoverageRun.objects.count() == 2


@pytest.mark.usefixtures("figures")
def test_a_past_day_is_computed_as_of_then() -> None:
    answer = run("recompute_coverage", "--date", "2021-11-24", "--json").json
    assert (answer["as_of"], answer["status"]) == ("2021-11-24", "official")
    found = {(row["region"], row["document"]): (row["recorded"], row["target"], row["percent"]) for row in answer["results"]}
    assert found["31.73", "KTP"] == (0, 60_000, "0.00")
    assert found["31.73", "KIA"] == (0, None, None), "a city without a figure is answered all the same"


@pytest.mark.usefixtures("figures")
def test_a_day_before_every_period_has_no_figures() -> None:
    done = run("recompute_coverage", "--date", "2019-12-31", "--json")
    assert (done.code, done.json["as_of"], done.json["results"]) == (0, "2019-12-31", [])


@pytest.mark.usefixtures("db")
def test_an_empty_installation_can_be_computed() -> None:
    assert run("recompute_coverage", "--json").json["results"] == []


@pytest.mark.parametrize(
    ("day", "words"),
    [
        ("2021-11-26", "belum tiba"),
        ("9999-12-31", "belum tiba"),
        ("25/11/2021", "tidak sah"),
        ("2021-02-30", "tidak sah"),
        ("2021-1-1", "tidak sah"),
        ("kemarin", "tidak sah"),
        ("２０２１-11-25", "tidak sah"),
        ("2021-11-25T00:00", "tidak sah"),
        ("x" * 10_000, "tidak sah"),
    ],
)
@pytest.mark.usefixtures("at_noon")
def test_an_invalid_or_future_day_is_refused(day: str, words: str) -> None:
    done = run("recompute_coverage", "--date", day, "--json")
    assert (done.code, done.output) == (1, "")
    assert words in done.errors
    assert len(done.errors) < 200
    assert not CoverageRun.objects.exists()


@pytest.mark.usefixtures("figures")
def test_the_text_names_regions_without_a_target() -> None:
    lines = run("recompute_coverage").output.splitlines()
    assert lines[0] == "Nomor 1, keadaan per 2021-11-25 (Sementara)"
    assert "KTP 31.73    Kota Administrasi Jakarta Barat: 31.000 dari 60.000 (51,67%)" in lines
    assert "KTP 31.71    Kota Administrasi Jakarta Pusat: 4 belum ada target" in lines


# make_region_file, and real processes


def test_making_a_region_file_counts_each_level(tmp_path: Path) -> None:
    (tmp_path / "data").mkdir()
    for name, text in PACKAGE.items():
        csv_file(tmp_path / "data", text, name)
    done = run("make_region_file", tmp_path, tmp_path / "wilayah.csv", "--province", "31", "--json")
    assert done.json == {"file": "wilayah.csv", "rows": 6, "provinsi": 1, "kota": 1, "kecamatan": 2, "kelurahan": 2}
    refused = run("make_region_file", tmp_path, tmp_path / "wilayah.csv", "--province", "99", "--json")
    assert (refused.code, refused.output) == (1, "")


@pytest.mark.usefixtures("committed_world")
def test_processes_print_one_json_object_and_exit_code(tmp_path: Path) -> None:
    """On the machine's own clock: the days of 2021 are over."""
    refused = run_for_real(tmp_path, "import_counts", csv_file(tmp_path, BAD), "--json")
    taken = run_for_real(tmp_path, "import_counts", csv_file(tmp_path, GOOD), "--json")
    ledger = run_for_real(tmp_path, "check_ledger", "--json")
    figures = run_for_real(tmp_path, "recompute_coverage", "--date", "2021-11-25", "--json")
    assert [each.errors for each in (refused, taken, ledger, figures)] == [""] * 4
    assert [each.code for each in (refused, taken, ledger, figures)] == [1, 0, 0, 0]
    assert [problem["row"] for problem in refused.json["problems"]] == [3, 4]
    assert taken.json["rows"]["new"] == 3
    assert ledger.json == {"keys": 3, "changes": 3, "mismatches": 0}
    assert figures.json["status"] == "official"
    assert {row["document"]: row["recorded"] for row in figures.json["results"] if row["region"] == "31"} == {
        "KTP": 31_009,
        "KIA": 0,
    }
    assert value() == 31_000


@pytest.mark.usefixtures("committed_world")
def test_a_failing_process_prints_a_sentence_without_traceback(tmp_path: Path) -> None:
    done = run_for_real(tmp_path, "recompute_coverage", "--date", "kemarin", "--json")
    assert (done.code, done.output) == (1, "")
    assert done.errors == "CommandError: Tanggal “kemarin” tidak sah; tulis seperti 2021-11-25.\n"
