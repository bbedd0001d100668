"""RC341 to RC347: the statements of function policies."""

from __future__ import annotations

from plans import ACCOUNT, REGION, after

from plan_cases.parts import Plans, case, permission, topic

PLANS: Plans = {
    "RC341/restricted.pass": case(
        topic("orders"),
        permission("topic", "orders", "sns.amazonaws.com", source_arn=after("aws_sns_topic.orders.arn")),
        permission("known", "orders", "sns.amazonaws.com", source_arn=f"arn:aws:sns:{REGION}:{ACCOUNT}:x"),
    ),
    "RC341/any_source.fail": case(
        permission("any", "orders", "sns.amazonaws.com", source_arn=None),
        expect={"aws_lambda_permission.any": "lets sns.amazonaws.com invoke orders on behalf of any account"},
    ),
    "RC341/not_decided_here.unknown": case(
        permission("source", "orders", "sns.amazonaws.com", source_arn=after("local.source_arn")),
        expect={"aws_lambda_permission.source": "made of local.source_arn"},
    ),
}  # fmt: skip
