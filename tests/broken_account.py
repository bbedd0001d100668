"""An account on moto with a healthy function and three faulty ones: ``open``, ``edge_only`` and ``orphan``."""

from __future__ import annotations

import io
import json
import zipfile

import boto3
from hosts import REGION


def stage(endpoint: str) -> None:
    """Make healthy functions, then break what they rest on."""
    session = boto3.Session("x", "x", region_name=REGION)
    iam, functions = (session.client(service, endpoint_url=endpoint) for service in ("iam", "lambda"))
    archive = io.BytesIO()
    with zipfile.ZipFile(archive, "w") as code:
        code.writestr("app.py", "def handler(event, context): pass")
    for name, path in (("app", "/"), ("edge", "/"), ("gone", "/service-role/")):
        iam.create_role(RoleName=name, Path=path, AssumeRolePolicyDocument=_trust("lambda.amazonaws.com"))
    roles = {"healthy": "app", "open": "app", "edge_only": "edge", "orphan": "service-role/gone"}
    for name, role in roles.items():
        functions.create_function(
            FunctionName=name,
            Role=f"arn:aws:iam::123456789012:role/{role}",
            Runtime="python3.12",
            Handler="app.handler",
            Code={"ZipFile": archive.getvalue()},
        )
    grant = {"StatementId": "s3", "Action": "lambda:InvokeFunction", "Principal": "s3.amazonaws.com"}
    functions.add_permission(FunctionName="open", **grant)
    functions.add_permission(FunctionName="healthy", SourceAccount="123456789012", **grant)
    iam.delete_role(RoleName="gone")
    iam.update_assume_role_policy(RoleName="edge", PolicyDocument=_trust("edgelambda.amazonaws.com"))


def _trust(service: str) -> str:
    statement = {"Effect": "Allow", "Principal": {"Service": service}, "Action": "sts:AssumeRole"}
    return json.dumps({"Version": "2012-10-17", "Statement": [statement]})
