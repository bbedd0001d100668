"""Properties of the evaluator that hold for all policies, and a fuzz target for parser and evaluator."""

from __future__ import annotations

import copy
import json
from collections.abc import Iterator
from typing import Any

import pytest
from hypothesis import HealthCheck, assume, example, given, settings
from hypothesis import strategies as st
from iam_requests import ACCOUNT, FOREIGN, FUNCTION, OTHER, ROLE, ROOT, SESSION, UNKNOWN, USER

from rolecall.iam import Effect, MayBeAbsent, PolicyError, Request, decide_each, evaluate, of_identity, parse_policy
from rolecall.unknown import Unknown, text

ACTIONS = ["lambda:InvokeFunction", "lambda:*", "*", "s3:GetObject", "LAMBDA:Invoke*"]
RESOURCES = [
    FUNCTION,
    f"{FUNCTION}:*",
    "*",
    "arn:aws:lambda:*:*:function:*",
    "arn:aws:s3:::x",
    "arn:aws:lambda:*:${aws:username}",
]
SERVICES = ["s3.amazonaws.com", "sns.amazonaws.com"]
IDENTITIES: list[str] = ["*", ACCOUNT, ROOT, USER, ROLE, SESSION, OTHER, FOREIGN, "AROAEXAMPLEROLEID123"]
CALLERS = [USER, ROLE, SESSION, ROOT, FOREIGN, "*", *SERVICES]
VALUES = ["red", "blue", "r*", ACCOUNT, OTHER, "", "true", "5", "10.0.0.1", FUNCTION, "arn:aws:s3:::*"]
KEYS = ["aws:SourceAccount", "aws:PrincipalTag/team", "aws:SourceArn", "aws:TagKeys", "aws:PrincipalAccount"]
OPERATORS = [
    "StringEquals", "StringNotEquals", "StringLike", "StringEqualsIfExists", "ArnLike", "ArnNotLike", "Null", "Bool",
    "ForAllValues:StringLike", "ForAnyValue:StringEquals", "ForAnyValue:StringNotEquals", "NumericLessThan",
    "IpAddress",
]  # fmt: skip

several = lambda values: st.sampled_from(values) | st.lists(st.sampled_from(values), min_size=1, max_size=3)  # noqa: E731
principals = st.just("*") | st.fixed_dictionaries(
    {}, optional={"AWS": several(IDENTITIES), "Service": several(SERVICES)}
)
conditions = st.dictionaries(
    st.sampled_from(OPERATORS),
    st.dictionaries(st.sampled_from(KEYS), several(VALUES), min_size=1, max_size=2),
    max_size=2,
)
contexts = st.dictionaries(st.sampled_from(KEYS), several(VALUES), max_size=3)


@st.composite
def statements(draw: st.DrawFn, *, of_resource: bool = False, effect: str | None = None) -> dict[str, Any]:
    found: dict[str, Any] = {
        "Effect": effect or draw(st.sampled_from(["Allow", "Allow", "Deny"])),
        draw(st.sampled_from(["Action", "Action", "NotAction"])): draw(several(ACTIONS)),
        draw(st.sampled_from(["Resource", "Resource", "NotResource"])): draw(several(RESOURCES)),
    }
    if of_resource:
        found[draw(st.sampled_from(["Principal", "Principal", "Principal", "NotPrincipal"]))] = draw(principals)
    if draw(st.booleans()):
        found["Condition"] = draw(conditions)
    return found


def policies(*, of_resource: bool = False) -> st.SearchStrategy[dict[str, Any]]:
    versions = st.sampled_from(["2012-10-17", "2012-10-17", "2008-10-17"])
    listed = st.lists(statements(of_resource=of_resource), min_size=1, max_size=3)
    return st.fixed_dictionaries({"Version": versions, "Statement": listed})


@st.composite
def cases(draw: st.DrawFn) -> dict[str, Any]:
    """The arguments of one evaluation; each kind of policy may be there or not. Every other one allows much."""
    limits = st.none() | st.lists(policies(), min_size=1, max_size=1)
    much = {"Statement": [{"Effect": "Allow", "Action": "*", "Resource": "*"}]}
    levels = [[much], [{"Statement": []}]]
    return {
        "request": Request(draw(st.sampled_from(CALLERS)), ACTIONS[0], FUNCTION, "", draw(contexts)),
        "identity_policies": draw(st.lists(policies() | st.builds(copy.deepcopy, st.just(much)), max_size=2)),
        "resource_policy": draw(st.none() | policies(of_resource=True)),
        "permissions_boundaries": draw(limits),
        "session_policies": draw(limits),
        "service_control_policies": draw(st.none() | st.lists(st.sampled_from(levels), max_size=2)),
    }


