"""Principals: whom a statement means, and through what.

Source: https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_principal.html
"""

from __future__ import annotations

from typing import Any

import pytest
from iam_requests import (
    ACCOUNT,
    ALLOW,
    EXPLICIT,
    FEDERATED_USER,
    FOREIGN,
    IMPLICIT,
    PERHAPS,
    ROLE,
    ROOT,
    SESSION,
    UNKNOWN,
    USER,
    assume,
    granted_to,
    invoke,
    policy,
    statement,
    trusts,
)

from rolecall.iam import Effect, Request, evaluate
from rolecall.unknown import Unknown, text

INVOKE = statement(action="lambda:InvokeFunction")
NO_ACCOUNT = Unknown("known when deployed", "AWS::AccountId")
CANONICAL = "79a59df900b949e55d96a1e698fbacedfd6e09d98eacf8f8d5218e7cd47ef2be"


@pytest.mark.parametrize(
    ("principal", "effect"),
    [
        ({"Service": "lambda.amazonaws.com"}, ALLOW),
        ({"Service": ["edgelambda.amazonaws.com", "lambda.amazonaws.com"]}, ALLOW),
        ({"AWS": ACCOUNT, "Service": "lambda.amazonaws.com"}, ALLOW),
        ({"Service": "edgelambda.amazonaws.com"}, IMPLICIT),
        ({"Service": "lambda.amazonaws.com.cn"}, IMPLICIT),
        ({"Service": "Lambda.amazonaws.com"}, IMPLICIT),
        ({"Service": "*.amazonaws.com"}, IMPLICIT),  # no wildcard matches a part of a name
        ({"Service": "lambda"}, IMPLICIT),
        ({"AWS": "lambda.amazonaws.com"}, IMPLICIT),
        ({"AWS": ROOT}, IMPLICIT),
        ({"Federated": "lambda.amazonaws.com"}, IMPLICIT),
        ({"CanonicalUser": CANONICAL}, IMPLICIT),
        ({}, IMPLICIT),
        ({"Service": []}, IMPLICIT),
        ("*", ALLOW),
        ({"AWS": "*"}, ALLOW),
        ({"AWS": ["*"]}, ALLOW),
        ({"Service": UNKNOWN}, PERHAPS),
        ({"AWS": UNKNOWN}, PERHAPS),  # it may be the star
        ({"Federated": UNKNOWN}, IMPLICIT),
        (UNKNOWN, PERHAPS),
        ({"Service": [UNKNOWN, "lambda.amazonaws.com"]}, ALLOW),
        ({"Service": text("lambda.", UNKNOWN)}, PERHAPS),
        ({"Service": text("edge", UNKNOWN)}, IMPLICIT),
        ({"AWS": text("arn:aws:iam::", UNKNOWN, ":root")}, IMPLICIT),
    ],
)
def test_a_service(principal: Any, effect: Effect) -> None:
    assert assume(trusts(principal)) is effect


# "Both delegate permissions to the account."
@pytest.mark.parametrize(
    "principal", [{"AWS": ACCOUNT}, {"AWS": ROOT}, {"AWS": ["444455556666", ACCOUNT]}, {"AWS": 111122223333}]
)
@pytest.mark.parametrize("caller", [USER, ROLE, SESSION])
def test_an_account_delegates_to_its_identities(principal: Any, caller: str) -> None:
    assert invoke(caller, INVOKE, granted_to(principal)) is ALLOW
    assert invoke(caller, (), granted_to(principal)) is IMPLICIT
    assert invoke(FOREIGN, INVOKE, granted_to(principal)) is IMPLICIT


