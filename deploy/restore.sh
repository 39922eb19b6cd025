#!/bin/sh
# Put a copy that backup.sh made in the place of the database, and prove the ledger. Stop the portal first.
# Usage: deploy/restore.sh FILE
# The SQLite file that was there is kept beside it with the ending .before-restore.
set -eu
cd "$(dirname "$0")/.."
copy=${1:?usage: deploy/restore.sh FILE}
test -r "$copy" || { echo "$copy cannot be read." >&2; exit 1; }
python=${PYTHON:-.venv/bin/python}

if [ -n "${DATABASE_URL:-}" ]; then
  # One transaction: when anything fails, what was there stays whole.
  pg_restore --clean --if-exists --no-owner --single-transaction --dbname="$DATABASE_URL" "$copy"
else
  database="${DUKCAPIL_HOME:-var}/portal.sqlite3"
  cp "$copy" "$database.part"
  if [ -e "$database" ]; then
    # The write-ahead log holds the last commits: fold it in before the old file is put aside.
    "$python" -c 'import sqlite3, sys; sqlite3.connect(sys.argv[1]).execute("PRAGMA wal_checkpoint(TRUNCATE)")' "$database"
    mv "$database" "$database.before-restore"
  fi
  rm -f "$database-wal" "$database-shm"
  mv "$database.part" "$database"
fi
"$python" manage.py migrate --verbosity 0
"$python" manage.py check_ledger
