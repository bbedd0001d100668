"""Templates whose aliases stand for billions of values ("billion laughs"): read in time, and nothing is made up."""

from __future__ import annotations

import time
from collections.abc import Iterator
from dataclasses import replace
from typing import Any

import pytest
from sam_oracle import template_of

from rolecall.findings import Status
from rolecall.iac import cloudformation, serverless
from rolecall.iac.intrinsics import Intrinsics
from rolecall.iac.repetition import MOST_VALUES, bounded
from rolecall.iac.sam.attributes import attributes
from rolecall.iac.serverless.documents import parse
from rolecall.rules import run
from rolecall.unknown import Unknown

PATIENCE = 60  # seconds, on a machine that has other work; unbounded it would be more than a lifetime


def laughs(smile: Any, levels: int = 40) -> Any:
    """Nine of nine of nine ..., each level one list."""
    for _ in range(levels):
        smile = [smile] * 9
    return smile


FUNCTION = {"Type": "AWS::Serverless::Function", "Properties": {}}
TRUST = {"Effect": "Allow", "Action": "sts:AssumeRole", "Principal": {"Service": "lambda.amazonaws.com"}}
PLAIN: dict[str, Any] = {
    "App": {"Type": "AWS::Lambda::Function", "Properties": {"Role": {"Fn::GetAtt": ["Own", "Arn"]}}},
    "Own": {"Type": "AWS::IAM::Role", "Properties": {"AssumeRolePolicyDocument": {"Statement": [TRUST]}}},
}


@pytest.fixture(autouse=True)
def in_time() -> Iterator[None]:
    started = time.monotonic()
    yield
    assert time.monotonic() - started < PATIENCE


def statuses(document: dict[str, Any]) -> dict[str, Status]:
    """What the rules say of App, by rule."""
    found = run(cloudformation.read([template_of(document)]))
    return {finding.rule: finding.status for finding in found if finding.resource.address in ("App", "Own")}


@pytest.mark.parametrize(
    ("name", "rule"),
    [("Policies", "RC121"), ("AssumeRolePolicyDocument", "RC103"), ("Events", "RC341"), ("FileSystemConfigs", "RC129")],
)
@pytest.mark.parametrize("shared", [True, False])
def test_serverless_functions(name: str, rule: str, shared: bool) -> None:
    given = {name: laughs({"Effect": "Allow"})}
    function = FUNCTION if shared else {**FUNCTION, "Properties": given}
    said = statuses({"Resources": {"App": function}, "Globals": {"Function": given} if shared else {}})
    assert said[rule] is Status.UNKNOWN


@pytest.mark.parametrize(
    ("properties", "rule"),
    [
        ({"AssumeRolePolicyDocument": {"Statement": laughs(TRUST)}}, "RC103"),
        ({"AssumeRolePolicyDocument": {"Fn::Sub": laughs(TRUST)}}, "RC103"),
        ({"AssumeRolePolicyDocument": {"Statement": [TRUST]}, "ManagedPolicyArns": laughs("a")}, "RC121"),
    ],
)
def test_plain_resources(properties: dict[str, Any], rule: str) -> None:
    own = {"Type": "AWS::IAM::Role", "Properties": properties}
    assert statuses({"Resources": {**PLAIN, "Own": own}})[rule] is Status.UNKNOWN


def test_what_all_functions_share_counts_for_each() -> None:
    wide = {"Function": {"VpcConfig": {"SubnetIds": ["s"] * 1000}}}
    functions = {f"F{number}": FUNCTION for number in range(1000)}
    cloudformation.read([template_of({"Resources": functions, "Globals": wide})])


def test_sections_beside_the_resources() -> None:
    sections = {
        "Parameters": {"P": {"Type": "String", "Default": laughs("a")}},
        "Conditions": {"C": {"Fn::Or": laughs({"Condition": "D"})}},
    }
    template = bounded(replace(template_of({"Resources": PLAIN, **sections}), mappings={"M": {"a": laughs("a")}}))
    assert all(isinstance(value, Unknown) for value in (template.conditions["C"], template.mappings["M"]["a"]))
    assert isinstance(template.parameters["P"]["Default"], Unknown)
    assert statuses({"Resources": PLAIN, **sections})["RC103"] is Status.PASS


