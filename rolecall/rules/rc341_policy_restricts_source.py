"""RC341: a statement that lets an AWS service invoke the function says on whose behalf.

Fails when a service principal is granted an invoke action without a source ARN, source account or event source token:
anybody can make that service call the function from their own account (the confused deputy).
Cannot know when the principal, the action or the condition is not known.
"""

from rolecall.arn import parse_arn
from rolecall.findings import Verdict, failed, passed, unknown
from rolecall.iam import PolicyError
from rolecall.iam.conditions import Condition
from rolecall.iam.document import parse_statement
from rolecall.iam.match import match
from rolecall.iam.statement import Statement
from rolecall.model import Inventory, PartlyKnown, Permission, Text, Unknown
from rolecall.unknown import Computed, Tri, all3, any3, named, not3

# lambda:GetFunction for Lambda@Edge's replicator is no invoke grant and cannot be restricted.
INVOKE_ACTIONS = ("lambda:InvokeFunction", "lambda:InvokeFunctionUrl", "lambda:InvokeAsync")
SOURCE_KEYS = frozenset(
    {"aws:sourcearn", "aws:sourceaccount", "aws:sourceorgid", "aws:sourceorgpaths", "lambda:eventsourcetoken"}
)
RESTRICTING_OPERATORS = frozenset({"StringEquals", "StringEqualsIgnoreCase", "StringLike", "ArnEquals", "ArnLike"})


def check(permission: Permission, inventory: Inventory) -> Verdict:
    function = named(permission.function_name) or "the function"
    label = f"Statement {permission.sid or permission.resource.address} of {function}'s policy"
    try:
        statement = parse_statement(permission.statement, name="resource policy")
    except PolicyError as fault:
        return unknown(f"{label} cannot be read: {fault}.")
    if statement.unknown is not None:
        return unknown(f"{label} is not known: {statement.unknown.reason}.")

    admits = _admits_service_to_invoke(statement)
    if admits is False and ("AWS", "*") in statement.principal_entries and statement.effect != "Deny":
        restriction, says = _restriction(statement)
        if not restriction:
            return unknown(f"{label} admits anybody; whether services are among them is not documented.")
        return passed(f"{label} is restricted by {says}.")
    if admits is False:
        return passed(f"{label} does not let a service invoke {function}.")
    restriction, says = _restriction(statement)
    if restriction:
        return passed(f"{label} is restricted by {says}.")
    if restriction is None or admits is None:
        return unknown(f"Whether {label} is open to any account is not known: {says or _first_unknown(statement)}.")
    services = ", ".join(str(value) for kind, value in statement.principal_entries if kind == "Service")
    return failed(
        f"{label} lets {services} invoke {function} on behalf of any account: it has no source ARN, source account "
        f"or event source token.{_never_present(statement)}",
        f"{label}: principal {services}, {says or 'no condition'}",
        function_name=permission.function_name,
        statement_id=permission.sid or Unknown("the statement has no Sid"),
        principal=services,
        account=permission.resource.account,
        resource_label=_label_in_code(permission),
    )


def _label_in_code(permission: Permission) -> Text:
    """The name that the statement's resource has in the code: the last part of its address."""
    if permission.resource.framework == "live":
        return Unknown("a statement in an account has no name in code")
    return permission.resource.address.rsplit(".", 1)[-1]


def _admits_service_to_invoke(statement: Statement) -> Tri:
    """Whether the statement allows a service principal (other principals aside) an action that invokes."""
    if statement.not_principal or not any(kind == "Service" for kind, _ in statement.principal_entries):
        return False
    covered = [any3(match((a,), invoke, ignore_case=True) for a in statement.actions) for invoke in INVOKE_ACTIONS]
    allows: Tri = None if isinstance(statement.effect, Unknown) else statement.effect == "Allow"
    known: Tri = None if all(isinstance(v, Unknown) for k, v in statement.principal_entries if k == "Service") else True
    return all3([allows, any3(not3(c) if statement.not_action else c for c in covered), known])


def _restriction(statement: Statement) -> tuple[Tri, str]:
    """Whether some condition holds the service to a source, and which condition says so (or leaves it open)."""
    answers = [
        (None, c.reason) if isinstance(c, Unknown) else (_restricts(c), f"{c.key} {', '.join(map(str, c.values))}")
        for c in statement.conditions
    ]
    verdict = any3(answer for answer, _ in answers)
    says = [text for answer, text in answers if verdict is False or answer is verdict]
    return verdict, "; ".join(says)


def _restricts(condition: Condition) -> Tri:
    may = condition.base in RESTRICTING_OPERATORS and not condition.if_exists and not condition.quantifier
    return all3([may and condition.key.lower() in SOURCE_KEYS, *map(_is_a_source, condition.values)])


def _is_a_source(value: Text) -> Tri:
    """A value that is not known but certainly there (another resource's ARN) restricts; a variable may be empty."""
    if isinstance(value, Unknown):
        there = value.symbol and not isinstance(value, Computed)
        return True if there or isinstance(value, PartlyKnown) else None
    arn = parse_arn(value)
    if arn is None:
        return value.strip("*?") != ""
    return bool(arn.account.strip("*?") or arn.resource.strip("*?/:"))


def _first_unknown(statement: Statement) -> str:
    values = (statement.effect, *statement.actions, *(value for _, value in statement.principal_entries))
    return next((value.reason for value in values if isinstance(value, Unknown)), "")


def _never_present(statement: Statement) -> str:
    """aws:PrincipalOrgID is about the caller's organization; a service is in none, so the statement admits nobody."""
    known = [condition for condition in statement.conditions if isinstance(condition, Condition)]
    if any(condition.key.lower() == "aws:principalorgid" for condition in known):
        return " aws:PrincipalOrgID is not present when a service calls: as it stands the statement admits nobody."
    return ""
