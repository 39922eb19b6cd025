"""What the page "API" says that is not a rule of the portal: the addresses, what to do about each kind of problem, and
examples that run as they stand."""

from django.utils.translation import gettext as _

from dukcapil.errors import N_

KEY_PLACEHOLDER = N_("KUNCI_ANDA")

# (name of the address, methods, what it answers)
ADDRESSES = (
    ("api_coverage", "GET", N_("Capaian satu tingkat wilayah menurut satu angka resmi; bawaannya yang terbaru.")),
    ("api_history", "GET", N_("Capaian satu wilayah pada setiap angka resmi, berurutan.")),
    ("api_forecast", "GET", N_("Kapan target tercapai: rentang tanggal, dan berapa sering rentang seperti itu benar.")),
    ("api_explanation", "GET", N_("Mengapa dua angka berbeda: bagian-bagian yang berjumlah tepat.")),
    ("api_runs", "GET", N_("Angka resmi dan sementara: nomor, hari, dan kapan dihitung.")),
    ("api_changes", "GET", N_("Setiap perubahan catatan sejak suatu penanda, lengkap, berurutan, dan beralasan.")),
    ("api_counts", "GET, POST", N_("Catatan harian. POST: satu atau banyak; tersimpan semua atau tidak satu pun.")),
    ("api_targets", "GET, POST", N_("Target dengan semua versinya. POST untuk yang berwenang menetapkan.")),
    ("api_periods", "GET", N_("Periode target.")),
    ("api_regions", "GET", N_("Pohon wilayah menurut kode Kemendagri.")),
    ("api_imports", "GET", N_("Berkas yang diimpor dan hasilnya.")),
    ("api_vans", "GET", N_("Mobil keliling menurut pangkalan.")),
    ("api_trips", "GET", N_("Jadwal mobil: hari, sesi, kelurahan, tempat.")),
    ("api_proposals", "GET, POST", N_("Usulan ke mana mobil pergi, dengan alasan dan bukti. POST meminta usulan baru.")),
    ("api_reports", "GET", N_("Laporan harian mobil dan statusnya.")),
)

# What to do about each kind of problem, by status (dukcapil/problems.py).
ADVICE = {
    400: N_(
        "Baca errors: tiap butir menyebut isian dan sebabnya, untuk banyak baris juga nomor barisnya mulai dari 0. "
        "Tidak ada yang disimpan."
    ),
    401: N_("Kirim header Authorization: Bearer KUNCI. Kunci yang salah ketik, dicabut, dan lewat masanya dijawab sama."),
    403: N_("Periksa lingkup dan wilayah kunci, atau minta kunci yang sesuai kepada pemiliknya."),
    404: N_("Periksa alamatnya. Yang tidak boleh Anda lihat dijawab sama dengan yang tidak ada."),
    405: N_("Header Allow menyebut metode yang dilayani alamat itu."),
    406: N_("Minta application/json atau text/csv, atau tulis format=json atau format=csv."),
    409: N_("Nilainya diubah orang lain sejak Anda membacanya. Baca lagi, putuskan, lalu kirim lagi."),
    411: N_("Sebut panjang kiriman dengan header Content-Length; kiriman terpotong-potong tidak dapat dibaca di sini."),
    413: N_("Bagi kirimannya menjadi beberapa bagian."),
    415: N_("Kirim JSON dengan header Content-Type: application/json."),
    422: N_("Idempotency-Key itu sudah dipakai untuk isi yang lain. Pakai yang baru untuk kiriman baru."),
    429: N_("Tunggu selama detik pada Retry-After. Header RateLimit menyebut sisa jatah menit itu."),
    500: N_("Kesalahannya pada portal. Ulangi dengan Idempotency-Key yang sama; bila tetap, hubungi pengelola."),
    503: N_("Tunggu selama detik pada Retry-After, lalu ulangi dengan Idempotency-Key yang sama."),
}

_CURL = 'curl -H "Authorization: Bearer {key}" "{host}{coverage}?document=KTP&level=district&format=csv"'

_PYTHON = """\
import json
from pathlib import Path
from urllib.request import Request, urlopen

HOST = "{host}"
KEY = "{key}"
KEPT = Path("cursor.txt")  # {kept}

cursor = KEPT.read_text() if KEPT.exists() else "0"
while True:
    url = f"{{HOST}}{changes}?since={{cursor}}&limit=1000"
    request = Request(url, headers={{"Authorization": f"Bearer {{KEY}}"}})
    with urlopen(request) as answer:
        page = json.load(answer)
    for row in page["results"]:
        print(row["at"], row["region"], row["document"], row["day"], row["delta"], row["reason"])
    cursor = page["cursor"]
    KEPT.write_text(cursor)
    if page["next"] is None:  # {end}
        break
"""

_WRITE = """\
curl -X POST "{host}{counts}" \\
  -H "Authorization: Bearer {key}" -H "Content-Type: application/json" \\
  -H "Idempotency-Key: loket-2021-11-25" \\
  -d '[{{"region": "31.73.01.1004", "document": "KTP", "day": "2021-11-25", "source": "loket", "people": 12}}]'
"""

HOOK_BODY = """\
{
  "event": "run.official", "run": 326, "as_of": "2021-11-25",
  "finished_at": "2021-11-26T00:20:00+07:00", "coverage": "/api/v1/coverage/?run=326"
}"""

_VERIFY = '''\
import base64
import hmac
import time


def is_genuine(secret, headers, body):
    """{doc}"""
    number, sent_at = headers["Webhook-Id"], headers["Webhook-Timestamp"]
    if abs(time.time() - int(sent_at)) > 300:  # {old}
        return False
    key = base64.b64decode(secret.removeprefix("whsec_"))
    signed = f"{{number}}.{{sent_at}}.".encode() + body
    wanted = "v1," + base64.b64encode(hmac.digest(key, signed, "sha256")).decode()
    given = headers["Webhook-Signature"].split()
    return any(hmac.compare_digest(wanted, each) for each in given)
'''


def curl_example(host: str, key: str, coverage: str) -> str:
    """One line that fetches every district as CSV."""
    return _CURL.format(host=host, key=key, coverage=coverage)


def python_example(host: str, key: str, changes: str) -> str:
    """A whole program: everything that changed since it ran last."""
    return _PYTHON.format(
        host=host,
        key=key,
        changes=changes,
        kept=_("sampai di mana sudah dibaca"),
        end=_("semuanya sudah terbaca; jalankan lagi kapan saja"),
    )


def write_example(host: str, counts: str) -> str:
    """One count written; never with the example's key, which only reads."""
    return _WRITE.format(host=host, key=_(KEY_PLACEHOLDER), counts=counts)


def verify_example() -> str:
    """How a receiver finds out that a delivery is the portal's."""
    return _VERIFY.format(
        doc=_("body: isi kiriman sebagai byte, persis seperti diterima."),
        old=_("lebih dari lima menit: mungkin kiriman lama yang diulang orang lain"),
    )
