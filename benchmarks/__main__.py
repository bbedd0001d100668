"""``make bench [ARGS=name]``: run the benchmarks of this folder, or those that are named, and print their figures.

Some take arguments: ``make bench ARGS="checkov_overhead 500"``. ``accuracy`` needs some, the repositories, and runs
only when it is named: ``make bench ARGS="accuracy OWNER/NAME=FOLDER ..."``.
"""

from __future__ import annotations

import runpy
import sys
from pathlib import Path

FOLDER = Path(__file__).parent
AVAILABLE = sorted(path.stem for path in FOLDER.glob("[a-z]*.py"))
NEEDS_ARGUMENTS = "accuracy"
TAKE_ARGUMENTS = (NEEDS_ARGUMENTS, "checkov_overhead", "crosswalk", "live_scan", "report", "rule_scale")


def main(names: list[str]) -> int:
    sys.argv = sys.argv[:1]
    if names and names[0] in TAKE_ARGUMENTS and not set(names[1:]) <= set(AVAILABLE):
        sys.argv, names = names, names[:1]
    unknown = [name for name in names if name not in AVAILABLE]
    if unknown:
        print(f"no benchmark {', '.join(unknown)}; there are {', '.join(AVAILABLE)}", file=sys.stderr)
        return 2
    for name in names or [name for name in AVAILABLE if name != NEEDS_ARGUMENTS]:
        print(f"== {name}", flush=True)
        runpy.run_path(str(FOLDER / f"{name}.py"), run_name="__main__")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
