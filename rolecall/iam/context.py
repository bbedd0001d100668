"""The request context: the condition keys that a request carries, given and derived from the caller.

Source: https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_condition-keys.html (availability of each
key) and reference_policies_variables.html#principaltable (their values for each kind of principal).
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any, Union

from rolecall.unknown import Text, Unknown, text

# Keys about an IAM identity, its session or its organization. A service that calls as itself has none of these; that
# its organization is compared with aws:SourceOrgID instead is said at #condition-keys-sourceorgid.
_NOT_OF_SERVICES = (
    "aws:principalorgid",
    "aws:principalorgpaths",
    "aws:principaltag/",
    "aws:username",
    "aws:multifactorauth",
    "aws:tokenissuetime",
    "aws:federatedprovider",
    "aws:sourceidentity",
    "sts:externalid",
    "saml:",
)


class MayBeAbsent(Unknown):
    """The value of a condition key of which it is not known whether the request carries it at all."""


class WithoutPath(str):
    """A role's ARN as its session's ARN tells it: without the path, if it has one. ``with_path``: with any path."""

    __slots__ = ()

    @property
    def with_path(self) -> Text:
        before, _, name = self.partition(":role/")
        return text(before, ":role/", Unknown("the role's path is not known"), "/", name)


Values = Union[tuple[Text, ...], MayBeAbsent, None]


def carried_by_services(key: str) -> bool:
    """Whether a request that an AWS service makes as itself can carry this condition key."""
    return not key.lower().startswith(_NOT_OF_SERVICES)


class Context:
    """Condition keys with their values, case-insensitive. A key that is not in it is absent from the request."""

    __slots__ = ("_derive", "_derived", "_given", "_lower", "of_service")

    def __init__(
        self, given: Mapping[str, Any], derived: Callable[[], Mapping[str, Any]] = dict, *, of_service: bool = False
    ) -> None:
        """given: values text, booleans, numbers, lists of them, or ``Unknown``.

        derived: gives the keys that follow from the request, in lower case; called when one is asked for.
        of_service: the caller is an AWS service, so that keys of IAM identities are not in the request, given or not.
        """
        self._given = given
        self._lower: dict[str, Any] | None = None  # made when first asked: most requests are decided without
        self._derive = derived
        self._derived: Mapping[str, Any] | None = None
        self.of_service = of_service

    def get(self, key: str) -> Values:
        """The values of a key; ``None`` when the request has no such key; ``MayBeAbsent`` when that cannot be told."""
        key = key.lower()
        if self.of_service and key.startswith(_NOT_OF_SERVICES):
            return None
        if self._lower is None:
            self._lower = {str(given).lower(): value for given, value in self._given.items() if value is not None}
        value = self._lower.get(key, self)
        if value is self:
            if self._derived is None:
                self._derived = self._derive()
            value = self._derived.get(key, self)
        if type(value) is str:
            return (value,)
        return None if value is self else _values(value)


def _values(value: Any) -> tuple[Text, ...] | MayBeAbsent:
    if isinstance(value, MayBeAbsent):
        return value
    values = value if isinstance(value, (list, tuple, set, frozenset)) else [value]
    return tuple(item if isinstance(item, (str, Unknown)) else _plain(item) for item in values)


def _plain(value: Any) -> str:
    return str(value).lower() if isinstance(value, bool) else str(value)
