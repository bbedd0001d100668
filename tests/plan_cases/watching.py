"""RC204, RC205: who is told of errors, and of roles that are deleted."""

from __future__ import annotations

import json
from typing import Any

from plans import UNKNOWN, Resource, after, known, plan, resource

from plan_cases.parts import Plans, case, function


def alarm(name: str, dimensions: Any, metric: str = "Errors", **more: Any) -> Resource:
    given = {"alarm_name": name, "namespace": "AWS/Lambda", "metric_name": metric, "dimensions": dimensions,
             "metric_query": [], "arn": UNKNOWN, "id": UNKNOWN, **more}  # fmt: skip
    return resource(f"aws_cloudwatch_metric_alarm.{name}", **given)


def event_rule(name: str, pattern: Any, *targets: str, **more: Any) -> tuple[Resource, ...]:
    """A rule with its targets."""
    given = {"name": name, "event_pattern": json.dumps(pattern), "event_bus_name": "default", "arn": UNKNOWN, **more}
    named = known(name, f"aws_cloudwatch_event_rule.{name}.name")
    return (
        resource(f"aws_cloudwatch_event_rule.{name}", **given),
        *(resource(f"aws_cloudwatch_event_target.{name}", rule=named, arn=arn) for arn in targets),
    )


ROLE_DELETED = {"source": ["aws.iam"], "detail": {"eventName": ["DeleteRole"]}}
TRAIL = resource(
    "aws_cloudtrail.all", name="all", is_multi_region_trail=True, enable_logging=True,
    include_global_service_events=True, event_selector=[], advanced_event_selector=[],
)  # fmt: skip


PLANS: Plans = {
    "RC204/watched.pass": case(
        alarm("orders", known({"FunctionName": "orders"}, "aws_lambda_function.orders.function_name")),
        function("bills", name_prefix=None, function_name=UNKNOWN, address="aws_lambda_function.bills"),
        alarm(
            "rate",
            None,
            namespace=None,
            metric_name=None,
            metric_query=[
                {"id": "rate", "expression": "errors / 2", "metric": [], "account_id": ""},
                {
                    "id": "errors",
                    "expression": "",
                    "account_id": "",
                    "metric": [
                        {
                            "namespace": "AWS/Lambda",
                            "metric_name": "Errors",
                            "dimensions": {"FunctionName": after("aws_lambda_function.bills.function_name")},
                        },
                    ],
                },
            ],
        ),
    ),
    "RC204/not_watched.fail": case(
        alarm("throttles", known({"FunctionName": "orders"}, "aws_lambda_function.orders.function_name"), "Throttles"),
        alarm("other", {"FunctionName": "other"}),
        expect={"aws_lambda_function.orders": "No alarm watches the errors of orders"},
    ),
    "RC204/not_decided_here.unknown": case(
        alarm("later", {"FunctionName": after("aws_ssm_parameter.name.value")}),
        expect={"aws_lambda_function.orders": "Whether later watches the errors of orders is not known"},
    ),
    "RC205/told.pass": plan(
        TRAIL, *event_rule("deleted", ROLE_DELETED, "arn:aws:sns:us-east-1:111122223333:alerts"), region="us-east-1"
    ),
    "RC205/not_told.fail": plan(
        TRAIL,
        *event_rule("off", ROLE_DELETED, "arn:aws:sns:us-east-1:111122223333:alerts", state="DISABLED"),
        *event_rule("nobody", ROLE_DELETED),
        region="us-east-1",
        expect={
            "aws_cloudwatch_event_rule.off": "it is disabled",
            "aws_cloudwatch_event_rule.nobody": "it has no target",
        },
    ),
    "RC205/not_decided_here.unknown": plan(
        *event_rule("deleted", ROLE_DELETED, "arn:aws:sns:us-east-1:111122223333:alerts"),
        *event_rule("later", ROLE_DELETED, event_pattern=after("aws_ssm_parameter.pattern.value")),
        region="us-east-1",
        expect={
            "aws_cloudwatch_event_rule.deleted": "no trail here certainly records",
            "aws_cloudwatch_event_rule.later": "What events later is for is not known",
        },
    ),
}
