"""``make bench [ARGS=name]``: run the benchmarks of this folder, or the one that is named, and print their figures."""

from __future__ import annotations

import runpy
import sys
from pathlib import Path

FOLDER = Path(__file__).parent
AVAILABLE = sorted(path.stem for path in FOLDER.glob("[a-z]*.py"))


def main(names: list[str]) -> int:
    unknown = [name for name in names if name not in AVAILABLE]
    if unknown:
        print(f"no benchmark {', '.join(unknown)}; there are {', '.join(AVAILABLE)}", file=sys.stderr)
        return 2
    for name in names or AVAILABLE:
        print(f"== {name}", flush=True)
        runpy.run_path(str(FOLDER / f"{name}.py"), run_name="__main__")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
