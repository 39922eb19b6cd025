"""`make bench [ARGS="--quick --api"]`: one child per engine, then one table. Exit code 1 when a limit is broken."""

import argparse
import json
import os
import subprocess
import sys
import tempfile
from pathlib import Path

ENGINES = ("sqlite", "postgres")


def main() -> int:
    parser = argparse.ArgumentParser(prog="benchmarks", description=__doc__)
    parser.add_argument("--quick", action="store_true", help="without the size of the nation")
    parser.add_argument("--api", action="store_true", help="only the lines of the API")
    parser.parse_args()  # a wrong word ends here, not after minutes of measuring
    rows: list[dict[str, object]] = []
    for engine in ENGINES:
        with tempfile.NamedTemporaryFile(suffix=".json") as answer:
            command = [sys.executable, "-m", "benchmarks.engine", answer.name, *sys.argv[1:]]
            subprocess.run(command, check=True, env={**os.environ, "TEST_ENGINE": engine})
            rows += json.loads(Path(answer.name).read_text())
    print(table(rows))
    return 1 if any(not row["ok"] for row in rows) else 0


def table(rows: list[dict[str, object]]) -> str:
    """A table for people, one line per measurement."""
    columns = ("engine", "what", "measured", "limit", "ratio", "allowed", "ok")
    lines = [[str(row[column]) for column in columns] for row in rows]
    widths = [max(len(line[i]) for line in [*lines, list(columns)]) for i in range(len(columns))]
    return "\n".join(
        "  ".join(cell.ljust(width) for cell, width in zip(line, widths, strict=True)).rstrip()
        for line in [list(columns), *lines]
    )


if __name__ == "__main__":
    sys.exit(main())
