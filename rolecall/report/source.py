"""Input files as streams of UTF-8, whatever they are: a path, a pattern, standard input; compressed, UTF-16."""

from __future__ import annotations

import codecs
import glob
import gzip
import io
import json
import sys
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import BinaryIO, NamedTuple, cast

STDIN = "-"
_GZIP = b"\x1f\x8b"
_CHUNK = 1 << 20


def expand(given: Iterable[str]) -> Iterator[str]:
    """Paths, each once, patterns replaced by what they match (``**``: any folders). Raises nothing.

    A name that is a file's own counts as that; a pattern that matches nothing stays as it is.
    """
    seen = set()
    for name in given:
        matched = [name]
        if glob.has_magic(name) and not _exists(name):
            matched = sorted(path for path in glob.iglob(name, recursive=True) if not Path(path).is_dir()) or [name]
        for path in matched:
            if path not in seen:
                seen.add(path)
                yield path


def _exists(name: str) -> bool:
    try:
        return Path(name).exists()
    except (OSError, ValueError):  # ValueError: a null character
        return False


class Opened(NamedTuple):
    """stream: UTF-8 without a byte order mark. start: where that begins in the file; ``None``: it is not so there."""

    stream: BinaryIO
    start: int | None


@contextmanager
def opened(path: str) -> Iterator[Opened]:
    """Open an input.

    Raises ``OSError`` where it cannot be read, and ``ValueError`` (``UnicodeError``, ``EOFError`` of a compressed file
    that is cut off among others) where it is not what it seems; reading the stream does too.
    """
    with open(sys.stdin.fileno() if path == STDIN else path, "rb", closefd=path != STDIN) as file:
        stream: BinaryIO = file
        packed = file.peek(2)[:2] == _GZIP
        if packed:
            stream = io.BufferedReader(cast(io.RawIOBase, gzip.GzipFile(fileobj=file)), _CHUNK)
        encoding = json.detect_encoding(cast(io.BufferedReader, stream).peek(4)[:4])
        mark = len(codecs.BOM_UTF8) if encoding == "utf-8-sig" else 0
        stream.read(mark)
        if encoding.startswith("utf-8"):
            yield Opened(stream, None if packed or not file.seekable() else mark)
        else:
            yield Opened(io.BufferedReader(_Recoded(stream, encoding), _CHUNK), None)


class _Recoded(io.RawIOBase):
    """A stream in another encoding, as UTF-8."""

    def __init__(self, stream: BinaryIO, encoding: str) -> None:
        self._stream = stream
        self._decoder = codecs.getincrementaldecoder(encoding)()
        self._ready = b""

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: memoryview) -> int:  # type: ignore[override]
        while not self._ready:
            chunk = self._stream.read(_CHUNK)
            self._ready = self._decoder.decode(chunk, final=not chunk).encode("utf-8", "surrogatepass")
            if not chunk:
                break
        count = min(len(buffer), len(self._ready))
        buffer[:count], self._ready = self._ready[:count], self._ready[count:]
        return count
