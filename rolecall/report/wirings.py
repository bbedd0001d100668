"""What is wired to functions, as the trace tells it (the event ``wiring``), on the report's resources.

It is input as any other: what has not this shape is dropped, and nothing in it is more than text.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Iterator
from typing import Any, Literal, Optional, Union

import msgspec

from rolecall.arn import unqualified
from rolecall.findings import Status
from rolecall.report.readers.trace import TraceResource, shown
from rolecall.report.result import LIVE
from rolecall.report.shards import key_in_code
from rolecall.report.store import Store
from rolecall.report.text import clean

MOST = 2000
"""Functions of which a report holds the wiring; the broken ones come first."""
MOST_EDGES = 50
_LONGEST = 1000
_Said = Optional[Literal["PASS", "FAIL", "UNKNOWN", "ERROR", "MUTED"]]


class _Edge(msgspec.Struct, omit_defaults=True, gc=False):
    """status: of the edge; ``None`` where no rule says anything of it."""

    status: _Said = None


class RoleEnd(_Edge, omit_defaults=True, gc=False):
    """The execution role."""

    state: Literal["there", "missing", "unknown"] = "unknown"
    name: Optional[str] = None
    arn: Optional[str] = None
    address: Optional[str] = None
    rules: list[str] = []


class InvokerEnd(_Edge, omit_defaults=True, gc=False, kw_only=True):
    """What calls the function. role: that it calls with."""

    what: str
    kind: str = ""
    rule: Optional[str] = None
    message: Optional[str] = None
    role: Optional[str] = None


class SourceEnd(_Edge, omit_defaults=True, gc=False, kw_only=True):
    """What Lambda polls for the function."""

    what: str
    service: Optional[str] = None
    arn: Optional[str] = None
    rules: list[str] = []


class DestinationEnd(_Edge, omit_defaults=True, gc=False, kw_only=True):
    """Where Lambda sends what the function made or failed on."""

    what: str
    purpose: str = ""
    arn: Optional[str] = None
    rules: list[str] = []


class Wiring(msgspec.Struct, omit_defaults=True, gc=False, kw_only=True):
    """A function and its edges, the gravest first. more: there may be more invokers. left_out: edges that are not here.

    resource: the report's ID of the resource that the function is.
    """

    framework: str
    name: str
    place: str = ""
    role: RoleEnd
    invokers: list[InvokerEnd]
    sources: list[SourceEnd]
    destinations: list[DestinationEnd]
    more: bool = False
    left_out: int = 0
    resource: str


class _Line(msgspec.Struct, gc=False):
    """As a line of the trace has it."""

    framework: str
    function: TraceResource
    role: RoleEnd = msgspec.field(default_factory=RoleEnd)
    invokers: list[InvokerEnd] = []
    sources: list[SourceEnd] = []
    destinations: list[DestinationEnd] = []
    more: bool = False
    left_out: Union[int, dict[str, int]] = 0


def resource_id(identity: str) -> str:
    """What a page calls a resource; the same in the next run. identity: of a ``Row``."""
    return hashlib.sha256(identity.encode()).hexdigest()[:12]


def placed(lines: Iterable[object], store: Store) -> list[Wiring]:
    """The wirings of functions that the report has rows on, each once, the broken ones first and at most ``MOST``."""
    read = {(line.framework, _key(line)): line for line in _read(lines)}
    if not read:
        return []
    keys = [key for _, key in read]
    identities = dict(store.query(_IDENTITIES, keys, keys))
    found = [(line, identities[key]) for (_, key), line in read.items() if key in identities]
    found.sort(key=lambda each: not _broken(each[0]))
    return [_wiring(_cleaned(line), resource_id(identity)) for line, identity in found[:MOST]]


# By ARN, or by framework, file and address of something in the code; a key that fits several resources says nothing.
_IDENTITIES = """
SELECT key, any_value(identity) FROM (
  SELECT arn AS key, identity FROM thing WHERE arn IN (SELECT unnest(?::VARCHAR[]))
  UNION ALL
  SELECT c.code_key, t.identity
  FROM resource c JOIN member m ON m.resource = c.id JOIN row r ON r.n = m.n JOIN thing t ON t.id = r.thing
  WHERE m.code AND c.code_key IN (SELECT unnest(?::VARCHAR[]))
) GROUP BY key HAVING count(DISTINCT identity) = 1
"""


def _read(lines: Iterable[object]) -> Iterator[_Line]:
    for line in lines:
        try:
            yield msgspec.convert(line, _Line)
        except (msgspec.ValidationError, RecursionError):
            continue


def _key(line: _Line) -> str:
    function = line.function
    if line.framework == LIVE:
        return clean(unqualified(function.arn or function.address))
    return key_in_code(clean(line.framework), clean(shown(function.file or "")), clean(function.address))


def _broken(line: _Line) -> bool:
    edges = (line.role, *line.invokers, *line.sources, *line.destinations)
    return any(edge.status == Status.FAIL for edge in edges)


def _cleaned(line: _Line) -> _Line:
    return msgspec.convert(_clean(msgspec.to_builtins(line)), _Line)


def _clean(value: Any) -> Any:
    if isinstance(value, str):
        return clean(value[:_LONGEST])
    if isinstance(value, dict):
        return {key: _clean(item) for key, item in value.items()}
    return [_clean(item) for item in value] if isinstance(value, (list, tuple)) else value


def _wiring(line: _Line, resource: str) -> Wiring:
    function = line.function
    lists = (line.invokers, line.sources, line.destinations)
    said = line.left_out.values() if isinstance(line.left_out, dict) else (line.left_out,)
    cut = sum(max(0, len(edges) - MOST_EDGES) for edges in lists)
    first = function.lines[0] if function.lines else 0
    return Wiring(
        framework=line.framework,
        name=function.name or function.address,
        place=f"{shown(function.file)}:{first}" if function.file else "",
        role=line.role,
        invokers=line.invokers[:MOST_EDGES],
        sources=line.sources[:MOST_EDGES],
        destinations=line.destinations[:MOST_EDGES],
        more=line.more,
        left_out=max(0, sum(said)) + cut,
        resource=resource,
    )
