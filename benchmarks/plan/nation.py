"""`python -m benchmarks.plan.nation` plans for 514 cities in a process of its own and prints its seconds and megabytes."""

import json
import re
import time
from pathlib import Path

from benchmarks.plan.worlds import nation
from fleet.planning.building import problem_of
from fleet.planning.engine import installed_engine
from fleet.planning.planner import propose


def main() -> None:
    request = nation(1, 14)
    began = time.process_time()
    propose(problem_of(request), installed_engine())
    peak = re.search(r"VmHWM:\s+(\d+) kB", Path("/proc/self/status").read_text())
    print(json.dumps([time.process_time() - began, int(peak[1]) / 1000 if peak else 0]))


if __name__ == "__main__":
    main()
