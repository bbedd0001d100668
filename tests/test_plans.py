"""Plans: that the cases are what their descriptions make, and that nothing in a plan's file can break the reader."""

from __future__ import annotations

import json
import time
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from plan_cases import CASES, PLANS, path_of
from plan_cases.calls import invoking, may_invoke, schedule
from plan_cases.parts import APP, FUNCTION_ARN, ORDERS, ROLE_ARN, function, permission, role, trust
from plan_cases.services import mail_rule
from plans import UNKNOWN, Call, Resource, after, block, call, known, plan, resource, written

from rolecall.catalog import load_catalog
from rolecall.iac import terraform_plan
from rolecall.iac.plan import UnreadablePlan, load, parse
from rolecall.model import Inventory
from rolecall.rules import run
from rolecall.unknown import Following, Unknown


@pytest.mark.parametrize("name", PLANS)
def test_the_cases_are_up_to_date(name: str) -> None:
    assert path_of(name).read_text(encoding="utf-8") == written(PLANS[name]), "run `python -m plan_cases` in tests"


def test_there_are_no_others() -> None:
    assert set(CASES.glob("RC*/*.plan.json")) == set(map(path_of, PLANS))


NEVER_FAIL = {"RC318", "RC331"}  # the service adds the permission itself


@pytest.mark.parametrize("rule", [entry.id for entry in load_catalog().values() if "terraform" in entry.surfaces])
def test_each_rule_has_a_plan_for_each_verdict(rule: str) -> None:
    verdicts = {name.rpartition(".")[2] for name in PLANS if name.startswith(f"{rule}/")}
    assert verdicts == {"pass", "unknown"} | ({"fail"} if rule not in NEVER_FAIL else set())


def inventory_of(document: Any, path: str = "plan.json") -> Inventory:
    return terraform_plan.read(parse(path, document), {})


def statuses(document: Any, rule: str) -> dict[str, str]:
    return {f.resource.address: f.status.value for f in run(inventory_of(document), only=[rule])}


NAMES = st.sampled_from([
    "address", "mode", "type", "name", "index", "values", "change", "actions", "before", "after", "after_unknown",
    "expressions", "references", "constant_value", "module_calls", "module", "outputs", "expression", "resources",
    "child_modules", "root_module", "role", "function_name", "policy", "assume_role_policy", "statement", "principals",
    "provider_config_key", "for_each_expression", "variables", "value",
])  # fmt: skip
WORDS = st.sampled_from([
    "aws_lambda_function", "aws_iam_role", "aws_iam_role.a", "aws_iam_role.a.arn", "aws_lambda_function.a", "managed",
    "data", "create", "delete", "forget", "module.m", "module.m.x", "var.x", "each.key", "each.value.arn", "local.x",
    'aws_iam_role.a["x"].arn', "data.aws_iam_policy_document.a.json", "{}", "[", "",
])  # fmt: skip
JUNK = st.recursive(
    st.none() | st.booleans() | st.integers(-1, 2) | WORDS | st.text(max_size=3),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(NAMES, inner, max_size=5),
    max_leaves=30,
)
SHAPES = ["planned_values", "resource_changes", "prior_state", "configuration", "variables"]


@given(document=st.fixed_dictionaries({}, optional=dict.fromkeys(SHAPES, JUNK)))
@settings(max_examples=300, deadline=None)
def test_junk_is_read_without_fail_or_error(document: dict[str, Any]) -> None:
    found = run(inventory_of({"format_version": "1.0", **document}))
    assert not [finding.message for finding in found if finding.status.value in ("FAIL", "ERROR")]


@st.composite
def damaged(draw: st.DrawFn) -> Any:
    """One of the cases with something else somewhere in it."""
    document = json.loads(written(PLANS[draw(st.sampled_from(sorted(PLANS)))]))
    current: Any = document
    while True:
        place = draw(st.sampled_from(sorted(current))) if isinstance(current, dict) else draw(
            st.integers(0, len(current) - 1)
        )  # fmt: skip
        inner = current[place]
        if not isinstance(inner, (dict, list)) or not inner or draw(st.integers(0, 5)) == 0:
            current[place] = draw(JUNK)
            return document
        current = inner


