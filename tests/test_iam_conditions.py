"""Conditions: every operator, missing keys, sets, and the keys that follow from the caller.

Sources: https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_condition_operators.html,
reference_policies_condition-single-vs-multi-valued-context-keys.html, reference_policies_condition-keys.html.
"""

from __future__ import annotations

from typing import Any

import pytest
from iam_requests import (
    ACCOUNT,
    ALLOW,
    FEDERATED_USER,
    FOREIGN,
    FUNCTION,
    IMPLICIT,
    OTHER,
    PERHAPS,
    ROLE,
    ROOT,
    SESSION,
    UNKNOWN,
    USER,
    assume,
    invoke,
    policy,
    statement,
    trusts,
)

from rolecall.iam import Effect, MayBeAbsent, Request, evaluate
from rolecall.iam.conditions import parse_condition
from rolecall.iam.context import Context
from rolecall.unknown import Tri, Unknown, text

ABSENT: Any = object()
MAYBE = MayBeAbsent("whether it is sent is not documented")


def holds(operator: str, wanted: Any, has: Any = ABSENT, **more: Any) -> Tri:
    """Whether a condition on the key ``k`` holds; more keys of the request by name."""
    values = tuple(wanted) if isinstance(wanted, list) else (wanted,)
    context = Context({**more, **({} if has is ABSENT else {"K": has})})
    return parse_condition(operator, "k", values).holds(context)


# #Conditions_String, #Conditions_Numeric, #Conditions_Date, #Conditions_Boolean, #Conditions_BinaryEquals,
# #Conditions_IPAddress, #Conditions_ARN: for each operator a value that matches and values that do not
MATCHING = [
    ("StringEquals", "johndoe", "johndoe", ["JohnDoe", "johndoe2", "", "john*"]),
    ("StringEquals", "john*", "john*", ["johndoe"]),
    ("StringEquals", "", "", ["x"]),
    ("StringEqualsIgnoreCase", "johndoe", "JohnDoe", ["john", "johndoe2"]),
    ("StringEqualsIgnoreCase", "Straße", "STRAßE", ["STRASSE"]),
    ("StringLike", "home/?n*/", "home/ann/x/", ["home/ann", "Home/ann/", "home/n/"]),
    ("StringLike", "a[b-c].*", "a[b-c].x", ["ab.x", "a[b-c]x"]),
    ("ArnEquals", "arn:aws:s3:::b*", "arn:aws:s3:::bucket", ["arn:aws:s3:x::bucket", "bucket", ""]),
    ("ArnLike", "arn:aws:sns:*:1:t", "arn:aws:sns:eu-west-1:1:t", ["arn:aws:sns:eu-west-1:2:1:t", "arn:aws:sns:x:1:T"]),
    ("NumericEquals", "10", "10.0", ["11", "ten", "", "NaN", "0x0A"]),
    ("NumericEquals", "-0.5", "-.5", ["0.5"]),
    ("NumericEquals", "1e3", "1000", ["1e4"]),
    ("NumericLessThan", "10", "9.99", ["10", "11", "nine"]),
    ("NumericLessThanEquals", "10", "10", ["10.01"]),
    ("NumericGreaterThan", "10", "10.01", ["10", "9"]),
    ("NumericGreaterThanEquals", "10", "10", ["9.999999999999999999999"]),
    ("DateEquals", "2020-01-01T00:00:01Z", "1577836801", ["2020-01-01T00:00:02Z", "yesterday", ""]),
    ("DateEquals", "2020-01-01", "2020-01-01T01:00:00+01:00", ["2020-01-02"]),
    ("DateEquals", "2020", "2020-01-01T00:00Z", ["1577836801"]),
    ("DateEquals", "2020-02", "2020-02-01T00:00:00.0Z", ["2020-13-01"]),
    ("DateLessThan", "2020-04-01T00:00:00Z", "2020-03-31T23:59:59.999Z", ["2020-04-01", "2020-04-01T00:00-01:00"]),
    ("DateLessThanEquals", "2020-04-01T00:00:00Z", "2020-04-01T02:00:00+0200", ["2020-04-01T00:00:00.001Z"]),
    ("DateGreaterThan", "2020-04-01T00:00:00Z", "2020-04-01T00:00:00.001Z", ["2020-04-01T00:00:00Z", "0"]),
    ("DateGreaterThanEquals", "1585699200", "2020-04-01T00:00:00Z", ["2020-03-31T23:59:59Z", "99999999999999999999"]),
    ("Bool", "true", "TRUE", ["false", "1", ""]),
    ("Bool", "False", "false", ["true"]),
    ("BinaryEquals", "QmluYXJ5VmFsdWVJbkJhc2U2NA==", "QmluYXJ5VmFsdWVJbkJhc2U2NA==", ["QmluYXJ5", "%%%", ""]),
    ("BinaryEquals", "QmluYXJ5VmFsdWVJbkJhc2U2NA==", "BinaryValueInBase64", ["binaryvalueinbase64"]),
    ("IpAddress", "203.0.113.0/24", "203.0.113.255", ["203.0.114.0", "2001:db8::1", "203.0.113", "x"]),
    ("IpAddress", "203.0.113.0/24", "203.0.113.1/32", ["203.0.0.0/16"]),
    ("IpAddress", "203.0.113.7", "203.0.113.7", ["203.0.113.8"]),  # "IAM uses the default prefix value of /32"
    ("IpAddress", "2001:DB8:1234:5678::/64", "2001:db8:1234:5678:0::9", ["2001:db8:1234:5679::1", "203.0.113.1"]),
]  # fmt: skip
NEGATED = {
    "StringEquals": "StringNotEquals", "StringEqualsIgnoreCase": "StringNotEqualsIgnoreCase",
    "StringLike": "StringNotLike", "ArnEquals": "ArnNotEquals", "ArnLike": "ArnNotLike",
    "NumericEquals": "NumericNotEquals", "DateEquals": "DateNotEquals", "IpAddress": "NotIpAddress",
}  # fmt: skip


