"""Write what follows from the catalogue: ``python -m rolecall.generate [--check]``.

Each generator is a function that returns whole files as ``{path: content}``, paths relative to the checkout. A new
kind of generated file is one more function in ``GENERATORS``, and its folder in ``_OWNED`` when nothing else lives
there.
"""

from __future__ import annotations

import argparse
import sys
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path

from rolecall.catalog import Catalog
from rolecall.generators.compiled import compiled_catalog, compiled_crosswalk
from rolecall.generators.compliance import FRAMEWORKS, compliance_framework, compliance_sections
from rolecall.generators.crosswalk_pages import PAGES as CROSSWALK_PAGES
from rolecall.generators.crosswalk_pages import crosswalk_pages
from rolecall.generators.documentation import PAGES, live_calls, readme_table, rule_pages
from rolecall.generators.files import Files
from rolecall.generators.prowler import CHECKS, prowler_checks, prowler_entry_points
from rolecall.generators.sources import read_rules

_OWNED = {CHECKS: "awslambda_*", FRAMEWORKS: "*.json", PAGES: "RC*.md", CROSSWALK_PAGES: "*.md"}
"""Folders, and the files in them that no generator wrote and that therefore are stale."""

GENERATORS: tuple[Callable[[Catalog, Path], Files], ...] = (
    prowler_checks,
    prowler_entry_points,
    compliance_framework,
    compliance_sections,
    readme_table,
    live_calls,
    rule_pages,
    crosswalk_pages,
)


def generate(root: Path, catalog: Catalog) -> dict[str, str | None]:
    """All generated files of a checkout; ``None``: one that nothing writes any more.

    Raises ``RecordError``, ``GenerateError`` and ``OSError``.
    """
    files = compiled(root, catalog)
    for generator in GENERATORS:
        files.update(generator(catalog, root))
    return {**dict.fromkeys(_owned(root)), **files}


def compiled(root: Path, catalog: Catalog) -> Files:
    """What ``mappings/`` is loaded from, also by the generators. Raises ``RecordError`` and ``OSError``."""
    return {**compiled_catalog(catalog, root), **compiled_crosswalk(catalog, root)}


def differences(root: Path, files: Mapping[str, str | None]) -> list[str]:
    """Paths whose content on disk is not the generated one, sorted."""
    return sorted(path for path, content in files.items() if _read(root / path) != content)


def main(arguments: list[str] | None = None) -> int:
    parser = argparse.ArgumentParser(prog="python -m rolecall.generate", description=(__doc__ or "").split(":")[0])
    parser.add_argument("--check", action="store_true", help="write nothing; exit 1 and list the files that differ")
    parser.add_argument("--root", type=Path, default=Path(__file__).parent.parent, help="the checkout")
    options = parser.parse_args(arguments)
    root: Path = options.root
    try:
        catalog = Catalog(read_rules(root / "mappings"))
        first = compiled(root, catalog)
        differ = _settle(root, first, options.check)
        rest = {path: content for path, content in generate(root, catalog).items() if path not in first}
        differ |= _settle(root, rest, options.check)
    except (OSError, ValueError) as fault:
        print(f"generate: {fault}", file=sys.stderr)
        return 2
    return 1 if options.check and differ else 0


def _settle(root: Path, files: Mapping[str, str | None], check: bool) -> bool:
    """Write what differs, or only name it. Whether anything did."""
    differing = differences(root, files)
    for path in differing:
        print(f"differs: {path}" if check else path)
        if not check:
            _write(root / path, files[path])
    return bool(differing)


def _owned(root: Path) -> Iterator[str]:
    for folder, pattern in _OWNED.items():
        yield from (path.relative_to(root).as_posix() for path in (root / folder).glob(pattern))


def _read(path: Path) -> str | None:
    return path.read_text(encoding="utf-8") if path.is_file() else None


def _write(path: Path, content: str | None) -> None:
    """Write the file; ``None`` removes it."""
    if content is None:
        path.unlink()
        return
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(content, encoding="utf-8", newline="\n")


if __name__ == "__main__":
    sys.exit(main())
