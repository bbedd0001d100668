"""RC101 to RC111: the execution role."""

from __future__ import annotations

from typing import Any

from plans import ACCOUNT, UNKNOWN, Resource, after, call, known, plan, resource, state

from plan_cases.parts import (
    APP,
    FUNCTION_ARN,
    ORDERS,
    ROLE_ARN,
    Plans,
    admits,
    document,
    function,
    policy,
    role,
    running,
    there,
    trust,
)

APP_ARN = known(f"{ROLE_ARN}app", "aws_iam_role.app.arn")
OWN_ACCOUNT = {"StringEquals": {"aws:SourceAccount": ACCOUNT}}
PUBLIC = {"Effect": "Allow", "Action": "sts:AssumeRole", "Principal": {"AWS": "*"}}


def principals(kind: str, *identifiers: Any, **more: Any) -> dict[str, Any]:
    """A ``statement`` of ``aws_iam_policy_document`` that lets principals assume a role."""
    return {**admits(), "principals": [{"type": kind, "identifiers": [*identifiers]}], **more}


def everybody(**more: Any) -> dict[str, Any]:
    return principals("AWS", "*", **more)


OF_ORGANIZATION = everybody(
    condition=[{"test": "StringEquals", "variable": "aws:PrincipalOrgID", "values": ["o-a1b2c3d4e5"]}]
)


def at_edge(*functions: Any) -> Resource:
    """A distribution that runs functions."""
    associations = [{"event_type": "viewer-request", "lambda_arn": given} for given in functions]
    return resource("aws_cloudfront_distribution.site", enabled=True, arn=UNKNOWN, id=UNKNOWN,
                    default_cache_behavior=[{"lambda_function_association": associations}])  # fmt: skip