def decided(case: dict[str, Any]) -> Effect:
    return evaluate(**case).effect


def documents(case: dict[str, Any]) -> Iterator[dict[str, Any]]:
    yield from case["identity_policies"]
    yield from case["permissions_boundaries"] or ()
    yield from case["session_policies"] or ()
    yield from [case["resource_policy"]] if case["resource_policy"] else ()


@given(cases(), st.randoms(use_true_random=False))
def test_the_order_of_statements_and_values_does_not_matter(case: dict[str, Any], random: Any) -> None:
    before = decided(case)
    for document in documents(case):
        random.shuffle(document["Statement"])
        for statement in document["Statement"]:
            for value in statement.values():
                if isinstance(value, list):
                    random.shuffle(value)
    random.shuffle(case["identity_policies"])
    assert decided(case) is before


@given(cases(), statements(effect="Allow"), statements(of_resource=True, effect="Allow"), st.integers(0, 9))
def test_adding_an_allow_never_removes_an_allow(case: dict[str, Any], own: Any, theirs: Any, where: int) -> None:
    before = decided(case)
    found = list(documents(case))
    assume(found)
    document = found[where % len(found)]
    document["Statement"] = [*document["Statement"], theirs if document is case["resource_policy"] else own]
    assert before not in (Effect.ALLOW, Effect.EXPLICIT_DENY) or decided(case) is before


@given(cases(), statements(effect="Deny"), statements(of_resource=True, effect="Deny"), st.integers(0, 9))
def test_adding_a_deny_never_adds_an_allow(case: dict[str, Any], own: Any, theirs: Any, where: int) -> None:
    before = decided(case)
    found = list(documents(case))
    assume(found)
    document = found[where % len(found)]
    document["Statement"] = [theirs if document is case["resource_policy"] else own, *document["Statement"]]
    after = decided(case)
    assert after is before or after in (Effect.EXPLICIT_DENY, Effect.UNKNOWN)
    assert before is not Effect.EXPLICIT_DENY or after is Effect.EXPLICIT_DENY


def places(value: Any) -> Iterator[tuple[Any, Any]]:
    """Every place in a document that holds a value: its container and its key there."""
    listed = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    for key, inside in listed:
        yield value, key
        yield from places(inside)


@settings(max_examples=300)
@given(cases(), st.integers(0, 10_000))
def test_replacing_a_value_by_unknown_gives_unknown_or_the_same(case: dict[str, Any], where: int) -> None:
    before = decided(case)
    case = copy.deepcopy(case)
    found = [place for document in documents(case) for place in places(document)] + list(
        places(case["request"].context)
    )
    assume(found and before is not Effect.UNKNOWN)
    container, key = found[where % len(found)]
    container[key] = UNKNOWN
    decision = evaluate(**case)
    assert decision.allowed in (None, before is Effect.ALLOW)
    assert decision.effect is not Effect.EXPLICIT_DENY or before is Effect.EXPLICIT_DENY


def expected(answers: set[Effect]) -> Effect:
    """The answer when any of these may be right: a denial is one, whatever its kind."""
    if len(answers) == 1:
        return answers.pop()
    return Effect.UNKNOWN if Effect.ALLOW in answers else Effect.IMPLICIT_DENY


# For one unknown value in these places there is a value that fits and one that does not: the answer is UNKNOWN exactly
# when the two differ.
EXACT: dict[str, list[Any]] = {
    "Effect": ["Allow", "Deny"],
    "Action": ["*", "x:Y"],
    "NotAction": ["*", "x:Y"],
    "Resource": ["*", "arn:aws:x:::y"],
    "NotResource": ["*", "arn:aws:x:::y"],
    "Principal": ["*", {"AWS": ACCOUNT}, {"AWS": OTHER}, {"AWS": USER}, {"AWS": ROLE}, {"AWS": SESSION}, {"AWS": ROOT},
                  {"AWS": FOREIGN}, *({"Service": service} for service in SERVICES), {"Service": "x.amazonaws.com"}],
    "Condition": [{}, {"Null": {"aws:PrincipalTag/nothing": "false"}}],
}  # fmt: skip


