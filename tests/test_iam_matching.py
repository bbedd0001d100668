"""Wildcards, resources, ARNs and policy variables."""

from __future__ import annotations

import time
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from iam_requests import ACCOUNT, ALLOW, FUNCTION, IMPLICIT, PERHAPS, UNKNOWN, USER, policy, statement

from rolecall.iam import Effect, Request, evaluate
from rolecall.iam.arns import match_arn, match_resource
from rolecall.iam.match import Literal, glob, match
from rolecall.unknown import Tri, Unknown, text

REGION = Unknown("known when deployed", "AWS::Region")


# https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_resource.html
@pytest.mark.parametrize(
    ("pattern", "resource", "covered"),
    [
        ("*", FUNCTION, True),
        (FUNCTION, FUNCTION, True),
        (FUNCTION, FUNCTION.upper(), False),
        (FUNCTION, f"{FUNCTION}:live", False),
        (f"{FUNCTION}:*", f"{FUNCTION}:live", True),
        (f"{FUNCTION}:*", FUNCTION, False),
        (f"{FUNCTION}*", f"{FUNCTION}:live", True),
        ("arn:aws:lambda:*:111122223333:function:orders", FUNCTION, True),
        ("arn:*:lambda:*:*:function:or?ers", FUNCTION, True),
        ("arn:aws:lambda:eu-west-?:111122223333:function:orders", FUNCTION, True),
        ("arn:aws:lambda:eu-west-??:111122223333:function:orders", FUNCTION, False),
        ("arn:aws:lambda:e*1:111122223333:function:orders", FUNCTION, True),
        # "if the * wildcard is the last character of a resource ARN segment, it can expand beyond the colons"
        ("arn:aws:lambda:eu-west-1:*", FUNCTION, True),
        ("arn:aws:lambda:*", FUNCTION, True),
        ("arn:aws:lambda:*:function:orders", FUNCTION, True),
        ("arn:aws:l*a:eu-west-1:111122223333:function:orders", FUNCTION, True),
        ("arn:aws:l*33:function:orders", FUNCTION, False),
        ("arn:aws:lambda:eu-west-1", FUNCTION, None),  # not documented
        ("arn:aws:lambda:*:111122223333", FUNCTION, None),
        ("arn:aws:lambda:*:999988887777", FUNCTION, False),
        ("arn:aws:lambda:us-east-1", FUNCTION, False),
        ("arn:aws:s3", FUNCTION, False),
        # the slash "is treated the same as any other valid character"
        ("arn:aws:s3:::b/*/test/*", "arn:aws:s3:::b/1/2/test/3/object.jpg", True),
        ("arn:aws:s3:::b/*/test/*", "arn:aws:s3:::b//test/object.jpg", True),
        ("arn:aws:s3:::b/*/test/*", "arn:aws:s3:::b/1/test/", True),
        ("arn:aws:s3:::b/*/test/*", "arn:aws:s3:::b/1-test/object.jpg", False),
        ("arn:aws:s3:::b/*/test/*", "arn:aws:s3:::b/test/object.jpg", False),
        ("arn:aws:s3:::b/*/x", "arn:aws:s3:::b/with:colons:/x", True),
        ("arn:aws:s3:::b/*", "arn:aws:s3:::b/line\nbreak", True),
        ("arn:aws:s3:::b/?", "arn:aws:s3:::b/\n", True),
        ("arn:aws:s3:::b", "*", False),
        ("", "*", False),
    ],
)
def test_resource(pattern: str, resource: str, covered: Tri) -> None:
    assert match_resource((pattern,), resource) is covered
    identity = [policy(statement(resource=pattern))]
    decided = {True: ALLOW, False: IMPLICIT, None: PERHAPS}[covered]
    assert evaluate(Request(USER, "x:Y", resource, ACCOUNT), identity).effect is decided


# https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_condition_operators.html#Conditions_ARN
@pytest.mark.parametrize(
    ("pattern", "value", "matches"),
    [
        (FUNCTION, FUNCTION, True),
        ("arn:aws:lambda:*:111122223333:function:*", FUNCTION, True),
        ("arn:aws:lambda:*:111122223333:function:*", f"{FUNCTION}:live", True),
        ("arn:*:*:*:*:*", FUNCTION, True),
        ("arn:aws:s3:::b*", "arn:aws:s3:::bucket", True),
        ("arn:aws:*:function:orders:x:y", FUNCTION, False),
        ("arn:aws:lambda:*:function:orders", FUNCTION, False),
        ("arn:aws:lambda:eu-west-1:*", FUNCTION, False),  # six components, each checked separately
        ("*", FUNCTION, False),
        ("*", "no ARN", False),
        ("arn:aws:lambda:*:*:*", "no ARN", False),
        (
            "arn:aws:someservice:*:111122223333:finance/*",
            "arn:aws:someservice:us-east-2:999999999999:store/abc:111122223333:finance/document.txt",
            False,
        ),
    ],
)
def test_arn(pattern: str, value: str, matches: bool) -> None:
    assert match_arn((pattern,), value) is matches


