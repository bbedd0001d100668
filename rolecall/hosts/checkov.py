"""The rules as Checkov checks: the graph goes in, records come out.

Terraform and plan: Python resource checks, which see the graph and whose details reach the output. CloudFormation:
graph checks. Serverless: ``checkov_serverless``. UNKNOWN and ERROR never reach Checkov's output; they go to the trace
(``rolecall.trace``).
"""

from __future__ import annotations

import contextlib
import os
import sys
import threading
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping
from functools import cache, cached_property
from typing import Any

from checkov.common.bridgecrew.check_type import CheckType
from checkov.common.bridgecrew.integration_features.integration_feature_registry import integration_feature_registry
from checkov.common.bridgecrew.severities import Severities
from checkov.common.checks_infra.registry import get_graph_checks_registry
from checkov.common.graph.checks_infra.base_check import BaseGraphCheck
from checkov.common.models.enums import CheckCategories, CheckResult
from checkov.common.output.sarif import Sarif
from checkov.runner_filter import RunnerFilter
from checkov.terraform.checks.resource.base_resource_check import BaseResourceCheck
from checkov.terraform.checks.resource.registry import resource_registry

from rolecall import __version__, trace
from rolecall.catalog import Entry
from rolecall.findings import Finding, Remediation, Status, muted, to_record
from rolecall.hosts import checkov_savings, checkov_suppressions
from rolecall.iac import cloudformation, cloudformation_graph, plan, terraform, terraform_graph, terraform_plan
from rolecall.model import Inventory, Location, Resource
from rolecall.printable import printable
from rolecall.rules import load_rules, run
from rolecall.unknown import Unknown

# Rules that are off by default and shall run all the same: RC107,RC110 ...
SWITCHED_ON = "ROLECALL_RULES_ON"
RESULTS = {Status.PASS: CheckResult.PASSED, Status.FAIL: CheckResult.FAILED}
_SEVERITIES = {"informational": "INFO"}


def register() -> None:
    """Register every rule with Checkov. May be called again: Checkov loads external checks once for each framework."""
    from rolecall.hosts import checkov_serverless  # it builds on this module

    rules = load_rules()
    graph_checks = get_graph_checks_registry(CheckType.CLOUDFORMATION).checks
    for rule in rules.values():
        entry = rule.entry
        if not entry.default and entry.id not in os.environ.get(SWITCHED_ON, "").split(","):
            continue
        if "terraform" in entry.surfaces and resource_registry.get_check_by_id(entry.checkov_id) is None:
            TerraformCheck(entry)
        if "cloudformation" in entry.surfaces:
            if all(check.id != entry.checkov_id for check in graph_checks):
                graph_checks.append(CloudFormationCheck(entry))
            checkov_serverless.register(entry)
        RunnerFilter.notify_external_check(entry.checkov_id)
    checkov_savings.save()
    _tell_once(len(rules))


@cache
def _tell_once(rules: int) -> None:
    try:
        trace.event("loaded", host="checkov", rolecall=__version__, rules=rules)
    except OSError as fault:  # the findings themselves are still good
        print(f"rolecall: the trace cannot be written: {fault}", file=sys.stderr)


def record(finding: Finding) -> None:
    """Append to the trace; a trace that cannot be written was said once, and must not cost Checkov its record."""
    with contextlib.suppress(OSError):
        trace.append([finding])


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
        scan = _scan(self.graph, _read_terraform)
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
        scan = _scan(graph_connector, _read_cloudformation)
        answers: dict[CheckResult, list[dict[str, Any]]] = {}
        for finding in scan.of_rule(self.entry).values():
            comment = scan.skipped(finding, self.id)
            record(finding if comment is None else muted(finding, comment))
            vertex = scan.vertices.get(finding.resource.key)
            if vertex is not None:
                result = RESULTS.get(finding.status, CheckResult.UNKNOWN)
                answers.setdefault(result, []).append({**vertex, "rolecall": to_record(finding)})
        return tuple(answers.get(r, []) for r in (CheckResult.PASSED, CheckResult.FAILED, CheckResult.UNKNOWN))  # type: ignore[return-value]


