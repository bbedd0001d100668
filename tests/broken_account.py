"""An account on moto: a healthy function, and the faulty ``open``, ``edge_only`` and ``orphan``; two of them tagged."""

from __future__ import annotations

import io
import json
import zipfile

import boto3
from hosts import REGION

TAGS = {"open": {"team": "web", "stage": "live"}, "orphan": {"team": "mail", "yor_trace": "1f2e"}}


def stage(endpoint: str, account: str = "123456789012", session: boto3.Session | None = None) -> None:
    """Make healthy functions, then break what they rest on. session: of the account's credentials."""
    session = session or boto3.Session("x", "x", region_name=REGION)
    iam, functions = (session.client(service, endpoint_url=endpoint) for service in ("iam", "lambda"))
    for name, path in (("app", "/"), ("edge", "/"), ("gone", "/service-role/")):
        iam.create_role(RoleName=name, Path=path, AssumeRolePolicyDocument=trust("lambda.amazonaws.com"))
    roles = {"healthy": "app", "open": "app", "edge_only": "edge", "orphan": "service-role/gone"}
    for name, role in roles.items():
        functions.create_function(
            FunctionName=name,
            Role=f"arn:aws:iam::{account}:role/{role}",
            Runtime="python3.12",
            Handler="app.handler",
            Code={"ZipFile": code()},
            Tags=TAGS.get(name, {}),
        )
    grant = {"StatementId": "s3", "Action": "lambda:InvokeFunction", "Principal": "s3.amazonaws.com"}
    functions.add_permission(FunctionName="open", **grant)
    functions.add_permission(FunctionName="healthy", SourceAccount=account, **grant)
    iam.delete_role(RoleName="gone")
    iam.update_assume_role_policy(RoleName="edge", PolicyDocument=trust("edgelambda.amazonaws.com"))


def code() -> bytes:
    """A function's code, as Lambda takes it."""
    archive = io.BytesIO()
    with zipfile.ZipFile(archive, "w") as files:
        files.writestr("app.py", "def handler(event, context): pass")
    return archive.getvalue()


def trust(service: str) -> str:
    """The trust policy that admits a service."""
    statement = {"Effect": "Allow", "Principal": {"Service": service}, "Action": "sts:AssumeRole"}
    return json.dumps({"Version": "2012-10-17", "Statement": [statement]})
