"""Plans: that the cases are what their descriptions make, and that nothing in a plan's file can break the reader."""

from __future__ import annotations

import json
import time
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from plan_cases import APP, CASES, ORDERS, PLANS, ROLE_ARN, function, path_of, role, trust
from plans import UNKNOWN, Call, Resource, after, block, call, known, plan, resource, written

from rolecall.iac import terraform_plan
from rolecall.iac.plan import UnreadablePlan, load, parse
from rolecall.model import Inventory, Unknown
from rolecall.rules import run


@pytest.mark.parametrize("name", PLANS)
def test_the_cases_are_up_to_date(name: str) -> None:
    assert path_of(name).read_text(encoding="utf-8") == written(PLANS[name]), "run `python tests/plan_cases.py`"


def test_there_are_no_others() -> None:
    assert set(CASES.glob("RC*/*.plan.json")) == set(map(path_of, PLANS))


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
