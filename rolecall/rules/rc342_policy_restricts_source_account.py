"""RC342: a statement that holds an AWS service to a source holds it to an account, too.

Fails when the source ARN names no account (a bucket's ARN has none) or any account, whoever may take the name that it
does name, and there is no source account. A deleted bucket's name is free for everybody.
Passes a source whose ID AWS makes up: nobody can take that.
Cannot know when the principal, the action or the condition is not known.
"""

from rolecall.findings import Verdict, failed, passed, unknown
from rolecall.model import Inventory
from rolecall.rules.statements import (
    SOURCE_ARN,
    Grant,
    admits_service_to_invoke,
    arn_parts,
    is_there,
    judged,
    restriction,
    values_of,
)
from rolecall.unknown import Text, Tri, Unknown, any3, parts_of

_ACCOUNT_KEYS = ("aws:sourceaccount", "aws:sourceorgid", "aws:sourceorgpaths", "lambda:eventsourcetoken")
# Services whose sources have names that their owner chooses, and those that make up an ID.
_NAMED = frozenset({"s3", "sns", "events", "scheduler", "logs", "iot", "ses", "codecommit", "cloudwatch", "sqs"})
_NUMBERED = frozenset(
    {"execute-api", "apigateway", "appsync", "bedrock", "cognito-idp", "connect", "transfer", "vpc-lattice"}
)


def _judge(grant: Grant, inventory: Inventory) -> Verdict:
    statement, label = grant.statement, grant.label
    admits = admits_service_to_invoke(statement)
    if admits is False:
        return passed(f"{label} does not let a service invoke {grant.function}.")
    sources = list(values_of(statement, SOURCE_ARN)) if restriction(statement, {SOURCE_ARN})[0] is not False else []
    held, says = restriction(statement, _ACCOUNT_KEYS)
    if held:
        return passed(f"{label} is held by {says}.")
    if not sources and held is False:
        return passed(f"{label} names no source ARN; RC341 says what that means.")
    of_s3 = any(kind == "Service" and str(name).startswith("s3.") for kind, name in statement.principal_entries)
    open_to_all = any3(_is_open(source, of_s3) for source in sources)
    if open_to_all is False:
        return passed(f"{label}: its source ARN can be of one account only: {', '.join(map(str, sources))}.")
    shown = ", ".join(str(source) for source in sources if _is_open(source, of_s3) is not False)
    if open_to_all is None or held is None or admits is None:
        why = says if held is None else shown
        return unknown(f"Whether {label} holds the source to an account is not known: {why}.")
    return failed(
        f"{label} takes {shown} of any account: the ARN names none, and there is no source account. Whoever takes that "
        f"name can make the service invoke {grant.function}.",
        f"{label}: source ARN {shown}",
        source_arn=sources[0],
        principal=", ".join(str(name) for kind, name in statement.principal_entries if kind == "Service"),
        **grant.facts,
    )


check = judged(_judge)


def _is_open(source: Text, of_s3: bool) -> Tri:
    """Whether sources of several accounts can have the ARN."""
    parts = arn_parts(source)
    if parts is None:
        # Where the value is not known, its kind may be: a bucket's ARN has no account, all others have.
        return of_s3 if isinstance(source, Unknown) and is_there(source) else None
    service, account, name = parts[2], parts[4], parts[5]
    if account == "":
        return True if service == "s3" else False if isinstance(service, str) else None
    if isinstance(account, Unknown) or account.strip("*?"):
        return False  # one account, whichever
    start = parts_of(name)[0]
    if service in _NUMBERED:
        return start == "*" or None if isinstance(start, str) and start[:1] in "*?" else False
    return True if service in _NAMED else None
