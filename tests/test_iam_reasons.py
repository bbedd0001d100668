"""The reasons: which statement decided, or what came nearest."""

from __future__ import annotations

from typing import Any

import pytest
from iam_requests import (
    ACCOUNT,
    ALLOW,
    FEDERATED_USER,
    FOREIGN,
    FUNCTION,
    KEY,
    OTHER,
    ROLE,
    ROOT,
    SESSION,
    UNKNOWN,
    USER,
    granted_to,
    invocation,
    policy,
    statement,
    trusts,
)

from rolecall.iam import Decision, Request, evaluate
from rolecall.unknown import Unknown, text

INVOKE = statement(action="lambda:InvokeFunction")
NAMES_THE_ACCOUNT = "statement 0 of the resource policy leaves it to the identity policies: it names the account"
CROSSES = "the request crosses accounts: the caller's policies and the resource's both have to allow it"


def assumption(*statements: Any) -> Decision:
    request = Request("lambda.amazonaws.com", "sts:AssumeRole", ROLE, ACCOUNT, {"aws:SourceAccount": ACCOUNT})
    return evaluate(request, resource_policy=policy(*statements))


@pytest.mark.parametrize(
    ("statements", "reasons"),
    [
        ([trusts(Sid="Lambda")], ["statement 0 (Lambda) of the resource policy allows sts:AssumeRole"]),
        ([], ["no resource policy allows sts:AssumeRole"]),
        (
            [trusts({"Service": "edgelambda.amazonaws.com"}, Sid="Edge")],
            ["statement 0 (Edge) of the resource policy admits edgelambda.amazonaws.com only"],
        ),
        (
            [trusts(Action="sts:AssumeRoleWithWebIdentity")],
            ["statement 0 of the resource policy covers sts:AssumeRoleWithWebIdentity, not sts:AssumeRole"],
        ),
        (
            [trusts(Condition={"StringEquals": {"aws:SourceAccount": [OTHER, "1"]}})],
            [
                f"statement 0 of the resource policy: condition StringEquals aws:SourceAccount wants {OTHER} or 1, "
                f"the request has {ACCOUNT}"
            ],
        ),
        (
            [trusts(Condition={"StringEquals": {"aws:SourceArn": FUNCTION}})],
            [
                f"statement 0 of the resource policy: condition StringEquals aws:SourceArn wants {FUNCTION}, "
                "the request does not carry it"
            ],
        ),
        (
            [trusts(Condition={"StringEquals": {"sts:ExternalId": "x"}})],
            [
                "statement 0 of the resource policy: condition StringEquals sts:ExternalId wants x, "
                "which the request of an AWS service never carries"
            ],
        ),
        (
            [trusts(), trusts(Sid="No", Effect="Deny")],
            ["statement 1 (No) of the resource policy denies sts:AssumeRole"],
        ),
        (  # of several the nearest: one obstacle is less than two
            [
                statement(action="s3:*", Principal={"Service": "ec2.amazonaws.com"}),
                trusts(Sid="Near", Condition={"Bool": {"aws:PrincipalIsAWSService": "false"}}),
                trusts(Effect="Deny", Action="s3:*"),
            ],
            [
                "statement 1 (Near) of the resource policy: condition Bool aws:PrincipalIsAWSService wants false, "
                "the request has true"
            ],
        ),
        (
            [trusts({"AWS": "AROAEXAMPLEROLEID123"})],
            [
                "statement 0 of the resource policy admits AROAEXAMPLEROLEID123 "
                "(what is left of a role or user that was deleted) only"
            ],
        ),
        (
            [trusts({"AWS": ACCOUNT, "Federated": "accounts.google.com"})],
            [f"statement 0 of the resource policy admits {ACCOUNT}, Federated accounts.google.com only"],
        ),
        (
            [trusts({"Service": Unknown("variable service has no value")})],
            [
                "statement 0 of the resource policy: whether <variable service has no value> covers "
                "lambda.amazonaws.com is not known"
            ],
        ),
        (
            [trusts(), trusts(Effect=Unknown("variable effect has no value"))],
            ["statement 1 of the resource policy: variable effect has no value"],
        ),
        ([trusts(Action=UNKNOWN, Condition=UNKNOWN)],
         ["statement 0 of the resource policy: whether <not known> covers sts:AssumeRole is not known; not known"]),
    ],
)  # fmt: skip
def test_of_one_policy(statements: list[Any], reasons: list[str]) -> None:
    assert list(assumption(*statements).reasons) == reasons


