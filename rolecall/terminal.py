"""What standard output may be given."""

from __future__ import annotations

import os
import sys


def coloured() -> bool:
    """Whether it is a terminal that colours are wanted on: https://no-color.org."""
    return sys.stdout.isatty() and not os.environ.get("NO_COLOR") and os.environ.get("TERM") != "dumb"
