"""What is read last: how many calls it costs, and that no call is made twice."""

from __future__ import annotations

from typing import Any

from fake_aws import ACCOUNT, REGION, FakeAccount, function

from rolecall.findings import Status
from rolecall.live import Collected, collect, needs_of
from rolecall.live.function_urls import _AT_ONCE
from rolecall.rules import run

OPEN = [
    {
        "Effect": "Allow",
        "Principal": "*",
        "Action": "lambda:InvokeFunctionUrl",
        "Resource": "*",
        "Condition": {"StringEquals": {"lambda:FunctionUrlAuthType": "NONE"}},
    },
    {"Effect": "Allow", "Principal": "*", "Action": "lambda:InvokeFunction", "Resource": "*"},
]
METRICS = "cloudwatch:ListMetrics"
CONFIGS = "lambda:ListFunctionUrlConfigs"


def read(aws: FakeAccount, *rules: str, regions: tuple[str, ...] = (REGION,)) -> Collected:
    return collect(aws.session(), account=ACCOUNT, partition="aws", regions=regions, needs=needs_of(rules))


def requested(*names: str) -> dict[str, Any]:
    dimensions = [[{"Name": "FunctionName", "Value": name}] for name in names]
    return {"Metrics": [{"MetricName": "UrlRequestCount", "Dimensions": each} for each in dimensions]}


def url(name: str, host: str, auth_type: str = "AWS_IAM") -> dict[str, Any]:
    arn = f"arn:aws:lambda:{REGION}:{ACCOUNT}:function:{name}"
    return {
        "for": {"FunctionName": name.partition(":")[0]},
        "FunctionUrlConfigs": [{"FunctionArn": arn, "FunctionUrl": f"https://{host}/", "AuthType": auth_type}],
    }


def distributions(*hosts: str) -> dict[str, Any]:
    origins = [{"Id": host, "DomainName": host, "OriginAccessControlId": "sign"} for host in hosts]
    controls = [{"Id": "sign", "OriginAccessControlOriginType": "lambda", "SigningBehavior": "always"}]
    listed = {"Id": "E1", "ARN": f"arn:aws:cloudfront::{ACCOUNT}:distribution/E1", "Origins": {"Items": origins}}
    return {
        "cloudfront:ListDistributions": {"DistributionList": {"IsTruncated": False, "Items": [listed]}},
        "cloudfront:ListOriginAccessControls": {"OriginAccessControlList": {"Items": controls}},
    }


def test_functions_of_which_nothing_tells_that_they_have_a_url_cost_no_call() -> None:
    aws = FakeAccount([function(f"f{n}") for n in range(50)], answers={METRICS: requested("f7")})
    read(aws, "RC313")
    assert aws.requests == {"lambda:ListFunctions": 1, "lambda:GetPolicy": 50, METRICS: 1, CONFIGS: 1}


def test_the_policy_of_an_alias_with_a_url_is_read_unless_it_is_known_already() -> None:
    answers = {METRICS: requested("f", "g"), CONFIGS: [url("f:live", "a", "NONE"), url("g:live", "b", "NONE")]}
    topic = f"arn:aws:sns:{REGION}:{ACCOUNT}:t"
    calls_f = {"Protocol": "lambda", "TopicArn": topic, "SubscriptionArn": f"{topic}:0"}
    calls_f["Endpoint"] = f"{function('f')['FunctionArn']}:live"
    answers["sns:ListSubscriptions"] = {"Subscriptions": [calls_f]}
    policies = {f"{name}:live": {"Version": "2012-10-17", "Statement": OPEN} for name in "fg"}
    aws = FakeAccount([function("f"), function("g")], policies=policies, answers=answers)
    collected = read(aws, "RC305", "RC313")
    assert aws.requests["lambda:GetPolicy"] == 4
    assert [finding.status for finding in run(collected.inventory, only=["RC313"])] == [Status.PASS, Status.PASS]


def test_functions_are_asked_for_the_url_of_an_origin_until_it_is_found() -> None:
    host = f"abc.lambda-url.{REGION}.on.aws"
    answers = {**distributions(host), CONFIGS: [url("f0", host)]}
    aws = FakeAccount([function(f"f{n}") for n in range(3 * _AT_ONCE)], answers=answers)
    findings = {finding.function: finding.status for finding in run(read(aws, "RC315").inventory, only=["RC315"])}
    assert aws.requests[CONFIGS] == _AT_ONCE
    assert [name for name, status in findings.items() if status is Status.FAIL] == ["f0"]


def test_an_origin_of_a_url_that_is_known_costs_no_call() -> None:
    host = f"abc.lambda-url.{REGION}.on.aws"
    answers = {**distributions(host), METRICS: requested("f0"), CONFIGS: [url("f0", host)]}
    aws = FakeAccount([function(f"f{n}") for n in range(9)], answers=answers)
    assert len(read(aws, "RC315").inventory.invokers) == 2
    assert aws.requests[CONFIGS] == 1


def test_when_no_function_tells_its_urls_the_others_are_not_asked() -> None:
    answers = {**distributions(f"abc.lambda-url.{REGION}.on.aws"), CONFIGS: {"error": "AccessDeniedException"}}
    aws = FakeAccount([function(f"f{n}") for n in range(3 * _AT_ONCE)], answers=answers)
    findings = list(run(read(aws, "RC315").inventory, only=["RC315"]))
    assert aws.requests[CONFIGS] == _AT_ONCE
    assert {finding.status for finding in findings} == {Status.UNKNOWN}
    assert all("lambda:ListFunctionUrlConfigs was denied" in finding.message for finding in findings)


def test_a_function_that_may_not_tell_its_urls_is_not_one_without() -> None:
    host = f"abc.lambda-url.{REGION}.on.aws"
    denied = {"for": {"FunctionName": "hidden"}, "error": "AccessDeniedException"}
    answers = {**distributions(host), METRICS: requested("hidden"), CONFIGS: [url("f", host), denied]}
    inventory = read(FakeAccount([function("f"), function("hidden")], answers=answers), "RC315").inventory
    findings = {(finding.rule, finding.function): finding.status for finding in run(inventory, ["RC313", "RC315"])}
    assert findings["RC313", "hidden"] is Status.UNKNOWN
    assert findings["RC315", "hidden"] is Status.PASS  # the URL of the origin is found
    assert ("function_url", function("hidden")["FunctionArn"]) not in inventory.none


def test_no_function_is_asked_for_the_url_of_another_region() -> None:
    answers = distributions("abc.lambda-url.us-west-2.on.aws", "abc.lambda-url.us-west-2.on.aws.example.com")
    aws = FakeAccount([function("f")], answers=answers)
    assert read(aws, "RC315").inventory.invokers == ()
    assert aws.requests[CONFIGS] == 0


def test_distributions_are_not_read_for_the_edge_unless_its_region_is() -> None:
    aws = FakeAccount([function("f"), function("edge", region="us-east-1")])
    read(aws, "RC104")
    assert aws.requests["cloudfront:ListDistributions"] == 0
    read(aws, "RC104", regions=(REGION, "us-east-1"))
    assert aws.requests["cloudfront:ListDistributions"] == 1
