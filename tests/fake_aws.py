"""An AWS account that answers boto3 in the process itself: the real client checks and builds every request.

IAM and Lambda, with functions and roles in any number, answer with HTTP responses (botocore's event ``before-send``
may return one, and then nothing is sent), which the real client parses and retries. All other services answer from
``answers`` with what the client would make of a response (``before-call``), which must be of the shape that botocore
knows.
"""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import parse_qs, quote, unquote, urlsplit
from xml.sax.saxutils import escape

import boto3
import botocore.session
from botocore.awsrequest import AWSResponse

ACCOUNT = "111122223333"
REGION = "eu-west-1"
LAMBDA_TRUST = {
    "Version": "2012-10-17",
    "Statement": [
        {"Effect": "Allow", "Principal": {"Service": "lambda.amazonaws.com"}, "Action": "sts:AssumeRole"},
    ],
}


_MODELS = botocore.session.get_session().get_component("data_loader")


class AwsError(Exception):
    """What a call is answered with instead of a result."""

    def __init__(self, code: str, status: int = 400) -> None:
        super().__init__(code)
        self.code = code
        self.status = status


DENIED = AwsError("AccessDeniedException", 403)
THROTTLED = AwsError("TooManyRequestsException", 429)


def function(name: str, role: str | None = "role/app", region: str = REGION, **more: Any) -> dict[str, Any]:
    """A function's configuration; ``role`` is any text, ``role/...`` one of this account, ``None`` leaves it out."""
    if role is not None:
        more["Role"] = f"arn:aws:iam::{ACCOUNT}:{role}" if role.startswith("role/") else role
    return {"FunctionName": name, "FunctionArn": f"arn:aws:lambda:{region}:{ACCOUNT}:function:{name}", **more}


@dataclass(frozen=True)
class FakeRole:
    """trust: the trust policy, or its text. inline: policies by name. attached: ARNs of managed policies.

    boundary: the ARN of one. created: as IAM writes it, ``2024-05-01T00:00:00Z``.
    """

    trust: Any = field(default_factory=lambda: LAMBDA_TRUST)
    inline: Mapping[str, Any] = field(default_factory=dict)
    attached: Sequence[str] = ()
    boundary: str = ""
    tags: Mapping[str, str] = field(default_factory=dict)
    created: str = "2020-01-01T00:00:00Z"


