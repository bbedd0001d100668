"""How a command gives up: one line, exit code 2."""

from __future__ import annotations

import sys

import click

from rolecall.printable import printable


class Failure(click.ClickException):
    """Bad input or a missing tool; the message says what and what to do."""

    exit_code = 2

    def show(self, file: object = None) -> None:
        said = "\n".join(printable(line) for line in self.message.splitlines())
        print(f"rolecall: {said}", file=sys.stderr)
