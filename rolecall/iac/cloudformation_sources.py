"""Which resource the ``SourceArn`` of an ``AWS::Lambda::Permission`` refers to."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import Any

from rolecall.iac.cloudformation_values import TemplateValues
from rolecall.iac.intrinsics_written import MAX_DEPTH, resource_and_attribute
from rolecall.unknown import Unknown, same_as

_ARNS = {"AWS::S3::Bucket": "Arn", "AWS::SNS::Topic": ""}
# what the Serverless Framework makes beside what its reader does
_LEFT_OUT = ("Serverless", "ApiGateway", "Custom", "IamRole")
_IN_SUB = re.compile(r"\$\{([A-Za-z0-9:]{1,255})(?:\.[A-Za-z0-9.]{1,255})?\}", re.ASCII)


def declared_sources(values: TemplateValues) -> dict[object, str]:
    """The logical IDs of buckets and topics that are certainly made, by ARN: one may be written out all the same."""
    return {
        same_as(values.attribute_of(declared.logical, attribute)): declared.logical
        for kind, attribute in _ARNS.items()
        for declared in values.made(kind)
        if values.certainly_made(declared)
    }


def source_of(values: TemplateValues, raw: Any, known: Mapping[object, str]) -> str | Unknown | None:
    """The source's logical ID; ``None`` when the ARN refers to what the template certainly does not declare.

    known: ``declared_sources`` of the template.
    """
    template = values.template
    named = [name for name in _names(values, raw) if not name.startswith("AWS::")]
    outside = [name for name in named if name in template.parameters]
    declared = [template.resources[name] for name in named if name in template.resources]
    missing = [name for name in named if name not in template.parameters and name not in template.resources]
    if missing:
        return (
            Unknown(f"{missing[0]} may be made by what generates the template")
            if _is_generated(values, missing[0])
            else None
        )
    if declared:
        first = declared[0]
        made = values.is_made(first)
        return first.logical if made else Unknown(f"{first.logical} is made only under the condition {first.condition}")
    given = values.intrinsics.text(raw)
    if given is not None and same_as(given) in known:
        return known[same_as(given)]
    return Unknown(f"it depends on the parameter {outside[0]}" if outside else "it is written out, or imported")


def _is_generated(values: TemplateValues, name: str) -> bool:
    """Whether a resource that is not in the template may be made of it."""
    template = values.template
    modules = any(declared.type.endswith("::MODULE") for declared in template.resources.values())
    left_out = template.framework == "serverless" and name.startswith(_LEFT_OUT)
    return template.framework == "sam" or left_out or template.transforms or modules


def _names(values: TemplateValues, raw: Any, depth: int = 0) -> Iterator[str]:
    """What ``Ref``, ``Fn::GetAtt`` and ``Fn::Sub`` name; of a condition only the branch that is chosen."""
    raw = values.chosen(raw)
    if depth > MAX_DEPTH:
        return
    if isinstance(raw, list):
        for item in raw:
            yield from _names(values, item, depth + 1)
    if not isinstance(raw, dict) or "Fn::If" in raw:
        return
    if isinstance(raw.get("Ref"), str):
        yield raw["Ref"]
    elif "Fn::GetAtt" in raw:
        yield from filter(None, resource_and_attribute(raw["Fn::GetAtt"])[:1])
    elif "Fn::Sub" in raw:
        given = raw["Fn::Sub"]
        template, variables = given if isinstance(given, list) and len(given) == 2 else (given, {})
        if isinstance(template, str) and isinstance(variables, dict):
            yield from (name for name in _IN_SUB.findall(template) if name not in variables)
            yield from _names(values, list(variables.values()), depth + 1)
    elif "Fn::Join" in raw:
        yield from _names(values, raw["Fn::Join"], depth + 1)
