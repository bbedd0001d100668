"""Records what the Serverless Framework makes of the configurations in ``data/serverless``, for ``test_serverless.py``.

Needs node, and ``npm install osls@4.3.1 serverless-iam-roles-per-function@3.2.0`` in a folder, which is the argument.
Nothing is deployed: ``package`` works offline.
"""

from __future__ import annotations

import json
import os
import re
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

DATA = Path(__file__).parent / "data" / "serverless"
# What rolecall.iac.serverless leaves out: no rule reads it.
_LEFT_OUT_TYPES = (
    "AWS::ApiGateway::Deployment", "AWS::ApiGatewayV2::Deployment", "AWS::ApiGateway::RequestValidator",
    "AWS::ApiGateway::Model",
)  # fmt: skip
# And what it has beyond the template: permissions that custom resources give while the stack is deployed.
_LEFT_OUT = re.compile(
    r"ServerlessDeploymentBucket.*|CustomDash.*|IamRoleCustomResources.*|ApiGatewayMethod.*Options"
    r"|.*Custom(S3|CognitoUserPool)1Permission"
)
_LEFT_OUT_PROPERTIES: Mapping[str, tuple[str, ...]] = {
    "AWS::Lambda::Function": ("Code", "Tags", "Architectures"),
    "AWS::Lambda::Version": ("CodeSha256", "Description"),
    "AWS::Lambda::Url": ("Cors",),
    "AWS::Lambda::EventSourceMapping": (
        "MaximumBatchingWindowInSeconds", "MaximumRetryAttempts", "BisectBatchOnFunctionError", "FilterCriteria",
        "MaximumRecordAgeInSeconds", "TumblingWindowInSeconds", "ParallelizationFactor",
    ),
    "AWS::ApiGateway::RestApi": ("Name", "EndpointConfiguration", "BinaryMediaTypes", "Tags"),
    "AWS::ApiGateway::Method": (
        "RequestParameters", "ApiKeyRequired", "MethodResponses", "OperationName", "RequestModels",
        "RequestValidatorId", "AuthorizationScopes",
    ),
    "AWS::ApiGateway::Authorizer": (
        "IdentitySource", "AuthorizerResultTtlInSeconds", "IdentityValidationExpression",
    ),
    "AWS::ApiGatewayV2::Api": ("Name", "Description", "RouteSelectionExpression", "CorsConfiguration", "Tags"),
    "AWS::ApiGatewayV2::Stage": ("DefaultRouteSettings", "DeploymentId", "Description", "Tags"),
    "AWS::ApiGatewayV2::Integration": ("TimeoutInMillis",),
    "AWS::ApiGatewayV2::Route": ("AuthorizationScopes",),
    "AWS::ApiGatewayV2::Authorizer": (
        "IdentitySource", "AuthorizerPayloadFormatVersion", "EnableSimpleResponses", "AuthorizerResultTtlInSeconds",
    ),
    "AWS::Scheduler::Schedule": ("FlexibleTimeWindow", "Description", "ScheduleExpressionTimezone"),
    "AWS::ElasticLoadBalancingV2::TargetGroup": ("Name", "Tags", "TargetGroupAttributes", "HealthCheckEnabled"),
    "AWS::ElasticLoadBalancingV2::ListenerRule": ("Conditions", "Priority"),
    "AWS::CloudFront::Distribution": ("DistributionConfig",),
    "AWS::SQS::QueuePolicy": ("Queues",),
    "Custom::S3": ("ServiceToken",),
    "Custom::CognitoUserPool": ("ServiceToken",),
}  # fmt: skip
_LEFT_OUT_INTEGRATION = (
    "IntegrationResponses", "RequestTemplates", "RequestParameters", "ResponseTransferMode", "PassthroughBehavior",
    "TimeoutInMillis", "IntegrationHttpMethod", "ConnectionType", "ContentHandling",
)  # fmt: skip
_VERSION = re.compile(r"(LambdaVersion)[0-9A-Za-z]+$")