@dataclass
class FakeAccount:
    """functions: configurations as ListFunctions gives them.

    roles: by ``role/path/name``, a ``FakeRole``, or just the trust policy. managed: policies by ARN, those of the
    account and those of AWS that it uses.
    policies: by function name, ``name:qualifier`` for an alias or a version, a document or its text.
    unlisted: roles that GetRole knows and the listing lacks (it lags).
    errors: by action, or by action and the resource's name (``lambda:GetPolicy orders``); a list of errors is given one
    after the other, then the result. page_size: most items on a page; AWS gives no more than 50 functions, 100 mappings
    and as many roles as were asked for.
    answers: by boto3's name of the service and the operation (``apigatewayv2:GetApis``), the response, or a list of
    which the first is given whose ``for`` has the parameters of the call (and its ``region``); one may have ``error``,
    a code, instead; or what makes all that of the parameters. What is not there is answered as by an account that has
    nothing of the kind.
    requests: counts what was sent, retries included. partition: of the roles that IAM tells of.
    """

    functions: Sequence[Mapping[str, Any]] = ()
    roles: Mapping[str, Any] = field(default_factory=dict)
    managed: Mapping[str, Any] = field(default_factory=dict)
    policies: Mapping[str, Any] = field(default_factory=dict)
    unlisted: frozenset[str] = frozenset()
    mappings: Sequence[Mapping[str, Any]] = ()
    errors: dict[str, AwsError | list[AwsError]] = field(default_factory=dict)
    page_size: int = 1000
    answers: Mapping[str, Any] = field(default_factory=dict)
    requests: Counter[str] = field(default_factory=Counter)
    partition: str = "aws"

    def session(self) -> boto3.Session:
        core = botocore.session.get_session()
        core.register_component("data_loader", _MODELS)  # models are read once for all accounts
        session = boto3.Session("x", "x", region_name=REGION, botocore_session=core)
        session.events.register("before-send", self._answer)
        session.events.register("before-parameter-build", _remember)
        session.events.register("before-call", self._answer_in_short)
        return session

    def _answer_in_short(self, model: Any, context: Any, **_: Any) -> tuple[AWSResponse, dict[str, Any]] | None:
        if hasattr(self, f"_{model.name}") and model.service_model.service_name in ("iam", "lambda"):
            return None
        key = f"{model.service_model.service_name}:{model.name}"
        self.requests[key] += 1
        asked = {**context["asked"], "region": context["client_region"]}
        try:
            self._raise_for(key)
            answer = _matching(self.answers.get(key, self._configuration(key, asked)), asked)
            check_shape(answer, model.output_shape, key)
            return AWSResponse("", 200, {}, _Body(b"")), {**answer, "ResponseMetadata": {}}
        except AwsError as error:
            return AWSResponse("", error.status, {}, _Body(b"")), {"Error": {"Code": error.code, "Message": ""}}

    def _answer(self, request: Any, event_name: str, **_: Any) -> AWSResponse:
        _, service, operation = event_name.split(".")
        answer: Callable[[Any], tuple[bytes, str]] = getattr(self, f"_{operation}")
        self.requests[f"{service}:{operation}"] += 1
        try:
            self._raise_for(f"{service}:{operation}")
            return AWSResponse(request.url, 200, {}, _Body(answer(request)))
        except AwsError as error:
            xml = f"<ErrorResponse><Error><Code>{error.code}</Code></Error></ErrorResponse>"
            body = _Body(xml.encode() if service == "iam" else b"{}")
            return AWSResponse(request.url, error.status, {"x-amzn-errortype": error.code}, body)

    def _configuration(self, key: str, asked: Mapping[str, Any]) -> Mapping[str, Any]:
        """What GetFunctionConfiguration says of a function that is listed; nothing for any other call."""
        if key != "lambda:GetFunctionConfiguration":
            return {}
        names = asked["FunctionName"].split(":")
        name = names[6] if len(names) > 6 else names[0]
        for listed in self.functions:
            if listed["FunctionName"] == name:
                return listed
        raise AwsError("ResourceNotFoundException", 404)

    def _raise_for(self, key: str) -> None:
        error = self.errors.get(key)
        if isinstance(error, list):
            error = error.pop(0) if error else None
        if error:
            raise error

    def _page(self, items: Sequence[Any], marker: str | None, most: int) -> tuple[Sequence[Any], str | None]:
        start = int(marker or 0)
        end = start + min(self.page_size, most)
        return items[start:end], str(end) if end < len(items) else None

    def _ListFunctions(self, request: Any) -> bytes:
        url = urlsplit(request.url)
        region = url.hostname.split(".")[1]
        self._raise_for(f"lambda:ListFunctions {region}")
        here = [f for f in self.functions if (f.get("FunctionArn") or f":::{REGION}").split(":")[3] == region]
        page, marker = self._page(here, parse_qs(url.query).get("Marker", [None])[0], 50)
        return _json({"Functions": page, "NextMarker": marker})

    def _ListEventSourceMappings(self, request: Any) -> bytes:
        url = urlsplit(request.url)
        anywhere = f":{url.hostname.split('.')[1]}:"
        here = [mapping for mapping in self.mappings if anywhere in (mapping.get("FunctionArn") or anywhere)]
        page, marker = self._page(here, parse_qs(url.query).get("Marker", [None])[0], 100)
        return _json({"EventSourceMappings": page, "NextMarker": marker})

    def _GetPolicy(self, request: Any) -> bytes:
        url = urlsplit(request.url)
        name = unquote(url.path).split("/functions/")[1].split("/")[0]
        qualifier = parse_qs(url.query).get("Qualifier")
        name = f"{name}:{qualifier[0]}" if qualifier else name
        self._raise_for(f"lambda:GetPolicy {name}")
        policy = self.policies.get(name)
        if policy is None:
            raise AwsError("ResourceNotFoundException", 404)
        return _json({"Policy": policy if isinstance(policy, str) else json.dumps(policy)})

    def _GetAccountAuthorizationDetails(self, request: Any) -> bytes:
        asked = _form(request)
        listed = [role for role in self.roles if role not in self.unlisted]
        page, marker = self._page(listed, asked.get("Marker"), int(asked.get("MaxItems", "100")))
        roles = "".join(f"<member>{self._role(role)}{_policies_of(self._of(role))}</member>" for role in page)
        managed = "" if marker or "LocalManagedPolicy" not in asked.values() else _managed(self.managed)
        more = f"<IsTruncated>true</IsTruncated><Marker>{marker}</Marker>" if marker else ""
        return _xml("GetAccountAuthorizationDetails", f"<RoleDetailList>{roles}</RoleDetailList>{managed}{more}")

    def _GetRole(self, request: Any) -> bytes:
        name = _form(request)["RoleName"]
        self._raise_for(f"iam:GetRole {name}")
        for role in self.roles:
            if role.rsplit("/", 1)[-1] == name:
                return _xml("GetRole", f"<Role>{self._role(role)}</Role>")
        raise AwsError("NoSuchEntity", 404)

    def _of(self, resource: str) -> FakeRole:
        role = self.roles[resource]
        return role if isinstance(role, FakeRole) else FakeRole(role)

    def _role(self, resource: str) -> str:
        """What GetRole tells as well."""
        role = self._of(resource)
        tags = "".join(f"<member>{_elements(Key=key, Value=value)}</member>" for key, value in role.tags.items())
        boundary = _elements(PermissionsBoundaryArn=role.boundary) if role.boundary else ""
        return (
            _elements(
                Arn=f"arn:{self.partition}:iam::{ACCOUNT}:{resource}",
                RoleName=resource.rsplit("/", 1)[-1],
                CreateDate=role.created,
                AssumeRolePolicyDocument=_encoded(role.trust),
            )
            + f"<Tags>{tags}</Tags><PermissionsBoundary>{boundary}</PermissionsBoundary>"
        )


