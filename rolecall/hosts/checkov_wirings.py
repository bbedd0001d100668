"""What is wired to the functions of a graph or a file, told to the trace when it has been read.

Checkov does not say when all checks have run, and forks a process for each framework. So the rules are asked as soon as
everything is read, those that this run has selected: by Checkov's own filter, made of the options once more.
"""

from __future__ import annotations

import contextlib
from collections.abc import Iterator
from typing import Any

from checkov.common.bridgecrew.integration_features.integration_feature_registry import integration_feature_registry
from checkov.runner_filter import RunnerFilter

from rolecall import trace, wiring
from rolecall.catalog import load_catalog
from rolecall.hosts.checkov_records import breakdown, record, severity
from rolecall.model import Inventory
from rolecall.rules.judges import Told


def say_wirings(inventory: Inventory, told: Told) -> None:
    """A line for each function; without a trace nothing is done. told: takes up the verdicts, for the run of rules."""
    try:
        with contextlib.suppress(OSError):  # that it cannot be written was said when the pack was loaded
            trace.append_records(_events(inventory, told))
    except Exception as fault:  # an adapter's boundary: the findings must come all the same
        record(breakdown("saying what is wired", fault))


def _events(inventory: Inventory, told: Told) -> Iterator[dict[str, Any]]:
    yield from wiring.events("checkov", inventory, selected_rules(), told=told)


def selected_rules() -> frozenset[str]:
    """The rules that are on and that ``--check`` and ``--skip-check`` let run, whatever it says of single files."""
    options = integration_feature_registry.config
    chosen = RunnerFilter(
        checks=getattr(options, "check", None),
        skip_checks=getattr(options, "skip_check", None),
        all_external=bool(getattr(options, "run_all_external_checks", False)),
    )
    entries = (entry for entry in load_catalog().values() if entry.default)
    return frozenset(
        entry.id for entry in entries if chosen.should_run_check(check_id=entry.checkov_id, severity=severity(entry))
    )