@pytest.mark.parametrize(
    ("decision", "reasons"),
    [
        (invocation(USER), ["no identity policy allows lambda:InvokeFunction"]),
        (
            invocation(USER, statement(resource=f"{FUNCTION}:*")),
            [f"statement 0 of the identity policy covers {FUNCTION}:*, not {FUNCTION}"],
        ),
        (
            invocation(USER, [{**INVOKE, "Sid": "Mine"}], granted_to({"AWS": USER})),
            [
                "statement 0 (Mine) of the identity policy allows lambda:InvokeFunction",
                "statement 0 of the resource policy allows lambda:InvokeFunction",
            ],
        ),
        (
            invocation(USER, (), granted_to({"AWS": ACCOUNT})),
            ["no identity policy allows lambda:InvokeFunction", NAMES_THE_ACCOUNT],
        ),
        (
            evaluate(Request(USER, "kms:Decrypt", KEY), (), policy(statement(Principal={"AWS": ROOT}))),
            ["no identity policy allows kms:Decrypt", NAMES_THE_ACCOUNT],
        ),
        (
            evaluate(
                Request(USER, "kms:Decrypt", KEY), [policy(statement())], policy(statement(Principal={"AWS": ROLE}))
            ),
            [f"statement 0 of the resource policy admits {ROLE} only"],
        ),
        (
            invocation(SESSION, INVOKE, permissions_boundaries=[policy(statement(action="s3:*"))]),
            ["statement 0 of the permissions boundary covers s3:*, not lambda:InvokeFunction"],
        ),
        (
            invocation(USER, INVOKE, service_control_policies=[[policy(statement())], [policy()]]),
            ["no service control policy (level 1) allows lambda:InvokeFunction"],
        ),
        (invocation(FOREIGN, INVOKE), ["no resource policy allows lambda:InvokeFunction", CROSSES]),
        (
            invocation(FOREIGN, (), granted_to({"AWS": FOREIGN})),
            ["no identity policy allows lambda:InvokeFunction", CROSSES],
        ),
        (
            invocation(FEDERATED_USER, INVOKE),
            ["a federated user's session has only what its session policy allows, and it has none"],
        ),
        (invocation(ROOT), ["the root of an account needs no policy in it"]),
        (
            evaluate(Request(USER, "x:Y", "*"), [Unknown("the policies could not be read"), policy()]),
            ["the identity policy 0: the policies could not be read"],
        ),
        (
            evaluate(Request(USER, "x:Y", text("arn:aws:x:y:", UNKNOWN, ":z")), [policy(statement())]),
            [
                "whether the caller, of account 111122223333, and the resource, of account <not known>, belong to one "
                "account is not known"
            ],
        ),
        (
            invocation(Unknown("variable caller has no value"), (), granted_to({"AWS": USER})),
            [
                f"statement 0 of the resource policy: whether {USER} covers <variable caller has no value> "
                "is not known",
                "the caller is not known: variable caller has no value",
            ],
        ),
        (
            invocation(SESSION, (), granted_to({"AWS": [ACCOUNT, text("arn:aws:iam::", UNKNOWN, ":role/app")]})),
            [
                f"statement 0 of the resource policy: whether {ACCOUNT}, arn:aws:iam::<not known>:role/app names the "
                "caller itself is not known"
            ],
        ),
        (
            evaluate(Request(USER, "kms:Decrypt", UNKNOWN), [policy(statement())]),
            ["whether the request is for a key, whose policy has to allow it, is not known"],
        ),
        (
            invocation(UNKNOWN, INVOKE, granted_to("*"), service_control_policies=[[policy()]]),
            [
                "whether the service control policy (level 0) applies to the caller is not known",
                "the caller is not known: not known",
            ],
        ),
        (
            evaluate(
                Request(USER, "x:Y", "arn:aws:s3:::ann"),
                [policy(statement(resource="arn:aws:s3:::${aws:username}"), version=UNKNOWN)],
            ),
            ["statement 0 of the identity policy: which version of the policy language it is written in is not known"],
        ),
    ],
)
def test_of_several_policies(decision: Decision, reasons: list[str]) -> None:
    assert list(decision.reasons) == reasons


def test_long_lists_are_cut() -> None:
    many = invocation(USER, [statement(action=f"s{number}:*") for number in range(12)]).reasons
    assert len(many) == 6 and many[-1] == "and 7 more statements of the identity policy"
    (wide,) = invocation(USER, statement(action=[f"s3:Action{number}" for number in range(60)])).reasons
    assert wide.endswith("s3:Action4 and 55 more, not lambda:InvokeFunction")


def test_a_decision_shows_itself() -> None:
    decision = invocation(USER, INVOKE)
    assert decision.effect is ALLOW
    assert "Effect.ALLOW" in repr(decision) and decision.reasons[0] in repr(decision)
    assert [found.label for found in decision.allowed_by] == ["statement 0 of the identity policy"]