@pytest.mark.parametrize(
    ("named", "caller", "effect"),
    [
        (USER, USER, ALLOW),
        (USER, f"arn:aws:iam::{ACCOUNT}:user/Ann", IMPLICIT),  # the name is case sensitive
        (USER, f"arn:aws:iam::{ACCOUNT}:user/staff/ann", IMPLICIT),
        (USER, ROLE, IMPLICIT),
        (f"arn:aws:iam::{ACCOUNT}:user/*", USER, IMPLICIT),  # "you cannot use a wildcard to mean all users"
        (ROLE, ROLE, ALLOW),
        (ROLE, SESSION, ALLOW),  # permissions of a role are those of its sessions
        (f"arn:aws:iam::{ACCOUNT}:role/service-role/app", SESSION, ALLOW),  # a session's ARN tells no path
        (f"arn:aws:iam::{ACCOUNT}:role/service-role/app", ROLE, IMPLICIT),
        (f"arn:aws:iam::{ACCOUNT}:role/other", SESSION, IMPLICIT),
        (FOREIGN, SESSION, IMPLICIT),
        (f"arn:aws:iam::{ACCOUNT}:role/*", SESSION, IMPLICIT),
        (SESSION, SESSION, ALLOW),
        (SESSION, f"{SESSION}2", IMPLICIT),  # "principals must always name a specific session"
        (f"arn:aws:sts::{ACCOUNT}:assumed-role/app/*", SESSION, IMPLICIT),
        (SESSION, ROLE, IMPLICIT),
        (FEDERATED_USER, FEDERATED_USER, ALLOW),
        (FEDERATED_USER, USER, IMPLICIT),
        (ROOT, ROOT, ALLOW),
        ("AROAEXAMPLEROLEID123", SESSION, IMPLICIT),  # what is left of a role that was deleted
        ("AIDAEXAMPLEUSERID123", USER, IMPLICIT),
        ("*", SESSION, ALLOW),
    ],
)
def test_users_roles_and_sessions(named: str, caller: str, effect: Effect) -> None:
    assert invoke(caller, (), granted_to({"AWS": named})) is (ALLOW if caller == ROOT else effect)
    assert invoke(caller, INVOKE, granted_to({"AWS": named}, Effect="Deny")) is (
        EXPLICIT if effect is ALLOW else IMPLICIT if caller == FEDERATED_USER else ALLOW
    )


@pytest.mark.parametrize(
    ("principal", "effect"),
    [("*", ALLOW), ({"AWS": "*"}, ALLOW), ({"AWS": ACCOUNT}, IMPLICIT), ({"Service": "s3.amazonaws.com"}, IMPLICIT)],
)
def test_an_anonymous_request(principal: Any, effect: Effect) -> None:
    assert invoke("*", (), granted_to(principal)) is effect
    assert invoke("*", INVOKE, granted_to(principal)) is effect, "an anonymous caller has no policies"


# "Web identity session principals", "SAML session principals"
@pytest.mark.parametrize(
    ("caller", "action"),
    [
        ("cognito-identity.amazonaws.com", "sts:AssumeRoleWithWebIdentity"),
        ("www.amazon.com", "sts:AssumeRoleWithWebIdentity"),
        ("accounts.google.com", "sts:AssumeRoleWithWebIdentity"),
        (f"arn:aws:iam::{ACCOUNT}:oidc-provider/token.actions.githubusercontent.com", "sts:AssumeRoleWithWebIdentity"),
        (f"arn:aws:iam::{ACCOUNT}:saml-provider/corp", "sts:AssumeRoleWithSAML"),
    ],
)
def test_a_federated_identity(caller: str, action: str) -> None:
    def decision(**elements: Any) -> Effect:
        document = policy(trusts(**{"principal": {"Federated": caller}, "Action": action, **elements}))
        return evaluate(Request(caller, action, ROLE, ACCOUNT, {"saml:aud": "x"}), resource_policy=document).effect

    assert decision() is ALLOW
    assert decision(Condition={"StringEquals": {"SAML:aud": "x"}}) is ALLOW
    assert decision(principal={"Service": caller}) is IMPLICIT
    assert decision(principal={"AWS": ACCOUNT}) is IMPLICIT
    assert decision(principal={"Federated": "graph.facebook.com"}) is IMPLICIT


def test_a_canonical_user() -> None:
    """Only Amazon S3 has them (reference_policies_grammar.html), and no ARN tells whose ID it is."""
    named = policy({**statement(), "Principal": {"CanonicalUser": CANONICAL}})
    assert evaluate(Request(CANONICAL, "s3:GetObject", "arn:aws:s3:::b/k"), resource_policy=named).effect is ALLOW
    assert evaluate(Request(USER, "s3:GetObject", "arn:aws:s3:::b/k"), resource_policy=named).effect is PERHAPS
    assert evaluate(Request("b" * 64, "s3:GetObject", "arn:aws:s3:::b/k"), resource_policy=named).effect is IMPLICIT
    assert invoke(USER, (), granted_to({"CanonicalUser": CANONICAL})) is IMPLICIT


