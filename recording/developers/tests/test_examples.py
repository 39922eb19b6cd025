"""What the page "API" offers to be copied runs as it stands, against the portal that showed it."""

import csv
import json
import re
import shlex
import shutil
import subprocess
import sys
from collections.abc import Iterator
from datetime import date
from html import unescape
from io import StringIO
from itertools import pairwise
from pathlib import Path
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit
from urllib.request import Request, urlopen

import pytest
from django.core.management import call_command
from django.test import Client

from accounts.acts import Act
from accounts.models import ApiKey
from accounts.rights import SYSTEM
from accounts.roles import KeyScope
from accounts.services.keys import MAX_DAYS, issue_key, revoke_key
from accounts.tests import cast
from dukcapil import clock
from dukcapil.testing import child_environment, shared_worlds
from dukcapil.tests.visits import Visit
from recording.conftest import serving
from recording.coverage.services import recompute_coverage
from recording.demo import services as demo
from recording.developers import guide as api_guide
from recording.models import CountChange, CoverageRun, DailyCount, Door, WebhookDelivery
from recording.tests import world
from recording.tests.pages import logged_in
from recording.webhooks.delivery import message_body
from recording.webhooks.services import register_webhook
from recording.webhooks.signature import signature_headers

if TYPE_CHECKING:
    from playwright.sync_api import Browser

FIRST = date(2021, 1, 4)
README = Path(__file__).resolve().parents[3] / "README.md"


def example(html: str, name: str) -> str:
    """The text of one example, as its button copies it."""
    found = re.search(rf'<pre id="contoh-{name}"[^>]*>(.*?)</pre>', html, re.DOTALL)
    assert found, name
    return unescape(found[1])


def fetched(address: str) -> str:
    with urlopen(address) as answer:
        text: str = answer.read().decode()
    return text


def page(path: str) -> str:
    """A page as whoever started `make run` gets it."""
    return Client(headers={"host": "127.0.0.1:8000"}).get(path).content.decode()


def asked(command: str) -> str:
    """What a curl command answers; without curl the same request is made here."""
    words = shlex.split(command)
    if shutil.which("curl"):
        words = ["curl", "--silent", "--fail-with-body", *words[1:]]
        done = subprocess.run(words, capture_output=True, env=child_environment(no_proxy="*"), check=True)
        return done.stdout.decode()
    headers = dict(line.split(": ", 1) for flag, line in pairwise(words) if flag == "-H")
    with urlopen(Request(words[-1], headers=headers)) as answer:
        text: str = answer.read().decode()
    return text


def seed() -> None:
    """What `make run` serves, on the example's first day: every region of the real province."""
    call_command("seed_demo", until=FIRST.isoformat(), stdout=StringIO())


OWN_WORLDS = {"example_day": seed}


@pytest.fixture
def example_day(db: None) -> None:
    shared_worlds.given("example_day")


@pytest.fixture
def example_portal(committed: None) -> Iterator[str]:
    """The example, served."""
    seed()
    with serving() as address:
        yield address


def program(code: str, folder: Path) -> list[str]:
    done = subprocess.run(
        [sys.executable, "-c", code],
        cwd=folder,
        capture_output=True,
        text=True,
        env=child_environment(no_proxy="*", PYTHONIOENCODING="utf-8"),
    )
    assert done.returncode == 0, done.stderr
    return done.stdout.splitlines()


def test_two_copied_examples_fetch_figures_and_changes(example_portal: str, tmp_path: Path) -> None:
    html = fetched(f"{example_portal}/api/")
    lines = list(csv.DictReader(asked(example(html, "curl")).splitlines()))
    assert len(lines) == 44
    assert {line["level"] for line in lines} == {"district"}
    assert {line["run"] for line in lines} == {str(CoverageRun.objects.get().number)}
    code = example(html, "python")
    assert "limit=1000" in code
    for_pages = code.replace("limit=1000", "limit=20")
    changes = CountChange.objects.count()
    assert changes > 40, "more than two pages"
    assert len(program(for_pages, tmp_path)) == changes
    assert program(code, tmp_path) == []
    world.write(world.count(3, "31.71.01.1001", day=FIRST, source="rt"), now=clock.now(), reason="susulan")
    (line,) = program(code, tmp_path)
    assert line.split()[1:] == ["31.71.01.1001", "KTP", "2021-01-04", "3", "susulan"]
    assert (tmp_path / "cursor.txt").read_text() == str(CountChange.objects.latest("pk").pk)


@pytest.mark.usefixtures("example_day")
def test_readme_and_page_show_the_same_command() -> None:
    text = README.read_text(encoding="utf-8").replace(" \\\n  ", " ")
    shown = example(page("/api/"), "curl")
    assert shown in text.splitlines()


