"""Runs Checkov in its own environment with what a plug-in cannot do from inside.

Executed as a script by Checkov's own interpreter, which may not have Rolecall: nothing of Rolecall is imported here.

- The trace learns which files Checkov could not parse: Checkov names them only in some of its outputs and exits 0.
- It learns too what a baseline, or a comment in the code that a plan is made of, takes out of the failed checks:
  Checkov applies both to the records when all checks have run.
- Every ``-d`` is scanned. Checkov keeps its runners, which read nothing a second time: without processes (macOS,
  Windows, a single framework) it scans the first folder again for each.
- What a finding says is in the output for every framework; of most, Checkov shows the rule's title only.
- That text is part of the result's message in SARIF. Checkov writes it as attachments, which break the standard:
  https://docs.oasis-open.org/sarif/sarif/v2.1.0/sarif-v2.1.0.html requires an artifact's location in each.
"""

import sys

del sys.path[0]  # this folder: a module in it must not be taken for one of the host's

import copy  # noqa: E402
import json  # noqa: E402
import os  # noqa: E402
from collections.abc import Callable, Iterable, Iterator  # noqa: E402
from typing import Any  # noqa: E402

from checkov.common.models.enums import CheckResult  # noqa: E402
from checkov.common.output.baseline import Baseline  # noqa: E402
from checkov.common.output.record import Record  # noqa: E402
from checkov.common.output.report import Report  # noqa: E402
from checkov.common.output.sarif import Sarif  # noqa: E402
from checkov.common.runners.runner_registry import RunnerRegistry  # noqa: E402
from checkov.main import Checkov  # noqa: E402

_add_parsing_errors = Report.add_parsing_errors
_add_record = Report.add_record
_apply_baseline = Baseline.compare_and_reduce_reports
_apply_comments = Report.handle_skipped_checks
_run = RunnerRegistry.run
_sarif_results = Sarif._create_results
_unused: dict[int, list[Any]] = {}  # runners as they were before the first folder, by identity of their registry


def _tell(lines: Iterable[dict[str, Any]]) -> None:
    text = "".join(json.dumps(line) + "\n" for line in lines)
    with open(os.environ["ROLECALL_TRACE"], "a", encoding="utf-8") as trace:
        trace.write(text)


def _unread(report: Report, errors: Iterable[str]) -> None:
    files = list(errors)
    _tell({"schema": "rolecall/trace/1", "event": "unread", "host": "checkov", "what": str(file)} for file in files)
    _add_parsing_errors(report, files)


def _run_afresh(registry: RunnerRegistry, *arguments: Any, **named: Any) -> list[Report]:
    unused = _unused.setdefault(id(registry), [copy.copy(runner) for runner in registry.runners])
    registry.runners = [copy.copy(runner) for runner in unused]
    reports: list[Report] = _run(registry, *arguments, **named)
    return reports


def _finding(record: Record) -> dict[str, Any]:
    """What the pack said of a record; empty for those of other checks."""
    entity = record.check_result.get("entity")
    found = record.check_result.get("rolecall") or (entity.get("rolecall") if isinstance(entity, dict) else None)
    return found or {}


def _described(report: Report, record: Record) -> None:
    finding = _finding(record)
    if finding and not record.details and record.check_result["result"] == CheckResult.FAILED:
        remediation = finding["remediation"]
        lines = [finding["message"], remediation.get("text", ""), *remediation.get("cloudformation", "").splitlines()]
        record.details = [_printable(line) for line in lines if line]
    _add_record(report, record)


def _printable(text: str) -> str:
    return "".join(char if char.isprintable() else char.encode("unicode_escape").decode() for char in text)


def _muting(reports: list[Report], apply: Callable[[], Any], why: str) -> Any:
    """Apply a step of Checkov, and tell the trace which findings it took out of the failed checks."""
    failed = [record for report in reports for record in report.failed_checks]
    result = apply()
    kept = {id(record) for report in reports for record in report.failed_checks}
    _tell(_muted([record for record in failed if id(record) not in kept], why))
    return result


def _muted(records: Iterable[Record], why: str) -> Iterator[dict[str, Any]]:
    for record in records:
        finding = _finding(record)
        if finding:
            reason = record.check_result.get("suppress_comment") or why
            yield {**finding, "status": "MUTED", "evidence": [f"skipped: {reason}", *finding["evidence"]]}


def _without_attachments(sarif: Sarif) -> list[dict[str, Any]]:
    results: list[dict[str, Any]] = _sarif_results(sarif)
    for result in results:
        details = [attachment["description"] for attachment in result.pop("attachments", ())]
        result["message"]["text"] = "\n".join([*details, result["message"]["text"]])
    return results


RunnerRegistry.run = _run_afresh
Report.add_parsing_errors = _unread
Report.add_record = _described
Report.handle_skipped_checks = staticmethod(
    lambda report, resources: _muting([report], lambda: _apply_comments(report, resources), "a comment in the code")
)
Baseline.compare_and_reduce_reports = lambda baseline, reports: _muting(
    reports, lambda: _apply_baseline(baseline, reports), "in the baseline"
)
Sarif._create_results = _without_attachments
Sarif.takes_details = True  # the pack asks
sys.exit(Checkov().run())
