"""The rules as Checkov checks: the graph goes in, records come out.

Terraform and plan: Python resource checks, which see the graph and whose details reach the output. CloudFormation:
graph checks. Serverless: ``checkov_serverless``. UNKNOWN and ERROR never reach Checkov's output; they go to the trace
(``rolecall.trace``).
"""

from __future__ import annotations

import sys
from collections.abc import Mapping
from functools import cache
from typing import Any

from checkov.common.bridgecrew.check_type import CheckType
from checkov.common.checks_infra.registry import get_graph_checks_registry
from checkov.common.graph.checks_infra.base_check import BaseGraphCheck
from checkov.common.models.enums import CheckCategories, CheckResult
from checkov.runner_filter import RunnerFilter
from checkov.terraform.checks.resource.base_resource_check import BaseResourceCheck
from checkov.terraform.checks.resource.registry import resource_registry

from rolecall import __version__, trace
from rolecall.catalog import Entry
from rolecall.findings import muted, to_record
from rolecall.hosts import checkov_overlay, checkov_savings, checkov_serverless
from rolecall.hosts.checkov_records import RESULTS, breakdown, by_rolecall, details, record, severity
from rolecall.hosts.checkov_scan import read_cloudformation, read_terraform, scan_of
from rolecall.overlay import disregard, team
from rolecall.printable import printable
from rolecall.records import RecordError
from rolecall.rules import load_rules


def register() -> None:
    """Register every rule with Checkov. May be called again: Checkov loads external checks once for each framework."""
    try:
        overlay = team()
    except RecordError as fault:  # said, and a finding of status ERROR; Checkov would skip the pack without a word
        print(f"rolecall: {printable(str(fault))}; nothing of this file counts", file=sys.stderr)
        overlay = disregard()
        record(breakdown("reading the overlay", fault))
    rules = load_rules()
    graph_checks = get_graph_checks_registry(CheckType.CLOUDFORMATION).checks
    for rule in rules.values():
        entry = rule.entry
        if not entry.default:
            continue
        if "terraform" in entry.surfaces and resource_registry.get_check_by_id(entry.checkov_id) is None:
            TerraformCheck(entry)
        if "cloudformation" in entry.surfaces:
            if all(check.id != entry.checkov_id for check in graph_checks):
                graph_checks.append(CloudFormationCheck(entry))
            checkov_serverless.register(entry)
        RunnerFilter.notify_external_check(entry.checkov_id)
    checkov_savings.save()
    if overlay.path is not None or by_rolecall():
        checkov_overlay.apply(overlay)
    _tell_once(len(rules))


@cache
def _tell_once(rules: int) -> None:
    try:
        trace.event("loaded", host="checkov", rolecall=__version__, rules=rules)
    except OSError as fault:  # the findings themselves are still good
        print(f"rolecall: the trace cannot be written: {fault}", file=sys.stderr)


class TerraformCheck(BaseResourceCheck):  # type: ignore[misc]  # Checkov ships no usable types for it
    """One rule on the resources of a Terraform configuration."""

    def __init__(self, entry: Entry) -> None:
        super().__init__(
            name=entry.title,
            id=entry.checkov_id,
            categories=[CheckCategories[category] for category in entry.checkov.categories],
            supported_resources=entry.checkov.resources["terraform"],
            guideline=entry.guideline,
        )
        self.entry = entry
        self.severity = severity(entry)

    def run(
        self,
        scanned_file: str,
        entity_configuration: dict[str, Any],
        entity_name: str,
        entity_type: str,
        skip_info: Mapping[str, Any],
    ) -> dict[str, Any]:
        """The record's result; it carries the whole finding under ``rolecall``, which Checkov's JSON keeps."""
        self.details: list[str] = []
        try:
            return self._run(scanned_file, entity_configuration, skip_info)
        except Exception as fault:  # an adapter's boundary: Checkov would swallow it
            record(breakdown(f"running {self.id} on {scanned_file}:{entity_type}.{entity_name}", fault))
            return {"result": CheckResult.UNKNOWN, "evaluated_keys": []}

    def _run(
        self, scanned_file: str, entity_configuration: dict[str, Any], skip_info: Mapping[str, Any]
    ) -> dict[str, Any]:
        scan = scan_of(self.graph, read_terraform)
        finding = scan.of_configuration(self.entry, entity_configuration)
        if finding is None and scanned_file.endswith(".json"):
            finding = scan.of_plan(self.entry, scanned_file, str(entity_configuration.get("__address__")))
        if finding is None:
            return {"result": CheckResult.UNKNOWN, "evaluated_keys": []}
        if skip_info:
            comment = str(skip_info.get("suppress_comment", ""))
            record(muted(finding, comment))
            return {"result": CheckResult.SKIPPED, "suppress_comment": comment}
        record(finding)
        if finding.status not in RESULTS:
            return {"result": CheckResult.UNKNOWN, "evaluated_keys": []}
        self.details = details(finding)
        return {"result": RESULTS[finding.status], "evaluated_keys": [], "rolecall": to_record(finding)}

    def scan_resource_conf(self, conf: dict[str, Any]) -> CheckResult:
        """Required by the base class; ``run`` answers."""
        return CheckResult.UNKNOWN


class CloudFormationCheck(BaseGraphCheck):  # type: ignore[misc]
    """One rule on the resources of CloudFormation templates."""

    def __init__(self, entry: Entry) -> None:
        super().__init__()
        self.entry = entry
        self.id = entry.checkov_id
        self.name = entry.title
        self.category = entry.checkov.categories[0]
        self.frameworks = ["CloudFormation"]
        self.resource_types = list(entry.checkov.resources["cloudformation"])
        self.severity = severity(entry)
        self.guideline = entry.guideline

    def run(self, graph_connector: Any) -> tuple[list[dict[str, Any]], list[dict[str, Any]], list[dict[str, Any]]]:
        """Passed, failed and unknown vertices; each carries its finding, which Checkov's JSON keeps."""
        try:
            return self._run(graph_connector)
        except Exception as fault:  # an adapter's boundary: Checkov would swallow it
            record(breakdown(f"running {self.id}", fault))
            return [], [], []

    def _run(self, graph_connector: Any) -> tuple[list[dict[str, Any]], list[dict[str, Any]], list[dict[str, Any]]]:
        scan = scan_of(graph_connector, read_cloudformation)
        answers: dict[CheckResult, list[dict[str, Any]]] = {}
        for finding in scan.of_rule(self.entry).values():
            comment = scan.skipped(finding, self.id)
            record(finding if comment is None else muted(finding, comment))
            vertex = scan.vertices.get(finding.resource.key)
            if vertex is not None:
                result = RESULTS.get(finding.status, CheckResult.UNKNOWN)
                answers.setdefault(result, []).append({**vertex, "rolecall": to_record(finding)})
        return tuple(answers.get(r, []) for r in (CheckResult.PASSED, CheckResult.FAILED, CheckResult.UNKNOWN))  # type: ignore[return-value]