@pytest.mark.parametrize(("operator", "wanted", "matching", "others"), MATCHING)
def test_operator(operator: str, wanted: str, matching: str, others: list[str]) -> None:
    assert holds(operator, wanted, matching) is True
    assert holds(operator.lower(), wanted, [matching]) is True, "operators are known in any case"
    assert holds(operator, ["none", wanted], matching) is True, "any of several values suffices"
    assert holds(operator, wanted) is False, "a key that is not there matches nothing"
    assert holds(f"{operator}IfExists", wanted) is True
    assert holds(f"{operator}IfExists", wanted, matching) is True
    for other in others:
        assert holds(operator, wanted, other) is False, other
        assert holds(f"{operator}IfExists", wanted, other) is False, other


# What AWS makes of a value that is no ARN, number, date or address is not documented: no negated operator answers.
FOREIGN_VALUES = (
    "bucket",
    "",
    "ten",
    "NaN",
    "0x0A",
    "yesterday",
    "2020-13-01",
    "203.0.113",
    "x",
    "99999999999999999999",
)


@pytest.mark.parametrize(("operator", "wanted", "matching", "others"), [row for row in MATCHING if row[0] in NEGATED])
def test_negated_operator(operator: str, wanted: str, matching: str, others: list[str]) -> None:
    negated = NEGATED[operator]
    assert holds(negated, wanted, matching) is False
    assert holds(negated, [wanted, wanted], matching) is False, "none of several values may match"
    assert holds(negated, wanted) is True, "a key that is not there matches nothing"
    assert holds(f"{negated}IfExists", wanted) is True
    assert holds(f"{negated}IfExists", wanted, matching) is False
    for other in others:
        foreign = other in FOREIGN_VALUES and not operator.startswith("String")
        assert holds(negated, wanted, other) is (None if foreign else True), other


def test_numbers_and_booleans_of_a_document_need_no_quotes() -> None:
    for condition in ({"NumericEquals": {"k": 10}}, {"NumericEquals": {"k": 10.0}}, {"Bool": {"flag": True}}):
        request = Request(USER, "s3:GetObject", "*", context={"k": 10, "flag": "true"})
        assert evaluate(request, [policy(statement(Condition=condition))]).effect is ALLOW


