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

from rolecall.catalog import Catalog, load_catalog
from rolecall.generators.compliance import FRAMEWORKS, compliance_framework, compliance_sections
from rolecall.generators.documentation import PAGES, live_calls, readme_table, rule_pages
from rolecall.generators.files import Files
from rolecall.generators.prowler import CHECKS, prowler_checks, prowler_entry_points

_OWNED = {CHECKS: "awslambda_*", FRAMEWORKS: "*.json", PAGES: "RC*.md"}
"""Folders, and the files in them that no generator wrote and that therefore are stale."""

GENERATORS: tuple[Callable[[Catalog, Path], Files], ...] = (
    prowler_checks,
    prowler_entry_points,
    compliance_framework,
    compliance_sections,
    readme_table,
    live_calls,
    rule_pages,
)


def generate(root: Path, catalog: Catalog) -> Files:
    """All generated files of a checkout. Raises ``GenerateError`` and ``OSError``."""
    files: Files = {}
    for generator in GENERATORS:
        files.update(generator(catalog, root))
    return files


def differences(root: Path, files: Mapping[str, str]) -> list[str]:
    """Paths whose content on disk is not the generated one, stale files included, sorted."""
    changed = [path for path, content in files.items() if _read(root / path) != content]
    return sorted([*changed, *_stale(root, files)])


def main(arguments: list[str] | None = None) -> int:
    parser = argparse.ArgumentParser(prog="python -m rolecall.generate", description=(__doc__ or "").split(":")[0])
    parser.add_argument("--check", action="store_true", help="write nothing; exit 1 and list the files that differ")
    parser.add_argument("--root", type=Path, default=Path(__file__).parent.parent, help="the checkout")
    options = parser.parse_args(arguments)
    try:
        files = generate(options.root, load_catalog())
    except (OSError, ValueError) as fault:
        print(f"generate: {fault}", file=sys.stderr)
        return 2
    differing = differences(options.root, files)
    for path in differing:
        print(f"differs: {path}" if options.check else path)
        if not options.check:
            _write(options.root / path, files.get(path))
    return 1 if options.check and differing else 0


def _stale(root: Path, files: Mapping[str, str]) -> Iterator[str]:
    for folder, pattern in _OWNED.items():
        for path in (root / folder).glob(pattern):
            relative = path.relative_to(root).as_posix()
            if relative not in files:
                yield relative


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
