"""What `import_counts` and `import_targets` share: arguments, whose rights apply, and the answer."""

from argparse import ArgumentParser
from collections import defaultdict
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from accounts.acts import Act
from accounts.rights import SYSTEM, Actor
from accounts.selectors import user_named
from dukcapil import clock
from dukcapil.command import MAX_ROWS_SHOWN, ServiceCommand
from dukcapil.errors import N_, Refused, RefusedRows
from recording.imports import processing
from recording.imports.batches import MAX_REASON_LENGTH
from recording.imports.choices import Choices, Decision, Use
from recording.imports.findings import Findings
from recording.imports.importing import import_file
from recording.imports.job import Imported, Job
from recording.imports.plan import Plan
from recording.imports.preview import Preview
from recording.imports.questions import TOGETHER, question_as_json
from recording.models import Document, Door
from recording.parsing.free_text import free_text


class ImportCommand(ServiceCommand):
    """`FILE [--dry-run] [--as USERNAME] [--json] …`; exit code 1 when rows were rejected or something is undecided.

    All of a file is saved or nothing, unless `--good-rows` says otherwise. Each question about the file is answered by
    `--answer`, or all that are left by `--accept`, as the portal proposes.
    """

    kind = ""
    span = ""  # what the answer calls the days or periods of the file

    def add_arguments(self, parser: ArgumentParser) -> None:
        super().add_arguments(parser)
        parser.add_argument("file", type=Path)
        parser.add_argument("--dry-run", action="store_true", help="Periksa saja, jangan simpan.")
        parser.add_argument("--as", dest="username", help="Nama pengguna yang haknya berlaku.")
        parser.add_argument(
            "--sheet", action="append", default=[], metavar="LEMBAR", help="Lembar yang dibaca; boleh lebih dari sekali."
        )
        parser.add_argument("--document", default="", help="KTP atau KIA, bila berkas tidak menyebutnya.")
        parser.add_argument("--source", default="", help="Sumber hitungan, misalnya loket.")
        parser.add_argument(
            "--column",
            action="append",
            default=[],
            metavar="JUDUL=KTP[:daily|:running]",
            help="Kolom yang diimpor; boleh lebih dari sekali.",
        )
        parser.add_argument(
            "--answer",
            action="append",
            default=[],
            metavar="KODE=JAWABAN",
            help="Jawaban atas satu pertanyaan, misalnya running=daily; boleh lebih dari sekali. --json menyebut pilihannya.",
        )
        parser.add_argument("--period", default="", help="Periode target, bila berkas tidak menyebutnya.")
        parser.add_argument("--decree", default="", help="Sumber target: nomor keputusan atau surat.")
        parser.add_argument("--effective-from", help="Target berlaku sejak: 2021-01-01.")
        parser.add_argument("--kind", default="", help="task (target periode) atau stock (wajib KTP).")
        parser.add_argument("--accept", action="store_true", help="Terima usul portal untuk semua pertanyaan.")
        parser.add_argument("--good-rows", action="store_true", help="Simpan baris yang baik saja.")
        parser.add_argument("--rest", type=Path, help="Tulis baris yang ditolak ke berkas ini.")
        parser.add_argument("--reason", default="", help="Alasan, bila ada total yang turun.")

    def choices(self, options: dict[str, Any]) -> dict[str, Any]:
        """The choices that both kinds have."""
        columns = dict(_column(text) for text in options["column"])
        return {
            "sheets": options["sheet"],
            "document": options["document"],
            "source": options["source"],
            "columns": columns or None,
            "answers": _answers(options["answer"]),
            **{name: options[name] for name in ("period", "decree", "effective_from", "kind")},
        }

    def act(self, **options: Any) -> dict[str, Any]:
        decision = Decision(
            options["good_rows"],
            None if options["accept"] else frozenset(),
            free_text(options["reason"], "reason", longest=MAX_REASON_LENGTH),
        )
        file: Path = options["file"]
        job = Job(
            act=Act(self.actor(options), clock.now(), Door.COMMAND),
            kind=self.kind,
            file=file,
            name=file.name,
            choices=Choices.read(self.choices(options)),
            decision=None if options["dry_run"] else decision,
            rejected_rows=options["rest"],
            finish=lambda done: processing.record(imported=done, job=job),
        )
        try:
            done = import_file(job)
        except Refused as problem:
            if problem.status != 400:  # not allowed, or somebody was quicker: no matter of the file
                raise
            findings = Findings(blocked=str(problem))
            done = Imported(Preview(file.name, findings, Plan(self.kind)), refused=problem)
        return self.answer(done, options)

    def actor(self, options: dict[str, Any]) -> Actor:
        """The user of `--as`; without it the operator of the machine, who may write everything."""
        return user_named(options["username"]) if options["username"] else SYSTEM

    def answer(self, done: Imported, options: dict[str, Any]) -> dict[str, Any]:
        """The contract's answer. What was refused as a whole counts nothing as new or changed."""
        preview, rows, dry_run = done.preview, done.preview.rows(), options["dry_run"]
        if done.refused is not None and not dry_run:
            rows |= {"new": 0, "changed": 0, "unchanged": 0}
        rows_alone = isinstance(done.refused, RefusedRows)  # each of them is named anyway
        self.refused = "" if dry_run or done.refused is None or rows_alone else str(done.refused)
        self.saved = done.saved
        self.undecided = preview.findings.open_question(lambda _kind: options["accept"]) is not None
        return {
            "file": preview.file,
            self.span: ", ".join(preview.reading.spans) or preview.plan.day_or_period or None,
            "rows": rows,
            "per_city": preview.reading.totals.per_city,
            "file_total": preview.reading.totals.file_total,
            **({"targets": preview.targets.rows()} if preview.targets else {}),
            "questions": [question_as_json(question) for question in preview.findings.questions.values()],
            "problems": [
                {name: getattr(problem, name) for name in ("sheet", "row", "column", "tier", "reason")}
                for problem in preview.all_problems()
            ],
        }

    def failed(self, answer: dict[str, Any]) -> bool:
        """Good rows that were asked for and saved are no failure of the rows that were left out."""
        wrong = any(problem["tier"] == "error" for problem in answer["problems"])
        return bool(self.refused) or (not self.saved and (wrong or self.undecided))

    def report(self, answer: dict[str, Any]) -> None:
        rows = answer["rows"]
        self.stdout.write(
            f"{answer['file']}: {rows['new']} baru, {rows['changed']} berubah, {rows['unchanged']} tetap, "
            f"{rows['rejected']} ditolak, {rows['unmapped']} tidak terpetakan"
        )
        for problem in answer["problems"][:MAX_ROWS_SHOWN]:
            self.stdout.write(f"  baris {problem['row']} {problem['column']}: {problem['reason']}")
        if self.failed(answer):
            self.stdout.write(f"Tidak ada yang disimpan. {self.refused}".strip())
        elif self.saved:
            self.stdout.write("Tersimpan.")
        else:
            self.stdout.write("Hanya diperiksa; tidak ada yang disimpan. Tanpa --dry-run berkas ini disimpan.")


def _answers(texts: Sequence[str]) -> dict[str, str]:
    """Answers by the kind of their question; what is given to one kind more than once is given together."""
    answers: dict[str, list[str]] = defaultdict(list)
    for text in texts:
        kind, _sign, value = text.partition("=")
        if not kind or not value:
            raise Refused(N_("Tulis --answer seperti “running=daily”."), "answers")
        answers[kind].append(value)
    return {kind: TOGETHER.join(values) for kind, values in answers.items()}


def _column(text: str) -> tuple[str, Use]:
    """ "JUMLAH DOSIS 1=KTP:running" names a column by its normalised label and says what it holds."""
    label, _sign, use = text.rpartition("=")
    document, _colon, mode = use.partition(":")
    if not label or document not in (*Document.values, "") or mode not in ("", "daily", "running"):
        raise Refused(N_("Tulis --column seperti “JUMLAH=KTP” atau “JUMLAH=KTP:running”."), "column")
    return label, Use(document, mode == "running" if mode else None)
