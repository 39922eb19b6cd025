"""A run told in two paragraphs and a short table, for WhatsApp and the press.

Written by rule: every number is the run's. Both languages are complete in themselves, whatever the language of the
page.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from django.utils import translation

from dukcapil import figures
from recording.models import Document, Level

NAMED = 3  # regions that are named as done; the others are counted
INDONESIAN = {
    "title": {Document.KTP: "Perekaman KTP-el %(region)s %(period)s", Document.KIA: "KIA terbit %(region)s %(period)s"},
    "of_target": {
        Document.KTP: "Sampai %(day)s, %(recorded)s dari %(target)s warga sudah direkam untuk KTP-el di %(region)s "
        "(%(percent)s)",
        Document.KIA: "Sampai %(day)s, %(recorded)s dari %(target)s KIA sudah terbit di %(region)s (%(percent)s)",
    },
    "no_target": {
        Document.KTP: "Sampai %(day)s, %(recorded)s warga sudah direkam untuk KTP-el di %(region)s; belum ada target.",
        Document.KIA: "Sampai %(day)s, %(recorded)s KIA sudah terbit di %(region)s; belum ada target.",
    },
    "silent": "Sampai %(day)s belum ada laporan dari %(region)s.",
    "silent_target": "Sampai %(day)s belum ada laporan dari %(region)s; targetnya %(target)s.",
    "remaining": "; sisa %(remaining)s.",
    "reached": "; target tercapai.",
    "surplus": "; target terlampaui %(surplus)s.",
    "done": "%(level)s tuntas: %(done)s dari %(total)s.",
    "no_former": "Belum ada angka hari sebelumnya sebagai pembanding.",
    "same": "Tidak berubah sejak %(former)s.",
    "rise": "Naik %(people)s sejak %(former)s: %(parts)s.",
    "fall": "Turun %(people)s sejak %(former)s: %(parts)s.",
    "exchanged": "Jumlahnya tetap sejak %(former)s, tetapi isinya berubah: %(parts)s.",
    "target_change": "Target berubah %(people)s.",
    "worst": "Paling tertinggal: %(name)s, %(recorded)s dari %(target)s (%(percent)s).",
    "finished": "Sudah tuntas: %(names)s.",
    "finished_more": "Sudah tuntas: %(names)s, dan %(more)s lagi.",
    "line": "%(name)s: %(recorded)s dari %(target)s (%(percent)s)",
    "line_no_target": "%(name)s: %(recorded)s (belum ada target)",
    "line_silent": "%(name)s: belum ada laporan",
    "line_silent_target": "%(name)s: belum ada laporan (target %(target)s)",
    "official": "Angka resmi nomor %(number)s, keadaan per %(day)s. %(portal)s",
    "provisional": "Angka sementara nomor %(number)s, keadaan per %(day)s. %(portal)s",
    "parts": {
        "new": "baru",
        "late": "terlambat dilaporkan",
        "corrected": "koreksi",
        "returned": "laporan dikembalikan",
        "undone": "dibatalkan",
        "regrouped": "susunan wilayah",
    },
    "levels": {Level.CITY: "Kota/kabupaten", Level.DISTRICT: "Kecamatan", Level.VILLAGE: "Kelurahan"},
}
ENGLISH = {
    "title": {
        Document.KTP: "KTP-el recordings, %(region)s %(period)s",
        Document.KIA: "KIA issued, %(region)s %(period)s",
    },
    "of_target": {
        Document.KTP: "By %(day)s, %(recorded)s of %(target)s residents of %(region)s were recorded for the KTP-el "
        "(%(percent)s)",
        Document.KIA: "By %(day)s, %(recorded)s of %(target)s KIA were issued in %(region)s (%(percent)s)",
    },
    "no_target": {
        Document.KTP: "By %(day)s, %(recorded)s residents of %(region)s were recorded for the KTP-el; no target set.",
        Document.KIA: "By %(day)s, %(recorded)s KIA were issued in %(region)s; no target is set.",
    },
    "silent": "By %(day)s nothing was reported from %(region)s.",
    "silent_target": "By %(day)s nothing was reported from %(region)s; its target is %(target)s.",
    "remaining": "; %(remaining)s remain.",
    "reached": "; the target is reached.",
    "surplus": "; the target is exceeded by %(surplus)s.",
    "done": "%(level)s at target: %(done)s of %(total)s.",
    "no_former": "There are no figures of an earlier day to compare with.",
    "same": "Unchanged since %(former)s.",
    "rise": "Up %(people)s since %(former)s: %(parts)s.",
    "fall": "Down %(people)s since %(former)s: %(parts)s.",
    "exchanged": "The sum is the same as on %(former)s, but not what it is made of: %(parts)s.",
    "target_change": "The target changed by %(people)s.",
    "worst": "Furthest behind: %(name)s, %(recorded)s of %(target)s (%(percent)s).",
    "finished": "At target: %(names)s.",
    "finished_more": "At target: %(names)s, and %(more)s more.",
    "line": "%(name)s: %(recorded)s of %(target)s (%(percent)s)",
    "line_no_target": "%(name)s: %(recorded)s (no target)",
    "line_silent": "%(name)s: nothing reported",
    "line_silent_target": "%(name)s: nothing reported (target %(target)s)",
    "official": "Official figures number %(number)s, as of %(day)s. %(portal)s",
    "provisional": "Provisional figures number %(number)s, as of %(day)s. %(portal)s",
    "parts": {
        "new": "new",
        "late": "reported late",
        "corrected": "corrected",
        "returned": "returned reports",
        "undone": "undone",
        "regrouped": "regrouped regions",
    },
    "levels": {Level.CITY: "Cities", Level.DISTRICT: "Districts", Level.VILLAGE: "Villages"},
}
WORDS = {"id": INDONESIAN, "en": ENGLISH}


@dataclass(frozen=True)
class Told:
    """One region as it is told. `recorded` None: nothing was reported; `target` None: there is none."""

    name: str
    recorded: int | None
    target: int | None
    percent: Decimal | None
    remaining: int | None
    surplus: int
    reached: bool


@dataclass(frozen=True)
class Facts:
    """What a digest is written from. `children` come worst first; `parts` are the causes of the change by name."""

    document: str
    period: str
    portal: str
    day: date
    number: int
    official: bool
    region: Told
    level_below: str
    children: Sequence[Told]
    former_day: date | None = None
    change: int = 0
    parts: Sequence[tuple[str, int]] = ()
    target_change: int = 0


def digest(facts: Facts, language: str) -> str:
    """The text in "id" or "en": a title, two paragraphs, one line for each region below, and where it is from."""
    with translation.override(language):
        writer = _Writer(facts, language)
        blocks = [writer.title(), writer.standing(), writer.movement(), writer.table(), writer.origin()]
        return "\n\n".join(block for block in blocks if block)


class _Writer:
    """The sentences of one digest, in the language that is active."""

    def __init__(self, facts: Facts, language: str) -> None:
        self.facts, self.words = facts, WORDS[language]
        self.base = {
            "region": facts.region.name,
            "period": facts.period,
            "day": figures.long_day(facts.day),
            "portal": facts.portal,
            "number": str(facts.number),
        }

    def say(self, sentence: str, **values: object) -> str:
        template = self.words[sentence]
        if isinstance(template, dict):
            template = template[self.facts.document]
        return str(template) % (self.base | values)

    def told(self, region: Told) -> dict[str, object]:
        return {
            "name": region.name,
            "recorded": figures.people(region.recorded),
            "target": figures.people(region.target),
            "percent": figures.percent(region.percent),
            "remaining": figures.people(region.remaining),
            "surplus": figures.people(region.surplus),
        }

    def title(self) -> str:
        return self.say("title")

    def standing(self) -> str:
        """How many of how many, what remains, and how many of the regions below are done."""
        region, values = self.facts.region, self.told(self.facts.region)
        if region.recorded is None:
            return self.say("silent" if region.target is None else "silent_target", **values)
        if region.target is None:
            return self.say("no_target", **values)
        end = "surplus" if region.surplus else "reached" if region.reached else "remaining"
        sentence = self.say("of_target", **values) + self.say(end, **values)
        if not self.facts.children:
            return sentence
        done = sum(child.reached for child in self.facts.children)
        level = self.words["levels"][self.facts.level_below]  # type: ignore[index]
        return f"{sentence} " + self.say("done", level=level, done=done, total=len(self.facts.children))

    def movement(self) -> str:
        """What changed since the day before and why; who is furthest behind and who is done."""
        sentences = [self._change()]
        if self.facts.target_change:
            sentences.append(self.say("target_change", people=figures.signed(self.facts.target_change)))
        behind = [child for child in self.facts.children if child.target is not None and not child.reached]
        if behind and behind[0].recorded is not None:
            sentences.append(self.say("worst", **self.told(behind[0])))
        done = sorted(child.name for child in self.facts.children if child.reached)
        if done:
            more = len(done) - NAMED
            names = ", ".join(done[:NAMED])
            sentences.append(self.say("finished_more" if more > 0 else "finished", names=names, more=more))
        return " ".join(sentences)

    def _change(self) -> str:
        facts = self.facts
        if facts.former_day is None:
            return self.say("no_former")
        named = self.words["parts"]
        parts = ", ".join(f"{figures.signed(people)} {named[part]}" for part, people in facts.parts if people)  # type: ignore[index]
        if not parts:
            return self.say("same", former=figures.long_day(facts.former_day))
        sentence = "rise" if facts.change > 0 else "fall" if facts.change < 0 else "exchanged"
        return self.say(
            sentence, people=figures.people(abs(facts.change)), former=figures.long_day(facts.former_day), parts=parts
        )

    def table(self) -> str:
        return "\n".join(self._line(child) for child in self.facts.children)

    def _line(self, child: Told) -> str:
        if child.recorded is None:
            sentence = "line_silent" if child.target is None else "line_silent_target"
            return self.say(sentence, **self.told(child))
        return self.say("line_no_target" if child.target is None else "line", **self.told(child))

    def origin(self) -> str:
        return self.say("official" if self.facts.official else "provisional")
