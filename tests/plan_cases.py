"""The cases that are plans: ``python tests/plan_cases.py`` writes them to ``cases/RCnnn/NAME.plan.json``.

What each shows is what only plans know: values that exist already, values that are known only after apply, resources
that are destroyed. The rules themselves are tested by the cases of the configurations.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from plans import (
    ACCOUNT,
    REGION,
    UNKNOWN,
    Call,
    Given,
    Resource,
    after,
    block,
    call,
    known,
    plan,
    resource,
    state,
    written,
)

CASES = Path(__file__).parent / "cases"
FUNCTION_ARN = f"arn:aws:lambda:{REGION}:{ACCOUNT}:function:"
ROLE_ARN = f"arn:aws:iam::{ACCOUNT}:role/"


def trust(service: str = "lambda.amazonaws.com") -> str:
    statement = {"Effect": "Allow", "Action": "sts:AssumeRole", "Principal": {"Service": service}}
    return json.dumps({"Version": "2012-10-17", "Statement": [statement]})


def role(address: str, *actions: str, service: str = "lambda.amazonaws.com", **more: Any) -> Resource:
    """A role that is made, unless actions and an ARN are given."""
    name = more.pop("name", address.rpartition(".")[2].partition("[")[0])
    values = {"name": name, "path": "/", "assume_role_policy": trust(service), "arn": UNKNOWN, "id": UNKNOWN,
              "managed_policy_arns": UNKNOWN, "inline_policy": UNKNOWN, **more}  # fmt: skip
    return resource(address, *actions, **values)


def there(address: str, *actions: str, name: str = "", service: str = "lambda.amazonaws.com") -> Resource:
    """A role that is there before, with what is done to it (nothing)."""
    name = name or address.rpartition(".")[2].partition("[")[0]
    values = {"name": name, "path": "/", "assume_role_policy": trust(service)}
    arn = known(f"{ROLE_ARN}{name}", expression=False)
    return resource(address, *(actions or ("no-op",)), before={**values, "arn": f"{ROLE_ARN}{name}"}, **values, arn=arn)


def function(name: str, role: Any = None, address: str = "", **more: Any) -> Resource:
    """A function that is made."""
    given = after("aws_iam_role.app.arn") if role is None else role
    values = {"function_name": name, "role": given, "runtime": "python3.12", "handler": "app.handler",
              "filename": "app.zip", "vpc_config": [], "arn": UNKNOWN, "qualified_arn": UNKNOWN, "id": UNKNOWN,
              "tracing_config": UNKNOWN, **more}  # fmt: skip
    return resource(address or f"aws_lambda_function.{name}", **values)


def running(name: str, role: Any, address: str = "", *actions: str) -> Resource:
    """A function that is there before and stays."""
    values = {"function_name": name, "role": role, "vpc_config": []}
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


def document(address: str, service: Any, *actions: str, **more: Any) -> Resource:
    """A policy document that is read during apply."""
    principals = [{"type": "Service", "identifiers": [service]}]
    statement = {"effect": None, "actions": ["sts:AssumeRole"], "principals": principals, **more}
    return resource(address, *(actions or ("read",)), statement=[statement], json=UNKNOWN, version=None)


APP = role("aws_iam_role.app")
ORDERS = function("orders")
ORDERS_ARN = after("aws_lambda_function.orders.arn")
SOME = Mapping[str, str]


def case(*parts: Resource | Call, expect: SOME | None = None, **more: Any) -> dict[str, Any]:
    return plan(APP, ORDERS, *parts, expect=expect, **more)


PLANS: dict[str, dict[str, Any]] = {
    "RC101/there_afterwards.pass": plan(
        APP,
        ORDERS,
        role('aws_iam_role.each["a"]', name="each-a"),
        role('aws_iam_role.each["b"]', name="each-b"),
        function("each-a", after("aws_iam_role.each", "each.key"), 'aws_lambda_function.each["a"]'),
        function("each-b", after("aws_iam_role.each", "each.key"), 'aws_lambda_function.each["b"]'),
        call("module.roles", {"arn": after("aws_iam_role.inner.arn")}),
        role("module.roles.aws_iam_role.inner"),
        function("through-output", after("module.roles.arn"), "aws_lambda_function.through_output"),
        call("module.service", role_arn=after("module.roles.arn")),
        function("through-input", after("var.role_arn"), "module.service.aws_lambda_function.this"),
        there("aws_iam_role.kept"),
        running("kept", known(f"{ROLE_ARN}kept", "local.role_arn")),
        there("aws_iam_role.forgotten", "forget"),
        running("forgotten", f"{ROLE_ARN}forgotten"),
        state("aws_iam_role.untouched", name="untouched", path="/", arn=f"{ROLE_ARN}untouched"),
        running("untouched", f"{ROLE_ARN}untouched"),
        state("data.aws_iam_role.shared", name="shared", arn=f"{ROLE_ARN}service/shared"),
        running("shared", known(f"{ROLE_ARN}service/shared", "data.aws_iam_role.shared.arn")),
        resource("aws_iam_role.replaced", "delete", "create", name="replaced", path="/", assume_role_policy=trust(),
                 before={"name": "replaced", "arn": f"{ROLE_ARN}replaced"}, arn=UNKNOWN),
        running("replaced", f"{ROLE_ARN}replaced"),
        there("aws_iam_role.old_address", "delete", name="moved"),
        role("aws_iam_role.new_address", name="moved"),
        running("moved", f"{ROLE_ARN}moved"),
        function("none_of_the_known", after("var.role_arn", "aws_iam_role.app.arn")),
        variables={"role_arn": None},
    ),
    "RC101/destroyed.fail": plan(
        there("aws_iam_role.app", "delete"),
        running("orders", f"{ROLE_ARN}app"),
        running("mail", f"{ROLE_ARN}app", "", "update"),
        resource("aws_iam_role.renamed", "create", "delete", name="new", path="/", assume_role_policy=trust(),
                 before={"name": "old", "arn": f"{ROLE_ARN}old"}, arn=UNKNOWN),
        running("renamed", f"{ROLE_ARN}old"),
        resource("aws_iam_policy.p", name="p", arn=UNKNOWN),
        function("policy", after("aws_iam_policy.p.arn")),
        there("aws_iam_role.fine"),
        running("fine", f"{ROLE_ARN}fine"),
        expect={
            "aws_lambda_function.orders": f"{ROLE_ARN}app, does not exist: this plan destroys aws_iam_role.app",
            "aws_lambda_function.mail": "this plan destroys aws_iam_role.app",
            "aws_lambda_function.renamed": f"this plan replaces aws_iam_role.renamed, which becomes {ROLE_ARN}new",
            "aws_lambda_function.policy": "aws_iam_policy.p is not a role",
        },
    ),
    "RC101/elsewhere.unknown": plan(
        APP,
        ORDERS,
        role("aws_iam_role.b"),
        function("literal", f"{ROLE_ARN}of-another-team"),
        function("conditional", after("aws_iam_role.app.arn", "aws_iam_role.b.arn")),
        function("local", after("local.role_arn")),
        call("module.roles", {"arn": after("local.arn")}),
        function("output", after("module.roles.arn")),
        call("module.service", role_arn=after("local.role_arn")),
        function("input", after("var.role_arn"), "module.service.aws_lambda_function.input"),
        role('aws_iam_role.each["a"]'),
        role('aws_iam_role.each["b"]'),
        function("splat", after("aws_iam_role.each")),
        resource("aws_iam_role.generated", "delete", "create", name=UNKNOWN, path="/", assume_role_policy=trust(),
                 before={"name": "generated-1", "arn": f"{ROLE_ARN}generated-1"}, arn=UNKNOWN),
        running("generated", f"{ROLE_ARN}generated-1"),
        expect={
            "aws_lambda_function.literal": "is not in this plan",
            "aws_lambda_function.conditional": "made of aws_iam_role.app.arn and aws_iam_role.b.arn",
            "aws_lambda_function.local": "made of local.role_arn",
            "aws_lambda_function.output": "made of local.arn",
            "module.service.aws_lambda_function.input": "made of local.role_arn",
            "aws_lambda_function.splat": "made of aws_iam_role.each",
            "aws_lambda_function.generated": "whose new ARN is known only after apply",
        },
    ),
    "RC102/own_role.pass": plan(
        APP,
        ORDERS,
        there("aws_iam_role.kept"),
        running("kept", f"{ROLE_ARN}kept"),
        function("elsewhere", f"{ROLE_ARN}of-another-team"),
        account=None,
        expect={},
    ),
    "RC102/not_usable.fail": plan(
        APP,
        ORDERS,
        function("named", known("app", "aws_iam_role.app.name")),
        function("id", after("aws_iam_role.app.id")),
        running("here", f"{ROLE_ARN}there"),
        function("foreign", "arn:aws:iam::999988887777:role/app"),
        resource("aws_iam_policy.p", name="p", arn=known(f"arn:aws:iam::{ACCOUNT}:policy/p", expression=False)),
        function("policy", known(f"arn:aws:iam::{ACCOUNT}:policy/p", "aws_iam_policy.p.arn")),
        account=None,
        expect={
            "aws_lambda_function.named": "it is no ARN",
            "aws_lambda_function.id": "the name of aws_iam_role.app",
            "aws_lambda_function.foreign": f"the function is in account {ACCOUNT}",
            "aws_lambda_function.policy": "it names policy/p, not a role",
        },
    ),
    "RC102/account_not_known.unknown": plan(
        APP,
        ORDERS,
        function("literal", "arn:aws:iam::999988887777:role/app"),
        function("local", after("local.role_arn")),
        account=None,
        expect={
            "aws_lambda_function.literal": "the account is known only when Terraform runs",
            "aws_lambda_function.local": "made of local.role_arn",
        },
    ),
    "RC103/every_way_to_write_it.pass": plan(
        APP,
        ORDERS,
        document("data.aws_iam_policy_document.later", "lambda.amazonaws.com"),
        role("aws_iam_role.later", assume_role_policy=after("data.aws_iam_policy_document.later.json")),
        function("later", after("aws_iam_role.later.arn")),
        document("module.trust.data.aws_iam_policy_document.inner", after("var.service")),
        document("data.aws_iam_policy_document.source", "lambda.amazonaws.com"),
        resource("data.aws_iam_policy_document.merged", "read", json=UNKNOWN,
                 source_policy_documents=[after("data.aws_iam_policy_document.source.json")]),
        role("aws_iam_role.merged", assume_role_policy=after("data.aws_iam_policy_document.merged.json")),
        function("merged", after("aws_iam_role.merged.arn")),
        state("data.aws_iam_role.shared", name="shared", arn=f"{ROLE_ARN}shared", assume_role_policy=trust()),
        running("shared", known(f"{ROLE_ARN}shared", "data.aws_iam_role.shared.arn")),
    ),
    "RC103/shut_out.fail": plan(
        role("aws_iam_role.app", service="ec2.amazonaws.com"),
        ORDERS,
        document("data.aws_iam_policy_document.later", "ecs.amazonaws.com"),
        role("aws_iam_role.later", assume_role_policy=after("data.aws_iam_policy_document.later.json")),
        function("later", after("aws_iam_role.later.arn")),
        state("data.aws_iam_role.shared", name="shared", arn=f"{ROLE_ARN}shared",
              assume_role_policy=trust("edgelambda.amazonaws.com")),
        running("shared", known(f"{ROLE_ARN}shared", "data.aws_iam_role.shared.arn")),
        expect={
            "aws_lambda_function.orders": "admits ec2.amazonaws.com only",
            "aws_lambda_function.later": "admits ecs.amazonaws.com only",
            "aws_lambda_function.shared": "admits edgelambda.amazonaws.com only",
        },
    ),
    "RC103/not_decided_here.unknown": plan(
        role("aws_iam_role.app", assume_role_policy=after("aws_kms_key.k.arn")),
        resource("aws_kms_key.k", arn=UNKNOWN),
        ORDERS,
        document("data.aws_iam_policy_document.later", after("local.service")),
        role("aws_iam_role.later", assume_role_policy=after("data.aws_iam_policy_document.later.json")),
        function("later", after("aws_iam_role.later.arn")),
        resource("data.aws_iam_policy_document.a", "read", json=UNKNOWN, statement=UNKNOWN),
        role("aws_iam_role.dynamic", assume_role_policy=after("data.aws_iam_policy_document.a.json")),
        function("dynamic", after("aws_iam_role.dynamic.arn")),
        function("literal", f"{ROLE_ARN}of-another-team"),
        expect={
            "aws_lambda_function.orders": "assume_role_policy is known only after apply",
            "aws_lambda_function.later": "made of local.service",
            "aws_lambda_function.dynamic": "is known only after apply",
            "aws_lambda_function.literal": "is not in this plan",
        },
    ),
    "RC111/default_tags.pass": plan(
        role("aws_iam_role.app", tags={"stage": "prod"}, tags_all={"stage": "prod", "function": "orders"}), ORDERS
    ),
    "RC303/wired.pass": case(
        resource("aws_cloudwatch_event_bus.shop", name="shop", arn=UNKNOWN, id=UNKNOWN),
        resource("aws_cloudwatch_event_rule.sold", name="sold", arn=UNKNOWN, id=UNKNOWN,
                 event_bus_name=known("shop", "aws_cloudwatch_event_bus.shop.name")),
        resource("aws_cloudwatch_event_target.sold", rule=known("sold", "aws_cloudwatch_event_rule.sold.name"),
                 event_bus_name="shop", arn=ORDERS_ARN, role_arn=None),
        permission("sold", "orders", "events.amazonaws.com", source_arn=after("aws_cloudwatch_event_rule.sold.arn")),
    ),
    "RC303/not_let_in.fail": case(
        resource("aws_cloudwatch_event_rule.nightly", name="nightly", arn=UNKNOWN, id=UNKNOWN),
        resource("aws_cloudwatch_event_rule.other", name="other", arn=UNKNOWN, id=UNKNOWN),
        resource("aws_cloudwatch_event_target.nightly", arn=ORDERS_ARN,
                 rule=known("nightly", "aws_cloudwatch_event_rule.nightly.name")),
        permission("other", "orders", "events.amazonaws.com", source_arn=after("aws_cloudwatch_event_rule.other.arn")),
        expect={"aws_cloudwatch_event_target.nightly": "rule/other, the request has arn:aws:events:"},
    ),
    "RC303/not_decided_here.unknown": case(
        resource("aws_cloudwatch_event_target.local", arn=ORDERS_ARN, rule="nightly"),
        permission("local", "orders", "events.amazonaws.com", source_arn=after("local.rule_arn")),
        expect={"aws_cloudwatch_event_target.local": "made of local.rule_arn"},
    ),
    "RC304/wired.pass": case(
        resource("aws_s3_bucket.in", bucket="orders-in", arn=UNKNOWN, id=UNKNOWN),
        resource("aws_s3_bucket.out", bucket="orders-out", id=UNKNOWN,
                 arn=known("arn:aws:s3:::orders-out", expression=False)),
        resource("aws_s3_bucket_notification.in", bucket=after("aws_s3_bucket.in.id"),
                 lambda_function=[{"lambda_function_arn": ORDERS_ARN, "events": ["s3:ObjectCreated:*"]},
                                  {"lambda_function_arn": ORDERS_ARN, "events": ["s3:ObjectRemoved:*"]}]),
        permission("in", "orders", "s3.amazonaws.com", source_account=ACCOUNT,
                   source_arn=known("arn:aws:s3:::orders-in", "aws_s3_bucket.in.bucket")),
    ),
    "RC304/not_let_in.fail": case(
        resource("aws_s3_bucket.in", bucket="orders-in", arn=UNKNOWN, id=UNKNOWN),
        resource("aws_s3_bucket_notification.in", bucket=after("aws_s3_bucket.in.id"),
                 lambda_function=[{"lambda_function_arn": ORDERS_ARN, "events": ["s3:ObjectCreated:*"]}]),
        permission("in", "orders", "s3.amazonaws.com", source_account=ACCOUNT, source_arn="arn:aws:s3:::another"),
        expect={"aws_s3_bucket_notification.in": "The bucket orders-in cannot invoke orders"},
    ),
    "RC304/not_decided_here.unknown": case(
        resource("aws_s3_bucket.in", bucket="orders-in", arn=UNKNOWN, id=UNKNOWN),
        resource("aws_s3_bucket_notification.dynamic", bucket=after("aws_s3_bucket.in.id"), lambda_function=UNKNOWN),
        expect={"aws_s3_bucket_notification.dynamic": "lambda_function is known only after apply"},
    ),
    "RC305/wired.pass": case(
        topic("orders"),
        subscription("orders", after("aws_sns_topic.orders.arn"), ORDERS_ARN),
        permission("orders", "orders", "sns.amazonaws.com", source_arn=after("aws_sns_topic.orders.arn")),
        running("kept", f"{ROLE_ARN}app"),
        subscription("kept", f"arn:aws:sns:{REGION}:{ACCOUNT}:kept", f"{FUNCTION_ARN}kept"),
        permission("kept", "kept", "sns.amazonaws.com", source_arn=f"arn:aws:sns:{REGION}:{ACCOUNT}:kept"),
        resource("aws_lambda_alias.live", name="live", arn=UNKNOWN,
                 function_name=known("mail", "aws_lambda_function.mail.function_name")),
        function("mail"),
        subscription("alias", after("aws_sns_topic.orders.arn"), after("aws_lambda_alias.live.arn")),
        permission("alias", "mail", "sns.amazonaws.com", source_arn=after("aws_sns_topic.orders.arn"),
                   qualifier=known("live", "aws_lambda_alias.live.name")),
        account=None,
    ),
    "RC305/not_let_in.fail": case(
        topic("orders"),
        topic("other"),
        subscription("orders", after("aws_sns_topic.orders.arn"), ORDERS_ARN),
        permission("orders", "orders", "sns.amazonaws.com", source_arn=after("aws_sns_topic.other.arn")),
        function("mail"),
        subscription("destroyed", after("aws_sns_topic.orders.arn"), after("aws_lambda_function.mail.arn")),
        resource("aws_lambda_permission.mail", "delete", function_name="mail", before={"function_name": "mail"}),
        expect={
            "aws_sns_topic_subscription.orders": "The SNS topic orders cannot invoke orders",
            "aws_sns_topic_subscription.destroyed": "its policy has no statement",
        },
    ),
    "RC305/not_decided_here.unknown": case(
        topic("orders"),
        subscription("local", after("aws_sns_topic.orders.arn"), after("local.endpoint")),
        function("mail"),
        resource("aws_lambda_alias.live", name="live", arn=UNKNOWN,
                 function_name=known("mail", "aws_lambda_function.mail.function_name")),
        subscription("perhaps_an_alias", after("aws_sns_topic.orders.arn"), after("aws_lambda_function.mail.arn")),
        expect={
            "aws_sns_topic_subscription.local": "made of local.endpoint",
            "aws_sns_topic_subscription.perhaps_an_alias": "what follows aws_lambda_function.mail.arn",
        },
    ),
    "RC305/for_some_of_the_resources.unknown": case(
        topic("orders"),
        subscription("orders", after("aws_sns_topic.orders.arn"), ORDERS_ARN),
        block("aws_lambda_permission.orders"),
        complete=False,
        expect={"aws_sns_topic_subscription.orders": "the plan is for some of the resources only"},
    ),
    "RC306/wired.pass": case(
        resource("aws_cloudwatch_log_group.shop", name="/shop", arn=UNKNOWN, id=UNKNOWN),
        resource("aws_cloudwatch_log_subscription_filter.shop", name="shop", filter_pattern="",
                 log_group_name=known("/shop", "aws_cloudwatch_log_group.shop.name"), destination_arn=ORDERS_ARN),
        permission("shop", "orders", "logs.amazonaws.com",
                   source_arn=f"arn:aws:logs:{REGION}:{ACCOUNT}:log-group:/shop:*"),
    ),
    "RC306/not_let_in.fail": case(
        resource("aws_cloudwatch_log_group.shop", "no-op", name="/shop",
                 arn=known(f"arn:aws:logs:{REGION}:{ACCOUNT}:log-group:/shop", expression=False)),
        resource("aws_cloudwatch_log_subscription_filter.shop", name="shop", filter_pattern="",
                 log_group_name="/shop", destination_arn=ORDERS_ARN),
        permission("shop", "orders", "logs.amazonaws.com",
                   source_arn=known(f"arn:aws:logs:{REGION}:{ACCOUNT}:log-group:/shop",
                                    "aws_cloudwatch_log_group.shop.arn")),
        expect={"aws_cloudwatch_log_subscription_filter.shop": "the request has arn:aws:logs:"},
    ),
    "RC306/not_decided_here.unknown": case(
        resource("aws_cloudwatch_log_group.shop", name="/shop", arn=UNKNOWN, id=UNKNOWN),
        resource("aws_cloudwatch_log_subscription_filter.shop", name="shop", filter_pattern="",
                 log_group_name="/shop", destination_arn=ORDERS_ARN),
        permission("shop", "orders", "logs.amazonaws.com", source_arn=after("aws_cloudwatch_log_group.shop.arn")),
        expect={"aws_cloudwatch_log_subscription_filter.shop": "what follows aws_cloudwatch_log_group.shop.arn"},
    ),
    "RC307/wired.pass": case(
        resource("aws_cognito_user_pool.shop", name="shop", arn=UNKNOWN, id=UNKNOWN,
                 lambda_config=[{"pre_sign_up": ORDERS_ARN, "custom_message": None}]),
        permission("shop", "orders", "cognito-idp.amazonaws.com", source_arn=after("aws_cognito_user_pool.shop.arn")),
    ),
    "RC307/not_let_in.fail": case(
        function("mail"),
        resource("aws_cognito_user_pool.shop", name="shop", arn=UNKNOWN, id=UNKNOWN,
                 lambda_config=[{"pre_sign_up": ORDERS_ARN, "custom_message": after("aws_lambda_function.mail.arn")}]),
        permission("shop", "orders", "cognito-idp.amazonaws.com", source_arn=after("aws_cognito_user_pool.shop.arn")),
        expect={"aws_cognito_user_pool.shop": "cannot invoke mail: its policy has no statement"},
    ),
    "RC307/not_decided_here.unknown": case(
        resource("aws_cognito_user_pool.shop", name="shop", arn=UNKNOWN, id=UNKNOWN,
                 lambda_config=[{"pre_sign_up": ORDERS_ARN}]),
        permission("shop", "orders", "cognito-idp.amazonaws.com", source_arn=after("local.pool")),
        expect={"aws_cognito_user_pool.shop": "made of local.pool"},
    ),
    "RC309/wired.pass": case(
        resource("aws_iot_topic_rule.doors", name="doors", arn=UNKNOWN, **{"lambda": [{"function_arn": ORDERS_ARN}]}),
        permission("doors", "orders", "iot.amazonaws.com", source_arn=after("aws_iot_topic_rule.doors.arn")),
    ),
    "RC309/not_let_in.fail": case(
        resource("aws_iot_topic_rule.doors", name="doors", arn=UNKNOWN, **{"lambda": [{"function_arn": ORDERS_ARN}]}),
        resource("aws_iot_topic_rule.windows", name="windows", arn=UNKNOWN),
        permission("doors", "orders", "iot.amazonaws.com", source_arn=after("aws_iot_topic_rule.windows.arn")),
        expect={"aws_iot_topic_rule.doors": "rule/windows, the request has arn:aws:iot:"},
    ),
    "RC309/not_decided_here.unknown": case(
        resource("aws_iot_topic_rule.doors", name="doors", arn=UNKNOWN, **{"lambda": [{"function_arn": ORDERS_ARN}]}),
        permission("doors", "orders", "iot.amazonaws.com", source_account=after("local.account")),
        expect={"aws_iot_topic_rule.doors": "made of local.account"},
    ),
    "RC312/wired.pass": case(
        resource("aws_lb_target_group.shop", name="shop", arn=UNKNOWN),
        resource("aws_lb_target_group_attachment.shop", target_id=ORDERS_ARN,
                 target_group_arn=after("aws_lb_target_group.shop.arn")),
        permission("shop", "orders", "elasticloadbalancing.amazonaws.com",
                   source_arn=after("aws_lb_target_group.shop.arn")),
    ),
    "RC312/not_let_in.fail": case(
        resource("aws_lb_target_group.shop", name="shop", arn=UNKNOWN),
        resource("aws_lb_target_group_attachment.shop", target_id=ORDERS_ARN,
                 target_group_arn=after("aws_lb_target_group.shop.arn")),
        expect={"aws_lb_target_group_attachment.shop": "its policy has no statement"},
    ),
    "RC312/not_decided_here.unknown": case(
        resource("aws_lb_target_group.shop", name="shop", arn=UNKNOWN),
        resource("aws_lb_target_group_attachment.shop", target_id=ORDERS_ARN,
                 target_group_arn=after("aws_lb_target_group.shop.arn")),
        permission("shop", "orders", "elasticloadbalancing.amazonaws.com", source_arn=after("local.group")),
        expect={"aws_lb_target_group_attachment.shop": "made of local.group"},
    ),
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


def path_of(name: str) -> Path:
    return CASES / f"{name}.plan.json"


if __name__ == "__main__":
    for name, content in PLANS.items():
        path_of(name).write_text(written(content), encoding="utf-8")
