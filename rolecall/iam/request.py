"""A request for a decision, and what follows from it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import lru_cache
from typing import Any

from rolecall.arn import split_parts
from rolecall.iam.context import Context
from rolecall.iam.match import match
from rolecall.iam.principals import Kind, Principal, parse_principal
from rolecall.unknown import Text, Tri, parts_of, text

_NO_KEYS: Mapping[str, Any] = {}
# "IAM role trust policies and KMS key policies are exceptions to this logic, because they must explicitly allow access
# for principals": https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_evaluation-logic_policy-eval-denyallow.html
_OF_ROLES = ("sts:assumerole", "sts:tagsession", "sts:setsourceidentity")


@dataclass(frozen=True)
class Request:
    """What is asked.

    principal: service principal, IAM ARN, STS session ARN, account root ARN, account ID, or ``"*"`` (anonymous); may be
        known in part.
    action: ``service:Action``.
    resource: ARN, or ``"*"`` for an action on no resource; may be known in part.
    resource_account: the account that owns the resource, where the ARN does not say it or it is known in part.
    context: condition keys, case-insensitive; values text, lists of text, or ``Unknown`` for one that may be there or
        not. Keys that AWS derives from the principal are added unless they are given; any other key that is absent
        here is absent from the request.
    """

    principal: Text
    action: str
    resource: Text
    resource_account: Text = ""
    context: Mapping[str, Any] = field(default_factory=dict)


class Asked:
    """A request made ready: caller parsed, action in lower case, context with the keys derived from the caller."""

    __slots__ = ("action", "bounded", "caller", "context", "of_s3", "request", "resource")

    def __init__(self, request: Request, *, bounded: bool = False) -> None:
        """bounded: the caller has a permissions boundary."""
        self.request = request
        self.bounded = bounded
        self.resource = request.resource
        self.action = request.action.lower()
        self.of_s3 = self.action.startswith("s3:")
        self.caller: Principal = parse_principal(request.principal, self.action)
        self.context = Context(
            request.context or _NO_KEYS, self.caller.context, of_service=self.caller.kind is Kind.SERVICE
        )

    @property
    def needs_resource_policy(self) -> bool:
        """Whether the resource's own policy has to let the caller or its account in, in the same account too."""
        if self.action.startswith(_OF_ROLES):
            return True
        return self.action.startswith("kms:") and self.resource != "*" and ":alias/" not in str(self.resource)

    @property
    def same_account(self) -> Tri:
        """Whether caller and resource belong to one account; a resource whose owner nothing tells is the caller's."""
        owner = self.request.resource_account or _owner(self.resource)
        if owner in ("", self.caller.account):
            return True
        return match((owner,), self.caller.account, wildcards=False)


@lru_cache(maxsize=4096)
def _owner(resource: Text) -> Text:
    parts = split_parts(parts_of(resource))
    return text(*parts[4]) if parts and len(parts) > 4 else ""
