"""The page "API": what it says to whom, and keys and webhooks: made once, shown once, ended by their owners."""

import re
from collections.abc import Callable
from datetime import timedelta
from html import unescape
from urllib.parse import urlsplit

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from pytest_django import Settings

from accounts.models import ApiKey, User
from accounts.roles import KeyScope
from accounts.services.keys import MAX_DAYS, issue_key, revoke_key
from accounts.tests import cast
from dukcapil.problems import KINDS
from dukcapil.tests.processes import together
from recording.coverage.services import recompute_coverage
from recording.developers import guide as api_guide
from recording.ledger.services import MAX_COUNTS_PER_REQUEST as MOST_COUNTS
from recording.models import DeliveryStatus, Webhook, WebhookDelivery
from recording.tests.pages import Answer, logged_in, rows, value, words
from recording.tests.world import DAY, NOON
from recording.webhooks import outgoing
from recording.webhooks.signature import secret_of

pytestmark = pytest.mark.usefixtures("at_noon")
PAGE, KEYS, HOOKS = "/api/", "/api/kunci/", "/api/webhook/"
ONCE = "0123456789abcdef" * 2
HOOK = "https://93.184.215.14/kabar?kunci=rahasia"


def key_fields(**other: object) -> dict[str, object]:
    return {"token": ONCE, "name": "Dasbor", "scopes": ["read"], "jurisdiction": "", "days": "90"} | other


def shown_secret(page: Answer) -> str:
    """The secret on the page; "" where none is shown."""
    found = re.search(r'<code id="rahasia"[^>]*>([^<]*)</code>', page.content.decode())
    return unescape(found[1]) if found else ""


def opens(secret: str) -> int:
    """What the API answers to a key."""
    client = Client(headers={"x-forwarded-proto": "https", "authorization": f"Bearer {secret}"})
    return client.get("/api/v1/regions/").status_code


def said(page: Answer, field: str) -> str:
    """What is wrong with a field of the forms on this page."""
    found = re.search(rf'<div class="wrong" id="(?:key|webhook)_{field}_error">(.*?)</div>', page.content.decode(), re.DOTALL)
    return words(found[1]) if found else ""


def issued(owner: User, name: str = "Dasbor", days: int = 90) -> tuple[ApiKey, str]:
    return issue_key(by=owner, name=name, scopes=[KeyScope.READ], days=days, now=NOON)


# What it says


SCOPES = [
    (None, None),
    (cast.reader_barat, ["read"]),
    (cast.reader, ["read"]),
    (cast.head_barat, ["read", "counts:write", "proposals:write"]),
    (cast.api_barat, ["read", "counts:write"]),
    (cast.staff, ["read", "counts:write", "targets:write", "proposals:write"]),
    (cast.admin, ["read", "counts:write", "targets:write", "proposals:write"]),
]


@pytest.mark.parametrize(("who", "scopes"), SCOPES)
def test_only_logged_in_readers_are_offered_scopes(who: Callable[[], User] | None, scopes: list[str] | None) -> None:
    page = logged_in(who() if who else None).get(PAGE)
    html = page.content.decode()
    assert page.status_code == 200
    assert "no-store" in page["Cache-Control"]
    assert "Mulai dalam dua menit" in html
    assert "Bearer KUNCI_ANDA" in html
    assert (re.findall(r'name="scopes" value="([^"]*)"', html) or None) == scopes
    assert ('name="owner"' in html) is (who is cast.admin)
    assert ('name="url"' in html) is (who is not None)
    assert ("Mintalah kepada Dinas Dukcapil" in html) is (who is None)


def test_offered_regions_are_those_the_owner_reads() -> None:
    html = logged_in(cast.reader_barat()).get(PAGE).content.decode()
    assert re.findall(r'<option value="([^"]*)"', html) == ["", "31.73"]
    html = logged_in(cast.head_barat()).get(PAGE).content.decode()
    assert re.findall(r'<option value="([^"]*)"', html) == ["", "31", "31.71", "31.73", "31.75"]


def test_account_menu_and_footer_link_the_page() -> None:
    html = logged_in(cast.reader()).get("/metode/").content.decode()
    assert html.count('href="/api/"') == 2
    assert 'href="/api/"' not in logged_in(None).get("/masuk/").content.decode()


