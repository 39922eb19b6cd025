"""What people do at eight o'clock. Each act raises Failed where a person would say that it did not work."""

import re
from collections.abc import Callable
from html.parser import HTMLParser
from pathlib import Path
from time import monotonic, sleep
from typing import Any

from benchmarks.load.browser import Connections, Failed, Person, json_of

LOOK_EVERY_SECONDS = 2.0  # as static/recording/imports/import.js does
IMPORT_SECONDS = 300  # after which nobody waits any more


def open_first_page(portal: Connections, person: Person) -> None:
    answer = person.first_page(portal)
    if answer.status != 200 or len(answer.body) < 1_000:
        raise Failed(f"first page: {answer.status}")


def send_report(portal: Connections, person: Person, trip: int, fields: dict[str, str]) -> None:
    """Returns once the portal has said that the report was sent."""
    answer = person.post(portal, f"/laporan/{trip}/", fields, accept="application/json")
    told = json_of(answer)
    if answer.status != 200 or told.get("status") != "sent":
        raise Failed(f"report: {answer.status} {told.get('message', '')}"[:200])


def import_file(portal: Connections, person: Person, file: Path) -> float:
    """Send the file through the page, look every two seconds, confirm what the preview says; the seconds it took until the
    page says that all is stored."""
    started = monotonic()
    form = hidden_fields(person.get(portal, "/impor/").text)
    fields = {"key": form["key"], "kind": "counts"}
    answer = person.send_file(portal, "/impor/", fields, file.name, file.read_bytes())
    if answer.status != 302:
        raise Failed(f"upload: {answer.status}")
    page = answer.headers["Location"]
    preview = _look_until(portal, person, page, lambda text: 'name="seen"' in text)
    form = hidden_fields(preview)
    confirmed = {"seen": form["seen"], "good_rows_only": "1"} | answers_shown(preview)
    answer = person.post(portal, f"{page}ya/", confirmed)
    if answer.status != 302:
        raise Failed(f"confirmation: {answer.status} {'; '.join(problems(answer.text))}")
    _look_until(portal, person, page, lambda text: f"{page}batal/" in text)
    return monotonic() - started


def _look_until(portal: Connections, person: Person, page: str, is_there: Callable[[str], bool]) -> str:
    """The page as soon as it shows what is waited for."""
    last = monotonic() + IMPORT_SECONDS
    while monotonic() < last:
        answer = person.get(portal, page)
        if answer.status != 200:
            raise Failed(f"page of the import: {answer.status}")
        if is_there(answer.text):
            return answer.text
        if "data-follow" not in answer.text:
            raise Failed(f"the import came to another end: {'; '.join(problems(answer.text))}")
        sleep(LOOK_EVERY_SECONDS)
    raise Failed("the import takes too long")


def hidden_fields(html: str) -> dict[str, str]:
    """The hidden fields of all forms of a page."""
    return {field["name"]: field.get("value") or "" for field in _inputs(html) if field.get("type") == "hidden"}


def answers_shown(html: str) -> dict[str, str]:
    """The answers to a file's questions that the page proposes."""
    fields = [field for field in _inputs(html) if (field.get("name") or "").startswith("jawab-")]
    return {field["name"]: field.get("value") or "" for field in fields if "checked" in field}


def problems(html: str) -> list[str]:
    """The sentences by which a page refuses something."""
    found = re.findall(r'class="(?:error-summary|notice)".*?<(?:li|span)>(.*?)</(?:li|span)>', html, re.DOTALL)
    return [" ".join(re.sub("<.*?>", "", sentence).split()) for sentence in found]


def _inputs(html: str) -> list[dict[str, Any]]:
    reader = _Inputs()
    reader.feed(html)
    return reader.found


class _Inputs(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.found: list[dict[str, Any]] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag == "input" and dict(attrs).get("name"):
            self.found.append(dict(attrs))
