"""Policies that AWS Config recorded are used where they are certainly of now; else Lambda is asked."""

from __future__ import annotations

import json
from datetime import timedelta
from typing import Any

import pytest
from config_account import CHANGED, HEALTHY, RECORDER, RULES, config, item, lambda_, only, policy, scanned, statement
from fake_aws import DENIED, REGION, AwsError, FakeAccount

from rolecall.findings import Status
from rolecall.live import plan

ELSEWHERE = "us-west-2"


def test_a_hundred_policies_come_in_one_call() -> None:
    names = [f"f{number}" for number in range(250)]
    result = scanned(FakeAccount([lambda_(name) for name in names], answers=config(map(item, names))))
    assert {finding.status for finding in result.findings} == {Status.PASS}
    assert result.calls == {
        "lambda:ListFunctions": 5,
        "config:DescribeConfigurationRecorders": 1,
        "config:DescribeConfigurationRecorderStatus": 1,
        "config:BatchGetResourceConfig": 3,
    }
    assert result.notes == ("policies from AWS Config: 250 of 250 functions",)


@pytest.mark.parametrize(
    ("using", "calls"), [(False, {"lambda": 1020, "config": 0}), (True, {"lambda": 20, "config": 12})]
)
def test_a_thousand_functions(using: bool, calls: dict[str, int]) -> None:
    names = [f"f{number}" for number in range(1000)]
    policies = {name: policy(name) for name in names}
    aws = FakeAccount([lambda_(name) for name in names], policies=policies, answers=config(map(item, names)))
    made = scanned(aws, using=using).calls
    assert {service: sum(n for call, n in made.items() if call.startswith(service)) for service in calls} == calls


def test_a_finding_says_what_it_rests_on() -> None:
    finding = only(scanned(FakeAccount([lambda_("f")], answers=config([item("f")]))))
    assert finding.status is Status.PASS
    assert finding.evidence == ("policy of f as AWS Config recorded it on 2026-05-01 12:01:00 UTC",)
    assert (
        finding.message == only(scanned(FakeAccount([lambda_("f")], policies={"f": policy("f")}), using=False)).message
    )


def test_that_a_function_has_no_url_rests_on_its_policy() -> None:
    finding = only(scanned(FakeAccount([lambda_("f")], answers=config([item("f")])), "RC313"))
    assert finding.message.startswith("No statement of the policy of f speaks of a function URL")
    assert any("as AWS Config recorded it" in fact for fact in finding.evidence)


def test_that_nothing_is_wired_to_a_function_rests_on_no_policy() -> None:
    assert only(scanned(FakeAccount([lambda_("f")], answers=config([item("f")])), "RC305")).evidence == ()


def test_without_the_option_aws_config_is_not_asked() -> None:
    result = scanned(FakeAccount([lambda_("f")], policies={"f": policy("f")}, answers=config([item("f")])), using=False)
    assert result.calls == {"lambda:ListFunctions": 1, "lambda:GetPolicy": 1}
    assert result.notes == ()


def test_rules_that_need_no_policy_do_not_ask_aws_config() -> None:
    result = scanned(FakeAccount([lambda_("f")], answers=config([item("f")])), "RC102")
    assert result.calls == {"lambda:ListFunctions": 1}
    assert result.notes == ()


def test_a_policy_may_be_written_as_json_twice_and_an_unchanged_function_counts() -> None:
    twice = item("f", json.dumps(json.dumps(policy("f"))), configurationItemStatus="ResourceDiscovered")
    assert scanned(FakeAccount([lambda_("f")], answers=config([twice]))).calls["lambda:GetPolicy"] == 0


