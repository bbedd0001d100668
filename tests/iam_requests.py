"""Short forms for the evaluator's tests: policies, statements and the requests that most of them ask about."""

from __future__ import annotations

from typing import Any

from rolecall.iam import Decision, Effect, Request, evaluate
from rolecall.unknown import Unknown

ACCOUNT = "111122223333"
OTHER = "999988887777"
ROLE = f"arn:aws:iam::{ACCOUNT}:role/app"
SESSION = f"arn:aws:sts::{ACCOUNT}:assumed-role/app/orders"
USER = f"arn:aws:iam::{ACCOUNT}:user/ann"
ROOT = f"arn:aws:iam::{ACCOUNT}:root"
FEDERATED_USER = f"arn:aws:sts::{ACCOUNT}:federated-user/ann"
FOREIGN = f"arn:aws:iam::{OTHER}:role/app"
FUNCTION = f"arn:aws:lambda:eu-west-1:{ACCOUNT}:function:orders"
KEY = f"arn:aws:kms:eu-west-1:{ACCOUNT}:key/1234abcd-12ab-34cd-56ef-1234567890ab"
UNKNOWN = Unknown("not known")

ALLOW, EXPLICIT, IMPLICIT, PERHAPS = Effect.ALLOW, Effect.EXPLICIT_DENY, Effect.IMPLICIT_DENY, Effect.UNKNOWN


def policy(*statements: Any, version: Any = "2012-10-17") -> dict[str, Any]:
    return {"Version": version, "Statement": list(statements)}


def statement(effect: Any = "Allow", action: Any = "*", resource: Any = "*", **more: Any) -> dict[str, Any]:
    """A statement of an identity policy; more elements by their names."""
    return {"Effect": effect, "Action": action, "Resource": resource, **more}


def trusts(principal: Any = None, **more: Any) -> dict[str, Any]:
    """A statement of a trust policy that admits Lambda, or whom it is told."""
    principal = {"Service": "lambda.amazonaws.com"} if principal is None else principal
    return {"Effect": "Allow", "Action": "sts:AssumeRole", "Principal": principal, **more}


def assume(*statements: Any, caller: Any = "lambda.amazonaws.com", **context: Any) -> Effect:
    """The decision on assuming the role; context keys with ``_`` for the first ``:``."""
    keys = {key.replace("_", ":", 1): value for key, value in context.items()}
    return evaluate(Request(caller, "sts:AssumeRole", ROLE, ACCOUNT, keys), resource_policy=policy(*statements)).effect


def invocation(caller: Any, identity: Any = (), resource: Any = None, context: Any = None, **policies: Any) -> Decision:
    """The decision on invoking the function; identity and resource policies are statements or lists of them."""
    request = Request(caller, "lambda:InvokeFunction", FUNCTION, ACCOUNT, context or {})
    own = [] if identity == () else [policy(*(identity if isinstance(identity, list) else [identity]))]
    theirs = None if resource is None else policy(*(resource if isinstance(resource, list) else [resource]))
    return evaluate(request, own, theirs, **policies)


def invoke(caller: Any, identity: Any = (), resource: Any = None, context: Any = None, **policies: Any) -> Effect:
    return invocation(caller, identity, resource, context, **policies).effect


def granted_to(principal: Any, **more: Any) -> dict[str, Any]:
    """A statement of the function's policy."""
    return {**statement(action="lambda:InvokeFunction", resource=FUNCTION), "Principal": principal, **more}
