"""Periods and targets: every write of them."""

import hashlib
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from django.db.models import Max

from accounts.acts import Act
from accounts.rights import require
from accounts.roles import Action
from dukcapil import figures
from dukcapil.errors import N_, Conflict, Refused, RefusedRows
from dukcapil.locks import one_writer
from recording.audit import write_audit
from recording.ledger.checks import check_open, check_people, check_year, unknown_region
from recording.models import TARGET_SET, Period, Region, Target, TargetKind, check_document
from recording.parsing.free_text import free_text
from recording.parsing.region_names import is_code
from recording.targets.versions import in_force_on, next_after

MAX_LISTED_SOURCES = 20  # in the audit trail
TargetKey = tuple[str, str, int, str]


def define_period(*, act: Act, name: str, first_day: date, last_day: date) -> Period:
    """A new period, or the same one again when it is already defined so. Periods never overlap."""
    require(by=act.by, action=Action.PERIOD_WRITE)
    name = free_text(name, "name", longest=40)
    if not name:
        raise Refused(N_("Beri nama periode, misalnya 2021."), "name")
    if last_day < first_day:
        raise Refused(N_("Hari terakhir mendahului hari pertama."), "last_day")
    check_year(first_day, "first_day")
    with one_writer():
        same = Period.objects.filter(name=name).first()
        if same and (same.first_day, same.last_day) == (first_day, last_day):
            return same
        if same:
            raise Conflict(N_("Periode %(name)s sudah ada dengan tanggal lain."), "name", name=name)
        other = Period.objects.filter(first_day__lte=last_day, last_day__gte=first_day).first()
        if other:
            raise Refused(N_("Tanggalnya bertumpuk dengan periode %(other)s."), "first_day", other=other.name)
        period = Period.objects.create(name=name, first_day=first_day, last_day=last_day, made_at=act.now)
        write_audit(
            act=act,
            action="period.define",
            subject=name,
            details={"first_day": first_day.isoformat(), "last_day": last_day.isoformat()},
        )
    return period


@dataclass(frozen=True)
class TargetInput:
    """One target as it should be. `people` None withdraws it; `expected` is the version the writer saw (0: none)."""

    region: str
    document: str
    period: str
    people: int | None
    source: str
    effective_from: date
    kind: str = TargetKind.TASK
    opening: int = 0
    expected: int | None = None


@dataclass(frozen=True)
class TargetOutcome:
    """`status` is "new", "changed" or "unchanged"; `old` the people in force on its effective date before (None: no
    target). `superseded_from`: from that day on another version, decreed already by `superseded_by`, is in force."""

    region: str
    document: str
    status: str
    version: int
    old: int | None
    new: int | None
    superseded_from: date | None = None
    superseded_by: str = ""


# Said by every door that wrote such a version.
SUPERSEDED = N_(
    "Target %(region)s ini berlaku hanya sampai sebelum %(day)s: sejak hari itu berlaku %(source)s, yang sudah ditetapkan."
)


def superseded_params(outcome: TargetOutcome) -> dict[str, object]:
    """What `SUPERSEDED` names."""
    day = figures.long_day(outcome.superseded_from) if outcome.superseded_from else ""
    return {"region": outcome.region, "day": day, "source": outcome.superseded_by}


def set_target(*, act: Act, target: TargetInput) -> TargetOutcome:
    """Write one target; see `set_targets`. Raises the row's own problem."""
    try:
        return set_targets(act=act, targets=[target])[0]
    except RefusedRows as problem:
        raise problem.errors[0][1] from None


def set_targets(*, act: Act, targets: Sequence[TargetInput], dry_run: bool = False) -> list[TargetOutcome]:
    """Write new versions of targets, all or none; what is already so stays as it is.

    A version needs a source (number of the decree or letter) and the day from which it is in force. Nothing is ever
    overwritten: a revision, and a withdrawal, is one more version. Decrees may come in any order: which one is in force
    says `versions.in_force_on`. `dry_run` checks and answers, and writes nothing.
    """
    _require_all(act, targets)
    with one_writer():
        codes = {target.region for target in targets if is_code(target.region)}
        known = _known_versions(codes)
        periods = {period.name: period for period in Period.objects.all()}
        regions = Region.objects.in_bulk(codes)
        errors: list[tuple[int, Refused]] = []
        outcomes: list[TargetOutcome] = []
        rows: list[Target] = []
        seen: set[TargetKey] = set()
        for index, target in enumerate(targets):
            try:
                period = _check(target, regions, periods)
                key = (target.region, target.document, period.pk, target.kind)
                if key in seen:
                    raise Refused(N_("Target yang sama ada dua kali dalam kiriman ini. Hapus salah satunya."), "region")
                seen.add(key)
                outcome, row = _compare(target, known.get(key, []), period, act)
            except Refused as problem:
                errors.append((index, problem))
                continue
            outcomes.append(outcome)
            if row:
                rows.append(row)
        if errors:
            raise RefusedRows(errors)
        if rows and not dry_run:
            Target.objects.bulk_create(rows, batch_size=1_000)
            write_audit(
                act=act,
                action=TARGET_SET,
                subject=f"{len(rows)}",
                details={"sources": sorted({row.source for row in rows})[:MAX_LISTED_SOURCES]},
            )
    return outcomes