# #Conditions_Null
@pytest.mark.parametrize(
    ("wanted", "has", "expected"),
    [
        ("true", ABSENT, True),
        ("false", ABSENT, False),
        ("true", "x", False),
        ("false", "x", True),
        ("False", ["x", "y"], True),
        (["true", "false"], "x", True),
        ("true", [], True),
        ("true", "", True),  # reference_policies_elements_condition.html: an empty text is null
        ("false", "", False),
        ("perhaps", "x", False),
        ("true", UNKNOWN, False),
        ("true", MAYBE, None),
        (UNKNOWN, "x", None),
        ("false", text("known ", UNKNOWN), True),
    ],
)
def test_null(wanted: Any, has: Any, expected: Tri) -> None:
    assert holds("Null", wanted, has) is expected


@pytest.mark.parametrize(
    ("operator", "wanted", "has", "expected"),
    [
        ("ForAllValues:StringEquals", ["a", "b"], ["a"], True),
        ("ForAllValues:StringEquals", ["a", "b"], "a", True),
        ("ForAllValues:StringEquals", ["a", "b"], ["a", "c"], False),
        ("ForAllValues:StringEquals", ["a"], ABSENT, True),
        ("ForAllValues:StringEquals", ["a"], [], True),
        ("ForAllValues:StringEquals", ["a"], [""], True),
        ("ForAllValues:StringLike", ["pre*"], ["prefix", "pre"], True),
        ("ForAllValues:StringNotEquals", ["a"], ["b", "c"], True),
        ("ForAllValues:StringNotEquals", ["a"], ["b", "a"], False),
        ("ForAllValues:StringNotEquals", ["a"], ABSENT, True),
        ("ForAnyValue:StringEquals", ["a", "b"], ["c", "a"], True),
        ("ForAnyValue:StringEquals", ["a", "b"], ["c"], False),
        ("ForAnyValue:StringEquals", ["a"], ABSENT, False),
        ("ForAnyValue:StringEquals", ["a"], [""], False),
        ("ForAnyValue:StringEqualsIfExists", ["a"], ABSENT, True),
        ("ForAnyValue:StringNotEquals", ["a"], ["a", "b"], True),
        ("ForAnyValue:StringNotEquals", ["a"], ["a"], False),
        ("ForAnyValue:StringNotEquals", ["a"], ABSENT, False),
        ("foranyvalue:numericlessthan", ["5"], ["9", "3"], True),
        ("ForAnyValue:ArnLike", ["arn:aws:s3:::*"], [FUNCTION, "arn:aws:s3:::b"], True),
        ("ForAllValues:StringEquals", ["a"], UNKNOWN, None),
        ("ForAllValues:StringEquals", ["a"], MAYBE, None),
        ("ForAnyValue:StringEquals", ["a"], MAYBE, None),
        ("ForAllValues:StringLike", ["*"], UNKNOWN, True),
        ("ForAllValues:StringLike", ["*"], MAYBE, True),  # whatever the values, and without any
        ("ForAnyValue:StringLike", ["*"], MAYBE, None),
        ("ForAllValues:StringEquals", ["a"], ["b", UNKNOWN], False),
        ("ForAnyValue:StringEquals", ["a"], ["a", UNKNOWN], True),
        ("ForAnyValue:StringEquals", ["a"], ["b", UNKNOWN], None),
        ("ForAnyValue:StringEquals", [text("x", UNKNOWN)], ["b", "a"], False),
        ("ForAnyValue:StringLike", ["*"], [Unknown("a tag", "tag")], None),  # it may be an empty text, so no set
        ("ForAllValues:StringLike", ["*"], [Unknown("a tag", "tag")], True),
        ("ForAnyValue:StringLike", ["*"], [Unknown("a tag", "tag"), "x"], True),
    ],
)
def test_sets(operator: str, wanted: Any, has: Any, expected: Tri) -> None:
    assert holds(operator, wanted, has) is expected


def test_several_values_without_a_set_operator() -> None:
    """ "Multivalued context keys require a condition set operator": what happens without is not said."""
    assert holds("StringEquals", "a", ["a", "b"]) is None
    assert holds("StringEquals", "a", ["b", "c"]) is False
    assert holds("StringNotEquals", "a", ["a", "b"]) is False
    assert holds("StringNotEquals", "a", ["b", "c"]) is None


