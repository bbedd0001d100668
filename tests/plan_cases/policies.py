"""RC120 to RC125, RC128, RC129: what the execution role may do.

A plan knows the text of a policy unless something in it is known only after apply; then nothing of it, but for a data
source, whose statements it has. What a role is given already is in what the provider has read of it.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from plans import ACCOUNT, REGION, UNKNOWN, Resource, after, known, resource

from plan_cases.parts import (
    FUNCTION_ARN,
    ROLE_ARN,
    Plans,
    allow,
    attached,
    case,
    document,
    function,
    may,
    policy,
    role,
    running,
    there,
)

MANAGED = "arn:aws:iam::aws:policy/"
BASIC = f"{MANAGED}service-role/AWSLambdaBasicExecutionRole"
IN_VPC = f"{MANAGED}service-role/AWSLambdaVPCAccessExecutionRole"
SUBNETS = [{"subnet_ids": ["subnet-1"], "security_group_ids": [after("aws_security_group.f.id")], "vpc_id": UNKNOWN}]
TRACES = ["xray:PutTraceSegments", "xray:PutTelemetryRecords"]
GROUP = f"arn:aws:logs:{REGION}:{ACCOUNT}:log-group:/aws/lambda/"
POINT_ARN = f"arn:aws:elasticfilesystem:{REGION}:{ACCOUNT}:access-point/fsap-1"
SYSTEM_ARN = f"arn:aws:elasticfilesystem:{REGION}:{ACCOUNT}:file-system/fs-1"


def of(address: str, document: Any, arn: Any = UNKNOWN, *actions: str) -> Resource:
    """A managed policy of the account."""
    return resource(f"aws_iam_policy.{address}", *actions, name=address, policy=document, arn=arn)


def with_policies(name: str, *managed: str, **inline: str) -> Resource:
    """A role that is there before, with the policies that the provider read of it and that no resource gives."""
    arns = known([*managed], expression=False)
    blocks = known([{"name": key, "policy": value} for key, value in inline.items()], expression=False)
    return there(f"aws_iam_role.{name}", managed_policy_arns=arns, inline_policy=blocks)


def given(name: str) -> Resource:
    """A function of a role that is there before."""
    return running(name, known(f"{ROLE_ARN}{name}", f"aws_iam_role.{name}.arn"))


def file_system(**more: Any) -> tuple[Resource, ...]:
    """A file system with its access point, both made by the plan."""
    return (
        resource("aws_efs_file_system.new", id=UNKNOWN, arn=UNKNOWN, **more),
        resource("aws_efs_access_point.new", arn=UNKNOWN, file_system_id=after("aws_efs_file_system.new.id")),
    )


def mounting(name: str = "orders") -> Resource:
    """A function that mounts the file system that the plan makes."""
    config = {"arn": after("aws_efs_access_point.new.arn"), "local_mount_path": "/mnt/new"}
    return function(name, after("aws_iam_role.app.arn"), file_system_config=[config])


def written(actions: Any, resources: Any = ("*",), effect: str | None = None) -> dict[str, Any]:
    """A ``statement`` of ``aws_iam_policy_document``."""
    return {"effect": effect, "actions": list(actions), "resources": list(resources)}


def not_known(*said: str, **more: Any) -> dict[str, Any]:
    """The same for every rule: an inline policy and a managed one that are known only after apply."""
    of_orders, of_mail = said or (
        "aws_iam_role_policy.app.policy is known only after apply",
        "made of local.policy_arn",
    )
    return case(
        resource("aws_sqs_queue.q", name="q", arn=UNKNOWN),
        resource("aws_iam_role_policy.app", role=known("app", "aws_iam_role.app.name"), name="app",
                 policy=after("aws_sqs_queue.q.arn")),
        role("aws_iam_role.mail"),
        function("mail", after("aws_iam_role.mail.arn"), **more),
        attached("mail", after("local.policy_arn")),
        expect={
            "aws_lambda_function.orders": of_orders,
            "aws_lambda_function.mail": of_mail,
        },
        orders=function("orders", **more),
    )  # fmt: skip


def excess(
    rule: str,
    names: str,
    *,
    bad: Mapping[str, Any],
    managed: str,
    fine: Mapping[str, Any],
    said: str,
    unknown: str = "",
) -> Plans:
    """The cases of a rule of what a role may not be allowed.

    names: of the cases that pass and fail. bad, fine: statements. managed: a policy of AWS with the former. said: of
    what fails; unknown: of what is not known, where the rule does not say why.
    """
    passed, failed = names.split()
    arn = f"{MANAGED}{managed}"
    return {
        f"{rule}/{passed}.pass": case(
            may("app", fine),
            of("fine", policy(fine)),
            attached("app", after("aws_iam_policy.fine.arn"), "fine"),
            attached("app", BASIC, "basic"),
            with_policies("freed", arn),
            given("freed"),
            resource("aws_iam_role_policy_attachment.freed", "delete", before={"role": "freed", "policy_arn": arn}),
        ),
        f"{rule}/{failed}.fail": case(
            of("bad", policy(fine, bad)),
            attached("app", after("aws_iam_policy.bad.arn"), "bad"),
            with_policies("attached", arn),
            given("attached"),
            with_policies("inline", by_hand=policy(bad)),
            given("inline"),
            expect={f"aws_lambda_function.{name}": said for name in ("orders", "attached", "inline")},
        ),
        f"{rule}/policies_not_known.unknown": not_known(*[unknown, unknown] if unknown else []),
    }


TRACED = {"tracing_config": [{"mode": "Active"}]}
PLANS: Plans = {
    **excess("RC120", "certain_services every_service_but_a_few", managed="PowerUserAccess",
             said="may use every service that its policies do not exclude",
             bad={"Effect": "Allow", "NotAction": ["iam:*", "organizations:*"], "Resource": "*"},
             fine=allow(["s3:*", "sqs:*"])),
    **excess("RC121", "names_what_it_manages gives_itself_everything", managed="AdministratorAccess",
             said="may do everything in IAM",
             unknown="is known only after apply",
             bad=allow("iam:*"), fine=allow("iam:PassRole", f"{ROLE_ARN}task")),
    **excess("RC122", "named_functions every_function", managed="AWSLambda_FullAccess",
             said="may invoke every function of the account",
             bad=allow("lambda:InvokeFunction"), fine=allow("lambda:InvokeFunction", f"{FUNCTION_ARN}mail")),
    **excess("RC123", "actions_or_resources everything_with_a_service", managed="AmazonSQSFullAccess",
             said="on *",
             bad=allow("s3:*"), fine=allow("s3:*", ["arn:aws:s3:::orders", "arn:aws:s3:::orders/*"])),
    "RC124/writes_its_group.pass": case(
        attached("app", BASIC, "basic"),
        role("aws_iam_role.later"),
        document("data.aws_iam_policy_document.later",
                 written(["logs:CreateLogStream", "logs:PutLogEvents"], [f"{GROUP}later:*"]),
                 written(["sqs:SendMessage"], [after("aws_sqs_queue.q.arn")])),
        resource("aws_sqs_queue.q", name="q", arn=UNKNOWN),
        resource("aws_iam_role_policy.later", role=after("aws_iam_role.later.id"), name="later",
                 policy=after("data.aws_iam_policy_document.later.json")),
        function("later", after("aws_iam_role.later.arn")),
        resource("aws_cloudwatch_log_group.later", name="/aws/lambda/later", arn=UNKNOWN, id=UNKNOWN),
        with_policies("inline", logs=policy(allow("logs:*"))),
        given("inline"),
    ),
    "RC124/loses_its_logs.fail": case(
        may("app", allow("s3:GetObject")),
        with_policies("detached", BASIC),
        given("detached"),
        resource("aws_iam_role_policy_attachment.detached", "delete", before={"role": "detached", "policy_arn": BASIC}),
        with_policies("changed", logs=policy(allow("logs:*"))),
        given("changed"),
        resource("aws_iam_role_policy.changed", "update", before={"role": "changed", "name": "logs"}, role="changed",
                 name="logs", policy=policy(allow("logs:PutLogEvents", f"{GROUP}another:*"))),
        expect={f"aws_lambda_function.{name}": "may not logs:CreateLogStream and logs:PutLogEvents"
                for name in ("orders", "detached", "changed")},
    ),
    "RC124/policies_not_known.unknown": not_known(),
    "RC125/manages_its_interfaces.pass": case(
        attached("app", IN_VPC),
        with_policies("outside"),
        given("outside"),
        orders=function("orders", vpc_config=SUBNETS),
    ),
    "RC125/left_outside.fail": case(
        attached("app", BASIC),
        with_policies("moved", BASIC),
        running("moved", f"{ROLE_ARN}moved", "", "update", vpc_config=[{"subnet_ids": after("aws_subnet.a.id")}]),
        orders=function("orders", vpc_config=SUBNETS),
        expect=dict.fromkeys(["aws_lambda_function.orders", "aws_lambda_function.moved"], "ec2:CreateNetworkInterface"),
    ),
    "RC125/policies_not_known.unknown": not_known(vpc_config=SUBNETS),
    "RC128/may_trace.pass": case(
        may("app", allow(TRACES)),
        role("aws_iam_role.off"),
        function("off", after("aws_iam_role.off.arn")),
        orders=function("orders", **TRACED),
    ),
    "RC128/may_not_trace.fail": case(
        may("app", allow(TRACES[0])),
        orders=function("orders", **TRACED),
        expect={"aws_lambda_function.orders": "may not xray:PutTelemetryRecords"},
    ),
    "RC128/not_decided_here.unknown": case(
        attached("app", BASIC),
        expect={"aws_lambda_function.orders": "made of local.mode"},
        orders=function("orders", tracing_config=[{"mode": after("local.mode")}]),
    ),
    "RC129/may_mount.pass": case(
        may("app", allow("elasticfilesystem:ClientMount")),
        *file_system(),
        there("aws_iam_role.kept"),
        may("kept", allow("elasticfilesystem:ClientMount", SYSTEM_ARN)),
        running("kept", known(f"{ROLE_ARN}kept", "aws_iam_role.kept.arn"), file_system_config=[
            {"arn": known(POINT_ARN, "aws_efs_access_point.kept.arn"), "local_mount_path": "/mnt/kept"}]),
        resource("aws_efs_file_system.kept", "no-op", id=known("fs-1", expression=False),
                 arn=known(SYSTEM_ARN, expression=False)),
        resource("aws_efs_access_point.kept", "no-op", arn=known(POINT_ARN, expression=False),
                 file_system_id=known("fs-1", "aws_efs_file_system.kept.id")),
        orders=mounting(),
    ),
    "RC129/may_not_mount.fail": case(
        may("app", allow("elasticfilesystem:ClientWrite")),
        *file_system(),
        resource("aws_efs_file_system_policy.new", file_system_id=after("aws_efs_file_system.new.id"),
                 policy=policy(allow("elasticfilesystem:ClientMount", Principal={"AWS": f"{ROLE_ARN}another"}))),
        orders=mounting(),
        expect={"aws_lambda_function.orders": "may not elasticfilesystem:ClientMount"},
    ),
    "RC129/not_decided_here.unknown": case(
        may("app", allow("elasticfilesystem:ClientMount", SYSTEM_ARN)),
        *file_system(),
        resource("aws_efs_file_system_policy.new", file_system_id=after("aws_efs_file_system.new.id"),
                 policy=after("aws_efs_file_system.new.arn")),
        orders=mounting(),
        expect={"aws_lambda_function.orders": "is not known"},
    ),
}  # fmt: skip
