"""RC321 to RC326, RC349: services that call functions with a role."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from plans import ACCOUNT, REGION, UNKNOWN, Resource, after, known, resource

from plan_cases.parts import (
    FUNCTION_ARN,
    ORDERS_ARN,
    ROLE_ARN,
    Plans,
    allow,
    attached,
    case,
    document,
    policy,
    role,
    running,
    there,
)


def may_invoke(name: str, granted: Any) -> Resource:
    """The policy of a role of that name."""
    role_name = known(name, f"aws_iam_role.{name}.id", expression=False)
    return resource(f"aws_iam_role_policy.{name}", name="invoke", role=role_name, policy=granted)


def invoking(arn: str) -> str:
    return policy(allow("lambda:InvokeFunction", arn))


def schedule(name: str, function: Any, role_arn: Any) -> Resource:
    return resource(f"aws_scheduler_schedule.{name}", name=name, group_name=None,
                    target=[{"arn": function, "role_arn": role_arn, "input": None}])  # fmt: skip


def calling(function: Any) -> str:
    states = {"Charge": {"Type": "Task", "Resource": function, "End": True}}
    return json.dumps({"StartAt": "Charge", "States": states})


def pipe(name: str, function: Any, role_arn: Any) -> Resource:
    queues = f"arn:aws:sqs:{REGION}:{ACCOUNT}:"
    return resource(f"aws_pipes_pipe.{name}", name=name, role_arn=role_arn, source=f"{queues}orders",
                    enrichment=function, target=f"{queues}done", arn=UNKNOWN, id=UNKNOWN)  # fmt: skip


def data_source(name: str, function: Any, role_arn: Any) -> Resource:
    return resource(f"aws_appsync_datasource.{name}", name=name, api_id=after("aws_appsync_graphql_api.shop.id"),
                    type="AWS_LAMBDA", service_role_arn=role_arn, lambda_config=[{"function_arn": function}],
                    arn=UNKNOWN, id=UNKNOWN)  # fmt: skip


def delivery_stream(name: str, function: Any, role_arn: Any) -> Resource:
    parameters = [{"parameter_name": "LambdaArn", "parameter_value": function}]
    processing = [{"enabled": True, "processors": [{"type": "Lambda", "parameters": parameters}]}]
    to_bucket = {"bucket_arn": "arn:aws:s3:::records", "role_arn": role_arn, "processing_configuration": processing}
    return resource(f"aws_kinesis_firehose_delivery_stream.{name}", name=name, destination="extended_s3",
                    extended_s3_configuration=[to_bucket], arn=UNKNOWN, id=UNKNOWN)  # fmt: skip


SOURCE = {"name": "Source", "category": "Source", "owner": "AWS", "provider": "S3", "version": "1",
          "configuration": {"S3Bucket": "source", "S3ObjectKey": "app.zip"}, "output_artifacts": ["app"]}  # fmt: skip


def pipeline(name: str, function: Any, role_arn: Any) -> Resource:
    action = {"name": "Smoke", "category": "Invoke", "owner": "AWS", "provider": "Lambda", "version": "1",
              "role_arn": None, "region": None, "configuration": {"FunctionName": function}}  # fmt: skip
    return resource(f"aws_codepipeline.{name}", name=name, role_arn=role_arn, arn=UNKNOWN, id=UNKNOWN,
                    stage=[{"name": "Source", "action": [SOURCE]}, {"name": "Check", "action": [action]}])  # fmt: skip


@dataclass(frozen=True)
class Service:
    """A service that calls functions with a role. by: what its wiring names the function by (``arn``...)."""

    principal: str
    type: str
    wired: Callable[[str, Any, Any], Resource]
    by: str = "arn"

    def may_assume(self, name: str) -> Resource:
        return role(f"aws_iam_role.{name}", service=self.principal)

    def orders(self) -> Any:
        """The function that the plan makes: its name is known before."""
        named = f"aws_lambda_function.orders.{self.by}"
        return after(named) if self.by == "arn" else known("orders", named)

    def mail(self, qualifier: str = "") -> Any:
        """The function that is there before."""
        return known(f"{self.named('mail')}{qualifier}", f"aws_lambda_function.mail.{self.by}")

    def named(self, name: str) -> str:
        return f"{FUNCTION_ARN if self.by == 'arn' else ''}{name}"


SERVICES = {
    "RC323": Service("pipes.amazonaws.com", "aws_pipes_pipe", pipe),
    "RC324": Service("appsync.amazonaws.com", "aws_appsync_datasource", data_source),
    "RC325": Service("firehose.amazonaws.com", "aws_kinesis_firehose_delivery_stream", delivery_stream),
    "RC326": Service("codepipeline.amazonaws.com", "aws_codepipeline", pipeline, by="function_name"),
}


def let_in(service: Service) -> dict[str, Any]:
    """A role that is made, whose policy is read during apply, and one that is there before with a policy that is."""
    return case(
        running("mail", f"{ROLE_ARN}app"),
        service.may_assume("caller"),
        document("data.aws_iam_policy_document.invoke",
                 {"effect": None, "actions": ["lambda:InvokeFunction"], "resources": [ORDERS_ARN]}),
        may_invoke("caller", after("data.aws_iam_policy_document.invoke.json")),
        service.wired("made", service.orders(), after("aws_iam_role.caller.arn")),
        there("aws_iam_role.old", service=service.principal),
        may_invoke("old", invoking(f"{FUNCTION_ARN}mail:live")),
        service.wired("alias", service.mail(":live"), known(f"{ROLE_ARN}old", "aws_iam_role.old.arn")),
    )  # fmt: skip


def not_let_in(service: Service) -> dict[str, Any]:
    """A policy for the function where an alias is called, and the role of the function itself."""
    return case(
        running("mail", f"{ROLE_ARN}app"),
        service.may_assume("caller"),
        may_invoke("caller", invoking(f"{FUNCTION_ARN}mail")),
        service.wired("alias", service.mail(":live"), after("aws_iam_role.caller.arn")),
        may_invoke("app", invoking(f"{FUNCTION_ARN}mail")),
        service.wired("untrusted", service.mail(), after("aws_iam_role.app.arn")),
        expect={f"{service.type}.alias": "caller may not invoke mail:live, only mail itself",
                f"{service.type}.untrusted": f"{service.principal} cannot assume app"},
    )  # fmt: skip


def not_decided_here(service: Service) -> dict[str, Any]:
    """A role that only apply tells, and a function that another configuration makes."""
    return case(
        service.may_assume("caller"),
        may_invoke("caller", after("aws_lambda_function.orders.arn")),
        service.wired("elsewhere", service.orders(), after("local.role_arn")),
        service.wired("other", service.named("other"), after("aws_iam_role.caller.arn")),
        expect={f"{service.type}.elsewhere": "with a role that is not known here",
                f"{service.type}.other": "is not known here: it is not in this configuration"},
    )  # fmt: skip


PLANS: Plans = {
    **{f"{rule}/let_in.pass": let_in(service) for rule, service in SERVICES.items()},
    **{f"{rule}/not_let_in.fail": not_let_in(service) for rule, service in SERVICES.items()},
    **{f"{rule}/not_decided_here.unknown": not_decided_here(service) for rule, service in SERVICES.items()},
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
    "RC349/named_functions.pass": case(
        role("aws_iam_role.caller", service="scheduler.amazonaws.com"),
        may_invoke("caller", invoking(f"{FUNCTION_ARN}orders*")),
        schedule("nightly", ORDERS_ARN, after("aws_iam_role.caller.arn")),
    ),
    "RC349/every_function.fail": case(
        role("aws_iam_role.caller", service="scheduler.amazonaws.com"),
        may_invoke("caller", invoking(f"{FUNCTION_ARN}*")),
        schedule("nightly", ORDERS_ARN, after("aws_iam_role.caller.arn")),
        there("aws_iam_role.old", service="pipes.amazonaws.com"),
        attached("old", "arn:aws:iam::aws:policy/service-role/AWSLambdaRole"),
        pipe("old", ORDERS_ARN, known(f"{ROLE_ARN}old", "aws_iam_role.old.arn")),
        expect={
            "aws_scheduler_schedule.nightly": "caller, a role of aws_scheduler_schedule.nightly, may invoke every",
            "aws_pipes_pipe.old": "old, a role of aws_pipes_pipe.old, may invoke every function",
        },
    ),
    "RC349/not_decided_here.unknown": case(
        role("aws_iam_role.caller", service="scheduler.amazonaws.com"),
        may_invoke("caller", after("local.policy")),
        schedule("nightly", ORDERS_ARN, after("aws_iam_role.caller.arn")),
        schedule("elsewhere", ORDERS_ARN, after("local.role_arn")),
        expect={
            "aws_scheduler_schedule.nightly": "Whether caller may invoke every function is not known",
            "aws_scheduler_schedule.elsewhere": "The role of aws_scheduler_schedule.elsewhere is not known here",
        },
    ),
}
