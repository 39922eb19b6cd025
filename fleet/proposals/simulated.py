"""What `simulate_campaign` found, for the page of methods: read from the file that it wrote."""

import json
from functools import cache
from pathlib import Path
from typing import Any

from django.utils.formats import number_format
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from dukcapil import figures

FIGURES = Path(__file__).resolve().parents[1] / "planning" / "simulation" / "figures.json"
POLICIES: dict[str, Promise] = {
    "skipping_rota": _("Bergilir, yang tuntas dilewati"),
    "periodic_rota": _("Bergilir dengan daftar tetap terbaik"),
    "largest_gap": _("Sisa terbesar lebih dahulu"),
    "greedy": _("Perencana tanpa solver"),
    "planner": _("Perencana"),
    "clairvoyant": _("Yang mengetahui segalanya"),
    "foretold": _("Perencana yang tahu pembatalan"),
}
WORLDS: dict[str, Promise] = {
    "everyone": _("Semua orang dapat ditemui: hari sampai 80%"),
    "gone": _("Sepertiga sudah pindah: hari sampai 80%"),
    "lag": _("Hanya dua kota tertinggal: hari sampai 80%"),
    "groups": _("Tiap titik hanya melayani satu RW: hari sampai 50%"),
    "scarce": _("Dua hari layanan seminggu tiap Sudin: perekaman dalam 130 hari"),
    "called_off": _("Seperlima titik dibatalkan: perekaman dalam 60 hari"),
}


@cache
def stored_figures() -> dict[str, Any]:
    content: dict[str, Any] = json.loads(FIGURES.read_text(encoding="utf-8"))
    return content


def part_of_method() -> tuple[str, dict[str, object]]:
    """The template of this part of the page (settings.METHOD_SOURCES), and what it shows."""
    found = stored_figures()
    tables = [(WORLDS[world], [line(*each) for each in row["policies"].items()]) for world, row in found["worlds"].items()]
    return "fleet/proposals/_simulation.html", {
        "tables": tables,
        "seeds": found["seeds"],
        "bars": [told(bar) for bar in found["bars"]],
    }


def told(bar: dict[str, Any]) -> tuple[Promise, Promise, str, str, str, bool]:
    """A bar in words; where only the worst draw is held to something, that is what is required."""
    required = times(bar["median"] or bar["least"])
    return WORLDS[bar["world"]], POLICIES[bar["other"]], times(bar["found"]), times(bar["worst"]), required, bar["holds"]


def line(policy: str, row: dict[str, Any]) -> tuple[Promise, str, str]:
    """A policy, its median, and that as a share of what the clairvoyant reaches; a dash where it never gets there."""
    median, share = row["median"], row["of_clairvoyant"]
    return (
        POLICIES[policy],
        figures.people(None if median is None else int(median + 0.5)),
        "–" if share is None else f"{share:.0%}",
    )


def times(ratio: float) -> str:
    return f"{number_format(round(ratio, 2), 2)}×"
