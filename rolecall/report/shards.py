"""Results on disk while a report is made: each is written once, by the process that read it, and found by its place.

A key of each goes beside it: what the report sorts, joins and counts by.
"""

from __future__ import annotations

import hashlib
import os
from collections.abc import Iterable
from pathlib import Path
from typing import BinaryIO

import msgspec

from rolecall.findings import GRAVEST_FIRST, SEVERITIES
from rolecall.report.readers.base import Read, known
from rolecall.report.result import Identity, Lines, Result, decode, encode
from rolecall.report.text import clean_result

RESULTS, KEYS = "results", "keys"


class Key(Identity, gc=False, omit_defaults=True, kw_only=True):
    """A result as the store knows it: a row of its table ``result``, in which what is empty here is NULL.

    shard, at, size: where the result stands. resource: what it is about, as far as it can tell by itself; code_key: the
    same of the resource in code, where that differs. status_rank, severity_rank: from 1, the gravest. said: of the
    message. bare: the message is but the title. title: of a check that nobody knows. The rest: of ``Result``.
    """

    shard: int
    at: int
    size: int
    check: str
    rule: str
    status_rank: int
    severity_rank: int
    resource: str
    said: str
    framework: str
    code_key: str = ""
    label: str
    live: bool
    bare: bool
    title: str = ""
    type: str = ""
    file: str = ""
    first: int = 0
    last: int = 0


_SQL_TYPES = {int: "BIGINT", bool: "BOOLEAN", str: "VARCHAR"}


def columns(struct: type[msgspec.Struct]) -> dict[str, str]:
    """The fields of a structure as columns of a table."""
    return {field.name: _SQL_TYPES[field.type] for field in msgspec.structs.fields(struct)}


_GRAVITY = {status.value: rank for rank, status in enumerate(GRAVEST_FIRST, start=1)}
_GRADE = {severity: rank for rank, severity in enumerate(SEVERITIES, start=1)}
_encode_key = msgspec.json.Encoder().encode


class ShardWriter:
    """The shard of one process, in a folder of all of them."""

    def __init__(self, folder: Path) -> None:
        self.number = os.getpid()
        self._results = (folder / f"{RESULTS}-{self.number}").open("ab")
        self._keys = (folder / f"{KEYS}-{self.number}").open("ab")
        self._at = self._results.tell()

    def write(self, reads: Iterable[Read]) -> None:
        results, keys = [], []
        for read in reads:
            line = _line(read)
            keys.append(_encode_key(_key(*read, self.number, self._at, len(line))))
            results.append(line)
            self._at += len(line)
        self._results.write(b"".join(results))
        self._results.flush()
        self._keys.write(b"".join(key + b"\n" for key in keys))
        self._keys.flush()

    def close(self) -> None:
        self._results.close()
        self._keys.close()


def _line(read: Read) -> bytes:
    """A result as JSON, cleaned where there may be anything but plain text in it: escaped, or not ASCII."""
    try:
        line = encode(read.result)
        both = (line, encode(read.identity))
        suspect = any(b"\\" in encoded or b"\x7f" in encoded or not encoded.isascii() for encoded in both)
    except UnicodeEncodeError:  # half of a surrogate pair
        suspect = True
    if suspect:
        clean_result(read)
        line = encode(read.result)
    return line


class ShardReader:
    """Results by their place."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._files: dict[int, BinaryIO] = {}

    def read(self, shard: int, at: int, size: int) -> Result:
        file = self._files.get(shard)
        if file is None:
            file = self._files[shard] = (self._folder / f"{RESULTS}-{shard}").open("rb", buffering=0)
        return decode(os.pread(file.fileno(), size, at))

    def close(self) -> None:
        for file in self._files.values():
            file.close()


def code_key(result: Result) -> str:
    """What is the same of a resource in code from run to run."""
    return key_in_code(result.framework, result.lines.file if result.lines else "", result.address)


def key_in_code(framework: str, file: str, address: str) -> str:
    return f"{framework}|{file}|{address}"


def _key(result: Result, identity: Identity, shard: int, at: int, size: int) -> Key:
    lines, own = result.lines or Lines(""), ""
    if result.live:
        resource = identity.arn or "|".join((result.address, result.account, result.region))
    else:
        resource = own = code_key(result)
        if identity.name and identity.address != result.address:
            resource = f"{resource}|{identity.name}"  # what the code says of a function elsewhere, not of itself
    return Key(
        shard=shard,
        at=at,
        size=size,
        live=result.live,
        check=result.check,
        rule=result.rule,
        status_rank=_GRAVITY[result.status],
        severity_rank=_GRADE[result.severity],
        resource=resource,
        said=hashlib.blake2b(result.message.encode(), digest_size=12).hexdigest(),
        bare=result.message == result.title,
        framework=result.framework,
        code_key=own if own != resource else "",
        title="" if known(result.check) else result.title,
        type=result.type,
        label=result.label,
        file=lines.file,
        first=lines.first,
        last=lines.last,
        arn=identity.arn,
        kind=identity.kind,
        name=identity.name,
        account=identity.account,
        region=identity.region,
        address=identity.address,
        stack=identity.stack,
        logical_id=identity.logical_id,
        yor_trace=identity.yor_trace,
    )
