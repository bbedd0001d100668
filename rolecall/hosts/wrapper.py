"""Runs a host with the pack and says what the host itself would pass over in silence.

Checkov swallows exceptions of checks and files that it cannot parse, Prowler denied calls: both exit 0. The pack writes
what happened to a trace; here it is read when the host has ended.
"""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import tempfile
from collections import Counter
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import click

from rolecall import trace
from rolecall.findings import Finding, Status
from rolecall.printable import printable

INCOMPLETE = 2
_SHOWN = 10


class HostError(Exception):
    """The host cannot be run at all: one line that says why and what to do."""


@dataclass
class Outcome:
    """What the trace of one run says."""

    loaded: bool = False
    findings: list[Finding] = field(default_factory=list)
    unread: list[str] = field(default_factory=list)
    problem: str = ""

    @property
    def errors(self) -> list[str]:
        return [finding.message for finding in self.findings if finding.status is Status.ERROR]

    def summary(self, colours: bool = False) -> str:
        """One line: rules, resources, and how many findings of each status; each rule and resource counts once.

        colours: what needs a look stands out, for a terminal.
        """
        last: dict[tuple[str, _Place], Status] = {}
        for finding in self.findings:
            place = (finding.rule, _place(finding))
            if last.get(place) is not Status.MUTED:  # by a baseline or a comment, which Checkov applies at the end
                last[place] = finding.status
        counts = Counter(last.values())
        told = {place for (rule, place) in last if rule != _BREAKDOWN}
        rules = {rule for rule, _ in last} - {_BREAKDOWN}
        shown = [
            _coloured(f"{counts[status]} {status.value}", _COLOURS.get(status) if colours and counts[status] else None)
            for status in Status
            if counts[status] or status is not Status.MUTED
        ]
        return f"rolecall: {_count(rules, 'rule')} on {_count(told, 'resource')}: {', '.join(shown)}"


_BREAKDOWN = "RC000"
_COLOURS = {Status.FAIL: "red", Status.ERROR: "red", Status.UNKNOWN: "yellow"}
_Place = tuple[str, str, str]


def _place(finding: Finding) -> _Place:
    """What a finding is on; of a file that was scanned twice (``-d . -d stage``) it is the same."""
    resource = finding.resource
    file = f"{os.path.abspath(resource.location.file)}:{resource.location.first_line}" if resource.location else ""
    return resource.framework, resource.address, file


def _coloured(text: str, colour: str | None) -> str:
    return click.style(text, fg=colour) if colour else text


def interpreter_of(command: str) -> str:
    """The Python that runs a host: this one when the host is installed here, else that of the command on PATH.

    Raises ``HostError`` when there is no such host.
    """
    if find_spec(command) is not None:
        return sys.executable
    script = shutil.which(command)
    if script is None:
        raise HostError(f"{command} is not installed: pip install 'rolecall[{command}]', or put {command} on PATH")
    with open(script, "rb") as file:
        first = file.readline(4096).decode("utf-8", "replace").strip()
    words = first.removeprefix("#!").split()
    if words[:1] == ["/usr/bin/env"]:
        words = words[1:]
    interpreter = shutil.which(words[0]) if first.startswith("#!") and words else None
    if interpreter is None or "python" not in Path(interpreter).name:
        raise HostError(
            f"{script} is not a Python script: install {command} beside rolecall, or use it without the wrapper"
        )
    return interpreter


def run_host(command: Sequence[str], environment: Mapping[str, str] | None = None) -> tuple[int, Outcome]:
    """Run a host to its end with a trace, its output going where ours goes.

    Returns the host's exit code (negative: killed by that signal) and what the trace says. When the user has set
    ROLECALL_TRACE the trace is appended to that file and stays.
    """
    given = os.environ.get(trace.VARIABLE)
    with tempfile.TemporaryDirectory(prefix="rolecall-") as folder:
        path = Path(given) if given else Path(folder, "trace.jsonl")
        before = path.stat().st_size if path.exists() else 0
        settings = {**os.environ, **(environment or {}), trace.VARIABLE: str(path.absolute())}
        code = subprocess.run([*command], env=settings, check=False).returncode
        return code, _outcome(path, before)


def conclude(host: str, code: int, outcome: Outcome, *, expected: bool) -> int:
    """Print the run's last lines on standard error, which no format goes to, and give the exit code.

    expected: whether this run should have loaded the pack. Returns the host's own code, or 2 when something was not
    looked at: the pack did not load, a rule broke, data could not be read, the host died.
    """
    faults = []
    if code < 0 or (expected and not outcome.loaded and code not in (0, 1)):
        faults.append(f"{host} ended with exit code {code} before the pack could finish")
    elif expected and not outcome.loaded:
        faults.append(f"the pack was not loaded by {host}: see its messages above")
    elif expected and code == INCOMPLETE:
        faults.append(f"{host} broke off with exit code {code}: see its messages above")
    faults += outcome.errors
    faults += [f"not read: {what}" for what in dict.fromkeys(outcome.unread)]
    faults += [outcome.problem] if outcome.problem else []
    for fault in faults[:_SHOWN]:
        print(f"rolecall: {printable(fault)}", file=sys.stderr)
    if len(faults) > _SHOWN:
        print(f"rolecall: and {len(faults) - _SHOWN} more", file=sys.stderr)
    if outcome.loaded:
        print(outcome.summary(sys.stderr.isatty() and not os.environ.get("NO_COLOR")), file=sys.stderr)
    return INCOMPLETE if faults else code


def _count(things: Collection[object], name: str) -> str:
    return f"{len(things)} {name}" + ("" if len(things) == 1 else "s")


def _outcome(path: Path, before: int) -> Outcome:
    outcome = Outcome()
    try:
        for _, line in trace.read(path, before):
            _take(outcome, line)
    except FileNotFoundError:
        pass
    except (OSError, ValueError) as fault:
        outcome.problem = f"the trace cannot be read: {fault}"
    return outcome


def _take(outcome: Outcome, line: Finding | dict[str, Any]) -> None:
    if isinstance(line, Finding):
        outcome.findings.append(line)
    elif line["event"] == "loaded":
        outcome.loaded = True
    elif line["event"] == "unread":
        what = str(line.get("what"))
        inside = os.path.isabs(what) and what.startswith(os.getcwd() + os.sep)
        outcome.unread.append(os.path.relpath(what) if inside else what.removeprefix("./"))
