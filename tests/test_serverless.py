"""The Serverless Framework: the template that Rolecall makes of a configuration is the one that the framework makes.

``data/serverless/*.json`` is what osls 4.3.1, the open fork of version 3, made (``record_serverless.py``).
"""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from record_serverless import DATA, reduced

from rolecall.iac.serverless import template
from rolecall.iac.serverless.documents import load
from rolecall.iac.template import Template


def resources_of(made: Template) -> dict[str, Any]:
    return {
        logical: {
            "Type": declared.type,
            "Properties": json.loads(json.dumps(declared.properties, default=str)),
            "Condition": declared.condition,
        }
        for logical, declared in made.resources.items()
    }


@pytest.mark.parametrize("path", sorted(DATA.glob("*.yml")), ids=lambda path: path.stem)
def test_the_template_is_the_frameworks(path: Path) -> None:
    recorded = json.loads(path.with_suffix(".json").read_text())
    made = reduced(resources_of(template(str(path), load(str(path)))))
    assert set(made) == set(recorded)
    for logical, resource in recorded.items():
        assert made[logical] == resource, logical
