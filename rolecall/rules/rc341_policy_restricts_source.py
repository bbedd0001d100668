"""RC341: a statement that lets an AWS service invoke the function says on whose behalf.

Fails when a service principal is granted an invoke action without a source ARN, source account or event source token:
anybody can make that service call the function from their own account (the confused deputy).
Cannot know when the principal, the action or the condition is not known.
"""

from rolecall.findings import Verdict, failed, passed, unknown
from rolecall.iam.conditions import Condition
from rolecall.iam.statement import Statement
from rolecall.model import Inventory
from rolecall.rules.statements import Grant, admits_service_to_invoke, judged, restriction
from rolecall.unknown import Unknown

SOURCE_KEYS = frozenset(
    {"aws:sourcearn", "aws:sourceaccount", "aws:sourceorgid", "aws:sourceorgpaths", "lambda:eventsourcetoken"}
)


def _judge(grant: Grant, inventory: Inventory) -> Verdict:
    statement, label, function = grant.statement, grant.label, grant.function
    admits = admits_service_to_invoke(statement)
    if admits is False and ("AWS", "*") in statement.principal_entries and statement.effect != "Deny":
        restricted, says = restriction(statement, SOURCE_KEYS)
        if not restricted:
            return unknown(f"{label} admits anybody; whether services are among them is not documented.")
        return passed(f"{label} is restricted by {says}.")
    if admits is False:
        return passed(f"{label} does not let a service invoke {function}.")
    restricted, says = restriction(statement, SOURCE_KEYS)
    if restricted:
        return passed(f"{label} is restricted by {says}.")
    if restricted is None or admits is None:
        return unknown(f"Whether {label} is open to any account is not known: {says or _first_unknown(statement)}.")
    services = ", ".join(str(value) for kind, value in statement.principal_entries if kind == "Service")
    return failed(
        f"{label} lets {services} invoke {function} on behalf of any account: it has no source ARN, source account "
        f"or event source token.{_never_present(statement)}",
        f"{label}: principal {services}, {says or 'no condition'}",
        principal=services,
        **grant.facts,
    )


check = judged(_judge)


def _first_unknown(statement: Statement) -> str:
    values = (statement.effect, *statement.actions, *(value for _, value in statement.principal_entries))
    return next((value.reason for value in values if isinstance(value, Unknown)), "")


def _never_present(statement: Statement) -> str:
    """aws:PrincipalOrgID is about the caller's organization; a service is in none, so the statement admits nobody."""
    known = [condition for condition in statement.conditions if isinstance(condition, Condition)]
    if any(condition.key.lower() == "aws:principalorgid" for condition in known):
        return " aws:PrincipalOrgID is not present when a service calls: as it stands the statement admits nobody."
    return ""
