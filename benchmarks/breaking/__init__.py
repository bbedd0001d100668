"""Breaks healthy templates, one way at a time, by transformations that know nothing of the single template.

What a break should be found as stands in the names of the templates: what is called ``rc303_nightly`` (``RC303Nightly``
as a logical ID or a Sid) is what the resource ``nightly`` needs so that RC303 does not fail on it; ``rc124_rc127_app``
serves two rules. Digits at the end tell several such things apart. A role bears the name of its function.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass

Needed = frozenset[tuple[str, str]]  # rule, and the plain name of the resource that it fails on

ELSEWHERE = "arn:aws:dynamodb:eu-west-1:111122223333:table/elsewhere"
OTHER_ACCOUNT = "999999999999"
OTHER_ACTION = "lambda:GetFunction"
OTHER_SERVICE = "ec2.amazonaws.com"
OTHER_TRUST = "sts:AssumeRoleWithSAML"
TRUSTED = {"lambda.amazonaws.com": "RC103", "edgelambda.amazonaws.com": "RC104"}

# what a function lacks without the managed policy, when its role has no other
MANAGED = {
    "AWSLambdaBasicExecutionRole": ("RC124",),
    "AWSLambdaVPCAccessExecutionRole": ("RC124", "RC125"),
    "AWSLambdaSQSQueueExecutionRole": ("RC124", "RC126"),
    "AWSLambdaKinesisExecutionRole": ("RC124", "RC126"),
    "AWSLambdaDynamoDBExecutionRole": ("RC124", "RC126"),
    "AWSXRayDaemonWriteAccess": ("RC128",),
}

OPTIONAL = ("logs:CreateLogGroup", "elasticfilesystem:ClientWrite")  # actions that are needed only sometimes

_MARK = re.compile(r"((?:rc\d{3})+)([a-z]\w*?)\d*")


@dataclass(frozen=True)
class Template:
    """A healthy template. framework: its name for a reader. files: their text, by path."""

    framework: str
    name: str
    files: Mapping[str, str]


@dataclass(frozen=True)
class Break:
    """A broken copy. what: the place that was broken, for a reader. broken: the plain name of what was broken.

    needed: the findings that must come. files: the whole copy, by path.
    """

    template: Template
    kind: str
    what: str
    broken: str
    needed: Needed
    files: Mapping[str, str]


def plain(name: str) -> str:
    """A name without what the frameworks write differently: ``fan_out[0]`` and ``FanOut`` are one."""
    return re.sub(r"[^a-z0-9]", "", re.sub(r"\[.*?\]", "", name).lower())


def marked(name: str) -> Needed:
    """What a name says that fails without it."""
    found = _MARK.fullmatch(plain(name))
    return frozenset((rule.upper(), found[2]) for rule in re.findall(r"rc\d{3}", found[1])) if found else frozenset()


def managed(arn: object, name: str) -> Needed:
    """What fails on the function ``name`` without this managed policy."""
    return frozenset((rule, plain(name)) for rule in MANAGED.get(str(arn).rpartition("/")[2], ()))
