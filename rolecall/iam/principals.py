"""The Principal element of a statement: whether it means the caller, and how.

Source: https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_principal.html
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from functools import cached_property

from rolecall.arn import last_segment
from rolecall.iam.arns import same_arn
from rolecall.iam.caller import CERTAIN, Admission, Kind, Principal, Reach
from rolecall.unknown import Text, Tri, Unknown, any3, parts_of, text

NOBODY: Admission = {}
EVERYBODY = CERTAIN[Reach.ANYBODY]
_UNIQUE_ID = re.compile(r"A[A-Z]{3}[A-Z0-9]{12,124}", re.ASCII)  # reference_identifiers.html#identifiers-unique-ids


@dataclass(frozen=True)
class Principals:
    """The Principal element of a statement, or NotPrincipal (``negated``): pairs of type and value."""

    entries: tuple[tuple[str, Text], ...]
    negated: bool = False

    @cached_property
    def known(self) -> frozenset[tuple[str, str]]:
        """The known entries, and those that name a role once more without the role's path."""
        known = [(kind, value) for kind, value in self.entries if isinstance(value, str)]
        of_iam = [value for kind, value in known if kind == "AWS"]
        behind = [(kind, str(form(value))) for value in of_iam for kind, form in _BEHIND.items()]
        return frozenset(known + behind)

    @cached_property
    def unknown(self) -> tuple[tuple[str, Text], ...]:
        return tuple((kind, value) for kind, value in self.entries if isinstance(value, Unknown))

    def admit(self, caller: Principal, canonical: bool = False) -> Admission:
        """How the element covers the caller.

        canonical: the resource is one whose policies may name accounts by their canonical user IDs (Amazon S3).
        """
        aliases = caller.known_aliases
        found: Admission = NOBODY
        if aliases is None:
            found = _answers(caller, self.entries)
        else:
            known = self.known
            for alias, admission in aliases:
                if alias in known:
                    found = admission
                    break
            if self.unknown:
                found = {**_answers(caller, self.unknown), **found}
        if canonical and caller.is_iam and any(kind == "CanonicalUser" for kind, _ in self.entries):
            found = {Reach.UNKNOWN: None, **found}  # an ID of its own, which no ARN tells
        return self._all_but(found, caller) if self.negated else found

    def _all_but(self, found: Admission, caller: Principal) -> Admission:
        """The admission of NotPrincipal, from that of the entries.

        Of a session AWS may look at account, role and session one by one: all of them have to be listed.
        Source: https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_notprincipal.html
        """
        itself = (Reach.SELF, Reach.ANYBODY, *((Reach.NAMED,) if caller.kind is Kind.ROLE else ()))
        if any(found.get(reach) for reach in itself):
            return NOBODY
        return {Reach.ANYBODY: None} if found else EVERYBODY

    def __str__(self) -> str:
        return ("all but " if self.negated else "") + (", ".join(_shown(*entry) for entry in self.entries) or "nobody")


def _shown(kind: str, value: Text) -> str:
    if value == "*" and kind == "AWS":
        return "anybody"
    if isinstance(value, str) and _UNIQUE_ID.fullmatch(value):
        return f"{value} (what is left of a role or user that was deleted)"
    return str(value) if kind in ("AWS", "Service") else f"{kind} {value}"


def _answers(caller: Principal, entries: Iterable[tuple[str, Text]]) -> Admission:
    """How entries mean the caller where either is known in part."""
    found: dict[Reach, Tri] = {}
    for kind, value in entries:
        if kind == "AWS" and value == "*":
            found[Reach.ANYBODY] = True
            continue
        same: dict[Reach, Tri] = {}
        for alias_kind, alias, reach in caller.aliases:
            form = _BEHIND.get(alias_kind)
            found_here = kind == ("AWS" if form else alias_kind) and same_arn(form(value) if form else value, alias)
            if alias_kind == "users" and found_here:
                found_here = None
            same[reach] = any3((found_here, same.get(reach, False)))
        may_be_anybody = kind == "AWS" and isinstance(value, Unknown) and parts_of(value) == (value,)
        certain = True in same.values()  # it is this alias then, and no other
        if not certain and (may_be_anybody or caller.kind is Kind.UNKNOWN):
            same[Reach.UNKNOWN] = None
        for reach, answer in same.items():
            if answer or (answer is None and not certain):
                found[reach] = any3((answer, found.get(reach, False)))
    return found


def _without_path(role: Text) -> Text:
    """A role's ARN without the role's path; any other text as it is."""
    pieces = parts_of(role)
    for at, piece in enumerate(pieces):
        if isinstance(piece, str) and ":role/" in piece:
            start, _, name = piece.partition(":role/")
            return text(*pieces[:at], start, ":role/", last_segment((name, *pieces[at + 1 :])))
    return role


def _users(user: Text) -> Text:
    """The ARN of a user without the user's path and name; any other text as it is."""
    first = parts_of(user)[0]
    return user if not isinstance(first, str) or ":user/" not in first else first.partition(":user/")[0] + ":user/"


_BEHIND: dict[str, Callable[[Text], Text]] = {"role": _without_path, "users": _users}
