"""The team's overlay for the checks that Prowler ships: options and files for one run of it."""

from __future__ import annotations

import contextlib
import tempfile
from collections.abc import Iterator, Sequence
from pathlib import Path

import click

from rolecall.exports import prowler
from rolecall.overlay import Overlay
from rolecall.printable import printable

METADATA, MUTELIST, EXCLUDED = "--custom-checks-metadata-file", "--mutelist-file", "--excluded-checks"
_SHORT = {MUTELIST: "-w", EXCLUDED: "-e"}


@contextlib.contextmanager
def arguments(overlay: Overlay, given: Sequence[str]) -> Iterator[list[str]]:
    """Prowler's arguments with what the overlay says; its files are there while the context lasts.

    given: the user's own. Where they name a file of their own, theirs counts, and a line says so.
    """
    with tempfile.TemporaryDirectory(prefix="rolecall-") as folder:
        yield [*_files(overlay, given, Path(folder)), *_with_excluded(given)]


def _files(overlay: Overlay, given: Sequence[str], folder: Path) -> Iterator[str]:
    texts = {METADATA: prowler.metadata(overlay.adjustments), MUTELIST: ""}
    if any(overlay.holding()):
        texts[MUTELIST], left = prowler.mutelist(overlay)
        for line in left:
            click.echo(f"rolecall: {printable(line)}", err=True)
    for option, text in texts.items():
        if not text:
            continue
        if _place(option, given) is not None:
            click.echo(f"rolecall: {option} is yours: what {overlay.path} says of it does not count", err=True)
            continue
        path = folder / f"{option.strip('-')}.yaml"
        path.write_text(text, encoding="utf-8")
        yield from (option, str(path))


def _with_excluded(given: Sequence[str]) -> list[str]:
    """The user's arguments, with the checks that the team has switched off among those that they exclude."""
    excluded, place = prowler.excluded(), _place(EXCLUDED, given)
    if not excluded:
        return list(given)
    if place is None or "=" in given[place]:
        return [EXCLUDED, *excluded, *given]
    return [*given[: place + 1], *excluded, *given[place + 1 :]]


def _place(option: str, given: Sequence[str]) -> int | None:
    names = (option, _SHORT.get(option))
    return next((place for place, word in enumerate(given) if word.partition("=")[0] in names), None)