@given(document=damaged())
@settings(max_examples=300, deadline=None)
def test_a_damaged_plan_breaks_no_rule(document: Any) -> None:
    try:
        found = run(inventory_of(document))
    except UnreadablePlan:
        return
    assert not [finding.message for finding in found if finding.status.value == "ERROR"]


@pytest.mark.parametrize(
    ("content", "why"),
    [
        (b"[1]", "not an object"),
        (b'{"format_version": "2.1"}', "format_version 2.1"),
        (b"{", "no JSON"),
        (b'{"a":' * 100_000, "no JSON"),
    ],
)
def test_what_is_no_plan_is_said(tmp_path: Path, content: bytes, why: str) -> None:
    file = tmp_path / "plan.json"
    file.write_bytes(content)
    with pytest.raises(UnreadablePlan, match=why):
        load(str(file))


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16"])
def test_encodings(tmp_path: Path, encoding: str) -> None:
    """PowerShell's ``>`` writes UTF-16."""
    file = tmp_path / "plan.json"
    file.write_text(written(PLANS["RC101/destroyed.fail"]), encoding=encoding)
    assert len(load(str(file)).destroyed) == 2


def test_a_loop_of_references_ends() -> None:
    document = plan(
        call("module.a", {"out": after("module.b.out")}, given=after("module.a.out")),
        call("module.b", {"out": after("var.given")}, given=after("module.a.out")),
        function("f", after("module.a.out")),
    )
    assert statuses(document, "RC101") == {"aws_lambda_function.f": "UNKNOWN"}


def test_a_plan_of_many_functions_is_read_in_linear_time() -> None:
    """One role each, by ``for_each``; twenty times as many would take four hundred times as long were it quadratic."""

    def seconds(count: int) -> float:
        parts: list[Resource | Call] = []
        for number in range(count):
            parts.append(role(f'aws_iam_role.each["{number}"]', name=f"r{number}"))
            by_key = after("aws_iam_role.each", "each.key")
            parts.append(function(f"f{number}", by_key, f'aws_lambda_function.each["{number}"]'))
        document = parse("plan.json", json.loads(written(plan(*parts))))
        started = time.process_time()
        assert len(terraform_plan.read(document, {}).functions) == count
        return time.process_time() - started

    assert seconds(2000) < 100 * seconds(100)


def test_no_secret_is_printed() -> None:
    environment = [{"variables": {"PASSWORD": "hunter2-is-the-password"}}]
    document = plan(role("aws_iam_role.app", service="ec2.amazonaws.com"), function("f", environment=environment))
    said = [str(finding) for finding in run(inventory_of(document))]
    assert said
    assert not [line for line in said if "hunter2" in line]


def test_plans_of_one_run_stay_apart() -> None:
    documents = (plan(APP, ORDERS), plan(role("aws_iam_role.app", service="ec2.amazonaws.com"), ORDERS))
    joined = terraform_plan.joined(inventory_of(d, f"{name}.json") for name, d in zip("ab", documents, strict=True))
    found = {finding.resource.scope: finding.status.value for finding in run(joined, only=["RC103"])}
    assert found == {"a.json": "PASS", "b.json": "FAIL"}


def policies_of(document: Any, address: str = "aws_iam_role.app") -> dict[str, Any]:
    found = next(r for r in inventory_of(document).roles.values() if r.resource.address == address).policies
    assert isinstance(found, tuple)
    return {policy.name: policy.document for policy in found}


POLICY = json.dumps({"Statement": [{"Effect": "Allow", "Action": "s3:GetObject", "Resource": "*"}]})
BASIC = "arn:aws:iam::aws:policy/service-role/AWSLambdaBasicExecutionRole"


def test_policies_are_given_by_references_and_names() -> None:
    document = plan(
        APP,
        role("aws_iam_role.other"),
        resource("aws_iam_policy.p", name="p", policy=POLICY, arn=UNKNOWN),
        resource("aws_iam_role_policy_attachment.p", role=known("app", "aws_iam_role.app.name"),
                 policy_arn=after("aws_iam_policy.p.arn")),
        resource("aws_iam_role_policy_attachment.basic", role=known("app", "aws_iam_role.app.name"), policy_arn=BASIC),
        resource("aws_iam_role_policy.inline", role=after("aws_iam_role.app.id"), policy=POLICY),
    )  # fmt: skip
    found = policies_of(document)
    assert set(found) == {"aws_iam_policy.p", BASIC, "aws_iam_role_policy.inline"}
    assert not [name for name, given in found.items() if isinstance(given, Unknown)]
    assert policies_of(document, "aws_iam_role.other") == {}


