"""The statement that Lambda makes of the parameters of AddPermission, the same in every framework.

Source: https://docs.aws.amazon.com/lambda/latest/api/API_AddPermission.html
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

from rolecall.unknown import PartlyKnown, Text, Unknown, parts_of, same_as, text

# parameter of AddPermission -> operator and condition key of the statement it becomes
_CONDITIONS = {
    "SourceArn": ("ArnLike", "AWS:SourceArn"),
    "SourceAccount": ("StringEquals", "AWS:SourceAccount"),
    "EventSourceToken": ("StringEquals", "lambda:EventSourceToken"),
    "PrincipalOrgID": ("StringEquals", "aws:PrincipalOrgID"),
    "FunctionUrlAuthType": ("StringEquals", "lambda:FunctionUrlAuthType"),
    "InvokedViaFunctionUrl": ("Bool", "lambda:InvokedViaFunctionUrl"),
}
_SERVICE = re.compile(r"[a-z0-9-]+\.")


def permission_statement(parameters: Mapping[str, Text], resource: Text) -> dict[str, Any]:
    """The policy statement for the parameters of AddPermission.

    parameters: by the API's names (StatementId, Action, Principal, SourceArn ...); absent ones left out.
    resource: ARN of the function, alias or version that the statement covers.
    """
    conditions: dict[str, dict[str, Text]] = {}
    for parameter, (operator, key) in _CONDITIONS.items():
        if parameter in parameters:
            conditions.setdefault(operator, {})[key] = parameters[parameter]
    statement: dict[str, Any] = {
        "Sid": parameters.get("StatementId", ""),
        "Effect": "Allow",
        "Principal": _principal(parameters.get("Principal", Unknown("the principal is not given"))),
        "Action": parameters.get("Action", Unknown("the action is not given")),
        "Resource": resource,
    }
    return statement | ({"Condition": conditions} if conditions else {})


def qualifier_of(given: Text, *names: Text) -> Text | None:
    """The alias or version in what names a function: ``""`` for none, ``None`` when it does not begin with a name.

    given: what the permission or the wiring states. names: of the function: its ARN, its name.
    """
    for name in names:
        head, own = parts_of(name), parts_of(given)
        *fixed, last = head
        if same_as(text(*own[: len(fixed)])) != same_as(text(*fixed)) or len(own) <= len(fixed):
            continue
        there, rest = own[len(fixed)], own[len(fixed) + 1 :]
        if same_as(there) == same_as(last):
            remainder = text(*rest)
        elif isinstance(there, str) and isinstance(last, str) and there.startswith(f"{last}:"):
            remainder = text(there[len(last) :], *rest)
        else:
            continue
        if remainder == "":
            return ""
        first, *more = parts_of(remainder)
        if isinstance(first, str) and first.startswith(":"):
            return text(first[1:], *more)
    return None


def _principal(principal: Text) -> Any:
    if principal == "*":
        return "*"
    start = principal.parts[0] if isinstance(principal, PartlyKnown) else principal
    if isinstance(start, Unknown):
        return principal
    return {"Service" if _SERVICE.match(start) else "AWS": principal}
