"""`python -m benchmarks.imports.peak COMMAND …` runs a management command and says how much memory that took at most.

In bytes, as its last line. Linux counts a process's `ru_maxrss` from before it was its own program,
with the memory of the one that started it; VmHWM is of this program alone.
"""

import re
import sys
from pathlib import Path

from django.core.management import execute_from_command_line


def main() -> None:
    try:
        execute_from_command_line(sys.argv)
    finally:
        status = Path("/proc/self/status").read_text()
        found = re.search(r"VmHWM:\s+(\d+) kB", status)
        sys.stdout.write(f"{int(found[1]) * 1024 if found else 0}\n")


if __name__ == "__main__":
    main()
