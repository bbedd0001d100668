"""An earlier report to compare with: what is new, what is unchanged, what was fixed or is gone."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import msgspec

from rolecall.failure import Failure
from rolecall.report.outputs.json_ import SCHEMA
from rolecall.report.pieces import Block, Broken, pieces
from rolecall.report.source import opened
from rolecall.report.store import Store
from rolecall.report.summary import Fixed

_FILE = "baseline"
_FIXED_LISTED = 200


class _Old(msgspec.Struct, gc=False):
    rule: str
    status: str
    severity: str
    resource: str
    fingerprints: list[str]


def compare(store: Store, baseline: str) -> list[Fixed]:
    """Mark what fails as ``new`` or ``unchanged``; returns what failed in the baseline and does not now.

    baseline: path of a ``report.json``. Raises ``Failure`` where it cannot be read as one.
    """
    failing = ((number, row) for number, row in enumerate(_rows(baseline)) if row.status == "FAIL")
    store.write(_FILE, (line for number, row in failing for line in _lines(number, row)))
    types = {"old": "BIGINT", **dict.fromkeys(("fingerprint", "rule", "resource", "severity"), "VARCHAR")}
    store.load("old", types, _FILE)
    store.execute(_COMPARE)
    return [Fixed(*facts) for facts in store.query(_GONE, _FIXED_LISTED)]


_COMPARE = """
CREATE TEMP TABLE current AS
SELECT r.n, left(sha256(r.rule || '|' || t.identity), 32) AS fingerprint FROM row r JOIN thing t ON t.id = r.thing
UNION
SELECT m.n, left(sha256(r.rule || '|' || c.code_key), 32)
FROM member m JOIN row r ON r.n = m.n JOIN resource c ON c.id = m.resource WHERE m.code;
CREATE TEMP TABLE matched AS SELECT c.n, o.old FROM current c JOIN old o ON o.fingerprint = c.fingerprint;
UPDATE row SET change = CASE WHEN n IN (SELECT n FROM matched) THEN 'unchanged' ELSE 'new' END WHERE status_rank = 1;
"""
_GONE = """
SELECT any_value(o.rule), any_value(o.resource), any_value(o.severity),
       CASE WHEN min(r.status_rank) IS NULL THEN 'gone' WHEN min(r.status_rank) = 5 THEN 'fixed' ELSE 'not failing' END
FROM old o LEFT JOIN matched m ON m.old = o.old LEFT JOIN row r ON r.n = m.n
GROUP BY o.old HAVING min(r.status_rank) IS DISTINCT FROM 1
ORDER BY list_position(['critical', 'high', 'medium', 'low', 'informational'], any_value(o.severity)), 1, 2 LIMIT ?
"""


def _lines(number: int, row: _Old) -> Iterator[dict[str, Any]]:
    for fingerprint in row.fingerprints:
        yield {"old": number, "fingerprint": fingerprint, "rule": row.rule, "resource": row.resource,
               "severity": row.severity}  # fmt: skip


def _rows(path: str) -> Iterator[_Old]:
    decode = msgspec.json.Decoder(list[_Old]).decode
    schema: Any = None
    try:
        with opened(path) as (stream, _):
            for piece in pieces(stream):
                if isinstance(piece, Block):
                    schema = piece.beside.get("schema")
                    if schema == SCHEMA and piece.path == ("rows",):
                        yield from decode(b"[" + piece.data + b"]")
                else:
                    schema = schema or piece.values.get("schema")
    except (Broken, OSError, EOFError, ValueError) as fault:
        said = fault.strerror if isinstance(fault, OSError) else str(fault)
        raise Failure(f"{path}: cannot be read as a baseline: {said}") from None
    if schema != SCHEMA:
        raise Failure(f"{path}: cannot be read as a baseline: it is no report.json of this version ({SCHEMA})")
