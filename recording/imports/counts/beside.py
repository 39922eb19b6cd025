"""Counts of a file beside those of regions above or below them: added together they may count people twice."""

from collections.abc import Iterable
from datetime import date

from django.db.models import F, QuerySet

from dukcapil import figures
from dukcapil.errors import N_, Refused
from recording.imports.job import Table
from recording.imports.layouts.roles import Role
from recording.imports.preview import Reading
from recording.ledger.stage_checks import ABOVE, BELOW, HERE, STAGED, STORED, overlaps
from recording.models import CurrentCount, RegionTree, Source
from recording.parsing.region_names import parent_of

VILLAGE_LENGTH = len("31.73.01.1004")  # below a kelurahan there is nothing
_PARTS_STORED = N_(
    "%(name)s: berkas menyebut %(people)s orang, dan wilayah-wilayah di bawahnya sudah tercatat %(beside)s dari sumber yang "
    "sama (%(source)s). Bila diimpor, keduanya dijumlahkan. Apakah orangnya memang lain?"
)
_WHOLE_STORED = N_(
    "%(name)s: berkas menyebut %(people)s orang, dan wilayah di atasnya sudah tercatat %(beside)s dari sumber yang sama "
    "(%(source)s). Bila diimpor, keduanya dijumlahkan. Apakah orangnya memang lain?"
)
_BOTH_IN_FILE = N_(
    "%(name)s: berkas menyebut %(people)s orang, dan %(beside)s lagi pada wilayah-wilayah di bawahnya, hari dan sumber yang "
    "sama. Bila diimpor, keduanya dijumlahkan. Apakah orangnya memang lain?"
)
_REPORTED = N_(
    "%(name)s: berkas menyebut %(people)s orang dari mobil keliling, dan laporan mobil di sana sudah mencatat %(beside)s. Bila "
    "diimpor, keduanya dijumlahkan. Apakah orangnya memang lain?"
)


def ask_about_levels(table: Table, reading: Reading) -> None:
    """Ask where the staged counts stand above or below others of the same document, source and day: stored ones, and
    in a list of days or in several sheets those of the file itself (rows of one table of one day are held against each
    other as they are read). Counts of the vans are held against their reports too, also in the region itself. The portal
    proposes no answer: only a person knows.

    A running total speaks of all days before it, so any day of the other region is the same thing.
    """
    codes = set(table.places.codes)
    above = {ancestor for code in codes for ancestor in _ancestors(code)}
    same_day = not table.plan.is_running
    days = [date.fromisoformat(day) for day in reading.spans] if same_day else []
    if _counts(days).filter(region_id__in=above).exists():
        _ask(table, "levels_above", _WHOLE_STORED, ABOVE, same_day=same_day)
    if (shallow := _not_deepest(codes)) and _counts(days).filter(region_id__in=_below(shallow)).exists():
        _ask(table, "levels_below", _PARTS_STORED, BELOW, same_day=same_day)
    if (table.plan.says_when or table.plan.parts) and above & codes:
        _ask(table, "levels_within", _BOTH_IN_FILE, BELOW, same_day=same_day, beside=STAGED)
    if table.plan.source == Source.VAN or table.plan.layout.column(Role.SOURCE):
        _ask(table, "vans_reported", _REPORTED, HERE, same_day=same_day)


def _ancestors(code: str) -> Iterable[str]:
    above = parent_of(code)
    while above:
        yield above
        above = parent_of(above)


def _not_deepest(codes: Iterable[str]) -> list[str]:
    return [code for code in codes if len(code) < VILLAGE_LENGTH]


def _below(codes: list[str]) -> QuerySet[RegionTree, tuple[str]]:
    return RegionTree.objects.filter(ancestor__in=codes).exclude(descendant=F("ancestor")).values_list("descendant")


def _counts(days: list[date]) -> QuerySet[CurrentCount]:
    counts = CurrentCount.objects.filter(people__gt=0)
    return counts.filter(day__range=(min(days), max(days))) if days else counts


def _ask(
    table: Table, kind: str, sentence: str, where: tuple[str, str, str, str], *, same_day: bool, beside: str = STORED
) -> None:
    number, first = overlaps(where, same_day=same_day, table=beside)
    if not number:
        return
    sentences = [
        Refused(
            sentence,
            name=table.places.names[overlap.region],
            people=figures.people(overlap.people),
            beside=figures.people(overlap.beside),
            source=overlap.source,
        )
        for overlap in first
    ]
    evidence = [str(each).partition(". ")[0] for each in sentences[1:]]
    table.findings.ask(kind, sentences[0], proposed="", evidence=evidence, count=number)
