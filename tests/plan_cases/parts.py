"""What the cases are made of: roles, functions, permissions, as plans have them when they make them or leave them."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

from plans import ACCOUNT, REGION, UNKNOWN, Call, Given, Resource, after, known, plan, resource

FUNCTION_ARN = f"arn:aws:lambda:{REGION}:{ACCOUNT}:function:"
ROLE_ARN = f"arn:aws:iam::{ACCOUNT}:role/"


def trust(service: Any = "lambda.amazonaws.com", **more: Any) -> str:
    statement = {"Effect": "Allow", "Action": "sts:AssumeRole", "Principal": {"Service": service}, **more}
    return json.dumps({"Version": "2012-10-17", "Statement": [statement]})


def role(address: str, *actions: str, service: str = "lambda.amazonaws.com", **more: Any) -> Resource:
    """A role that is made, unless actions and an ARN are given."""
    name = more.pop("name", address.rpartition(".")[2].partition("[")[0])
    values = {"name": name, "path": "/", "assume_role_policy": trust(service), "arn": UNKNOWN, "id": UNKNOWN,
              "managed_policy_arns": UNKNOWN, "inline_policy": UNKNOWN, **more}  # fmt: skip
    return resource(address, *actions, **values)


def there(address: str, *actions: str, name: str = "", service: str = "lambda.amazonaws.com", **more: Any) -> Resource:
    """A role that is there before, with what is done to it (nothing)."""
    name = name or address.rpartition(".")[2].partition("[")[0]
    values = {"name": name, "path": "/", "assume_role_policy": trust(service), **more}
    arn = known(f"{ROLE_ARN}{name}", expression=False)
    return resource(address, *(actions or ("no-op",)), before={**values, "arn": f"{ROLE_ARN}{name}"}, **values, arn=arn)


def function(name: str, role: Any = None, address: str = "", **more: Any) -> Resource:
    """A function that is made."""
    given = after("aws_iam_role.app.arn") if role is None else role
    values = {"function_name": name, "role": given, "runtime": "python3.12", "handler": "app.handler",
              "filename": "app.zip", "vpc_config": [], "arn": UNKNOWN, "qualified_arn": UNKNOWN, "id": UNKNOWN,
              "invoke_arn": UNKNOWN, "tracing_config": UNKNOWN, **more}  # fmt: skip
    return resource(address or f"aws_lambda_function.{name}", **values)


def running(name: str, role: Any, address: str = "", *actions: str, **more: Any) -> Resource:
    """A function that is there before and stays."""
    values = {"function_name": name, "role": role, "vpc_config": [], **more}
    before = {"function_name": name, "role": role.value if isinstance(role, Given) else role}
    arn = known(f"{FUNCTION_ARN}{name}", expression=False)
    return resource(
        address or f"aws_lambda_function.{name}", *(actions or ("no-op",)), before=before, **values, arn=arn
    )


def permission(name: str, function: str, principal: str, **more: Any) -> Resource:
    values = {"statement_id": UNKNOWN, "action": "lambda:InvokeFunction", "principal": principal, "qualifier": None,
              "function_name": known(function, f"aws_lambda_function.{function}.function_name"), **more}  # fmt: skip
    return resource(f"aws_lambda_permission.{name}", **values)


def topic(name: str) -> Resource:
    return resource(f"aws_sns_topic.{name}", name=name, arn=UNKNOWN, id=UNKNOWN)


def subscription(name: str, topic: Any, endpoint: Any) -> Resource:
    return resource(f"aws_sns_topic_subscription.{name}", protocol="lambda", topic_arn=topic, endpoint=endpoint)


def admits(service: Any = "lambda.amazonaws.com", **more: Any) -> dict[str, Any]:
    """A ``statement`` of ``aws_iam_policy_document`` that lets a service assume a role."""
    principals = [{"type": "Service", "identifiers": [service]}]
    return {"effect": None, "actions": ["sts:AssumeRole"], "principals": principals, **more}


def document(address: str, *statements: Mapping[str, Any]) -> Resource:
    """A policy document that is read during apply, since something in it is not known before."""
    return resource(address, "read", statement=[*statements], json=UNKNOWN, version=None)


def policy(*statements: Mapping[str, Any]) -> str:
    return json.dumps({"Version": "2012-10-17", "Statement": [*statements]})


def allow(action: Any, resource: Any = "*", **more: Any) -> dict[str, Any]:
    return {"Effect": "Allow", "Action": action, "Resource": resource, **more}


def may(role: str, *statements: Mapping[str, Any], name: str = "") -> Resource:
    """The inline policy of a role by its name."""
    values = {"role": known(role, f"aws_iam_role.{role}.name"), "policy": policy(*statements)}
    return resource(f"aws_iam_role_policy.{name or role}", id=UNKNOWN, name=name or role, **values)


def attached(role: str, arn: Any, name: str = "") -> Resource:
    """The attachment of a managed policy."""
    return resource(f"aws_iam_role_policy_attachment.{name or role}", id=UNKNOWN, policy_arn=arn,
                    role=known(role, f"aws_iam_role.{role}.name"))  # fmt: skip


APP = role("aws_iam_role.app")
ORDERS = function("orders")
ORDERS_ARN = after("aws_lambda_function.orders.arn")
Some = Mapping[str, str]
Plans = dict[str, dict[str, Any]]


def case(*parts: Resource | Call, expect: Some | None = None, orders: Resource = ORDERS, **more: Any) -> dict[str, Any]:
    """A plan that makes the function orders and its role app."""
    return plan(APP, orders, *parts, expect=expect, **more)