class _Scan:
    """One graph: its inventory, read once, and each rule's findings, made once. Safe for threads."""

    def __init__(self, graph: Any, read: Callable[[Any], tuple[Inventory, dict[str, dict[str, Any]]]]) -> None:
        self._lock = threading.RLock()
        self._findings: dict[str, dict[str, Finding]] = {}
        self._skips: dict[str, Mapping[str, checkov_suppressions.Skips]] = {}
        self.broken: Finding | None = None
        try:
            self.inventory, self.vertices = read(graph)
        except Exception as fault:  # an adapter's boundary: the host would swallow it
            self.inventory, self.vertices = Inventory("unread"), {}
            self.broken = breakdown("reading what Checkov parsed", fault)
            record(self.broken)

    def of_rule(self, entry: Entry) -> dict[str, Finding]:
        """The rule's findings by resource key."""
        with self._lock:
            if entry.id not in self._findings:
                found = run(self.inventory, only=[entry.id])
                self._findings[entry.id] = {finding.resource.key: finding for finding in found}
            return self._findings[entry.id]

    def of_configuration(self, entry: Entry, configuration: dict[str, Any]) -> Finding | None:
        """The finding on the resource with this configuration; ``None`` for one that the inventory leaves out."""
        key = self._keys.get(id(configuration))
        return self.of_rule(entry).get(key) if key else None

    def of_plan(self, entry: Entry, scanned_file: str, address: str) -> Finding | None:
        """The finding on a resource of a plan, which Checkov hands over as another object than the vertex.

        scanned_file: below the folder that was scanned, whose own path is the same for all plans.
        """
        key = min(
            ((file, key) for file, key in self._plan_keys.get(address, ()) if file.endswith(scanned_file)),
            key=lambda found: len(found[0]),
            default=("", ""),
        )[1]
        return self.of_rule(entry).get(key) if key else None

    def skipped(self, finding: Finding, check: str) -> str | None:
        """Why the author of a template skips a check on the finding's resource; ``None`` where it is not skipped."""
        file, logical = finding.resource.scope, finding.resource.address
        with self._lock:
            if file not in self._skips:
                self._skips[file] = checkov_suppressions.of_template(file)
            return self._skips[file].get(logical, {}).get(check)

    @cached_property
    def _plan_keys(self) -> dict[str, list[tuple[str, str]]]:
        """File and resource key by address, for the resources of plans."""
        found: dict[str, list[tuple[str, str]]] = {}
        for resource in self.inventory.resources():
            found.setdefault(resource.address, []).append((resource.scope, resource.key))
        return found

    @cached_property
    def _keys(self) -> dict[int, str]:
        """Resource keys by identity of the configuration that Checkov hands to a check: the vertex holds the same."""
        return {
            id(configuration): key
            for key, vertex in self.vertices.items()
            for named in vertex["config_"].values()
            if isinstance(named, dict)
            for configuration in named.values()
        }


# By identity: a rustworkx graph can be neither hashed by content nor weakly referenced. Holding the graph keeps its
# identity from being given to another.
_scans: dict[int, tuple[Any, _Scan]] = {}
_scans_lock = threading.Lock()


def _scan(graph: Any, read: Callable[[Any], tuple[Inventory, dict[str, dict[str, Any]]]]) -> _Scan:
    with _scans_lock:
        if id(graph) not in _scans:
            _scans[id(graph)] = (graph, _Scan(graph, read))
        return _scans[id(graph)][1]


def _read_terraform(graph: Any) -> tuple[Inventory, dict[str, dict[str, Any]]]:
    vertices = {
        terraform_graph.key_of(vertex): vertex for _, vertex in graph.nodes() if vertex["block_type_"] == "resource"
    }
    plans = sorted({str(v["file_path_"]) for v in vertices.values() if str(v["file_path_"]).endswith(".json")})
    if plans:
        return terraform_plan.joined(_read_plans(plans, vertices.values())), vertices
    return terraform.read(graph), vertices


def _read_plans(files: Iterable[str], vertices: Iterable[Mapping[str, Any]]) -> Iterator[Inventory]:
    """The plans of one run; what Checkov knows of them is the lines."""
    lines: dict[str, dict[str, tuple[int, int]]] = {}
    for vertex in vertices:
        first, last = vertex.get("start_line"), vertex.get("end_line")
        if isinstance(first, int) and isinstance(last, int):
            lines.setdefault(str(vertex["file_path_"]), {})[str(vertex["__address__"])] = (max(first, 1), max(last, 1))
    for file in files:
        try:
            yield terraform_plan.read(plan.load(file), lines.get(file, {}))
        except plan.UnreadablePlan as fault:
            say_unread([file], str(fault))


def _read_cloudformation(graph: Any) -> tuple[Inventory, dict[str, dict[str, Any]]]:
    vertices = {
        cloudformation_graph.key_of(vertex): vertex
        for _, vertex in graph.nodes()
        if vertex["block_type_"] == "resource"
    }
    return cloudformation.read(cloudformation_graph.templates(graph)), vertices


def say_unread(files: Collection[str], why: str) -> None:
    with contextlib.suppress(OSError):
        for file in sorted(files):
            trace.event("unread", host="checkov", what=f"{file}: {why}")


def severity(entry: Entry) -> Any:
    return Severities[_SEVERITIES.get(entry.severity, entry.severity.upper())]


def details(finding: Finding) -> list[str]:
    """What Checkov prints below a record, line by line."""
    if _details_break_sarif():
        return []
    remedy = finding.remediation
    lines = [finding.message, remedy.text, *remedy.terraform.splitlines()]
    return [printable(line) for line in lines if line]


@cache
def _details_break_sarif() -> bool:
    """Whether SARIF is wanted and Checkov writes it itself: it makes of details what the standard does not allow."""
    wanted = getattr(integration_feature_registry.config, "output", None) or ()
    return "sarif" in wanted and not getattr(Sarif, "takes_details", False)


def breakdown(doing: str, fault: Exception) -> Finding:
    """The finding of status ERROR for a fault of Rolecall itself."""
    place, nowhere = os.getcwd(), Unknown("Rolecall broke")
    return Finding(
        rule="RC000",
        status=Status.ERROR,
        severity="high",
        title="Rolecall broke",
        resource=Resource("checkov", "graph", place, nowhere, nowhere, nowhere, nowhere, Location(place, 1, 1)),
        function="",
        message=f"Rolecall broke while {doing} in {place}: {fault!r}.",
        evidence=(),
        remediation=Remediation(text="Please report this; the other tools' results are not affected."),
    )
