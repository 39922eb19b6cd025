"""What a copy of the database must have in common with it."""

import hashlib

from recording.models import CountChange, CoverageFigure, CoverageRun


def newest_figures() -> str:
    """Every figure of the newest run, in one line that is another one when any of them is."""
    run = CoverageRun.objects.order_by("-number").first()
    if run is None:
        return "none yet"
    columns = ("document", "period", "region", "recorded", "entries", "target", "eligible", "opening")
    rows = sorted(CoverageFigure.objects.filter(run=run).values_list(*columns))  # each engine has letters in its own order
    digest = hashlib.sha256(repr(rows).encode()).hexdigest()
    return f"run {run.number} of {run.as_of}: {len(rows)} figures {digest[:16]}"


def newest_change() -> int:
    """The position of the last change in the ledger."""
    last = CountChange.objects.order_by("-pk").values_list("pk", flat=True).first()
    return last or 0