def _policies_of(role: FakeRole) -> str:
    inline = "".join(
        f"<member>{_elements(PolicyName=name, PolicyDocument=_encoded(document))}</member>"
        for name, document in role.inline.items()
    )
    attached = "".join(
        f"<member>{_elements(PolicyName=arn.rsplit('/', 1)[-1], PolicyArn=arn)}</member>" for arn in role.attached
    )
    return f"<RolePolicyList>{inline}</RolePolicyList><AttachedManagedPolicies>{attached}</AttachedManagedPolicies>"


def _managed(policies: Mapping[str, Any]) -> str:
    listed = ""
    for arn, document in policies.items():
        version = _elements(VersionId="v1", IsDefaultVersion="true", Document=_encoded(document))
        versions = f"<PolicyVersionList><member>{version}</member></PolicyVersionList>"
        listed += f"<member>{_elements(Arn=arn)}{versions}</member>"
    return f"<Policies>{listed}</Policies>"


def _encoded(document: Any) -> str:
    """A policy, or any text, as IAM sends it."""
    return quote(document if isinstance(document, str) else json.dumps(document))


def _elements(**texts: str) -> str:
    return "".join(f"<{name}>{escape(text)}</{name}>" for name, text in texts.items())


def _remember(params: Any, context: Any, **_: Any) -> None:
    context["asked"] = dict(params)


def _matching(answers: Any, asked: Mapping[str, Any]) -> dict[str, Any]:
    if callable(answers):
        answers = answers(asked)
    for answer in answers if isinstance(answers, list) else [answers]:
        given = dict(answer)
        if given.pop("lacks", "") in asked:
            continue
        if given.pop("for", {}).items() <= asked.items():
            if "error" in given:
                raise AwsError(given["error"])
            return given
    return {}


def check_shape(value: Any, shape: Any, place: str) -> None:
    """Raises ``AssertionError`` for a value that no response of AWS can hold there."""
    kind = shape.type_name if shape is not None else "structure"
    expected = {"structure": dict, "map": dict, "list": list, "string": str, "boolean": bool, "integer": int}.get(kind)
    assert expected is None or isinstance(value, expected), f"{place}: {value!r} is no {kind}"
    if kind == "structure":
        members = shape.members if shape is not None else {}
        for name, item in value.items():
            assert name in members, f"{place} has no {name}; it has {', '.join(members)}"
            check_shape(item, members[name], f"{place}.{name}")
    elif kind in ("list", "map"):
        for item in value.values() if kind == "map" else value:
            check_shape(item, shape.value if kind == "map" else shape.member, place)


class _Body:
    """What ``AWSResponse`` reads from."""

    def __init__(self, content: bytes) -> None:
        self._content = content

    def stream(self) -> list[bytes]:
        return [self._content]


def _json(content: Mapping[str, Any]) -> bytes:
    return json.dumps({key: value for key, value in content.items() if value is not None}).encode()


def _xml(operation: str, content: str) -> bytes:
    return f"<{operation}Response><{operation}Result>{content}</{operation}Result></{operation}Response>".encode()


def _form(request: Any) -> dict[str, str]:
    body = request.body.decode() if isinstance(request.body, bytes) else request.body
    return {key: values[0] for key, values in parse_qs(body).items()}
