"""The variables of a Serverless configuration: ``${self:custom.table}``, ``${opt:stage, 'dev'}``, ``${file(x.yml):y}``.

Decided is what the configuration itself says: its own properties, files beside it, parameters of the stage, and the
default where whoever deploys gives nothing. All else is known only when it is deployed. Checkov resolves fewer forms,
and some that are none: it takes ``${Queue}`` in an ``Fn::Sub`` for a literal; hence its result is not used here.

Sources: https://www.serverless.com/framework/docs/guides/variables,
https://www.serverless.com/framework/docs/guides/parameters
"""

from __future__ import annotations

import os
import re
from collections.abc import Mapping
from typing import Any

from rolecall.iac.intrinsics import pseudo
from rolecall.iac.serverless.documents import END, START, load
from rolecall.iac.serverless.syntax import as_piece, closing, kind_of, split
from rolecall.unknown import Computed, Unknown, text

_MAX_DEPTH = 40
_BUDGET = 200_000  # values of one configuration, counted each time that a variable repeats them
_LONGEST = 20_000
_SOURCE = re.compile(r"([a-zA-Z][a-zA-Z0-9_-]*)(?=[:(])(?!::)")
_NUMBER = re.compile(r"-?\d{1,15}(\.\d{1,15})?")
_WORDS: Mapping[str, Any] = {"true": True, "false": False, "null": None}
_PSEUDO = {"region": "AWS::Region", "accountId": "AWS::AccountId", "partition": "AWS::Partition"}
_MISSING = object()