@pytest.mark.usefixtures("example_day")
def test_the_demo_key_reads_for_a_demo_year() -> None:
    key = ApiKey.objects.get()
    assert (key.owner.username, key.scopes, (key.expires_at - clock.now()).days) == ("dasbor", [KeyScope.READ], MAX_DAYS - 1)
    assert demo.demo_key(now=clock.now()) == demo.DEMO_KEY
    assert key.prefix == "rj_contoh"
    client = Client(headers={"x-forwarded-proto": "https", "authorization": f"Bearer {demo.DEMO_KEY}"})
    answer = client.post("/api/v1/counts/", "[]", content_type="application/json")
    assert answer.status_code in (400, 403)
    row = {"region": "31.71.01.1001", "document": "KTP", "day": "2021-01-04", "source": "rt", "people": 1}
    before = DailyCount.objects.count()
    answer = client.post("/api/v1/counts/", json.dumps(row), content_type="application/json")
    assert (answer.status_code, DailyCount.objects.count()) == (403, before)
    demo.give_demo_key(by=SYSTEM, now=clock.now())
    assert ApiKey.objects.count() == 1
    revoke_key(by=SYSTEM, number=key.pk, now=clock.now())
    demo.give_demo_key(by=SYSTEM, now=clock.now())
    assert (ApiKey.objects.count(), demo.demo_key(now=clock.now())) == (1, "")
    html = page("/api/")
    assert demo.DEMO_KEY not in html, "what opens nothing is not offered"
    assert "Bearer KUNCI_ANDA" in html


@pytest.mark.usefixtures("at_noon")
def test_the_example_of_writing_writes_one_count_once() -> None:
    words = shlex.split(example(logged_in(None).get("/api/").content.decode(), "tulis"))
    headers = dict(line.split(": ", 1) for flag, line in pairwise(words) if flag == "-H")
    _key, secret = issue_key(by=cast.head_barat(), name="uji", scopes=[KeyScope.COUNTS_WRITE], days=1, now=world.NOON)
    assert headers.pop("Authorization") == "Bearer KUNCI_ANDA"
    headers |= {"authorization": f"Bearer {secret}", "x-forwarded-proto": "https"}
    body, address = words[words.index("-d") + 1], words[words.index("POST") + 1]
    client = Client()
    for repeated in (None, "true"):
        answer = client.post(
            urlsplit(address).path,
            body,
            content_type=headers["Content-Type"],
            headers={name: text for name, text in headers.items() if name != "Content-Type"},
        )
        assert answer.status_code == 200, answer.content
        assert answer.headers.get("Idempotent-Replayed") == repeated
    assert world.value() == 12


@pytest.mark.usefixtures("at_noon")
def test_the_verifying_example_accepts_only_genuine_messages(settings: Any) -> None:
    settings.WEBHOOKS_ALLOW_PRIVATE_ADDRESSES = True
    html = logged_in(cast.reader()).get("/api/").content.decode()
    _webhook, secret = register_webhook(act=Act(cast.reader(), world.NOON, Door.PAGE), url="http://a.test/", name="uji")
    recompute_coverage(by=SYSTEM, day=world.DAY.replace(day=24), now=world.NOON)
    delivery = WebhookDelivery.objects.select_related("run", "webhook").get()
    body = message_body(delivery)
    headers = signature_headers(delivery, body, clock.real_now())
    known: dict[str, Any] = {}
    exec(example(html, "periksa"), known)
    is_genuine = known["is_genuine"]
    assert is_genuine(secret, headers, body)
    assert not is_genuine(secret, headers, body + b" ")
    assert not is_genuine("whsec_" + "A" * 44, headers, body)
    assert not is_genuine(secret, headers | {"Webhook-Id": "msg_0"}, body)
    old = signature_headers(delivery, body, world.NOON)
    assert not is_genuine(secret, old, body), "years old"
    assert set(json.loads(example(html, "kabar"))) == set(json.loads(body)) == set(json.loads(api_guide.HOOK_BODY))


@pytest.mark.browser
def test_the_buttons_copy_examples_and_secrets_unchanged(browser: "Browser", portal: str) -> None:
    cast.reader()
    visit = Visit(browser, portal, viewport={"width": 390, "height": 800}, permissions=["clipboard-read", "clipboard-write"])
    visit.log_in("rina")
    page = visit.page
    page.goto("/api/")
    for name in ("contoh-curl", "contoh-python"):
        page.click(f"[data-copy={name}]")
        page.locator(f"[data-copied={name}]", has_text="Tersalin").wait_for()
        assert page.evaluate("navigator.clipboard.readText()") == page.text_content(f"#{name}")
    page.fill("#key_name", "Dasbor")
    visit.follow("#kunci-baru button")
    page.click("[data-copy=rahasia]")
    page.locator("[data-copied=rahasia]", has_text="Tersalin").wait_for()
    assert page.evaluate("navigator.clipboard.readText()").startswith(ApiKey.objects.get().prefix)
    page.reload()
    assert page.locator("#rahasia").count() == 0
    assert not page.is_visible("text=Ya, cabut")
    page.click(".sure summary")
    visit.follow("text=Ya, cabut")
    assert "Kunci “Dasbor” dicabut." in visit.text(".notice-good")
    visit.done()


def test_the_examples_name_the_host_that_was_asked(at_noon: None, settings: Any) -> None:
    settings.ALLOWED_HOSTS = ["rekam.example"]
    html = Client(headers={"host": "rekam.example", "x-forwarded-proto": "https"}).get("/api/").content.decode()
    scheme = "https" if settings.BEHIND_TLS else "http"
    assert f'"{scheme}://rekam.example/api/v1/coverage/?document=KTP' in example(html, "curl")
    assert f'HOST = "{scheme}://rekam.example"\n' in example(html, "python")
