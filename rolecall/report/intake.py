"""Inputs to results on disk: cut into blocks, which as many processes as there are cores decode.

Nothing here raises on bad input: whatever cannot be read is a ``Problem``, and everything else is still read.
"""

from __future__ import annotations

import csv
import io
import json
from collections import Counter, deque
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import Future
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any, BinaryIO

from rolecall.report.digest import FOREIGN, Digested, Span, Work, digest, told
from rolecall.report.pieces import Block, Broken, pieces
from rolecall.report.readers.identity import Fact, facts_of, is_identity
from rolecall.report.readers.trace import shown
from rolecall.report.source import STDIN, expand, opened
from rolecall.report.text import clean
from rolecall.report.workers import Workers

_HEAD = 1 << 16
_LARGEST_DOCUMENT = 1 << 29
MOST_WIRINGS = 20_000
"""Functions whose wiring is kept to be drawn; a page draws fewer."""
_ROWS_AT_ONCE = 5000
_ROW_WEIGHT = 500
_CSV_COLUMNS = ("CHECK_ID", "STATUS", "RESOURCE_UID")
_CSV_WANTED = frozenset(
    ("CHECK_ID", "CHECK_TITLE", "STATUS", "STATUS_EXTENDED", "SEVERITY", "MUTED", "RESOURCE_UID", "RESOURCE_NAME",
     "RESOURCE_TYPE", "RESOURCE_TAGS", "ACCOUNT_UID", "REGION", "TIMESTAMP")
)  # fmt: skip


@dataclass(frozen=True)
class Problem:
    """Something that could not be read. ``str``: one line that names the file and the place in it."""

    source: str
    message: str

    def __str__(self) -> str:
        return f"{self.source}: {self.message}"


@dataclass
class Reading:
    """What the inputs gave beside results.

    problems: what could not be read. warnings: what a reader should know though nothing is wrong with the input.
    counts: results by tool. facts: which resource in code is which in an account. wirings: what is wired to functions;
    undrawn: of how many more that was told.
    ungraded: failing checks that nobody gives a severity. inputs: names of the files.
    """

    problems: list[Problem] = field(default_factory=list)
    warnings: list[str] = field(default_factory=list)
    counts: Counter[str] = field(default_factory=Counter)
    facts: list[Fact] = field(default_factory=list)
    wirings: list[object] = field(default_factory=list)
    undrawn: int = 0
    ungraded: set[str] = field(default_factory=set)
    inputs: list[str] = field(default_factory=list)


def take_in(
    inputs: Iterable[str], folder: Path, workers: Workers, progress: Callable[[str, int], None] = lambda *_: None
) -> Reading:
    """Read inputs: paths, patterns, ``-``; their results go into shards in the folder.

    progress: told, now and then, the name of the file and how many results there are by now. Raises ``OSError`` where
    the folder cannot be written to.
    """
    reading = Reading()
    for path in expand(inputs):
        name = "standard input" if path == STDIN else clean(path)
        reading.inputs.append(name)
        file = _File(path, name, folder, workers)
        file.read(reading, progress)
        reading.problems += file.problems()
        reading.warnings += file.warnings()
        reading.counts.update(file.counts)
    return reading


