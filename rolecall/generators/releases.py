"""What releases of Checkov and Prowler changed for the crosswalk.

``python -m rolecall.generators.releases CHECKOV PROWLER [--accept]``; the arguments are the JSON that
``rolecall.hosts.checkov_catalogue`` and ``prowler_catalogue`` write. ``mappings/shipped.json`` is what the crosswalk
was made for: a digest of each check's code stands for what its relations were decided from.
"""

from __future__ import annotations

import argparse
import json
import math
import re
import sys
from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

from rolecall.crosswalk import TOOLS, Control, Relation
from rolecall.generators.sources import read_crosswalk
from rolecall.printable import printable

SHIPPED = "mappings/shipped.json"
_KEPT = ("code", "severity", "aliases")  # of what a catalogue says of a check
_CANDIDATES = 3
_WORDS = re.compile(r"[a-z]+|[0-9]+")

Shipped = Mapping[str, Any]


def changes(tool: str, before: Shipped, now: Shipped, controls: Sequence[Control]) -> Iterator[str]:
    """A line for each check that was added, removed, renamed or changed, with what that means for the crosswalk.

    before: of ``mappings/shipped.json``. now: a catalogue; both are of the one tool.
    """
    old, new = before["checks"], now["checks"]
    under = {check: control for control in controls for check in control.checks}
    gone, come = set(old) - set(new), set(new) - set(old)
    renamed = dict(_renamed({check: old[check] for check in gone}, {check: new[check] for check in come}))
    candidates = _finder(controls)
    for check in sorted(renamed):
        yield f"renamed   {check} -> {renamed[check]}: {_where(under.get(check))}"
    for check in sorted(gone - set(renamed)):
        yield f"removed   {check}: {_where(under.get(check))}"
    for check in sorted(come - set(renamed.values())):
        said = _said(new[check])
        yield f"added     {check}: {said}"
        for control in candidates(f"{check} {said}"):
            yield f"            like {control.id} ({', '.join(control.checks)}): {control.title}"
    relations = [relation for control in controls for relation in control.relations]
    for check in sorted(set(old) & set(new)):
        yield from _changed(tool, check, (old[check], new[check]), under.get(check), relations)
    for check in sorted(set(new) - set(under) - come):
        yield f"missing   {check}: is under no control"
    for check in sorted(check for control in controls for check in getattr(control, tool)):
        if check not in new and check not in gone:
            yield f"unknown   {check}: {_where(under[check])}; {tool.capitalize()} does not ship it"


def accepted(checkov: Shipped, prowler: Shipped) -> str:
    """Catalogues as ``mappings/shipped.json`` keeps them."""
    lines = []
    for tool, shipped in zip(TOOLS, (checkov, prowler), strict=True):
        kept = (
            f"  {json.dumps(check)}: {json.dumps({key: facts[key] for key in _KEPT if facts.get(key)})}"
            for check, facts in sorted(shipped["checks"].items())
        )
        version = json.dumps(shipped["version"])
        lines.append(f'"{tool}": {{"version": {version}, "checks": {{\n' + ",\n".join(kept) + "}}")
    return "{" + ",\n".join(lines) + "}\n"


def main(arguments: list[str] | None = None) -> int:
    parser = argparse.ArgumentParser(description=(__doc__ or "").split("\n", 1)[0])
    parser.add_argument("catalogues", nargs=2, type=Path, metavar=("CHECKOV", "PROWLER"))
    parser.add_argument(
        "--accept", action="store_true", help=f"write {SHIPPED}: the crosswalk takes these into account"
    )
    parser.add_argument("--root", type=Path, default=Path(__file__).parent.parent.parent, help="the checkout")
    options = parser.parse_args(arguments)
    try:
        shipped = [json.loads(path.read_text(encoding="utf-8")) for path in options.catalogues]
        before = json.loads((options.root / SHIPPED).read_text(encoding="utf-8"))
        controls = [
            control for service in read_crosswalk(options.root / "mappings").values() for control in service.controls
        ]
        lines = [
            (tool, f"{before[tool]['version']} -> {now['version']}", list(changes(tool, before[tool], now, controls)))
            for tool, now in zip(TOOLS, shipped, strict=True)
        ]
        if options.accept:
            (options.root / SHIPPED).write_text(accepted(*shipped), encoding="utf-8", newline="\n")
    except (OSError, ValueError, KeyError) as fault:
        print(f"crosswalk: {fault}", file=sys.stderr)
        return 2
    for tool, versions, found in lines:
        print(f"{tool.capitalize()} {versions}: {'nothing to do' if not found else ''}")
        for line in found:
            print(f"  {printable(line)}")
    return 0 if options.accept or not any(found for _, _, found in lines) else 1


def _renamed(gone: Shipped, come: Shipped) -> Iterator[tuple[str, str]]:
    """Old and new name: the new one says so, or it has the same code, and nothing else has."""
    of_code = Counter(facts["code"] for facts in come.values())
    for new, facts in come.items():
        former = [check for check in facts.get("aliases", ()) if check in gone]
        former += [check for check in gone if gone[check]["code"] == facts["code"] and of_code[facts["code"]] == 1]
        if former:
            yield former[0], new


def _changed(
    tool: str, check: str, facts: tuple[Shipped, Shipped], control: Control | None, relations: Sequence[Relation]
) -> Iterator[str]:
    before, now = facts
    if before["code"] != now["code"]:
        again = ", ".join(_shown(relation) for relation in relations if getattr(relation, tool) == check)
        yield f"changed   {check}: {_where(control)}; look again at {again or 'that it has no counterpart'}"
    if before.get("severity") != now.get("severity"):
        yield f"severity  {check}: {before.get('severity')} -> {now.get('severity')}; {_where(control)}"


def _where(control: Control | None) -> str:
    return "under no control" if control is None else f"under {control.id} ({control.severity})"


def _shown(relation: Relation) -> str:
    return f"{relation.checkov} {relation.relation} {relation.prowler}"


def _said(facts: Shipped) -> str:
    """What a catalogue calls a check, and what it looks at."""
    kinds = facts.get("entities") or [facts.get("resource_type", "")]
    return f"{' / '.join(facts.get('names') or [facts.get('title', '')])} ({', '.join(kinds[:4])})"


def _finder(controls: Sequence[Control]) -> Callable[[str], list[Control]]:
    """Finds the controls that have most words with a text in common, rare words before frequent ones."""
    words = [_words(f"{control.id} {control.title} {control.description} {control.checks}") for control in controls]
    often = Counter(word for own in words for word in own)
    weight = {word: math.log(1 + len(controls) / count) for word, count in often.items()}

    def candidates(text: str) -> list[Control]:
        asked = _words(text)
        scores = [sum(weight[word] for word in own & asked) / math.sqrt(len(own)) for own in words]
        best = sorted(range(len(controls)), key=lambda index: -scores[index])[:_CANDIDATES]
        return [controls[index] for index in best if scores[index] > 0]

    return candidates


def _words(text: str) -> frozenset[str]:
    return frozenset(word.rstrip("s") for word in _WORDS.findall(text.lower()))


if __name__ == "__main__":
    sys.exit(main())
