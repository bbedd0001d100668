"""A request for a decision, and what follows from it."""

from __future__ import annotations

from collections.abc import Mapping
from functools import partial
from typing import Any, NamedTuple

from rolecall.arn import text_parts
from rolecall.iam.caller import Principal, parse_principal
from rolecall.iam.context import Context
from rolecall.iam.match import match
from rolecall.unknown import Text, Tri, Unknown, parts_of

_NO_OWNER = Unknown("the account that owns the resource is not known")
# "IAM role trust policies and KMS key policies are exceptions to this logic, because they must explicitly allow access
# for principals": https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_evaluation-logic_policy-eval-denyallow.html
_OF_ROLES = ("sts:assumerole", "sts:tagsession", "sts:setsourceidentity", "sts:setcontext")


_NO_CONTEXT: Mapping[str, Any] = {}


class Request(NamedTuple):
    """What is asked.

    principal: service principal, IAM ARN, STS session ARN, account root ARN, account ID, or ``"*"`` (anonymous); may be
        known in part.
    action: ``service:Action``.
    resource: ARN, or ``"*"`` for an action on no resource; may be known in part.
    resource_account: the account that owns the resource, where the ARN does not say it or it is known in part.
    context: condition keys, case-insensitive; values text, lists of text, ``Unknown``, or ``MayBeAbsent`` where it is
        not known whether the request has the key. Keys that AWS derives from principal and resource are added unless
        they are given; any other key that is absent here is absent from the request.
    """

    principal: Text
    action: str
    resource: Text
    resource_account: Text = ""
    context: Mapping[str, Any] = _NO_CONTEXT


class Asked:
    """A request made ready: caller parsed, action in lower case, context with the keys derived from the caller.

    fits: by statement, what ``applied.fits`` found, where several actions are asked for; ``None``: it is not kept.
    """

    __slots__ = ("action", "bounded", "caller", "context", "fits", "of_s3", "request", "resource")

    def __init__(self, request: Request, *, bounded: bool = False) -> None:
        """bounded: the caller has a permissions boundary."""
        self.fits: dict[int, Tri] | None = None
        self.request = request
        self.bounded = bounded
        self.resource = request.resource
        self.action = request.action.lower()
        self.of_s3 = self.action.startswith("s3:")
        self.caller: Principal = parse_principal(request.principal, self.action)
        # no method of its own: what refers to itself is freed by the garbage collector only, and late
        derived = partial(_derived, request, self.caller)
        self.context = Context(request.context, derived, of_service=self.caller.is_service)

    def doing(self, action: str) -> Asked:
        """The same request for another action; which statements fit it otherwise is then worked out once for both."""
        who, _, resource, owner, context = self.request
        other = Asked(Request(who, action, resource, owner, context), bounded=self.bounded)
        if other.caller is self.caller:
            self.fits = {} if self.fits is None else self.fits
            other.context, other.fits = self.context, self.fits
        return other

    @property
    def needs_resource_policy(self) -> Tri:
        """Whether the resource's own policy has to let the caller or its account in, in the same account too."""
        if self.action.startswith(_OF_ROLES):
            return True
        if not self.action.startswith("kms:") or self.resource == "*":
            return False
        if isinstance(self.resource, Unknown) and parts_of(self.resource) == (self.resource,):
            return None
        return ":alias/" not in str(self.resource)

    @property
    def same_account(self) -> Tri:
        """Whether caller and resource belong to one account; a resource whose owner nothing tells is the caller's."""
        owner, account = self.owner, self.caller.account
        if owner == "":
            return True
        if isinstance(owner, str) and isinstance(account, str):
            return owner == account
        return match(parts_of(owner), account, wildcards=False)

    @property
    def owner(self) -> Text:
        """The account that owns the resource; empty where nothing tells it."""
        return _owner_of(self.request)


def _derived(request: Request, caller: Principal) -> Mapping[str, Any]:
    """The keys that follow from the caller and the resource.

    Source: https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_condition-keys.html#condition-keys-resourceaccount
    ("always included in the request context for most service actions").
    """
    return {"aws:resourceaccount": _owner_of(request) or _NO_OWNER, **caller.context}


def _owner_of(request: Request) -> Text:
    return request.resource_account or _owner(request.resource)


def _owner(resource: Text) -> Text:
    parts = text_parts(resource)
    return parts[4] if parts and len(parts) > 4 else ""
