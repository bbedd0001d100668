"""Policies that AWS Config recorded: used where they are certainly of now; else Lambda is asked, and for each FAIL."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from datetime import datetime, timedelta, timezone
from typing import Any

import pytest
from fake_aws import ACCOUNT, DENIED, REGION, AwsError, FakeAccount, function

from rolecall.findings import Finding, Status
from rolecall.live import Account, Scan, plan, scan

CHANGED = datetime(2026, 5, 1, 12, tzinfo=timezone.utc)
ELSEWHERE = "us-west-2"
RULES = ("RC341",)
RECORDER = {"name": "default", "recordingGroup": {"allSupported": True}}
HEALTHY = {"name": "default", "recording": True, "lastStatus": "SUCCESS"}


def lambda_(name: str, region: str = REGION, **more: Any) -> dict[str, Any]:
    return function(name, region=region, LastModified="2026-05-01T12:00:00.000+0000", RevisionId="r1", **more)


def statement(name: str, region: str = REGION, restricted: bool = True) -> dict[str, Any]:
    condition = {"Condition": {"StringEquals": {"AWS:SourceAccount": ACCOUNT}}} if restricted else {}
    return {
        "Sid": "topic",
        "Effect": "Allow",
        "Principal": {"Service": "sns.amazonaws.com"},
        "Action": "lambda:InvokeFunction",
        "Resource": function(name, region=region)["FunctionArn"],
        **condition,
    }


def policy(name: str, **more: Any) -> dict[str, Any]:
    return {"Version": "2012-10-17", "Statement": [statement(name, **more)]}


def item(name: str, document: object = None, region: str = REGION, **more: Any) -> dict[str, Any]:
    """The configuration item of a function. document: its policy, or its text."""
    text = document if isinstance(document, str) else json.dumps(document or policy(name, region=region))
    return {
        "arn": function(name, region=region)["FunctionArn"],
        "configurationItemCaptureTime": CHANGED + timedelta(minutes=1),
        "configurationItemStatus": "OK",
        "configuration": json.dumps({"functionName": name, "revisionId": "r1"}),
        "supplementaryConfiguration": {"Policy": text},
        **more,
    }


def config(items: Iterable[Mapping[str, Any]], **more: Any) -> dict[str, Any]:
    """Answers of AWS Config, which takes no more than 100 keys."""
    by_place = {(str(one["arn"]).split(":")[3], str(one["arn"]).split(":")[6]): one for one in items}

    def batch(asked: Mapping[str, Any]) -> dict[str, Any]:
        names = [key["resourceId"] for key in asked["resourceKeys"]]
        assert len(names) <= 100
        assert {key["resourceType"] for key in asked["resourceKeys"]} == {"AWS::Lambda::Function"}
        found = [by_place[asked["region"], name] for name in names if (asked["region"], name) in by_place]
        return {"baseConfigurationItems": found, "unprocessedResourceKeys": []}

    return {
        "config:DescribeConfigurationRecorders": {"ConfigurationRecorders": [RECORDER]},
        "config:DescribeConfigurationRecorderStatus": {"ConfigurationRecordersStatus": [HEALTHY]},
        "config:BatchGetResourceConfig": batch,
        **more,
    }


def subscribed(endpoint: str) -> dict[str, Any]:
    topic = f"arn:aws:sns:{REGION}:{ACCOUNT}:t"
    subscription = {"Protocol": "lambda", "TopicArn": topic, "SubscriptionArn": f"{topic}:0", "Endpoint": endpoint}
    return {"sns:ListSubscriptions": {"Subscriptions": [subscription]}}


def urls(*names: str) -> dict[str, Any]:
    listed = [
        {
            "for": {"FunctionName": name},
            "FunctionUrlConfigs": [
                {
                    "FunctionUrl": f"https://{name}.lambda-url.{REGION}.on.aws/",
                    "FunctionArn": function(name)["FunctionArn"],
                    "CreationTime": "2026-01-01T00:00:00Z",
                    "AuthType": "NONE",
                }
            ],
        }
        for name in names
    ]
    return {"lambda:ListFunctionUrlConfigs": listed}


def scanned(aws: FakeAccount, *rules: str, regions: tuple[str, ...] = (REGION,), using: bool = True) -> Scan:
    account = Account(ACCOUNT, "aws", REGION)
    return scan(aws.session(), account, regions, rules or RULES, policies_from_config=using)


def only(result: Scan) -> Finding:
    [finding] = result.findings
    return finding


def test_a_hundred_policies_come_in_one_call() -> None:
    names = [f"f{number}" for number in range(250)]
    result = scanned(FakeAccount([lambda_(name) for name in names], answers=config(map(item, names))))
    assert {finding.status for finding in result.findings} == {Status.PASS}
    assert result.calls == {
        "lambda:ListFunctions": 1,
        "config:DescribeConfigurationRecorders": 1,
        "config:DescribeConfigurationRecorderStatus": 1,
        "config:BatchGetResourceConfig": 3,
    }
    assert result.notes == ("policies from AWS Config: 250 of 250 functions",)


@pytest.mark.parametrize(
    ("using", "calls"), [(False, {"lambda": 1001, "config": 0}), (True, {"lambda": 1, "config": 12})]
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


def test_a_fail_is_confirmed_and_the_rest_is_not_asked_for() -> None:
    names = [f"f{number}" for number in range(10)]
    items = [item(name, policy(name, restricted=name != "f3")) for name in names]
    result = scanned(
        FakeAccount(
            [lambda_(name) for name in names],
            policies={"f3": policy("f3", restricted=False)},
            answers=config(items),
        )
    )
    assert [finding.function for finding in result.findings if finding.status is Status.FAIL] == ["f3"]
    assert result.calls["lambda:GetPolicy"] == 1
    assert result.notes == (
        "policies from AWS Config: 9 of 10 functions",
        "policies from Lambda instead: a rule fails (1)",
    )


def test_a_fail_that_lambda_does_not_confirm_is_none() -> None:
    stale = item("f", policy("f", restricted=False))
    result = scanned(FakeAccount([lambda_("f")], policies={"f": policy("f")}, answers=config([stale])))
    assert (only(result).status, only(result).evidence) == (Status.PASS, ())


def test_a_fail_that_lambda_cannot_confirm_is_unknown() -> None:
    recorded = item("f", policy("f", restricted=False))
    aws = FakeAccount([lambda_("f")], answers=config([recorded]), errors={"lambda:GetPolicy": DENIED})
    result = scanned(aws)
    assert only(result).status is Status.UNKNOWN
    assert result.unread == ("lambda:GetPolicy was denied",)


def test_a_function_that_is_gone_is_not_reported() -> None:
    recorded = item("f", policy("f", restricted=False))
    topic = f"arn:aws:sns:{REGION}:{ACCOUNT}:t"
    subscription = {
        "Protocol": "lambda",
        "TopicArn": topic,
        "SubscriptionArn": f"{topic}:0",
        "Endpoint": recorded["arn"],
    }
    aws = FakeAccount(
        [lambda_("f")],
        answers=config([recorded], **{"sns:ListSubscriptions": {"Subscriptions": [subscription]}}),
        errors={"lambda:GetFunctionConfiguration": AwsError("ResourceNotFoundException", 404)},
    )
    assert scanned(aws, "RC305", "RC341").findings == ()


def test_what_a_policy_that_is_another_one_tells_is_read_too() -> None:
    """The policy of now speaks of a function URL, which the recorded one does not: it is found, and judged."""
    now = policy("f")
    now["Statement"].append({**statement("f"), "Action": "lambda:InvokeFunctionUrl", "Principal": "*"})
    answers = config([item("f", policy("f", restricted=False))], **urls("f"))
    result = scanned(FakeAccount([lambda_("f")], policies={"f": now}, answers=answers), "RC313", "RC341")
    said = {finding.rule: finding.status for finding in result.findings}
    assert said == {"RC313": Status.FAIL, "RC341": Status.PASS}
    assert result.calls["lambda:GetPolicy"] == 1


def test_a_confirmed_policy_costs_no_other_call() -> None:
    answers = config([item("f", policy("f", restricted=False))])
    aws = FakeAccount([lambda_("f")], policies={"f": policy("f", restricted=False)}, answers=answers)
    assert scanned(aws, "RC313", "RC341").calls["cloudwatch:ListMetrics"] == 1


def test_a_finding_on_a_function_that_is_called_says_what_it_rests_on() -> None:
    answers = config([item("f", policy("f", restricted=False))], **subscribed(item("f")["arn"]))
    finding = only(scanned(FakeAccount([lambda_("f")], answers=answers), "RC305"))
    assert finding.status is Status.PASS
    assert any("as AWS Config recorded it" in fact for fact in finding.evidence)


def test_aliases_are_read_from_lambda() -> None:
    alias = f"{item('f')['arn']}:live"
    allowed = {"Version": "2012-10-17", "Statement": [{**statement("f", restricted=False), "Resource": alias}]}
    aws = FakeAccount([lambda_("f")], policies={"f:live": allowed}, answers=config([item("f")], **subscribed(alias)))
    result = scanned(aws, "RC305")
    assert only(result).status is Status.PASS
    assert not any("AWS Config" in fact for fact in only(result).evidence)
    assert result.calls["lambda:GetPolicy"] == 1


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
