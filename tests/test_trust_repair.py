"""What a command puts in place of a trust policy: what was right in it stays."""

from __future__ import annotations

import json
from typing import Any

import pytest

from rolecall.iam import Request, evaluate
from rolecall.model import Resource, Role
from rolecall.rules.trust_repair import admitting, restricted, without

ACCOUNT, LAMBDA, EDGE = "111122223333", "lambda.amazonaws.com", "edgelambda.amazonaws.com"
ROOT, OTHER = f"arn:aws:iam::{ACCOUNT}:root", f"arn:aws:iam::{ACCOUNT}:role/other"
OF_LAMBDA = {"Effect": "Allow", "Action": "sts:AssumeRole", "Principal": {"Service": LAMBDA}}


def role(*statements: Any, framework: str = "live") -> Role:
    arn = f"arn:aws:iam::{ACCOUNT}:role/app"
    resource = Resource(framework, "AWS::IAM::Role", arn, "app", arn, ACCOUNT, "", key=arn)
    return Role(resource, {"Version": "2012-10-17", "Statement": list(statements)})


def allows(principal: Any, **more: Any) -> dict[str, Any]:
    return {"Effect": "Allow", "Principal": principal, "Action": "sts:AssumeRole", **more}


def left(given: Role, *gone: str) -> list[Any]:
    return list(json.loads(without(given, lambda _, value: value in gone))["Statement"])


@pytest.mark.parametrize(
    ("statements", "expected"),
    [
        ([allows({"Service": [LAMBDA, EDGE], "AWS": ROOT})], [allows({"Service": [LAMBDA, EDGE]})]),
        ([OF_LAMBDA, allows({"AWS": [ROOT, OTHER]})], [OF_LAMBDA, allows({"AWS": OTHER})]),
        ([allows({"Service": LAMBDA}), allows({"AWS": ROOT})], [allows({"Service": LAMBDA})]),
        ([allows({"AWS": ROOT})], [OF_LAMBDA]),
        ([allows("*")], [OF_LAMBDA]),
        ([{"Effect": "Allow", "NotPrincipal": {"AWS": OTHER}, "Action": "sts:AssumeRole"}], [OF_LAMBDA]),
        ([{**allows("*"), "Effect": "Deny"}], [{**allows("*"), "Effect": "Deny"}, OF_LAMBDA]),
        ([allows({"Service": EDGE}, Sid="edge")], [allows({"Service": EDGE}, Sid="edge"), OF_LAMBDA]),
        ([None, "odd"], [OF_LAMBDA]),
    ],
)  # fmt: skip
def test_only_what_is_wrong_goes(statements: list[Any], expected: list[Any]) -> None:
    assert left(role(*statements), ROOT, "*") == expected


def test_code_gets_a_policy_that_admits_lambda() -> None:
    assert left(role(allows({"Service": EDGE}), framework="terraform")) == [OF_LAMBDA]


def test_lambda_is_held_to_the_account_and_others_are_not() -> None:
    both = allows({"Service": [LAMBDA, EDGE]}, Sid="both", Condition={"StringEquals": {"aws:SourceOrgID": "o-1"}})
    deny = {**allows({"Service": LAMBDA}), "Effect": "Deny"}
    own, condition = {"Service": LAMBDA}, {"StringEquals": {"aws:SourceOrgID": "o-1", "aws:SourceAccount": ACCOUNT}}
    assert json.loads(restricted(role(both, deny)))["Statement"] == [
        {**both, "Principal": {"Service": EDGE}},
        {**allows(own), "Condition": condition},
        deny,
    ]


def with_lambda(given: Role) -> list[Any]:
    request = Request(LAMBDA, "sts:AssumeRole", given.resource.arn, context={"aws:SourceAccount": ACCOUNT})
    return list(
        json.loads(admitting(given, [LAMBDA], lambda p: bool(evaluate(request, resource_policy=p).allowed)))[
            "Statement"
        ]
    )


HELD = {"Condition": {"StringEquals": {"aws:SourceAccount": ACCOUNT}}}
STRANGER = {"Condition": {"StringEquals": {"aws:SourceAccount": "444455556666"}}}
DENY_ALL = {**allows("*"), "Effect": "Deny"}


@pytest.mark.parametrize(
    ("statements", "expected"),
    [
        ([allows({"AWS": ROOT}, Sid="people")], [allows({"AWS": ROOT}, Sid="people"), OF_LAMBDA]),
        ([allows({"Service": EDGE}, **STRANGER)], [allows({"Service": EDGE}, **STRANGER), OF_LAMBDA]),
        ([allows({"Service": [LAMBDA, EDGE]}, **STRANGER)],
         [allows({"Service": EDGE}, **STRANGER), {**OF_LAMBDA, **HELD}]),
        ([allows({"Service": LAMBDA}, Action="sts:TagSession")], [OF_LAMBDA]),
        ([allows({"AWS": ROOT}), DENY_ALL], [allows({"AWS": ROOT}), OF_LAMBDA]),
        ([None], [OF_LAMBDA]),
    ],
)  # fmt: skip
def test_lambda_is_let_in_and_others_stay(statements: list[Any], expected: list[Any]) -> None:
    assert with_lambda(role(*statements)) == expected


def test_a_deny_that_does_not_matter_stays() -> None:
    deny = {**allows({"AWS": OTHER}), "Effect": "Deny"}
    assert with_lambda(role(deny)) == [deny, OF_LAMBDA]
