"""Asking and writing through the API in a test, as a program with a key does."""

import json
from typing import Any

from django.test import Client

from accounts.models import User
from accounts.services.keys import issue_key
from recording.models import AuditEntry, CountChange, DailyCount, Posting, Target
from recording.tests.world import KAPUK, NOON

ROOT = "/api/v1/"
PROBLEM = "application/problem+json"
WRITES = ("read", "counts:write")


def bearer(owner: User, *scopes: str, jurisdiction: str = "", **changes: Any) -> dict[str, str]:
    """The header of a new key of this person; without scopes it may read and write counts."""
    wanted: dict[str, Any] = {"days": 30, "now": NOON} | changes
    _key, secret = issue_key(by=owner, name="uji", scopes=scopes or WRITES, jurisdiction=jurisdiction, **wanted)
    return {"Authorization": f"Bearer {secret}"}


def row(**changes: Any) -> dict[str, Any]:
    """A good count of 31 people in Kapuk, but for the changes."""
    return {"region": KAPUK, "document": "KTP", "day": "2021-11-25", "source": "loket", "people": 31} | changes


def without(*names: str) -> dict[str, Any]:
    return {name: value for name, value in row().items() if name not in names}


def post(asking: dict[str, str], body: Any, path: str = "counts/", *, kind: str = "application/json", **more: str) -> Any:
    """Send a body: bytes as they are, anything else as JSON."""
    raw = body if isinstance(body, bytes) else json.dumps(body).encode()
    return Client().post(ROOT + path, raw, kind, headers=asking | {k.replace("_", "-"): v for k, v in more.items()})


def contents() -> tuple[int, ...]:
    """How many rows every table has that a write may touch, and the sum of all counts."""
    tables = (DailyCount, CountChange, Posting, Target, AuditEntry)
    people = sum(count.people or 0 for count in DailyCount.objects.all())
    return (*(table._default_manager.count() for table in tables), people)


def told(answer: Any, status: int) -> dict[str, Any]:
    """The problem that an answer is, complete, with this status."""
    body = answer.json()
    assert (answer.status_code, answer["Content-Type"]) == (status, PROBLEM), body
    assert body.keys() - {"errors"} == {"type", "title", "status", "detail"}
    assert body["status"] == status
    assert all(isinstance(body[name], str) and body[name] for name in ("type", "title", "detail"))
    assert "#" in body["type"]
    assert answer["Cache-Control"] == "no-store"
    found: dict[str, Any] = body
    return found


def fields(body: dict[str, Any]) -> list[tuple[int | None, str]]:
    """(row, field) of each error of a problem."""
    return [(each.get("row"), each["field"]) for each in body.get("errors", ())]