class Variables:
    """Resolves the variables of one configuration. file: where it stands; paths in it are relative to that."""

    def __init__(self, file: str, config: Mapping[str, Any]) -> None:
        self._file = file
        self._config = config
        self._folder = os.path.realpath(os.path.dirname(file) or ".")
        self._files: dict[str, Any] = {}
        self._known: dict[str, tuple[Any, int]] = {}
        self._resolving: set[str] = set()
        self._left = _BUDGET

    def get(self, *path: str) -> Any:
        """A property of the configuration with every variable in it replaced; ``None`` when it is absent."""
        found = self._at(self._config, list(path), 0)
        return None if found is _MISSING else self.resolve(found)

    def resolve(self, raw: Any, depth: int = 0) -> Any:
        """A value with every variable in it replaced; lines of mappings are kept."""
        self._left -= 1
        if depth > _MAX_DEPTH or self._left < 0:
            return Unknown("the configuration is nested too deeply or repeats too much")
        if isinstance(raw, str):
            return self._text(raw, depth) if "${" in raw else str(raw)
        if isinstance(raw, Mapping):
            return {str(key): self.resolve(value, depth + 1) for key, value in raw.items()}
        if isinstance(raw, (list, tuple)):
            return [self.resolve(value, depth + 1) for value in raw]
        return raw

    def _text(self, raw: str, depth: int) -> Any:
        if len(raw) > _LONGEST:
            return Unknown("a text with variables is too long")
        pieces: list[Any] = []
        position = 0
        while (start := raw.find("${", position)) >= 0:
            end = closing(raw, start + 2)
            if end < 0:
                break
            inner = raw[start + 2 : end]
            if _SOURCE.match(inner.strip()) is None:  # ${AWS::Region}, ${Queue.Arn}: CloudFormation's own
                pieces.append(raw[position : start + 2])
                position = start + 2
                continue
            if start > position:
                pieces.append(raw[position:start])
            pieces.append(self._variable(inner, depth + 1))
            position = end + 1
        if position < len(raw):
            pieces.append(raw[position:])
        if len(pieces) == 1:
            return pieces[0]
        return text(*(as_piece(piece) for piece in pieces))

    def _variable(self, inner: str, depth: int) -> Any:
        """What stands between ``${`` and ``}``: sources, of which the first that has a value counts."""
        symbol = f"{self._file}|${{{inner}}}"
        if inner in self._known:
            value, size = self._known[inner]
            self._left -= size
            return value if self._left > 0 else Unknown("the configuration repeats too much")
        if inner in self._resolving or depth > _MAX_DEPTH:
            return Unknown(f"${{{inner}}} refers to itself", symbol)
        self._resolving.add(inner)
        before = self._left
        value = _MISSING
        try:
            for source in split(inner):
                value = self._source(source.strip(), symbol, depth)
                if value is not _MISSING and value is not None:
                    break
            if value is _MISSING:
                value = Computed(f"${{{inner}}} has no value in the configuration", symbol)
        finally:
            self._resolving.discard(inner)
        self._known[inner] = value, before - self._left
        return value

    def _source(self, source: str, symbol: str, depth: int) -> Any:
        if source[:1] in ("'", '"') and source[-1:] == source[:1] and len(source) > 1:
            return self._text(source[1:-1], depth) if "${" in source else source[1:-1]
        if source in _WORDS:
            return _WORDS[source]
        if _NUMBER.fullmatch(source):
            return float(source) if "." in source else int(source)
        if source.startswith("${") and source.endswith("}"):
            return self._text(source, depth)
        given = self._text(source, depth) if "${" in source else source
        if not isinstance(given, str):
            return Computed(f"${{{source}}} is known only when it is deployed", symbol)
        kind, address = kind_of(given)
        if kind == "self":
            return self._own(address, depth)
        if kind.startswith("file("):
            return self._from_file(kind[5:-1].strip(), address, symbol, depth)
        if kind == "sls":
            return self._stage(symbol) if address == "stage" else Computed(f"${{{given}}} is not known", symbol)
        if kind == "param":
            return self._parameter(address, symbol, depth)
        if kind == "aws" and address in _PSEUDO:
            return pseudo(_PSEUDO[address])
        if kind in ("opt", "env"):
            return _MISSING
        return Computed(f"${{{given}}} is known only when it is deployed", symbol)

    def _stage(self, symbol: str) -> Any:
        """The option, which nobody has given here, else ``provider.stage``, else ``dev``."""
        given = self.get("provider", "stage")
        return given if isinstance(given, (str, Unknown)) and given else "dev"

    def _parameter(self, name: str, symbol: str, depth: int) -> Any:
        stage = self._stage(symbol)
        if not isinstance(stage, str):
            return Computed(f"parameter {name} depends on the stage", symbol)
        for path in (["stages", stage, "params"], ["params", stage], ["stages", "default", "params"],
                     ["params", "default"]):  # fmt: skip
            found = self._at(self._config, [*path, name], depth)
            if found is not _MISSING and found is not None:
                return self.resolve(found, depth)
        return _MISSING

    def _own(self, address: str, depth: int) -> Any:
        found = self._at(self._config, address.split(".") if address else [], depth)
        if found is _MISSING and address == "provider.stage":
            return "dev"
        if found is _MISSING and address == "provider.region":
            return "us-east-1"
        return found if found is _MISSING else self.resolve(found, depth)

    def _at(self, value: Any, path: list[str], depth: int) -> Any:
        """What stands at a path; variables on the way are replaced, that at its end is not."""
        for step in path:
            if isinstance(value, str) and "${" in value:
                value = self._text(value, depth + 1)
            if isinstance(value, Unknown):
                return value
            if isinstance(value, (list, tuple)) and step.isdigit() and int(step) < len(value):
                value = value[int(step)]
            elif isinstance(value, Mapping) and step in value:
                value = value[step]
            else:
                return _MISSING
        return value

    def _from_file(self, path: str, address: str, symbol: str, depth: int) -> Any:
        place = os.path.realpath(os.path.join(self._folder, path))
        if os.path.isabs(path) or path.startswith("~") or not _within(place, self._folder):
            return Computed(f"{path} lies outside the project", symbol)
        if not place.endswith((".yml", ".yaml", ".json")):
            return Computed(f"what {path} gives is known only when it is run", symbol)
        if place not in self._files:
            try:
                self._files[place] = _unmarked(load(place))
            except (OSError, ValueError) as fault:
                self._files[place] = Computed(f"{path} cannot be read: {fault}", symbol)
        found = self._files[place]
        if address and not isinstance(found, Unknown):
            found = self._at(found, address.split("."), depth)
        return found if found is _MISSING else self.resolve(found, depth + 1)


def _within(place: str, folder: str) -> bool:
    """Whether a file lies in the repository that the service is part of, or in the service's folder if in none."""
    root = folder
    for _ in range(12):
        if os.path.isdir(os.path.join(root, ".git")):
            return place.startswith(os.path.join(root, ""))
        root = os.path.dirname(root)
    return place.startswith(os.path.join(folder, ""))


def _unmarked(value: Any) -> Any:
    """Lines of another file say nothing about this one."""
    if isinstance(value, dict):
        return {key: _unmarked(item) for key, item in value.items() if key not in (START, END)}
    return [_unmarked(item) for item in value] if isinstance(value, list) else value
