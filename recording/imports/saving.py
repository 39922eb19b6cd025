"""Saving what was confirmed of a preview: all of it, or nothing with the reason why."""

from dukcapil.errors import N_, Conflict, Refused, RefusedRows
from recording.imports.choices import Decision
from recording.imports.job import Imported, Table
from recording.imports.mappings import save_mapping
from recording.imports.preview import Preview
from recording.imports.summary import summary_of


def not_to_save(table: Table, preview: Preview) -> Imported | None:
    """The answer when nothing is to be written: the job is only looked at, or its decision is not enough. None when all
    of it may be written. To be called in the transaction that made the preview.

    Conflict when what was shown is no longer what would happen.
    """
    decision = table.job.decision
    if decision is None:
        return Imported(preview)
    refused = _refusal(preview, decision)
    if refused:
        return Imported(preview, refused=refused)
    if decision.seen and summary_of(preview)["seen"] != decision.seen:
        raise Conflict(N_("Angka di portal berubah sejak berkas ini diperiksa. Periksa sekali lagi, lalu pastikan."))
    return None


def note_saved(table: Table, done: Imported) -> Imported:
    """What is to be known of a file that was written. To be called in the transaction that ends its writing."""
    save_mapping(job=table.job, plan=table.plan)
    table.job.finish(done)
    return done


def _refusal(preview: Preview, decision: Decision) -> Refused | None:
    """Why what was confirmed is not enough, or None."""
    findings = preview.findings
    if findings.blocked:
        return Refused("%(reason)s", reason=findings.blocked)
    if findings.rejected and not decision.good_rows_only:
        return RefusedRows([(0, Refused(N_("ditolak")))] * findings.rejected)
    if question := findings.open_question(decision.accepts):
        return Refused(N_("Belum dijawab: %(sentence)s"), "answers", sentence=question.sentence)
    if findings.needs_reason and not decision.reason:
        return Refused(N_("Total yang turun adalah koreksi: tulis alasannya."), "reason")
    return None
