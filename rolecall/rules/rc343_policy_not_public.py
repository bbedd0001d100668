"""RC343: no statement lets everybody use the function.

Fails when a stranger, with an identity in some account that has nothing to do with this one or with none at all, may
invoke the function or do anything else with it: through the API, or through a function URL without authentication.
Conditions count: an organization, an account, a source or an address shuts the stranger out.
Passes the second statement of a public function URL: it opens nothing without the first one, which fails.
Cannot know when the principal, the action or the condition is not known.
"""

from collections.abc import Iterator, Mapping
from typing import Any

from rolecall.findings import Verdict, failed, passed, unknown
from rolecall.iam import Request, evaluate
from rolecall.model import Inventory
from rolecall.rules.statements import INVOKE_ACTIONS, Grant, is_there, judged
from rolecall.unknown import Tri, Unknown

# Accounts that nobody has; the address is one of those for documentation, RFC 5737.
_STRANGER = "arn:aws:iam::000000000000:user/stranger"
_SOMEBODY = "arn:aws:iam::000000000001:root"
_OWNER = "000000000002"
_ANYTHING = {"Version": "2012-10-17", "Statement": [{"Effect": "Allow", "Action": "*", "Resource": "*"}]}
_ALWAYS = {
    "aws:SourceIp": "203.0.113.1",
    "aws:SecureTransport": "true",
    "aws:ViaAWSService": "false",
    "aws:CurrentTime": Unknown("when the request is made is not known"),
    "aws:EpochTime": Unknown("when the request is made is not known"),
}
_URL, _DIRECT = "lambda:InvokeFunctionUrl", "through the API"
_WITHOUT_AUTHENTICATION = "through a function URL without authentication"


def _judge(grant: Grant, inventory: Inventory) -> Verdict:
    statement, label = grant.statement, grant.label
    if statement.effect == "Deny" or not statement.principals:
        return passed(f"{label} lets nobody in.")
    if not statement.not_principal and all(kind == "Service" for kind, _ in statement.principal_entries):
        return passed(f"{label} lets in AWS services only.")
    undecided: list[str] = []
    for way, request in _requests(grant):
        allowed, reasons = _decide(grant, request)
        if allowed:
            return failed(
                f"{label} lets everybody do {request.action} {way}.",
                *reasons,
                action=request.action,
                way=way,
                **grant.facts,
            )
        if allowed is None:
            undecided += reasons
    if undecided:
        return unknown(f"Whether {label} lets everybody in is not known: {'; '.join(dict.fromkeys(undecided))}.")
    if _decide(grant, _through_url(grant, "lambda:InvokeFunction", "NONE"))[0]:
        return passed(f"{label} lets everybody in only through a function URL that another statement opens.")
    return passed(f"{label} does not let everybody in.")


check = judged(_judge)


def _decide(grant: Grant, request: Request) -> tuple[Tri, tuple[str, ...]]:
    """Whether the request is allowed, and why; the statement covers the function, of which the stranger knows the ARN.

    A condition whose value may turn out to be empty may not be there at all: it is tried with it and without it.
    """
    identity = () if request.principal == "*" else (_ANYTHING,)
    whole = _on_any_function(grant)
    certain, doubts = _certain(whole.get("Condition"))
    variants = [whole, {**whole, "Condition": certain}] if doubts else [whole]
    made = [evaluate(request, identity, {"Version": "2012-10-17", "Statement": [variant]}) for variant in variants]
    if len({decision.allowed for decision in made}) == 1:
        return made[0].allowed, made[0].reasons
    return None, doubts


def _on_any_function(grant: Grant) -> dict[str, Any]:
    raw = grant.permission.statement
    elements = {key: value for key, value in raw.items() if key != "NotResource"} if isinstance(raw, Mapping) else {}
    if "Principal" in elements:
        principal = _known(elements["Principal"])
        elements["Principal"] = {"AWS": principal} if principal == _SOMEBODY else principal
    return {**elements, "Resource": "*"}


def _certain(conditions: Any) -> tuple[Any, tuple[str, ...]]:
    """The conditions that are certainly there, and why the others may not be."""
    if not isinstance(conditions, Mapping):
        return {}, ()
    kept: dict[str, dict[str, Any]] = {}
    doubts: list[str] = []
    for operator, keys in conditions.items():
        for key, value in keys.items() if isinstance(keys, Mapping) else ():
            if isinstance(value, Unknown) and not is_there(value):
                doubts.append(value.reason)
            else:
                kept.setdefault(operator, {})[key] = value
    return kept, tuple(doubts)


def _known(principal: Any) -> Any:
    """A principal that is known not to be everybody, though not who it is, is somebody."""
    if isinstance(principal, Mapping):
        return {kind: _known(value) for kind, value in principal.items()}
    if isinstance(principal, (list, tuple)):
        return [_known(value) for value in principal]
    return _SOMEBODY if isinstance(principal, Unknown) and is_there(principal) else principal


def _requests(grant: Grant) -> Iterator[tuple[str, Request]]:
    """What the stranger tries, and how: the actions that invoke, and those that the statement names."""
    yield _WITHOUT_AUTHENTICATION, _through_url(grant, _URL, "NONE")
    yield "through a function URL, with an identity of any account", _through_url(grant, _URL, "AWS_IAM", _STRANGER)
    named = [action for action in grant.statement.actions if isinstance(action, str) and not set("*?") & set(action)]
    for action in dict.fromkeys((*INVOKE_ACTIONS, *(() if grant.statement.not_action else named))):
        if action.lower() != _URL.lower():
            yield _DIRECT, _asked(grant, _STRANGER, action, {"lambda:InvokedViaFunctionUrl": "false"})


def _through_url(grant: Grant, action: str, authentication: str, caller: str = "*") -> Request:
    keys = {"lambda:FunctionUrlAuthType": authentication, "lambda:InvokedViaFunctionUrl": "true"}
    return _asked(grant, caller, action, keys)


def _asked(grant: Grant, caller: str, action: str, keys: Mapping[str, str]) -> Request:
    owner = {"aws:ResourceAccount": grant.permission.resource.account}
    return Request(caller, action, "*", _OWNER, {**_ALWAYS, **owner, **keys})
