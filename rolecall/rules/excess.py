"""What the rules on too many permissions have in common: requests for what does not exist.

Only a grant to everything allows them.
"""

from __future__ import annotations

from dataclasses import replace

from rolecall.findings import Verdict, failed
from rolecall.iam import Decision
from rolecall.model import Function, Inventory, Role
from rolecall.rules.execution_role import facts_of, filled, grants, partition_of
from rolecall.unknown import Text, Tri, Unknown, any3, text

_NAME = "rolecall-made-up"
# Actions with which a role can give itself, or make, an identity that may do everything, and on what.
_BECOMES_ADMIN = {
    "iam:RolecallMadeUp": "role/",
    "iam:AttachRolePolicy": "role/",
    "iam:PutRolePolicy": "role/",
    "iam:AttachUserPolicy": "user/",
    "iam:PutUserPolicy": "user/",
    "iam:CreatePolicyVersion": "policy/",
}


def made_up(role: Role, service: str, region: Text, kind: str = "") -> Text:
    """The ARN of a resource that does not exist, in the role's account. kind: of resource, with what follows it."""
    if service == "s3":
        return text("arn:", partition_of(role), f":s3:::{_NAME}/{_NAME}")
    place = ("", ":") if service == "iam" else (region, ":")
    return text("arn:", partition_of(role), f":{service}:", *place, role.resource.account, f":{kind}{_NAME}")


def invokes_anything(role: Role, region: Text, inventory: Inventory) -> Decision:
    """Whether the role may invoke a function that does not exist.

    Whatever the declared functions will be called, it is not that. Raises ``PolicyError`` for a policy that is none.
    """
    names = inventory.made_names.get(role.resource.scope, {})
    held = role.policies
    if names and not isinstance(held, Unknown):
        held = tuple(replace(policy, document=filled(policy.document, names)) for policy in held)
    return grants(replace(role, policies=held), "lambda:InvokeFunction", made_up(role, "lambda", region, "function:"))


def is_admin(role: Role, region: Text) -> tuple[Tri, str]:
    """Whether the role may do everything in IAM, or make itself one that may; and by which action."""
    answers: list[tuple[Tri, str]] = []
    for action, kind in _BECOMES_ADMIN.items():
        allowed = grants(role, action, made_up(role, "iam", region, kind)).allowed
        answers.append((allowed, "iam:*" if "MadeUp" in action else action))
    verdict = any3(allowed for allowed, _ in answers)
    return verdict, next((action for allowed, action in answers if allowed is verdict), "")


def too_much(function: Function, role: Role, what: str, *evidence: str) -> Verdict:
    """The verdict on a role that may do more than any function needs. what: it may do."""
    return failed(
        f"{role.label}, the execution role of {function.label}, {what}.", *evidence, **facts_of(function, role)
    )