def test_every_refusal_links_to_its_problem() -> None:
    html = logged_in(None).get(PAGE).content.decode()
    assert set(api_guide.ADVICE) == set(KINDS)
    for slug, _title in KINDS.values():
        assert html.count(f'id="{slug}"') == 1, slug
    ids = re.findall(r'\bid="([^"]*)"', logged_in(cast.admin()).get(PAGE).content.decode())
    assert len(ids) == len(set(ids))
    refused = logged_in(None).get("/api/v1/counts/").json()
    assert refused["type"] == "/api/#unauthenticated"


def test_every_list_of_the_api_is_documented() -> None:
    told = [reverse(name) for name, _method, _told in api_guide.ADDRESSES]
    lists = [
        urlsplit(address).path
        for name, address in logged_in(None).get("/api/v1/").json().items()
        if name not in ("schema", "docs")
    ]
    assert sorted(told) == sorted(lists)
    assert [row[0] for row in rows(logged_in(None).get(PAGE), "Alamat API")] == told


def test_the_limits_are_those_that_hold(settings: Settings) -> None:
    settings.API_REQUESTS_A_MINUTE = 7
    limits = dict(rows(logged_in(None).get(PAGE), "Batas pemakaian"))
    assert limits["Permintaan per kunci"] == "7 dalam 60 detik"
    assert limits["Kunci salah per alamat jaringan"] == "60 dalam 60 detik"
    assert limits["Catatan dalam satu POST"] == f"{MOST_COUNTS:,}".replace(",", ".") == "10.000"
    assert limits["Baris dalam satu halaman"] == "1.000; tanpa limit 100"
    assert limits["Besar satu kiriman"] == "4 MB"
    assert limits["Idempotency-Key diingat"] == "24 jam"
    assert limits["Masa berlaku kunci"] == f"paling lama {MAX_DAYS} hari"


def test_open_data_are_named_only_where_offered(settings: Settings) -> None:
    assert "/data.json" not in logged_in(None).get(PAGE).content.decode()
    settings.PUBLIC_DASHBOARD = True
    assert 'href="/data.json"' in logged_in(None).get(PAGE).content.decode()


# Keys


def test_a_key_shown_once_opens_the_api() -> None:
    client = logged_in(cast.head_barat())
    answer = client.post(KEYS, key_fields(scopes=["read", "counts:write"], jurisdiction="31.73", days="30"))
    assert (answer.status_code, answer["Location"]) == (302, PAGE)
    page = client.get(PAGE)
    secret = shown_secret(page)
    assert opens(secret) == 200
    key = ApiKey.objects.get()
    assert (key.name, key.owner, key.jurisdiction, key.scopes, key.expires_at - key.created_at) == (
        "Dasbor",
        cast.head_barat(),
        "31.73",
        ["counts:write", "read"],
        timedelta(days=30),
    )
    again = client.get(PAGE)
    assert shown_secret(again) == ""
    assert secret not in again.content.decode()
    assert secret not in str(dict(client.session.items()))
    (line,) = rows(again, "Kunci API")
    assert line[0] == f"Dasbor {key.prefix}…"
    assert line[1:3] == ["Mencatat hitungan, Membaca wilayah 31.73", "Kam, 25 Nov 2021 pukul 12.00 WIB"]
    assert line[3:5] == ["Sab, 25 Des 2021 dibuat Kam, 25 Nov 2021", "berlaku"]


def test_a_form_sent_twice_makes_one_key() -> None:
    client = logged_in(cast.reader())
    for _press in range(2):
        assert client.post(KEYS, key_fields()).status_code == 302
    page = client.get(PAGE)
    assert ApiKey.objects.count() == 1
    assert opens(shown_secret(page)) == 200
    assert "“Dasbor” dibuat satu kali saja." in words(page)
    client.post(KEYS, key_fields(name="Lain"))
    assert (ApiKey.objects.count(), shown_secret(client.get(PAGE))) == (1, "")
    client.post(KEYS, key_fields(name="Lain", token=value(client.get(PAGE), "token")))
    assert ApiKey.objects.count() == 2


def test_a_head_request_does_not_consume_the_secret() -> None:
    client = logged_in(cast.reader())
    client.post(KEYS, key_fields())
    client.head(PAGE)
    assert shown_secret(client.get(PAGE))


def test_a_secret_is_shown_only_within_its_session() -> None:
    client = logged_in(cast.reader())
    client.post(KEYS, key_fields())
    assert shown_secret(logged_in(cast.admin()).get(PAGE)) == ""
    client.post("/keluar/")
    assert shown_secret(client.get(PAGE)) == ""


