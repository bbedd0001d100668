"""What is worked out once for all rules, such as parsed policies: caches that whoever goes through an account empties.

It is by identity: functions, roles and permissions are compared by what they are, not by what they say.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import lru_cache
from typing import Any, ParamSpec, TypeVar

_MOST = 16_384  # enough for what rules look at before they go on to other functions
_P = ParamSpec("_P")
_T = TypeVar("_T")
_caches: list[Any] = []


def remembered(work: Callable[_P, _T]) -> Callable[_P, _T]:
    """The function, which remembers what it gave."""
    cached = lru_cache(maxsize=_MOST)(work)
    _caches.append(cached)
    return cached  # type: ignore[return-value]


def forget() -> None:
    """Empty all caches: what comes next is about other functions."""
    for cache in _caches:
        cache.cache_clear()