@pytest.mark.parametrize(
    ("operator", "wanted", "has", "expected"),
    [
        ("StringEquals", "a", UNKNOWN, None),
        ("StringEquals", UNKNOWN, "a", None),
        ("StringEquals", [UNKNOWN, "a"], "a", True),
        ("StringEquals", UNKNOWN, ABSENT, False),
        ("StringNotEquals", UNKNOWN, ABSENT, True),
        ("StringNotEquals", ["a", UNKNOWN], "a", False),
        ("StringEqualsIfExists", "a", UNKNOWN, None),
        ("StringLikeIfExists", "*", UNKNOWN, True),
        ("StringEquals", "a", MAYBE, None),
        ("StringEqualsIfExists", "a", MAYBE, None),
        ("StringLikeIfExists", "*", MAYBE, True),
        ("StringLike", "*", MAYBE, None),
        ("StringLike", "*", UNKNOWN, True),  # the key is there, whatever its value
        ("StringNotLike", "*", UNKNOWN, False),
        ("StringLike", "*", text("x", UNKNOWN), True),
        ("StringEquals", "abc", text("x", UNKNOWN), False),
        ("StringEquals", text("a", UNKNOWN), "abc", None),
        ("StringEqualsIgnoreCase", text("A", UNKNOWN), "bc", False),
        ("ArnLike", "arn:aws:lambda:*:1:*", text("arn:aws:lambda:", UNKNOWN, ":1:function:x"), True),
        ("ArnLike", "arn:aws:lambda:*:2:*", text("arn:aws:lambda:", UNKNOWN, ":1:function:x"), False),
        ("NumericLessThan", "10", text("1", UNKNOWN), None),
        ("IpAddress", UNKNOWN, "203.0.113.1", None),
        ("Bool", UNKNOWN, "true", None),
        ("BinaryEquals", UNKNOWN, "x", None),
        ("DateEquals", UNKNOWN, "2020", None),
    ],
)
def test_values_that_are_not_known(operator: str, wanted: Any, has: Any, expected: Tri) -> None:
    assert holds(operator, wanted, has) is expected


def test_one_unknown_value_on_both_sides_is_equal() -> None:
    account = Unknown("known when deployed", "AWS::AccountId")
    assert holds("StringEquals", account, account) is True
    assert holds("StringNotEquals", account, account) is False
    assert holds("StringEquals", text("arn:", account), text("arn:", account)) is True
    assert holds("StringEquals", account, Unknown("another", "other")) is None


# reference_policies_condition-logic-multiple-context-keys-or-values.html
def test_all_operators_and_keys_must_hold() -> None:
    both = {"StringEquals": {"aws:RequestedRegion": "eu-west-1", "aws:PrincipalTag/team": "red"}}
    context = {"aws:requestedregion": "eu-west-1", "aws:PrincipalTag/Team": "red"}
    assert invoke(USER, statement(Condition=both), context=context) is ALLOW
    assert invoke(USER, statement(Condition=both), context={**context, "aws:PrincipalTag/Team": "blue"}) is IMPLICIT
    assert invoke(USER, statement(Condition={**both, "Null": {"aws:TagKeys": "false"}}), context=context) is IMPLICIT
    unknown = {"StringEquals": UNKNOWN, "Bool": {"aws:SecureTransport": "true"}}
    assert invoke(USER, statement(Condition=unknown), context={"aws:SecureTransport": "false"}) is IMPLICIT
    assert invoke(USER, statement(Condition=unknown), context={"aws:SecureTransport": "true"}) is PERHAPS
    assert invoke(USER, statement(Condition=UNKNOWN)) is PERHAPS