PLANS: Plans = {
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
        document("data.aws_iam_policy_document.later", admits("lambda.amazonaws.com")),
        role("aws_iam_role.later", assume_role_policy=after("data.aws_iam_policy_document.later.json")),
        function("later", after("aws_iam_role.later.arn")),
        document("module.trust.data.aws_iam_policy_document.inner", admits(after("var.service"))),
        document("data.aws_iam_policy_document.source", admits("lambda.amazonaws.com")),
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
        document("data.aws_iam_policy_document.later", admits("ecs.amazonaws.com")),
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
        document("data.aws_iam_policy_document.later", admits(after("local.service"))),
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
    "RC104/trusts_both.pass": plan(
        role("aws_iam_role.app", assume_role_policy=trust(["lambda.amazonaws.com", "edgelambda.amazonaws.com"])),
        ORDERS,
        at_edge(after("aws_lambda_function.orders.qualified_arn")),
    ),
    "RC104/one_service_only.fail": plan(
        APP,
        ORDERS,
        role("aws_iam_role.edge", service="edgelambda.amazonaws.com"),
        running("headers", known(f"{ROLE_ARN}edge", "aws_iam_role.edge.arn"),
                qualified_arn=known(f"{FUNCTION_ARN}headers:3", expression=False)),
        at_edge(after("aws_lambda_function.orders.qualified_arn"),
                known(f"{FUNCTION_ARN}headers:3", "aws_lambda_function.headers.qualified_arn")),
        expect={
            "aws_lambda_function.orders": "does not trust edgelambda.amazonaws.com",
            "aws_lambda_function.headers": "does not trust lambda.amazonaws.com",
        },
    ),
    "RC104/trust_after_apply.unknown": plan(
        role("aws_iam_role.app", assume_role_policy=after("local.trust_policy")),
        ORDERS,
        at_edge(after("aws_lambda_function.orders.qualified_arn")),
        expect={"aws_lambda_function.orders": "assume_role_policy is known only after apply"},
    ),
    "RC105/restricted.pass": plan(
        APP,
        ORDERS,
        document("data.aws_iam_policy_document.organization", admits(), OF_ORGANIZATION,
                 admits(after("local.service"))),
        role("aws_iam_role.organization",
             assume_role_policy=after("data.aws_iam_policy_document.organization.json")),
        function("organization", after("aws_iam_role.organization.arn")),
    ),
    "RC105/anybody.fail": plan(
        there("aws_iam_role.app", "update", assume_role_policy=policy(PUBLIC)),
        running("kept", APP_ARN),
        document("data.aws_iam_policy_document.later", admits(), everybody(), admits(after("local.service"))),
        role("aws_iam_role.later", assume_role_policy=after("data.aws_iam_policy_document.later.json")),
        function("later", after("aws_iam_role.later.arn")),
        expect={"aws_iam_role.app": "Anybody, in whatever AWS account", "aws_iam_role.later": "may assume later"},
    ),
    "RC105/after_apply.unknown": plan(
        role("aws_iam_role.app", assume_role_policy=after("aws_iam_role.other.arn")),
        ORDERS,
        document("data.aws_iam_policy_document.later", admits(), principals("AWS", after("local.caller"))),
        role("aws_iam_role.later", assume_role_policy=after("data.aws_iam_policy_document.later.json")),
        function("later", after("aws_iam_role.later.arn")),
        expect={"aws_iam_role.app": "assume_role_policy is known only after apply",
                "aws_iam_role.later": "made of local.caller"},
    ),
    "RC106/services_and_own_roles.pass": plan(
        APP,
        ORDERS,
        document("data.aws_iam_policy_document.later", admits(), principals("AWS", f"{ROLE_ARN}later")),
        role("aws_iam_role.later", assume_role_policy=after("data.aws_iam_policy_document.later.json")),
        function("later", after("aws_iam_role.later.arn")),
    ),
    "RC106/beside_services.fail": plan(
        there("aws_iam_role.app", assume_role_policy=policy(
            {"Effect": "Allow", "Action": "sts:AssumeRole", "Principal": {"AWS": f"arn:aws:iam::{ACCOUNT}:root"}})),
        running("kept", APP_ARN),
        resource("aws_iam_user.deployer", name="deployer", path="/", arn=UNKNOWN),
        document("data.aws_iam_policy_document.later", admits(), principals("AWS", after("aws_iam_user.deployer.arn"))),
        role("aws_iam_role.later", assume_role_policy=after("data.aws_iam_policy_document.later.json")),
        function("later", after("aws_iam_role.later.arn")),
        expect={"aws_iam_role.app": "arn:aws:iam::111122223333:root",
                "aws_iam_role.later": "arn:aws:iam::111122223333:user/deployer"},
    ),
    "RC106/after_apply.unknown": plan(
        role("aws_iam_role.app", assume_role_policy=after("aws_iam_user.deployer.arn")),
        resource("aws_iam_user.deployer", name="deployer", path="/", arn=UNKNOWN),
        ORDERS,
        expect={"aws_iam_role.app": "assume_role_policy is known only after apply"},
    ),
    "RC107/own_account.pass": plan(
        role("aws_iam_role.app", assume_role_policy=trust(Condition=OWN_ACCOUNT)),
        ORDERS,
        state("data.aws_caller_identity.current", account_id=ACCOUNT, arn=f"{ROLE_ARN}deployer"),
        document("data.aws_iam_policy_document.later", admits(
            condition=[{"test": "StringEquals", "variable": "aws:SourceAccount",
                        "values": [known(ACCOUNT, "data.aws_caller_identity.current.account_id")]}])),
        role("aws_iam_role.later", assume_role_policy=after("data.aws_iam_policy_document.later.json")),
        function("later", after("aws_iam_role.later.arn")),
    ),
    "RC107/any_account.fail": plan(
        there("aws_iam_role.app", "update"),
        running("kept", APP_ARN),
        expect={"aws_iam_role.app": "its trust policy has no aws:SourceAccount"},
    ),
    "RC107/after_apply.unknown": plan(
        role("aws_iam_role.app", assume_role_policy=after("local.trust_policy")),
        ORDERS,
        expect={"aws_iam_role.app": "assume_role_policy is known only after apply"},
    ),
    "RC108/refers.pass": plan(
        APP,
        ORDERS,
        there("aws_iam_role.kept"),
        running("kept", known(f"{ROLE_ARN}kept", "aws_iam_role.kept.arn")),
        running("by_name", known(f"{ROLE_ARN}kept", "aws_iam_role.kept.name")),
        state("data.aws_iam_role.shared", name="shared", arn=f"{ROLE_ARN}shared", assume_role_policy=trust()),
        running("shared", known(f"{ROLE_ARN}shared", "data.aws_iam_role.shared.arn")),
    ),
    "RC108/written_out.fail": plan(
        APP,
        ORDERS,
        there("aws_iam_role.kept"),
        running("literal", f"{ROLE_ARN}kept"),
        state("data.aws_caller_identity.current", account_id=ACCOUNT, arn=f"{ROLE_ARN}deployer"),
        running("composed", known(f"{ROLE_ARN}kept", "data.aws_caller_identity.current.account_id")),
        expect={"aws_lambda_function.literal": "by an ARN that is written out",
                "aws_lambda_function.composed": "by an ARN that is written out"},
    ),
    "RC108/from_elsewhere.unknown": plan(
        APP,
        ORDERS,
        running("local", known(f"{ROLE_ARN}kept", "local.role_arn")),
        running("variable", known(f"{ROLE_ARN}kept", "var.role_arn")),
        variables={"role_arn": f"{ROLE_ARN}kept"},
        expect={
            "aws_lambda_function.local": "aws_lambda_function.local.role is made of what refers to no role",
            "aws_lambda_function.variable": "Where variable has the ARN of its role from is not known",
        },
    ),
    "RC110/role_of_its_own.pass": plan(
        APP,
        ORDERS,
        there("aws_iam_role.kept"),
        running("kept", f"{ROLE_ARN}kept"),
    ),
    "RC110/shared.fail": plan(
        there("aws_iam_role.app"),
        running("kept", f"{ROLE_ARN}app"),
        function("new", APP_ARN),
        role("aws_iam_role.own"),
        function("alone", after("aws_iam_role.own.arn")),
        expect={"aws_lambda_function.kept": "with new", "aws_lambda_function.new": "with kept"},
    ),
    "RC110/role_elsewhere.unknown": plan(
        APP,
        ORDERS,
        function("local", after("local.role_arn")),
        expect={"aws_lambda_function.local": "Who else uses its role is not known"},
    ),
    "RC111/names_it.pass": plan(
        role("aws_iam_role.app", tags={"function": "orders"}, tags_all={"function": "orders"}),
        ORDERS,
        role("aws_iam_role.mail", tags={"function": known("mail", "aws_lambda_function.mail.function_name")}),
        function("mail", after("aws_iam_role.mail.arn")),
        role("aws_iam_role.default", tags=None, tags_all=known({"function": "by_default"}, expression=False)),
        function("by_default", after("aws_iam_role.default.arn")),
    ),
    "RC111/default_tags.pass": plan(
        role("aws_iam_role.app", tags={"stage": "prod"}, tags_all={"stage": "prod", "function": "orders"}), ORDERS
    ),
    "RC111/untagged.fail": plan(
        role("aws_iam_role.app", tags=None, tags_all={}),
        ORDERS,
        there("aws_iam_role.other", tags={"function": "another"}),
        running("kept", f"{ROLE_ARN}other"),
        expect={"aws_iam_role.app": "has no tag that names", "aws_iam_role.other": "function = another names another"},
    ),
    "RC111/after_apply.unknown": plan(
        role("aws_iam_role.app", tags=after("local.tags"), tags_all=UNKNOWN),
        ORDERS,
        role("aws_iam_role.value", tags={"function": after("local.owner")}),
        function("value", after("aws_iam_role.value.arn")),
        expect={"aws_iam_role.app": "aws_iam_role.app.tags_all is known only after apply",
                "aws_iam_role.value": "made of local.owner"},
    ),
}  # fmt: skip
