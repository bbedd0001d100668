"""RC341 to RC347: the statements of function policies."""

from __future__ import annotations

from typing import Any

from plans import ACCOUNT, REGION, UNKNOWN, Resource, after, known, resource, state

from plan_cases.parts import ROLE_ARN, Plans, case, permission, topic

API, S3 = "apigateway.amazonaws.com", "s3.amazonaws.com"
EXECUTION = f"arn:aws:execute-api:{REGION}:{ACCOUNT}:a1b2c3d4e5"
SCHEDULE = f"arn:aws:scheduler:{REGION}:{ACCOUNT}:schedule/default/nightly"
TOPICS = f"arn:aws:sns:{REGION}:{ACCOUNT}:"


def bucket(name: str) -> Resource:
    return resource(f"aws_s3_bucket.{name}", bucket=name, arn=UNKNOWN, id=UNKNOWN)


def kept(action: str, principal: str, **more: Any) -> Resource:
    """A permission that is there before."""
    values = {"statement_id": "kept", "action": "lambda:InvokeFunction", "principal": principal, "qualifier": "",
              "function_name": "orders", **more}  # fmt: skip
    return resource("aws_lambda_permission.kept", action, before=values, **values)


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
    "RC342/held.pass": case(
        bucket("uploads"),
        permission("bucket", "orders", S3, source_arn=after("aws_s3_bucket.uploads.arn"),
                   source_account=known(ACCOUNT, "data.aws_caller_identity.current.account_id")),
        state("data.aws_caller_identity.current", account_id=ACCOUNT, arn=f"{ROLE_ARN}deployer"),
        topic("orders"),
        permission("topic", "orders", "sns.amazonaws.com", source_arn=after("aws_sns_topic.orders.arn")),
        permission("api", "orders", API, source_arn=after("aws_api_gateway_rest_api.shop.execution_arn")),
        resource("aws_api_gateway_rest_api.shop", name="shop", id=UNKNOWN, execution_arn=UNKNOWN),
    ),
    "RC342/any_account.fail": case(
        bucket("uploads"),
        permission("bucket", "orders", S3, source_arn=after("aws_s3_bucket.uploads.arn"), source_account=None),
        kept("update", S3, source_arn="arn:aws:s3:::kept", source_account=None),
        expect={
            "aws_lambda_permission.bucket": "takes arn:aws:s3:::uploads",
            "aws_lambda_permission.kept": "takes arn:aws:s3:::kept of any account",
        },
    ),
    "RC342/not_decided_here.unknown": case(
        permission("source", "orders", "sns.amazonaws.com", source_arn=after("local.source_arn")),
        bucket("uploads"),
        permission("account", "orders", S3, source_arn="arn:aws:s3:::uploads", source_account=after("local.account")),
        expect={
            "aws_lambda_permission.source": "made of local.source_arn",
            "aws_lambda_permission.account": "made of local.account",
        },
    ),
    "RC343/held.pass": case(
        permission("organization", "orders", "*", principal_org_id="o-a1b2c3d4e5"),
        permission("own", "orders", known(ACCOUNT, "data.aws_caller_identity.current.account_id")),
        state("data.aws_caller_identity.current", account_id=ACCOUNT, arn=f"{ROLE_ARN}deployer"),
        permission("role", "orders", after("aws_iam_role.app.arn")),
        topic("orders"),
        permission("source", "orders", "*", source_arn=after("aws_sns_topic.orders.arn")),
        resource("aws_lambda_permission.gone", "delete", before={"function_name": "orders", "principal": "*"}),
    ),
    "RC343/open.fail": case(
        permission("api", "orders", "*", principal_org_id=None, source_arn=None),
        kept("no-op", "*"),
        expect={
            "aws_lambda_permission.api": "lets everybody do lambda:InvokeFunction through the API",
            "aws_lambda_permission.kept": "lets everybody do lambda:InvokeFunction through the API",
        },
    ),
    "RC343/not_decided_here.unknown": case(
        permission("principal", "orders", after("local.principal")),
        permission("organization", "orders", "*", principal_org_id=after("local.organization")),
        expect={
            "aws_lambda_permission.principal": "made of local.principal",
            "aws_lambda_permission.organization": "made of local.organization",
        },
    ),
    "RC344/known.pass": case(
        permission("own", "orders", known(ACCOUNT, "data.aws_caller_identity.current.account_id")),
        state("data.aws_caller_identity.current", account_id=ACCOUNT, arn=f"{ROLE_ARN}deployer"),
        permission("role", "orders", after("aws_iam_role.app.arn")),
        permission("user", "orders", after("aws_iam_user.deployer.arn")),
        resource("aws_iam_user.deployer", name="deployer", path="/", arn=UNKNOWN),
        account=None,
    ),
    "RC344/other_account.fail": case(
        permission("account", "orders", "444455556666"),
        kept("no-op", "arn:aws:iam::444455556666:role/caller"),
        state("data.aws_caller_identity.current", account_id=ACCOUNT, arn=f"{ROLE_ARN}deployer"),
        account=None,
        expect={
            "aws_lambda_permission.account": "lets 444455556666 in",
            "aws_lambda_permission.kept": "arn:aws:iam::444455556666:role/caller",
        },
    ),
    "RC344/account_not_known.unknown": case(
        permission("account", "orders", "444455556666"),
        permission("partner", "orders", after("local.partner")),
        account=None,
        expect={
            "aws_lambda_permission.account": "of which account 444455556666 is",
            "aws_lambda_permission.partner": "of which account",
        },
    ),
    "RC346/declared.pass": case(
        topic("orders"),
        permission("topic", "orders", "sns.amazonaws.com", source_arn=after("aws_sns_topic.orders.arn")),
        bucket("uploads"),
        permission("bucket", "orders", S3, source_arn=known("arn:aws:s3:::uploads", "aws_s3_bucket.uploads.bucket")),
        resource("aws_api_gateway_rest_api.shop", "no-op", name="shop", id=known("a1b2c3d4e5", expression=False),
                 execution_arn=known(EXECUTION, expression=False)),
        permission("api", "orders", API,
                   source_arn=known(f"{EXECUTION}/*/GET/orders", "aws_api_gateway_rest_api.shop.execution_arn")),
        state("data.aws_sns_topic.mail", name="mail", arn=f"{TOPICS}mail"),
        permission("looked_up", "orders", "sns.amazonaws.com",
                   source_arn=known(f"{TOPICS}mail", "data.aws_sns_topic.mail.arn")),
        resource("aws_sns_topic.again", "delete", "create", before={"name": "again", "arn": f"{TOPICS}again"},
                 name="again", arn=UNKNOWN),
        permission("again", "orders", "sns.amazonaws.com", source_arn=after("aws_sns_topic.again.arn")),
    ),
    "RC346/destroyed.fail": case(
        resource("aws_sns_topic.orders", "delete", before={"name": "orders", "arn": f"{TOPICS}orders"}),
        kept("no-op", "sns.amazonaws.com", source_arn=f"{TOPICS}orders"),
        resource("aws_api_gateway_rest_api.shop", "delete",
                 before={"name": "shop", "id": "a1b2c3d4e5", "execution_arn": EXECUTION}),
        permission("api", "orders", API, source_arn=f"{EXECUTION}/*/GET/orders"),
        expect={
            "aws_lambda_permission.kept": f"is for {TOPICS}orders, which the configuration does not declare",
            "aws_lambda_permission.api": "which the configuration does not declare",
        },
    ),
    "RC346/not_decided_here.unknown": case(
        permission("literal", "orders", "sns.amazonaws.com", source_arn=f"{TOPICS}orders"),
        permission("local", "orders", "sns.amazonaws.com", source_arn=after("local.source_arn")),
        resource("aws_sns_topic.again", "delete", "create", before={"name": "again", "arn": f"{TOPICS}again"},
                 name="again", arn=UNKNOWN),
        kept("no-op", "sns.amazonaws.com", source_arn=f"{TOPICS}again"),
        resource("aws_sns_topic.moved", "delete", before={"name": "moved", "arn": f"{TOPICS}moved"}),
        resource("aws_sns_topic.elsewhere", name="moved", arn=UNKNOWN),
        permission("moved", "orders", "sns.amazonaws.com", source_arn=f"{TOPICS}moved"),
        expect={f"aws_lambda_permission.{name}": "it is written out, or comes from elsewhere"
                for name in ("literal", "kept", "moved")} | {"aws_lambda_permission.local": "made of local.source_arn"},
    ),
    "RC347/own_source.pass": case(
        topic("orders"),
        permission("topic", "orders", "sns.amazonaws.com", source_arn=after("aws_sns_topic.orders.arn")),
        resource("aws_api_gateway_rest_api.shop", name="shop", id=UNKNOWN, execution_arn=UNKNOWN),
        permission("api", "orders", API, source_arn=after("aws_api_gateway_rest_api.shop.execution_arn")),
        resource("aws_cloudwatch_log_group.shop", name="/shop", arn=UNKNOWN),
        permission("logs", "orders", "logs.amazonaws.com", source_arn=after("aws_cloudwatch_log_group.shop.arn")),
        resource("aws_secretsmanager_secret.db", name="db", arn=UNKNOWN),
        permission("secret", "orders", "secretsmanager.amazonaws.com",
                   source_arn=after("aws_secretsmanager_secret.db.arn")),
    ),
    "RC347/other_source.fail": case(
        topic("orders"),
        permission("topic", "orders", S3, source_arn=after("aws_sns_topic.orders.arn")),
        permission("itself", "orders", API, source_arn=after("aws_lambda_function.orders.arn")),
        kept("no-op", "events.amazonaws.com", source_arn=SCHEDULE),
        expect={
            "aws_lambda_permission.topic": "s3.amazonaws.com never calls on behalf of",
            "aws_lambda_permission.itself": "apigateway.amazonaws.com never calls on behalf of",
            "aws_lambda_permission.kept": "events.amazonaws.com never calls on behalf of",
        },
    ),
    "RC347/not_decided_here.unknown": case(
        permission("source", "orders", "sns.amazonaws.com", source_arn=after("local.source_arn")),
        permission("conditional", "orders", "sns.amazonaws.com",
                   source_arn=after("aws_sns_topic.a.arn", "aws_sns_topic.b.arn")),
        topic("a"),
        topic("b"),
        expect={
            "aws_lambda_permission.source": "made of local.source_arn",
            "aws_lambda_permission.conditional": "made of aws_sns_topic.a.arn and aws_sns_topic.b.arn",
        },
    ),
}  # fmt: skip
