"""RC313: whoever should call a function URL may invoke the function through it.

Fails when the URL is open (NONE) and the policy of the function, or of the alias that the URL is for, does not let
everybody take both lambda:InvokeFunctionUrl and lambda:InvokeFunction; or when the URL is not open and the policy lets
a caller of another account take only the first. Terraform's provider makes the statements of an open URL itself.
Cannot know when the policies of the callers decide, or when the version of Terraform's provider is not known.
"""

from collections.abc import Iterator

from rolecall.arn import ACCOUNT_ID, parse_arn
from rolecall.findings import Verdict, failed, passed, unknown
from rolecall.iam import PolicyError
from rolecall.iam.document import Policy
from rolecall.iam.match import match
from rolecall.invocation import parsed_policy_on
from rolecall.model import Inventory, Invoker
from rolecall.rules.invocable import by_resource_policy, facts
from rolecall.unknown import Text, any3, named, same_as

KIND = "function_url"
BY_URL, INVOKE = "lambda:InvokeFunctionUrl", "lambda:InvokeFunction"


def check(invoker: Invoker, inventory: Inventory) -> Verdict:
    found = inventory.called_by(invoker)
    if invoker.auth_type == "NONE" or found is None:
        return by_resource_policy(invoker, inventory)
    if invoker.auth_type != "AWS_IAM":
        return unknown(f"Who may call the function URL is not known: {invoker.auth_type}.")
    function, qualifier = found
    try:
        policy = parsed_policy_on(inventory, function, qualifier)
    except PolicyError as fault:
        return unknown(f"The policy of {function.label} cannot be read as a policy: {fault}.")
    may_invoke = {same_as(caller) for caller in _granted(policy, INVOKE)}
    callers = list(_granted(policy, BY_URL))
    halfway = [caller for caller in callers if same_as(caller) not in may_invoke]
    if not callers:
        return unknown(f"The policies of its callers decide who may invoke {function.label} through its URL.")
    if not halfway:
        return passed(f"The callers that the policy of {function.label} names may invoke it through its URL.")
    names = ", ".join(str(caller) for caller in halfway)
    message = f"The policy of {function.label} lets {names} take {BY_URL} but not {INVOKE}, which the URL needs too"
    foreign = next((caller for caller in halfway if _is_foreign(caller, function.resource.account)), None)
    if foreign is not None:
        verdict = failed(
            f"{message}. A caller of another account needs both there.",
            caller=foreign,
            **facts(invoker, function, qualifier),
        )
        return verdict._replace(remedies=("url_caller",))
    return unknown(f"{message}: the caller's own policies may allow it, if it is of the same account.")


def _granted(policy: Policy, action: str) -> Iterator[Text]:
    """The IAM principals that a policy allows an action, whatever the conditions."""
    for statement in policy.statements:
        covers = any3(match((pattern,), action, ignore_case=True) for pattern in statement.actions)
        if statement.effect == "Allow" and covers and not statement.not_action and not statement.not_principal:
            yield from (value for kind, value in statement.principal_entries if kind == "AWS")


def _is_foreign(caller: Text, account: Text) -> bool:
    """Whether a caller is certainly of another account."""
    arn = parse_arn(caller) if isinstance(caller, str) else None
    own = arn.account if arn else named(caller)
    return isinstance(account, str) and bool(ACCOUNT_ID.fullmatch(own)) and own != account
