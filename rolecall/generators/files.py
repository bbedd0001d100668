"""What generators share: a file's content by its path, places inside files, and code as Markdown shows it."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from rolecall.catalog import Catalog, Entry

Files = dict[str, str]
"""Whole files by path, relative to the checkout."""


class GenerateError(ValueError):
    """A file that is generated in part lacks the place for it."""


def live(catalog: Catalog) -> Iterator[Entry]:
    """The rules on accounts."""
    return (entry for entry in catalog.values() if "live" in entry.surfaces)


def filled(path: str, text: str, what: str, lines: Sequence[str]) -> str:
    """The text of a file with lines in the place for them, between two marks."""
    start, end = f"<!-- {what}: written by `make generate` -->", f"<!-- end of {what} -->"
    before, opening, rest = text.partition(start)
    _, closing, after = rest.partition(end)
    if not opening or not closing:
        raise GenerateError(f"{path}: no {start} ... {end}")
    return "\n".join([f"{before}{opening}", *lines, f"{closing}{after}"])


def prose(text: str) -> str:
    """Text for Markdown, in which ``*`` and ``<`` are what they are."""
    return text.replace("\\", "\\\\").replace("*", "\\*").replace("<", "&lt;")


def fenced(language: str, code: str) -> str:
    """Code as a block of Markdown; nothing where there is none."""
    return f"```{language}\n{code}\n```" if code else ""
