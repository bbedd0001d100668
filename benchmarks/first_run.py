"""How long a newcomer waits: ``make demo`` twice and ``make test`` once, in a fresh clone of the committed state."""

from __future__ import annotations

import os
import subprocess
import sys
import tempfile
import time
from pathlib import Path

ROOT = Path(__file__).parent.parent
RUNS = (("make demo, first run", "demo"), ("make demo, second run", "demo"), ("make test", "test"))


def main() -> None:
    with tempfile.TemporaryDirectory(prefix="rolecall-bench-") as folder:
        clone = Path(folder, "clone")
        subprocess.run(["git", "clone", "--quiet", str(ROOT), str(clone)], check=True)
        for label, target in RUNS:
            print(f"{label}: {seconds(clone, target):.0f} s", flush=True)


def seconds(clone: Path, target: str) -> float:
    """Wall time of a target; ends the benchmark with the target's output when it fails."""
    environment = {name: value for name, value in os.environ.items() if not name.startswith(("ROLECALL_", "VIRTUAL_"))}
    started = time.monotonic()
    run = subprocess.run(["make", target], cwd=clone, env=environment, capture_output=True, text=True, check=False)
    if run.returncode:
        sys.exit(f"make {target} failed with {run.returncode}\n{run.stdout[-4000:]}\n{run.stderr[-4000:]}")
    return time.monotonic() - started


if __name__ == "__main__":
    main()