@settings(max_examples=300)
@given(cases(), st.integers(0, 10_000))
def test_one_unknown_value_counts_exactly_when_it_could_change_the_answer(case: dict[str, Any], where: int) -> None:
    found = [
        (statement, element)
        for document in documents(case)
        for statement in document["Statement"]
        for element in statement
        if element in EXACT
        # With a boundary it denies whatever the principal, and allows by the principal: UNKNOWN is sound, not exact.
        and not (element == "Effect" and "NotPrincipal" in statement and case["permissions_boundaries"])
    ]
    assume(found)
    statement, element = found[where % len(found)]
    answers = set()
    for value in EXACT[element]:
        statement[element] = value
        answers.add(decided(case))
    assume(Effect.UNKNOWN not in answers)
    statement[element] = UNKNOWN
    assert decided(case) is expected(answers)


@settings(max_examples=200)
@given(
    cases(), st.sampled_from(KEYS), st.sampled_from(["StringEquals", "StringNotEquals", "Null", "StringEqualsIfExists"])
)
def test_one_unknown_key_counts_exactly_when_it_could_change_the_answer(case: Any, key: str, operator: str) -> None:
    """Where the key is only compared for equality; the answers for the values that are named, another and none.

    Which kind of denial it is may be left open: for each value another statement may be the one that denies.
    """

    def holds(answers: set[Effect]) -> bool:
        kinds = {expected(set(answers))} | ({Effect.IMPLICIT_DENY} if answers == {Effect.EXPLICIT_DENY} else set())
        return decided(case) in kinds

    for document in documents(case):
        for statement in document["Statement"]:
            conditions = statement.get("Condition", {}).values()
            statement["Condition"] = {operator: {k: v for inside in conditions for k, v in inside.items()}}
    context = case["request"].context
    answers = set()
    for value in (*VALUES, "another"):
        context[key] = value
        answers.add(decided(case))
    assume(Effect.UNKNOWN not in answers)
    context[key] = UNKNOWN
    assert holds(answers)
    context[key] = []
    answers.add(decided(case))
    assume(Effect.UNKNOWN not in answers)
    context[key] = MayBeAbsent("not known")
    assert holds(answers)


ANYTHING: dict[str, Any] = {"Version": "2012-10-17", "Statement": [{"Effect": "Allow", "Action": "*", "Resource": "*"}]}
KEY = f"arn:aws:kms:eu-west-1:{ACCOUNT}:key/k"


@settings(max_examples=400)
@given(
    st.lists(policies() | st.builds(copy.deepcopy, st.just(ANYTHING)), max_size=2),
    st.sampled_from([*CALLERS, f"arn:aws:iam::{OTHER}:role/theirs", UNKNOWN]),
    st.lists(st.sampled_from([*ACTIONS[:4], "kms:Decrypt", "sts:AssumeRole", "sts:GetCallerIdentity"]), min_size=1),
    st.sampled_from(
        [FUNCTION, ROLE, KEY, "*", FUNCTION.replace(ACCOUNT, OTHER), text(FUNCTION, ":", UNKNOWN), UNKNOWN]
    ),
    contexts,
    st.integers(0, 40),
)
def test_what_is_told_fast_or_together_is_what_the_whole_decision_says(
    listed: Any, caller: Any, actions: Any, resource: Any, context: Any, where: int
) -> None:
    """Policies of an identity alone are told fast; beside a control policy that allows everything they are not."""
    found = list(places(listed))
    if where < len(found):
        found[where][0][found[where][1]] = UNKNOWN
    asked = [Request(caller, action, resource, "", context) for action in actions]
    whole = [evaluate(request, listed, service_control_policies=[[ANYTHING]]) for request in asked]
    together = decide_each(asked[0], actions[1:], of_identity(listed))
    for decisions in ([evaluate(request, listed) for request in asked], together):
        assert [decision.effect for decision in decisions] == [decision.effect for decision in whole]
        assert all(decision.reasons for decision in decisions)


@given(policies(of_resource=True), st.sampled_from(CALLERS), contexts)
def test_text_and_dictionary_say_the_same(document: dict[str, Any], caller: str, context: dict[str, Any]) -> None:
    request = Request(caller, ACTIONS[0], FUNCTION, "", context)
    answers = {
        evaluate(request, resource_policy=form).effect
        for form in (document, json.dumps(document), json.dumps(document, indent=3).encode(), parse_policy(document))
    }
    assert len(answers) == 1


