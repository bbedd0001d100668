"""The rules on Serverless configurations, as Checkov checks.

What Checkov 3.3 does with a ``serverless.yml`` (``checkov/serverless``):

- Its graph holds the sections, without edges, and graph checks never run. Python checks run section by section: those
  of ``resources.Resources`` by CloudFormation's own registry, then those of each function, then the ``complete`` ones
  with the whole file.
- A function check is handed the function's content without its name; its first line says which it is. By then Checkov
  has copied ``iamRoleStatements`` and more of the provider into the content.
- It takes ``${Queue}`` in an ``Fn::Sub`` for a variable and writes ``Queue``, and of a variable it reads one default.
- Functions from another file (``${file(...)}``) have no lines, and functions in a list no name: neither is handed out.

Hence the file itself is read, once, and a finding goes out by the check that is handed its subject; findings on what
is handed out to nobody go out by the ``complete`` check, which runs last.
"""

from __future__ import annotations

import os
import threading
from collections.abc import Mapping, Sequence
from typing import Any

from checkov.cloudformation.checks.resource.base_resource_check import BaseResourceCheck
from checkov.cloudformation.checks.resource.registry import cfn_registry
from checkov.common.models.enums import CheckCategories, CheckResult
from checkov.serverless.checks.complete.base_complete_check import BaseCompleteCheck
from checkov.serverless.checks.complete.registry import complete_registry
from checkov.serverless.checks.function.base_function_check import BaseFunctionCheck
from checkov.serverless.checks.function.registry import function_registry
from checkov.serverless.utils import SLS_FILE_MASK

from rolecall.catalog import Entry
from rolecall.findings import GRAVEST_FIRST, Finding, muted, to_record
from rolecall.hosts.checkov_records import RESULTS, breakdown, record, say_unread, severity
from rolecall.hosts.checkov_suppressions import of_lines
from rolecall.hosts.checkov_wirings import say_wirings
from rolecall.iac import cloudformation, serverless
from rolecall.iac.cloudformation_graph import key
from rolecall.iac.serverless.documents import START, lines_of, load
from rolecall.model import Inventory
from rolecall.rules import run
from rolecall.rules.judges import Told

_ENTITIES = ["serverless_*"]
_NO_ANSWER: Mapping[str, Any] = {"result": CheckResult.UNKNOWN, "evaluated_keys": []}


def register(entry: Entry) -> None:
    """Register one rule for the three places where Checkov hands out parts of a configuration."""
    if function_registry.get_check_by_id(entry.checkov_id) is None:
        FunctionCheck(entry)
    if complete_registry.get_check_by_id(entry.checkov_id) is None:
        CompleteCheck(entry)
    if cfn_registry.get_check_by_id(entry.checkov_id) is None:
        ResourceCheck(entry)


