"""What one van report says, and what must be true of it. Pure: no database, no clock.

A service without a number was left blank: missing, not zero. Of the people recorded, those who live elsewhere are told
apart; only residents count toward the targets.
"""

import hashlib
import json
from collections.abc import Iterator, Mapping
from dataclasses import asdict, dataclass, field

from dukcapil.errors import N_, Refused

SERVED, NIHIL, IDLE = "served", "nihil", "idle"
RECORDINGS = ("record_first", "record")  # the services that count toward the KTP target
KIA = "kia"
# From practice (van reports in print): 50 a set and day is usual, 123 the most that was ever seen.
USUAL_PER_SET, NOTE_PER_SET, MOST_PER_SET = 60, 125, 160
MOST_PEOPLE = 9_999  # of any other service in a day
FAR_ABOVE = 2  # times the best former visit
ENOUGH_VISITS = 3  # fewer say nothing of what a place can yield


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
        told = [self.lines[service] for service in RECORDINGS if service in self.lines]
        return sum(told) if told else None

    def residents(self, document: str) -> int | None:
        """Who counts toward the target of KTP or KIA: people served less those who live elsewhere; None: not told."""
        if self.kind == IDLE:
            return None
        total = self.recordings if document == "KTP" else self.lines.get(KIA)
        elsewhere = self.elsewhere_ktp if document == "KTP" else self.elsewhere_kia
        return None if total is None else total - (elsewhere or 0)

    def as_json(self) -> dict[str, object]:
        """As it is kept in a version; keys sorted, so that the same report has the same digest."""
        told = asdict(self)
        return {key: dict(sorted(value.items())) if isinstance(value, dict) else value for key, value in told.items()}

    @classmethod
    def from_json(cls, told: Mapping[str, object]) -> "ReportBody":
        """What `as_json` wrote."""
        return cls(**told)  # type: ignore[arg-type]

    def digest(self) -> str:
        """The same for the same report."""
        return hashlib.sha256(json.dumps(self.as_json(), sort_keys=True).encode()).hexdigest()


def nihil(services: list[str], obstacles: str = "", not_found: Mapping[str, int] | None = None) -> ReportBody:
    """The report of a stop to which nobody came: a deliberate zero for what was offered of the counted services."""
    return ReportBody(
        NIHIL,
        {service: 0 for service in services if service in (*RECORDINGS, KIA)},
        obstacles=obstacles,
        not_found=not_found or {},
    )


@dataclass(frozen=True)
class Question:
    """Something unlikely that may still be true: asked once, with `code`, and remembered once it was confirmed."""

    code: str
    field: str
    template: str
    params: Mapping[str, object]


@dataclass(frozen=True)
class Usual:
    """What is known of the van and the place: recording sets on board, KTP recordings of the former visits to the
    kelurahan, the van's report before this one, and what was entered for the kelurahan's vans of that day by hand."""

    sets: int
    visits: tuple[int, ...] = ()
    before: ReportBody | None = None
    entered: int | None = None


def check(body: ReportBody, *, sets: int, already: int = 0) -> None:
    """Raise Refused with the field where a report cannot be true, whatever anybody says. `already`: KTP recordings of
    the van's other stops of that day."""
    for service, people in (*body.lines.items(), *body.not_found.items()):
        if not 0 <= people <= MOST_PEOPLE:
            raise Refused(N_("Jumlah harus antara 0 dan %(most)s."), service, most=MOST_PEOPLE)
    if body.kind == IDLE:
        if not body.idle_reason:
            raise Refused(N_("Pilih alasan mobil tidak beroperasi."), "idle_reason")
        if body.lines or body.not_found or body.elsewhere_ktp or body.elsewhere_kia:
            raise Refused(
                N_("Mobil yang tidak beroperasi tidak melayani siapa pun; kosongkan angkanya."), "idle_reason"
            )
        return
    if not body.lines and body.kind != NIHIL:
        raise Refused(N_("Isi paling sedikit satu layanan, atau tekan Nihil bila tidak ada yang datang."), "lines")
    most = MOST_PER_SET * sets
    if (body.recordings or 0) + already > most:
        raise Refused(
            N_("Perekaman %(people)s melebihi %(most)s, batas sehari untuk %(sets)s alat rekam."),
            "record",
            people=(body.recordings or 0) + already,
            most=most,
            sets=sets,
        )
    _check_parts(body)


def _check_parts(body: ReportBody) -> None:
    """Who lives elsewhere is part of who was served."""
    for elsewhere, total, name in (
        (body.elsewhere_ktp, body.recordings, "elsewhere_ktp"),
        (body.elsewhere_kia, body.lines.get(KIA), "elsewhere_kia"),
    ):
        if elsewhere is None:
            continue
        if not 0 <= elsewhere <= (total or 0):
            raise Refused(
                N_("Luar domisili %(part)s tidak mungkin melebihi seluruhnya, %(total)s."),
                name,
                part=elsewhere,
                total=total or 0,
            )


def questions(body: ReportBody, usual: Usual) -> Iterator[Question]:
    """What is unlikely of a report that passed `check`. A code holds the figures: others are another question."""
    if body.kind == IDLE:
        return
    if usual.entered:
        yield Question(
            f"entered:{usual.entered}",
            "lines",
            N_(
                "Untuk kelurahan dan hari ini sudah dicatat %(people)s orang dari mobil lewat Catat atau impor. "
                "Laporan ini menambahnya. Benar?"
            ),
            {"people": usual.entered},
        )
    if body.kind != SERVED:
        return
    people = body.recordings
    if people is not None:
        usual_most, best = USUAL_PER_SET * usual.sets, max(usual.visits, default=0)
        if people > NOTE_PER_SET * usual.sets and not body.obstacles:
            yield Question(
                f"note:{people}",
                "obstacles",
                N_("%(people)s perekaman sangat banyak. Tulis keterangannya, atau nyatakan benar."),
                {"people": people},
            )
        elif people > usual_most:
            yield Question(
                f"many:{people}",
                "record",
                N_("%(people)s perekaman lebih dari %(most)s, yang biasa untuk %(sets)s alat rekam. Benar?"),
                {"people": people, "most": usual_most, "sets": usual.sets},
            )
        if len(usual.visits) >= ENOUGH_VISITS and people > FAR_ABOVE * best and people > USUAL_PER_SET // 2:
            yield Question(
                f"yield:{people}",
                "record",
                N_("%(people)s perekaman jauh di atas kunjungan terbaik di kelurahan ini, %(best)s. Benar?"),
                {"people": people, "best": best},
            )
        if people == 0:
            yield Question("zero", "record", N_("Tidak ada perekaman di titik yang terbit. Benar?"), {})
    if usual.before and body.lines and dict(usual.before.lines) == dict(body.lines) and any(body.lines.values()):
        yield Question(
            f"same:{body.digest()[:12]}",
            "lines",
            N_("Angkanya sama persis dengan laporan mobil ini sebelumnya. Benar?"),
            {},
        )
