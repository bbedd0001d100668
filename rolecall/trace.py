"""The trace file: findings and events of a run, one JSON object a line, appended as they come.

Several processes may append to one file (Checkov forks one per framework): each line is one write.
"""

from __future__ import annotations

import json
import os
from collections.abc import Iterable, Iterator, Mapping
from functools import cache
from pathlib import Path
from typing import Any

from rolecall.findings import TRACE_SCHEMA, Finding, from_record, to_record
from rolecall.printable import printable_json

VARIABLE = "ROLECALL_TRACE"


# the tags of resources, where they are known, by ARN
Tags = Mapping[str, Mapping[str, str]]
UNTAGGED: Tags = {}


def append(findings: Iterable[Finding], tags: Tags = UNTAGGED) -> None:
    """Append findings to the file that the environment variable ROLECALL_TRACE names; nothing when it is not set."""
    append_records(records_of(findings, tags))


def append_records(records: Iterable[dict[str, Any]]) -> None:
    """Append lines as they come. Without a file to write to, no record is asked for."""
    target = os.environ.get(VARIABLE)
    if not target:
        return
    descriptor = _opened(target)
    for record in records:
        os.write(descriptor, line_of(record).encode("utf-8") + b"\n")


def event(name: str, **details: Any) -> None:
    """Append an event of the run (``loaded``, ``unread``): a line that is no finding. See ``docs/trace.md``."""
    append_records([event_record(name, **details)])


def records_of(findings: Iterable[Finding], tags: Tags = UNTAGGED) -> Iterator[dict[str, Any]]:
    return (to_record(finding, tags.get(str(finding.resource.arn))) for finding in findings)


def event_record(name: str, **details: Any) -> dict[str, Any]:
    return {"schema": TRACE_SCHEMA, "event": name, **details}


def read(path: Path, offset: int = 0) -> Iterator[tuple[int, Finding | dict[str, Any]]]:
    """Lines of a trace by number: findings, and events as dictionaries. offset: bytes to pass over.

    Raises ``ValueError`` naming the line that is no trace line, ``OSError`` when the file cannot be read.
    """
    with path.open(encoding="utf-8") as lines:
        lines.seek(offset)
        for number, line in enumerate(lines, start=1):
            if not line.strip():
                continue
            try:
                record = json.loads(line)
                if not isinstance(record, dict):
                    raise ValueError("not a JSON object")
                yield number, record if "event" in record else from_record(record)
            except (ValueError, RecursionError) as fault:
                raise ValueError(f"line {number}: {fault}") from None


def line_of(record: dict[str, Any]) -> str:
    """A record as a line, without its end, that no terminal obeys."""
    return printable_json(json.dumps(record, ensure_ascii=False))


@cache
def _opened(target: str) -> int:
    """Open for the life of the process, and of those that it forks."""
    return os.open(target, os.O_WRONLY | os.O_APPEND | os.O_CREAT, 0o600)