class _File:
    """One configuration: its inventory, each rule's findings by key, and which of them were handed out."""

    def __init__(self, path: str) -> None:
        self.path = path
        self.inventory = Inventory("serverless")
        self._by_line: dict[int, list[str]] = {}
        self._parts: list[tuple[int, int]] = []  # first and last lines of functions and resources
        self._comments: list[tuple[int, str]] = []  # the lines that may skip a check
        self._asked: dict[tuple[str, int], int] = {}
        self._left: dict[str, dict[str, list[Finding]]] = {}
        self._told: Told = {}
        self._lock = threading.RLock()
        try:
            self._read()
        except (OSError, ValueError) as fault:
            say_unread([path], str(fault))
        except Exception as fault:  # an adapter's boundary: the host would swallow it
            record(breakdown(f"reading {path}", fault))
        say_wirings(self.inventory, self._told)

    def _read(self) -> None:
        config = load(self.path)
        if not isinstance(config, Mapping) or "provider" not in config or "Resources" in config:
            return
        self.inventory = cloudformation.read([serverless.template(self.path, config)])
        for reason in serverless.unread(self.path, config):
            say_unread([self.path], reason)
        functions, resources = config.get("functions"), config.get("resources")
        for name, given in functions.items() if isinstance(functions, Mapping) else ():
            if isinstance(given, Mapping) and START in given:
                self._by_line.setdefault(given[START], []).append(name)
        declared = resources.get("Resources") if isinstance(resources, Mapping) else None
        sections = (*functions, declared) if isinstance(functions, list) else (functions, declared)
        with open(self.path, encoding="utf-8", errors="replace") as text:
            lines = list(text)
        self._parts = [_from_key(lines_of(part), lines) for section in sections for part in _parts(section)]
        self._comments = [(number, line) for number, line in enumerate(lines, start=1) if "skip=" in line]

    def left(self, entry: Entry) -> dict[str, list[Finding]]:
        """The rule's findings by resource key that were not handed out yet."""
        with self._lock:
            if entry.id not in self._left:
                found: dict[str, list[Finding]] = {}
                for finding in run(self.inventory, [entry.id], self._told):
                    found.setdefault(finding.resource.key, []).append(finding)
                self._left[entry.id] = found
            return self._left[entry.id]

    def take(self, entry: Entry, name: str) -> list[Finding]:
        """Hand out the findings on a function or on a resource."""
        return self.left(entry).pop(key(self.path, name), [])

    def skipped(self, finding: Finding, check: str) -> str | None:
        """Why the author skips a check: in the finding's own lines, or outside all functions and resources."""
        place = finding.resource.location
        own = [place.first_line, place.last_line] if place else [0, -1]
        around = [line for line in self._comments if not any(first <= line[0] <= last for first, last in self._parts)]
        inside = [line for line in self._comments if own[0] <= line[0] <= own[1]]
        return of_lines([*inside, *around]).get(check)

    def function_at(self, entry: Entry, line: Any) -> str:
        """The function that starts at a line; with several there (YAML's aliases), one after the other."""
        names = self._by_line.get(line, [""]) if isinstance(line, int) else [""]
        turn = self._asked.get((entry.id, line), 0)
        self._asked[entry.id, line] = turn + 1
        return names[turn % len(names)]


def _parts(section: Any) -> list[Mapping[str, Any]]:
    """The functions or resources of a section that stand in the file itself."""
    values = section.values() if isinstance(section, Mapping) else ()
    return [part for part in values if isinstance(part, Mapping) and START in part]


def _from_key(part: tuple[int, int], lines: Sequence[str]) -> tuple[int, int]:
    """A part's lines with the comments between its key and its content."""
    first, last = part
    while first > 1 and lines[min(first, len(lines)) - 1].lstrip().startswith("#"):
        first -= 1
    return first, last


_files: dict[tuple[str, int, int], _File] = {}
_files_lock = threading.Lock()


def _file(path: str) -> _File:
    try:
        status = os.stat(path)
        identity = (os.path.abspath(path), status.st_mtime_ns, status.st_size)
    except OSError:
        identity = (os.path.abspath(path), 0, 0)
    with _files_lock:
        if identity not in _files:
            _files[identity] = _File(path)
        return _files[identity]