# https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_notprincipal.html
@pytest.mark.parametrize(
    ("listed", "caller", "effect"),
    [
        ({"Service": "s3.amazonaws.com"}, "sns.amazonaws.com", ALLOW),
        ({"Service": "s3.amazonaws.com"}, "s3.amazonaws.com", IMPLICIT),
        ("*", USER, IMPLICIT),
        ({"AWS": USER}, ROLE, ALLOW),
        ({"AWS": [USER, ROOT]}, USER, IMPLICIT),
        ({"AWS": [SESSION, ROLE, ROOT]}, SESSION, IMPLICIT),
        ({"AWS": ROLE}, ROLE, IMPLICIT),
        (
            {"AWS": ROLE},
            SESSION,
            PERHAPS,
        ),  # "AWS might validate the account first, then the role, and then the session"
        ({"AWS": ROOT}, USER, PERHAPS),
        (UNKNOWN, USER, PERHAPS),
    ],
)
def test_all_but_some(listed: Any, caller: str, effect: Effect) -> None:
    others = {key: value for key, value in granted_to({}).items() if key != "Principal"} | {"NotPrincipal": listed}
    assert invoke(caller, (), others) is effect
    denied = {ALLOW: EXPLICIT, IMPLICIT: ALLOW, PERHAPS: PERHAPS}[effect]
    assert invoke(caller, (), [granted_to("*"), {**others, "Effect": "Deny"}]) is denied


def test_callers_that_are_known_in_part() -> None:
    """A role of the configuration, in an account that is known when it is deployed."""
    role = text("arn:aws:iam::", NO_ACCOUNT, ":role/app")
    function = text("arn:aws:lambda:eu-west-1:", NO_ACCOUNT, ":function:orders")
    request = Request(role, "lambda:InvokeFunction", function)

    def decision(identity: Any = (), principal: Any = None, caller: Any = request) -> Effect:
        grant = None if principal is None else policy({**INVOKE, "Principal": principal})
        return evaluate(caller, [policy(*identity)], grant).effect

    assert decision([INVOKE]) is ALLOW, "both are in one account, whichever it is"
    assert decision() is IMPLICIT
    assert decision((), {"AWS": role}) is ALLOW
    assert decision((), {"AWS": NO_ACCOUNT}) is IMPLICIT
    assert decision([INVOKE], {"AWS": text("arn:aws:iam::", NO_ACCOUNT, ":root")}) is ALLOW
    assert decision((), {"AWS": ROLE}) is PERHAPS
    assert decision((), {"AWS": f"arn:aws:iam::{ACCOUNT}:role/other"}) is IMPLICIT
    elsewhere = Request(role, "lambda:InvokeFunction", text("arn:aws:lambda:eu-west-1:", ACCOUNT, ":function:orders"))
    assert decision([INVOKE], caller=elsewhere) is PERHAPS, "it may be another account"
    assert decision([INVOKE], {"AWS": role}, elsewhere) is ALLOW
    session = Request(
        text("arn:aws:sts::", NO_ACCOUNT, ":assumed-role/app/", UNKNOWN), "lambda:InvokeFunction", function
    )
    assert decision((), {"AWS": role}, session) is ALLOW


def test_a_service_whose_region_is_not_known() -> None:
    region = Unknown("known when deployed", "AWS::Region")
    caller = text("logs.", region, ".amazonaws.com")
    assert assume(trusts({"Service": caller}), caller=caller) is ALLOW
    assert assume(trusts({"Service": "logs.eu-west-1.amazonaws.com"}), caller=caller) is PERHAPS
    assert assume(trusts({"Service": "sns.amazonaws.com"}), caller=caller) is IMPLICIT


def test_a_caller_of_which_nothing_is_known() -> None:
    assert invoke(UNKNOWN, INVOKE, granted_to("*")) is ALLOW
    assert invoke(UNKNOWN, (), granted_to("*")) is PERHAPS
    assert invoke(UNKNOWN, (), granted_to({"AWS": USER})) is PERHAPS
    assert invoke(UNKNOWN) is PERHAPS, "the root user of the account needs no policy"
    assert assume(trusts({"AWS": USER}), caller=UNKNOWN) is PERHAPS
    assert assume(caller=UNKNOWN) is IMPLICIT, "but no root user can assume a role"
    controlled = {"service_control_policies": [[policy()]]}
    assert invoke(UNKNOWN, INVOKE, granted_to("*"), **controlled) is PERHAPS, "a service is not under them"
    assert invoke(UNKNOWN, (), granted_to("*", Effect="Deny")) is EXPLICIT


@pytest.mark.parametrize(
    "caller",
    ["arn:aws:s3:::bucket", "arn:aws:iam::1:policy/x", "arn:aws:sts::1:nothing/x", "arn:aws:iam::1", "", "a principal"],
)
def test_what_is_no_principal_is_refused(caller: str) -> None:
    with pytest.raises(ValueError, match="is not a principal"):
        invoke(caller)
