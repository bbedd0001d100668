"""The AWS managed policies that ship: what they say, and that the script makes the very file."""

from __future__ import annotations

from pathlib import Path

import boto3
import pytest
from botocore.config import Config
from hosts import moto_account
from iam_requests import ACCOUNT, ALLOW, IMPLICIT, ROLE

from rolecall.iam import Request, evaluate, managed, parse_policy
from rolecall.iam.managed import as_of, managed_document, names
from rolecall.iam.refresh import collect, lines
from rolecall.unknown import Unknown, text

BASIC = "arn:aws:iam::aws:policy/service-role/AWSLambdaBasicExecutionRole"
LOGS = f"arn:aws:logs:eu-west-1:{ACCOUNT}:log-group:/aws/lambda/orders:*"


def test_the_file_is_what_the_script_writes() -> None:
    with moto_account() as endpoint:
        iam = boto3.client("iam", endpoint_url=endpoint, region_name="us-east-1", aws_access_key_id="x",
                           aws_secret_access_key="x", config=Config(proxies={}))  # fmt: skip
        data = collect(iam, names())
        with pytest.raises(LookupError, match="no managed policy NoSuchPolicy"):
            collect(iam, ["NoSuchPolicy"])
    written = Path(managed.__file__).with_name(managed.DATA).read_text(encoding="utf-8")
    assert "\n".join(lines(data)) + "\n" == written, "run python -m rolecall.iam.refresh"
    assert as_of() == data["as_of"]


def test_every_document_is_a_policy() -> None:
    assert len(names()) > 100
    for name, entry in managed._data()["policies"].items():
        assert parse_policy(entry["document"], name).statements
        assert len(entry["updated"]) == 10 <= len(entry["version"]) + 10


@pytest.mark.parametrize(
    ("name", "action", "resource", "effect"),
    [
        ("service-role/AWSLambdaBasicExecutionRole", "logs:PutLogEvents", LOGS, ALLOW),
        ("service-role/AWSLambdaBasicExecutionRole", "ec2:CreateNetworkInterface", "*", IMPLICIT),
        ("service-role/AWSLambdaVPCAccessExecutionRole", "ec2:CreateNetworkInterface", "*", ALLOW),
        (
            "service-role/AWSLambdaSQSQueueExecutionRole",
            "sqs:ReceiveMessage",
            f"arn:aws:sqs:eu-west-1:{ACCOUNT}:q",
            ALLOW,
        ),
        (
            "service-role/AWSLambdaRole",
            "lambda:InvokeFunction",
            f"arn:aws:lambda:eu-west-1:{ACCOUNT}:function:f",
            ALLOW,
        ),
        ("AWSXRayDaemonWriteAccess", "xray:PutTraceSegments", "*", ALLOW),
        ("AdministratorAccess", "iam:CreateUser", f"arn:aws:iam::{ACCOUNT}:user/x", ALLOW),
        ("PowerUserAccess", "iam:CreateUser", f"arn:aws:iam::{ACCOUNT}:user/x", IMPLICIT),
    ],
)
def test_what_they_allow(name: str, action: str, resource: str, effect: object) -> None:
    document = managed_document(f"arn:aws:iam::aws:policy/{name}")
    assert document is not None
    assert evaluate(Request(ROLE, action, resource, ACCOUNT), [document]).effect is effect


def test_which_policy_an_arn_names() -> None:
    known = managed_document(BASIC)
    assert not isinstance(known, Unknown) and known is not None
    assert managed_document(BASIC.replace(":aws:iam", ":aws-cn:iam")) == known, "it names no ARN"
    partition = text(
        "arn:", Unknown("the partition is not known"), ":iam::aws:policy/service-role/AWSLambdaBasicExecutionRole"
    )
    assert managed_document(partition) == known
    somewhere = Unknown("the partition is not known", "AWS::Partition")
    streams = managed_document(text("arn:", somewhere, ":iam::aws:policy/AmazonDynamoDBReadOnlyAccess"))
    assert "arn:aws:" not in str(streams) and repr(somewhere) in str(streams), "nor is it in the ARNs of the document"
    for arn in ("arn:aws:iam::aws:policy/NoSuch", "arn:aws-cn:iam::aws:policy/AWSLambdaExecute", Unknown("no value"),
                text("arn:aws:iam::aws:policy/", Unknown("no value"))):  # fmt: skip
        assert isinstance(managed_document(arn), Unknown), arn
    for arn in (f"arn:aws:iam::{ACCOUNT}:policy/mine", "AdministratorAccess", "arn:aws:s3:::aws", ""):
        assert managed_document(arn) is None, arn
