"""An AWS account that answers boto3 in the process itself: the real client builds the request and parses the answer.

botocore's event ``before-send`` may return the HTTP response, and then nothing is sent. Only what the collector calls
is answered; anything else is an error of the test.
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
from botocore.awsrequest import AWSResponse

ACCOUNT = "111122223333"
REGION = "eu-west-1"
LAMBDA_TRUST = {
    "Version": "2012-10-17",
    "Statement": [
        {"Effect": "Allow", "Principal": {"Service": "lambda.amazonaws.com"}, "Action": "sts:AssumeRole"},
    ],
}


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


@dataclass
class FakeAccount:
    """functions: configurations as ListFunctions gives them. roles: trust policy by ``role/path/name``.

    policies: by function name, a document or its text. unlisted: roles that GetRole knows and the listing lacks (it
    lags). errors: by action, or by action and the resource's name (``lambda:GetPolicy orders``); a list of errors is
    given one after the other, then the result. page_size: items on a page, of all listings. requests: counts what
    was sent, retries included.
    """

    functions: Sequence[Mapping[str, Any]] = ()
    roles: Mapping[str, Any] = field(default_factory=dict)
    policies: Mapping[str, Any] = field(default_factory=dict)
    unlisted: frozenset[str] = frozenset()
    mappings: Sequence[Mapping[str, Any]] = ()
    errors: dict[str, AwsError | list[AwsError]] = field(default_factory=dict)
    page_size: int = 1000
    requests: Counter[str] = field(default_factory=Counter)

    def session(self) -> boto3.Session:
        session = boto3.Session("x", "x", region_name=REGION)
        session.events.register("before-send", self._answer)
        return session

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

    def _raise_for(self, key: str) -> None:
        error = self.errors.get(key)
        if isinstance(error, list):
            error = error.pop(0) if error else None
        if error:
            raise error

    def _page(self, items: Sequence[Any], marker: str | None) -> tuple[Sequence[Any], str | None]:
        start = int(marker or 0)
        end = start + self.page_size
        return items[start:end], str(end) if end < len(items) else None

    def _ListFunctions(self, request: Any) -> bytes:
        url = urlsplit(request.url)
        region = url.hostname.split(".")[1]
        self._raise_for(f"lambda:ListFunctions {region}")
        here = [f for f in self.functions if f["FunctionArn"].split(":")[3] == region]
        page, marker = self._page(here, parse_qs(url.query).get("Marker", [None])[0])
        return _json({"Functions": page, "NextMarker": marker})

    def _ListEventSourceMappings(self, request: Any) -> bytes:
        page, marker = self._page(self.mappings, parse_qs(urlsplit(request.url).query).get("Marker", [None])[0])
        return _json({"EventSourceMappings": page, "NextMarker": marker})

    def _GetPolicy(self, request: Any) -> bytes:
        name = unquote(urlsplit(request.url).path).split("/functions/")[1].split("/")[0]
        self._raise_for(f"lambda:GetPolicy {name}")
        policy = self.policies.get(name)
        if policy is None:
            raise AwsError("ResourceNotFoundException", 404)
        return _json({"Policy": policy if isinstance(policy, str) else json.dumps(policy)})

    def _GetAccountAuthorizationDetails(self, request: Any) -> bytes:
        asked = _form(request)
        assert asked["Filter.member.1"] == "Role"
        listed = [role for role in self.roles if role not in self.unlisted]
        page, marker = self._page(listed, asked.get("Marker"))
        roles = "".join(f"<member>{self._role(role)}</member>" for role in page)
        more = f"<IsTruncated>true</IsTruncated><Marker>{marker}</Marker>" if marker else ""
        return _xml("GetAccountAuthorizationDetails", f"<RoleDetailList>{roles}</RoleDetailList>{more}")

    def _GetRole(self, request: Any) -> bytes:
        name = _form(request)["RoleName"]
        self._raise_for(f"iam:GetRole {name}")
        for role in self.roles:
            if role.rsplit("/", 1)[-1] == name:
                return _xml("GetRole", f"<Role>{self._role(role)}</Role>")
        raise AwsError("NoSuchEntity", 404)

    def _role(self, resource: str) -> str:
        trust = self.roles[resource]
        text = trust if isinstance(trust, str) else json.dumps(trust)
        return (
            f"<Arn>arn:aws:iam::{ACCOUNT}:{resource}</Arn><RoleName>{resource.rsplit('/', 1)[-1]}</RoleName>"
            f"<AssumeRolePolicyDocument>{escape(quote(text))}</AssumeRolePolicyDocument>"
        )


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
