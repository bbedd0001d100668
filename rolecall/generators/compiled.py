"""``mappings/`` compiled to what loads fast: JSON, one record a line."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from dataclasses import MISSING, fields, is_dataclass
from pathlib import Path
from typing import Any

from rolecall.catalog import Catalog
from rolecall.generators.files import Files
from rolecall.generators.releases import SHIPPED
from rolecall.generators.sources import read_crosswalk, read_remedies


def compiled_catalog(catalog: Catalog, root: Path) -> Files:
    """The rules and the remediations that they share. Raises ``RecordError``."""
    remedies = read_remedies(root / "mappings")
    lines = [
        '{"rules": [',
        ",\n".join(map(_line, catalog.values())),
        '], "remedies": {',
        ",\n".join(f"{json.dumps(name)}: {_line(texts)}" for name, texts in remedies.items()),
        "}}",
    ]
    return {"rolecall/catalog.json": "\n".join(lines) + "\n"}


def compiled_crosswalk(catalog: Catalog, root: Path) -> Files:
    """The crosswalk, and of the hosts that it was made for: version, number of checks, former names of checks.

    Raises ``RecordError`` and ``OSError``.
    """
    services = read_crosswalk(root / "mappings")
    blocks = (
        f'{{"service": {json.dumps(service.service)}, "controls": [\n' + ",\n".join(map(_line, service.controls)) + "]}"
        for service in services.values()
    )
    shipped = json.loads((root / SHIPPED).read_text(encoding="utf-8"))
    hosts = {tool: {"version": of["version"], "checks": len(of["checks"])} for tool, of in shipped.items()}
    checks = {check: facts for of in shipped.values() for check, facts in of["checks"].items()}
    former = {alias: check for check, facts in checks.items() for alias in facts.get("aliases", ())}
    head = f'{{"hosts": {json.dumps(hosts)},\n"former": {json.dumps(former)},\n"services": [\n'
    return {"rolecall/crosswalk.json": head + ",\n".join(blocks) + "\n]}\n"}


def _line(record: Any) -> str:
    return json.dumps(_plain(record), ensure_ascii=False, separators=(",", ":"))


def _plain(value: Any) -> Any:
    """A record as JSON says it, without what is as by default."""
    if is_dataclass(value):
        told = ((field, getattr(value, field.name)) for field in fields(value))
        return {field.name: _plain(given) for field, given in told if given != _default(field)}
    if isinstance(value, Mapping):
        return {key: _plain(given) for key, given in value.items()}
    if isinstance(value, Iterable) and not isinstance(value, str):
        return [_plain(given) for given in value]
    return value


def _default(field: Any) -> Any:
    return field.default_factory() if field.default_factory is not MISSING else field.default
