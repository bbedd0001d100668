"""``make bench [ARGS=name]``: run the benchmarks of this folder, or those that are named, and print their figures.

``accuracy`` needs repositories: ``make bench ARGS="accuracy OWNER/NAME=FOLDER ..."``; it runs only when it is named.
"""

from __future__ import annotations

import runpy
import sys
from pathlib import Path

FOLDER = Path(__file__).parent
AVAILABLE = sorted(path.stem for path in FOLDER.glob("[a-z]*.py"))
WITH_ARGUMENTS = "accuracy"


def main(names: list[str]) -> int:
    if names[:1] == [WITH_ARGUMENTS]:
        sys.argv = names
        runpy.run_path(str(FOLDER / f"{WITH_ARGUMENTS}.py"), run_name="__main__")
        return 0
    unknown = [name for name in names if name not in AVAILABLE]
    if unknown:
        print(f"no benchmark {', '.join(unknown)}; there are {', '.join(AVAILABLE)}", file=sys.stderr)
        return 2
    for name in names or [name for name in AVAILABLE if name != WITH_ARGUMENTS]:
        print(f"== {name}", flush=True)
        runpy.run_path(str(FOLDER / f"{name}.py"), run_name="__main__")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
