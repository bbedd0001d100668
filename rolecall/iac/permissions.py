"""The statement that Lambda makes of the parameters of AddPermission, the same in every framework.

Source: https://docs.aws.amazon.com/lambda/latest/api/API_AddPermission.html
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

from rolecall.unknown import PartlyKnown, Text, Unknown

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


def _principal(principal: Text) -> Any:
    if principal == "*":
        return "*"
    start = principal.parts[0] if isinstance(principal, PartlyKnown) else principal
    if isinstance(start, Unknown):
        return principal
    return {"Service" if _SERVICE.match(start) else "AWS": principal}
