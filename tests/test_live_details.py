"""What is asked for once functions are known: how often, of whom, and what becomes of odd answers."""

from __future__ import annotations

from typing import Any

import pytest
from fake_aws import ACCOUNT, DENIED, REGION, AwsError, FakeAccount, FakeRole, function

from rolecall.findings import Status
from rolecall.live import Collected, collect, needs_of
from rolecall.live.details import ACTIONS
from rolecall.live.services import PARTS
from rolecall.model import Function, Target
from rolecall.rules import run
from rolecall.unknown import Unknown

RULES = ("RC124", "RC126", "RC127", "RC129", "RC202", "RC203")
QUEUE, KEY = f"arn:aws:sqs:{REGION}:{ACCOUNT}:orders", f"arn:aws:kms:{REGION}:{ACCOUNT}:key/1234"
STREAM = f"arn:aws:kinesis:{REGION}:{ACCOUNT}:stream/orders"
BUCKET = "arn:aws:s3:::failures"
POLICY = '{"Version": "2012-10-17", "Statement": []}'


def read(aws: FakeAccount, *rules: str) -> Collected:
    return collect(aws.session(), account=ACCOUNT, partition="aws", regions=[REGION], needs=needs_of(rules))


def mapping(name: str, source: str, **more: Any) -> dict[str, Any]:
    return {"FunctionArn": f"arn:aws:lambda:{REGION}:{ACCOUNT}:function:{name}", "EventSourceArn": source, **more}


def target(collected: Collected, arn: str) -> Target:
    found = collected.inventory.target(arn, "")
    assert found is not None
    return found


def of(collected: Collected, name: str = "f") -> Function:
    return collected.inventory.functions[f"arn:aws:lambda:{REGION}:{ACCOUNT}:function:{name}"]


def test_what_many_functions_name_is_asked_for_once() -> None:
    names = [f"f{number}" for number in range(50)]
    aws = FakeAccount(
        [function(name, DeadLetterConfig={"TargetArn": QUEUE}) for name in names],
        {"role/app": FakeRole()},
        mappings=[mapping(name, QUEUE, UUID=name) for name in names],
        answers={
            "sqs:GetQueueAttributes": {"Attributes": {"KmsMasterKeyId": "1234", "Policy": POLICY}},
            "kms:GetKeyPolicy": {"Policy": POLICY},
        },
    )
    collected = read(aws, *RULES)
    assert collected.calls["sqs:GetQueueAttributes"] == 1
    assert collected.calls["kms:GetKeyPolicy"] == 1
    assert sum(collected.calls.values()) < 15
    assert target(collected, QUEUE).key == KEY
    assert of(collected, "f7").event_source_mappings[0].key == KEY


def test_only_what_the_rules_need_is_asked_for() -> None:
    aws = FakeAccount(
        [function("f", DeadLetterConfig={"TargetArn": BUCKET})],
        mappings=[mapping("f", QUEUE), mapping("f", STREAM)],
        answers={"sqs:GetQueueAttributes": {"Attributes": {"KmsMasterKeyId": "1234"}}},
    )
    assert dict(read(aws, "RC202").calls) == {
        "lambda:ListFunctions": 1,
        "lambda:ListEventSourceMappings": 1,
        "sqs:GetQueueAttributes": 1,
    }


