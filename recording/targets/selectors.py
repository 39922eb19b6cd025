"""Reading targets: every version of a region's own ones, which of them is in force, and who wrote it."""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import date
from itertools import groupby
from typing import Any

from django.db.models import F, FilteredRelation, Q
from django.utils.translation import gettext as _

from accounts.models import User
from accounts.rights import region_not_found
from dukcapil import figures
from recording.models import ONE_DAY, TARGET_SET, AuditEntry, Door, Period, TargetKind
from recording.models import Target as TargetRow
from recording.parsing.region_names import is_code
from recording.targets.versions import in_force_on

TARGET_COLUMNS = ("kind", "version", "people", "opening", "source", "effective_from", "at")
WRITER = {"writer": F("own__by__full_name")}


@dataclass(frozen=True)
class TargetVersion:
    """One version of a region's own target, and whether it is the one in force on the run's day. `door`: through which it
    came in, where a page tells it."""

    row: TargetRow
    in_force: bool
    door: str = ""


@dataclass(frozen=True)
class TargetPanel:
    """What templates/recording/targets/_history.html shows: all versions of a region's own targets as on `day`, the day of
    a run. `has_target`: the region has one, be it the sum of those below (`level_below`)."""

    versions: list[TargetVersion]
    day: date
    has_target: bool
    level_below: str
    url: str
    may_set: bool

    @property
    def own(self) -> bool:
        """Whether a target of the period of its own is in force; one that is withdrawn is not."""
        in_force = (version.row for version in self.versions if version.in_force)
        return any(row.kind == TargetKind.TASK and row.people is not None for row in in_force)


def has_targets(period: Period) -> bool:
    """Whether anybody set a target of a period."""
    return TargetRow.objects.filter(period=period).exists()


def versions_on(rows: Iterable[TargetRow], day: date) -> list[TargetVersion]:
    """The rows of one region, document and period, newest version first, each with whether it is in force."""
    newest_first = sorted(rows, key=lambda row: (row.kind, -row.version))
    versions: list[TargetVersion] = []
    for _kind, group in groupby(newest_first, key=lambda row: row.kind):
        of_kind = list(group)
        in_force = in_force_on(of_kind, day)
        versions += [TargetVersion(row, row is in_force) for row in of_kind]
    return versions


def with_doors(versions: list[TargetVersion]) -> list[TargetVersion]:
    """With the door of each: that of the entry in the audit trail which was written in the same act."""
    acts = AuditEntry.objects.filter(action=TARGET_SET, at__in={version.row.at for version in versions})
    doors = {(at, by or ""): str(Door(door).label) for at, by, door in acts.values_list("at", "by__full_name", "door")}
    return [replace(version, door=doors.get((version.row.at, str(version.row.by or "")), "")) for version in versions]


def periods_with_targets(code: str, document: str) -> dict[Period, list[TargetRow]]:
    """Every period, oldest first, with a region's own targets in it: both in one query."""
    if not is_code(code):
        raise region_not_found(code[:40])
    own = FilteredRelation("targets", condition=Q(targets__region=code, targets__document=document))
    rows = (
        Period.objects.annotate(own=own)
        .order_by("first_day")
        .values("pk", "name", "first_day", "last_day", **{name: F(f"own__{name}") for name in TARGET_COLUMNS}, **WRITER)
    )
    targets_of: dict[Period, list[TargetRow]] = {}
    for row in rows:
        period = Period(row["pk"], row["name"], row["first_day"], row["last_day"])
        targets = targets_of.setdefault(period, [])
        cells: dict[str, Any] = dict(row)
        values = {name: cells[name] for name in TARGET_COLUMNS}
        if values["version"] is not None:
            by = User(full_name=cells["writer"]) if cells["writer"] is not None else None
            targets.append(TargetRow(region_id=code, document=document, period=period, by=by, **values))
    return targets_of


def targets_beyond_closing() -> list[str]:
    """Targets that are still in force after the last day of their region: its people are another region's then."""
    closing = TargetRow.objects.filter(region__closed__lt=F("period__last_day")).select_related("region", "period")
    rows = closing.order_by("region_id", "document", "period__first_day", "kind", "version")
    sentences = []
    for _key, versions in groupby(rows, key=lambda row: (row.region_id, row.document, row.period_id, row.kind)):
        of_target = list(versions)
        closed = of_target[0].region.closed
        row = in_force_on(of_target, closed + ONE_DAY) if closed else None
        if row and row.people is not None:
            sentences.append(
                _("Target %(document)s %(period)s dari %(region)s tetap %(people)s sesudah hari terakhirnya %(day)s.")
                % {
                    "document": row.document,
                    "period": row.period.name,
                    "region": row.region,
                    "people": figures.people(row.people),
                    "day": figures.long_day(closed),
                }
            )
    return sentences
