"""The AWS managed policies that Lambda functions and their invokers use, as data: ``managed.json`` beside this module.

``python -m rolecall.iam.refresh`` writes the data anew. Source of the documents: AWS itself
(https://docs.aws.amazon.com/aws-managed-policy/latest/reference/policy-list.html).
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from functools import cache
from importlib import resources
from typing import Any

from rolecall.arn import split_parts
from rolecall.unknown import Text, Unknown, parts_of, text

DATA = "managed.json"


def managed_document(arn: Text) -> Mapping[str, Any] | Unknown | None:
    """The document of an AWS managed policy.

    arn: of the policy; may be known in part. Returns ``None`` for an ARN that is certainly no AWS managed policy's,
    and ``Unknown`` where the document is not among the data: the name is not known, or the policy is that of another
    partition than ``aws``, whose ARNs its document would have to name. Where the partition is not known (a template
    that is deployed anywhere), neither is it in the ARNs of the document.
    """
    parts = [text(*part) for part in split_parts(parts_of(arn)) or ()]
    if not parts:
        return Unknown(f"the policy {arn} is not known") if isinstance(arn, Unknown) else None
    if len(parts) < 6 or parts[2] != "iam" or (isinstance(parts[4], str) and parts[4] != "aws"):
        return None
    name = parts[5]
    if not isinstance(name, str) or not isinstance(parts[4], str):
        return Unknown(f"which policy {arn} is is not known")
    entry = _data()["policies"].get(name.removeprefix("policy/"))
    if entry is None:
        return Unknown(f"the document of the AWS managed policy {name.removeprefix('policy/')} is not at hand")
    document: Mapping[str, Any] = entry["document"]
    if parts[1] == "aws" or "arn:aws:" not in json.dumps(document):
        return document
    if isinstance(parts[1], str):
        return Unknown(f"the document of {name.removeprefix('policy/')} in partition {parts[1]} is not at hand")
    moved: Mapping[str, Any] = _in_partition(document, parts[1])
    return moved


def _in_partition(value: Any, partition: Unknown) -> Any:
    """A document with a partition that is not known in its ARNs."""
    if isinstance(value, Mapping):
        return {key: _in_partition(item, partition) for key, item in value.items()}
    if isinstance(value, list):
        return [_in_partition(item, partition) for item in value]
    of_aws = isinstance(value, str) and value.startswith("arn:aws:")
    return text("arn:", partition, value.removeprefix("arn:aws")) if of_aws else value


def as_of() -> str:
    """The day to which the data is complete: no AWS managed policy that changed before it has another document."""
    return str(_data()["as_of"])


def names() -> frozenset[str]:
    """The names of the policies whose documents are at hand, without their paths."""
    return frozenset(name.rpartition("/")[2] for name in _data()["policies"])


@cache
def _data() -> dict[str, Any]:
    loaded: dict[str, Any] = json.loads(resources.files(__package__).joinpath(DATA).read_text(encoding="utf-8"))
    return loaded
