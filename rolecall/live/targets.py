"""What functions send to and read from, each asked for once: queues, topics, buckets, secrets, and their keys."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Union

from rolecall.arn import Arn, parse_arn
from rolecall.live.attributes import ROWS, Attributes, key_arn, key_policies
from rolecall.live.calls import Aws, CallFailed
from rolecall.live.place import Place
from rolecall.model import Document, Resource, Target
from rolecall.unknown import Unknown


@dataclass(frozen=True)
class Targets:
    """By ARN, the targets and their keys. redrives: by ARN of a queue, whether it moves what is not processed."""

    by_arn: dict[str, Target] = field(default_factory=dict)
    redrives: dict[str, Union[bool, Unknown]] = field(default_factory=dict)


def read_targets(aws: Aws, place: Place, arns: Iterable[str], *, keys: bool) -> Targets:
    """What AWS tells of each of these ARNs, those of services that are not known left out.

    place: any region. keys: whether the policies of customers' keys are wanted too.
    """
    wanted = {arn: parsed for arn in dict.fromkeys(arns) if (parsed := parse_arn(arn)) and parsed.service in ROWS}
    read = aws.in_parallel("targets", lambda arn: _attributes(_place_of(place, wanted[arn]), arn), list(wanted))
    named = {
        (_place_of(place, wanted[arn]).region, found.key)
        for arn, found in read.items()
        if keys and isinstance(found, Attributes) and found.key
    }
    known = aws.in_parallel("kms:DescribeKey", lambda key: key_arn(place.in_region(key[0]), key[1]), sorted(named))
    of_keys = sorted({arn for arn in known.values() if isinstance(arn, str)})
    policies = aws.in_parallel("kms:GetKeyPolicy", lambda arn: _key_policies(place, arn), of_keys)
    found = Targets()
    for arn, parsed in wanted.items():
        found.by_arn[arn] = _target(_place_of(place, parsed), parsed, read[arn], known)
        attributes = read[arn]
        found.redrives[arn] = attributes.redrive if isinstance(attributes, Attributes) else attributes or False
    for arn in of_keys:
        found.by_arn[arn] = Target(_resource(place, "AWS::KMS::Key", arn), policies[arn])
    return found


def _attributes(place: Place, arn: str) -> Attributes | Unknown | None:
    """``None`` where there is no such thing."""
    parsed = parse_arn(arn)
    if parsed is None or parsed.account not in ("", place.account):
        return Unknown(f"{arn} is of another account")
    try:
        return ROWS[parsed.service].read(place, arn)
    except CallFailed as failure:
        return None if failure.gone else failure.unread


def _target(
    place: Place, arn: Arn, read: Attributes | Unknown | None, keys: Mapping[tuple[str, str], str | Unknown | None]
) -> Target:
    resource = _resource(place, ROWS[arn.service].type, str(arn))
    if read is None:
        return Target(resource, exists=False)
    if isinstance(read, Unknown):
        return Target(resource, read, key=read)
    return Target(resource, read.policies, keys.get((place.region, read.key)) if read.key else None)


def _key_policies(place: Place, arn: str) -> tuple[Document, ...] | Unknown:
    parsed = parse_arn(arn)
    if parsed is None or parsed.account != place.account:
        return Unknown(f"{arn} is of another account")
    return key_policies(_place_of(place, parsed), arn)


def _resource(place: Place, type: str, arn: str) -> Resource:
    return place.resource(type, arn, arn.rpartition(":")[2].rpartition("/")[2])


def _place_of(place: Place, arn: Arn) -> Place:
    """Where an ARN is; one that names no region, of a bucket, is asked about from anywhere."""
    return place.in_region(arn.region) if arn.region else place