def newest_version(document: str, period: str) -> int:
    """The number of the version that was written last of any target of a document and period; they are only ever added."""
    rows = Target.objects.filter(document=document, period__name=period)
    return int(rows.aggregate(newest=Max("pk"))["newest"] or 0)


def seen_token(targets: Sequence[TargetInput], newest: int) -> str:
    """What a preview showed: these targets, on top of all versions up to the `newest_version`."""
    return hashlib.sha256(repr((newest, list(targets))).encode()).hexdigest()[:20]


def set_seen_targets(*, act: Act, targets: Sequence[TargetInput], seen: str) -> list[TargetOutcome]:
    """Write targets of one document and period as a preview showed them (`seen`, see `seen_token`): Conflict when they are
    others, or when any target of the same document and period was written since. Again: nothing more is written."""
    _require_all(act, targets)
    with one_writer():
        outcomes = set_targets(act=act, targets=targets, dry_run=True)
        if all(outcome.status == "unchanged" for outcome in outcomes):
            return outcomes
        if seen != seen_token(targets, newest_version(targets[0].document, targets[0].period)):
            raise Conflict(N_("Belum tersimpan: isian atau target lain berubah sejak pratinjau. Periksa lagi, lalu simpan."))
        return set_targets(act=act, targets=targets)


def _require_all(act: Act, targets: Sequence[TargetInput]) -> None:
    for code in sorted({target.region for target in targets}):
        require(by=act.by, action=Action.TARGET_WRITE, code=code)


def _known_versions(codes: set[str]) -> dict[TargetKey, list[Target]]:
    known: dict[TargetKey, list[Target]] = defaultdict(list)
    for row in Target.objects.filter(region_id__in=codes):
        known[row.region_id, row.document, row.period_id, row.kind].append(row)
    return known


def _check(target: TargetInput, regions: dict[str, Region], periods: dict[str, Period]) -> Period:
    region = regions.get(target.region)
    if region is None:
        raise unknown_region(target.region)
    period = periods.get(target.period)
    if period is None:
        raise Refused(N_("Periode %(name)s belum ditetapkan."), "period", name=target.period)
    check_document(target.document)
    if target.kind not in TargetKind.values:
        raise Refused(N_("Jenis target %(kind)s tidak dikenal; pilih task atau stock."), "kind", kind=target.kind)
    if not free_text(target.source, "source", longest=200):
        raise Refused(N_("Tulis sumber target, misalnya nomor keputusan atau surat."), "source")
    for field, number in (("people", target.people), ("opening", target.opening)):
        if number is not None:
            check_people(number, field)
    if target.kind == TargetKind.TASK and target.opening:
        raise Refused(N_("Angka awal hanya untuk wajib KTP (stock)."), "opening")
    if target.effective_from > period.last_day:
        raise Refused(N_("Tanggal berlaku sesudah periode %(name)s berakhir."), "effective_from", name=period.name)
    check_year(target.effective_from, "effective_from")
    if target.people is not None:
        check_open(region, max(target.effective_from, period.first_day))
    return period


def _compare(target: TargetInput, known: list[Target], period: Period, act: Act) -> tuple[TargetOutcome, Target | None]:
    """What writing the target does to its known versions, and the row of its next one; None when it is so already."""
    newest = max((row.version for row in known), default=0)
    before, later = in_force_on(known, target.effective_from), next_after(known, target.effective_from)
    superseded = (later.effective_from, later.source) if later else (None, "")
    old = before.people if before else None
    source = target.source.strip()
    values = (target.people, target.opening, source, target.effective_from)
    if before and (before.people, before.opening, before.source, before.effective_from) == values:
        same = TargetOutcome(target.region, target.document, "unchanged", before.version, old, old, *superseded)
        return same, None
    if target.expected == 0 and newest:
        sentence = N_("Target ini sudah ada (versi %(version)s). Buka dari daftar Target, lalu ubah.")
        raise Conflict(sentence, "region", version=newest)
    if target.expected is not None and target.expected != newest:
        sentence = N_("Target ini baru saja direvisi orang lain. Periksa versi terbaru, lalu simpan lagi.")
        raise Conflict(sentence, "people")
    if before is None and target.people is None:
        raise Refused(N_("Belum ada target yang dapat dicabut."), "people")
    row = Target(
        region_id=target.region,
        document=target.document,
        period=period,
        kind=target.kind,
        version=newest + 1,
        people=target.people,
        opening=target.opening,
        source=source,
        effective_from=target.effective_from,
        at=act.now,
        by=act.author,
    )
    status = "changed" if known else "new"
    return TargetOutcome(target.region, target.document, status, newest + 1, old, target.people, *superseded), row
