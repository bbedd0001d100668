"""How Python's garbage collector is kept from what it finds nothing in."""

from __future__ import annotations

import gc
from collections.abc import Iterator
from contextlib import contextmanager

_YOUNG = 100_000


@contextmanager
def few_collections() -> Iterator[None]:
    """A block in which the collector looks for cycles once in 100,000 new objects, not in every 700 or so.

    What rules make is freed by its reference counts. On a large account the collector would take a third of their time.
    """
    young, middle, old = gc.get_threshold()
    gc.set_threshold(max(young, _YOUNG), middle, old)
    try:
        yield
    finally:
        gc.set_threshold(young, middle, old)