WRONG = [
    ({"name": ""}, "name", "Beri nama kunci, misalnya nama program pemakainya."),
    ({"name": "3171012345678901"}, "name", "Hapus angka 16 digit: portal tidak menyimpan NIK."),
    ({"name": "a\x07b"}, "name", "Teks berisi tanda yang tidak dapat disimpan."),
    ({"name": "x" * 61}, "name", "Pastikan nilai ini mengandung paling banyak 60 karakter (sekarang 61 karakter)."),
    ({"scopes": []}, "scopes", "Pilih paling sedikit satu."),
    ({"scopes": ["targets:write"]}, "scopes", "targets:write bukan salah satu dari pilihan yang tersedia."),
    ({"days": ""}, "days", "Tulis berapa hari kunci berlaku."),
    ({"days": "sebulan"}, "days", "Tulis bilangan bulat, misalnya 90."),
    ({"days": "9" * 5000}, "days", "Tulis bilangan bulat, misalnya 90."),
    ({"days": "0"}, "days", "Masa berlaku 1 sampai 366 hari."),
    ({"days": "-1"}, "days", "Masa berlaku 1 sampai 366 hari."),
    ({"days": "367"}, "days", "Masa berlaku 1 sampai 366 hari."),
    ({"days": "99999999999999999999"}, "days", "Masa berlaku 1 sampai 366 hari."),
    ({"jurisdiction": "31.75"}, "jurisdiction", "31.75 bukan salah satu dari pilihan yang tersedia."),
    ({"token": ""}, "", "Formulir ini tidak lengkap. Muat ulang halamannya, lalu isi lagi."),
    ({"token": "x" * 500}, "", "Formulir ini tidak lengkap. Muat ulang halamannya, lalu isi lagi."),
]


@pytest.mark.parametrize(("other", "field", "sentence"), WRONG)
def test_bad_input_is_refused_at_its_field(other: dict[str, object], field: str, sentence: str) -> None:
    page = logged_in(cast.reader_barat()).post(KEYS, key_fields(**other))
    assert page.status_code == 400
    assert ApiKey.objects.count() == 0
    html = page.content.decode()
    summary = re.search(r'<div class="error-summary".*?</div>', html, re.DOTALL)
    assert summary
    assert sentence in words(summary[0])
    if field == "scopes":
        assert 'href="#key_scopes_0"' in summary[0]
    elif field:
        assert f'href="#key_{field}"' in summary[0]
        assert sentence in said(page, field)


def test_a_refused_form_can_be_sent_again() -> None:
    client = logged_in(cast.reader())
    page = client.post(KEYS, key_fields(days="0"))
    assert (value(page, "name"), value(page, "token")) == ("Dasbor", ONCE)
    assert client.post(KEYS, key_fields()).status_code == 302
    assert ApiKey.objects.count() == 1


def test_the_twenty_first_key_is_refused() -> None:
    for number in range(20):
        issued(cast.reader(), f"Program {number}")
    page = logged_in(cast.reader()).post(KEYS, key_fields())
    assert (page.status_code, ApiKey.objects.count()) == (400, 20)
    assert "Sudah ada 20 kunci yang berlaku. Cabut yang tidak dipakai." in words(page)


def test_an_administrators_key_for_another_has_their_reach() -> None:
    client = logged_in(cast.admin())
    cast.api_barat()
    assert client.post(KEYS, key_fields(owner="apibarat", scopes=["read", "counts:write"])).status_code == 302
    assert ApiKey.objects.get().owner == cast.api_barat()
    refused = [
        ("owner", {"owner": "tidak.ada"}, "Tidak ada pengguna aktif bernama tidak.ada."),
        ("owner", {"owner": cast.disabled().username}, "Tidak ada pengguna aktif bernama dina."),
        ("jurisdiction", {"owner": "apibarat", "jurisdiction": "31.75"}, "Wilayah 31.75 di luar kewenangan pemilik."),
    ]
    for number, (field, other, sentence) in enumerate(refused):
        page = client.post(KEYS, key_fields(token=f"{number:032x}", **other))
        assert (page.status_code, said(page, field)) == (400, sentence)
    page = client.post(KEYS, key_fields(token="f" * 32, owner="apibarat", scopes=["targets:write"]))
    assert "Akun pemilik tidak berwenang untuk lingkup targets:write." in words(page)
    assert ApiKey.objects.count() == 1


def test_nobody_else_chooses_the_owner() -> None:
    cast.admin()
    client = logged_in(cast.head_barat())
    assert client.post(KEYS, key_fields(owner="adi")).status_code == 302
    assert ApiKey.objects.get().owner == cast.head_barat()


