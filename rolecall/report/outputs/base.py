"""What every output is."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Any, BinaryIO, ClassVar, Protocol

import msgspec

from rolecall.report.rows import Row, Rule
from rolecall.report.summary import Summary

dumps = msgspec.json.Encoder().encode


class Writer(Protocol):
    """Puts parts together that cannot just follow one another, in the process that writes the file."""

    def add(self, part: Any) -> None:
        """Rows, as ``Output.format`` made them."""

    def end(self) -> None:
        """There are no more."""


class Output:
    """A format: rows are formatted by several processes at once, and put together by one.

    file: its name in the report's folder. between: what stands between two rows. staged: the file is not the output
    yet; it lies elsewhere, and ``publish`` makes the output of it.
    """

    file: ClassVar[str]
    staged: ClassVar[bool] = False
    between: ClassVar[bytes] = b",\n"

    def head(self, summary: Summary, rules: Sequence[Rule]) -> bytes:
        """What stands before the first row. rules: all that rows are of."""
        return b""

    def format(self, rows: Iterable[Row], summary: Summary) -> Any:
        """Some rows: bytes, or what the format's own writer takes."""
        formatted = (self.row(row, summary) for row in rows)
        return self.between.join(row for row in formatted if row is not None)

    def row(self, row: Row, summary: Summary) -> bytes | None:
        """A row; ``None`` where the format leaves it out."""
        raise NotImplementedError

    def tail(self, summary: Summary) -> bytes:
        """What stands after the last row."""
        return b""

    def publish(self, staged: Path, folder: Path) -> Path:
        """Make the output of the file in the report's folder; returns its path."""
        raise NotImplementedError

    def writer(self, file: BinaryIO) -> Writer | None:
        """What puts the parts together; ``None`` where they follow one another."""
        return None


def shortened(text: str, most: int) -> str:
    """A text of no more characters than ``most``; what is cut off ends with an ellipsis."""
    return text if len(text) <= most else f"{text[: most - 1].rstrip()}\N{HORIZONTAL ELLIPSIS}"
