"""Who makes a request: what a Principal element may call them, and what AWS tells of them in the request.

Sources: https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_principal.html,
reference_policies_condition-keys.html#principal-properties and reference_policies_variables.html#principaltable.
"""

from __future__ import annotations

import re
import reprlib
from collections.abc import Mapping
from dataclasses import dataclass, replace
from enum import Enum
from functools import cached_property, lru_cache

from rolecall.arn import ACCOUNT_ID, first_segment, last_segment, parse_arn, text_parts
from rolecall.iam.context import MayBeAbsent, WithoutPath
from rolecall.unknown import Text, Tri, Unknown, parts_of, text

_SERVICE = re.compile(r"[a-z0-9.-]+\.(amazonaws\.com(\.cn)?|amazon\.com)", re.ASCII)
_SERVICES = (".amazonaws.com", ".amazonaws.com.cn")
_PROVIDER = re.compile(r"[A-Za-z0-9-]+(\.[A-Za-z0-9-]+)+(:[0-9]+)?(/[A-Za-z0-9./_-]*)?", re.ASCII)
_CANONICAL = re.compile(r"[0-9a-f]{64}", re.ASCII)


class Kind(Enum):
    SERVICE = "service"
    ROOT = "account root"
    USER = "user"
    ROLE = "role"
    SESSION = "role session"
    FEDERATED_USER = "federated user session"
    FEDERATED = "federated identity"
    CANONICAL = "canonical user"
    ANONYMOUS = "anonymous"
    UNKNOWN = "unknown"


_IAM = frozenset({Kind.ROOT, Kind.USER, Kind.ROLE, Kind.SESSION, Kind.FEDERATED_USER})
_OF_ARN = {
    ("sts", "assumed-role"): Kind.SESSION,
    ("sts", "federated-user"): Kind.FEDERATED_USER,
    ("iam", "role"): Kind.ROLE,
    ("iam", "user"): Kind.USER,
    ("iam", "root"): Kind.ROOT,
    ("iam", "oidc-provider"): Kind.FEDERATED,
    ("iam", "saml-provider"): Kind.FEDERATED,
}


class Reach(Enum):
    """How a statement means the caller, strongest first; it decides what can still hold the caller back.

    SELF: the very principal that calls: a user, a session, a service. ANYBODY: all principals. NAMED: the role or user
    behind the session. ACCOUNT: the caller's account, which has to grant the rest. UNKNOWN: one of these.
    """

    SELF = "self"
    ANYBODY = "anybody"
    NAMED = "named"
    ACCOUNT = "account"
    UNKNOWN = "unknown"

    __hash__ = object.__hash__  # members are single objects; Enum's own hash is several times slower


REACHES = tuple(Reach)  # the strongest first
Admission = Mapping[Reach, Tri]  # the ways in which a statement means the caller; the certain ones are True
CERTAIN: dict[Reach, Admission] = {reach: {reach: True} for reach in REACHES}
_PERHAPS_NAMED: Admission = {Reach.NAMED: None}


@dataclass(frozen=True)
class Principal:
    """The caller. account: its account ID, ``""`` where it has none. name: of its role or user, without the path."""

    kind: Kind
    text: Text
    account: Text = ""
    partition: Text = "aws"
    name: Text = ""

    @cached_property
    def is_iam(self) -> bool:
        """Whether identity policies apply to it."""
        return self.kind in _IAM

    @cached_property
    def may_have_policies(self) -> bool:
        """Whether it is an IAM identity, or may be one."""
        return self.is_iam or self.kind is Kind.UNKNOWN

    @cached_property
    def is_service(self) -> bool:
        return self.kind is Kind.SERVICE

    @cached_property
    def service_linked(self) -> bool:
        """Whether it is a service-linked role, which the organization's policies do not restrict."""
        if self.kind is Kind.SESSION:
            return str(self.name).startswith("AWSServiceRoleFor")
        return self.kind is Kind.ROLE and ":role/aws-service-role/" in str(self.text)

    @cached_property
    def aliases(self) -> tuple[tuple[str, Text, Reach], ...]:
        """What a Principal element may call this caller: type, text and reach, strongest first.

        The type ``role`` stands for a role's ARN without its path; ``users`` for all users of an account, since the
        name of a federated user's session does not tell which of them made it.
        """
        kinds = {Kind.SERVICE: "Service", Kind.FEDERATED: "Federated", Kind.CANONICAL: "CanonicalUser"}
        if not self.is_iam:
            return ((kinds[self.kind], self.text, Reach.SELF),) if self.kind in kinds else ()
        start = ("arn:", self.partition, ":iam::", self.account)
        through = Reach.SELF if self.kind is Kind.ROOT else Reach.ACCOUNT
        itself = Reach.NAMED if self.kind is Kind.ROLE else Reach.SELF
        behind: list[tuple[str, Text, Reach]] = []
        if self.kind is Kind.SESSION:
            behind = [("role", text(*start, ":role/", self.name), Reach.NAMED)]
        elif self.kind is Kind.FEDERATED_USER:
            behind = [("users", text(*start, ":user/"), Reach.NAMED)]
        account = [("AWS", text(*start, ":root"), through), ("AWS", self.account, through)]
        return (("AWS", self.text, itself), *behind, *account)

    @cached_property
    def known_aliases(self) -> tuple[tuple[tuple[str, str], Admission], ...] | None:
        """The aliases as keys of ``Principals.known``, strongest first; ``None`` when some are known in part only."""
        if self.kind is Kind.UNKNOWN or any(isinstance(value, Unknown) for _, value, _ in self.aliases):
            return None
        found = [(kind, str(value), reach) for kind, value, reach in self.aliases]
        found.append(("AWS", "*", Reach.ANYBODY))
        found.sort(key=lambda alias: REACHES.index(alias[2]))
        return tuple(
            ((kind, value), _PERHAPS_NAMED if kind == "users" else CERTAIN[reach]) for kind, value, reach in found
        )

    @cached_property
    def context(self) -> Mapping[str, object]:
        """The global condition keys that AWS derives from the caller itself, in lower case.

        Source: https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_condition-keys.html#principal-properties
        and reference_policies_variables.html#principaltable.
        """
        return _DERIVED[self.kind](self) if self.kind in _DERIVED else _of_iam(self) if self.is_iam else {}


