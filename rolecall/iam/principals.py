"""Who makes a request, and whether a statement's Principal element means them.

Source: https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_principal.html
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from enum import Enum

from rolecall.arn import ACCOUNT_ID, parse_arn, role_name
from rolecall.iam.match import match
from rolecall.unknown import Text, Tri, Unknown, parts_of, text

_SERVICE = re.compile(r"[a-z0-9.-]+\.(amazonaws\.com(\.cn)?|amazon\.com)", re.ASCII)
_ROOT = re.compile(r"arn:[a-z-]+:iam::([0-9]{12}):root", re.ASCII)


class Kind(Enum):
    SERVICE = "service"
    ROOT = "account root"
    USER = "user"
    ROLE = "role"
    SESSION = "role session"
    FEDERATED = "federated"
    ANONYMOUS = "anonymous"


class Reach(Enum):
    """How a statement means the caller: by name, through its account, or as anybody."""

    NAMED = "named"
    SESSION = "session"
    ACCOUNT = "account"
    ANYBODY = "anybody"


@dataclass(frozen=True)
class Principal:
    """The caller. account: its account ID, ``""`` for services and anonymous callers. role: its role's bare name."""

    kind: Kind
    text: str
    account: str = ""
    partition: str = "aws"
    role: str = ""

    @property
    def is_iam(self) -> bool:
        """Whether identity policies apply to it."""
        return self.kind in (Kind.ROOT, Kind.USER, Kind.ROLE, Kind.SESSION)

    def context(self) -> dict[str, str]:
        """The global condition keys that AWS derives from the caller itself.

        Source: https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_condition-keys.html
        """
        if self.kind is Kind.SERVICE:
            return {"aws:PrincipalIsAWSService": "true", "aws:PrincipalServiceName": self.text}
        keys = {"aws:PrincipalIsAWSService": "false"}
        if self.is_iam:
            types = {Kind.ROOT: "Account", Kind.USER: "User"}
            arn = self.text
            if self.kind is Kind.SESSION:
                arn = f"arn:{self.partition}:iam::{self.account}:role/{self.role}"
            keys |= {
                "aws:PrincipalArn": arn,
                "aws:PrincipalAccount": self.account,
                "aws:PrincipalType": types.get(self.kind, "AssumedRole"),
            }
            if self.kind is Kind.USER:
                keys["aws:username"] = role_name(arn)
        elif self.kind is Kind.ANONYMOUS:
            keys["aws:PrincipalType"] = "Anonymous"
        return keys


def parse_principal(text: str) -> Principal:
    """Parse a caller: service principal, IAM or STS ARN, account root ARN, account ID, or ``"*"`` (anonymous).

    Raises ``ValueError`` for anything else.
    """
    if text == "*":
        return Principal(Kind.ANONYMOUS, text)
    if _SERVICE.fullmatch(text):
        return Principal(Kind.SERVICE, text)
    if ACCOUNT_ID.fullmatch(text):
        return Principal(Kind.ROOT, f"arn:aws:iam::{text}:root", text)
    arn = parse_arn(text)
    if arn is None:
        return Principal(Kind.FEDERATED, text)
    kind, _, name = arn.resource.partition("/")
    if arn.service == "sts" and kind == "assumed-role":
        return Principal(Kind.SESSION, text, arn.account, arn.partition, name.split("/", 1)[0])
    if arn.service == "iam" and kind == "role":
        return Principal(Kind.ROLE, text, arn.account, arn.partition, role_name(name))
    if arn.service == "iam" and kind in ("root", "user"):
        return Principal(Kind.ROOT if kind == "root" else Kind.USER, text, arn.account, arn.partition)
    if arn.service == "iam" and kind in ("oidc-provider", "saml-provider"):
        return Principal(Kind.FEDERATED, text, arn.account, arn.partition)
    raise ValueError(f"{text!r} is not a principal")


def means(kind: str, value: Text, caller: Principal) -> tuple[Tri, Reach]:
    """Whether one entry of a Principal element (its type and value) means the caller, and how."""
    if kind == "AWS":
        return _means_unknown(value, caller) if isinstance(value, Unknown) else _means_aws(value, caller)
    if kind == "CanonicalUser":  # an ID of its own that is not derived from the ARN
        return (None if caller.is_iam else False), Reach.NAMED
    wanted = Kind.SERVICE if kind == "Service" else Kind.FEDERATED
    return (match((value,), caller.text, wildcards=False) if caller.kind is wanted else False), Reach.NAMED


def _means_unknown(value: Unknown, caller: Principal) -> tuple[Tri, Reach]:
    """A value known in part: an account root whose account is unknown cannot be a service, for example."""
    if parts_of(value) == (value,):
        return None, Reach.ACCOUNT
    if caller.kind in (Kind.SERVICE, Kind.ANONYMOUS):
        return False, Reach.NAMED
    root: Text = f"arn:{caller.partition}:iam::{caller.account}:root"
    if match((value,), root, wildcards=False) is not False:
        return None, Reach.ACCOUNT
    return match((value,), caller.text, wildcards=False), Reach.NAMED


def _means_aws(value: str, caller: Principal) -> tuple[Tri, Reach]:
    if value == "*":
        return True, Reach.ANYBODY
    if not caller.is_iam:
        return False, Reach.NAMED
    root = _ROOT.fullmatch(value)
    account = root[1] if root else value
    if ACCOUNT_ID.fullmatch(account):
        reach = Reach.NAMED if caller.kind is Kind.ROOT else Reach.ACCOUNT
        return account == caller.account, reach
    if value == caller.text:
        return True, Reach.SESSION if caller.kind is Kind.SESSION else Reach.NAMED
    if caller.kind is Kind.SESSION:
        named = parse_arn(value)
        is_role = (
            named is not None
            and named.service == "iam"
            and named.account == caller.account
            and named.resource.startswith("role/")
            and role_name(named.resource) == caller.role
        )
        return is_role, Reach.NAMED
    return False, Reach.NAMED


def show(kind: str, value: Text) -> str:
    """A Principal entry for a reader."""
    return "anybody" if value == "*" else str(value) if kind in ("AWS", "Service") else str(text(kind, " ", value))
