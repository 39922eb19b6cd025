"""What one van report says, and what must be true of it. Pure: no database, no clock.

A service without a number was left blank: missing, not zero. Of the people recorded, those who live elsewhere are
counted apart; only residents count toward the targets.
"""

import hashlib
import json
from collections.abc import Iterator, Mapping
from dataclasses import asdict, dataclass, field
from typing import Any

from dukcapil.errors import N_, Question, Refused
from dukcapil.unusual import is_unusual

SERVED, NIHIL, IDLE = "served", "nihil", "idle"
RECORDINGS = ("record_first", "record")  # the services that count toward the KTP target
KIA = "kia"
# Recordings in a day for each recording set. From van reports in print: 50 is usual, 123 the most ever reported.
USUAL_PER_SET, EXPLAINED_PER_SET, MAX_PER_SET = 60, 125, 160
PER_SET_AND_HOUR = MAX_PER_SET // 8  # the most of a long day, evenly: three minutes for each person
MAX_PEOPLE_PER_SERVICE = 9_999  # in a day


@dataclass(frozen=True)
class ReportBody:
    """`kind`: served, nihil (open, nobody came) or idle (did not go out; `idle_reason` says why)."""

    kind: str
    lines: Mapping[str, int] = field(default_factory=dict)
    elsewhere_ktp: int | None = None
    elsewhere_kia: int | None = None
    not_found: Mapping[str, int] = field(default_factory=dict)
    obstacles: str = ""
    idle_reason: str = ""

    @property
    def recordings(self) -> int | None:
        """KTP recordings of both kinds, residents or not; None when both were left blank."""
        people = [self.lines[service] for service in RECORDINGS if service in self.lines]
        return sum(people) if people else None

    def residents(self, document: str) -> int | None:
        """Who counts toward the target of KTP or KIA: people served less those who live elsewhere; None: left blank."""
        if self.kind == IDLE:
            return None
        total = self.recordings if document == "KTP" else self.lines.get(KIA)
        elsewhere = self.elsewhere_ktp if document == "KTP" else self.elsewhere_kia
        return None if total is None else total - (elsewhere or 0)

    def as_json(self) -> dict[str, Any]:
        """As it is kept in a version; keys sorted, so that the same report has the same digest."""
        fields = asdict(self)
        return {key: dict(sorted(value.items())) if isinstance(value, dict) else value for key, value in fields.items()}

    @classmethod
    def from_json(cls, fields: Mapping[str, Any]) -> "ReportBody":
        """What `as_json` wrote."""
        return cls(**fields)

    def digest(self) -> str:
        """SHA-256 of the report: equal for equal reports only."""
        return hashlib.sha256(json.dumps(self.as_json(), sort_keys=True).encode()).hexdigest()


def nihil(services: list[str], obstacles: str = "", not_found: Mapping[str, int] | None = None) -> ReportBody:
    """The report of a stop to which nobody came: a deliberate zero for what was offered of the counted services."""
    zeros = {service: 0 for service in services if service in (*RECORDINGS, KIA)}
    return ReportBody(NIHIL, zeros, obstacles=obstacles, not_found=not_found or {})


@dataclass(frozen=True)
class UsualFigures:
    """What a report is compared with: recording sets on board, KTP recordings of the former visits to the kelurahan,
    the van's report before this one, what was entered by hand for the kelurahan's vans of that day, and the hours of
    the stop, None where they are not known."""

    sets: int
    visits: tuple[int, ...] = ()
    previous: ReportBody | None = None
    entered: int | None = None
    hours: float | None = None


def check_body(body: ReportBody, *, sets: int, already: int = 0) -> None:
    """Raise Refused with the field where a report cannot be true, whatever anybody says. `already`: KTP recordings of
    the van's other stops of that day."""
    for service, people in (*body.lines.items(), *body.not_found.items()):
        if not 0 <= people <= MAX_PEOPLE_PER_SERVICE:
            raise Refused(N_("Jumlah harus antara 0 dan %(most)s."), service, most=MAX_PEOPLE_PER_SERVICE)
    if body.kind == IDLE:
        _check_idle(body)
        return
    if not body.lines and body.kind != NIHIL:
        raise Refused(N_("Isi paling sedikit satu layanan, atau tekan Nihil bila tidak ada yang datang."), "lines")
    people, most = (body.recordings or 0) + already, MAX_PER_SET * sets
    if people > most:
        sentence = N_("Perekaman %(people)s melebihi %(most)s, batas sehari untuk %(sets)s alat rekam.")
        raise Refused(sentence, "record", people=people, most=most, sets=sets)
    _check_elsewhere(body.elsewhere_ktp, body.recordings, "elsewhere_ktp")
    _check_elsewhere(body.elsewhere_kia, body.lines.get(KIA), "elsewhere_kia")


