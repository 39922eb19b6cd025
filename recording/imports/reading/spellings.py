"""Names that no region has: asked about beside the rows that they keep out."""

from dukcapil.errors import N_, Refused
from recording.imports.findings import Findings
from recording.imports.matching import UnknownSpelling
from recording.imports.questions import LEAVE_OUT, SPELLING, Answer, Example, answer
from recording.imports.reading.places import Places

MAX_SPELLINGS = 50  # that are asked about; a file with more new ones is not misspelt but wrong


def ask_spelling(findings: Findings, places: Places, problem: UnknownSpelling, example: Example) -> None:
    """Ask which region a name means; without an answer its rows are left out."""
    kind = SPELLING + problem.spelling
    if kind not in findings.questions and sum(each.startswith(SPELLING) for each in findings.questions) >= MAX_SPELLINGS:
        return
    asked = Refused(N_("%(problem)s Wilayah mana yang dimaksud?"), problem=problem)
    answers = [Answer(code, places.described(code)) for code, _ in problem.candidates]
    findings.ask(
        kind,
        asked,
        [*answers, answer(LEAVE_OUT, N_("Biarkan ditolak"))],
        proposed=LEAVE_OUT,
        example=example,
        sheet=example.sheet,
        needed=False,
    )


def show_decided_spellings(findings: Findings, places: Places) -> None:
    """Spellings that were answered with a region stay in view, so that the answer can be changed."""
    for kind, code in findings.answers.items():
        if kind.startswith(SPELLING) and code in places.names:
            asked = Refused(N_("“%(text)s” dibaca sebagai:"), text=kind.split("|")[1] if "|" in kind else kind)
            answers = [Answer(code, places.described(code)), answer(LEAVE_OUT, N_("Biarkan ditolak"))]
            findings.ask(kind, asked, answers, proposed=LEAVE_OUT, needed=False)
