"""Three values: what is not known makes the answer UNKNOWN exactly where it could change it."""

from __future__ import annotations

from typing import Any

import pytest
from iam_requests import (
    ACCOUNT,
    ALLOW,
    EXPLICIT,
    FOREIGN,
    FUNCTION,
    IMPLICIT,
    OTHER,
    PERHAPS,
    ROLE,
    SESSION,
    UNKNOWN,
    USER,
    assume,
    granted_to,
    invocation,
    invoke,
    policy,
    statement,
    trusts,
)

from rolecall.iam import Effect, MayBeAbsent, Request, evaluate
from rolecall.unknown import Unknown, text

INVOKE = statement(action="lambda:InvokeFunction")
DENY = statement("Deny", "lambda:InvokeFunction")
MAYBE = {"StringEquals": {"aws:PrincipalTag/team": UNKNOWN}}
TAGGED = {"aws:PrincipalTag/team": "red"}


@pytest.mark.parametrize(
    ("statements", "effect"),
    [
        ([INVOKE, {**DENY, "Condition": MAYBE}], PERHAPS),  # a known allow, an unknown deny
        ([{**INVOKE, "Condition": MAYBE}, DENY], EXPLICIT),  # a known deny wins over an unknown allow
        ([{**INVOKE, "Condition": MAYBE}], PERHAPS),
        ([INVOKE, {**INVOKE, "Condition": MAYBE}], ALLOW),
        ([{**DENY, "Condition": MAYBE}], IMPLICIT),  # denied in any case
        ([INVOKE, {**DENY, "Effect": UNKNOWN}], PERHAPS),
        ([{**INVOKE, "Effect": UNKNOWN}], PERHAPS),
        ([{**INVOKE, "Effect": UNKNOWN, "Action": "s3:*"}], IMPLICIT),
        ([INVOKE, {**DENY, "Action": UNKNOWN}], PERHAPS),
        ([INVOKE, {**DENY, "Action": ["s3:*", text("s3:", UNKNOWN)]}], ALLOW),
        ([{**INVOKE, "Action": text("lambda:", UNKNOWN)}], PERHAPS),
        ([{**INVOKE, "Action": text("s3:", UNKNOWN)}], IMPLICIT),
        ([{**INVOKE, "Action": [UNKNOWN, "lambda:*"]}], ALLOW),
        ([{"Effect": "Allow", "NotAction": UNKNOWN, "Resource": "*"}], PERHAPS),
        ([{"Effect": "Allow", "NotAction": [UNKNOWN, "lambda:*"], "Resource": "*"}], IMPLICIT),
        ([{**INVOKE, "Resource": UNKNOWN}], PERHAPS),
        ([{**INVOKE, "Resource": [UNKNOWN, "*"]}], ALLOW),
        ([{**INVOKE, "Resource": text("arn:aws:lambda:", UNKNOWN, f":{ACCOUNT}:function:orders")}], PERHAPS),
        ([{**INVOKE, "Resource": text("arn:aws:lambda:", UNKNOWN, f":{ACCOUNT}:function:other")}], IMPLICIT),
        ([{**INVOKE, "Resource": UNKNOWN, "Condition": {"Null": {"aws:PrincipalTag/team": "true"}}}], IMPLICIT),
        ([UNKNOWN], PERHAPS),
        ([UNKNOWN, INVOKE], PERHAPS),
        ([UNKNOWN, DENY], EXPLICIT),
    ],
)
def test_statements(statements: list[Any], effect: Effect) -> None:
    assert invoke(USER, statements, context=TAGGED) is effect
    assert invoke(USER, statements[::-1], context=TAGGED) is effect


def test_allowed_is_the_answer_as_a_truth() -> None:
    assert invocation(USER, [{**INVOKE, "Condition": MAYBE}], context=TAGGED).allowed is None
    assert invocation(USER, INVOKE).allowed is True
    assert invocation(USER).allowed is False and invocation(USER, DENY).allowed is False


def test_documents() -> None:
    def decided(identity: Any = (), resource: Any = None, **more: Any) -> Effect:
        return evaluate(Request(USER, "lambda:InvokeFunction", FUNCTION), identity, resource, **more).effect

    allows = [policy(INVOKE)]
    assert decided([UNKNOWN]) is PERHAPS
    assert decided([UNKNOWN, policy(DENY)]) is EXPLICIT
    assert decided([{"Statement": UNKNOWN}]) is PERHAPS
    assert decided(allows, UNKNOWN) is PERHAPS, "it may deny"
    assert decided(allows, permissions_boundaries=[UNKNOWN]) is PERHAPS
    assert decided((), permissions_boundaries=[UNKNOWN]) is IMPLICIT
    assert decided(allows, service_control_policies=[[UNKNOWN]]) is PERHAPS
    assert decided(allows, session_policies=[policy(), UNKNOWN]) is PERHAPS


def test_the_version_matters_only_where_variables_are() -> None:
    assert evaluate(Request(USER, "x:Y", "*"), [policy(statement(), version=UNKNOWN)]).effect is ALLOW
    named = statement(resource="arn:aws:s3:::${aws:username}")
    assert evaluate(Request(USER, "x:Y", "arn:aws:s3:::ann"), [policy(named, version=UNKNOWN)]).effect is PERHAPS
    assert evaluate(Request(USER, "x:Y", "arn:aws:s3:::bob"), [policy(named, version=UNKNOWN)]).effect is IMPLICIT


