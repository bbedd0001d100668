"""SAM's policy templates, the AWS managed policies it knows by name, and what its connectors grant: ``data.json``.

``python -m rolecall.iac.sam.refresh`` writes the data anew. Source: aws-sam-translator (Apache-2.0), the transform
itself; the file names the version.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from functools import cache
from importlib import resources
from typing import Any

DATA = "data.json"


def policy_template(name: str) -> Mapping[str, Any] | None:
    """A policy template: its ``statements`` and the names of its ``parameters``; ``None`` when SAM has none such."""
    found: Mapping[str, Any] | None = _data()["policy_templates"].get(name)
    return found


def managed_policy_path(name: str) -> str | None:
    """What stands before the name in the ARN of an AWS managed policy (``service-role/``); ``None``: no such policy."""
    return _managed().get(name)


def connector(source: str, destination: str) -> Mapping[str, Any] | None:
    """What a connector between two resource types makes; ``None`` when the data has none such."""
    found: Mapping[str, Any] | None = _data()["connectors"].get(source, {}).get(destination)
    return found


def connector_resource(kind: str) -> Mapping[str, Any]:
    """How a connector names a resource of a type: its ARN, its ID, the property that names its role."""
    found: Mapping[str, Any] = _data()["connector_resources"].get(kind, {})
    return found


@cache
def _managed() -> dict[str, str]:
    return {name: path for path, names in _data()["managed_policies"].items() for name in names}


@cache
def _data() -> dict[str, Any]:
    loaded: dict[str, Any] = json.loads(resources.files(__package__).joinpath(DATA).read_text(encoding="utf-8"))
    return loaded
