"""Policy documents: what IAM stores is read, anything else is refused with its place.

Source: https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_grammar.html and the pages of the elements.
"""

from __future__ import annotations

import datetime
import json
import re
from pathlib import Path
from typing import Any

import pytest
from iam_requests import ALLOW, FUNCTION, IMPLICIT, UNKNOWN, USER, assume, invoke, policy, statement, trusts

from rolecall.iam import Effect, PolicyError, Request, evaluate, parse_policy

INVOKE = statement(action="lambda:InvokeFunction")


def decided(document: Any) -> Effect:
    return evaluate(Request(USER, "lambda:InvokeFunction", FUNCTION), [document]).effect


@pytest.mark.parametrize(
    "document",
    [
        policy(INVOKE),
        {"Statement": INVOKE},
        {"Statement": [INVOKE]},
        {"Statement": (INVOKE,)},
        {"Version": "2008-10-17", "Id": "any text, with spaces", "Statement": INVOKE},
        {"Version": datetime.date(2012, 10, 17), "Statement": INVOKE},  # as YAML reads it without quotes
        {"Statement": {"Resource": "*", "Action": ["lambda:InvokeFunction"], "Sid": "", "Effect": "Allow"}},
        {"Statement": [{**INVOKE, "Condition": {}}]},
        {"Statement": [{**INVOKE, "Action": [], "Sid": "nothing"}, INVOKE]},
        json.dumps(policy(INVOKE)),
        json.dumps(policy(INVOKE)).encode(),
        "\n\t {\r\n" + json.dumps(policy(INVOKE), indent=8)[1:] + "\n  ",
        parse_policy(policy(INVOKE)),
    ],
)
def test_forms_of_one_policy(document: Any) -> None:
    assert decided(document) is ALLOW


# reference_policies_elements_action.html ("the prefix and the action name are case insensitive")
@pytest.mark.parametrize(
    ("action", "effect"),
    [
        ("lambda:InvokeFunction", ALLOW),
        ("LAMBDA:invokefunction", ALLOW),
        ("lambda:Invoke*", ALLOW),
        ("lambda:*", ALLOW),
        ("lambda:*Function", ALLOW),
        ("lambda:Invoke?unction", ALLOW),
        ("*", ALLOW),
        ("*:*", ALLOW),
        (["s3:GetObject", "lambda:InvokeFunction"], ALLOW),
        ("lambda:InvokeFunctionUrl", IMPLICIT),
        ("lambda:Invoke", IMPLICIT),
        ("lambda:InvokeFunction?", IMPLICIT),
        ("InvokeFunction", IMPLICIT),
        ("lambda:InvokeFunction ", IMPLICIT),
        ("s3:*", IMPLICIT),
    ],
)
def test_action(action: Any, effect: Effect) -> None:
    assert invoke(USER, statement(action=action)) is effect


# reference_policies_elements_notaction.html, reference_policies_elements_notresource.html
def test_negated_elements() -> None:
    others = {"Effect": "Allow", "NotAction": "iam:*", "Resource": "*"}
    assert invoke(USER, others) is ALLOW
    assert invoke(USER, {**others, "NotAction": ["iam:*", "LAMBDA:*"]}) is IMPLICIT
    elsewhere = {"Effect": "Allow", "Action": "*", "NotResource": "arn:aws:s3:::*"}
    assert invoke(USER, elsewhere) is ALLOW
    assert invoke(USER, {**elsewhere, "NotResource": ["arn:aws:s3:::*", FUNCTION]}) is IMPLICIT
    assert (
        invoke(USER, {"Effect": "Deny", "NotAction": "iam:*", "NotResource": "arn:aws:s3:::*"}) is Effect.EXPLICIT_DENY
    )


