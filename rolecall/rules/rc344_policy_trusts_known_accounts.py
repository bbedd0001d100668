"""RC344: every account that a statement lets in is this one, one of its organization, or one that the team trusts.

Fails when a principal belongs to another account that is not among the trusted ones, and no condition holds it to an
organization.
Passes everybody, as far as no condition names an account: RC343 says what that means.
Cannot know when the principal or the function's own account is not known: of two accounts one may be the function's.
"""

from __future__ import annotations

from rolecall.arn import ACCOUNT_ID
from rolecall.findings import Verdict, failed, passed, unknown
from rolecall.model import Inventory, Settings
from rolecall.rules.statements import Grant, allows, arn_parts, judged, restriction, values_of
from rolecall.unknown import Text, Tri, Unknown, same_as

_ORGANIZATION = ("aws:principalorgid", "aws:principalorgpaths")
_ACCOUNT, _ARN = "aws:principalaccount", "aws:principalarn"


def _judge(grant: Grant, inventory: Inventory) -> Verdict:
    statement, label = grant.statement, grant.label
    if allows(statement) is False:
        return passed(f"{label} lets nobody in.")
    held, says = restriction(statement, _ORGANIZATION)
    if held:
        return passed(f"{label} is held to an organization by {says}.")
    named = [value for kind, value in statement.principal_entries if kind in ("AWS", "Federated")]
    if statement.not_principal or "*" in named:
        named = [*values_of(statement, _ACCOUNT), *values_of(statement, _ARN)]
    own = _own_account(grant)
    answers = [(value, _is_trusted(value, own, inventory.settings)) for value in named]
    strangers = ", ".join(str(value) for value, answer in answers if answer is False)
    if strangers and held is False and allows(statement):
        return failed(
            f"{label} lets {strangers} in, of an account that is neither this one ({own}) nor a trusted one.",
            f"{label}: principal {strangers}",
            principal=next(value for value, answer in answers if answer is False),
            **grant.facts,
        )
    doubtful = ", ".join(str(value) for value, answer in answers if answer is not True)
    if doubtful:
        why = says if strangers and says else f"of which account {doubtful} is, or which account this one is"
        return unknown(f"Whether {label} lets in accounts that are not trusted is not known: {why}.")
    return passed(f"{label} lets in no account that is not trusted.")


check = judged(_judge)


def _own_account(grant: Grant) -> Text:
    """The account of the function: that of the resource that the statement covers, or of the statement itself."""
    for resource in grant.statement.resources or ():
        parts = arn_parts(resource)
        if parts is not None and isinstance(parts[4], str) and ACCOUNT_ID.fullmatch(parts[4]):
            return parts[4]
    return grant.permission.resource.account


def _is_trusted(principal: Text, own: Text, settings: Settings) -> Tri:
    """Whether a principal is trusted, or belongs to the function's account or a trusted one."""
    if principal in settings.trusted_principals:
        return True
    parts = arn_parts(principal)
    account = principal if parts is None else parts[4]
    if same_as(account) == same_as(own) or account in settings.trusted_accounts:
        return True
    if isinstance(own, Unknown) or isinstance(account, Unknown) or not ACCOUNT_ID.fullmatch(account):
        return None
    return False
