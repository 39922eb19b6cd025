"""The view of counts that readers see, the same on both engines (docs/decisions/0023).

A migration that builds the table of counts anew on SQLite drops the view before it and makes it again after it.
"""

# A value that a large act of writing has changed so far is, for readers, what the last act before it made of it.
_FORMER = """
    (SELECT c.{former} FROM recording_countchange c
      WHERE c.region_id = d.region_id AND c.document = d.document AND c.day = d.day AND c.source = d.source
        AND c.posting_id <> d.posting_id
      ORDER BY c.id DESC LIMIT 1)
"""
_IS_OPEN = "d.posting_id = (SELECT posting_id FROM recording_openposting)"

CREATE = f"""
    CREATE VIEW recording_currentcount AS
    SELECT d.region_id, d.document, d.day, d.source,
           CASE WHEN {_IS_OPEN} THEN {_FORMER.format(former="new_people")} ELSE d.people END AS people,
           CASE WHEN {_IS_OPEN} THEN {_FORMER.format(former="posting_id")} ELSE d.posting_id END AS posting_id
      FROM recording_dailycount d
"""
DROP = "DROP VIEW recording_currentcount"