# The fuzz target. Words of the language, odd values and Unknown in any arrangement: a policy or one clear error.
ELEMENTS = [
    "Version", "Statement", "Effect", "Allow", "Deny", "Action", "NotAction", "Resource", "NotResource", "Principal",
    "NotPrincipal", "Condition", "Sid", "Id", "AWS", "Service", "Federated", "CanonicalUser", "2012-10-17",
]  # fmt: skip
ODD = [
    "DateEquals", "DateNotEquals", "BinaryEquals", "NumericNotEquals", "NotIpAddress", "StringNotLike", "${", "${}",
    "${*}", "${aws:username, 'x'}", "arn:::::", "arn:aws:iam::x:role/", "arn:aws:sts::1:assumed-role/", "2020-02-30",
    "arn:aws:iam::1:role/a/b", "0000-00-00", "1e999", "-9e999", "::/0", "1.2.3.4/99", "====", "\x00", "\ud800",
]  # fmt: skip
words = st.sampled_from([*ELEMENTS, *OPERATORS, *KEYS, *ACTIONS, *RESOURCES, *IDENTITIES, *SERVICES, *VALUES, *ODD])
partly = st.builds(lambda a, s, b: text(a, Unknown("u", s), b), words, st.sampled_from(["", "s"]), words)
scalars = (
    words | st.text(max_size=5) | st.none() | st.booleans() | st.integers() | st.floats() | st.just(UNKNOWN) | partly
)
json_like = st.recursive(
    scalars, lambda inside: st.lists(inside, max_size=4) | st.dictionaries(words, inside, max_size=4), max_leaves=15
)


@st.composite
def damaged(draw: st.DrawFn) -> Any:
    """A policy in which some values are replaced by anything."""
    document = draw(policies(of_resource=draw(st.booleans())))
    for _ in range(draw(st.integers(0, 4))):
        found = list(places(document))
        if found:
            container, key = draw(st.sampled_from(found))
            container[key] = draw(json_like)
    return document


@settings(max_examples=1_000, suppress_health_check=[HealthCheck.too_slow], deadline=1_000)
@given(
    damaged() | json_like, words | partly | st.just(UNKNOWN), words, words | partly, st.dictionaries(words, json_like)
)
@example(
    {"Statement": {"Effect": "Allow", "Action": "*", "Resource": "arn:aws:s3:::${aws:x}"}}, USER, "*", "", {"": []}
)
def test_fuzz(document: Any, caller: Any, action: str, resource: Any, context: dict[str, Any]) -> None:
    request = Request(caller, action, resource, "", context)
    for policies_given in ({"identity_policies": [document]}, {"resource_policy": document}):
        try:
            decision = evaluate(request, **policies_given)
        except ValueError as refused:
            assert_clear(refused)
        else:
            assert isinstance(decision.effect, Effect)
            assert all(isinstance(reason, str) and reason for reason in decision.reasons) and decision.reasons


@settings(max_examples=500, suppress_health_check=[HealthCheck.too_slow])
@given(
    st.text(max_size=40)
    | damaged().filter(lambda value: "Unknown" not in repr(value)).map(lambda v: json.dumps(v, default=str))
)
def test_fuzz_text(document: str) -> None:
    for form in (document, document[: len(document) // 2], document.encode("utf-8", "surrogatepass")):
        try:
            parse_policy(form)
        except PolicyError as refused:
            assert_clear(refused)


def assert_clear(refused: ValueError) -> None:
    """One line, not long, that says what is wrong."""
    message = str(refused)
    assert isinstance(refused, PolicyError) or message.endswith("is not a principal")
    assert message and "\n" not in message and len(message) < 400


def test_the_fuzz_target_meets_policies_and_errors_alike() -> None:
    """A target that only ever sees one kind tests nothing."""
    seen = {"policy": 0, "error": 0}

    @settings(max_examples=200, database=None)
    @given(damaged())
    def count(document: Any) -> None:
        try:
            parse_policy(document)
            seen["policy"] += 1
        except PolicyError:
            seen["error"] += 1

    count()
    assert min(seen.values()) > 30, seen


def test_deep_nesting_is_refused() -> None:
    nested: Any = "x"
    for _ in range(5_000):
        nested = [nested]
    with pytest.raises(PolicyError):
        parse_policy({"Statement": {"Effect": "Allow", "Action": nested, "Resource": "*"}})
