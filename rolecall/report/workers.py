"""Processes that share the work of a large report. A small one starts none."""

from __future__ import annotations

import ctypes
import gc
import multiprocessing
import os
import threading
from collections.abc import Callable, Sequence
from concurrent.futures import Future, ProcessPoolExecutor
from types import TracebackType
from typing import Any, TypeVar

_T = TypeVar("_T")
LIGHT = 8 << 20
"""Bytes that are worked off here before processes are started."""


_MOST_FILES = 32


class Turns:
    """Lets processes write their parts of files at once, one after the other in the files: who comes when, and where.

    Every turn has to be taken, or given up with ``fail``: the others wait for it.
    """

    def __init__(self, context: Any = threading) -> None:
        """context: of the processes; else it is for one alone."""
        shared = context is not threading
        self._condition = context.Condition()
        self._next = context.Value("q", 0, lock=False) if shared else ctypes.c_longlong(0)
        self._ends = context.Array("q", _MOST_FILES, lock=False) if shared else [0] * _MOST_FILES

    def begin(self, ends: Sequence[int]) -> None:
        """Begin at the ends of some files."""
        self._next.value = 0
        self._ends[: len(ends)] = list(ends)

    def take(self, turn: int, size: Callable[[int, int], int], files: int) -> list[int]:
        """Wait for a turn and reserve room in the files; returns where it is. size: of a part, by file and place."""
        with self._condition:
            came = self._condition.wait_for(lambda: self._next.value in (turn, _FAILED), _PATIENCE)
            if not came or self._next.value == _FAILED:
                raise RuntimeError("another part could not be made")
            places = list(self._ends[:files])
            for file, place in enumerate(places):
                self._ends[file] = place + size(file, place)
            self._next.value = turn + 1
            self._condition.notify_all()
            return places

    def fail(self) -> None:
        """There will be no more turns."""
        with self._condition:
            self._next.value = _FAILED
            self._condition.notify_all()

    def ends(self, files: int) -> list[int]:
        return list(self._ends[:files])


_FAILED = -1
_PATIENCE = 600
"""Seconds; a part takes less than one."""
_current = [Turns()]


def turns() -> Turns:
    """Those of this process and its like."""
    return _current[0]


def _start(shared: Turns) -> None:
    _current[0] = shared
    gc.disable()  # no cycles are made, and looking for them takes a fifth of the time


class Workers:
    """Runs functions: the first ones here, all others in processes, of which there are as many as cores."""

    def __init__(self, processes: int | None = None) -> None:
        """processes: none are started for 0; ``None``: as many as this process may use cores."""
        self._processes = _cores() if processes is None else processes
        self._pool: ProcessPoolExecutor | None = None
        self.turns = turns()
        self._done = 0

    @property
    def window(self) -> int:
        """How many results may be waited for at a time."""
        return 2 * max(self._processes, 1)

    def submit(self, weight: int, work: Callable[..., _T], *arguments: Any) -> Future[_T]:
        """What ``work`` returns or raises, now or later. weight: bytes that it has to do with, more or less."""
        self._done += weight
        if self._done > LIGHT:
            self._start()
        if self._pool is not None:
            return self._pool.submit(work, *arguments)
        done: Future[_T] = Future()
        try:
            done.set_result(work(*arguments))
        except Exception as fault:
            done.set_exception(fault)
        return done

    def expect(self, weight: int) -> None:
        """Start the processes now, if so much work will: ``turns`` are those of who does all of it."""
        if self._done + weight > LIGHT:
            self._start()

    def _start(self) -> None:
        if self._pool is None and self._processes:
            # Blocks of some megabytes come and go; without this each is given back to the system and zeroed again,
            # which takes a quarter of the time. Read by the C library of Linux when a process starts.
            os.environ.setdefault("MALLOC_TRIM_THRESHOLD_", str(256 << 20))
            os.environ.setdefault("MALLOC_MMAP_THRESHOLD_", str(64 << 20))
            # Spawned: a process with threads, as the database has, cannot be forked safely.
            context = multiprocessing.get_context("spawn")
            self.turns = Turns(context)
            self._pool = ProcessPoolExecutor(self._processes, context, _start, (self.turns,))

    def __enter__(self) -> Workers:
        return self

    def __exit__(self, kind: type[BaseException] | None, fault: BaseException | None, at: TracebackType | None) -> None:
        if self._pool is not None:
            self._pool.shutdown(wait=True, cancel_futures=True)


def _cores() -> int:
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1
