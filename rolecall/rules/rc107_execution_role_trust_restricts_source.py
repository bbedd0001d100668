"""RC107: the role trusts Lambda on behalf of its own account's functions only.

Asks whether Lambda may assume the role for a function of another account. Off by default: Lambda takes only roles of
the function's own account, so this guards against what Lambda should never do. Cannot know what RC103 cannot know.
"""

from rolecall.findings import Verdict, failed, not_applicable, passed, unknown
from rolecall.iam import PolicyError, evaluate
from rolecall.model import Inventory, Role
from rolecall.rules.execution_role import known_account, trust_within
from rolecall.rules.rc103_execution_role_trusts_lambda import admits_lambda, lambda_assumes
from rolecall.rules.trust_repair import restricted
from rolecall.unknown import Unknown

_STRANGER = "999999999999"


def check(role: Role, inventory: Inventory) -> Verdict:
    if isinstance(role.trust_policy, Unknown):
        return unknown(f"The trust policy of {role.label} is not known: {role.trust_policy.reason}.")
    function = inventory.users_of(role)[0]
    own = lambda_assumes(role, function)
    elsewhere = {
        **own.context,
        "aws:SourceAccount": _STRANGER,
        "aws:SourceArn": f"arn:aws:lambda:us-east-1:{_STRANGER}:function:a-stranger",
        "aws:SourceOrgID": "o-astranger00",
        "aws:SourceOrgPaths": "o-astranger00/r-aaaa/ou-aaaa-astranger/",
    }
    try:
        if admits_lambda(role, function).allowed is False:
            return not_applicable(f"{role.label} does not admit Lambda at all: see RC103.")
        policy = trust_within(role.trust_policy, role)
        strange = own._replace(context=elsewhere, resource_account=known_account(role))
        decision = evaluate(strange, resource_policy=policy)
    except PolicyError as fault:
        return unknown(f"The trust policy of {role.label} cannot be read as a policy: {fault}.")
    if decision.allowed is None:
        return unknown(
            f"Whether {role.label} trusts Lambda for its own account only is not known: {'; '.join(decision.reasons)}."
        )
    if decision.allowed:
        return failed(
            f"{role.label} trusts Lambda on behalf of any account: its trust policy has no aws:SourceAccount.",
            *decision.reasons,
            role=role.label,
            role_name=role.resource.name,
            role_address=role.resource.address,
            trust_policy=restricted(role),
            sam_address=role.resource.sam_address,
        )
    return passed(f"{role.label} trusts Lambda on behalf of certain accounts only.", *decision.reasons)
