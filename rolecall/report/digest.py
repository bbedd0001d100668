"""One block of an input to results: which kind of items it holds, and what they say."""

from __future__ import annotations

import json
import os
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cache
from pathlib import Path
from typing import Any, Optional, Union

import msgspec

from rolecall.overlay import Overlay, team
from rolecall.report.pieces import Block
from rolecall.report.readers.base import Read, Said
from rolecall.report.readers.checkov import Record, read_record
from rolecall.report.readers.prowler import Asff, Ocsf, read_asff, read_ocsf, read_row
from rolecall.report.readers.sarif import SarifResult, read_result, scanner_of
from rolecall.report.readers.trace import SCHEMAS, TraceLine, read_line
from rolecall.report.shards import ShardWriter
from rolecall.report.text import clean

FOREIGN = "neither Checkov's JSON or SARIF, nor Prowler's OCSF, CSV or ASFF, nor a trace of Rolecall"
_FAULTS = (ValueError, KeyError, TypeError, AttributeError, IndexError, OverflowError, RecursionError)
_Reader = Callable[[Any, Said, Overlay], Optional[Read]]


@dataclass(frozen=True)
class Span:
    """A block that is still in its file."""

    file: str
    at: int
    size: int
    block: Block

    def load(self) -> Block:
        with open(self.file, "rb", buffering=0) as file:
            return replace(self.block, data=os.pread(file.fileno(), self.size, self.at))


Work = Union[Block, Span, Sequence[Mapping[str, str]]]
"""A block of JSON, or rows of CSV."""


class Digested(msgspec.Struct):
    """What a block gave: how many items it has, and what was said beside their results."""

    items: int
    said: Said


def digest(work: Work, folder: Path) -> Digested:
    """Write the results of a block into this process's shard. Raises ``OSError`` where that cannot be written."""
    if isinstance(work, Span):
        work = work.load()
    said = Said()
    overlay = team()
    reads: list[Read] = []
    count = 0
    for item, read in _items(work, said):
        count += 1
        if item is None:
            continue
        try:
            found = read(item, said, overlay)
        except _FAULTS as fault:
            said.faults.append((count, told(fault)))
            continue
        if found:
            tool = found.result.tool
            said.counts[tool] = said.counts.get(tool, 0) + 1
            reads.append(found)
    if reads:
        _shard(folder).write(reads)
    return Digested(count, said)


_shards: dict[Path, ShardWriter] = {}


def _shard(folder: Path) -> ShardWriter:
    """The one of this process."""
    if folder not in _shards:
        _shards[folder] = ShardWriter(folder)
    return _shards[folder]


def release(folder: Path) -> None:
    """Close what this process has open there."""
    shard = _shards.pop(folder, None)
    if shard:
        shard.close()


def _items(work: Block | Sequence[Mapping[str, str]], said: Said) -> Iterator[tuple[Any, _Reader]]:
    """Each item with what reads it; ``None`` for one that is broken."""
    if not isinstance(work, Block):
        yield from ((row, read_row) for row in work)
        return
    kind, reader = _kind_and_reader(work)
    if kind is not None:
        try:
            items = _decoder(kind, True).decode(b"[" + _with_commas(work) + b"]")
        except _FAULTS:  # some item: they are looked at one by one
            pass
        else:
            yield from ((item, reader) for item in items)
            return
    yield from _one_by_one(work, kind, reader, said)


def _kind_and_reader(block: Block) -> tuple[Any, _Reader]:
    """What the items of a block are: by where they stand, else by the first of them."""
    if block.path[:1] == ("results",):
        framework = str(block.beside.get("check_type", ""))
        return Record, lambda item, said, overlay: read_record(item, framework, said, overlay)
    if block.path[:1] == ("runs",):
        scanner = scanner_of(block.beside)
        return SarifResult, lambda item, said, overlay: read_result(item, scanner, said, overlay)
    kind = _kind(next(_cut(block), b""))
    return kind, _READERS.get(kind, read_line)


def _one_by_one(work: Block, kind: Any, reader: _Reader, said: Said) -> Iterator[tuple[Any, _Reader]]:
    """The items of a block in which some are broken, or of another kind."""
    for number, item in enumerate(_cut(work), start=1):
        of = kind if work.path else _kind(item)
        try:
            if of is None:
                json.loads(item)
                raise ValueError(FOREIGN)
            decoded = _decoded(item, of)
        except _FAULTS as fault:
            said.faults.append((number, told(fault)))
            yield None, reader
        else:
            yield decoded, reader if work.path else _READERS[of]


def _decoded(item: bytes, kind: Any) -> Any:
    """Python's own decoder takes what msgspec does not: half of a surrogate pair."""
    try:
        return _decoder(kind, False).decode(item)
    except msgspec.ValidationError:
        raise
    except msgspec.DecodeError:
        return msgspec.convert(json.loads(item), kind)


def _with_commas(block: Block) -> bytes:
    return b",".join(filter(None, map(bytes.strip, block.data.split(b"\n")))) if block.lines else block.data


def _cut(block: Block) -> Iterator[bytes]:
    """The items of a block, each by itself; of a broken one whatever lies before the next end of an item."""
    if block.lines:
        yield from filter(None, map(bytes.strip, block.data.split(b"\n")))
    elif block.end:
        start, data = 0, block.data
        while start < len(data):
            end = data.find(block.end, start)
            end = len(data) if end < 0 else end + len(block.end)
            item = data[start:end].strip(b" \t\r\n,")
            if item:
                yield item
            start = end
    else:
        try:
            yield from (bytes(raw) for raw in msgspec.json.decode(b"[" + block.data + b"]", type=list[msgspec.Raw]))
        except msgspec.DecodeError:
            yield block.data


class _Sniffed(msgspec.Struct, gc=False):
    schema: Any = None
    metadata: Any = None
    status_code: Any = None
    SchemaVersion: Any = None
    GeneratorId: Any = None


def _kind(item: bytes) -> Any:
    """The kind of an item by the keys that it has."""
    try:
        seen = _decoded(item, _Sniffed)
    except _FAULTS:
        return None
    if isinstance(seen.schema, str) and seen.schema.startswith(SCHEMAS):
        return TraceLine
    if seen.status_code is not None and isinstance(seen.metadata, dict) and "event_code" in seen.metadata:
        return Ocsf
    return Asff if seen.SchemaVersion is not None and seen.GeneratorId is not None else None


_READERS: Mapping[Any, _Reader] = {TraceLine: read_line, Ocsf: read_ocsf, Asff: read_asff}


@cache
def _decoder(kind: Any, many: bool) -> msgspec.json.Decoder[Any]:
    return msgspec.json.Decoder(list[kind] if many else kind)


def told(fault: Exception) -> str:
    """An exception in words."""
    if isinstance(fault, KeyError):
        return f"field {fault} is missing"
    if isinstance(fault, RecursionError):
        return "is nested too deeply"
    if isinstance(fault, msgspec.ValidationError):
        return clean(f"a field has the wrong form: {fault}")
    if isinstance(fault, UnicodeDecodeError):
        return f"not {fault.encoding.upper()} text: byte {fault.object[fault.start]:#04x}"
    if isinstance(fault, (msgspec.DecodeError, json.JSONDecodeError)):
        return clean(f"not complete JSON: {fault}")
    return clean(str(fault)) if isinstance(fault, ValueError) else clean(f"a field has the wrong form: {fault}")
