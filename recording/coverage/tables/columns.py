"""The columns of tables of regions: which there are, what they are called, and where a press on their head leads."""

from collections.abc import Callable, Collection
from dataclasses import dataclass
from datetime import date

from django.utils import dateformat
from django.utils.translation import gettext as _

from recording.coverage.tables.ordering import DOWN, KEYS, OTHER, next_order
from recording.models import Document

PLAIN = ("nama", "capaian", "persen", "rekam", "target", "sisa", "tuntas", "status")  # for everybody
# Of the regions just below one, on its own page.
CHILDREN = (*PLAIN[:-2], "selisih", "perhari", "hariini", *PLAIN[-2:])
# Of the table of one document and of the one with both, in the order shown.
ONE = ("nama", "persen", "rekam", "target", "sisa", "rencana", "selisih", "perhari", "hariini", "takrekam", "status")
BESIDE = ("nama", *(name + side for side in ("", OTHER) for name in ("persen", "rekam", "target", "sisa")))


@dataclass(frozen=True)
class Column:
    """A column's head. `url` "": the table has one order only. `sorted_by`: as aria-sort says it, "" for the others."""

    name: str
    label: str
    url: str = ""
    sorted_by: str = ""
    day: date | None = None

    @property
    def css(self) -> str:
        return {"nama": "", "status": "", "capaian": "wide"}.get(self.name, "number")


def table_columns(
    names: Collection[str],
    *,
    document: str,
    level: str,
    day: date | None = None,
    below: str = "",
    order: str = "",
    address: Callable[[str], str] | None = None,
) -> dict[str, Column]:
    """The heads by name. `level` and `below` name what the rows are and what lies in them; `day` is the run's own; `address`
    gives the one of the same page in another order."""
    labels = _labels(document, level, day, below)
    if f"persen{OTHER}" in names:
        labels |= {"persen": _("% KTP"), "target": _("Target KTP"), "sisa": _("Sisa KTP")}
    columns = {}
    for name in names:
        if name == "tuntas" and not below:
            continue
        chosen = order.removeprefix(DOWN) == name
        sorted_by = ("descending" if order.startswith(DOWN) else "ascending") if chosen else ""
        url = address(next_order(name, order)) if address and name in KEYS else ""
        columns[name] = Column(name, labels[name], url, sorted_by, day if name == "hariini" else None)
    return columns


def _labels(document: str, level: str, day: date | None, below: str) -> dict[str, str]:
    short_day = dateformat.format(day, "j M") if day else ""
    labels = {
        "nama": level,
        "capaian": _("Capaian"),
        "persen": "%",
        "rekam": _("KIA terbit") if document == Document.KIA else _("Sudah rekam"),
        "target": _("Target"),
        "sisa": _("Sisa"),
        "rencana": _("Rencana s.d. %(day)s") % {"day": short_day},
        "selisih": _("Dari rencana"),
        "perhari": _("Perlu per hari kerja"),
        "hariini": short_day,
        "takrekam": _("Tidak terekam"),
        "tuntas": _("%(level)s tuntas") % {"level": below},
        "status": _("Status"),
    }
    beside = {"persen": _("% KIA"), "rekam": _("KIA terbit"), "target": _("Target KIA"), "sisa": _("Sisa KIA")}
    return labels | {f"{name}{OTHER}": label for name, label in beside.items()}
