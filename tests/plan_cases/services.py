"""RC308, RC310, RC311, RC314, RC317 to RC319, RC331, RC333: services that call functions.

Their ARNs and IDs are made by AWS: in a plan that makes them, the permission and the wiring refer to the same resource.
"""

from __future__ import annotations

from typing import Any

from plans import ACCOUNT, REGION, UNKNOWN, Resource, after, known, resource

from plan_cases.parts import FUNCTION_ARN, ORDERS_ARN, ROLE_ARN, Plans, case, function, permission, running


def arn(service: str, rest: str) -> str:
    return f"arn:aws:{service}:{REGION}:{ACCOUNT}:{rest}"


def made(address: str, *unknown: str, **values: Any) -> Resource:
    """A resource that is made. unknown: what AWS sets, beside ID and ARN."""
    return resource(address, **{**dict.fromkeys(("id", "arn", *unknown), UNKNOWN), **values})


def before(address: str, *actions: str, **values: Any) -> Resource:
    """A resource that is there before, with all its attributes."""
    return resource(address, *(actions or ("no-op",)), before=values, **values)


def of_itself(value: str) -> Any:
    """An attribute that AWS has set."""
    return known(value, expression=False)


def called(name: str = "orders") -> Any:
    return after(f"aws_lambda_function.{name}.arn")


KEPT = running("kept", f"{ROLE_ARN}app")
KEPT_ARN = known(f"{FUNCTION_ARN}kept", "aws_lambda_function.kept.arn")


def secret(name: str) -> Resource:
    return made(f"aws_secretsmanager_secret.{name}", name=name)


def rotation(name: str, secret: Any, function: Any = ORDERS_ARN, **more: Any) -> Resource:
    return made(f"aws_secretsmanager_secret_rotation.{name}", secret_id=secret, rotation_lambda_arn=function,
                rotation_rules=[{"automatically_after_days": 30}], **more)  # fmt: skip


def mail_rule(name: str, *functions: Any, rule_set: Any = "inbound") -> Resource:
    """A receipt rule; its actions are a set, whose order is not that of the configuration."""
    actions = [
        {"function_arn": given, "position": at, "invocation_type": "Event"} for at, given in enumerate(functions)
    ]
    return made(f"aws_ses_receipt_rule.{name}", name=name, rule_set_name=rule_set, lambda_action=actions)


def config_rule(name: str, function: Any = ORDERS_ARN, **more: Any) -> Resource:
    source = {"owner": "CUSTOM_LAMBDA", "source_identifier": function, "source_detail": []}
    return made(f"aws_config_config_rule.{name}", "rule_id", name=name, source=[source], **more)


def agent(name: str, **more: Any) -> Resource:
    values = {"prompt_override_configuration": UNKNOWN, **more}
    return resource(f"aws_bedrockagent_agent.{name}", agent_name=name, agent_arn=UNKNOWN, agent_id=UNKNOWN, id=UNKNOWN,
                    **values)  # fmt: skip


def actions(name: str, agent: Any, function: Any = ORDERS_ARN) -> Resource:
    """An action group of an agent."""
    return made(f"aws_bedrockagent_agent_action_group.{name}", "action_group_id", action_group_name=name,
                agent_id=agent, action_group_executor=[{"lambda": function, "custom_control": None}])  # fmt: skip


def alarm(name: str, *functions: Any, **more: Any) -> Resource:
    return made(f"aws_cloudwatch_metric_alarm.{name}", alarm_name=name, alarm_actions=[*functions], **more)


def group(name: str) -> Resource:
    return made(f"aws_vpclattice_target_group.{name}", name=name, type="LAMBDA")


def in_group(name: str, group: Any, function: Any = ORDERS_ARN) -> Resource:
    return made(f"aws_vpclattice_target_group_attachment.{name}", target_group_identifier=group,
                target=[{"id": function, "port": UNKNOWN}])  # fmt: skip


def server(name: str, function: Any = ORDERS_ARN) -> Resource:
    return made(f"aws_transfer_server.{name}", identity_provider_type="AWS_LAMBDA", function=function)


