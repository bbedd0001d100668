"""Which findings a template's author has accepted, by a comment ``checkov:skip=ID:reason`` or by ``Metadata``.

Checkov hands skips to its Python checks, but not to graph checks: it applies them to the records later, unseen by the
check. A file that has any is parsed once more, by Checkov's own parser, so that both always say the same.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from pathlib import Path

from checkov.cloudformation.cfn_utils import build_definitions_context
from checkov.cloudformation.parser import parse
from checkov.common.util.suppression import collect_suppressions_for_context

# check ID -> the author's reason
Skips = Mapping[str, str]

_MENTIONED = re.compile(rb"(?:checkov|bridgecrew|cortex):skip=|[\"']?(?:checkov|bridgecrew)[\"']?[ \t]*:")


def of_template(file: str) -> Mapping[str, Skips]:
    """What is skipped in a CloudFormation template, by logical ID; empty for what Checkov cannot parse."""
    try:
        mentioned = _MENTIONED.search(Path(file).read_bytes())
    except (OSError, ValueError):
        return {}
    template, lines = parse(file) if mentioned else (None, None)
    if not isinstance(template, dict) or not lines:
        return {}
    resources = build_definitions_context({file: template}, {file: lines}).get(file, {}).get("Resources", {})
    return {logical: _by_id(context.get("skipped_checks", ())) for logical, context in resources.items()}


def of_lines(numbered: Iterable[tuple[int, str]]) -> Skips:
    """What the comments in these lines skip."""
    return _by_id(collect_suppressions_for_context(numbered))


def _by_id(skipped: Iterable[Mapping[str, object]]) -> Skips:
    """The first reason for each check, as Checkov takes it."""
    found: dict[str, str] = {}
    for skip in skipped:
        found.setdefault(str(skip.get("id")), str(skip.get("suppress_comment", "")))
    return found
