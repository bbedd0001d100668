"""A report from beginning to end: inputs read, correlated, compared, counted, written."""

from __future__ import annotations

import glob
import tempfile
from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack
from dataclasses import dataclass
from datetime import datetime, timezone
from pathlib import Path

from rolecall.overlay import team
from rolecall.report.baseline import compare
from rolecall.report.digest import release as release_shards
from rolecall.report.intake import Reading, take_in
from rolecall.report.readers.base import UNGRADED
from rolecall.report.rows import Row, RowReader
from rolecall.report.store import Store
from rolecall.report.summary import (
    Failing,
    Summary,
    count_of_rules,
    failing_controls,
    fails_at,
    rows_of_rules,
    rules_of,
    summarize,
)
from rolecall.report.text import clean
from rolecall.report.wirings import placed
from rolecall.report.workers import Workers
from rolecall.report.write import release as release_rows
from rolecall.report.write import write

_NAMED = 5


@dataclass(frozen=True)
class Made:
    """A report that has been written. listed, controls: what a terminal shows; left_out: rows of Rolecall's rules
    that it does not. failing: see ``Wanted``."""

    summary: Summary
    listed: list[Row]
    controls: list[Failing]
    files: list[Path]
    failing: bool
    warnings: list[str]
    left_out: int


@dataclass(frozen=True)
class Wanted:
    """What to make of the inputs.

    fail_on, baseline: whether anything fails with this severity or a graver one, of what an earlier ``report.json``
    does not have. list_most: how many rows of Rolecall's rules are listed, and how many other controls with their
    numbers. list_passing: every row is listed, also those that pass.
    """

    formats: Sequence[str]
    fail_on: str = ""
    baseline: str = ""
    list_most: int = 500
    list_passing: bool = False


def make(
    inputs: Sequence[str],
    folder: Path,
    wanted: Wanted,
    progress: Callable[[str, int], None] = lambda *_: None,
    created: datetime | None = None,
) -> Made:
    """Make a report of inputs (paths, patterns, ``-``) in a folder, which is made when it is not there.

    Raises ``OSError`` where something cannot be written, ``Failure`` for a baseline that is none, ``RecordError`` for
    an overlay that is not valid.
    """
    overlay = team()
    folder.mkdir(parents=True, exist_ok=True)
    # the database takes paths for patterns
    beside = None if glob.has_magic(str(folder.resolve())) else folder
    with ExitStack() as stack:
        work = Path(stack.enter_context(tempfile.TemporaryDirectory(prefix=".rolecall-", dir=beside)))
        stack.callback(release_shards, work)
        stack.callback(release_rows, work)
        workers = stack.enter_context(Workers())
        reading = take_in(inputs, work, workers, progress)
        with Store(work) as store:
            store.correlate(reading.facts)
            fixed = compare(store, wanted.baseline) if wanted.baseline else []
            summary = summarize(
                store,
                created or datetime.now(timezone.utc),
                overlay,
                reading.inputs,
                [clean(str(problem)) for problem in reading.problems],
                [clean(note) for note in (*_notes(reading), *overlay.expired())],
                dict(reading.counts),
            )
            summary.fixed = fixed
            summary.wirings = placed(reading.wirings, store)
            failing = bool(wanted.fail_on) and fails_at(store, wanted.fail_on, bool(wanted.baseline))
            rules = rules_of(store)
        files = write(wanted.formats, folder, work, summary, rules, workers, progress)
        with Store(work, read_only=True) as store:
            reader = RowReader(work, store)
            if wanted.list_passing:
                listed, controls, left_out = list(reader.read(0, summary.counts.rows)), [], 0
            else:
                listed = list(reader.read_these(rows_of_rules(store, wanted.list_most)))
                controls = failing_controls(store, wanted.list_most)
                left_out = count_of_rules(store) - len(listed)
            reader.close()
    return Made(summary, listed, controls, files, failing, reading.warnings, left_out)


def _notes(reading: Reading) -> Iterator[str]:
    if reading.undrawn:
        yield f"What is wired to {reading.undrawn:,} more functions is not drawn."
    if reading.ungraded:
        named = sorted(reading.ungraded)
        more = f" and {len(named) - _NAMED} more" if len(named) > _NAMED else ""
        yield (
            f"No severity is known of {', '.join(named[:_NAMED])}{more}: taken for {UNGRADED}; "
            "`severity` in the scanner's own check sets one."
        )
