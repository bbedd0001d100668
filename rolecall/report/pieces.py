"""A JSON document of any size, piece by piece: the large arrays in it as blocks of whole items, the rest as values.

Checkov, Prowler and the formats of the report put their findings into one array. Its items are not decoded here, but
cut out some megabytes at a time, so that other processes can. Where items stand on lines of their own, as the tools
write them, that costs a search for the last end of an item; else (one line with everything) each is decoded to find
its end. ``ijson`` takes 38 us for an item of 7 KB, this and msgspec's typed decoding 5.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any, BinaryIO

BLOCK = 4 << 20
LARGEST = 64 << 20
"""Bytes of one item, or of one value beside the items, that are still read."""
_SPACE = re.compile(rb"[ \t\r\n]*")
_FIRST_LINE = re.compile(rb"\{[ \t]*\r?\n([ \t]+)")
_DECODER = json.JSONDecoder()
Path = tuple[str, ...]
_ARRAYS: frozenset[Path] = frozenset(
    {
        (),
        ("results", "passed_checks"),
        ("results", "failed_checks"),
        ("results", "skipped_checks"),
        ("results", "unknown_checks"),
        ("runs", "*", "results"),
        ("rows",),
    }
)
_OBJECTS: frozenset[Path] = frozenset({(), ("results",), ("runs", "*")})
_LISTS: frozenset[Path] = frozenset({("runs",)})


class Broken(ValueError):
    """The document is no JSON from here on."""


@dataclass(frozen=True)
class Block:
    """Whole items of one array, or lines of JSON Lines.

    data: the items with what is between them, commas or line breaks. at: where in the stream that begins; negative: it
    does not stand there so. end: what an item ends with, ``b""`` where that is not known. path: the array's place in
    the document. beside: values of the document that came before it.
    """

    data: bytes
    at: int
    end: bytes
    path: Path
    beside: Mapping[str, Any]

    @property
    def lines(self) -> bool:
        return self.end == b"\n"


@dataclass(frozen=True)
class Rest:
    """What a document holds beside its large arrays, by the last of its keys."""

    values: Mapping[str, Any]


def pieces(stream: BinaryIO) -> Iterator[Block | Rest]:
    """Cut up a stream of UTF-8: one JSON document, several, or JSON Lines.

    Yields each document's ``Rest`` after its blocks. Raises ``Broken`` where the text is no JSON, after all that comes
    before; ``OSError``, ``EOFError`` and ``UnicodeError`` as the stream does.
    """
    return _Cutter(stream).documents()


class _Cutter:
    def __init__(self, stream: BinaryIO) -> None:
        self._stream = stream
        self._buffer = b""
        self._position = 0
        self._passed = 0  # bytes of the stream before the buffer
        self._ended = False

    def documents(self) -> Iterator[Block | Rest]:
        if self._line_is_a_document():
            yield from self._lines()
            return
        while self._next():
            yield from self._document()

    def _line_is_a_document(self) -> bool:
        """Whether the first line holds a whole object, and there are more lines: then it is JSON Lines."""
        if self._next() != b"{":
            return False
        while (end := self._buffer.find(b"\n", self._position)) < 0 and self._size() < BLOCK and self._more():
            pass
        return end > 0 and _is_item(self._buffer[self._position : end])

    def _lines(self) -> Iterator[Block]:
        while self._next():
            while (end := self._buffer.rfind(b"\n", self._position)) < 0 or self._size() < BLOCK:
                if self._size() > LARGEST or not self._more():
                    break
            yield self._block(end + 1 if end >= 0 and not self._ended else len(self._buffer), b"\n", (), {})

    def _document(self) -> Iterator[Block | Rest]:
        values: dict[str, Any] = {}
        if self._next() == b"[":
            yield from self._array((), values)
        elif self._next() == b"{":
            yield from self._object((), values)
        else:
            values[""] = self._value()
        yield Rest(values)

    def _object(self, path: Path, values: dict[str, Any]) -> Iterator[Block | Rest]:
        """An object whose keys are looked at one by one."""
        self._expect(b"{")
        while self._next() != b"}":
            key = self._value()
            if not isinstance(key, str):
                raise self._broken("an object's key is no text")
            self._expect(b":")
            opening, inner = self._next(), (*path, key)
            if opening == b"[" and inner in _ARRAYS:
                yield from self._array(inner, values)
            elif opening == b"{" and inner in _OBJECTS:
                yield from self._object(inner, values)
            elif opening == b"[" and inner in _LISTS:
                yield from self._list(inner)
            else:
                values[key] = self._value()
            if self._next() != b"}":
                self._expect(b",")
        self._position += 1

    def _list(self, path: Path) -> Iterator[Block | Rest]:
        """A list of objects that each hold an array."""
        self._expect(b"[")
        while self._next() != b"]":
            values: dict[str, Any] = {}
            if self._next() == b"{":
                yield from self._object((*path, "*"), values)
            else:
                self._value()
            yield Rest(values)
            if self._next() != b"]":
                self._expect(b",")
        self._position += 1

    def _array(self, path: Path, values: dict[str, Any]) -> Iterator[Block | Rest]:
        self._expect(b"[")
        if self._next() == b"{" and not path and self._holds(b'"check_type"'):
            while self._next() == b"{":  # reports of several frameworks
                yield from self._document()
                if self._next() != b"]":
                    self._expect(b",")
        elif self._next() != b"]":
            end = self._end_of_items()
            yield from self._items(end, path, values) if end else self._decoded_items(path, values)
        self._expect(b"]")

    def _holds(self, word: bytes) -> bool:
        return word in self._buffer[self._position : self._position + 200]

    def _end_of_items(self) -> bytes:
        """A line break, the indentation and the brace at the end of the first item.

        Empty where it is not so, or where what is inside of items is not further in: then it may end like an item.
        """
        start = self._passed + self._position
        try:
            item = self._taken_value()
        except Broken:
            item = b""
        self._position = start - self._passed
        end, inside = item[item.rfind(b"\n") :], _FIRST_LINE.match(item)
        further = inside is not None and len(inside[1]) > len(end) - len(b"\n}")
        return end if further and end.startswith(b"\n") and end.strip() == b"}" else b""

    def _items(self, end: bytes, path: Path, values: Mapping[str, Any]) -> Iterator[Block]:
        """Blocks up to the array's end, found by how items end."""
        last = re.compile(re.escape(end) + rb"[ \t\r\n]{0,200}\]")
        while True:
            self._fill(BLOCK)
            found = last.search(self._buffer, self._position)
            if found:
                yield self._block(found.start() + len(end), end, path, values)
                return
            cut = self._buffer.rfind(end, self._position, len(self._buffer) - 256)
            if cut < 0 and (self._ended or self._size() > LARGEST):
                break
            if cut < 0:
                self._fill(self._size() + BLOCK)
                continue
            yield self._block(cut + len(end), end, path, values)
            if self._next() != b",":
                break
            self._position += 1
        yield from self._decoded_items(path, values, end)

    def _decoded_items(self, path: Path, values: Mapping[str, Any], end: bytes = b"") -> Iterator[Block]:
        """Blocks up to the array's end, each item decoded to find where it ends."""
        ready: list[bytes] = []
        size = 0
        try:
            while True:
                self._next()
                item = self._taken_value()
                ready.append(item)
                size += len(item)
                if self._next() == b"]":
                    return
                self._expect(b",")
                if size > BLOCK:
                    yield Block(b",".join(ready), -1, end, path, values)
                    ready, size = [], 0
        finally:
            if ready:
                yield Block(b",".join(ready), -1, end, path, values)

    def _taken_value(self) -> bytes:
        start = self._passed + self._position
        self._value()
        return self._buffer[start - self._passed : self._position]

    def _value(self) -> Any:
        """Decode the value that begins here."""
        self._next()
        wanted = 1 << 16
        while True:
            self._fill(wanted)
            text = self._buffer[self._position : self._position + wanted]
            complete = self._ended and wanted >= self._size()
            decoded, wrong = _decoded(text)
            try:
                value, end = _DECODER.raw_decode(decoded)
            except RecursionError:
                raise self._broken("is nested too deeply") from None
            except ValueError as fault:
                if wrong >= 0 and wrong < len(text) - 3:
                    raise self._broken(f"not UTF-8: byte {text[wrong]:#04x}", wrong) from None
                if complete:
                    raise self._broken(f"not complete JSON: {fault.args[0].partition(':')[0]}") from None
            else:
                if complete or end < len(decoded):
                    self._position += len(decoded[:end].encode("utf-8"))
                    return value
            if wanted > LARGEST:
                raise self._broken(f"a value is larger than {LARGEST >> 20} MiB")
            wanted *= 4

    def _next(self) -> bytes:
        """Pass over white space; the byte that follows, ``b""`` at the end."""
        while True:
            self._position = _SPACE.match(self._buffer, self._position).end()  # type: ignore[union-attr]
            if self._position < len(self._buffer):
                return self._buffer[self._position : self._position + 1]
            if not self._more():
                return b""

    def _expect(self, byte: bytes) -> None:
        if self._next() != byte:
            raise self._broken("not complete JSON" if not self._next() else f"not JSON: no {byte.decode()!r}")
        self._position += 1

    def _broken(self, what: str, further: int = 0) -> Broken:
        return Broken(f"{what} (at byte {self._passed + self._position + further})")

    def _block(self, to: int, end: bytes, path: Path, values: Mapping[str, Any]) -> Block:
        start, self._position = self._position, to
        return Block(self._buffer[start:to], self._passed + start, end, path, values)

    def _size(self) -> int:
        return len(self._buffer) - self._position

    def _fill(self, wanted: int) -> None:
        while self._size() < wanted and self._more():
            pass

    def _more(self) -> bool:
        """Read on, and forget what has been passed over."""
        chunk = b"" if self._ended else self._stream.read(BLOCK)
        self._ended = not chunk
        self._passed += self._position
        self._buffer, self._position = self._buffer[self._position :] + chunk, 0
        return bool(chunk)


def _decoded(text: bytes) -> tuple[str, int]:
    """The text up to the first byte that is not UTF-8 (or that begins a character that is cut off), and where it is."""
    try:
        return text.decode("utf-8"), -1
    except UnicodeDecodeError as fault:
        return text[: fault.start].decode("utf-8"), fault.start


def _is_item(line: bytes) -> bool:
    """Whether a line is a whole object that holds no arrays of items itself."""
    try:
        value = json.loads(line)
    except (ValueError, RecursionError):
        return False
    return isinstance(value, dict) and not any(path[:1] == (key,) for path in _ARRAYS for key in value)