def parse_principal(caller: Text, action: str = "") -> Principal:
    """Parse a caller: service principal, IAM or STS ARN, account root ARN, account ID, or ``"*"`` (anonymous).

    caller: may be known in part (a role of this configuration whose account is not known). A federated identity is
        named by its provider: a domain, perhaps with a path, or the provider's ARN.
    action: in lower case; tells federated identities from services where both have one name
        (``cognito-identity.amazonaws.com``).
    Raises ``ValueError`` for an ARN that is no principal's.
    """
    principal = _parse_known(caller) if isinstance(caller, str) else _parse_in_part(caller)
    if action.startswith("sts:assumerolewith") and principal.is_service:
        return replace(principal, kind=Kind.FEDERATED)
    return principal


@lru_cache(maxsize=4096)
def _parse_known(caller: str) -> Principal:
    if caller == "*":
        return Principal(Kind.ANONYMOUS, caller)
    if _SERVICE.fullmatch(caller):
        return Principal(Kind.SERVICE, caller)
    if ACCOUNT_ID.fullmatch(caller):
        return Principal(Kind.ROOT, f"arn:aws:iam::{caller}:root", caller)
    if _CANONICAL.fullmatch(caller):
        return Principal(Kind.CANONICAL, caller)
    if _PROVIDER.fullmatch(caller):
        return Principal(Kind.FEDERATED, caller)
    arn = parse_arn(caller)
    if arn is None:
        raise ValueError(f"{reprlib.repr(caller)} is not a principal")
    return _of_arn(caller, arn.service, arn.partition, arn.account, arn.resource)


@lru_cache(maxsize=4096)
def _parse_in_part(caller: Unknown) -> Principal:
    known = [part for part in parts_of(caller) if isinstance(part, str)]
    if known and parts_of(caller)[-1] is known[-1] and known[-1].endswith(_SERVICES) and ":" not in "".join(known):
        return Principal(Kind.SERVICE, caller)
    parts = text_parts(caller) or ()
    try:
        return _of_arn(caller, *(parts[number] for number in (2, 1, 4, 5)))
    except (IndexError, ValueError):
        return Principal(Kind.UNKNOWN, caller)


def _of_arn(caller: Text, service: Text, partition: Text, account: Text, resource: Text) -> Principal:
    start, *rest = parts_of(resource)
    kind, _, name = start.partition("/") if isinstance(start, str) else ("", "", "")
    found = _OF_ARN.get((str(service), kind))
    if found is None:
        raise ValueError(f"{reprlib.repr(str(caller))} is not a principal")
    if found is Kind.SESSION:
        return Principal(found, caller, account, partition, first_segment((name, *rest)))
    return Principal(found, caller, account, partition, last_segment((name, *rest)))


def _of_service(caller: Principal) -> Mapping[str, object]:
    untold = MayBeAbsent("what it is when an AWS service calls is not documented")
    return {
        "aws:principalisawsservice": "true",
        "aws:principalservicename": caller.text,
        "aws:principalservicenameslist": [caller.text, Unknown("the service's other principals are not known")],
        **dict.fromkeys(("aws:principalarn", "aws:principalaccount", "aws:principaltype", "aws:userid"), untold),
    }


def _of_anonymous(caller: Principal) -> Mapping[str, object]:
    return {"aws:principaltype": "Anonymous", "aws:principalaccount": "anonymous", "aws:userid": "anonymous"}


def _of_unknown(caller: Principal) -> Mapping[str, object]:
    keys = ("arn", "account", "type", "isawsservice", "orgid", "orgpaths", "servicename", "servicenameslist")
    return dict.fromkeys([*(f"aws:principal{key}" for key in keys), "aws:userid", "aws:username"],
                         MayBeAbsent("the caller is not known"))  # fmt: skip


def _of_iam(caller: Principal) -> Mapping[str, object]:
    types = {Kind.ROOT: "Account", Kind.USER: "User", Kind.FEDERATED_USER: "FederatedUser"}
    unique = Unknown("the caller's unique ID is not known")
    arn, user_id = caller.text, caller.account if caller.kind is Kind.ROOT else unique
    if caller.kind is Kind.SESSION:  # aws:PrincipalArn is the role's
        arn = caller.aliases[1][1]
        arn = WithoutPath(arn) if isinstance(arn, str) else arn
        user_id = text(unique, ":", str(caller.text).rpartition("/")[2])
    return {
        "aws:principalisawsservice": "false",
        "aws:principalarn": arn,
        "aws:principalaccount": caller.account,
        "aws:principaltype": types.get(caller.kind, "AssumedRole"),
        "aws:userid": user_id,
        **({"aws:username": caller.name} if caller.kind is Kind.USER else {}),
    }


_DERIVED = {Kind.SERVICE: _of_service, Kind.ANONYMOUS: _of_anonymous, Kind.UNKNOWN: _of_unknown}