# reference_policies_elements_effect.html ("the Effect value is case sensitive")
@pytest.mark.parametrize(
    ("document", "place"),
    [
        ("{", "not JSON"),
        ("", "not JSON"),
        (b"\xff\xfe\xff", "not JSON"),
        ("[" * 100_000, "not JSON"),
        ("{" + '"Statement": [' * 100_000, "not JSON"),
        ([], "a policy is a JSON object, not a list"),
        ("3", "a policy is a JSON object, not a number"),
        ('"*"', "a policy is a JSON object, not text"),
        (None, "a policy is a JSON object, not null"),
        ({"Version": "2012-10-17"}, "Statement is missing"),
        ({"version": "2012-10-17", "Statement": []}, "unknown element 'version'"),
        (policy(version="2020-01-01"), "Version must be 2012-10-17 or 2008-10-17, not '2020-01-01'"),
        (policy(version=["2012-10-17"]), "Version must be"),
        (policy("Allow"), "statement 0: must be an object, not text"),
        (policy(None), "statement 0: must be an object, not null"),
        (policy({**INVOKE, "Effect": "allow"}), "statement 0: Effect must be Allow or Deny, not 'allow'"),
        (policy({**INVOKE, "Effect": ["Allow"]}), "statement 0: Effect must be Allow or Deny"),
        (policy(INVOKE, {"Effect": "Allow"}), "statement 1: Action or NotAction is missing"),
        (policy({"Action": "*", "Resource": "*"}), "statement 0: Effect must be Allow or Deny, not None"),
        (policy({**INVOKE, "Conditions": {}}), "statement 0: unknown element 'Conditions'"),
        (policy({**INVOKE, 3: "x"}), "statement 0: unknown element '3'"),
        (policy({**INVOKE, "NotAction": "*"}), "statement 0: Action and NotAction exclude each other"),
        (policy({**INVOKE, "NotResource": "*"}), "statement 0: Resource and NotResource exclude each other"),
        (policy(trusts(NotPrincipal="*")), "statement 0: Principal and NotPrincipal exclude each other"),
        (policy({**INVOKE, "Action": 3}), "statement 0: Action: must be text or a list of texts, not a number"),
        (policy({**INVOKE, "Resource": [["*"]]}), "statement 0: Resource: must be text or a list of texts, not a list"),
        (policy(trusts({"Servce": "x"})), "statement 0: Principal: unknown type 'Servce'"),
        (policy(trusts("lambda.amazonaws.com")), 'statement 0: Principal: must be "\\*" or an object'),
        (policy(trusts(["*"])), 'statement 0: Principal: must be "\\*" or an object'),
        (policy(trusts({"AWS": {"a": "b"}})), "statement 0: Principal: AWS: must be text"),
        (policy({**INVOKE, "Sid": 5}), "statement 0: Sid must be text, not a number"),
        (policy({**INVOKE, "Effect": 10**5000}), "Effect must be Allow or Deny, not a number"),
        (policy(version=10**5000), "Version must be 2012-10-17 or 2008-10-17, not a number"),
        (policy({"Effect": "Allow", "Action": "*"}), "statement 0: Resource or NotResource is missing"),
        (policy(INVOKE, trusts(Resource="*")), "statement 1: Principal has no place in the policy of an identity"),
        (policy({**INVOKE, "Condition": []}), "statement 0: Condition: must be an object, not a list"),
        (policy({**INVOKE, "Condition": {"StringEquals": "x"}}), "Condition: 'StringEquals': must be an object"),
        (policy({**INVOKE, "Condition": {"StringEqual": {"a": "b"}}}), "unknown operator 'StringEqual'"),
        (policy({**INVOKE, "Condition": {"NullIfExists": {"a": "true"}}}), "unknown operator 'NullIfExists'"),
        (policy({**INVOKE, "Condition": {"": {"a": "true"}}}), "unknown operator ''"),
        (policy({**INVOKE, "Condition": {"Bool": {"a": None}}}), "'a': must be text, a number or a boolean, not null"),
        (policy({**INVOKE, "Condition": {"Bool": {"a": {"b": 1}}}}), "'a': must be text, a number or a boolean"),
        (policy({**INVOKE, "Condition": {"Bool": {1: UNKNOWN}}}), "a key must be text, not 1"),
        (policy({**INVOKE, "Condition": {"NumericEquals": {"a": 10**5000}}}), "must be text, a number or a boolean"),
        ('{"Statement": [], "Statement": []}', "'Statement' stands twice in one object"),
        ('{"Statement": {"Effect": "Deny", "Action": "*", "Effect": "Allow"}}', "'Effect' stands twice"),
    ],
)
def test_what_is_no_policy_is_refused_with_its_place(document: Any, place: str) -> None:
    with pytest.raises(PolicyError, match=place) as refused:
        evaluate(Request(USER, "s3:GetObject", "*"), [document])
    assert str(refused.value).startswith("identity policy: ")
    assert "\n" not in str(refused.value) and len(str(refused.value)) < 300


def test_a_long_foreign_value_makes_no_long_message() -> None:
    with pytest.raises(PolicyError) as refused:
        parse_policy(policy(version="x" * 1_000_000))
    assert len(str(refused.value)) < 300


def test_text_is_parsed_once() -> None:
    document = json.dumps(policy(INVOKE))
    assert parse_policy(document, "mine") is parse_policy(document, "mine")
    assert parse_policy(policy(INVOKE), "mine") is parse_policy(policy(INVOKE), "mine")
    assert parse_policy(document, "yours").name == "yours"
    changed = policy(dict(INVOKE))
    assert decided(changed) is ALLOW
    changed["Statement"][0]["Effect"] = "Deny"
    assert decided(changed) is Effect.EXPLICIT_DENY, "what a dictionary said before does not matter"


def test_the_example_of_the_documentation() -> None:
    page = (Path(__file__).parent.parent / "docs" / "evaluator.md").read_text(encoding="utf-8")
    (example,) = re.findall(r"```python\n(.*?)```", page, re.DOTALL)
    exec(compile(example, "docs/evaluator.md", "exec"), {})  # noqa: S102 - our own page


def test_elements_of_a_trust_policy() -> None:
    assert assume(trusts()) is ALLOW
    assert assume(trusts(Action=["sts:TagSession", "sts:AssumeRole"])) is ALLOW
    assert assume(trusts(Action="sts:AssumeRoleWithWebIdentity")) is IMPLICIT
    assert assume(trusts(Action="sts:TagSession")) is IMPLICIT
    with pytest.raises(PolicyError, match="resource policy: statement 0: Principal is missing"):
        assume({"Effect": "Allow", "Action": "sts:AssumeRole"})
