"""What a scan calls, how often, and the IAM policy that lets it: from the needs of the selected rules."""

from __future__ import annotations

import json
from collections.abc import Collection, Iterator, Mapping
from typing import Any

from rolecall.live.needs import EVENT_SOURCE_MAPPINGS, FUNCTION_POLICIES, ROLE_POLICIES, ROLES, needs_of
from rolecall.live.services import parts_named

_ALWAYS: Mapping[str, str] = {
    "lambda:ListFunctions": "one for 50 functions in each region",
}
_BY_NEED: Mapping[str, Mapping[str, str]] = {
    ROLES: {
        "iam:GetAccountAuthorizationDetails": "one for 1000 roles, and policies where they are needed",
        "iam:GetRole": "one for each role that the listing does not have",
        "lambda:GetFunctionConfiguration": "one for each function whose role is gone",
    },
    ROLE_POLICIES: {},
    EVENT_SOURCE_MAPPINGS: {"lambda:ListEventSourceMappings": "one for 100 mappings in each region"},
    FUNCTION_POLICIES: {
        "lambda:GetPolicy": "one for each function, and for each alias or version that something calls"
    },
}
# Of the parts: those that are not listings, and are made for each thing that a listing has.
_EACH: Mapping[str, str] = {
    "events:ListTargetsByRule": "one for each rule",
    "events:ListRules": "one for 100 rules on each event bus",
}
_LISTING = "pages, in each region with functions"


def calls_of(rules: Collection[str]) -> dict[str, str]:
    """The IAM actions that a scan with these rules takes, each with how often it is called."""
    needs = needs_of(rules)
    calls = {**_ALWAYS}
    for need, actions in _BY_NEED.items():
        calls |= actions if need in needs else {}
    for part in parts_named(needs):
        calls |= {action: _EACH.get(action, _LISTING) for action in part.actions}
    return dict(sorted(calls.items()))


def policy_of(rules: Collection[str]) -> dict[str, Any]:
    """The least that a scan with these rules needs, as an IAM policy."""
    statement = {"Sid": "Rolecall", "Effect": "Allow", "Action": list(calls_of(rules)), "Resource": "*"}
    return {"Version": "2012-10-17", "Statement": [statement]}


def lines_of(rules: Collection[str]) -> Iterator[str]:
    """The plan for a reader."""
    calls = calls_of(rules)
    widest = max(map(len, calls))
    yield f"{'call':<{widest}}  how often"
    yield from (f"{action:<{widest}}  {often}" for action, often in calls.items())
    yield ""
    yield "The policy that it needs (and ec2:DescribeRegions for --region all):"
    yield json.dumps(policy_of(rules), indent=2)
