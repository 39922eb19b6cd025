"""The portal as an application: what the service worker keeps, and the manifest that a phone reads."""

import json
import re
from typing import Any

import pytest
from django.conf import settings
from django.contrib.staticfiles import finders
from django.templatetags.static import static
from django.urls import resolve

from accounts.tests import cast
from dukcapil.offline import ASSETS
from recording.tests.pages import logged_in, words

pytestmark = pytest.mark.usefixtures("at_noon")


def test_the_service_worker_names_hashed_files_that_exist() -> None:
    answer = logged_in(None).get("/sw.js")
    script = answer.content.decode()
    assert answer["Content-Type"] == "text/javascript; charset=utf-8"
    assert "no-cache" in answer["Cache-Control"]
    listed = json.loads(re.search(r"LIST = (\[.*?), OFFLINE\]", script)[1].rstrip(", ") + "]")  # type: ignore[index]
    assert len(listed) == len(ASSETS)
    for address, name in zip(listed, ASSETS, strict=True):
        stem, _dot, ending = name.rpartition(".")
        assert re.fullmatch(rf"/static/{stem}\.[0-9a-f]{{12}}\.{ending}", address), address
        assert finders.find(name)


def test_the_first_kept_page_opens_the_application() -> None:
    script = logged_in(None).get("/sw.js").content.decode()
    for page in settings.OFFLINE_PAGES:
        assert f'"{page}"' in script
        assert resolve(page)
    told = logged_in(None).get("/aplikasi.webmanifest")
    manifest: dict[str, Any] = told.json()
    assert told["Content-Type"] == "application/manifest+json"
    assert (manifest["start_url"], manifest["display"], manifest["scope"]) == ("/laporan/", "standalone", "/")
    assert [icon["src"] for icon in manifest["icons"]] == [static("dukcapil/mark.svg")]
    assert manifest["name"] == settings.PORTAL_NAME


def test_the_offline_page_is_alike_for_everybody() -> None:
    nobody, head = (logged_in(who).get("/luring/") for who in (None, cast.head_barat()))
    assert nobody.content == head.content
    assert "Tidak ada sambungan" in words(nobody)


def test_only_the_days_page_asks_for_keeping() -> None:
    client = logged_in(cast.staff())
    kept = {
        address: "X-Keep-Offline" in client.get(address).headers for address in ("/laporan/", "/pantauan/", "/", "/jadwal/")
    }
    assert kept == {"/laporan/": True, "/pantauan/": False, "/": False, "/jadwal/": False}