def test_what_is_large_but_does_not_repeat_itself_stays() -> None:
    resources = {f"R{number}": {"Type": "AWS::SNS::Topic", "Properties": {"Tags": [{"Key": "a", "Value": "b"}] * 9}}
                 for number in range(500)}  # fmt: skip
    template = template_of({"Resources": resources})
    assert bounded(template) == template


def test_what_contains_itself_is_too_much() -> None:
    loop: list[Any] = []
    loop.append([loop])
    resource = {"Type": "AWS::SNS::Topic", "Properties": {"Tags": loop, "TopicName": "t"}}
    properties = bounded(template_of({"Resources": {"T": resource}})).resources["T"].properties
    assert isinstance(properties["Tags"], Unknown)
    assert properties["TopicName"] == "t"


@pytest.mark.parametrize("place", ["custom", "provider", "functions", "resources"])
def test_serverless_configurations(place: str) -> None:
    lines = ["a0: &a0 [x]", *(f"a{n}: &a{n} [{', '.join([f'*a{n - 1}'] * 9)}]" for n in range(1, 30))]
    config = parse("\n".join([
        *lines, "service: s",
        f"provider: {{name: aws, iamRoleStatements: {'*a29' if place == 'provider' else '[]'}}}",
        f"custom: {{x: {'*a29' if place == 'custom' else 'y'}}}",
        f"functions: {{f: {{handler: h, tags: {'*a29' if place == 'functions' else '{}'}, "
        f"role: '{'${self:custom.x}' if place == 'custom' else 'R'}'}}}}",
        f"resources: {{Resources: {{T: {{Type: A, Properties: {{P: {'*a29' if place == 'resources' else 'p'}}}}}}}}}",
    ]), "serverless.yml")  # fmt: skip
    list(run(cloudformation.read([serverless.template("serverless.yml", config)])))


def test_names_that_lead_to_each_other() -> None:
    """Conditions and mappings refer by name: they multiply without any alias."""
    doubled = {f"C{n}": {"Fn::And": [{"Condition": f"C{n - 1}"}] * 9} for n in range(1, 35)}
    looped = {"L": {"Fn::Equals": [{"Fn::If": ["L", "a", "b"]}, "a"]}}
    conditions = {"C0": {"Fn::Equals": ["a", "a"]}, **doubled, **looped}
    again = {"Fn::FindInMap": ["M", "a", "b"]}
    template = Intrinsics({}, conditions, {"M": {"a": {"b": [again] * 9}}}, lambda *_: Unknown("made when deployed"))
    assert template.condition("C12") is True
    assert template.condition("L") is None
    assert isinstance(template.value(again), Unknown)


def test_texts_that_grow() -> None:
    template = Intrinsics({}, {}, {}, lambda *_: Unknown("made when deployed"))
    long = {"Fn::Sub": "x" * 90_000}
    assert isinstance(template.value({"Fn::Join": ["", [long] * MOST_VALUES]}), Unknown)
    several = [{"Fn::Sub": ["a${b}", {"b": long}]} for _ in range(MOST_VALUES // 4)]
    assert isinstance(template.value(several)[-1], Unknown)


def test_merge_keys() -> None:
    lines = ["m0: &m0 {x: y}", *(f"m{n}: &m{n} {{<<: [{', '.join([f'*m{n - 1}'] * 9)}]}}" for n in range(1, 30))]
    with pytest.raises(ValueError, match="merge keys repeat too much"):
        parse("\n".join(lines), "serverless.yml")
    wide = "m0: &m0 {x: y}\nm1: {<<: [" + "*m0, " * 101 + "]}"
    with pytest.raises(ValueError, match="merge keys repeat too much"):
        parse(wide, "serverless.yml")
    template = "\n".join([*lines, "Resources: {App: {Type: AWS::Serverless::Function, Connectors: {}}}"])
    assert isinstance(attributes(template.encode(), {"App": None})["App"]["Connectors"], Unknown)
    assert parse("m0: &m0 {x: y}\nm1: {<<: *m0}", "serverless.yml")["m1"]["x"] == "y"
