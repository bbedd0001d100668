"""RC105: not everybody may assume the execution role.

Asks whether a role of an account that the trust policy does not name may assume it: with multi-factor authentication
and any session name and tags, but with an external ID of its own, from another organization and an address of nobody;
and whether the workflow of a GitHub repository that the policy does not name may: everybody can have one.
Cannot know when that depends on a value that is not known, or on what the stranger may choose.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from typing import Any

from rolecall.findings import Verdict, failed, passed, unknown
from rolecall.iam import MayBeAbsent, PolicyError, Request, evaluate
from rolecall.iam.conditions import Condition
from rolecall.iam.document import Policy
from rolecall.iam.statement import Statement
from rolecall.model import Inventory, Role
from rolecall.rules.execution_role import known_account, partition_of, trust_within
from rolecall.rules.trust_repair import without
from rolecall.unknown import Computed, PartlyKnown, Text, Unknown, text

# Keys that whoever assumes a role sets as they like: their session's name and tags, and the tags of their own role.
_CHOSEN = ("aws:principaltag/", "aws:requesttag/", "aws:tagkeys", "sts:rolesessionname", "sts:transitivetagkeys",
           "sts:sourceidentity", "aws:sourceidentity", "aws:useragent", "aws:requestedregion")  # fmt: skip
_ACCOUNTS = ("999999999999", "888877776666", "765432109876", "210987654321")
_GUESS = "a-guess-of-a-stranger"
_STRANGER, _WORKFLOW = "Anybody, in whatever AWS account,", "The workflow of any GitHub repository"
_GITHUB = "token.actions.githubusercontent.com"
_ANYTHING = {"Version": "2012-10-17", "Statement": {"Effect": "Allow", "Action": "*", "Resource": "*"}}


def check(role: Role, inventory: Inventory) -> Verdict:
    if isinstance(role.trust_policy, Unknown):
        return unknown(f"The trust policy of {role.label} is not known: {role.trust_policy.reason}.")
    try:
        policy = trust_within(_without_named(role.trust_policy), role)
    except PolicyError as fault:
        return unknown(f"The trust policy of {role.label} cannot be read as a policy: {fault}.")
    if all(_of_services(statement) for statement in policy.statements):
        return passed(f"Not everybody may assume {role.label}.")
    account = _not_named(role)
    asked = [(_STRANGER, stranger_assumes(role, policy, account, chosen)) for chosen in (True, False)]
    asked += [(_WORKFLOW, workflow_assumes(role, policy, provider)) for provider in _github(policy)]
    decisions = [(who, evaluate(request, [_ANYTHING], policy)) for who, request in asked]
    users = ", ".join(user.label for user in inventory.users_of(role)[:3])
    for who, decision in decisions:
        if decision.allowed:
            return failed(
                f"{who} may assume {role.label}, the execution role of {users}.",
                *decision.reasons,
                role=role.label,
                role_name=role.resource.name,
                role_address=role.resource.address,
                trust_policy=without(role, _is_anybody),
                sam_address=role.resource.sam_address,
            )
    for who, decision in decisions:
        if decision.allowed is None:
            why = "; ".join(decision.reasons)
            return unknown(
                f"Whether {who[0].lower()}{who[1:]} may assume {role.label} is not known: {why}.", *decision.reasons
            )
    return passed(f"Not everybody may assume {role.label}.")


def stranger_assumes(role: Role, policy: Policy, account: str, chosen: bool) -> Request:
    """The request of somebody whom the trust policy does not mean.

    account: theirs. chosen: with some value for all that whoever calls may choose; else it is not known whether they
    choose it.
    """
    caller = text("arn:", partition_of(role), ":iam::", account, ":role/", Unknown("anybody may name their role so"))
    own = {
        condition.key: _GUESS if chosen else MayBeAbsent(f"whoever calls may choose {condition.key}")
        for condition in _conditions(policy)
        if condition.key.lower().startswith(_CHOSEN)
    }
    return Request(
        principal=caller,
        action="sts:AssumeRole",
        resource=role.resource.arn,
        resource_account=known_account(role),
        context={
            "aws:PrincipalAccount": account,
            "aws:PrincipalOrgID": "o-astranger00",
            "aws:PrincipalOrgPaths": "o-astranger00/r-aaaa/ou-aaaa-astranger/",
            "aws:MultiFactorAuthPresent": "true",
            "aws:MultiFactorAuthAge": "1",
            "aws:SourceIp": "203.0.113.77",
            "aws:SecureTransport": "true",
            "aws:ViaAWSService": "false",
            "aws:PrincipalIsAWSService": "false",
            "aws:CurrentTime": Unknown("the rule does not depend on when it runs"),
            "aws:EpochTime": Unknown("the rule does not depend on when it runs"),
            **({"sts:ExternalId": _GUESS} if chosen else {}),
            **own,
        },
    )


def _of_services(statement: Statement) -> bool:
    """Whether a statement speaks of services alone."""
    entries = statement.principal_entries
    return bool(entries) and not statement.not_principal and all(kind == "Service" for kind, _ in entries)


def _not_named(role: Role) -> str:
    """An account of which the trust policy does not speak."""
    said = json.dumps(role.trust_policy, default=str)
    return next((account for account in _ACCOUNTS if account not in said), _ACCOUNTS[0])


def workflow_assumes(role: Role, policy: Policy, provider: Text) -> Request:
    """The request of a GitHub Actions workflow of somebody whom the trust policy does not mean.

    provider: ARN of GitHub's identity provider in the role's account. A workflow chooses the audience of its token.
    Sources: https://docs.aws.amazon.com/IAM/latest/UserGuide/id_roles_create_for-idp_oidc.html#idp_oidc_Create_GitHub
    and https://docs.github.com/en/actions/reference/security/oidc
    """
    claims: dict[str, Any] = {}
    for condition in _conditions(policy):
        service, _, claim = condition.key.lower().partition(":")
        if service == _GITHUB:
            wanted = next((value for value in condition.values if isinstance(value, str)), "sts.amazonaws.com")
            claims[condition.key] = wanted if claim == "aud" else _REPOSITORY.get(claim, _GUESS)
    return Request(
        principal=provider,
        action="sts:AssumeRoleWithWebIdentity",
        resource=role.resource.arn,
        resource_account=known_account(role),
        context={"aws:SecureTransport": "true", "aws:SourceIp": "203.0.113.77", **claims},
    )


_REPOSITORY = {"sub": "repo:a-stranger/a-repository:ref:refs/heads/main", "repository": "a-stranger/a-repository"}


def _github(policy: Policy) -> Iterator[Text]:
    """The principals that are GitHub's identity provider."""
    for statement in policy.statements:
        for kind, value in statement.principal_entries:
            if kind == "Federated" and _GITHUB in str(value) and not statement.not_principal:
                yield value