def test_only_owner_and_administrators_revoke_a_key() -> None:
    own, secret = issued(cast.reader())
    other, _secret = issued(cast.head_barat(), "Lain")
    client = logged_in(cast.reader())
    assert client.post(f"{KEYS}{other.pk}/cabut/").status_code == 404
    assert client.post(f"{KEYS}{10**30}/cabut/").status_code == 404
    for _press in range(2):
        assert client.post(f"{KEYS}{own.pk}/cabut/").status_code == 302
    page = client.get(PAGE)
    assert "Kunci “Dasbor” dicabut." in words(page)
    assert [line[4:] for line in rows(page, "Kunci API")] == [["dicabut Kam, 25 Nov 2021", ""]]
    assert opens(secret) == 401
    assert logged_in(cast.admin()).post(f"{KEYS}{other.pk}/cabut/").status_code == 302
    assert not ApiKey.objects.live(NOON).exists()


def test_only_administrators_see_the_keys_of_others() -> None:
    issued(cast.reader())
    issued(cast.head_barat(), "Lain")
    assert [line[0].split()[0] for line in rows(logged_in(cast.reader()).get(PAGE), "Kunci API")] == ["Dasbor"]
    seen = rows(logged_in(cast.admin()).get(PAGE), "Kunci API")
    assert [line[1] for line in seen] == ["Budi Barat budi", "Rina Pembaca rina"]


def test_each_key_says_how_it_stands() -> None:
    issued(cast.reader(), "Lama", days=200)
    issued(cast.reader(), "Segera", days=5)
    issued(cast.reader(), "Besok", days=1)
    revoked, _secret = issued(cast.reader(), "Dicabut")
    revoke_key(by=cast.reader(), number=revoked.pk, now=NOON)
    ended, _secret = issued(cast.reader(), "Lewat")
    ApiKey.objects.filter(pk=ended.pk).update(expires_at=NOON)
    ApiKey.objects.filter(name="Lama").update(last_used_at=None)
    dead, _secret = issued(cast.head_timur(), "Nonaktif")
    User.objects.filter(pk=dead.owner_id).update(is_active=False)
    lines = {line[0].split()[0]: line for line in rows(logged_in(cast.admin()).get(PAGE), "Kunci API")}
    assert {name: line[5] for name, line in lines.items()} == {
        "Lama": "berlaku",
        "Segera": "berakhir dalam 5 hari",
        "Besok": "berakhir dalam 1 hari",
        "Dicabut": "dicabut Kam, 25 Nov 2021",
        "Lewat": "lewat masanya",
        "Nonaktif": "akun pemilik nonaktif",
    }
    assert lines["Lama"][3] == "belum pernah"
    assert {name for name, line in lines.items() if line[6]} == {"Lama", "Segera", "Besok"}


def test_old_keys_are_listed_on_further_pages() -> None:
    for number in range(52):
        key, _secret = issued(cast.reader(), f"Program-{number}")
        revoke_key(by=cast.reader(), number=key.pk, now=NOON)
    client = logged_in(cast.reader())
    first, second = client.get(PAGE), client.get(f"{PAGE}?halaman=2")
    assert [line[0].split()[0] for line in rows(second, "Kunci API")] == ["Program-1", "Program-0"]
    assert len(rows(first, "Kunci API")) == 50
    assert 'href="/api/?halaman=2#kunci"' in first.content.decode()
    assert 'href="/api/?halaman=1#kunci"' in second.content.decode()
    for odd in ("0", "-1", "x", "²", "9" * 30, "99999"):
        assert client.get(PAGE, {"halaman": odd}).status_code == 200


# Webhooks


def hook_fields(**other: object) -> dict[str, object]:
    return {"token": ONCE, "url": HOOK, "name": "Balai Kota"} | other


def test_a_webhook_is_made_and_shown_once() -> None:
    client = logged_in(cast.reader())
    for _press in range(2):
        assert client.post(HOOKS, hook_fields()).status_code == 302
    webhook = Webhook.objects.get()
    assert shown_secret(client.get(PAGE)) == secret_of(webhook)
    page = client.get(PAGE)
    assert shown_secret(page) == ""
    assert HOOK in words(page)
    assert "Belum ada angka resmi baru sejak webhook ini didaftarkan." in words(page)
    again = client.post(HOOKS, hook_fields(token="a" * 32))
    assert (again.status_code, said(again, "url")) == (409, "Alamat ini sudah terdaftar sebagai webhook Anda.")


