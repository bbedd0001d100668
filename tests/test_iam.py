"""The IAM evaluator: trust policies and function policies, decided as IAM decides them."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rolecall.iam import Effect, PolicyError, Request, evaluate
from rolecall.iam.match import glob, match, match_arn
from rolecall.unknown import Unknown, text

ACCOUNT = "111122223333"
ROLE = f"arn:aws:iam::{ACCOUNT}:role/app"
FUNCTION = f"arn:aws:lambda:eu-west-1:{ACCOUNT}:function:orders"
UNKNOWN = Unknown("not known")


def policy(*statements: dict[str, Any]) -> dict[str, Any]:
    return {"Version": "2012-10-17", "Statement": list(statements)}


def allow(**elements: Any) -> dict[str, Any]:
    principal = {"Service": "lambda.amazonaws.com"}
    return {"Effect": "Allow", "Action": "sts:AssumeRole", "Principal": principal, **elements}


def trust(*statements: Any, **context: Any) -> Effect:
    """The decision on Lambda assuming the role; context keys with ``_`` for ``:``."""
    keys = {key.replace("_", ":", 1): value for key, value in context.items()}
    request = Request("lambda.amazonaws.com", "sts:AssumeRole", ROLE, ACCOUNT, keys)
    return evaluate(request, resource_policy=policy(*statements)).effect


# https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_principal.html
@pytest.mark.parametrize(
    ("principal", "effect"),
    [
        ({"Service": "lambda.amazonaws.com"}, Effect.ALLOW),
        ({"Service": ["edgelambda.amazonaws.com", "lambda.amazonaws.com"]}, Effect.ALLOW),
        ({"Service": "edgelambda.amazonaws.com"}, Effect.IMPLICIT_DENY),
        ({"AWS": f"arn:aws:iam::{ACCOUNT}:root"}, Effect.IMPLICIT_DENY),
        ({"AWS": ACCOUNT}, Effect.IMPLICIT_DENY),
        ({"Federated": "accounts.google.com"}, Effect.IMPLICIT_DENY),
        ("*", Effect.ALLOW),
        ({"AWS": "*"}, Effect.ALLOW),
        ({"AWS": ["*"]}, Effect.ALLOW),
        ({"Service": UNKNOWN}, Effect.UNKNOWN),
        (UNKNOWN, Effect.UNKNOWN),
        ({"Service": [UNKNOWN, "lambda.amazonaws.com"]}, Effect.ALLOW),
        ({"AWS": text("arn:aws:iam::", UNKNOWN, ":root")}, Effect.IMPLICIT_DENY),
    ],
)
def test_principal_of_a_trust_policy(principal: Any, effect: Effect) -> None:
    assert trust(allow(Principal=principal)) is effect


def test_not_principal_admits_all_others() -> None:
    statement = {"Effect": "Allow", "Action": "sts:AssumeRole", "NotPrincipal": {"Service": "s3.amazonaws.com"}}
    assert trust(statement) is Effect.ALLOW
    assert trust({**statement, "NotPrincipal": {"Service": "lambda.amazonaws.com"}}) is Effect.IMPLICIT_DENY


# https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_action.html
@pytest.mark.parametrize(
    ("action", "effect"),
    [
        ("sts:AssumeRole", Effect.ALLOW),
        ("STS:assumerole", Effect.ALLOW),
        ("sts:Assume*", Effect.ALLOW),
        ("sts:AssumeRol?", Effect.ALLOW),
        ("*", Effect.ALLOW),
        (["sts:TagSession", "sts:AssumeRole"], Effect.ALLOW),
        ("sts:AssumeRoleWithWebIdentity", Effect.IMPLICIT_DENY),
        ("sts:AssumeRol", Effect.IMPLICIT_DENY),
        (UNKNOWN, Effect.UNKNOWN),
    ],
)
def test_action(action: Any, effect: Effect) -> None:
    assert trust(allow(Action=action)) is effect


# https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_condition_operators.html
@pytest.mark.parametrize(
    ("condition", "effect"),
    [
        ({"StringEquals": {"aws:SourceAccount": ACCOUNT}}, Effect.ALLOW),
        ({"StringEquals": {"AWS:sourceaccount": [ACCOUNT, "1"]}}, Effect.ALLOW),
        ({"StringEquals": {"aws:SourceAccount": "999988887777"}}, Effect.IMPLICIT_DENY),
        ({"StringNotEquals": {"aws:SourceAccount": ["1", "2"]}}, Effect.ALLOW),
        ({"StringNotEquals": {"aws:SourceAccount": ["1", ACCOUNT]}}, Effect.IMPLICIT_DENY),
        ({"StringLike": {"aws:SourceAccount": "1111*"}}, Effect.ALLOW),
        ({"ArnLike": {"aws:SourceArn": "arn:aws:lambda:*:111122223333:function:*"}}, Effect.ALLOW),
        (
            {"ArnEquals": {"aws:SourceArn": "arn:aws:lambda:eu-west-1:111122223333:function:other"}},
            Effect.IMPLICIT_DENY,
        ),
        ({"ArnLike": {"aws:SourceArn": "arn:aws:*:function:orders"}}, Effect.IMPLICIT_DENY),
        ({"StringEquals": {"sts:ExternalId": "x"}}, Effect.IMPLICIT_DENY),
        ({"StringEqualsIfExists": {"sts:ExternalId": "x"}}, Effect.ALLOW),
        ({"StringNotEquals": {"sts:ExternalId": "x"}}, Effect.ALLOW),
        ({"Bool": {"aws:MultiFactorAuthPresent": "true"}}, Effect.IMPLICIT_DENY),
        ({"Bool": {"aws:PrincipalIsAWSService": "true"}}, Effect.ALLOW),
        ({"Bool": {"aws:PrincipalIsAWSService": True}}, Effect.ALLOW),
        ({"Null": {"sts:ExternalId": "true"}}, Effect.ALLOW),
        ({"Null": {"aws:SourceAccount": "true"}}, Effect.IMPLICIT_DENY),
        ({"ForAllValues:StringEquals": {"aws:TagKeys": ["a"]}}, Effect.ALLOW),
        ({"ForAnyValue:StringEquals": {"aws:TagKeys": ["a"]}}, Effect.IMPLICIT_DENY),
        ({"StringEquals": {"aws:PrincipalOrgID": "o-1"}}, Effect.IMPLICIT_DENY),
        ({"StringEquals": {"aws:SourceOrgID": "o-1"}}, Effect.UNKNOWN),
        ({"StringEquals": {"aws:SourceAccount": UNKNOWN}}, Effect.UNKNOWN),
        ({"StringEquals": {"aws:SourceAccount": UNKNOWN, "sts:ExternalId": "x"}}, Effect.IMPLICIT_DENY),
        (UNKNOWN, Effect.UNKNOWN),
    ],
)
def test_condition_on_a_service(condition: Any, effect: Effect) -> None:
    context = {"aws_SourceAccount": ACCOUNT, "aws_SourceArn": FUNCTION, "aws_SourceOrgID": UNKNOWN}
    assert trust(allow(Condition=condition), **context) is effect


def test_the_same_unknown_account_on_both_sides_is_equal() -> None:
    account = Unknown("known when deployed", "AWS::AccountId")
    condition = {"StringEquals": {"aws:SourceAccount": account}}
    assert trust(allow(Condition=condition), aws_SourceAccount=account) is Effect.ALLOW
    assert trust(allow(Condition=condition), aws_SourceAccount=ACCOUNT) is Effect.UNKNOWN
    assert trust(allow(Condition=condition), aws_SourceAccount=Unknown("another", "other")) is Effect.UNKNOWN


# https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_evaluation-logic_policy-eval-denyallow.html
def test_explicit_deny_wins_whatever_is_unknown() -> None:
    deny = {**allow(), "Effect": "Deny"}
    assert trust(allow(), deny) is Effect.EXPLICIT_DENY
    assert trust(allow(Principal=UNKNOWN), deny) is Effect.EXPLICIT_DENY
    assert trust(allow(), {**allow(), "Effect": UNKNOWN}) is Effect.UNKNOWN
    assert trust({**allow(), "Effect": UNKNOWN}) is Effect.UNKNOWN
    conditional = {**deny, "Condition": {"StringEquals": {"aws:SourceAccount": UNKNOWN}}}
    assert trust(allow(), conditional) is Effect.ALLOW, "a key that the request does not carry meets no StringEquals"
    assert trust(allow(), conditional, aws_SourceAccount=ACCOUNT) is Effect.UNKNOWN


USER = f"arn:aws:iam::{ACCOUNT}:user/ann"
SESSION = f"arn:aws:sts::{ACCOUNT}:assumed-role/app/session"
FOREIGN = "arn:aws:iam::999988887777:role/app"
INVOKE = {"Effect": "Allow", "Action": "lambda:InvokeFunction", "Resource": "*"}


def invoke(principal: str, *, identity: Any = (), resource: Any = None, **policies: Any) -> Effect:
    request = Request(principal, "lambda:InvokeFunction", FUNCTION, ACCOUNT)
    return evaluate(request, identity, resource, **policies).effect


def granted_to(principal: Any) -> dict[str, Any]:
    return policy({**INVOKE, "Principal": principal, "Resource": FUNCTION})


# https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_evaluation-logic_policy-eval-basics-cross-account.html
@pytest.mark.parametrize(
    ("principal", "identity", "resource", "effect"),
    [
        (USER, [policy(INVOKE)], None, Effect.ALLOW),
        (USER, [], None, Effect.IMPLICIT_DENY),
        (USER, [], granted_to({"AWS": USER}), Effect.ALLOW),
        (USER, [], granted_to({"AWS": ACCOUNT}), Effect.IMPLICIT_DENY),
        (USER, [policy(INVOKE)], granted_to({"AWS": "999988887777"}), Effect.ALLOW),
        (SESSION, [], granted_to({"AWS": ROLE}), Effect.ALLOW),
        (SESSION, [], granted_to({"AWS": SESSION}), Effect.ALLOW),
        (SESSION, [], granted_to({"AWS": "AROAEXAMPLEID"}), Effect.IMPLICIT_DENY),
        (FOREIGN, [policy(INVOKE)], None, Effect.IMPLICIT_DENY),
        (FOREIGN, [], granted_to({"AWS": FOREIGN}), Effect.IMPLICIT_DENY),
        (FOREIGN, [policy(INVOKE)], granted_to({"AWS": FOREIGN}), Effect.ALLOW),
        (FOREIGN, [policy(INVOKE)], granted_to({"AWS": "999988887777"}), Effect.ALLOW),
        (FOREIGN, [UNKNOWN], granted_to({"AWS": FOREIGN}), Effect.UNKNOWN),
        ("*", [], granted_to("*"), Effect.ALLOW),
        ("*", [], granted_to({"AWS": ACCOUNT}), Effect.IMPLICIT_DENY),
        ("s3.amazonaws.com", [], granted_to({"Service": "s3.amazonaws.com"}), Effect.ALLOW),
        ("s3.amazonaws.com", [policy(INVOKE)], None, Effect.IMPLICIT_DENY),
    ],
)
def test_one_account_and_across(principal: str, identity: Any, resource: Any, effect: Effect) -> None:
    assert invoke(principal, identity=identity, resource=resource) is effect


def test_a_trust_policy_must_name_the_caller_or_its_account() -> None:
    request = Request(USER, "sts:AssumeRole", ROLE, ACCOUNT)
    own = [policy({"Effect": "Allow", "Action": "sts:AssumeRole", "Resource": ROLE})]
    assert evaluate(request, own).effect is Effect.IMPLICIT_DENY
    assert evaluate(request, own, policy(allow(Principal={"AWS": ACCOUNT}))).effect is Effect.ALLOW
    assert evaluate(request, (), policy(allow(Principal={"AWS": ACCOUNT}))).effect is Effect.IMPLICIT_DENY
    assert evaluate(request, (), policy(allow(Principal={"AWS": USER}))).effect is Effect.ALLOW


# https://docs.aws.amazon.com/IAM/latest/UserGuide/access_policies_boundaries.html
def test_boundaries_and_control_policies_limit() -> None:
    nothing, everything = policy(), policy({"Effect": "Allow", "Action": "*", "Resource": "*"})
    assert invoke(USER, identity=[everything], permissions_boundaries=[nothing]) is Effect.IMPLICIT_DENY
    assert invoke(USER, resource=granted_to({"AWS": USER}), permissions_boundaries=[nothing]) is Effect.ALLOW
    assert invoke(SESSION, resource=granted_to({"AWS": ROLE}), permissions_boundaries=[nothing]) is Effect.IMPLICIT_DENY
    assert invoke(SESSION, resource=granted_to({"AWS": SESSION}), session_policies=[nothing]) is Effect.ALLOW
    levels = [[everything], [nothing]]
    assert invoke(USER, identity=[everything], service_control_policies=levels) is Effect.IMPLICIT_DENY
    assert invoke(USER, identity=[everything], service_control_policies=[[everything]]) is Effect.ALLOW
    service = {"resource": granted_to({"Service": "s3.amazonaws.com"})}
    assert invoke("s3.amazonaws.com", **service, service_control_policies=levels) is Effect.ALLOW
    assert invoke("s3.amazonaws.com", **service, resource_control_policies=levels) is Effect.IMPLICIT_DENY


def test_reasons_name_the_statement_and_the_nearest_miss() -> None:
    request = Request("lambda.amazonaws.com", "sts:AssumeRole", ROLE, ACCOUNT, {"aws:SourceAccount": ACCOUNT})
    miss = evaluate(
        request, resource_policy=policy(allow(Sid="Edge", Principal={"Service": "edgelambda.amazonaws.com"}))
    )
    assert miss.reasons == ("statement 0 (Edge) of the resource policy admits edgelambda.amazonaws.com only",)
    condition = {"StringEquals": {"aws:SourceAccount": "999988887777"}}
    other = {"Effect": "Allow", "Action": "s3:*", "Principal": {"Service": "ec2.amazonaws.com"}}
    near = evaluate(request, resource_policy=policy(other, allow(Condition=condition)))
    assert near.reasons == (
        "statement 1 of the resource policy condition StringEquals aws:SourceAccount wants 999988887777, "
        f"the request has {ACCOUNT}",
    )


# https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_variables.html
def test_policy_variables_only_in_the_newer_version() -> None:
    statement = {**INVOKE, "Resource": f"arn:aws:lambda:eu-west-1:{ACCOUNT}:function:${{aws:username}}"}
    request = Request(f"arn:aws:iam::{ACCOUNT}:user/orders", "lambda:InvokeFunction", FUNCTION, ACCOUNT)
    assert evaluate(request, [policy(statement)]).effect is Effect.ALLOW
    assert evaluate(request, [{"Statement": statement}]).effect is Effect.IMPLICIT_DENY


@pytest.mark.parametrize(
    ("document", "place"),
    [
        ("{", "not JSON"),
        ([], "not a list"),
        ({"Version": "2012-10-17"}, "Statement is missing"),
        ({"Version": "2020-01-01", "Statement": []}, "Version must be"),
        (policy({"Effect": "allow", "Action": "*"}), "statement 0: Effect must be Allow or Deny"),
        (policy(allow(), {"Effect": "Allow"}), "statement 1: Action or NotAction is missing"),
        (policy(allow(Conditions={})), "unknown element 'Conditions'"),
        (policy(allow(NotAction="*")), "exclude each other"),
        (policy(allow(Principal={"Servce": "x"})), "unknown type 'Servce'"),
        (policy(allow(Condition={"StringEqual": {"a": "b"}})), "unknown operator 'StringEqual'"),
        ("[" * 100_000, "not JSON"),
    ],
)
def test_what_is_no_policy_is_refused_with_its_place(document: Any, place: str) -> None:
    request = Request("lambda.amazonaws.com", "sts:AssumeRole", ROLE, ACCOUNT)
    with pytest.raises(PolicyError, match=place) as refused:
        evaluate(request, resource_policy=document)
    assert "\n" not in str(refused.value)


def _naive(pattern: str, word: str) -> bool:
    if not pattern:
        return not word
    if pattern[0] == "*":
        return any(_naive(pattern[1:], word[start:]) for start in range(len(word) + 1))
    return bool(word) and pattern[0] in ("?", word[0]) and _naive(pattern[1:], word[1:])


@given(st.text("ab*?", max_size=7), st.text("ab", max_size=7))
def test_wildcards_agree_with_a_naive_reference(pattern: str, word: str) -> None:
    assert glob(pattern, word) is _naive(pattern, word)
    assert match((pattern,), word) is _naive(pattern, word)


@given(st.text("ab*", max_size=5), st.text("ab", max_size=4), st.text("ab", max_size=4), st.text("ab", max_size=3))
def test_an_unknown_part_gives_the_same_answer_or_unknown(pattern: str, left: str, right: str, value: str) -> None:
    partly = match((pattern,), text(left, UNKNOWN, right))
    assert partly in (None, match((pattern,), left + value + right))


def test_wildcards_do_not_reach_across_the_parts_of_an_arn() -> None:
    assert match_arn(("arn:aws:lambda:*:111122223333:function:*",), FUNCTION)
    assert match_arn(("arn:aws:*:function:orders:x:y",), FUNCTION) is False
    assert match_arn(("arn:aws:lambda:eu-west-1:*",), FUNCTION) is True


def test_hostile_patterns_take_no_more_than_pattern_times_text() -> None:
    assert glob("a*" * 500 + "b", "a" * 5_000) is False


@given(st.permutations([allow(), {**allow(), "Effect": "Deny"}, allow(Principal=UNKNOWN), allow(Action="s3:*")]))
def test_the_order_of_statements_does_not_matter(statements: list[Any]) -> None:
    assert trust(*statements) is Effect.EXPLICIT_DENY
