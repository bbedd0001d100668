"""Work of Checkov that nothing comes of, left undone: it takes more time than our rules do.

What Checkov says does not change. ``benchmarks/checkov_overhead.py`` measures both.
"""

from __future__ import annotations

import gc
import logging

from checkov.common.bridgecrew.platform_integration import bc_integration
from checkov.logging_init import log_stream


def save() -> None:
    """May be called again."""
    _collect_less()
    if not bc_integration.support_flag_enabled:  # --support sends what is in the memory to Checkov's makers
        _log_what_is_read()


def _collect_less() -> None:
    """Python's garbage collector goes through what Checkov keeps to its end a hundred times less often.

    Parsed files, graph and records stay until the process ends; each full pass over them finds next to nothing to free.
    """
    young, middle, old = gc.get_threshold()
    gc.set_threshold(young, middle, max(old, 1000))


def _log_what_is_read() -> None:
    """No record is made that only the copy in the memory takes: five for each check on each resource."""
    root = logging.getLogger()
    read = [handler.level for handler in root.handlers if getattr(handler, "stream", None) is not log_stream]
    root.setLevel(max(root.level, min(read, default=root.level)))