def reduced(resources: Mapping[str, Any]) -> dict[str, Any]:
    """Resources as both sides can be compared; a version's logical ID without its hash."""
    versions = {name: _VERSION.sub(r"\1", name) for name, r in resources.items() if r["Type"] == "AWS::Lambda::Version"}
    kept = {
        versions.get(name, name): _reduced(resource)
        for name, resource in resources.items()
        if resource["Type"] not in _LEFT_OUT_TYPES and not _LEFT_OUT.fullmatch(name)
    }
    return dict(sorted(_renamed(kept, versions).items()))


def _reduced(resource: Mapping[str, Any]) -> dict[str, Any]:
    left_out = _LEFT_OUT_PROPERTIES.get(resource["Type"], ())
    properties = {k: v for k, v in resource.get("Properties", {}).items() if k not in left_out}
    if resource["Type"] == "AWS::ApiGateway::Method":
        given = properties.get("Integration", {})
        properties["Integration"] = {k: v for k, v in given.items() if k not in _LEFT_OUT_INTEGRATION}
    if resource["Type"] == "AWS::IAM::Role":
        properties.setdefault("ManagedPolicyArns", [])
        for policy in properties.get("Policies", []):
            document = policy["PolicyDocument"]
            document["Statement"] = sorted({line for s in document["Statement"] for line in _lines(s)})
    properties = {name: value for name, value in properties.items() if value is not None}
    condition = {"Condition": resource["Condition"]} if resource.get("Condition") else {}
    return {"Type": resource["Type"], "Properties": properties, **condition}


def _lines(statement: Mapping[str, Any]) -> Iterator[str]:
    """A statement of each single action on each single resource."""
    rest = {key: value for key, value in statement.items() if key not in ("Action", "Resource")}
    actions, resources = statement["Action"], statement["Resource"]
    for action in actions if isinstance(actions, list) else [actions]:
        for resource in resources if isinstance(resources, list) else [resources]:
            yield json.dumps({**rest, "Action": action, "Resource": resource}, sort_keys=True)


def _joined(pieces: list[Any]) -> list[Any]:
    """The pieces of a text with adjacent literals made one."""
    made: list[Any] = []
    for piece in pieces:
        if isinstance(piece, str) and made and isinstance(made[-1], str):
            made[-1] += piece
        elif piece != "":
            made.append(piece)
    return made


def _renamed(value: Any, names: Mapping[str, str]) -> Any:
    if isinstance(value, dict):
        join = value.get("Fn::Join")
        if isinstance(join, list) and join[0] == "":
            value = {"Fn::Join": ["", _joined(join[1])]}
        return {key: _renamed(item, names) for key, item in value.items()}
    if isinstance(value, list):
        return [_renamed(item, names) for item in value]
    return names.get(value, value) if isinstance(value, str) else value


def compiled(configuration: Path, framework: Path) -> dict[str, Any]:
    """The resources that the framework makes of a configuration. framework: the folder that npm installed it in."""
    with tempfile.TemporaryDirectory() as folder:
        service = Path(folder)
        shutil.copy(configuration, service / "serverless.yml")
        (service / "handler.js").write_text("exports.run = () => {}\n")
        (service / "handler.py").write_text("def run(*_): ...\n")
        (service / "package.json").write_text('{"name": "x", "version": "1.0.0"}')
        (service / "node_modules").symlink_to(framework / "node_modules")
        done = subprocess.run(
            ["node", framework / "node_modules/.bin/osls", "package"],  # noqa: S607  # the npm user's own
            cwd=service, capture_output=True, text=True, check=False,
            env={**os.environ, "SLS_TELEMETRY_DISABLED": "1", "SLS_INTERACTIVE_SETUP_ENABLE": "0", "CI": "1"},
        )  # fmt: skip
        template = service / ".serverless/cloudformation-template-update-stack.json"
        if not template.exists():
            raise SystemExit(f"{configuration.name}: {done.stdout}{done.stderr}")
        resources: dict[str, Any] = json.loads(template.read_text())["Resources"]
        return resources


if __name__ == "__main__":
    for path in sorted(DATA.glob("*.yml")):
        made = reduced(compiled(path, Path(sys.argv[1]).absolute()))
        path.with_suffix(".json").write_text(json.dumps(made, indent=1) + "\n")
        print(path.name, len(made))
