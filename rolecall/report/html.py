"""The report as one HTML file that fetches nothing. Needs Jinja2.

Everything from input is text: the template escapes it, and a content security policy lets only this file's own style
and script run, by their hashes.
"""

from __future__ import annotations

import base64
import hashlib
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path

from jinja2 import Environment, FileSystemLoader, StrictUndefined

from rolecall import __version__
from rolecall.catalog import Entry, load_catalog
from rolecall.findings import Finding, Remediation, Status
from rolecall.report.merge import Row
from rolecall.report.summary import Report, location, row_place, short_title

_TEMPLATES = Path(__file__).with_name("templates")
_FORMS = (
    ("cli", "AWS CLI", "live"),
    ("terraform", "Terraform", "terraform"),
    ("cloudformation", "CloudFormation", "cloudformation"),
    ("serverless", "Serverless Framework", "serverless"),
)


@dataclass(frozen=True)
class Fix:
    """One form of a row's remediation."""

    label: str
    text: str


def render(report: Report) -> str:
    """The page, complete."""
    environment = Environment(
        loader=FileSystemLoader(_TEMPLATES),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    environment.filters["place"] = location
    environment.filters["row_place"] = row_place
    environment.filters["short"] = short_title
    style, script = ((_TEMPLATES / name).read_text(encoding="utf-8") for name in ("report.css", "report.js"))
    return environment.get_template("report.html").render(
        report=report,
        version=__version__,
        style=style,
        script=script,
        policy=f"default-src 'none'; style-src '{_hash(style)}'; script-src '{_hash(script)}'; "
        "base-uri 'none'; form-action 'none'",
        advice=advice,
        fixes=fixes,
        entry=_entry,
        haystack=haystack,
    )


def advice(row: Row) -> tuple[str, ...]:
    """The remediation in words, each text once."""
    return _distinct(finding.remediation.text for finding in _failing(row))


def fixes(row: Row) -> list[Fix]:
    """Commands and snippets for a row, each once; a form is taken from the side that it is meant for, if that fails."""
    found = []
    for form, label, framework in _FORMS:
        filled = [finding for finding in _failing(row) if getattr(finding.remediation, form)]
        meant = [finding for finding in filled if finding.resource.framework.startswith(framework)] or filled
        found += [Fix(label, text) for text in _distinct(getattr(finding.remediation, form) for finding in meant)]
    return found


def haystack(row: Row) -> str:
    """What a search looks through."""
    words = [row.rule, row.title, short_title(row), row.severity, row.resource, row.arn, row.account, row.region]
    for finding in row.code + row.live:
        words += [finding.message, finding.resource.address, finding.function, location(finding)]
    return " ".join(dict.fromkeys(words)).lower()


def _failing(row: Row) -> Sequence[Finding]:
    return [f for f in row.live + row.code if f.status is not Status.PASS and f.remediation != Remediation()]


def _entry(row: Row) -> Entry | None:
    return load_catalog().get(row.rule)


def _distinct(texts: Iterable[str]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(filter(None, texts)))


def _hash(content: str) -> str:
    return f"sha256-{base64.b64encode(hashlib.sha256(content.encode()).digest()).decode()}"
