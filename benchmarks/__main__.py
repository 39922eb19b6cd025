"""`make bench [ARGS=--help]`: one child per engine; each line as it comes, then the table. Exit code 1 when a bar is broken."""

import json
import os
import subprocess
import sys
from collections.abc import Iterator

from benchmarks import options, table
from benchmarks.lines import Row


def main() -> int:
    asked = options.parse(sys.argv[1:])
    progress = sys.stderr if asked.json else sys.stdout  # with --json nothing else stands on standard output
    rows: list[Row] = []
    failed = []
    print(table.heading(), file=progress, flush=True)
    for part, engine in options.turns(asked):
        try:
            for row in measured(part, engine, sys.argv[1:]):
                rows.append(row)
                print(table.line(row), file=progress, flush=True)
        except subprocess.CalledProcessError:
            failed.append(f"{part}, {engine}")
    print(json.dumps(rows, indent=1) if asked.json else f"\n{table.table(rows)}")
    for what in failed:
        print(f"{what}: broken off, see above", file=sys.stderr)
    return 1 if failed or any(not row["ok"] for row in rows) else 0


def measured(part: str, engine: str, arguments: list[str]) -> Iterator[Row]:
    """The rows of one part on one engine, each as soon as the child has it. CalledProcessError when the child breaks off."""
    reader, writer = os.pipe()
    command = [sys.executable, "-m", "benchmarks.engine", part, str(writer), *arguments]
    child = subprocess.Popen(command, pass_fds=[writer], env={**os.environ, "TEST_ENGINE": engine}, stdout=sys.stderr)
    os.close(writer)
    with open(reader) as answers:
        for answer in answers:
            yield json.loads(answer)
    if code := child.wait():
        raise subprocess.CalledProcessError(code, command)


if __name__ == "__main__":
    sys.exit(main())
