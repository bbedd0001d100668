"""What a graph of Checkov's says: its inventory, read once, and the findings of each rule, made once."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterable, Iterator, Mapping
from functools import cached_property
from typing import Any

from rolecall.catalog import Entry
from rolecall.findings import Finding
from rolecall.hosts import checkov_suppressions
from rolecall.hosts.checkov_records import breakdown, record, say_unread
from rolecall.hosts.checkov_wirings import say_wirings
from rolecall.iac import cloudformation, cloudformation_graph, plan, terraform, terraform_plan, terraform_vertex
from rolecall.model import Inventory
from rolecall.rules import run
from rolecall.rules.judges import Told


class Scan:
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
        self._told: Told = {}
        say_wirings(self.inventory, self._told)

    def of_rule(self, entry: Entry) -> dict[str, Finding]:
        """The rule's findings by resource key."""
        with self._lock:
            if entry.id not in self._findings:
                found = run(self.inventory, [entry.id], self._told)
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
_scans: dict[int, tuple[Any, Scan]] = {}
_scans_lock = threading.Lock()


def scan_of(graph: Any, read: Callable[[Any], tuple[Inventory, dict[str, dict[str, Any]]]]) -> Scan:
    with _scans_lock:
        if id(graph) not in _scans:
            _scans[id(graph)] = (graph, Scan(graph, read))
        return _scans[id(graph)][1]


def read_terraform(graph: Any) -> tuple[Inventory, dict[str, dict[str, Any]]]:
    vertices = {
        terraform_vertex.key_of(vertex): vertex for _, vertex in graph.nodes() if vertex["block_type_"] == "resource"
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


def read_cloudformation(graph: Any) -> tuple[Inventory, dict[str, dict[str, Any]]]:
    vertices = {
        cloudformation_graph.key_of(vertex): vertex
        for _, vertex in graph.nodes()
        if vertex["block_type_"] == "resource"
    }
    return cloudformation.read(cloudformation_graph.templates(graph)), vertices
