"""A run told in two paragraphs and a short table, for WhatsApp and the press.

Written by rule: every number is the run's. Both languages are complete in themselves, whatever the language of the
page.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from django.utils import translation

from dukcapil import figures
from recording.coverage.figures import Figure
from recording.coverage.forecast_words import forecast_words
from recording.coverage.forecasts import StoredForecast
from recording.publishing.digest_words import SENTENCES

MAX_NAMES = 3  # of regions that have reached their target; the others are counted


@dataclass(frozen=True)
class Facts:
    """What a digest is written from. `status` is the name of the run's seal, `children` come worst first, and `causes` are
    those of the change, by name."""

    document: str
    period: str
    portal: str
    day: date
    number: int
    status: str
    region: Figure
    children: Sequence[Figure]
    previous_day: date | None = None
    change: int = 0
    causes: Sequence[tuple[str, int]] = ()
    target_change: int = 0
    example: bool = False
    forecast: StoredForecast | None = None


def digest(facts: Facts, language: str) -> str:
    """The text in "id" or "en": a title, two paragraphs, one line for each region below, and where it is from."""
    with translation.override(language):
        writer = _Writer(facts, language)
        blocks = [writer.title(), writer.standing(), writer.movement(), writer.table(), writer.origin(), writer.notice()]
        return "\n\n".join(block for block in blocks if block)


class _Writer:
    """The paragraphs of one digest, in the language that is active."""

    def __init__(self, facts: Facts, language: str) -> None:
        self.facts, self.sentences = facts, SENTENCES[language]
        self.values = {
            "region": facts.region.short_name,
            "period": facts.period,
            "day": figures.long_day(facts.day),
            "portal": facts.portal,
            "number": str(facts.number),
        }

    def notice(self) -> str:
        """What keeps a text about example data from being taken for news."""
        return self.sentences["example"] if self.facts.example else ""

    def title(self) -> str:
        return self._say(f"title_{self.facts.document}")

    def standing(self) -> str:
        """How many of how many, what remains, how many of the regions below are done, and when the target will be reached."""
        region, children = self.facts.region, self.facts.children
        if not region.entries:
            return self._about("silent" if region.target is None else "silent_target", region)
        if region.target is None:
            return self._about(f"no_target_{self.facts.document}", region)
        end = "surplus" if region.surplus else "reached" if region.reached else "remaining"
        sentence = self._about(f"of_target_{self.facts.document}", region) + self._about(end, region)
        forecast = self.facts.forecast
        after = f" {forecast_words(forecast, self.facts.day).text}" if forecast else ""
        if not children:
            return sentence + after
        level, done = self.sentences[f"level_{children[0].level}"], sum(child.reached for child in children)
        return f"{sentence} " + self._say("done", level=level, done=done, total=len(children)) + after

    def movement(self) -> str:
        """What changed since the day before and why; who is furthest behind and who is done."""
        facts = self.facts
        sentences = [self._change()]
        if facts.target_change:
            sentences.append(self._say("target_change", people=figures.signed(facts.target_change)))
        behind = [child for child in facts.children if child.target is not None and not child.reached]
        if behind and behind[0].entries:
            sentences.append(self._about("worst", behind[0]))
        done = sorted(child.short_name for child in facts.children if child.reached)
        if done:
            names, more = ", ".join(done[:MAX_NAMES]), len(done) - MAX_NAMES
            sentences.append(self._say("finished_more" if more > 0 else "finished", names=names, more=more))
        return " ".join(sentences)

    def table(self) -> str:
        return "\n".join(self._line(child) for child in self.facts.children)

    def origin(self) -> str:
        return self._say(self.facts.status)

    def _change(self) -> str:
        facts = self.facts
        if facts.previous_day is None:
            return self._say("no_previous")
        people_by_name = {self.sentences[f"cause_{cause}"]: people for cause, people in facts.causes if people}
        causes = ", ".join(f"{figures.signed(people)} {name}" for name, people in people_by_name.items())
        previous = figures.long_day(facts.previous_day)
        if not causes:
            return self._say("same", previous=previous)
        sentence = "rise" if facts.change > 0 else "fall" if facts.change < 0 else "exchanged"
        return self._say(sentence, people=figures.people(abs(facts.change)), previous=previous, causes=causes)

    def _line(self, child: Figure) -> str:
        if not child.entries:
            return self._about("line_silent" if child.target is None else "line_silent_target", child)
        return self._about("line_no_target" if child.target is None else "line", child)

    def _about(self, sentence: str, figure: Figure) -> str:
        return self._say(
            sentence,
            name=figure.short_name,
            recorded=figures.people(figure.recorded),
            target=figures.people(figure.target),
            percent=figures.percent(figure.percent),
            remaining=figures.people(figure.remaining),
            surplus=figures.people(figure.surplus),
        )

    def _say(self, sentence: str, **values: object) -> str:
        return self.sentences[sentence] % (self.values | values)
