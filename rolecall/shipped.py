"""Data that ships with the package: ``mappings/`` and ``examples/``."""

from __future__ import annotations

from pathlib import Path


def folder(name: str) -> Path:
    """A folder of data: inside the package in an installed wheel, beside it in a checkout."""
    inside = Path(__file__).with_name(name)
    return inside if inside.is_dir() else Path(__file__).resolve().parent.parent / name
