"""Functions and roles that come and go while an account is read: nothing ill is said of what is gone."""

from __future__ import annotations

from typing import Any

from fake_aws import ACCOUNT, DENIED, LAMBDA_TRUST, REGION, AwsError, FakeAccount, function

from rolecall.findings import Status
from rolecall.live import Collected, collect, needs_of
from rolecall.rules import run

ARN = f"arn:aws:lambda:{REGION}:{ACCOUNT}:function:f"
GONE = AwsError("ResourceNotFoundException", 404)
TOPIC = {
    "sns:ListSubscriptions": {
        "Subscriptions": [
            {
                "SubscriptionArn": f"arn:aws:sns:{REGION}:{ACCOUNT}:orders:1",
                "TopicArn": f"arn:aws:sns:{REGION}:{ACCOUNT}:orders",
                "Protocol": "lambda",
                "Endpoint": ARN,
            }
        ]
    }
}


def read(aws: FakeAccount, *rules: str) -> tuple[Collected, dict[str, Status]]:
    collected = collect(aws.session(), account=ACCOUNT, partition="aws", regions=[REGION], needs=needs_of(rules))
    return collected, {finding.rule: finding.status for finding in run(collected.inventory, only=rules)}


def without_role(**more: Any) -> FakeAccount:
    return FakeAccount([function("f", "role/gone")], {"role/new": LAMBDA_TRUST}, **more)


def test_a_function_that_went_with_its_role_is_not_reported() -> None:
    collected, said = read(without_role(errors={"lambda:GetFunctionConfiguration": GONE}), "RC101", "RC103")
    assert said == {}
    assert not collected.unread
    assert collected.calls["lambda:GetFunctionConfiguration"] == 1


def test_a_function_whose_role_is_gone_and_which_is_still_there_fails() -> None:
    assert read(without_role(), "RC101")[1] == {"RC101": Status.FAIL}


def test_a_function_that_has_another_role_by_now_is_judged_by_that() -> None:
    now = {"lambda:GetFunctionConfiguration": dict(function("f", "role/new"))}
    _, said = read(without_role(answers=now), "RC101", "RC103")
    assert said == {"RC101": Status.PASS, "RC103": Status.PASS}


def test_a_new_role_that_is_gone_too_fails() -> None:
    now = {"lambda:GetFunctionConfiguration": dict(function("f", "role/gone_too"))}
    collected, said = read(without_role(answers=now), "RC101")
    assert said == {"RC101": Status.FAIL}
    assert collected.calls["iam:GetRole"] == 2


def test_what_cannot_be_confirmed_is_not_known() -> None:
    collected, said = read(without_role(errors={"lambda:GetFunctionConfiguration": DENIED}), "RC101", "RC103")
    assert said == {"RC101": Status.UNKNOWN, "RC103": Status.UNKNOWN}
    assert collected.unread == ("lambda:GetFunctionConfiguration was denied",)


def test_functions_that_have_their_roles_are_not_asked_for_again() -> None:
    collected, _ = read(FakeAccount([function("f")], {"role/app": LAMBDA_TRUST}), "RC101", "RC103", "RC341")
    assert collected.calls["lambda:GetFunctionConfiguration"] == 0


def test_a_function_that_went_with_its_policy_is_not_reported() -> None:
    aws = FakeAccount([function("f")], answers=TOPIC, errors={"lambda:GetFunctionConfiguration": GONE})
    assert read(aws, "RC305")[1] == {}


def test_a_function_without_policy_that_is_still_there_fails() -> None:
    assert read(FakeAccount([function("f")], answers=TOPIC), "RC305")[1] == {"RC305": Status.FAIL}


def test_whether_a_function_without_policy_went_may_not_be_known() -> None:
    aws = FakeAccount([function("f")], answers=TOPIC, errors={"lambda:GetFunctionConfiguration": DENIED})
    collected, said = read(aws, "RC305")
    assert said == {"RC305": Status.UNKNOWN}
    assert collected.unread


def test_a_function_without_policy_that_nothing_calls_is_not_asked_for_again() -> None:
    collected, said = read(FakeAccount([function("f")]), "RC305")
    assert said == {"RC305": Status.PASS}
    assert collected.calls["lambda:GetFunctionConfiguration"] == 0


def test_a_role_that_the_listing_does_not_have_yet_is_found_by_name() -> None:
    aws = FakeAccount([function("f")], {"role/app": LAMBDA_TRUST}, unlisted=frozenset({"role/app"}))
    collected, said = read(aws, "RC101", "RC103")
    assert said == {"RC101": Status.PASS, "RC103": Status.PASS}
    assert collected.calls["lambda:GetFunctionConfiguration"] == 0
