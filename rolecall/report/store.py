"""The store of a report: results by their keys, in a database on disk, and the rows that ``correlate.sql`` makes."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from pathlib import Path
from types import TracebackType
from typing import Any

import duckdb
import msgspec

from rolecall.crosswalk import load_crosswalk
from rolecall.report.readers.identity import Fact
from rolecall.report.result import Identity
from rolecall.report.shards import KEYS, Key, columns

DATABASE = "report.duckdb"
_CORRELATE = Path(__file__).with_name("correlate.sql")
_MEMORY = "300MB"
_FACTS, _RELATIONS = "facts", "relations"


class Store:
    """The database of a report in a folder."""

    def __init__(self, folder: Path, read_only: bool = False) -> None:
        """read_only: for one of several processes; its queries run on one core."""
        settings: dict[str, str | bool | int | float | list[str]] = {
            "memory_limit": "100MB" if read_only else _MEMORY,
            "temp_directory": str(folder / "spilled"),
            "autoinstall_known_extensions": False,
            "autoload_known_extensions": False,
            "preserve_insertion_order": False,
            **({"threads": 1} if read_only else {}),
        }
        self._database = duckdb.connect(str(folder / DATABASE), read_only, settings)
        self._folder = folder

    def __enter__(self) -> Store:
        return self

    def __exit__(self, kind: type[BaseException] | None, fault: BaseException | None, at: TracebackType | None) -> None:
        self.close()

    def query(self, sql: str, *values: Any) -> list[tuple[Any, ...]]:
        return self._database.execute(sql, list(values)).fetchall()

    def execute(self, sql: str) -> None:
        self._database.execute(sql)

    def correlate(self, facts: Iterable[Fact]) -> None:
        """Make rows of all results in the folder."""
        self.load("result", columns(Key), f"{KEYS}-*")
        flat = ({"via": fact.via, "type": fact.type, **msgspec.structs.asdict(fact.identity)} for fact in facts)
        self.write(_FACTS, ({key: value for key, value in fact.items() if value} for fact in flat))
        self.load("fact", {"via": "VARCHAR", "type": "VARCHAR", **columns(Identity)}, _FACTS)
        relations = {relation for control in load_crosswalk() for relation in control.relations}
        self.write(
            _RELATIONS, ({"checkov": r.checkov, "relation": r.relation, "prowler": r.prowler} for r in relations)
        )
        self.load("relation", dict.fromkeys(("checkov", "relation", "prowler"), "VARCHAR"), _RELATIONS)
        self._database.execute(_CORRELATE.read_text(encoding="utf-8"))

    def write(self, name: str, lines: Iterable[Mapping[str, Any]]) -> None:
        """Put lines for ``load`` into the folder."""
        with (self._folder / name).open("wb") as file:
            file.writelines(msgspec.json.encode(line) + b"\n" for line in lines)

    def load(self, table: str, types: dict[str, str], pattern: str) -> None:
        """Make a table of JSON Lines in the folder; an empty one where there are none."""
        described = ", ".join(f"'{name}': '{type_}'" for name, type_ in types.items())
        if not any(self._folder.glob(pattern)):
            made = ", ".join(f'"{name}" {type_}' for name, type_ in types.items())
            self._database.execute(f"CREATE TABLE {table} ({made})")
            return
        lines = f"read_json(?, format = 'newline_delimited', columns = {{{described}}})"
        self._database.execute(f"CREATE TABLE {table} AS FROM {lines}", [str(self._folder / pattern)])

    def close(self) -> None:
        self._database.close()