def test_what_a_role_had_before_goes_with_what_gave_it() -> None:
    """The provider lists a role's policies as they are before apply; this plan detaches one and changes another."""
    arn = known(f"{ROLE_ARN}app", expression=False)
    document = plan(
        resource("aws_iam_role.app", "no-op", before={"name": "app"}, name="app", path="/", arn=arn,
                 assume_role_policy=trust(),
                 managed_policy_arns=known([BASIC, "arn:aws:iam::aws:policy/ReadOnlyAccess"], expression=False),
                 inline_policy=known([{"name": "changed", "policy": "{}"}, {"name": "kept", "policy": POLICY},
                                      {"name": "gone", "policy": POLICY}], expression=False)),
        resource("aws_iam_role_policy_attachment.basic", "delete", before={"role": "app", "policy_arn": BASIC}),
        resource("aws_iam_role_policy.gone", "delete", before={"role": "app", "name": "gone"}),
        resource("aws_iam_role_policy.changed", "update", before={"role": "app", "name": "changed"}, role="app",
                 name="changed", policy=POLICY),
    )  # fmt: skip
    assert set(policies_of(document)) == {
        "arn:aws:iam::aws:policy/ReadOnlyAccess", "inline policy kept", "aws_iam_role_policy.changed",
    }  # fmt: skip


@pytest.mark.parametrize("flag", [{}, {"complete": False}])
def test_a_plan_for_some_of_the_resources_says_nothing_of_the_policies_it_leaves_out(flag: dict[str, bool]) -> None:
    """A block without ``count`` that made nothing tells, where Terraform does not say that the plan is not complete."""
    document = plan(APP, ORDERS, block("aws_iam_role_policy.logs"), **flag)
    assert statuses(document, "RC124") == {"aws_lambda_function.orders": "UNKNOWN"}
    assert statuses(plan(APP, ORDERS), "RC124") == {"aws_lambda_function.orders": "FAIL"}


def test_references_that_multiply_are_followed_once() -> None:
    """Each output refers to two of the next module: two to the power of their number, were each followed again."""
    calls = [
        call(f"module.m{n}", {name: after("var.a", "var.b") for name in "xy"},
             a=after(f"module.m{n + 1}.x"), b=after(f"module.m{n + 1}.y"))
        for n in range(28)
    ]  # fmt: skip
    document = plan(*calls, call("module.m28", {"x": after("local.x"), "y": after("local.y")}),
                    function("f", after("module.m0.x")))  # fmt: skip
    started = time.process_time()
    assert statuses(document, "RC101") == {"aws_lambda_function.f": "UNKNOWN"}
    assert time.process_time() - started < 2


def test_blocks_of_a_set_may_be_in_another_order() -> None:
    """In the values of a plan sets are sorted by what the provider makes of their elements."""
    document = json.loads(written(plan(
        APP,
        ORDERS,
        function("mail"),
        mail_rule("store", after("aws_lambda_function.orders.arn"), after("aws_lambda_function.mail.arn")),
        permission("store", "orders", "ses.amazonaws.com", source_arn=after("aws_ses_receipt_rule.store.arn")),
    )))  # fmt: skip
    said = failures_of(document, "RC310")
    assert "cannot invoke mail" in said
    change = next(one for one in document["resource_changes"] if one["type"] == "aws_ses_receipt_rule")["change"]
    planned = next(
        one for one in document["planned_values"]["root_module"]["resources"] if one["type"] == "aws_ses_receipt_rule"
    )
    for values in (change["after"], change["after_unknown"], planned["values"]):
        values["lambda_action"].reverse()
    assert failures_of(document, "RC310") == said


def failures_of(document: Any, rule: str) -> str:
    """The one message of the rule that fails."""
    (message,) = [f.message for f in run(inventory_of(document), only=[rule]) if f.status.value == "FAIL"]
    return message