def _conditions(policy: Policy) -> Iterator[Condition]:
    for statement in policy.statements:
        yield from (condition for condition in statement.conditions if isinstance(condition, Condition))


def _is_anybody(kind: str, value: str) -> bool:
    return value == "*" or (kind == "Federated" and _GITHUB in value)


def _without_named(trust_policy: Mapping[str, Any]) -> Mapping[str, Any]:
    """The policy without the principals that are certainly somebody: an ARN known in part, another resource's ARN."""
    statements = trust_policy.get("Statement")
    listed = [statements] if isinstance(statements, Mapping) else statements
    if not isinstance(listed, list):
        return trust_policy
    kept = [_kept(statement) for statement in listed]
    if all(was is now for was, now in zip(listed, kept, strict=True)):
        return trust_policy
    return {**trust_policy, "Statement": [statement for statement in kept if statement is not None]}


def _kept(statement: Any) -> Any:
    principal = statement.get("Principal") if isinstance(statement, Mapping) else None
    if not isinstance(principal, Mapping) or "AWS" not in principal:
        return statement
    named = principal["AWS"] if isinstance(principal["AWS"], list) else [principal["AWS"]]
    perhaps_all = [value for value in named if not _is_somebody(value)]
    if len(perhaps_all) == len(named):
        return statement
    others = {kind: value for kind, value in principal.items() if kind != "AWS"}
    kept = {**others, "AWS": perhaps_all} if perhaps_all else others
    return {**statement, "Principal": kept} if kept else None


def _is_somebody(value: Any) -> bool:
    if isinstance(value, PartlyKnown):
        return True
    if not isinstance(value, Unknown) or not value.symbol or isinstance(value, Computed):
        return False
    looked_up = "|data." in value.symbol or value.symbol.startswith("import ")
    return not looked_up or value.symbol.endswith("arn")