# reference_policies_variables.html#policy-vars-wheretouse
@pytest.mark.parametrize(
    ("operator", "wanted", "has", "expected"),
    [
        ("StringEquals", "${aws:username}", "ann", True),
        ("StringEquals", "x-${AWS:username}-${aws:username}", "x-ann-ann", True),
        ("StringEquals", "${aws:team, 'none'}", "none", True),
        ("StringEquals", "${aws:team, 'it is, none'}", "it is, none", True),
        ("StringEquals", "${aws:team}", "", False),  # "there is no equal or like value"
        ("StringNotEquals", "${aws:team}", "ann", True),
        ("StringLike", "${aws:username}*", "anna", True),
        ("StringLike", "${star}", "anything", False),
        ("StringEquals", "${*}", "*", True),
        ("StringLike", "${*}", "x", False),
        ("StringEquals", "${$}{aws:username}", "${aws:username}", True),
        ("StringEquals", "${}", "${}", False),
        ("StringEquals", "${aws:username", "${aws:username", True),
        ("ArnLike", "arn:aws:iam::1:user/${aws:username}", "arn:aws:iam::1:user/ann", True),
        ("NumericEquals", "${ten}", "10", False),  # not with other operators
        ("StringEquals", "${secret}", "x", None),
        ("StringEquals", "a${secret}", "x", False),
    ],
)
def test_variables(operator: str, wanted: Any, has: Any, expected: Tri) -> None:
    more = {"aws:username": "ann", "star": "*", "ten": "10", "secret": Unknown("secret")}
    assert holds(operator, wanted, has, **more) is expected
    old = parse_condition(operator, "k", (wanted,)).holds(Context({"k": "no ${}"}), variables=False)
    assert old is (operator == "StringNotEquals"), "the older version has no variables"


# reference_policies_condition-keys.html: the availability of each key
@pytest.mark.parametrize(
    ("condition", "effect"),
    [
        ({"StringEquals": {"aws:SourceAccount": ACCOUNT}}, ALLOW),
        ({"StringEquals": {"AWS:sourceaccount": [ACCOUNT, "1"]}}, ALLOW),
        ({"StringEquals": {"aws:SourceAccount": OTHER}}, IMPLICIT),
        ({"ArnLike": {"aws:SourceArn": "arn:aws:lambda:*:111122223333:function:*"}}, ALLOW),
        ({"ArnEquals": {"aws:SourceArn": "arn:aws:lambda:eu-west-1:111122223333:function:other"}}, IMPLICIT),
        ({"StringEquals": {"aws:SourceOrgID": "o-1"}}, PERHAPS),
        ({"Bool": {"aws:PrincipalIsAWSService": True}}, ALLOW),
        ({"Bool": {"aws:PrincipalIsAWSService": "false"}}, IMPLICIT),
        ({"StringEquals": {"aws:PrincipalServiceName": "lambda.amazonaws.com"}}, ALLOW),
        ({"ForAnyValue:StringEquals": {"aws:PrincipalServiceNamesList": "lambda.amazonaws.com"}}, ALLOW),
        ({"ForAnyValue:StringEquals": {"aws:PrincipalServiceNamesList": "lambda.x.amazonaws.com"}}, PERHAPS),
        # keys that a service's request never carries, even where the context given for it has them
        ({"StringEquals": {"aws:PrincipalOrgID": "o-1"}}, IMPLICIT),
        ({"StringNotEquals": {"aws:PrincipalOrgID": "o-1"}}, ALLOW),
        ({"StringEqualsIfExists": {"aws:PrincipalOrgID": "o-2"}}, ALLOW),
        ({"ForAnyValue:StringLike": {"aws:PrincipalOrgPaths": "o-1/*"}}, IMPLICIT),
        ({"StringEquals": {"aws:PrincipalTag/team": "red"}}, IMPLICIT),
        ({"Bool": {"aws:MultiFactorAuthPresent": "true"}}, IMPLICIT),
        ({"BoolIfExists": {"aws:MultiFactorAuthPresent": "true"}}, ALLOW),
        ({"NumericLessThan": {"aws:MultiFactorAuthAge": "300"}}, IMPLICIT),
        ({"StringEquals": {"sts:ExternalId": "x"}}, IMPLICIT),
        ({"StringNotEquals": {"sts:ExternalId": "x"}}, ALLOW),
        ({"Null": {"sts:ExternalId": "true"}}, ALLOW),
        # keys of which AWS does not say what they hold when a service calls
        ({"StringEquals": {"aws:PrincipalAccount": ACCOUNT}}, PERHAPS),
        ({"ArnLike": {"aws:PrincipalArn": "arn:aws:iam::*:role/*"}}, PERHAPS),
    ],
)
def test_the_keys_of_a_service(condition: Any, effect: Effect) -> None:
    context = {
        "aws_SourceAccount": ACCOUNT,
        "aws_SourceArn": FUNCTION,
        "aws_SourceOrgID": UNKNOWN,
        "aws_PrincipalOrgID": "o-1",
        "aws_PrincipalOrgPaths": ["o-1/r/ou"],
        "aws_PrincipalTag/team": "red",
        "aws_MultiFactorAuthPresent": "true",
        "aws_MultiFactorAuthAge": "5",
        "sts_ExternalId": "x",
    }
    assert assume(trusts(Condition=condition), **context) is effect