class _Check:
    """What the three kinds of checks have in common."""

    entry: Entry

    def _describe(self, entry: Entry) -> None:
        self.entry = entry
        self.severity = severity(entry)

    def run(
        self,
        scanned_file: str,
        entity_configuration: Any,
        entity_name: str,
        entity_type: str,
        skip_info: Mapping[str, Any],
    ) -> dict[str, Any]:
        """The record's result; it carries the whole finding under ``rolecall``, which Checkov's JSON keeps."""
        try:
            if os.path.basename(scanned_file) not in SLS_FILE_MASK:
                return dict(_NO_ANSWER)
            file, skip = _file(scanned_file), str(skip_info.get("suppress_comment", "")) if skip_info else None
            findings = self.findings(file, entity_configuration, entity_name)
            return self._answer([(finding, self.skipped(file, finding, skip)) for finding in findings])
        except Exception as fault:  # an adapter's boundary: Checkov would swallow it
            record(breakdown(f"running {self.entry.checkov_id} on {scanned_file}", fault))
            return dict(_NO_ANSWER)

    def findings(self, file: _File, entity: Any, name: str) -> list[Finding]:
        """The findings on what Checkov hands out here."""
        raise NotImplementedError

    def skipped(self, file: _File, finding: Finding, skip: str | None) -> str | None:
        """Why the author skips this check for a finding. skip: what Checkov says of all that it hands out."""
        return skip

    def _answer(self, given: list[tuple[Finding, str | None]]) -> dict[str, Any]:
        """given: findings, each with the reason why it is skipped."""
        for finding, skip in given:
            record(finding if skip is None else muted(finding, skip))
        findings = [finding for finding, skip in given if skip is None]
        if given and not findings:
            return {"result": CheckResult.SKIPPED, "suppress_comment": given[0][1]}
        gravest = next((status for status in GRAVEST_FIRST if any(f.status is status for f in findings)), None)
        leading = [finding for finding in findings if finding.status is gravest]
        if not leading:
            return dict(_NO_ANSWER)
        told = leading[0]._replace(message=" ".join(dict.fromkeys(f.message for f in leading)))
        result = RESULTS.get(told.status, CheckResult.UNKNOWN)
        return {"result": result, "evaluated_keys": [], "rolecall": to_record(told)}


def _arguments(entry: Entry) -> dict[str, Any]:
    return {
        "name": entry.title,
        "id": entry.checkov_id,
        "categories": [CheckCategories[category] for category in entry.checkov.categories],
        "guideline": entry.guideline,
    }


class FunctionCheck(_Check, BaseFunctionCheck):  # type: ignore[misc]  # Checkov ships no usable types for it
    """One rule on the functions of a configuration, and on what is generated for them."""

    def __init__(self, entry: Entry) -> None:
        super().__init__(supported_entities=_ENTITIES, **_arguments(entry))
        self._describe(entry)

    def findings(self, file: _File, entity: Any, name: str) -> list[Finding]:
        line = entity.get("__startline__") if isinstance(entity, Mapping) else None
        return file.take(self.entry, file.function_at(self.entry, line))

    def scan_function_conf(self, conf: dict[str, Any]) -> CheckResult:
        """Required by the base class; ``run`` answers."""
        return CheckResult.UNKNOWN


class ResourceCheck(_Check, BaseResourceCheck):  # type: ignore[misc]
    """One rule on what is written out under ``resources``."""

    def __init__(self, entry: Entry) -> None:
        super().__init__(supported_resources=entry.checkov.resources["cloudformation"], **_arguments(entry))
        self._describe(entry)

    def findings(self, file: _File, entity: Any, name: str) -> list[Finding]:
        return file.take(self.entry, name)

    def scan_resource_conf(self, conf: dict[str, Any]) -> CheckResult:
        """Required by the base class; ``run`` answers."""
        return CheckResult.UNKNOWN


class CompleteCheck(_Check, BaseCompleteCheck):  # type: ignore[misc]
    """One rule on what Checkov handed out to no other check."""

    def __init__(self, entry: Entry) -> None:
        super().__init__(supported_entities=_ENTITIES, **_arguments(entry))
        self._describe(entry)

    def findings(self, file: _File, entity: Any, name: str) -> list[Finding]:
        left = [finding for findings in file.left(self.entry).values() for finding in findings]
        file.left(self.entry).clear()
        return left

    def skipped(self, file: _File, finding: Finding, skip: str | None) -> str | None:
        """Checkov takes a skip on one function for one of the whole file."""
        return file.skipped(finding, self.entry.checkov_id)

    def scan_complete_conf(self, conf: dict[str, Any]) -> CheckResult:
        """Required by the base class; ``run`` answers."""
        return CheckResult.UNKNOWN
