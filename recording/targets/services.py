"""Periods and targets: every write of them."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from django.db.models import Max

from accounts.acts import Act
from accounts.rights import require
from accounts.roles import Action
from dukcapil.errors import N_, Conflict, Refused, RefusedRows
from dukcapil.locks import one_writer
from recording.audit import write_audit
from recording.ledger.checks import check_open, check_people, unknown_region
from recording.models import Period, Region, Target, TargetKind, check_document
from recording.parsing.free_text import free_text
from recording.parsing.region_names import is_code

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
    with one_writer():
        same = Period.objects.filter(name=name).first()
        if same and (same.first_day, same.last_day) == (first_day, last_day):
            return same
        if same:
            raise Conflict(N_("Periode %(name)s sudah ada dengan tanggal lain."), "name", name=name)
        other = Period.objects.filter(first_day__lte=last_day, last_day__gte=first_day).first()
        if other:
            raise Refused(N_("Tanggalnya bertumpuk dengan periode %(other)s."), "first_day", other=other.name)
        period = Period.objects.create(name=name, first_day=first_day, last_day=last_day)
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
    """`status` is "new", "changed" or "unchanged"; `old` the people of the version before (None: there was none)."""

    region: str
    document: str
    status: str
    version: int
    old: int | None
    new: int | None


def set_target(*, act: Act, target: TargetInput) -> TargetOutcome:
    """Write one target; see `set_targets`. Raises the row's own problem."""
    try:
        return set_targets(act=act, targets=[target])[0]
    except RefusedRows as problem:
        raise problem.errors[0][1] from None


def set_targets(*, act: Act, targets: Sequence[TargetInput], dry_run: bool = False) -> list[TargetOutcome]:
    """Write new versions of targets, all or none; what is already so stays as it is.

    A version needs a source (number of the decree or letter) and the day from which it is in force. Nothing is ever
    overwritten: a revision, and a withdrawal, is one more version. `dry_run` checks and answers, and writes nothing.
    """
    for code in sorted({target.region for target in targets}):
        require(by=act.by, action=Action.TARGET_WRITE, code=code)
    with one_writer():
        codes = {target.region for target in targets if is_code(target.region)}
        latest = _latest_versions(codes)
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
                    raise Refused(N_("Target yang sama ada dua kali dalam kiriman ini."), "region")
                seen.add(key)
                outcome, row = _compare(target, latest.get(key), period, act)
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
                action="target.set",
                subject=f"{len(rows)}",
                details={"sources": sorted({row.source for row in rows})[:MAX_LISTED_SOURCES]},
            )
    return outcomes


def _latest_versions(codes: set[str]) -> dict[TargetKey, Target]:
    rows = Target.objects.filter(region_id__in=codes)
    versions = rows.values_list("region_id", "document", "period_id", "kind").annotate(newest=Max("version"))
    newest = {(code, document, period, kind): version for code, document, period, kind, version in versions}
    return {
        key: row for row in rows if newest.get(key := (row.region_id, row.document, row.period_id, row.kind)) == row.version
    }


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
    if target.people is not None:
        check_open(region, max(target.effective_from, period.first_day))
    return period


def _compare(target: TargetInput, before: Target | None, period: Period, act: Act) -> tuple[TargetOutcome, Target | None]:
    """What writing the target does, and the row of its next version; None when it is so already."""
    version = before.version if before else 0
    source = target.source.strip()
    values = (target.people, target.opening, source, target.effective_from)
    if before and (before.people, before.opening, before.source, before.effective_from) == values:
        return TargetOutcome(target.region, target.document, "unchanged", version, before.people, before.people), None
    if target.expected == 0 and before:
        sentence = N_("Target ini sudah ada (versi %(version)s). Buka dari daftar Target, lalu ubah.")
        raise Conflict(sentence, "region", version=version)
    if target.expected is not None and target.expected != version:
        sentence = N_("Target ini baru saja direvisi orang lain. Periksa versi terbaru, lalu simpan lagi.")
        raise Conflict(sentence, "people")
    if before is None and target.people is None:
        raise Refused(N_("Belum ada target yang dapat dicabut."), "people")
    row = Target(
        region_id=target.region,
        document=target.document,
        period=period,
        kind=target.kind,
        version=version + 1,
        people=target.people,
        opening=target.opening,
        source=source,
        effective_from=target.effective_from,
        at=act.now,
        by=act.author,
    )
    status = "changed" if before else "new"
    old = before.people if before else None
    return TargetOutcome(target.region, target.document, status, version + 1, old, target.people), row
