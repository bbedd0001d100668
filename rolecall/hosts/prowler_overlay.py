"""The team's overlay for the checks that Prowler ships: options and files for one run of it."""

from __future__ import annotations

import contextlib
import tempfile
from collections.abc import Callable, Collection, Iterator
from pathlib import Path

import click

from rolecall.exports import prowler
from rolecall.overlay import Overlay
from rolecall.printable import printable

METADATA, MUTELIST, EXCLUDED = "--custom-checks-metadata-file", "--mutelist-file", "--excluded-checks"
_SHORT = {MUTELIST: "-w", EXCLUDED: "-e"}


@contextlib.contextmanager
def options(overlay: Overlay, given: Collection[str]) -> Iterator[list[str]]:
    """Prowler's options for what the overlay says, with their files while the context lasts.

    given: the user's own arguments. Where they have an option already, theirs counts, and a line says so.
    """
    with tempfile.TemporaryDirectory(prefix="rolecall-") as folder:
        found: list[str] = []

        def add(option: str, *values: str) -> None:
            if any(word.split("=")[0] in (option, _SHORT.get(option)) for word in given):
                click.echo(f"rolecall: {option} is yours: what {overlay.path} says of it does not count", err=True)
            else:
                found.extend([option, *values])

        def file(name: str, text: str) -> str:
            path = Path(folder) / name
            path.write_text(text, encoding="utf-8")
            return str(path)

        _add_all(overlay, add, file)
        yield found


def _add_all(overlay: Overlay, add: Callable[..., None], file: Callable[[str, str], str]) -> None:
    metadata = prowler.metadata(overlay.adjustments)
    if metadata:
        add(METADATA, file("metadata.yaml", metadata))
    excluded = prowler.excluded()
    if excluded:
        add(EXCLUDED, *excluded)
    if any(overlay.holding()):
        text, left = prowler.mutelist(overlay)
        for line in left:
            click.echo(f"rolecall: {printable(line)}", err=True)
        add(MUTELIST, file("mutelist.yaml", text))