def test_the_documented_difference_between_arn_and_string() -> None:
    pattern = "arn:aws:someservice:*:111122223333:finance/*"
    value = "arn:aws:someservice:us-east-2:999999999999:store/abc:111122223333:finance/document.txt"
    assert match((pattern,), value) and not match_arn((pattern,), value)


@pytest.mark.parametrize(
    ("pattern", "value", "arn", "resource"),
    [
        (
            ("arn:aws:lambda:*:111122223333:function:orders",),
            text("arn:aws:lambda:", REGION, FUNCTION[24:]),
            True,
            True,
        ),
        (("arn:aws:lambda:eu-west-1:*:function:x",), text("arn:aws:lambda:", REGION, FUNCTION[24:]), False, False),
        (("arn:aws:lambda:us-east-1:*:function:orders",), text("arn:aws:lambda:", REGION, FUNCTION[24:]), None, None),
        ((text("arn:aws:lambda:", REGION, FUNCTION[24:]),), text("arn:aws:lambda:", REGION, FUNCTION[24:]), True, True),
        (("arn:aws:lambda:", REGION, ":*"), text("arn:aws:lambda:", REGION, FUNCTION[24:]), None, True),
        ((REGION, "/*/GET"), text(REGION, "/prod/GET"), True, True),  # one unknown ARN before both
        ((REGION, "/*/GET"), text(REGION, "/prod/PUT"), False, False),
        ((Unknown("x"), "/*"), text(REGION, "/prod"), None, None),
        # what is not known of the first five parts holds no colon, even where a star crosses them
        (("arn:aws:iam::*:role/tenants/*",), text("arn:aws:iam::", REGION, ":role/orders"), False, False),
        (("arn:aws:iam::*:role/*",), text("arn:aws:iam::", REGION, ":role/orders"), True, True),
        (("arn:", REGION, ":iam::*:role/tenants/*"), text("arn:aws:iam::", REGION, ":role/orders"), False, False),
        ((), text(REGION, "/prod"), False, False),
        (("*",), REGION, None, True),
    ],
)
def test_arns_known_in_part(pattern: Any, value: Any, arn: Tri, resource: Tri) -> None:
    flat = tuple(piece for part in pattern for piece in getattr(part, "parts", (part,)))
    assert match_arn(flat, value) is arn
    assert match_resource(flat, value) is resource


# https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_variables.html
@pytest.mark.parametrize(
    ("resource", "effect"),
    [
        ("arn:aws:s3:::home/${aws:username}/*", ALLOW),
        ("arn:aws:s3:::home/${AWS:UserName}/*", ALLOW),
        ("arn:aws:s3:::home/${aws:PrincipalTag/team}/*", IMPLICIT),
        ("arn:aws:s3:::home/${aws:PrincipalTag/team, 'ann'}/*", ALLOW),
        ("arn:aws:s3:::home/${aws:PrincipalTag/team,'ann'}/*", ALLOW),
        ("arn:aws:s3:::home/${aws:username, 'other'}/*", ALLOW),
        ("arn:aws:s3:::home/${aws:PrincipalTag/team, 'a*'}/*", IMPLICIT),  # the default is no pattern
        ("arn:aws:s3:::home/${aws:PrincipalTag/dept}/*", IMPLICIT),  # nor is a value: it is "a*"
        ("arn:aws:s3:::home/${aws:TagKeys}/*", IMPLICIT),  # nor can a key with several values be a variable
        ("arn:aws:s3:::home/ann/${*}", IMPLICIT),
        ("arn:aws:s3:::home/${aws:userid}/*", PERHAPS),
        ("arn:aws:s3:::home/${aws:username/*", IMPLICIT),
        ("arn:aws:s3:${aws:RequestedRegion}::home/ann/*", IMPLICIT),  # no variable before the fifth colon
    ],
)
def test_variables_in_a_resource(resource: str, effect: Effect) -> None:
    keys = {"aws:TagKeys": ["ann", "bob"], "aws:PrincipalTag/dept": "a*", "aws:RequestedRegion": ""}
    request = Request(USER, "s3:GetObject", "arn:aws:s3:::home/ann/file", ACCOUNT, keys)
    assert evaluate(request, [policy(statement(resource=resource))]).effect is effect
    assert evaluate(request, [policy(statement(resource=resource), version="2008-10-17")]).effect is IMPLICIT
    if effect is ALLOW:
        assert evaluate(request, [policy(statement(resource=resource), version=UNKNOWN)]).effect is PERHAPS