def test_the_reach_of_an_unknown_principal() -> None:
    nothing = [policy()]
    assert invoke(SESSION, (), granted_to({"AWS": UNKNOWN})) is PERHAPS
    assert invoke(SESSION, (), granted_to({"AWS": [UNKNOWN, ROLE]})) is ALLOW
    limited = {"permissions_boundaries": nothing}
    assert invoke(SESSION, (), granted_to({"AWS": [UNKNOWN, ROLE]}), **limited) is PERHAPS, "it may be the session"
    assert invoke(SESSION, (), granted_to({"AWS": [UNKNOWN, SESSION]}), **limited) is ALLOW
    assert invoke(SESSION, (), granted_to({"AWS": [UNKNOWN, ACCOUNT]})) is PERHAPS
    assert invoke(SESSION, (), granted_to({"AWS": text("arn:aws:iam::", UNKNOWN, ":role/other")})) is IMPLICIT
    assert invoke(SESSION, (), granted_to({"AWS": text("arn:aws:iam::", UNKNOWN, ":role/path/app")})) is PERHAPS


def test_accounts() -> None:
    function = text("arn:aws:lambda:eu-west-1:", UNKNOWN, ":function:orders")

    def decided(identity: Any, named: Any = None, owner: Any = "") -> Effect:
        grant = None if named is None else policy({**INVOKE, "Principal": {"AWS": named}})
        return evaluate(Request(USER, "lambda:InvokeFunction", function, owner), identity, grant).effect

    assert decided([policy(INVOKE)]) is PERHAPS, "across accounts the function has to let it in"
    assert decided([policy(INVOKE)], USER) is ALLOW
    assert decided((), USER) is PERHAPS
    assert decided(()) is IMPLICIT
    assert decided([policy(INVOKE)], owner=ACCOUNT) is ALLOW
    assert decided([policy(INVOKE)], owner=OTHER) is IMPLICIT


def test_a_foreign_caller_and_an_unknown_side() -> None:
    request = Request(FOREIGN, "lambda:InvokeFunction", FUNCTION)
    granted = policy(granted_to({"AWS": FOREIGN}))
    assert evaluate(request, [UNKNOWN], granted).effect is PERHAPS
    assert evaluate(request, [UNKNOWN], policy()).effect is IMPLICIT
    assert evaluate(request, [policy()], policy(granted_to({"AWS": UNKNOWN}))).effect is IMPLICIT


def test_an_unknown_deny_under_conditions_that_are_known() -> None:
    deny = {**trusts(), "Effect": "Deny", "Condition": {"StringEquals": {"aws:SourceAccount": UNKNOWN}}}
    assert assume(trusts(), deny) is ALLOW, "a key that the request does not carry meets no StringEquals"
    assert assume(trusts(), deny, aws_SourceAccount=ACCOUNT) is PERHAPS
    assert assume(trusts(), {**deny, "Principal": {"Service": "s3.amazonaws.com"}}, aws_SourceAccount=ACCOUNT) is ALLOW


def under(effect: dict[str, Any], **conditions: Any) -> dict[str, Any]:
    """The statement under conditions on the key ``k``, by operator."""
    return {**effect, "Condition": {operator: {"k": values} for operator, values in conditions.items()}}


FOR_ALL, FOR_ANY = {"ForAllValues:StringEquals": "a"}, {"ForAnyValue:StringNotEquals": "a"}


@pytest.mark.parametrize(
    ("statements", "effect"),
    [
        ([under(INVOKE, StringEquals="a"), under(INVOKE, StringNotEquals="a")], ALLOW),
        ([under(INVOKE, StringEquals="a", StringNotEquals=["a", "b"])], IMPLICIT),
        ([under(INVOKE, StringEquals="a", StringLike="b*")], IMPLICIT),
        ([INVOKE, under(DENY, StringEquals="a", StringNotLike="a*")], ALLOW),
        ([under(INVOKE, StringEquals=["a", "b"]), under(DENY, StringEquals="a")], PERHAPS),
        ([under(INVOKE, StringEquals="a"), under(DENY, StringEquals="a")], IMPLICIT),  # explicitly or not
        ([under(INVOKE, StringLike="a*"), under(INVOKE, StringNotLike="a*")], PERHAPS),  # patterns are not told apart,
        ([under(INVOKE, **FOR_ALL), under(INVOKE, **FOR_ANY)], PERHAPS),  # nor are sets
    ],
)
def test_one_unknown_key_has_one_value(statements: list[Any], effect: Effect) -> None:
    for value in (UNKNOWN, Unknown("a tag", "tag"), MayBeAbsent("a tag")):
        assert invoke(USER, statements, context={"K": value}) is effect
        assert invoke(USER, statements, context={"k": value, "other": UNKNOWN}) is effect


def test_too_many_cases_are_not_worked_out() -> None:
    keys = [f"k{number}" for number in range(30)]
    either = [{**INVOKE, "Condition": {f"String{no}Equals": dict.fromkeys(keys, "a")}} for no in ("", "Not")]
    assert invoke(USER, either, context=dict.fromkeys(keys, UNKNOWN)) is PERHAPS


def test_symbols() -> None:
    stack = Unknown("known when deployed", "AWS::AccountId")
    condition = {"StringEquals": {"aws:SourceAccount": stack}}
    assert assume(trusts(Condition=condition), aws_SourceAccount=stack) is ALLOW
    assert assume(trusts(Condition=condition), aws_SourceAccount=ACCOUNT) is PERHAPS
    assert assume(trusts(Condition=condition), aws_SourceAccount=Unknown("another", "other")) is PERHAPS
