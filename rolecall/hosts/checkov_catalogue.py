"""The AWS checks that the installed Checkov ships.

``python -m rolecall.hosts.checkov_catalogue``, in Checkov's environment, writes them as JSON.
"""

from __future__ import annotations

import hashlib
import json
import re
import sys
from pathlib import Path
from typing import Any

import checkov
from checkov.docs_generator import CODE_LINK_BASE, get_checks
from checkov.version import version

_OF_AWS = re.compile(r"CKV2?_AWS_[0-9]+")


def shipped() -> dict[str, Any]:
    """``version``, and ``checks`` by ID: ``names``, ``frameworks``, ``entities``, ``sources`` and ``code``.

    Every check of Checkov's registries: of resources, data sources, providers and modules, and of graphs, in all
    frameworks (a plan is checked as Terraform). names: one, unless frameworks call it differently. frameworks: as
    Checkov writes them. entities: the types of resources that it looks at. sources: the files that define it, below the
    folder of Checkov's package. code: a digest of these files.
    """
    found: dict[str, dict[str, set[str]]] = {}
    for check, _, entity, name, framework, link in get_checks():
        if _OF_AWS.fullmatch(check):
            facts = found.setdefault(check, {key: set() for key in ("names", "frameworks", "entities", "sources")})
            facts["names"].add(name)
            facts["frameworks"].add(framework)
            facts["entities"].add(entity)
            facts["sources"].add(link.removeprefix(f"{CODE_LINK_BASE}/"))
    checks = {check: {key: sorted(values) for key, values in facts.items()} for check, facts in sorted(found.items())}
    package = Path(checkov.__file__).parent
    coded = {check: {**facts, "code": _digest(package, facts["sources"])} for check, facts in checks.items()}
    return {"version": version, "checks": coded}


def _digest(package: Path, sources: list[str]) -> str:
    return hashlib.sha256(b"".join((package / source).read_bytes() for source in sources)).hexdigest()[:12]


if __name__ == "__main__":
    json.dump(shipped(), sys.stdout, indent=1)
