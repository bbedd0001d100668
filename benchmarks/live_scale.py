"""An account of 1,000 and of 10,000 functions, wired as accounts usually are: calls, and seconds without AWS's own.

The account answers in the process itself (tests/usual_account.py): what AWS and the network take comes on top.
"""

from __future__ import annotations

import sys
import time
from pathlib import Path

sys.path[:0] = [str(Path(__file__).resolve().parent.parent / "tests")]

from fake_aws import ACCOUNT  # noqa: E402
from usual_account import REGIONS, usual_account  # noqa: E402

from rolecall.catalog import load_catalog  # noqa: E402
from rolecall.live import collect, needs_of  # noqa: E402
from rolecall.rules import run  # noqa: E402

RULES = [entry.id for entry in load_catalog().values() if "live" in entry.surfaces]

for size in (1_000, 10_000):
    session = usual_account(size).session()
    start = time.perf_counter()
    needs = needs_of(RULES)
    collected = collect(session, account=ACCOUNT, partition="aws", regions=REGIONS, needs=needs)
    read = time.perf_counter()
    findings = sum(1 for _ in run(collected.inventory, only=RULES))
    done = time.perf_counter()
    calls = sum(collected.calls.values())
    print(f"{size:6} functions: {calls} calls in {read - start:.1f} s, {findings} findings in {done - read:.1f} s")
