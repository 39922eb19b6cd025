"""The SQL that lets the database itself keep the rules: the ledger, append-only tables, periods apart.

Used by the migration `0002_guards`. A later change of a guard is a new migration, not an edit here.
"""

APPEND_ONLY = (
    "recording_countchange",
    "recording_posting",
    "recording_target",
    "recording_auditentry",
    "recording_coveragerun",
    "recording_coveragefigure",
)
