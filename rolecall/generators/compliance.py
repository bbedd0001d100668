"""Prowler's compliance framework ``rolecall``, and the table of its sections in docs/prowler.md.

The form is Prowler's universal one: ``ComplianceFramework`` in ``prowler/lib/check/compliance_models.py``. It is parsed
at every start of Prowler, so it holds nothing that no report shows.
"""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from rolecall import __version__
from rolecall.catalog import Catalog
from rolecall.compliance import Compliance, Requirement, load_compliance, requirements
from rolecall.findings import SEVERITIES
from rolecall.generators.files import Files, filled

FRAMEWORKS = "prowler_checks/compliance"
_PAGE = "docs/prowler.md"


def compliance_framework(catalog: Catalog, root: Path) -> Files:
    """The framework; its file's name is what ``prowler aws --compliance`` takes."""
    framework = prowler_framework(load_compliance(catalog), catalog)
    return {f"{FRAMEWORKS}/rolecall.json": json.dumps(framework, indent=1) + "\n"}


def compliance_sections(catalog: Catalog, root: Path) -> Files:
    """The table of sections in docs/prowler.md; the rest of the file as it is."""
    compliance = load_compliance(catalog)
    known = list(requirements(compliance, catalog))
    rows = [
        f"| {title} | {section.description} | {_count(known, title, ours=True)} | {_count(known, title, ours=False)} |"
        for section, title in compliance.titles.items()
    ]
    table = ["", "| section | what it asks for | our rules | Prowler's checks |", "|---|---|--:|--:|", *rows, ""]
    text = (root / _PAGE).read_text(encoding="utf-8")
    return {_PAGE: filled(_PAGE, text, "sections", table)}


def prowler_framework(compliance: Compliance, catalog: Catalog) -> dict[str, Any]:
    """The framework as Prowler reads it."""
    known = {"Section": list(compliance.titles.values()), "Severity": list(SEVERITIES)}
    return {
        "framework": compliance.framework,
        "name": compliance.name,
        "version": __version__,
        "provider": "AWS",
        "description": compliance.description,
        "attributes_metadata": [
            {"key": key, "type": "str", "required": True, "enum": values} for key, values in known.items()
        ],
        "outputs": {"table_config": {"group_by": "Section"}},
        "requirements": [_requirement(requirement) for requirement in requirements(compliance, catalog)],
    }


def _requirement(requirement: Requirement) -> dict[str, Any]:
    return {
        "id": requirement.id,
        "name": requirement.name,
        "description": requirement.description,
        "attributes": {"Section": requirement.section, "Severity": requirement.severity},
        "checks": {"aws": [requirement.check]},
    }


def _count(known: list[Requirement], section: str, *, ours: bool) -> int:
    return sum(r.section == section and (r.id != r.check) is ours for r in known)
