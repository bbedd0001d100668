"""The readers, below what the cases show: values of templates, and input made to hurt."""

from __future__ import annotations

import time
from typing import Any

import pytest

from rolecall.iac.intrinsics import ABSENT, Intrinsics
from rolecall.iac.terraform_values import reference_in, split_template
from rolecall.iam.conditions import Context, expand
from rolecall.iam.match import match
from rolecall.unknown import Unknown, text


@pytest.fixture
def template() -> Intrinsics:
    return Intrinsics(
        parameters={
            "Env": {"Type": "String", "Default": "prod"},
            "Given": {"Type": "String"},
            "Zones": {"Type": "CommaDelimitedList", "Default": "a, b"},
            "Image": {"Type": "AWS::SSM::Parameter::Value<String>", "Default": "/path"},
        },
        conditions={
            "IsProd": {"Fn::Equals": [{"Ref": "Env"}, "prod"]},
            "IsGiven": {"Fn::Equals": [{"Ref": "Given"}, "yes"]},
            "Either": {"Fn::Or": [{"Condition": "IsProd"}, {"Condition": "IsGiven"}]},
            "Both": {"Fn::And": [{"Condition": "IsProd"}, {"Condition": "IsGiven"}]},
            "Loop": {"Fn::Not": [{"Condition": "Loop"}]},
        },
        mappings={"Names": {"prod": {"role": "app-prod"}}},
        attribute_of=lambda logical, attribute: Unknown("made later", f"{logical}.{attribute}"),
    )


ACCOUNT = Unknown("the account is known only when the stack is deployed", "AWS::AccountId")


UNDECIDED = {"Fn::If": ["Both", "yes", "no"]}


def test_a_function_that_is_not_decided_gives_the_same_wherever_the_same_is_written(template: Intrinsics) -> None:
    value, again = template.value(UNDECIDED), template.value({**UNDECIDED, "__startline__": 7})
    assert (value.reason, str(value)) == ("depends on the condition Both", "<depends on the condition Both>")
    assert value.symbol and value == again
    assert template.value({"Fn::If": ["Both", "yes", ["no"]]}) != value


@pytest.mark.parametrize(
    ("raw", "value"),
    [
        ({"Ref": "Env"}, "prod"),
        ({"Ref": "AWS::AccountId"}, ACCOUNT),
        ({"Ref": "AWS::NoValue"}, ABSENT),
        ({"Ref": "Zones"}, ["a", "b"]),
        ({"Fn::Sub": "x-${Env}-${!Literal}"}, "x-prod-${Literal}"),
        ({"Fn::Sub": ["${Name}", {"Name": {"Ref": "Env"}}]}, "prod"),
        ({"Fn::Sub": "arn:${AWS::AccountId}:x"}, text("arn:", ACCOUNT, ":x")),
        ({"Fn::Join": ["-", ["a", {"Ref": "Env"}]]}, "a-prod"),
        ({"Fn::If": ["IsProd", "yes", "no"]}, "yes"),
        ({"Fn::FindInMap": ["Names", {"Ref": "Env"}, "role"]}, "app-prod"),
        ({"Fn::Select": ["1", {"Ref": "Zones"}]}, "b"),
        ({"Fn::Split": [".", "a.b"]}, ["a", "b"]),
        ({"a": {"Ref": "AWS::NoValue"}, "b": 1, "__startline__": 3}, {"b": 1}),
        ([{"Ref": "AWS::NoValue"}, "x"], ["x"]),
        ("{'Fn::Sub': '${Env}-queue', '__startline__': 3}", "prod-queue"),
    ],
)
def test_intrinsic_functions(template: Intrinsics, raw: Any, value: Any) -> None:
    assert template.value(raw) == value


@pytest.mark.parametrize(
    "raw",
    [
        {"Ref": "Given"},
        {"Ref": "Image"},
        {"Ref": 3},
        {"Fn::Sub": ["${A}", "no object"]},
        {"Fn::Join": "x"},
        {"Fn::If": ["IsProd"]},
        {"Fn::If": ["Loop", "a", "b"]},
        {"Fn::FindInMap": ["Names", {"Ref": "Given"}, "role"]},
        {"Fn::Select": [7, {"Ref": "Zones"}]},
        {"Fn::GetAtt": "NoAttribute"},
        {"Fn::Transform": {"Name": "AWS::Include"}},
        {"Fn::GetAZs": ""},
        "x-{'Fn::Sub': '${Env}-queue'}",
        "{'Ref': 'Env'",
        {"Fn::Sub": "${Env}-{'Fn::Sub': 'x'}"},
    ],
)
def test_what_a_template_does_not_decide_is_unknown(template: Intrinsics, raw: Any) -> None:
    assert isinstance(template.value(raw), Unknown)


def test_conditions_are_three_valued(template: Intrinsics) -> None:
    assert [template.condition(name) for name in ("IsProd", "IsGiven", "Either", "Both", "Loop", "None")] == [
        True, None, True, None, None, None,
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("value", "pieces"),
    [
        ("plain", [("text", "plain")]),
        ("${a.b}/*", [("expression", "a.b"), ("text", "/*")]),
        ('x${f({ a = "}" })}', [("text", "x"), ("expression", 'f({ a = "}" })')]),
        ("$${kept}", [("text", "$${kept}")]),
        ("${open", [("text", "${open")]),
    ],
)
def test_templates_are_split_at_their_expressions(value: str, pieces: list[tuple[str, str]]) -> None:
    assert split_template(value) == pieces


def deep(depth: int) -> Any:
    value: Any = "x"
    for _ in range(depth):
        value = {"Fn::Join": ["", [value]]}
    return value


def test_hostile_input_ends_in_time(template: Intrinsics) -> None:
    started = time.monotonic()
    assert isinstance(template.value(deep(500)), Unknown)
    template.value({"Fn::Sub": "${" * 200_000})
    doubling: Any = "x" * 10
    for _ in range(30):
        doubling = {"Fn::Sub": ["${a}${a}", {"a": doubling}]}
    assert isinstance(template.value(doubling), Unknown)
    assert match(("a*" * 5_000,), text(Unknown("x"), "b" * 5_000)) is None
    split_template("${" * 20_000 + "}" * 10)
    assert reference_in("a_" * 500_000) is None
    expand("${" + " " * 1_000_000, Context({}))
    expand("${a}" * 100_000, Context({"a": "b"}))
    assert time.monotonic() - started < 5
