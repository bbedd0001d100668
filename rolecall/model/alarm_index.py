"""Which alarms may watch which function, found without comparing each with each."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Optional, Union

from rolecall.model.functions import Function
from rolecall.model.watching import Alarm, Metric
from rolecall.unknown import PartlyKnown, Segment, Text, Unknown, parts_of, same_as

Watched = tuple[Alarm, Union[Metric, Unknown]]
_Alike = dict[object, Watched]


class AlarmIndex:
    """What alarms watch of Lambda: by the function that it names; else by scope and by how the name is made."""

    def __init__(self, alarms: Iterable[Alarm], functions: Mapping[str, Function]) -> None:
        """functions: by key."""
        self._named: dict[str, list[Watched]] = {}
        self._others: dict[str, dict[object, _Alike]] = {}
        self._others_of_unknown: dict[str, _Alike] = {}  # what there is to say where nothing is known of the name
        self._scopes: set[str] = set()
        self._keys_of: dict[tuple[str, object], list[str]] = {}
        self._within: set[str] = set()  # a name that has an unknown part in it cannot be that part
        for key, function in functions.items():
            self._keys_of.setdefault((function.resource.scope, same_as(function.resource.name)), []).append(key)
            parts = parts_of(function.resource.name)
            self._within.update(part.symbol for part in parts if isinstance(part, Unknown) and len(parts) > 1)
        for alarm in alarms:
            for metric in alarm.metrics:
                self._add(alarm, metric)

    def of(self, function: Function) -> list[Watched]:
        """See ``Inventory.metrics_of``."""
        scope, name = function.resource.scope, function.resource.name
        found = self._named.get(function.resource.key, []).copy()
        if _may_be_any(name):
            return [*found, *self._others_of_unknown.get(scope, {}).values()]
        shape = _shape(name)
        for made_like, watched in self._others.get(scope, {}).items():
            if made_like is None or made_like != shape:
                found += watched.values()
        return found

    def kept_in(self, scope: str) -> bool:
        """Whether a scope sets alarms at all."""
        return scope in self._scopes

    def _add(self, alarm: Alarm, metric: Union[Metric, Unknown]) -> None:
        scope, name = alarm.resource.scope, None
        if isinstance(metric, Metric):
            self._scopes.add(scope)
            if metric.of_other_service:
                return
            name = metric.dimension("FunctionName")
        keys = self._keys_of.get((scope, same_as(name)), []) if name is not None else []
        for key in keys:
            self._named.setdefault(key, []).append((alarm, metric))
        if keys:
            return
        shape = None if name is None else _shape(name)
        symbol = name.symbol if isinstance(name, Unknown) and _may_be_any(name) else None
        of_any = symbol is not None and (not symbol or symbol not in self._within)
        alike = self._others.setdefault(scope, {}).setdefault(shape, {})
        alike.setdefault(_says(alarm, metric, of_any), (alarm, metric))
        alike = self._others_of_unknown.setdefault(scope, {})
        alike.setdefault(_says(alarm, metric, of_any or isinstance(name, str)), (alarm, metric))


def _shape(name: Text) -> Optional[tuple[str, ...]]:
    """How a name is made, around its one known text: another text in its place certainly makes another name.

    ``None`` where it cannot be told by one text.
    """
    parts = parts_of(name)
    symbols = [part.symbol for part in parts if isinstance(part, Unknown)]
    if len(symbols) != len(parts) - 1 or not all(symbols):
        return None
    return tuple("" if isinstance(part, str) else part.symbol for part in parts)


def _says(alarm: Alarm, metric: Union[Metric, Unknown], of_any: bool) -> object:
    """What two alarms share that say the same of every function. of_any: whether they may be of any function."""
    what: object = None
    if isinstance(metric, Metric):
        name = metric.dimension("FunctionName")
        of = bool(metric.dimensions) if name is None else of_any or _kinds(name)
        what = (_kinds(metric.namespace), _kinds(metric.name), name is None, of)
    return what, _kinds(alarm.resource.region), alarm.made


def _may_be_any(name: Text) -> bool:
    """Whether nothing at all is known of a name."""
    return isinstance(name, Unknown) and not isinstance(name, (PartlyKnown, Segment))


def _kinds(value: Text) -> object:
    """A key of texts that match the same; unlike ``same_as``, values without a name share one."""
    return tuple(part if isinstance(part, str) else (type(part), part.symbol) for part in parts_of(value))
