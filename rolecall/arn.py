"""Amazon Resource Names.

Source: https://docs.aws.amazon.com/IAM/latest/UserGuide/reference-arns.html
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from rolecall.unknown import Text, Unknown, named, parts_of, text

PARTITIONS = frozenset({"aws", "aws-cn", "aws-us-gov", "aws-iso", "aws-iso-b", "aws-iso-e", "aws-iso-f", "aws-eusc"})
_PARTITION = re.compile(r"\barn:(aws(?:-[a-z]+)*):", re.ASCII)
ACCOUNT_ID = re.compile(r"[0-9]{12}", re.ASCII)


@dataclass(frozen=True)
class Arn:
    """An ARN in its six parts; ``resource`` keeps its own colons and slashes."""

    partition: str
    service: str
    region: str
    account: str
    resource: str

    def __str__(self) -> str:
        return f"arn:{self.partition}:{self.service}:{self.region}:{self.account}:{self.resource}"


def parse_arn(given: str) -> Arn | None:
    """Split an ARN; ``None`` when the text is not one (fewer than six parts, or no ``arn`` in front)."""
    parts = given.split(":", 5)
    if len(parts) != 6 or parts[0] != "arn" or not parts[1] or not parts[2] or not parts[5]:
        return None
    return Arn(*parts[1:])


def partitions_in(value: object, depth: int = 40) -> frozenset[str]:
    """The partitions of the ARNs that are written out anywhere in nested dictionaries and lists.

    Who writes one partition out, and no other, means what he writes for that partition: elsewhere those ARNs are wrong.
    depth: how deep to look.
    """
    if isinstance(value, str):
        return frozenset(_PARTITION.findall(value)) if "arn:aws" in value else frozenset()
    inner = value.values() if isinstance(value, Mapping) else value if isinstance(value, (list, tuple)) else ()
    return frozenset().union(*(partitions_in(item, depth - 1) for item in inner)) if depth else frozenset()


def split_parts(pieces: Sequence[Text], most: int = 6, keep: type[str] | tuple[()] = ()) -> list[list[Text]] | None:
    """Split an ARN (or a pattern of one) that is known in part at its first colons: the pieces of each part.

    pieces: texts and plain ``Unknown``. most: no more parts than these; the last one keeps its colons. keep: a kind of
    text whose parts are of that kind too.
    Returns fewer parts where the text has fewer colons, and ``None`` when an unknown piece may hide colons: beside five
    known colons it is taken to be a value that stands between them (a region, an account, a name).
    """
    if len(pieces) == 1 and type(pieces[0]) is str:
        return [[part] for part in pieces[0].split(":", most - 1)]
    parts: list[list[Text]] = [[]]
    for piece in pieces:
        if isinstance(piece, Unknown):
            parts[-1].append(piece)
            continue
        kind = type(piece) if isinstance(piece, keep) else str
        first, *more = (kind(part) for part in piece.split(":", most - len(parts)))
        parts[-1].append(first)
        parts.extend([part] for part in more)
    hidden = len(parts) < 6 and any(isinstance(piece, Unknown) for part in parts for piece in part)
    return None if hidden else parts


def text_parts(arn: Text, most: int = 6) -> list[Text] | None:
    """The parts of an ARN, as ``split_parts`` tells them apart, each as one text."""
    if type(arn) is str:
        return [*arn.split(":", most - 1)]
    parts = split_parts(parts_of(arn), most)
    return None if parts is None else [text(*part) for part in parts]


def unqualified(arn: str) -> str:
    """A function's ARN without alias or version; any other ARN as it is."""
    parts = arn.split(":")
    return ":".join(parts[:7]) if parts[2:3] == ["lambda"] and parts[5:6] == ["function"] else arn


def role_name(resource: str) -> str:
    """The bare name in an ARN's ``role/path/name``: what GetRole takes."""
    return resource.rsplit("/", 1)[-1]


def last_segment(pieces: Sequence[Text]) -> Text:
    """What stands after the last known slash: the bare name in a path that is known in part."""
    for at in range(len(pieces) - 1, -1, -1):
        piece = pieces[at]
        if isinstance(piece, str) and "/" in piece:
            return text(piece.rsplit("/", 1)[1], *pieces[at + 1 :])
    return text(*pieces)


def first_segment(pieces: Sequence[Text]) -> Text:
    """What stands before the first known slash."""
    for at, piece in enumerate(pieces):
        if isinstance(piece, str) and "/" in piece:
            return text(*pieces[:at], piece.split("/", 1)[0])
    return text(*pieces)


def service_of(arn: Text) -> Text:
    """The service that an ARN names."""
    parts = split_parts(parts_of(arn))
    if parts is None or len(parts) < 6:
        return Unknown(f"the service of {arn} is not known")
    return text(*parts[2])


# by service: what its ARNs name, for a reader, and whether a word stands before the name (``stream/orders``)
_THINGS: Mapping[str, tuple[str, bool]] = {
    "sqs": ("The SQS queue", False),
    "sns": ("The SNS topic", False),
    "kinesis": ("The Kinesis stream", True),
    "dynamodb": ("The stream of the DynamoDB table", True),
    "kafka": ("The MSK cluster", True),
    "mq": ("The MQ broker", True),
    "rds": ("The DocumentDB cluster", True),
    "events": ("The event bus", True),
    "lambda": ("The function", True),
    "s3": ("The bucket", False),
}


def thing_of(arn: Text) -> tuple[str, str]:
    """What functions read from or send to, by its ARN, for a reader: what it is, and its name.

    Both are empty for anything else. A name that is not known is what the code refers to.
    """
    parts = text_parts(arn)
    if parts is None or len(parts) < 6 or str(parts[2]) not in _THINGS:
        return "", ""
    thing, behind_kind = _THINGS[str(parts[2])]
    resource = "".join(named(piece) or str(piece) for piece in parts_of(parts[5]))
    name = re.split("[:/]", resource, maxsplit=1)[-1] if behind_kind else resource
    return thing, re.split("[:/]", name, maxsplit=1)[0]
