"""Rows to the report's files, each written whole or not at all; several processes format them."""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Mapping, Sequence
from concurrent.futures import Future
from contextlib import ExitStack
from pathlib import Path
from typing import Any, NamedTuple

import msgspec

from rolecall.report.outputs.asff import Asff
from rolecall.report.outputs.base import Output
from rolecall.report.outputs.csv_ import Csv
from rolecall.report.outputs.html import Html
from rolecall.report.outputs.json_ import Json
from rolecall.report.outputs.junit import Junit
from rolecall.report.outputs.markdown import Markdown
from rolecall.report.outputs.ocsf import Ocsf
from rolecall.report.outputs.parquet import Parquet
from rolecall.report.outputs.sarif import Sarif
from rolecall.report.rows import RowReader, Rule
from rolecall.report.store import Store
from rolecall.report.summary import Summary
from rolecall.report.workers import Workers, turns
from rolecall.whole_file import whole_file

OUTPUTS: Mapping[str, Output] = {
    "html": Html(),
    "json": Json(),
    "sarif": Sarif(),
    "ocsf": Ocsf(),
    "csv": Csv(),
    "junit": Junit(),
    "asff": Asff(),
    "markdown": Markdown(),
    "parquet": Parquet(),
}
_ROWS_AT_ONCE = 2000
ROW_WEIGHT = 2000


def write(
    formats: Sequence[str],
    folder: Path,
    work: Path,
    summary: Summary,
    rules: Sequence[Rule],
    workers: Workers,
    progress: Callable[[str, int], None] = lambda *_: None,
) -> list[Path]:
    """Write rows in some formats into a folder; returns the files. work: where the store is, closed.

    Raises ``OSError`` when a file cannot be written.
    """
    outputs = [OUTPUTS[name] for name in formats]
    paths = [(work if output.staged else folder) / output.file for output in outputs]
    total = summary.counts.rows
    workers.expect(total * ROW_WEIGHT * len(outputs))
    with ExitStack() as stack:
        files = [stack.enter_context(whole_file(path)) for path in paths]
        heads = [file.write(output.head(summary, rules)) for output, file in zip(outputs, files, strict=True)]
        writers = [output.writer(file) for output, file in zip(outputs, files, strict=True)]
        for file in files:
            file.flush()
        workers.turns.begin(heads)
        light = msgspec.structs.replace(summary, wirings=[])  # only heads have them, and every part gets this
        shared = _Shared(tuple(formats), tuple(heads), tuple(file.name for file in files), work, light)
        waiting: deque[Future[list[Any]]] = deque()
        for turn, first in enumerate(range(0, total, _ROWS_AT_ONCE)):
            last = min(first + _ROWS_AT_ONCE, total)
            weight = (last - first) * ROW_WEIGHT * len(outputs)
            waiting.append(workers.submit(weight, _write_part, shared, turn, first, last))
            while len(waiting) > workers.window or (last == total and waiting):
                for writer, part in zip(writers, waiting.popleft().result(), strict=True):
                    if writer:
                        writer.add(part)
                progress("writing", last)
        for output, writer, file, end in zip(outputs, writers, files, workers.turns.ends(len(files)), strict=True):
            if writer:
                writer.end()
            else:
                file.seek(end)
            file.write(output.tail(summary))
    return [
        output.publish(path, folder) if output.staged else path for output, path in zip(outputs, paths, strict=True)
    ]


class _Shared(NamedTuple):
    """What every part is made of. heads: how long the beginnings of the files are, which are there already."""

    formats: tuple[str, ...]
    heads: tuple[int, ...]
    files: tuple[str, ...]
    work: Path
    summary: Summary


def _write_part(shared: _Shared, turn: int, first: int, last: int) -> list[Any]:
    """Format some rows and write them to the files; returns what only the one process can write, by format."""
    try:
        rows = list(_reader(shared.work).read(first, last))
        parts = [OUTPUTS[name].format(rows, shared.summary) for name in shared.formats]
        direct = [part if isinstance(part, bytes) else b"" for part in parts]
        betweens = [OUTPUTS[name].between for name in shared.formats]

        def size(file: int, place: int) -> int:
            return len(direct[file]) + (len(betweens[file]) if direct[file] and place > shared.heads[file] else 0)

        places = turns().take(turn, size, len(direct))
    except BaseException:
        turns().fail()
        raise
    for part, between, place, head, file in zip(direct, betweens, places, shared.heads, shared.files, strict=True):
        if part:
            _write_at(file, place, between + part if place > head else part)
    return [None if isinstance(part, bytes) else part for part in parts]


def _write_at(file: str, place: int, content: bytes) -> None:
    with open(file, "r+b", buffering=0) as there:
        there.seek(place)
        rest = memoryview(content)
        while rest:
            rest = rest[there.write(rest) :]


_readers: dict[Path, RowReader] = {}


def _reader(work: Path) -> RowReader:
    """The one of this process."""
    if work not in _readers:
        _readers[work] = RowReader(work, Store(work, read_only=True))
    return _readers[work]


def release(work: Path) -> None:
    """Close what this process has open there."""
    reader = _readers.pop(work, None)
    if reader:
        reader.close()
