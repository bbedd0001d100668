"""CloudFormation's intrinsic functions as a template writes them: what a value refers to, and how it reads."""

from __future__ import annotations

import ast
import re
from typing import Any

from rolecall.unknown import Unknown

MAX_DEPTH = 40
MARKS = ("__file__", "__startline__", "__endline__")  # where a value stands, as Checkov notes it
PLACEHOLDER = re.compile(r"\$\{([^!${}][^${}]*)\}")
LONGEST_TEXT = 100_000  # longer than any policy or ARN; nested substitutions grow fast
PUT_TOGETHER = Unknown("a value that Checkov has put together in part")
_LONGEST_NAME = 2000


def restored(rendered: str) -> Any:
    """The function in a text that Checkov made of it when it followed ``!GetAtt`` to a property of that name."""
    try:
        value = ast.literal_eval(rendered) if len(rendered) < _LONGEST_NAME and rendered[0] == "{" else None
    except (ValueError, SyntaxError, MemoryError, RecursionError):
        value = None
    return value if isinstance(value, dict) else PUT_TOGETHER


def written(raw: Any, depth: int = 0) -> str:
    """A value as the template writes it, on one line; empty when it is too long or too deep to compare."""
    if not isinstance(raw, (dict, list)):
        plain = str(raw)
        return repr(plain) if len(plain) < _LONGEST_NAME else ""
    if depth > MAX_DEPTH or len(raw) > _LONGEST_NAME:
        return ""
    made = ""
    for name, item in raw.items() if isinstance(raw, dict) else enumerate(raw):
        if name in MARKS:
            continue
        inside = written(item, depth + 1)
        made += f"{str(name)!r}:{inside},"
        if not inside or len(made) > _LONGEST_NAME:  # at once, since what follows may be as long again
            return ""
    return f"{type(raw).__name__}({made})"


def resource_and_attribute(raw: Any) -> tuple[str, str]:
    """Logical ID and attribute of ``Fn::GetAtt``, given as a list or with dots; empty texts when it is neither."""
    parts = raw.split(".") if isinstance(raw, str) else raw
    if not isinstance(parts, list) or len(parts) < 2 or not all(isinstance(part, str) for part in parts):
        return "", ""
    return parts[0], ".".join(parts[1:])


def references_in(raw: Any, depth: int = 0) -> set[str]:
    """The names that a value refers to: logical IDs, parameters, pseudo parameters; ``Fn::ImportValue`` is one."""
    if depth > MAX_DEPTH:
        return set()
    if isinstance(raw, list):
        return {name for item in raw for name in references_in(item, depth + 1)}
    if not isinstance(raw, dict):
        return set()
    found = {name for item in raw.values() for name in references_in(item, depth + 1)}
    if isinstance(raw.get("Ref"), str):
        found.add(raw["Ref"])
    if "Fn::GetAtt" in raw:
        found.add(resource_and_attribute(raw["Fn::GetAtt"])[0])
    if "Fn::ImportValue" in raw:
        found.add("Fn::ImportValue")
    if "Fn::Sub" in raw:
        template = raw["Fn::Sub"][0] if isinstance(raw["Fn::Sub"], list) and raw["Fn::Sub"] else raw["Fn::Sub"]
        found |= {name.strip().partition(".")[0] for name in PLACEHOLDER.findall(str(template)[:LONGEST_TEXT])}
    return found