OF_ALIAS = {"Version": "2012-10-17", "Statement": [{**statement("f"), "Resource": f"{item('f')['arn']}:live"}]}
EARLIER = CHANGED - timedelta(seconds=1)
NONE, ODD, REVISION = "without a policy", "with a policy of another form", "at another revision"
UNUSABLE: dict[str, tuple[list[dict[str, Any]], str]] = {
    "no item": ([], "not recorded"),
    "of another function": ([item("f", arn=item("g")["arn"])], "not recorded"),
    "not recorded any more": ([item("f", configurationItemStatus="ResourceNotRecorded")], "as ResourceNotRecorded"),
    "of no status": ([item("f", configurationItemStatus="")], "recorded as "),
    "recorded once a day": ([item("f", recordingFrequency="DAILY")], "recorded once a day"),
    "older than the function": ([item("f", configurationItemCaptureTime=EARLIER)], "before the function changed"),
    "of another revision": ([item("f", configuration='{"revisionId": "r0"}')], REVISION),
    "of no revision": ([item("f", configuration="{}")], REVISION),
    "of no configuration": ([item("f", configuration="null")], REVISION),
    "of a configuration that is no JSON": ([item("f", configuration="{")], REVISION),
    "without supplementary configuration": ([item("f", supplementaryConfiguration={})], NONE),
    "without policy": ([item("f", "null")], NONE),
    "with an empty text": ([item("f", supplementaryConfiguration={"Policy": ""})], NONE),
    "with no statement": ([item("f", {"Version": "2012-10-17", "Statement": []})], NONE),
    "with a policy of another form": ([item("f", {"policyText": json.dumps(policy("f"))})], ODD),
    "with a policy that is no JSON": ([item("f", "{")], ODD),
    "with a policy that is a list": ([item("f", "[]")], ODD),
    "with the policy of an alias": ([item("f", OF_ALIAS)], ODD),
}


@pytest.mark.parametrize(("items", "why"), UNUSABLE.values(), ids=UNUSABLE)
def test_an_item_that_does_not_certainly_tell_is_not_used(items: list[dict[str, Any]], why: str) -> None:
    answers = config([], **{"config:BatchGetResourceConfig": {"baseConfigurationItems": items}})
    result = scanned(FakeAccount([lambda_("f")], policies={"f": policy("f")}, answers=answers))
    assert (only(result).status, only(result).evidence) == (Status.PASS, ())
    assert result.calls["lambda:GetPolicy"] == 1
    assert result.unread == ()
    assert result.notes[0] == "policies from AWS Config: 0 of 1 functions"
    assert result.notes[1].endswith(f"{why} (1)")


@pytest.mark.parametrize("missing", ["LastModified", "RevisionId", "configurationItemCaptureTime"])
def test_what_cannot_be_compared_is_not_used(missing: str) -> None:
    listed, recorded = lambda_("f"), item("f")
    listed.pop(missing, None)
    recorded.pop(missing, None)
    aws = FakeAccount([listed], policies={"f": policy("f")}, answers=config([recorded]))
    assert scanned(aws).calls["lambda:GetPolicy"] == 1


def test_keys_that_were_not_processed_are_left_to_lambda() -> None:
    left = {"unprocessedResourceKeys": [{"resourceType": "AWS::Lambda::Function", "resourceId": "f"}]}
    answers = config([], **{"config:BatchGetResourceConfig": left})
    result = scanned(FakeAccount([lambda_("f")], policies={"f": policy("f")}, answers=answers))
    assert result.calls["config:BatchGetResourceConfig"] == result.calls["lambda:GetPolicy"] == 1
    assert result.notes[1] == "policies from Lambda instead: not recorded (1)"


FUNCTION = "AWS::Lambda::Function"
EXCLUDING = {"useOnly": "EXCLUSION_BY_RESOURCE_TYPES"}


@pytest.mark.parametrize(
    ("group", "records"),
    [
        ({"allSupported": True, "recordingStrategy": {"useOnly": "ALL_SUPPORTED_RESOURCE_TYPES"}}, True),
        ({"allSupported": False, "resourceTypes": ["AWS::S3::Bucket", FUNCTION]}, True),
        ({"allSupported": False, "resourceTypes": ["AWS::S3::Bucket"]}, False),
        ({"recordingStrategy": EXCLUDING, "exclusionByResourceTypes": {"resourceTypes": ["AWS::S3::Bucket"]}}, True),
        ({"recordingStrategy": EXCLUDING, "exclusionByResourceTypes": {"resourceTypes": [FUNCTION]}}, False),
        ({}, False),
    ],
)
def test_which_recorders_record_functions(group: dict[str, Any], records: bool) -> None:
    recorders = {"ConfigurationRecorders": [{"name": "default", "recordingGroup": group}]}
    answers = config([item("f")], **{"config:DescribeConfigurationRecorders": recorders})
    result = scanned(FakeAccount([lambda_("f")], policies={"f": policy("f")}, answers=answers))
    assert result.calls["config:BatchGetResourceConfig"] == records
    assert result.calls["lambda:GetPolicy"] == (not records)