def test_a_name_of_another_kind_is_not_taken_for_the_resource() -> None:
    """A bucket may be called after a distribution: that is not its ID."""
    bucket = resource("aws_s3_bucket.logs", bucket=after("aws_cloudfront_distribution.d.id"), arn=UNKNOWN, id=UNKNOWN)
    document = plan(APP, resource("aws_cloudfront_distribution.d", id=UNKNOWN, arn=UNKNOWN), bucket)
    (target,) = inventory_of(document).targets
    assert isinstance(target.resource.name, Unknown)
    assert "it is made of aws_cloudfront_distribution.d.id" in target.resource.name.reason


def test_what_the_provider_fills_in_of_a_block_is_not_written() -> None:
    """A ``logging_config`` without a log group leaves the function its own; one that is given later is another."""
    json_logs = [{"log_format": "JSON", "log_group": UNKNOWN}]
    later = [{"log_format": "JSON", "log_group": after("aws_cloudwatch_log_group.shared.name")}]
    group = resource("aws_cloudwatch_log_group.shared", name=UNKNOWN, arn=UNKNOWN)
    for config, is_own in ((json_logs, True), (later, False)):
        (found,) = inventory_of(plan(APP, group, function("f", logging_config=config))).functions.values()
        assert (found.log_group == "/aws/lambda/f") is is_own


@pytest.mark.parametrize(("tags", "tags_all", "expected"), [
    ({"a": "1"}, {"a": "1", "team": "shop"}, {"a": "1", "team": "shop"}),
    ({"a": "1"}, UNKNOWN, {"a": "1"}),
    (None, {}, {}),
])  # fmt: skip
def test_tags_of_the_provider_count(tags: Any, tags_all: Any, expected: dict[str, str]) -> None:
    given = tags_all if tags_all is UNKNOWN else known(tags_all, expression=False)
    (found,) = inventory_of(plan(role("aws_iam_role.app", tags=tags, tags_all=given), ORDERS)).roles.values()
    assert found.tags == expected
    assert isinstance(found.more_tags, Unknown) is (tags_all is UNKNOWN)  # what the provider adds


def test_a_function_that_may_be_called_by_an_alias_is_found() -> None:
    """Where it has one, its ARN may have the alias behind; which function it is, is certain."""
    document = plan(
        APP,
        ORDERS,
        resource("aws_lambda_alias.live", name="live", arn=UNKNOWN,
                 function_name=known("orders", "aws_lambda_function.orders.function_name")),
        resource("aws_sns_topic_subscription.s", protocol="lambda", topic_arn="arn:aws:sns:eu-west-1:111122223333:t",
                 endpoint=after("aws_lambda_function.orders.arn")),
    )  # fmt: skip
    inventory = inventory_of(document)
    found = inventory.called_by(inventory.invokers[0])
    assert found is not None
    function_called, qualifier = found
    assert function_called.resource.address == "aws_lambda_function.orders"
    assert isinstance(qualifier, Following)
    assert statuses(document, "RC305") == {"aws_sns_topic_subscription.s": "FAIL"}  # no statement for any alias


@pytest.mark.parametrize(("covered", "status"), [("", "UNKNOWN"), (":*", "UNKNOWN"), ("*", "PASS"), ("-2", "FAIL")])
def test_a_role_has_to_cover_what_may_be_called_by_an_alias_both_ways(covered: str, status: str) -> None:
    """A policy for a function's ARN does not cover its aliases, nor one for its aliases the function."""
    document = plan(
        APP,
        ORDERS,
        resource("aws_lambda_alias.live", name="live", arn=UNKNOWN,
                 function_name=known("orders", "aws_lambda_function.orders.function_name")),
        role("aws_iam_role.caller", service="scheduler.amazonaws.com"),
        may_invoke("caller", invoking(f"{FUNCTION_ARN}orders{covered}")),
        schedule("nightly", after("aws_lambda_function.orders.arn"), after("aws_iam_role.caller.arn")),
    )  # fmt: skip
    assert statuses(document, "RC322") == {"aws_scheduler_schedule.nightly": status}
