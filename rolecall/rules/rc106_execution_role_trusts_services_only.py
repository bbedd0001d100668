"""RC106: nobody but AWS services, trusted accounts and roles of its own account may assume the execution role.

Fails when the trust policy admits the root of an account, a user, a role of another account, or a federated identity.
What the settings trust (``trusted_accounts``) is left out. A role that trusts itself, as Lambda's documentation shows,
is fine. Cannot know when a principal, or the account it must be compared with, is not known.
"""

from __future__ import annotations

from rolecall.arn import ACCOUNT_ID, split_parts
from rolecall.findings import Verdict, failed, passed, unknown
from rolecall.iam import PolicyError
from rolecall.iam.match import match
from rolecall.iam.statement import Statement
from rolecall.model import Inventory, Role
from rolecall.rules.trust_repair import without
from rolecall.unknown import Text, Tri, Unknown, any3, parts_of, text

_ACTIONS = ("sts:assumerole", "sts:assumerolewithsaml", "sts:assumerolewithwebidentity")
_AWS = "AWS"


def check(role: Role, inventory: Inventory) -> Verdict:
    if isinstance(role.trust_policy, Unknown):
        return unknown(f"The trust policy of {role.label} is not known: {role.trust_policy.reason}.")
    try:
        statements = role.trust.statements
    except PolicyError as fault:
        return unknown(f"The trust policy of {role.label} cannot be read as a policy: {fault}.")
    admitted: list[tuple[str, Tri]] = []
    for statement in statements:
        lets_in = _lets_in(statement)
        if lets_in is not False:
            admitted += [
                (who, None if lets_in is None else is_one) for who, is_one in _others(statement, role, inventory)
            ]
    certain = list(dict.fromkeys(who for who, is_one in admitted if is_one))
    if certain:
        return failed(
            f"{role.label}, an execution role, may also be assumed by {', '.join(certain)}.",
            role=role.label,
            role_name=role.resource.name,
            role_address=role.resource.address,
            trust_policy=without(role, lambda kind, value: bool(_is_other(kind, value, role, inventory))),
            sam_address=role.resource.sam_address,
        )
    if admitted:
        return unknown(f"Whether {role.label} trusts services only is not known: it may also admit {admitted[0][0]}.")
    return passed(f"{role.label} trusts AWS services and roles of its own account only.")


def _lets_in(statement: Statement) -> Tri:
    if statement.effect == "Deny":
        return False
    if statement.unknown is not None or isinstance(statement.effect, Unknown):
        return None
    return any3(statement.covers_action(action) for action in _ACTIONS)


def _others(statement: Statement, role: Role, inventory: Inventory) -> list[tuple[str, Tri]]:
    """Whom a statement admits beside services and its own account's roles, each with whether that is certain."""
    if statement.unknown is not None:
        return [(f"somebody by {statement.label} of its trust policy: {statement.unknown.reason}", None)]
    if statement.not_principal:
        return [("everybody whom a NotPrincipal element does not list", True)]
    found: list[tuple[str, Tri]] = []
    for kind, value in statement.principal_entries:
        other = _is_other(kind, value, role, inventory)
        if other is not False:
            found.append((f"{_NAMES.get(kind, kind)}{value}", other))
    return found


_NAMES = {_AWS: "", "Federated": "identities of ", "CanonicalUser": "the canonical user "}


def _is_other(kind: str, principal: Text, role: Role, inventory: Inventory) -> Tri:
    """Whether a principal is anything but a service, a role of the role's own account, or of a trusted account."""
    if kind == "Service" or principal in inventory.settings.trusted_principals:
        return False
    if kind != _AWS:
        return True
    trusted = inventory.settings.trusted_accounts
    if isinstance(principal, str) and ACCOUNT_ID.fullmatch(principal):
        return principal not in trusted
    parts = split_parts(parts_of(principal))
    if parts is None or len(parts) < 6:
        if isinstance(principal, Unknown):
            return False if _same(principal, role.resource.arn) else None
        return True if principal == "*" else None  # else the unique ID of something that was deleted
    account, what = text(*parts[4]), parts[5][0]
    if account in trusted:
        return False
    if isinstance(what, Unknown):
        return None
    if not what.startswith(("role/", "assumed-role/")):
        return True
    own = role.resource.account
    same = match(parts_of(own), account, wildcards=False)
    return None if same is None else not same


def _same(first: Text, second: Text) -> bool:
    return match(parts_of(first), second, wildcards=False) is True