def associated(name: str, instance: Any, function: Any = ORDERS_ARN) -> Resource:
    return made(f"aws_connect_lambda_function_association.{name}", instance_id=instance, function_arn=function)


def trigger(name: str, repository: Any, *functions: Any) -> Resource:
    """A trigger of a repository; its blocks are a set."""
    triggers = [{"name": f"t{at}", "events": ["all"], "branches": [], "custom_data": None, "destination_arn": given}
                for at, given in enumerate(functions)]  # fmt: skip
    return made(f"aws_codecommit_trigger.{name}", "configuration_id", repository_name=repository, trigger=triggers)


NONE = "its policy has no statement"
PLANS: Plans = {
    "RC308/wired.pass": case(
        secret("db"),
        rotation("db", after("aws_secretsmanager_secret.db.id")),
        permission("db", "orders", "secretsmanager.amazonaws.com",
                   source_arn=after("aws_secretsmanager_secret.db.arn")),
        KEPT,
        before("aws_secretsmanager_secret.kept", name="kept", id=of_itself(arn("secretsmanager", "secret:kept-a1b2c3")),
               arn=of_itself(arn("secretsmanager", "secret:kept-a1b2c3"))),
        rotation("kept", known(arn("secretsmanager", "secret:kept-a1b2c3"), "aws_secretsmanager_secret.kept.id"),
                 KEPT_ARN),
        permission("kept", "kept", "secretsmanager.amazonaws.com", source_arn=known(
            arn("secretsmanager", "secret:kept-a1b2c3"), "aws_secretsmanager_secret.kept.arn")),
        rotation("managed", after("aws_secretsmanager_secret.db.id"), None),
    ),
    "RC308/not_let_in.fail": case(
        secret("db"),
        secret("mail"),
        rotation("db", after("aws_secretsmanager_secret.db.id")),
        permission("mail", "orders", "secretsmanager.amazonaws.com",
                   source_arn=after("aws_secretsmanager_secret.mail.arn")),
        KEPT,
        rotation("kept", after("aws_secretsmanager_secret.mail.id"), KEPT_ARN),
        resource("aws_lambda_permission.kept", "delete", before={"function_name": "kept"}),
        expect={
            "aws_secretsmanager_secret_rotation.db": "secret:mail-",
            "aws_secretsmanager_secret_rotation.kept": NONE,
        },
    ),
    "RC308/not_decided_here.unknown": case(
        rotation("db", after("local.secret")),
        permission("db", "orders", "secretsmanager.amazonaws.com",
                   source_arn=arn("secretsmanager", "secret:db-a1b2c3")),
        expect={"aws_secretsmanager_secret_rotation.db": "made of local.secret"},
    ),
    "RC310/wired.pass": case(
        made("aws_ses_receipt_rule_set.inbound", rule_set_name="inbound"),
        mail_rule("store", after("aws_lambda_function.mail.arn"), ORDERS_ARN,
                  rule_set=known("inbound", "aws_ses_receipt_rule_set.inbound.rule_set_name")),
        function("mail"),
        permission("store", "orders", "ses.amazonaws.com", source_arn=after("aws_ses_receipt_rule.store.arn")),
        permission("account", "mail", "ses.amazonaws.com", source_account=ACCOUNT),
    ),
    "RC310/not_let_in.fail": case(
        mail_rule("store", ORDERS_ARN),
        mail_rule("drop"),
        permission("drop", "orders", "ses.amazonaws.com", source_arn=after("aws_ses_receipt_rule.drop.arn")),
        expect={"aws_ses_receipt_rule.store": "receipt-rule/drop, the request has"},
    ),
    "RC310/not_decided_here.unknown": case(
        mail_rule("store", ORDERS_ARN, rule_set=after("local.rule_set")),
        permission("store", "orders", "ses.amazonaws.com",
                   source_arn=arn("ses", "receipt-rule-set/inbound:receipt-rule/store")),
        expect={"aws_ses_receipt_rule.store": "made of local.rule_set"},
    ),
    "RC311/wired.pass": case(
        config_rule("tags"),
        permission("tags", "orders", "config.amazonaws.com", source_arn=after("aws_config_config_rule.tags.arn")),
        KEPT,
        config_rule("kept", KEPT_ARN),
        permission("kept", "kept", "config.amazonaws.com", source_account=ACCOUNT),
    ),
    "RC311/not_let_in.fail": case(
        config_rule("tags"),
        permission("tags", "orders", "config.amazonaws.com", source_account="444455556666"),
        made("aws_config_organization_custom_rule.everywhere", name="everywhere",
             lambda_function_arn=after("aws_lambda_function.mail.arn")),
        function("mail"),
        expect={
            "aws_config_config_rule.tags": "wants 444455556666, the request has 111122223333",
            "aws_config_organization_custom_rule.everywhere": NONE,
        },
    ),
    "RC311/not_decided_here.unknown": case(
        config_rule("tags"),
        permission("tags", "orders", "config.amazonaws.com", source_account=after("local.account")),
        expect={"aws_config_config_rule.tags": "made of local.account"},
    ),
    "RC314/wired.pass": case(
        agent("support"),
        actions("orders", after("aws_bedrockagent_agent.support.agent_id")),
        permission("support", "orders", "bedrock.amazonaws.com",
                   source_arn=after("aws_bedrockagent_agent.support.agent_arn")),
        KEPT,
        actions("kept", "ABCDEF1234", KEPT_ARN),
        permission("kept", "kept", "bedrock.amazonaws.com", source_arn=arn("bedrock", "agent/ABCDEF1234")),
    ),
    "RC314/not_let_in.fail": case(
        agent("support"),
        actions("orders", after("aws_bedrockagent_agent.support.agent_id")),
        agent("parser", prompt_override_configuration=[
            {"override_lambda": after("aws_lambda_function.mail.arn"), "prompt_configurations": []}]),
        function("mail"),
        expect={"aws_bedrockagent_agent_action_group.orders": NONE, "aws_bedrockagent_agent.parser": NONE},
    ),
    "RC314/not_decided_here.unknown": case(
        actions("orders", after("local.agent")),
        permission("support", "orders", "bedrock.amazonaws.com", source_arn=arn("bedrock", "agent/ABCDEF1234")),
        agent("support"),
        function("mail"),
        actions("mail", after("aws_bedrockagent_agent.support.id"), after("aws_lambda_function.mail.arn")),
        permission("mail", "mail", "bedrock.amazonaws.com", source_arn=arn("bedrock", "agent/ABCDEF1234")),
        expect={
            "aws_bedrockagent_agent_action_group.orders": "made of local.agent",
            "aws_bedrockagent_agent_action_group.mail": "agent/ABCDEF1234, the request has",
        },
    ),
    "RC317/wired.pass": case(
        alarm("errors", ORDERS_ARN, arn("sns", "page")),
        permission("errors", "orders", "lambda.alarms.cloudwatch.amazonaws.com",
                   source_arn=after("aws_cloudwatch_metric_alarm.errors.arn")),
        KEPT,
        alarm("kept", KEPT_ARN),
        permission("kept", "kept", "lambda.alarms.cloudwatch.amazonaws.com", source_account=ACCOUNT,
                   source_arn=arn("cloudwatch", "alarm:kept")),
    ),
    "RC317/not_let_in.fail": case(
        alarm("errors", ORDERS_ARN),
        alarm("another"),
        permission("another", "orders", "lambda.alarms.cloudwatch.amazonaws.com",
                   source_arn=after("aws_cloudwatch_metric_alarm.another.arn")),
        function("mail"),
        made("aws_cloudwatch_composite_alarm.all", alarm_name="all", alarm_actions=[],
             ok_actions=[after("aws_lambda_function.mail.arn")]),
        expect={
            "aws_cloudwatch_metric_alarm.errors": "alarm:another, the request has",
            "aws_cloudwatch_composite_alarm.all": NONE,
        },
    ),
    "RC317/not_decided_here.unknown": case(
        alarm("errors", ORDERS_ARN),
        permission("errors", "orders", "lambda.alarms.cloudwatch.amazonaws.com", source_arn=after("local.alarm")),
        expect={"aws_cloudwatch_metric_alarm.errors": "made of local.alarm"},
    ),
    "RC318/wired.pass": case(
        group("shop"),
        in_group("shop", after("aws_vpclattice_target_group.shop.id")),
        permission("shop", "orders", "vpc-lattice.amazonaws.com",
                   source_arn=after("aws_vpclattice_target_group.shop.arn")),
    ),
    "RC318/added_by_the_service.unknown": case(
        group("shop"),
        in_group("shop", after("aws_vpclattice_target_group.shop.id")),
        expect={"aws_vpclattice_target_group_attachment.shop": NONE},
    ),
    "RC319/wired.pass": case(
        server("inbound"),
        permission("inbound", "orders", "transfer.amazonaws.com", source_arn=after("aws_transfer_server.inbound.arn")),
        KEPT,
        before("aws_transfer_server.kept", "update", identity_provider_type="AWS_LAMBDA", id=of_itself("s-1"),
               arn=of_itself(arn("transfer", "server/s-1")), function=KEPT_ARN),
        permission("kept", "kept", "transfer.amazonaws.com",
                   source_arn=known(arn("transfer", "server/s-1"), "aws_transfer_server.kept.arn")),
    ),
    "RC319/not_let_in.fail": case(
        server("inbound"),
        KEPT,
        before("aws_transfer_server.kept", "update", identity_provider_type="AWS_LAMBDA", id=of_itself("s-1"),
               arn=of_itself(arn("transfer", "server/s-1")), function=KEPT_ARN),
        permission("kept", "kept", "transfer.amazonaws.com", source_arn=arn("transfer", "server/s-2")),
        expect={
            "aws_transfer_server.inbound": NONE,
            "aws_transfer_server.kept": f"server/s-2, the request has {arn('transfer', 'server/s-1')}",
        },
    ),
    "RC319/not_decided_here.unknown": case(
        server("inbound"),
        server("another", after("aws_lambda_function.mail.arn")),
        permission("inbound", "orders", "transfer.amazonaws.com", source_arn=arn("transfer", "server/s-2")),
        function("mail"),
        permission("another", "mail", "transfer.amazonaws.com", source_arn=after("local.server")),
        expect={
            "aws_transfer_server.inbound": "server/s-2, the request has",
            "aws_transfer_server.another": "made of local.server",
        },
    ),
    "RC331/wired.pass": case(
        made("aws_connect_instance.calls", instance_alias="calls"),
        associated("caller", after("aws_connect_instance.calls.id")),
        permission("caller", "orders", "connect.amazonaws.com", source_arn=after("aws_connect_instance.calls.arn")),
    ),
    "RC331/added_by_the_service.unknown": case(
        made("aws_connect_instance.calls", instance_alias="calls"),
        associated("caller", after("aws_connect_instance.calls.id")),
        expect={"aws_connect_lambda_function_association.caller": NONE},
    ),
    "RC333/wired.pass": case(
        made("aws_codecommit_repository.shop", repository_name="shop"),
        function("mail"),
        trigger("shop", after("aws_codecommit_repository.shop.id"), after("aws_lambda_function.mail.arn"), ORDERS_ARN),
        permission("shop", "orders", "codecommit.amazonaws.com",
                   source_arn=after("aws_codecommit_repository.shop.arn")),
        permission("mail", "mail", "codecommit.amazonaws.com", source_arn=arn("codecommit", "shop")),
    ),
    "RC333/not_let_in.fail": case(
        made("aws_codecommit_repository.shop", repository_name="shop"),
        made("aws_codecommit_repository.other", repository_name="other"),
        trigger("shop", known("shop", "aws_codecommit_repository.shop.repository_name"), ORDERS_ARN),
        permission("other", "orders", "codecommit.amazonaws.com",
                   source_arn=after("aws_codecommit_repository.other.arn")),
        expect={"aws_codecommit_trigger.shop": ":other, the request has"},
    ),
    "RC333/not_decided_here.unknown": case(
        trigger("shop", after("local.repository"), ORDERS_ARN),
        permission("shop", "orders", "codecommit.amazonaws.com", source_arn=arn("codecommit", "shop")),
        expect={"aws_codecommit_trigger.shop": "made of local.repository"},
    ),
}  # fmt: skip
