"""Making the region file from a package, and the one that comes with the project."""

import csv
import json
from collections import Counter
from io import StringIO
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command

from dukcapil.errors import Refused
from recording.parsing.region_names import level_of, parent_of
from recording.regions.region_file import DATA, region_lines, write_region_file

pytestmark = pytest.mark.once

OURS = DATA / "regions_31.csv"
SHARED = Path(__file__).resolve().parents[4] / "shared" / "data" / "regions_31.csv"
PACKAGE = {
    "provinces.csv": "code,name\n31,Daerah Khusus\n32,Jawa Barat\n",
    "regencies.csv": "code,province_code,name\n31.71,31,Kota Administrasi Pusat\n32.01,32,Kabupaten Bogor\n",
    "districts.csv": (
        'code,regency_code,name\n31.71.01,31.71,Gambir\n31.71.02,31.71,"Sawah, Besar"\n32.01.01,32.01,Cibinong\n'
    ),
    "villages.csv": (
        "code,district_code,name\n31.71.01.1001,31.71.01,Gambir\n31.71.02.1001,31.71.02,Pasar\n"
        "32.01.01.1001,32.01.01,Pakansari\n32.01.01.2002,32.01.01,Soka’an\n32.01.01.3003,32.01.01,Adat\n"
    ),
}


@pytest.fixture
def package(tmp_path: Path) -> Path:
    (tmp_path / "data").mkdir()
    for name, text in PACKAGE.items():
        (tmp_path / "data" / name).write_text(text, encoding="utf-8")
    return tmp_path


def test_each_region_is_followed_by_its_parts(package: Path, tmp_path: Path) -> None:
    file = tmp_path / "out.csv"
    assert write_region_file(package, file, "31") == {"provinsi": 1, "kota": 1, "kecamatan": 2, "kelurahan": 2}
    assert file.read_bytes().decode() == (
        "kode,kode_induk,jenis,nama\n"
        "31,,provinsi,Daerah Khusus\n"
        "31.71,31,kota,Kota Administrasi Pusat\n"
        "31.71.01,31.71,kecamatan,Gambir\n"
        "31.71.01.1001,31.71.01,kelurahan,Gambir\n"
        '31.71.02,31.71,kecamatan,"Sawah, Besar"\n'
        "31.71.02.1001,31.71.02,kelurahan,Pasar\n"
    )


def test_without_a_province_the_nation_is_written(package: Path) -> None:
    kinds = Counter(line.kind for line in region_lines(package))
    assert kinds == {"provinsi": 2, "kota": 1, "kabupaten": 1, "kecamatan": 3, "kelurahan": 3, "desa": 2}


@pytest.mark.parametrize(
    ("name", "text", "says"),
    [
        ("villages.csv", None, "villages.csv tidak dapat dibaca"),
        ("villages.csv", "code,name\n31.71.01.1001,Gambir\n", "tidak berkolom district_code"),
        ("villages.csv", "code,district_code,name\n31.71.01.1001,31.71.02,Gambir\n", "baris yang salah"),
        ("villages.csv", "code,district_code,name\n31.71.01.1001,31.71.01,\n", "baris yang salah"),
        ("villages.csv", "code,district_code,name\n3171011001,31.71.01,Gambir\n", "baris yang salah"),
        ("villages.csv", "code,district_code,name\nxx,31.71.01,Gambir\n", "bukan kode wilayah"),
        ("villages.csv", "code,district_code,name\n31.71.09.1001,31.71.09,Gambir\n", "Induk 31.71.09 dari"),
        ("districts.csv", "code,regency_code,name\n31.71.02,31.71,B\n31.71.01,31.71,A\n", "berkasnya tidak urut"),
        ("districts.csv", "code,regency_code,name\n31.71,31,B\n", "baris yang salah"),
        ("regencies.csv", "code,province_code,name\n32.01,32,B\n31.71,31,A\n", "tidak urut"),
        ("provinces.csv", "code,name\n31,A\n31,B\n", "dua kali"),
        ("provinces.csv", "code,name\n32,Jawa Barat\n", "Induk 31 dari 31.71"),
    ],
)
def test_a_broken_package_leaves_the_old_file(package: Path, tmp_path: Path, name: str, text: str | None, says: str) -> None:
    broken = package / "data" / name
    if text is None:
        broken.unlink()
    else:
        broken.write_text(text, encoding="utf-8")
    file = tmp_path / "out.csv"
    file.write_text("older", encoding="utf-8")
    with pytest.raises(Refused) as refusal:
        write_region_file(package, file, "31")
    assert says in str(refusal.value)
    assert file.read_text(encoding="utf-8") == "older"
    assert not list(tmp_path.glob("*.part"))


def test_an_unknown_province_is_refused(package: Path, tmp_path: Path) -> None:
    with pytest.raises(Refused, match="Provinsi 99 tidak ada"):
        write_region_file(package, tmp_path / "out.csv", "99")


def test_the_command_tells_what_it_wrote(package: Path, tmp_path: Path) -> None:
    out = StringIO()
    file = tmp_path / "regions.csv"
    call_command("make_region_file", str(package), str(file), "--province", "31", "--json", stdout=out)
    assert json.loads(out.getvalue())["rows"] == 6
    assert file.exists()


def test_the_command_refuses_with_a_sentence(package: Path, tmp_path: Path) -> None:
    for source, file in ((tmp_path / "missing", tmp_path / "out.csv"), (package, tmp_path / "missing" / "out.csv")):
        with pytest.raises(CommandError, match="tidak dapat di"):
            call_command("make_region_file", str(source), str(file))


def test_our_file_holds_dki() -> None:
    with OURS.open(encoding="utf-8", newline="") as lines:
        found = list(csv.DictReader(lines))
    assert Counter(level_of(row["kode"]) for row in found) == {"province": 1, "city": 6, "district": 44, "village": 267}
    assert [row["kode"] for row in found] == sorted({row["kode"] for row in found})
    assert all(row["kode_induk"] == (parent_of(row["kode"]) or "") and row["nama"].strip() for row in found)


@pytest.mark.skipif(not SHARED.exists(), reason="the shared folder is not here")
def test_our_file_equals_the_yardstick() -> None:
    assert OURS.read_bytes() == SHARED.read_bytes()
