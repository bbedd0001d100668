"""The ways in which whoever controls a role's code becomes administrator of its account.

Each is a row of ``_WAYS``: actions that, allowed on everything of their kind, suffice together.
Sources: https://rhinosecuritylabs.com/aws/aws-privilege-escalation-methods-mitigation/ (the methods),
https://github.com/BishopFox/iam-vulnerable and https://pathfinding.cloud (their combinations).
``sts:AssumeRole`` is none: the role that is assumed has to trust the caller or its account as well
(https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_evaluation-logic_policy-eval-denyallow.html).
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from rolecall.iam.document import Policy
from rolecall.model import Function, Role
from rolecall.rules.excess import Grants, grants_to
from rolecall.rules.execution_role import partition_of
from rolecall.unknown import Text, Tri, Unknown, text

_EVERYTHING = "iam:RolecallMadeUp"


@dataclass(frozen=True)
class _Way:
    """needs: the actions, each with the service's resource types on which it is checked; ``""``: it has none.

    gain: what they give, for a reader. service: that is given a role. itself: the role need only have it on itself.
    certain: whether they suffice in any account.
    """

    needs: tuple[tuple[str, tuple[str, ...]], ...]
    gain: str
    service: str = ""
    itself: bool = False
    certain: bool = True


def _on(action: str, *kinds: str) -> tuple[str, tuple[str, ...]]:
    return action, kinds or ("",)


def _passing(service: str, *needs: tuple[str, tuple[str, ...]]) -> _Way:
    gain = f"use every role of the account that trusts {service}"
    return _Way((_on("iam:PassRole", "role/"), *needs), gain, service)


_GIVES = "give itself every permission of the account"
_MAKES = "make whom it likes an administrator"
_TAKES_USER = "take over every user of the account"
_LAMBDA, _GLUE, _BUILD = "lambda.amazonaws.com", "glue.amazonaws.com", "codebuild.amazonaws.com"
_FUNCTION = _on("lambda:CreateFunction", "function:")
_TASK = _on("ecs:RegisterTaskDefinition", "task-definition/")
_WAYS = (
    _Way((_on(_EVERYTHING, "role/"),), _GIVES),
    _Way((_on("iam:AttachRolePolicy", "role/"),), _GIVES, itself=True),
    _Way((_on("iam:PutRolePolicy", "role/"),), _GIVES, itself=True),
    _Way((_on("iam:CreatePolicyVersion", "policy/"),), _GIVES),
    _Way((_on("iam:UpdateAssumeRolePolicy", "role/"),), "take over every role of the account"),
    _Way((_on("iam:AttachUserPolicy", "user/"),), _MAKES),
    _Way((_on("iam:PutUserPolicy", "user/"),), _MAKES),
    _Way((_on("iam:AttachGroupPolicy", "group/"),), _MAKES),
    _Way((_on("iam:PutGroupPolicy", "group/"),), _MAKES),
    _Way((_on("iam:AddUserToGroup", "group/"),), "put whom it likes in a group of administrators"),
    _Way((_on("iam:CreateAccessKey", "user/"),), _TAKES_USER),
    _Way((_on("iam:CreateLoginProfile", "user/"),), "take over every user of the account that has no password"),
    _Way((_on("iam:UpdateLoginProfile", "user/"),), "take over every user of the account that has a password"),
    _passing(_LAMBDA, _FUNCTION, _on("lambda:InvokeFunction", "function:")),
    _passing(_LAMBDA, _FUNCTION, _on("lambda:CreateEventSourceMapping")),
    _passing(_LAMBDA, _FUNCTION, _on("lambda:AddPermission", "function:")),
    _passing(
        "ec2.amazonaws.com",
        _on("ec2:RunInstances", "instance/", "image/", "network-interface/", "security-group/", "subnet/", "volume/"),
    ),
    _passing("cloudformation.amazonaws.com", _on("cloudformation:CreateStack", "stack/")),
    _passing(_GLUE, _on("glue:CreateDevEndpoint")),
    _passing(_GLUE, _on("glue:CreateJob", "job/"), _on("glue:StartJobRun", "job/")),
    _passing(_BUILD, _on("codebuild:CreateProject", "project/"), _on("codebuild:StartBuild", "project/")),
    _passing("ecs-tasks.amazonaws.com", _TASK, _on("ecs:RunTask", "task-definition/")),
    _passing("sagemaker.amazonaws.com", _on("sagemaker:CreateNotebookInstance", "notebook-instance/")),
    _Way(
        (_on("iam:SetDefaultPolicyVersion", "policy/"),), "go back to whatever version of its policies", certain=False
    ),
)
_KINDS = {"role/": "any role", "user/": "any user", "group/": "any group", "policy/": "any policy"}


@dataclass(frozen=True)
class Admin:
    """Whether a role makes an administrator; how, for a reader ("may do iam:PutRolePolicy on any role, and so ...").

    reasons: the statements that decide it, or what is missing.
    """

    is_one: Tri
    how: str = ""
    reasons: tuple[str, ...] = ()


def admin(function: Function, role: Role) -> Admin:
    """Whether the execution role of a function may do everything in IAM, or make itself one that may.

    A grant under a condition is not taken for one to everything: where the way is open in spite of it, whether it leads
    to an administrator is not known. Raises ``PolicyError`` for a policy that is none.
    """
    grants = grants_to(function, role)
    if not any(map(_may_touch_iam, grants.policies.identity[1])):
        return Admin(False)
    unsure = None
    for way in _WAYS:
        for on_itself in (False, True) if way.itself else (False,):
            found = _open(way, grants.on_itself if on_itself else grants, on_itself)
            if found.is_one:
                return found
            unsure = unsure or (found if found.is_one is None else None)
    return unsure or Admin(False)


def _open(way: _Way, grants: Grants, on_itself: bool) -> Admin:
    """Whether a way is open to a role."""
    how = _how(way, on_itself)
    unsure: tuple[str, ...] = ()
    evidence: list[str] = []
    for action, resource in _requests(way, grants, on_itself):
        decision = grants.decide(action, resource)
        if decision.allowed is None and grants.decide(action, resource, _chosen(way, grants.role)).allowed is not False:
            unsure = unsure or decision.reasons
        elif not decision.allowed:
            return Admin(False)
        evidence += decision.reasons
    if unsure:
        return Admin(None, how, unsure)
    if not way.certain:
        return Admin(None, how, ("whether an older version of a policy grants more is not known",))
    return Admin(True, how, tuple(dict.fromkeys(evidence)))


def _chosen(way: _Way, role: Role) -> Mapping[str, Any]:
    """The condition keys as whoever goes the way would have them."""
    administrator = text("arn:", partition_of(role), ":iam::aws:policy/AdministratorAccess")
    passed = {"iam:PassedToService": way.service} if way.service else {}
    return {"iam:PermissionsBoundary": (), "iam:PolicyARN": administrator, **passed}  # of what has no boundary


def _requests(way: _Way, grants: Grants, on_itself: bool) -> Iterator[tuple[str, Text]]:
    for action, kinds in way.needs:
        for kind in kinds:
            if on_itself:
                yield action, grants.role.resource.arn
            else:
                yield action, grants.made_up(action.partition(":")[0], kind) if kind else "*"


def _how(way: _Way, on_itself: bool) -> str:
    actions = [action for action, _ in way.needs]
    kind = way.needs[0][1][0]
    if actions == [_EVERYTHING]:
        return f"may do everything in IAM, and so {way.gain}"
    on = "itself" if on_itself else _KINDS[kind] if len(actions) == 1 else "whatever it likes"
    return f"may do {' and '.join(actions)} on {on}, and so {way.gain}"


def _may_touch_iam(policy: Policy) -> bool:
    """Whether a policy may allow an action of IAM; without one no way is open."""
    for statement in policy.statements:
        if statement.unknown is not None or isinstance(statement.effect, Unknown):
            return True
        if statement.effect == "Allow" and (statement.not_action or any(map(_of_iam, statement.actions))):
            return True
    return False


def _of_iam(action: Text) -> bool:
    service = "" if isinstance(action, Unknown) else action.partition(":")[0].lower()
    return service in ("", "iam") or "*" in service or "?" in service
