"""The crosswalk: how long catalogue and crosswalk take to load in Checkov's environment, and how much is covered.

``make bench ARGS="crosswalk SAMPLE SEED"`` prints a random sample of relations besides, to be examined again.
"""

from __future__ import annotations

import os
import random
import statistics
import subprocess
import sys
from pathlib import Path

from rolecall.crosswalk import load_crosswalk

ROUNDS = 15
GOAL = 50
LOAD = """
import dataclasses, json, typing, time
start = time.perf_counter()
from rolecall.catalog import load_catalog
from rolecall.crosswalk import load_crosswalk
imported = time.perf_counter()
load_catalog()
load_crosswalk().severities()
print(imported - start, time.perf_counter() - imported)
"""


def load_times(python: str) -> tuple[float, float]:
    """Medians in milliseconds, of fresh processes: importing the modules, and reading the data."""
    rounds = []
    for _ in range(ROUNDS):
        done = subprocess.run([python, "-c", LOAD], capture_output=True, text=True, check=True)
        rounds.append([1000 * float(seconds) for seconds in done.stdout.split()])
    return statistics.median(r[0] for r in rounds), statistics.median(r[1] for r in rounds)


def main() -> None:
    python = str(Path(os.environ["ROLECALL_CHECKOV_BIN"]).with_name("python"))
    imported, loaded = load_times(python)
    print(f"rules and crosswalk: {loaded:.0f} ms to load (goal {GOAL}), {imported:.0f} ms to import the modules")
    print(f"data: {sum(path.stat().st_size for path in Path('rolecall').glob('c*.json')) / 1e6:.1f} MB")
    subprocess.run([sys.executable, "-m", "rolecall", "map", "--coverage"], check=True)
    if sys.argv[1:]:
        count, seed = int(sys.argv[1]), int(sys.argv[2]) if sys.argv[2:] else 0
        relations = sorted({relation for control in load_crosswalk() for relation in control.relations}, key=repr)
        for relation in random.Random(seed).sample(relations, count):  # noqa: S311 (no secret)
            print(f"{relation.checkov} {relation.relation} {relation.prowler}: {relation.difference}")


if __name__ == "__main__":
    main()
