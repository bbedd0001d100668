"""The decision: how the answers of all policies make one.

Sources: https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_evaluation-logic_policy-eval-denyallow.html,
reference_policies_evaluation-logic-cross-account.html, access_policies_boundaries.html, access_policies.html.
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
    FUNCTION,
    IMPLICIT,
    KEY,
    OTHER,
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

INVOKE = statement(action="lambda:InvokeFunction")
NOTHING = [policy()]
EVERYTHING = [policy(statement())]
DENIES = [policy(statement(), statement("Deny", "lambda:*"))]


def test_an_explicit_deny_wins_wherever_it_stands() -> None:
    deny = statement("Deny", "lambda:Invoke*")
    allowed: dict[str, Any] = {"identity": INVOKE, "resource": granted_to({"AWS": USER})}
    assert invoke(USER, **allowed) is ALLOW
    assert invoke(USER, [INVOKE, deny], granted_to({"AWS": USER})) is EXPLICIT
    assert invoke(USER, INVOKE, [granted_to({"AWS": USER}), granted_to({"AWS": ACCOUNT}, Effect="Deny")]) is EXPLICIT
    for kind in ("permissions_boundaries", "session_policies"):
        assert invoke(USER, **allowed, **{kind: DENIES}) is EXPLICIT
    for kind, more in (("service_control_policies", {}), ("resource_control_policies", {"Principal": "*"})):
        levels = [[policy({**statement(), **more}, {**deny, **more})]]
        assert invoke(USER, **allowed, **{kind: levels}) is EXPLICIT
    assert invoke(USER, statement("Deny")) is EXPLICIT, "also where nothing allows"


# The table "Resource-based policies and implicit denies in other policy types (same account)"
@pytest.mark.parametrize(
    ("caller", "named", "effect"),
    [
        (SESSION, ROLE, IMPLICIT),  # boundary and session policy hold back what names the role
        (SESSION, SESSION, ALLOW),
        (ROLE, ROLE, IMPLICIT),
        (USER, USER, ALLOW),
        (FEDERATED_USER, USER, IMPLICIT),
        (FEDERATED_USER, FEDERATED_USER, ALLOW),
        (ROOT, ROOT, ALLOW),
        # reference_policies_elements_principal.html#principal-roles: neither limits what "*" grants, only denies do
        (SESSION, "*", ALLOW),
        (ROLE, "*", ALLOW),
        (USER, "*", ALLOW),
        (SESSION, ACCOUNT, IMPLICIT),
        (USER, ACCOUNT, IMPLICIT),
    ],
)
@pytest.mark.parametrize("limit", ["permissions_boundaries", "session_policies", "both"])
def test_implicit_denies_beside_a_resource_policy(caller: str, named: str, effect: Effect, limit: str) -> None:
    kinds = ("permissions_boundaries", "session_policies") if limit == "both" else (limit,)
    assert invoke(caller, (), granted_to({"AWS": named}), **dict.fromkeys(kinds, NOTHING)) is effect
    assert invoke(caller, INVOKE, granted_to({"AWS": named}), **dict.fromkeys(kinds, NOTHING)) is effect


@pytest.mark.parametrize("caller", [USER, ROLE, SESSION])
def test_identity_policies_are_limited(caller: str) -> None:
    assert invoke(caller) is IMPLICIT
    assert invoke(caller, INVOKE) is ALLOW
    for kind in ("permissions_boundaries", "session_policies"):
        assert invoke(caller, INVOKE, **{kind: NOTHING}) is IMPLICIT
        assert invoke(caller, INVOKE, **{kind: []}) is ALLOW, "there is none"
        assert invoke(caller, INVOKE, **{kind: EVERYTHING}) is ALLOW
        assert invoke(caller, **{kind: EVERYTHING}) is IMPLICIT, "a limit grants nothing"
    assert invoke(caller, INVOKE, permissions_boundaries=EVERYTHING, session_policies=NOTHING) is IMPLICIT


def test_all_but_some_are_denied_and_the_caller_has_a_boundary() -> None:
    """access_policies_boundaries.html: such a statement denies them, whomever NotPrincipal lists."""
    others = {key: value for key, value in granted_to({}).items() if key != "Principal"} | {"Effect": "Deny"}
    for caller, listed in ((USER, [USER, ROOT]), (ROLE, [ROLE, ROOT]), (SESSION, [SESSION, ROLE, ROOT])):
        deny = {**others, "NotPrincipal": {"AWS": listed}}
        assert invoke(caller, INVOKE, deny) is ALLOW
        assert invoke(caller, INVOKE, deny, permissions_boundaries=EVERYTHING) is EXPLICIT


def test_a_federated_user_has_only_what_its_session_policy_allows() -> None:
    assert invoke(FEDERATED_USER, INVOKE) is IMPLICIT
    assert invoke(FEDERATED_USER, INVOKE, session_policies=EVERYTHING) is ALLOW


def test_the_root_user_has_full_access_to_its_own_account() -> None:
    assert invoke(ROOT) is ALLOW
    assert invoke(ROOT, (), granted_to({"AWS": USER})) is ALLOW
    assert invoke(ROOT, (), granted_to("*", Effect="Deny")) is EXPLICIT
    assert invoke(ROOT, service_control_policies=[NOTHING]) is IMPLICIT, (
        "SCPs apply to the root user of a member account"
    )
    assert invoke(f"arn:aws:iam::{OTHER}:root") is IMPLICIT
    assert invoke(OTHER, (), granted_to({"AWS": OTHER})) is ALLOW


@pytest.mark.parametrize("named", [FOREIGN, OTHER, f"arn:aws:iam::{OTHER}:root", "*"])
def test_across_accounts_both_sides_must_allow(named: str) -> None:
    assert invoke(FOREIGN, INVOKE) is IMPLICIT
    assert invoke(FOREIGN, (), granted_to({"AWS": named})) is IMPLICIT
    assert invoke(FOREIGN, INVOKE, granted_to({"AWS": named})) is ALLOW
    session = f"arn:aws:sts::{OTHER}:assumed-role/app/x"
    assert invoke(session, INVOKE, granted_to({"AWS": [named, session]})) is ALLOW
    for kind in ("permissions_boundaries", "session_policies"):
        assert invoke(session, INVOKE, granted_to({"AWS": [named, session]}), **{kind: NOTHING}) is IMPLICIT
    assert invoke(session, (), granted_to({"AWS": session})) is IMPLICIT, "its own account has to allow it too"


def test_the_owner_is_the_account_of_the_arn_unless_it_is_told() -> None:
    bucket = "arn:aws:s3:::bucket/key"
    assert evaluate(Request(USER, "s3:GetObject", bucket), EVERYTHING).effect is ALLOW
    assert evaluate(Request(USER, "s3:GetObject", bucket, ACCOUNT), EVERYTHING).effect is ALLOW
    assert evaluate(Request(USER, "s3:GetObject", bucket, OTHER), EVERYTHING).effect is IMPLICIT
    assert evaluate(Request(FOREIGN, "lambda:InvokeFunction", FUNCTION), EVERYTHING).effect is IMPLICIT
    assert evaluate(Request(USER, "lambda:ListFunctions", "*"), EVERYTHING).effect is ALLOW


# https://docs.aws.amazon.com/organizations/latest/userguide/orgs_manage_policies_scps_evaluation.html: there must be an
# Allow "at every level from the root through each OU in the direct path to the account"
def test_service_control_policies() -> None:
    full = [policy(statement())]
    allow_list = [policy(statement(action=["lambda:*", "sts:*"]))]
    for levels, effect in (
        ([full], ALLOW),
        ([full, full, allow_list], ALLOW),
        ([full, NOTHING, full], IMPLICIT),
        ([full, []], IMPLICIT),
        ([[*NOTHING, *full]], ALLOW),
        ([], ALLOW),
        ([full, [policy(statement("Deny", "lambda:*"))]], EXPLICIT),
    ):
        assert invoke(USER, INVOKE, service_control_policies=levels) is effect
        assert invoke(USER, (), granted_to({"AWS": USER}), service_control_policies=levels) is effect
        assert invoke(USER, service_control_policies=levels) is (EXPLICIT if effect is EXPLICIT else IMPLICIT)


def test_control_policies_and_those_they_do_not_restrict() -> None:
    """orgs_manage_policies_scps.html and orgs_manage_policies_rcps.html: "entities not restricted"."""
    linked = f"arn:aws:iam::{ACCOUNT}:role/aws-service-role/lambda.amazonaws.com/AWSServiceRoleForLambda"
    session = f"arn:aws:sts::{ACCOUNT}:assumed-role/AWSServiceRoleForLambda/x"
    service = "s3.amazonaws.com"
    granted = granted_to({"Service": service})
    assert invoke(service, (), granted, service_control_policies=[NOTHING]) is ALLOW, "a service is in no account"
    assert invoke(service, (), granted, resource_control_policies=[NOTHING]) is IMPLICIT
    for caller in (linked, session):
        assert invoke(caller, INVOKE, service_control_policies=[NOTHING], resource_control_policies=[NOTHING]) is ALLOW
    everybody = [policy({**statement(), "Principal": "*"})]
    foreign = {"StringNotEqualsIfExists": {"aws:PrincipalOrgID": "o-1"}}
    no_service = {"BoolIfExists": {"aws:PrincipalIsAWSService": "false"}}
    only_org = policy({**statement("Deny"), "Principal": "*", "Condition": {**foreign, **no_service}})
    levels = {"resource_control_policies": [everybody, [*everybody, only_org]]}
    for org, effect in (("o-1", ALLOW), ("o-2", EXPLICIT)):
        assert invoke(FOREIGN, INVOKE, granted_to({"AWS": OTHER}), {"aws:PrincipalOrgID": org}, **levels) is effect
    assert invoke(service, (), granted, **levels) is ALLOW
    assert invoke(service, (), granted, resource_control_policies=[[policy(statement())]]) is ALLOW, "it means all"


# "IAM role trust policies and KMS key policies are exceptions to this logic"
@pytest.mark.parametrize(
    ("action", "resource"),
    [("sts:AssumeRole", ROLE), ("sts:TagSession", ROLE), ("kms:Decrypt", KEY), ("KMS:GenerateDataKey", KEY)],
)
@pytest.mark.parametrize("caller", [USER, f"arn:aws:iam::{ACCOUNT}:role/other"])
def test_a_trust_policy_or_key_policy_must_let_the_caller_in(action: str, resource: str, caller: str) -> None:
    def decision(own: Any, theirs: Any) -> Effect:
        named = None if theirs is None else policy({**statement(action=action), "Principal": {"AWS": theirs}})
        return evaluate(Request(caller, action, resource), own, named).effect

    assert decision(EVERYTHING, None) is IMPLICIT
    assert decision(EVERYTHING, f"{caller}x") is IMPLICIT
    assert decision(EVERYTHING, ACCOUNT) is ALLOW, "the account delegates"
    assert decision(EVERYTHING, ROOT) is ALLOW
    assert decision((), ACCOUNT) is IMPLICIT
    assert decision((), caller) is ALLOW, "in one account naming is enough"
    assert decision((), "*") is ALLOW
    foreign = Request(caller, action, resource.replace(ACCOUNT, OTHER))
    granted = policy({**statement(action=action), "Principal": {"AWS": caller}})
    assert evaluate(foreign, (), granted).effect is IMPLICIT
    assert evaluate(foreign, EVERYTHING, granted).effect is ALLOW


# https://docs.aws.amazon.com/STS/latest/APIReference/API_AssumeRole.html
def test_the_root_user_can_assume_no_role() -> None:
    assert assume(trusts({"AWS": ACCOUNT}), caller=ROOT) is IMPLICIT
    assert assume(trusts({"AWS": ROOT}), caller=USER) is IMPLICIT
    assert evaluate(Request(USER, "sts:AssumeRole", ROLE), EVERYTHING, policy(trusts({"AWS": ROOT}))).effect is ALLOW


def test_several_boundaries_all_limit() -> None:
    assert invoke(USER, INVOKE, permissions_boundaries=[*EVERYTHING, *NOTHING]) is IMPLICIT
    assert invoke(USER, INVOKE, session_policies=[*EVERYTHING, *NOTHING]) is ALLOW, "these are one policy together"


# reference_policies_condition-keys.html#condition-keys-resourceaccount
def test_the_account_of_the_resource_is_a_key() -> None:
    outside = statement("Deny", Condition={"StringNotEquals": {"aws:ResourceAccount": ACCOUNT}})
    assert invoke(USER, [INVOKE, outside]) is ALLOW
    bucket = Request(USER, "s3:GetObject", "arn:aws:s3:::bucket/key")
    allowed = [policy(statement(), outside)]
    assert evaluate(bucket, allowed).effect is Effect.UNKNOWN, "the ARN does not tell the owner"
    assert evaluate(Request(USER, "s3:GetObject", "arn:aws:s3:::bucket/key", ACCOUNT), allowed).effect is ALLOW


def test_kms_actions_on_no_key_need_no_key_policy() -> None:
    assert evaluate(Request(USER, "kms:ListKeys", "*"), EVERYTHING).effect is ALLOW
    alias = f"arn:aws:kms:eu-west-1:{ACCOUNT}:alias/x"
    assert evaluate(Request(USER, "kms:CreateAlias", alias), EVERYTHING).effect is ALLOW


def test_a_service_needs_the_resource_policy() -> None:
    """It has no identity: no identity policy and no boundary allows or denies it anything."""
    granted = granted_to({"Service": "s3.amazonaws.com"})
    assert invoke("s3.amazonaws.com", (), granted) is ALLOW
    assert invoke("s3.amazonaws.com", INVOKE) is IMPLICIT
    assert invoke("s3.amazonaws.com", (), granted, permissions_boundaries=NOTHING, session_policies=NOTHING) is ALLOW
    assert invoke("s3.amazonaws.com", statement("Deny"), granted, permissions_boundaries=DENIES) is ALLOW
    assert invoke("sns.amazonaws.com", (), granted) is IMPLICIT


# https://docs.aws.amazon.com/STS/latest/APIReference/API_GetCallerIdentity.html
@pytest.mark.parametrize("caller", [USER, ROLE, SESSION, ROOT])
def test_get_caller_identity_needs_no_permission(caller: str) -> None:
    request = Request(caller, "STS:GetCallerIdentity", "*")
    assert evaluate(request).effect is ALLOW
    assert evaluate(request, [policy(statement("Deny"))], service_control_policies=[NOTHING]).effect is ALLOW
    assert evaluate(Request("*", "sts:GetCallerIdentity", "*")).effect is IMPLICIT


def test_trust_and_policies_take_unknowns() -> None:
    assert assume(trusts(), UNKNOWN) is Effect.UNKNOWN
    assert evaluate(Request(USER, "sts:AssumeRole", ROLE), resource_policy=UNKNOWN).effect is Effect.UNKNOWN
