"""The whole mapping as tables and JSON: for spreadsheets, for programs, and for NIST's catalogue of references."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Iterable, Mapping
from dataclasses import asdict
from typing import Any

from rolecall import __version__
from rolecall.catalog import load_catalog
from rolecall.crosswalk import CALLED, TOOLS, Control, load_crosswalk
from rolecall.exports.mapped import Mapped, mapped

SCHEMA = "rolecall/mapping/1"
_KINDS = {
    "equal": "equal to",
    "subset": "subset of",
    "superset": "superset of",
    "intersects": "intersects with",
}


def as_csv() -> str:
    """One row for each check of either tool and each of its relations."""
    crosswalk = load_crosswalk()
    rows: list[dict[str, str]] = []
    for tool in TOOLS:
        for one in mapped(tool):
            control = crosswalk.of_check(one.name)
            base = _row(one, control)
            relations = crosswalk.relations.get(one.name, ())
            for relation in relations:
                other = relation.prowler if tool == "checkov" else relation.checkov
                kind = relation.relation if tool == "checkov" else _CONVERSE[relation.relation]
                rows.append({**base, "relation": kind, "counterpart": other, "difference": relation.difference})
            if not relations:
                why = control.no_counterpart if control else ""
                rows.append({**base, "relation": "", "counterpart": "", "difference": why})
    return _csv(rows)


_CONVERSE = {"equal": "equal", "subset": "superset", "superset": "subset", "intersects": "intersects"}


def as_json() -> str:
    """All of it: controls, rules, and the checks as the team's overlay changes them. ``docs/crosswalk.md``."""
    crosswalk = load_crosswalk()
    document = {
        "schema": SCHEMA,
        "rolecall": __version__,
        "hosts": {tool: host._asdict() for tool, host in crosswalk.hosts.items()},
        "controls": [{"service": crosswalk.service(control), **asdict(control)} for control in crosswalk],
        "rules": [{**asdict(entry), "checkov_id": entry.checkov_id} for entry in load_catalog().values()],
        "checks": [asdict(one) for tool in TOOLS for one in mapped(tool)],
    }
    return json.dumps(document, indent=1, ensure_ascii=False) + "\n"


def as_olir() -> str:
    """Relations in the columns of NIST's template for informative references; Checkov's checks are the focal document.

    Source: NIST IR 8278A, "Relationship Information", with the relationship types of set theory of NIST IR 8477.
    """
    crosswalk = load_crosswalk()
    titles = {check: control.title for control in crosswalk for check in control.checks}
    rows = [
        {
            "Focal Document Element": relation.checkov,
            "Focal Document Element Description": titles[relation.checkov],
            "Security Control Baseline": "",
            "Rationale": "Functional",
            "Relationship": _KINDS[relation.relation],
            "Reference Document Element": relation.prowler,
            "Reference Document Element Description": titles[relation.prowler],
            "Fulfilled By": "Y" if relation.relation in ("equal", "subset") else "N",
            "Group Identifier": "",
            "Comments": relation.difference + (f" Another reading: {relation.reading}" if relation.reading else ""),
            "Strength of Relationship": "",
        }
        for control in crosswalk
        for relation in control.relations
    ]
    return _csv(rows)


def _row(one: Mapped, control: Control | None) -> dict[str, str]:
    others = {key: " ".join(getattr(control, key)) if control else "" for key in CALLED if key not in TOOLS}
    return {
        "tool": one.tool,
        "check": one.name,
        "control": one.control,
        "service": one.service,
        "title": one.title,
        "severity": one.severity,
        "enabled": "yes" if one.enabled else "no",
        **others,
        "own_ids": " ".join(one.ids),
        "own_controls": "; ".join(one.controls),
        "remediation": one.text,
        "link": one.link,
    }


def _csv(rows: Iterable[Mapping[str, Any]]) -> str:
    rows = list(rows)
    out = io.StringIO()
    table = csv.DictWriter(out, fieldnames=list(rows[0]) if rows else [], lineterminator="\r\n")
    table.writeheader()
    table.writerows({key: _harmless(value) for key, value in row.items()} for row in rows)
    return out.getvalue()


def _harmless(value: str) -> str:
    """A spreadsheet takes a text that begins so for a formula: https://owasp.org/www-community/attacks/CSV_Injection"""
    return f"'{value}" if value.startswith(("=", "+", "-", "@", "\t", "\r")) else value
