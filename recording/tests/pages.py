"""Reading pages as a person does: the words, without the tags."""

import re
from html import unescape
from typing import Protocol

from django.core.cache import caches
from django.test import Client

from accounts.models import User
from accounts.tests.browser import let_in


class Answer(Protocol):
    """An answer of the test client."""

    content: bytes
    status_code: int

    def __getitem__(self, header: str) -> str: ...


def logged_in(user: User | None) -> Client:
    """A browser in which this person has logged in; None: nobody has. It speaks HTTPS, as production demands."""
    client = Client(headers={"x-forwarded-proto": "https"})
    return client if user is None else let_in(client, user)


def forget_pages() -> None:
    """What was built for other readers."""
    for name in ("default", "pages"):
        caches[name].clear()


def words(page: Answer | str) -> str:
    """The text of a page in its order, spaces collapsed."""
    html = page if isinstance(page, str) else page.content.decode()
    html = re.sub(r"<(svg|script|style|template)\b.*?</\1>", " ", html, flags=re.DOTALL)
    return " ".join(unescape(re.sub(r"<[^>]*>", " ", html)).split())


def rows(page: Answer, caption: str = "") -> list[list[str]]:
    """The cells of the body of the first table whose caption holds these words; no rows without such a table."""
    for table in re.findall(r"<table\b.*?</table>", page.content.decode(), re.DOTALL):
        named = re.search(r"<caption.*?</caption>", table, re.DOTALL)
        body = re.search(r"<tbody>(.*?)</tbody>", table, re.DOTALL)
        if body and caption in (words(named[0]) if named else ""):
            lines = re.findall(r"<tr\b.*?</tr>", body[1], re.DOTALL)
            return [[words(cell) for cell in re.findall(r"<t[hd]\b.*?</t[hd]>", line, re.DOTALL)] for line in lines]
    return []


def value(page: Answer, name: str) -> str:
    """What a field of the form on the page holds: an input's value, the chosen option, or a textarea's text."""
    html = page.content.decode()
    if found := re.search(rf'<input\b[^>]*\bname="{name}"[^>]*>', html):
        held = re.search(r'\bvalue="([^"]*)"', found[0])
        return unescape(held[1]) if held else ""
    if found := re.search(rf'<textarea\b[^>]*\bname="{name}"[^>]*>\r?\n?(.*?)</textarea>', html, re.DOTALL):
        return unescape(found[1])
    found = re.search(rf'<select\b[^>]*\bname="{name}".*?</select>', html, re.DOTALL)
    assert found, f"no field {name}"
    chosen = re.search(r'<option value="([^"]*)" selected', found[0])
    return unescape(chosen[1]) if chosen else ""


def wrong(page: Answer) -> dict[str, str]:
    """The fields of the form that are marked as wrong, each with its sentences."""
    return {
        name: words(text)
        for name, text in re.findall(r'<div class="wrong" id="id_(\w+)_error">(.*?)</div>', page.content.decode(), re.DOTALL)
    }