def test_what_is_asked_for_is_known_by_its_action() -> None:
    """Whoever writes a policy for the reader takes the actions from the parts and needs."""
    system = f"arn:aws:elasticfilesystem:{REGION}:{ACCOUNT}:access-point/fsap-1"
    secret = f"arn:aws:secretsmanager:{REGION}:{ACCOUNT}:secret:s-AbCdEf"
    sources = [QUEUE, STREAM, f"arn:aws:dynamodb:{REGION}:{ACCOUNT}:table/t/stream/s", f"{STREAM}/consumer/c:1"]
    sources += [f"arn:aws:kafka:{REGION}:{ACCOUNT}:cluster/c/1", f"arn:aws:mq:{REGION}:{ACCOUNT}:broker:b:1"]
    targets = [f"arn:aws:sns:{REGION}:{ACCOUNT}:t", BUCKET, f"arn:aws:events:{REGION}:{ACCOUNT}:event-bus/b"]
    targets.append(f"arn:aws:lambda:{REGION}:{ACCOUNT}:function:f:live")
    aws = FakeAccount(
        [function("f", FileSystemConfigs=[{"Arn": system, "LocalMountPath": "/mnt"}])],
        {"role/app": FakeRole()},
        mappings=[
            mapping("f", source, DestinationConfig={"OnFailure": {"Destination": to}})
            for source, to in zip(sources, [*targets, *targets], strict=False)
        ]
        + [mapping("f", QUEUE, SourceAccessConfigurations=[{"Type": "BASIC_AUTH", "URI": secret}])],
        answers={
            "sqs:GetQueueAttributes": {"Attributes": {"KmsMasterKeyId": "alias/orders"}},
            "kms:DescribeKey": {"KeyMetadata": {"KeyId": "1234", "Arn": KEY}},
            "efs:DescribeAccessPoints": {"AccessPoints": [{"AccessPointArn": system, "FileSystemId": "fs-1"}]},
            "cloudwatch:ListMetrics": {"Metrics": [{"Dimensions": [{"Name": "FunctionName", "Value": "f"}]}]},
        },
    )
    made = set(read(aws, *RULES).calls) - {"lambda:ListFunctions", "lambda:ListEventSourceMappings"}
    made -= {"iam:GetAccountAuthorizationDetails"}
    others = {
        "monitoring:ListMetrics": "cloudwatch:ListMetrics",
        "s3:GetBucketEncryption": "s3:GetEncryptionConfiguration",
    }
    known = {action for actions in ACTIONS.values() for action in actions}
    known |= {action for part in PARTS.values() for action in part.actions}
    assert {others.get(call, call) for call in made} <= known
    assert {action for actions in ACTIONS.values() for action in actions} <= {others.get(call, call) for call in made}


@pytest.mark.parametrize(
    ("named", "described", "key"),
    [
        ("alias/aws/sqs", {}, None),
        (f"arn:aws:kms:{REGION}:{ACCOUNT}:alias/aws/sqs", {}, None),
        ("alias/own", {"KeyMetadata": {"KeyId": "1234", "Arn": KEY, "KeyManager": "CUSTOMER"}}, KEY),
        ("alias/own", {"KeyMetadata": {"KeyId": "1234", "Arn": KEY, "KeyManager": "AWS"}}, None),
        ("alias/own", {"error": "AccessDeniedException"}, "kms:DescribeKey was denied"),
        ("alias/own", {"error": "NotFoundException"}, "there is no key alias/own"),
        ("1234", {}, KEY),
        (KEY, {}, KEY),
    ],
)
def test_a_key_is_named_in_many_ways(named: str, described: dict[str, Any], key: str | None) -> None:
    aws = FakeAccount(
        [function("f")],
        {"role/app": FakeRole()},
        mappings=[mapping("f", QUEUE)],
        answers={
            "sqs:GetQueueAttributes": {"Attributes": {"KmsMasterKeyId": named}},
            "kms:DescribeKey": described,
            "kms:GetKeyPolicy": {"Policy": POLICY},
        },
    )
    found = target(read(aws, "RC126"), QUEUE).key
    assert (found.reason if isinstance(found, Unknown) else found) == key


@pytest.mark.parametrize("rule", ["RC126", "RC127"])
@pytest.mark.parametrize("policy", ["", "{}", "no JSON", "[]", '"text"', '{"Statement": 7}', '{"Statement": [null]}'])
def test_a_policy_that_is_none_breaks_nothing(rule: str, policy: str) -> None:
    aws = FakeAccount(
        [function("f", DeadLetterConfig={"TargetArn": QUEUE})],
        {"role/app": FakeRole()},
        mappings=[mapping("f", QUEUE)],
        answers={"sqs:GetQueueAttributes": {"Attributes": {"Policy": policy}}},
    )
    [finding] = run(read(aws, rule).inventory, only=[rule])
    assert finding.status is (Status.FAIL if policy in ("", "{}") else Status.UNKNOWN)


def test_the_stream_behind_a_consumer_has_the_key() -> None:
    consumer = f"{STREAM}/consumer/c:1"
    summary = {"StreamName": "orders", "StreamStatus": "ACTIVE", "EncryptionType": "KMS", "KeyId": KEY}
    aws = FakeAccount(
        [function("f")],
        {"role/app": FakeRole()},
        mappings=[mapping("f", consumer)],
        answers={
            "kinesis:DescribeStreamSummary": {"StreamDescriptionSummary": summary},
            "kinesis:GetResourcePolicy": {"error": "ResourceNotFoundException"},
            "kms:GetKeyPolicy": {"Policy": POLICY},
        },
    )
    collected = read(aws, "RC126")
    assert of(collected).event_source_mappings[0].key == KEY
    assert collected.calls["kinesis:DescribeStreamSummary"] == 1
    [finding] = run(collected.inventory, only=["RC126"])
    assert f"kinesis:SubscribeToShard on {consumer}" in finding.message
    assert f"kms:Decrypt on {KEY}" in finding.message