@pytest.mark.parametrize(
    ("url", "sentence"),
    [
        ("", "Tulis alamat lengkap yang diawali https://."),
        ("http://93.184.215.14/", "Tulis alamat lengkap yang diawali https://."),
        ("https://10.0.0.1/", "Host 10.0.0.1 tidak berada di jaringan umum."),
        ("https://dalam.test/", "Host dalam.test tidak berada di jaringan umum."),
        ("https://a:b@93.184.215.14/", "Alamat tidak boleh memuat nama pengguna atau kata sandi."),
        ("https://" + "a" * 600, "Paling panjang 500 huruf."),
    ],
)
def test_a_private_address_is_refused_at_its_field(url: str, sentence: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(outgoing, "resolve_host", lambda host, _port: ["192.168.1.1"])
    page = logged_in(cast.reader()).post(HOOKS, hook_fields(url=url))
    assert (page.status_code, said(page, "url")) == (400, sentence)
    assert not Webhook.objects.exists()


def test_a_host_is_resolved_before_the_writers_lock(monkeypatch: pytest.MonkeyPatch) -> None:
    """A name server that is slow must not stop everybody who writes."""
    depth = len(connection.savepoint_ids)
    seen = []

    def look_up(_host: str, _port: int) -> list[str]:
        seen.append(len(connection.savepoint_ids) - depth)
        return ["93.184.215.14"]

    monkeypatch.setattr(outgoing, "resolve_host", look_up)
    assert logged_in(cast.reader()).post(HOOKS, hook_fields(url="https://luar.test/")).status_code == 302
    assert seen == [0]


def test_administrators_see_only_hosts_of_others_webhooks() -> None:
    logged_in(cast.reader()).post(HOOKS, hook_fields())
    webhook = Webhook.objects.get()
    run = recompute_coverage(by=cast.admin(), day=DAY - timedelta(days=1), now=NOON)
    delivery = WebhookDelivery.objects.get()
    assert (delivery.webhook, delivery.run) == (webhook, run)
    WebhookDelivery.objects.update(
        status=DeliveryStatus.FAILED, attempts=7, last_at=NOON, answer=500, error="Penerima menjawab 500."
    )
    own, admins = logged_in(cast.reader()).get(PAGE), logged_in(cast.admin()).get(PAGE)
    for page in (own, admins):
        (line,) = rows(page, "Kiriman terakhir ke Balai Kota")
        assert line == [
            f"nomor {run.number} Rab, 24 Nov 2021",
            "Gagal",
            "7",
            "Kam, 25 Nov 2021 pukul 12.00 WIB",
            "Penerima menjawab 500.",
        ]
    assert "rahasia" not in words(admins)
    assert "93.184.215.14 · Rina Pembaca rina" in words(admins)
    assert "93.184.215.14" not in words(logged_in(cast.head_barat()).get(PAGE))


def test_only_its_owner_finds_and_stops_a_webhook() -> None:
    client = logged_in(cast.reader())
    client.post(HOOKS, hook_fields())
    webhook = Webhook.objects.get()
    assert logged_in(cast.head_barat()).post(f"{HOOKS}{webhook.pk}/henti/").status_code == 404
    for _press in range(2):
        assert client.post(f"{HOOKS}{webhook.pk}/henti/").status_code == 302
    page = words(client.get(PAGE))
    assert "Webhook “Balai Kota” dihentikan." in page
    assert "Belum ada webhook." in page
    webhook.refresh_from_db()
    assert webhook.stopped_at is not None


# What it costs


@pytest.mark.parametrize(("who", "queries"), [(None, 2), (cast.reader, 9), (cast.admin, 9)])
def test_more_keys_and_webhooks_cost_no_more_queries(who: Callable[[], User] | None, queries: int) -> None:
    for number in range(3):
        issued(cast.reader(), f"Program {number}")
        logged_in(cast.reader()).post(HOOKS, hook_fields(url=f"{HOOK}{number}", token=f"{number:032x}"))
    client = logged_in(who() if who else None)
    client.get(PAGE)
    with CaptureQueriesContext(connection) as captured:
        client.get(PAGE)
    assert len(captured) == queries, [each["sql"] for each in captured]


@pytest.mark.usefixtures("committed_world")
class TestAtOnce:
    """Two presses in two processes, of one browser."""

    def test_both_lead_to_one_key_whose_secret_waits(self) -> None:
        client = logged_in(cast.reader())
        client.get(PAGE)

        def press() -> None:
            assert client.post(KEYS, key_fields()).status_code == 302

        assert together(press, press, press) == [0, 0, 0]
        assert ApiKey.objects.count() == 1
        assert opens(shown_secret(client.get(PAGE))) == 200