class _File:
    """One input and what was found in it."""

    def __init__(self, path: str, name: str, folder: Path, workers: Workers) -> None:
        self._path, self.name, self._folder, self._workers = path, name, folder, workers
        self.counts: Counter[str] = Counter()
        self.faults: list[str] = []  # what is wrong with the file
        self.unread: list[str] = []  # what the tool that wrote it could not read
        self._items = 0

    def problems(self) -> Iterator[Problem]:
        """One for the file, whatever the number of its bad parts, and one for each thing its tool could not read."""
        if self.faults:
            more = f" (and {len(self.faults) - 1} more like it)" if len(self.faults) > 1 else ""
            yield Problem(self.name, clean(self.faults[0]) + more)
        for message in dict.fromkeys(self.unread):
            yield Problem(self.name, clean(message))

    def warnings(self) -> Iterator[str]:
        if self.counts["checkov"] and not self.counts["rolecall"]:
            yield f"{self.name}: no result of Rolecall in it: if this code has Lambda functions, the pack did not load"

    def read(self, reading: Reading, progress: Callable[[str, int], None]) -> None:
        try:
            with opened(self._path) as (stream, start):
                self._read(stream, start, reading, progress)
        except UnicodeDecodeError as fault:
            self.faults.append(f"not {fault.encoding} text: byte {fault.object[fault.start]:#04x}")
        except EOFError:
            self.faults.append("is cut off: the compressed data has no end")
        except (OSError, ValueError) as fault:  # ValueError: a null character in the path
            reason = fault.strerror if isinstance(fault, OSError) else None
            self.faults.append(f"cannot be read: {reason or fault}")

    def _read(
        self, stream: BinaryIO, start: int | None, reading: Reading, progress: Callable[[str, int], None]
    ) -> None:
        head = stream.read(_HEAD)
        if not head.strip():
            self.faults.append("is empty: the tool that wrote it had nothing to say, or broke")
            return
        whole = io.BufferedReader(_Again(head, stream), _HEAD)
        if is_identity(head):
            self._read_identity(whole, reading)
            return
        table = head.partition(b"\n")[0].decode("utf-8", "replace").split(";")
        work = self._rows(whole) if set(_CSV_COLUMNS) <= set(table) else self._blocks(whole, start)
        waiting: deque[Future[Digested]] = deque()
        for block in work:
            weight = _weight(block)
            waiting.append(self._workers.submit(weight, digest, block, self._folder))
            while len(waiting) > self._workers.window:
                self._take(waiting.popleft().result(), reading)
                progress(self.name, self._items)
        while waiting:
            self._take(waiting.popleft().result(), reading)

    def _take(self, digested: Digested, reading: Reading) -> None:
        said = digested.said
        self.faults += [f"item {self._items + number}: {message}" for number, message in said.faults]
        self._items += digested.items
        self.unread += said.unread
        self.counts.update(said.counts)
        reading.ungraded |= said.ungraded
        room = MOST_WIRINGS - len(reading.wirings)
        reading.wirings += said.wirings[:room]
        reading.undrawn += len(said.wirings[room:])

    def _read_identity(self, stream: BinaryIO, reading: Reading) -> None:
        document = stream.read(_LARGEST_DOCUMENT)
        try:
            reading.facts += facts_of(document)
        except (ValueError, RecursionError) as fault:
            self.faults.append(told(fault))

    def _blocks(self, stream: BinaryIO, start: int | None) -> Iterator[Work]:
        try:
            for piece in pieces(stream):
                if isinstance(piece, Block):
                    there = start is not None and piece.at >= 0
                    yield self._span(piece, start or 0) if there else piece
                else:
                    yield from self._rest(piece.values)
        except Broken as fault:
            self.faults.append(str(fault))

    def _span(self, block: Block, start: int) -> Span:
        """What stands so in the file, a process may read there by itself."""
        return Span(self._path, start + block.at, len(block.data), replace(block, data=b""))

    def _rest(self, values: dict[str, Any] | Any) -> Iterator[Work]:
        """What a document holds beside items: it may be an item itself."""
        errors = [shown(str(file)) for file in values.get("parsing_errors") or ()]
        if errors:
            more = f" and {len(errors) - 5} more" if len(errors) > 5 else ""
            self.unread.append(f"Checkov could not parse {', '.join(errors[:5])}{more}")
        known = {"check_type", "checkov_version", "runs", "tool", "passed_checks", "failed_checks", "$schema"}
        if "schema" in values or "metadata" in values or "GeneratorId" in values:
            yield Block(json.dumps(values).encode(), -1, b"", (), {})
        elif values and not known & values.keys():
            self.faults.append(FOREIGN)

    def _rows(self, stream: BinaryIO) -> Iterator[Work]:
        text = io.TextIOWrapper(stream, encoding="utf-8", newline="")
        rows = csv.reader(text, delimiter=";")
        ready: list[dict[str, str]] = []
        try:
            header = next(rows)
            wanted = [(index, name) for index, name in enumerate(header) if name in _CSV_WANTED]
            for row in rows:
                if len(row) != len(header):
                    self.faults.append(f"line {rows.line_num}: {len(row)} fields, expected {len(header)}")
                    continue
                ready.append({name: row[index] for index, name in wanted})
                if len(ready) == _ROWS_AT_ONCE:
                    yield ready
                    ready = []
        except (csv.Error, UnicodeDecodeError) as fault:
            self.faults.append(f"line {rows.line_num}: {told(fault) if isinstance(fault, ValueError) else fault}")
        if ready:
            yield ready


class _Again(io.RawIOBase):
    """A stream whose beginning has been read already."""

    def __init__(self, head: bytes, stream: BinaryIO) -> None:
        self._head, self._stream = head, stream

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: memoryview) -> int:  # type: ignore[override]
        if not self._head:
            return self._stream.readinto(buffer)  # type: ignore[attr-defined, no-any-return]
        count = min(len(buffer), len(self._head))
        buffer[:count], self._head = self._head[:count], self._head[count:]
        return count


def _weight(work: Work) -> int:
    if isinstance(work, Span):
        return work.size
    return len(work.data) if isinstance(work, Block) else len(work) * _ROW_WEIGHT