PATH_ROLE = f"arn:aws:iam::{ACCOUNT}:role/service-role/app"


# reference_policies_variables.html#principaltable
@pytest.mark.parametrize(
    ("caller", "condition", "effect"),
    [
        (USER, {"StringEquals": {"aws:username": "ann", "aws:PrincipalType": "User"}}, ALLOW),
        (f"arn:aws:iam::{ACCOUNT}:user/staff/ann", {"StringEquals": {"aws:username": "ann"}}, ALLOW),
        (USER, {"ArnEquals": {"aws:PrincipalArn": USER}}, ALLOW),
        (USER, {"StringEquals": {"aws:PrincipalAccount": ACCOUNT}}, ALLOW),
        (USER, {"Bool": {"aws:PrincipalIsAWSService": "false"}}, ALLOW),
        (USER, {"StringEquals": {"aws:PrincipalServiceName": "lambda.amazonaws.com"}}, IMPLICIT),
        (USER, {"StringEquals": {"aws:userid": "AIDAEXAMPLE"}}, PERHAPS),
        (ROLE, {"Null": {"aws:username": "true"}}, ALLOW),
        (ROLE, {"ArnEquals": {"aws:PrincipalArn": ROLE}}, ALLOW),
        (ROLE, {"ArnEquals": {"aws:PrincipalArn": PATH_ROLE}}, IMPLICIT),
        (SESSION, {"ArnEquals": {"aws:PrincipalArn": ROLE}}, ALLOW),  # "the ARN of the role, not of its session"
        (SESSION, {"ArnEquals": {"aws:PrincipalArn": SESSION}}, IMPLICIT),
        (SESSION, {"ArnEquals": {"aws:PrincipalArn": PATH_ROLE}}, PERHAPS),  # the session's ARN tells no path
        (SESSION, {"ArnNotEquals": {"aws:PrincipalArn": PATH_ROLE}}, PERHAPS),
        (SESSION, {"ArnLike": {"aws:PrincipalArn": f"arn:aws:iam::{ACCOUNT}:role/*"}}, ALLOW),
        (SESSION, {"ArnLike": {"aws:PrincipalArn": f"arn:aws:iam::{OTHER}:role/*"}}, IMPLICIT),
        (SESSION, {"StringEquals": {"aws:PrincipalType": "AssumedRole"}}, ALLOW),
        (SESSION, {"StringLike": {"aws:userid": "*:orders"}}, ALLOW),
        (SESSION, {"StringLike": {"aws:userid": "AROA*:other"}}, IMPLICIT),
        (ROOT, {"StringEquals": {"aws:PrincipalType": "Account", "aws:userid": ACCOUNT}}, ALLOW),
        (FOREIGN, {"StringEquals": {"aws:PrincipalAccount": OTHER}}, ALLOW),
        (FEDERATED_USER, {"StringEquals": {"aws:PrincipalType": "FederatedUser"}}, ALLOW),
        ("*", {"StringEquals": {"aws:PrincipalType": "Anonymous", "aws:PrincipalAccount": "anonymous"}}, ALLOW),
        ("*", {"Null": {"aws:PrincipalArn": "true", "aws:PrincipalIsAWSService": "true"}}, ALLOW),
        (UNKNOWN, {"StringEquals": {"aws:PrincipalAccount": OTHER}}, PERHAPS),
    ],
)
def test_the_keys_of_other_callers(caller: Any, condition: Any, effect: Effect) -> None:
    named = statement(Condition=condition)
    assert invoke(caller, [named], [{**named, "Principal": "*"}]) is effect


def test_given_keys_take_the_place_of_derived_ones() -> None:
    named = statement(Condition={"ArnEquals": {"aws:PrincipalArn": PATH_ROLE}})
    assert invoke(SESSION, named, context={"AWS:principalARN": PATH_ROLE}) is ALLOW
