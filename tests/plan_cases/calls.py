"""RC321, RC322: services that call functions with a role."""

from __future__ import annotations

import json
from typing import Any

from plans import UNKNOWN, Resource, after, known, resource

from plan_cases.parts import FUNCTION_ARN, ORDERS_ARN, ROLE_ARN, Plans, allow, case, policy, role, running


def may_invoke(name: str, document: Any) -> Resource:
    """The policy of a role of that name."""
    role_name = known(name, f"aws_iam_role.{name}.id", expression=False)
    return resource(f"aws_iam_role_policy.{name}", name="invoke", role=role_name, policy=document)


def invoking(arn: str) -> str:
    return policy(allow("lambda:InvokeFunction", arn))


def schedule(name: str, function: Any, role_arn: Any) -> Resource:
    return resource(f"aws_scheduler_schedule.{name}", name=name, group_name=None,
                    target=[{"arn": function, "role_arn": role_arn, "input": None}])  # fmt: skip


def calling(function: Any) -> str:
    states = {"Charge": {"Type": "Task", "Resource": function, "End": True}}
    return json.dumps({"StartAt": "Charge", "States": states})


PLANS: Plans = {
    "RC321/let_in.pass": case(
        running("mail", f"{ROLE_ARN}app"),
        role("aws_iam_role.caller", service="states.amazonaws.com"),
        may_invoke("caller", invoking(f"{FUNCTION_ARN}mail")),
        resource(
            "aws_sfn_state_machine.mail",
            name="mail",
            role_arn=after("aws_iam_role.caller.arn"),
            definition=known(calling(f"{FUNCTION_ARN}mail"), "aws_lambda_function.mail.arn"),
        ),
    ),
    "RC321/not_let_in.fail": case(
        running("mail", f"{ROLE_ARN}app"),
        role("aws_iam_role.caller", service="states.amazonaws.com"),
        may_invoke("caller", invoking(f"{FUNCTION_ARN}mail")),
        resource(
            "aws_sfn_state_machine.mail",
            name="mail",
            role_arn=after("aws_iam_role.caller.arn"),
            definition=known(calling(f"{FUNCTION_ARN}mail:live"), "aws_lambda_function.mail.arn"),
        ),
        expect={"aws_sfn_state_machine.mail": "caller may not invoke mail:live, only mail itself"},
    ),
    "RC321/definition_not_known.unknown": case(
        role("aws_iam_role.caller", service="states.amazonaws.com"),
        resource(
            "aws_sfn_state_machine.orders",
            name="orders",
            role_arn=after("aws_iam_role.caller.arn"),
            definition=ORDERS_ARN,
        ),
        expect={"aws_sfn_state_machine.orders": "what it calls is not known here"},
    ),
    "RC322/let_in.pass": case(
        role("aws_iam_role.caller", service="scheduler.amazonaws.com"),
        resource(
            "data.aws_iam_policy_document.invoke",
            "read",
            json=UNKNOWN,
            version=None,
            statement=[{"effect": None, "actions": ["lambda:InvokeFunction"], "resources": [ORDERS_ARN]}],
        ),
        may_invoke("caller", after("data.aws_iam_policy_document.invoke.json")),
        schedule("nightly", ORDERS_ARN, after("aws_iam_role.caller.arn")),
    ),
    "RC322/not_let_in.fail": case(
        running("mail", f"{ROLE_ARN}app"),
        role("aws_iam_role.caller", service="events.amazonaws.com"),
        may_invoke("caller", invoking(f"{FUNCTION_ARN}mail")),
        schedule(
            "nightly", known(f"{FUNCTION_ARN}mail", "aws_lambda_function.mail.arn"), after("aws_iam_role.caller.arn")
        ),
        expect={"aws_scheduler_schedule.nightly": "scheduler.amazonaws.com cannot assume caller"},
    ),
    "RC322/not_decided_here.unknown": case(
        role("aws_iam_role.caller", service="scheduler.amazonaws.com"),
        may_invoke("caller", after("aws_lambda_function.orders.arn")),
        schedule("nightly", ORDERS_ARN, after("aws_iam_role.caller.arn")),
        schedule("elsewhere", ORDERS_ARN, after("local.role_arn")),
        expect={
            "aws_scheduler_schedule.nightly": "is known only after apply",
            "aws_scheduler_schedule.elsewhere": "with a role that is not known here",
        },
    ),
}
