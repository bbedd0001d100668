"""What an object works out when it is first asked for."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, Generic, TypeVar

_T = TypeVar("_T")


class once(Generic[_T]):
    """``functools.cached_property`` without the lock that this takes before Python 3.12, at several times the cost.

    Two threads may both work it out, to the same end.
    """

    def __init__(self, work: Callable[[Any], _T]) -> None:
        self._work = work
        self.__doc__ = work.__doc__

    def __set_name__(self, owner: type, name: str) -> None:
        self._name = name

    def __get__(self, instance: Any, owner: type | None = None) -> _T:
        found = instance.__dict__[self._name] = self._work(instance)
        return found
