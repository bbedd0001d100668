"""How a command gives up: one line, exit code 2."""

from __future__ import annotations

import sys

import click


class Failure(click.ClickException):
    """Bad input or a missing tool; the message says what and what to do."""

    exit_code = 2

    def show(self, file: object = None) -> None:
        print(f"rolecall: {self.message}", file=sys.stderr)