@pytest.mark.parametrize(
    "status",
    [
        {"recording": False},
        {"lastStatus": "FAILURE"},
        {"lastStatus": "Pending"},
        {"name": "another"},
    ],
)
def test_a_recorder_that_stands_still_or_fails_is_not_relied_on(status: dict[str, Any]) -> None:
    answers = {"config:DescribeConfigurationRecorderStatus": {"ConfigurationRecordersStatus": [{**HEALTHY, **status}]}}
    aws = FakeAccount([lambda_("f")], policies={"f": policy("f")}, answers=config([item("f")], **answers))
    result = scanned(aws)
    assert (result.calls["config:BatchGetResourceConfig"], result.calls["lambda:GetPolicy"]) == (0, 1)
    assert result.notes[1].endswith(f": AWS Config does not record without errors in {REGION} (1)")


@pytest.mark.parametrize("action", [call for call in plan.calls_of(RULES, True) if call.startswith("config:")])
@pytest.mark.parametrize("error", [DENIED, AwsError("ThrottlingException"), AwsError("InternalFailure", 500)])
def test_where_aws_config_does_not_answer_lambda_is_asked_and_nothing_is_missing(
    action: str, error: AwsError, no_waiting: None
) -> None:
    names = ["f", "g"]
    aws = FakeAccount(
        [lambda_(name) for name in names],
        policies={name: policy(name) for name in names},
        answers=config(map(item, names)),
        errors={action: error},
    )
    result = scanned(aws)
    assert [finding.status for finding in result.findings] == [Status.PASS, Status.PASS]
    assert result.calls["lambda:GetPolicy"] == 2
    assert result.unread == ()
    assert f": {action} " in result.notes[1]
    assert result.notes[1].endswith("(2)")


def test_each_region_by_itself() -> None:
    functions = [lambda_("f"), lambda_("g"), lambda_("f", ELSEWHERE)]
    here = {"for": {"region": REGION}, "ConfigurationRecorders": [RECORDER]}
    answers = {"config:DescribeConfigurationRecorders": [here, {"ConfigurationRecorders": []}]}
    items = [item("f"), item("g"), item("f", region=ELSEWHERE)]
    policies = {"f": policy("f", region=ELSEWHERE)}
    aws = FakeAccount(functions, policies=policies, answers=config(items, **answers))
    result = scanned(aws, regions=(REGION, ELSEWHERE))
    assert [finding.status for finding in result.findings] == [Status.PASS] * 3
    assert (result.calls["config:BatchGetResourceConfig"], result.calls["lambda:GetPolicy"]) == (1, 1)
    assert result.notes == (
        "policies from AWS Config: 2 of 3 functions",
        f"policies from Lambda instead: AWS Config does not record functions in {ELSEWHERE} (1)",
    )
    both = FakeAccount(functions, answers=config(items))
    assert scanned(both, regions=(REGION, ELSEWHERE)).calls["lambda:GetPolicy"] == 0


def test_the_plan_names_what_the_option_takes() -> None:
    without, taken = plan.calls_of(RULES), plan.calls_of(RULES, policies_from_config=True)
    assert set(taken) - set(without) == {
        "config:BatchGetResourceConfig",
        "config:DescribeConfigurationRecorderStatus",
        "config:DescribeConfigurationRecorders",
    }
    assert "AWS Config has no policy of" in taken["lambda:GetPolicy"]
    assert plan.calls_of(["RC101"], policies_from_config=True) == plan.calls_of(["RC101"])
    assert plan.policy_of(RULES, True)["Statement"][0]["Action"] == list(taken)
