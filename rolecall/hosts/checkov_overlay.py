"""The team's overlay, and the severities of the crosswalk, for all checks of a run of Checkov, its own ones too.

Checkov ships no severities: with these its own ``--check HIGH``, ``--hard-fail-on`` and ``--soft-fail-on`` mean
something. They are set where there is an overlay, and by ``rolecall checkov``; else its own checks stay as they are.
"""

from __future__ import annotations

import functools
from typing import Any

from checkov.common.models.enums import CheckResult
from checkov.common.output.record import Record
from checkov.common.output.report import Report
from checkov.runner_filter import RunnerFilter

from rolecall.crosswalk import load_crosswalk
from rolecall.exports.checkov import names_of
from rolecall.findings import Status, from_record, to_record
from rolecall.hosts.checkov_records import severity_named
from rolecall.overlay import Overlay


def apply(overlay: Overlay) -> None:
    """May be called again: Checkov loads external checks once for each framework."""
    if getattr(RunnerFilter.should_run_check, "of_rolecall", False):
        return
    shipped = load_crosswalk().severities()
    severities = {check: overlay.adjustment(check).severity or severity for check, severity in shipped.items()}
    off = {check for check in severities if overlay.adjustment(check).enabled is False}
    should_run, add = RunnerFilter.should_run_check, Report.add_record

    @functools.wraps(should_run)
    def should_run_check(self: Any, check: Any = None, check_id: Any = None, *others: Any, **named: Any) -> bool:
        """Checkov asks for every check before it runs."""
        asked = check.id if check is not None else check_id
        if asked in off and not (self.checks and asked in self.checks):
            return False
        if check is not None and check.severity is None and asked in severities:
            check.severity = severity_named(severities[asked])
        return bool(should_run(self, check, check_id, *others, **named))

    @functools.wraps(add)
    def add_record(self: Any, record: Record) -> None:
        if record.check_result["result"] == CheckResult.FAILED:
            _waive(record, overlay)
        add(self, record)

    should_run_check.of_rolecall = True  # type: ignore[attr-defined]
    RunnerFilter.should_run_check = should_run_check
    Report.add_record = add_record


def _waive(record: Record, overlay: Overlay) -> None:
    """Make a failed record a skipped one where the team has accepted it."""
    entity = record.check_result.get("entity")
    holder = next((one for one in (record.check_result, entity) if isinstance(one, dict) and "rolecall" in one), None)
    if holder is not None:
        finding = overlay.settled(from_record(holder["rolecall"]))
        holder["rolecall"] = to_record(finding)
        why = finding.evidence[0] if finding.status is Status.MUTED else ""
    else:
        why = overlay.waived(record.check_id, *names_of(record.resource, record.file_path))
    if why:
        record.check_result["result"] = CheckResult.SKIPPED
        record.check_result["suppress_comment"] = why