def test_special_characters_and_a_variable_without_a_value() -> None:
    request = Request(USER, "s3:GetObject", "arn:aws:s3:::b/*?$x", ACCOUNT)
    assert evaluate(request, [policy(statement(resource="arn:aws:s3:::b/${*}${?}${$}x"))]).effect is ALLOW
    without = {"Effect": "Allow", "Action": "*", "NotResource": "arn:aws:s3:::b/${aws:PrincipalTag/x}"}
    assert evaluate(request, [policy(without)]).effect is ALLOW, "it matches no resource, so all are others"


def _naive(pattern: str, word: str) -> bool:
    if not pattern:
        return not word
    if pattern[0] == "*":
        return any(_naive(pattern[1:], word[start:]) for start in range(len(word) + 1))
    return bool(word) and pattern[0] in ("?", word[0]) and _naive(pattern[1:], word[1:])


@given(st.text("ab*?", max_size=9), st.text("ab\n", max_size=9))
def test_wildcards_agree_with_a_naive_reference(pattern: str, word: str) -> None:
    assert glob(pattern, word) is _naive(pattern, word)
    assert match((pattern,), word) is _naive(pattern, word)
    assert match((pattern, Literal("")), word) is _naive(pattern, word), "the matcher for texts known in part"


@given(st.text("ab*", max_size=5), st.text("ab", max_size=4), st.text("ab", max_size=4), st.text("ab", max_size=3))
def test_an_unknown_part_gives_the_same_answer_or_none(pattern: str, left: str, right: str, value: str) -> None:
    assert match((pattern,), text(left, UNKNOWN, right)) in (None, match((pattern,), left + value + right))


_ARNISH = st.lists(st.text("ab*?", max_size=3), min_size=5, max_size=7).map(lambda parts: ":".join(["arn", *parts]))


@given(_ARNISH, _ARNISH.map(lambda arn: arn.replace("*", "a").replace("?", "b")))
def test_part_by_part_matching_is_stricter_than_plain_text(pattern: str, arn: str) -> None:
    parts, have = pattern.split(":", 5), arn.split(":", 5)
    by_part = len(parts) == len(have) == 6 and all(map(_naive, parts, have))
    assert match_arn((pattern,), arn) is by_part
    assert match_arn((pattern, Literal("")), arn) is by_part, "the matcher for texts known in part"
    assert match_resource((pattern,), arn) or not by_part
    assert glob(pattern, arn) or not match_resource((pattern,), arn)


@pytest.mark.parametrize(
    ("pattern", "word"),
    [
        ("a*" * 500 + "b", "a" * 20_000),
        ("*a" * 500 + "b", "a" * 20_000),
        ("a?*" * 500 + "b", "a" * 20_000),
        ("?*" * 500 + "b", "a" * 20_000),
        ("*" * 20_000 + "b", "a" * 20_000),
        ("*" + "a" * 5_000 + "b*", "a" * 20_000),
        ("*" + "a" * 5_000 + "?b*", "a" * 20_000),
        (f"arn:{'a*' * 400}:{'*a' * 400}:x:x:{'a*' * 400}b", f"arn:{'a' * 5000}:{'a' * 5000}:x:x:{'a' * 5000}"),
    ],
)
def test_hostile_patterns_take_no_more_than_pattern_times_text(pattern: str, word: str) -> None:
    for matcher in (
        lambda: glob(pattern, word),
        lambda: match_arn((pattern,), word),
        lambda: match_resource((pattern,), word),
    ):
        started = time.process_time()
        assert not matcher()
        assert time.process_time() - started < 1


@pytest.mark.parametrize("pattern", ["a*" * 400 + "b", "a?" * 400 + "*b"])
def test_hostile_patterns_on_texts_known_in_part(pattern: str) -> None:
    started = time.process_time()
    assert match((pattern,), text("a" * 1_000, UNKNOWN, "a" * 200)) is False
    assert match((pattern,), text("a" * 100_000, UNKNOWN)) is None, "more than IAM stores: not worked out"
    assert time.process_time() - started < 2
