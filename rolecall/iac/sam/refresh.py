"""Write ``data.json`` anew from the installed aws-sam-translator: ``python -m rolecall.iac.sam.refresh``.

It keeps the statements and parameters of the policy templates, the paths of the AWS managed policies of the partition
``aws``, and the connectors from or to a function or a state machine.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from importlib import metadata, resources
from pathlib import Path
from typing import Any

from rolecall.iac.sam.data import DATA

SOURCE = "aws-sam-translator"
_FILES = {
    "templates": ("policy_templates_data", "policy_templates.json"),
    "managed": ("internal", "data", "aws_managed_policies.json"),
    "connectors": ("model", "connector_profiles", "profiles.json"),
}
_CALLING = ("AWS::Lambda::Function", "AWS::StepFunctions::StateMachine")


def collect() -> dict[str, Any]:
    """What ``data.json`` holds. Raises ``ModuleNotFoundError`` when aws-sam-translator is not installed."""
    package = resources.files("samtranslator")
    files = {name: json.loads(package.joinpath(*path).read_text("utf-8")) for name, path in _FILES.items()}
    connectors = files["connectors"]
    return {
        "source": SOURCE,
        "licence": "Apache-2.0",
        "version": metadata.version(SOURCE),
        "policy_templates": {
            name: {"parameters": sorted(given["Parameters"]), "statements": given["Definition"]["Statement"]}
            for name, given in files["templates"]["Templates"].items()
        },
        "managed_policies": _by_path(files["managed"]["aws"]),
        "connectors": {
            source: kept
            for source, to in connectors["Permissions"].items()
            if (kept := {end: given for end, given in to.items() if source in _CALLING or end in _CALLING})
        },
        "connector_resources": connectors["CfnResourceProperties"],
    }


def lines(data: Mapping[str, Any]) -> Iterator[str]:
    """The data as JSON with one entry on each line, in order of their names."""
    yield "{"
    for number, (section, given) in enumerate(data.items(), start=1):
        comma = "," if number < len(data) else ""
        if isinstance(given, str):
            yield f"{json.dumps(section)}: {json.dumps(given)}{comma}"
            continue
        yield f"{json.dumps(section)}: {{"
        entries = sorted(given.items())
        for at, (name, entry) in enumerate(entries, start=1):
            yield f"{json.dumps(name)}: {json.dumps(entry, sort_keys=True)}{',' if at < len(entries) else ''}"
        yield f"}}{comma}"
    yield "}"


def _by_path(policies: Mapping[str, str]) -> dict[str, list[str]]:
    paths: dict[str, list[str]] = {}
    for name, arn in sorted(policies.items()):
        paths.setdefault(arn.partition(":policy/")[2].removesuffix(name), []).append(name)
    return paths


def main() -> None:
    data = collect()
    path = Path(__file__).with_name(DATA)
    path.write_text("\n".join(lines(data)) + "\n", encoding="utf-8")
    print(f"{path.name}: {len(data['policy_templates'])} policy templates of {SOURCE} {data['version']}")


if __name__ == "__main__":
    main()