def test_a_bucket_is_read_as_its_owner_and_its_key_is_looked_at() -> None:
    rules = [{"ApplyServerSideEncryptionByDefault": {"SSEAlgorithm": "aws:kms", "KMSMasterKeyID": KEY}}]
    aws = FakeAccount(
        [function("f")],
        {"role/app": FakeRole()},
        mappings=[mapping("f", STREAM, DestinationConfig={"OnFailure": {"Destination": BUCKET}})],
        answers={
            "s3:GetBucketPolicy": {"error": "NoSuchBucketPolicy"},
            "s3:GetBucketEncryption": [
                {
                    "for": {"Bucket": "failures", "ExpectedBucketOwner": ACCOUNT},
                    "ServerSideEncryptionConfiguration": {"Rules": rules},
                }
            ],
            "kms:GetKeyPolicy": {"Policy": POLICY},
        },
    )
    collected = read(aws, "RC127")
    assert target(collected, BUCKET).key == KEY
    [finding] = run(collected.inventory, only=["RC127"])
    assert f"kms:GenerateDataKey on {KEY}" in finding.message


def test_a_bucket_that_was_deleted_is_not_there() -> None:
    aws = FakeAccount(
        [function("f")],
        {"role/app": FakeRole()},
        mappings=[mapping("f", STREAM, DestinationConfig={"OnFailure": {"Destination": BUCKET}})],
        answers={"s3:GetBucketPolicy": {"error": "NoSuchBucket"}},
    )
    [finding] = run(read(aws, "RC127").inventory, only=["RC127"])
    assert finding.status is Status.FAIL
    assert "does not exist" in finding.message
    assert BUCKET in finding.remediation.text


def test_a_function_deleted_since_it_was_listed_has_no_destinations() -> None:
    aws = FakeAccount(
        [function("f")],
        {"role/app": FakeRole()},
        answers={"cloudwatch:ListMetrics": {"Metrics": [{"Dimensions": [{"Name": "FunctionName", "Value": "f"}]}]}},
        errors={"lambda:ListFunctionEventInvokeConfigs": AwsError("ResourceNotFoundException", 404)},
    )
    collected = read(aws, "RC203")
    assert of(collected).destinations == ()
    assert collected.unread == ()


def test_what_was_not_told_is_summed_up_once() -> None:
    aws = FakeAccount(
        [function(f"f{number}") for number in range(3)],
        {"role/app": FakeRole()},
        mappings=[mapping("f0", QUEUE)],
        errors={"sqs:GetQueueAttributes": DENIED, "cloudwatch:ListMetrics": DENIED},
    )
    assert read(aws, "RC126", "RC127").unread == (
        f"cloudwatch:ListMetrics was denied in {REGION} (2 times)",  # asynchronous events, and filters of log groups
        "sqs:GetQueueAttributes was denied",
    )


def test_odd_answers_break_nothing() -> None:
    aws = FakeAccount(
        [
            function(
                "f", FileSystemConfigs=[{"Arn": "odd", "LocalMountPath": "/"}], DeadLetterConfig={"TargetArn": "odd"}
            )
        ],
        {"role/app": FakeRole()},
        mappings=[mapping("f", "odd"), mapping("f", f"arn:aws:sqs:{REGION}:{ACCOUNT}"), mapping("f", "")],
        answers={
            "cloudwatch:ListMetrics": {"Metrics": [{}, {"Dimensions": [{}]}, {"Dimensions": [{"Name": "Resource"}]}]},
            "logs:DescribeLogGroups": {"logGroups": [{}]},
            "efs:DescribeAccessPoints": {"AccessPoints": [{}]},
            "lambda:ListFunctionEventInvokeConfigs": {"FunctionEventInvokeConfigs": [{}, {"DestinationConfig": {}}]},
        },
    )
    findings = list(run(read(aws, *RULES).inventory, only=RULES))
    assert len(findings) == len(RULES)
    assert Status.ERROR not in {finding.status for finding in findings}
