"""The AWS checks that the installed Checkov ships.

``python -m rolecall.hosts.checkov_catalogue``, in Checkov's environment, writes them as JSON.
"""

from __future__ import annotations

import json
import re
import sys
from typing import Any

from checkov.docs_generator import CODE_LINK_BASE, get_checks

_OF_AWS = re.compile(r"CKV2?_AWS_[0-9]+")


def shipped() -> dict[str, dict[str, Any]]:
    """By ID: ``names`` (one, unless frameworks call it differently), ``frameworks``, ``entities`` and ``sources``.

    Every check of Checkov's registries: of resources, data sources, providers and modules, and of graphs, in all
    frameworks (a plan is checked as Terraform). frameworks: as Checkov writes them. entities: the types of resources
    that it looks at. sources: the files that define it, below the folder of Checkov's package.
    """
    found: dict[str, dict[str, set[str]]] = {}
    for check, _, entity, name, framework, link in get_checks():
        if _OF_AWS.fullmatch(check):
            facts = found.setdefault(check, {key: set() for key in ("names", "frameworks", "entities", "sources")})
            facts["names"].add(name)
            facts["frameworks"].add(framework)
            facts["entities"].add(entity)
            facts["sources"].add(link.removeprefix(f"{CODE_LINK_BASE}/"))
    return {check: {key: sorted(values) for key, values in facts.items()} for check, facts in sorted(found.items())}


if __name__ == "__main__":
    json.dump(shipped(), sys.stdout, indent=1)