def _check_idle(body: ReportBody) -> None:
    if not body.idle_reason:
        raise Refused(N_("Pilih alasan mobil tidak beroperasi."), "idle_reason")
    if body.lines or body.not_found or body.elsewhere_ktp or body.elsewhere_kia:
        raise Refused(N_("Mobil yang tidak beroperasi tidak melayani siapa pun; kosongkan angkanya."), "idle_reason")


def _check_elsewhere(people: int | None, total: int | None, name: str) -> None:
    """Who lives elsewhere is part of who was served."""
    if people is not None and not 0 <= people <= (total or 0):
        sentence = N_("Luar domisili %(part)s tidak mungkin melebihi seluruhnya, %(total)s.")
        raise Refused(sentence, name, part=people, total=total or 0)


def capacity(sets: int, hours: float) -> int:
    """The most that so many recording sets can record in so many hours."""
    return round(PER_SET_AND_HOUR * sets * hours)


def is_more_than_usual(people: int, sets: int) -> bool:
    """Whether that many KTP recordings of a day are more than is usual for so many recording sets."""
    return people > USUAL_PER_SET * sets


def questions(body: ReportBody, usual: UsualFigures) -> Iterator[Question]:
    """What is unlikely of a report that passed `check_body`. A code holds the figures: other figures are another
    question."""
    if body.kind == IDLE:
        return
    if usual.entered:
        sentence = N_(
            "Untuk kelurahan dan hari ini sudah dicatat %(people)s orang dari mobil lewat Catat angka atau impor. "
            "Laporan ini menambahnya. Benar?"
        )
        yield Question(f"entered:{usual.entered}", "lines", sentence, {"people": usual.entered})
    if body.kind != SERVED:
        return
    if body.recordings is not None:
        yield from _recording_questions(body.recordings, usual, explained=bool(body.obstacles))
    if usual.previous and dict(usual.previous.lines) == dict(body.lines) and any(body.lines.values()):
        sentence = N_("Angkanya sama persis dengan laporan mobil ini sebelumnya. Benar?")
        yield Question(f"same:{body.digest()[:12]}", "lines", sentence, {})


def _recording_questions(people: int, usual: UsualFigures, *, explained: bool) -> Iterator[Question]:
    """`people` are KTP recordings; `explained`: the report has a note."""
    best = max(usual.visits, default=0)
    values: dict[str, object] = {"people": people, "sets": usual.sets}
    most_in_hours = people if usual.hours is None else capacity(usual.sets, usual.hours)
    if people > EXPLAINED_PER_SET * usual.sets and not explained:
        sentence = N_("%(people)s perekaman sangat banyak. Tulis keterangannya, atau nyatakan benar.")
        yield Question(f"note:{people}", "obstacles", sentence, values)
    elif people > most_in_hours:
        sentence = N_("%(people)s perekaman lebih dari %(most)s, yang sanggup %(sets)s alat dalam jam titik ini. Benar?")
        yield Question(f"hours:{people}", "record", sentence, values | {"most": most_in_hours})
    elif is_more_than_usual(people, usual.sets):
        sentence = N_("%(people)s perekaman lebih dari %(most)s, yang biasa untuk %(sets)s alat rekam. Benar?")
        yield Question(f"many:{people}", "record", sentence, values | {"most": USUAL_PER_SET * usual.sets})
    if is_unusual(people, best=best, former_days=len(usual.visits)):
        sentence = N_("%(people)s perekaman jauh di atas kunjungan terbaik di kelurahan ini, %(best)s. Benar?")
        yield Question(f"yield:{people}", "record", sentence, {"people": people, "best": best})
    if people == 0:
        yield Question("zero", "record", N_("Tidak ada perekaman di titik yang terbit. Benar?"), {})
