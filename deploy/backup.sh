#!/bin/sh
# Write one copy of the database into FOLDER while the portal runs, prove that it can be read, and print its name.
# Usage: deploy/backup.sh FOLDER
# Reads DATABASE_URL (PostgreSQL; needs pg_dump of the server's version or newer) or, without it, the SQLite file in
# DUKCAPIL_HOME (default: var). Never copy the SQLite file itself while the portal runs: one copy in three was corrupt.
set -eu
cd "$(dirname "$0")/.."
folder=${1:?usage: deploy/backup.sh FOLDER}
mkdir -p "$folder"
umask 077 # counts only, but sessions and password hashes too
name="$folder/portal-$(date -u +%Y%m%dT%H%M%SZ)"

if [ -n "${DATABASE_URL:-}" ]; then
  copy="$name.dump"
  trap 'rm -f "$copy.part"' EXIT
  pg_dump --format=custom --file="$copy.part" "$DATABASE_URL"
  pg_restore --list "$copy.part" >/dev/null
else
  copy="$name.sqlite3"
  trap 'rm -f "$copy.part"' EXIT
  "${PYTHON:-.venv/bin/python}" - "${DUKCAPIL_HOME:-var}/portal.sqlite3" "$copy.part" <<'PY'
import sqlite3, sys
from pathlib import Path

source, copy = sys.argv[1:]
if not Path(source).exists():
    sys.exit(f"{source} is not there: nothing to back up.")
sqlite3.connect(source, timeout=20).execute("VACUUM INTO ?", [copy])
found = sqlite3.connect(copy).execute("PRAGMA integrity_check").fetchone()[0]
sys.exit(0 if found == "ok" else f"The copy is broken: {found}")
PY
fi
mv "$copy.part" "$copy"
echo "$copy"
