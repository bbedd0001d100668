"""IAM policy documents: from JSON text or a dictionary to statements.

Source: https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements.html
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from rolecall.iam.conditions import Condition, parse_condition
from rolecall.unknown import Text, Unknown

VERSIONS = ("2012-10-17", "2008-10-17")
PRINCIPAL_TYPES = ("AWS", "Service", "Federated", "CanonicalUser")
_STATEMENT_KEYS = frozenset(
    {"Sid", "Effect", "Principal", "NotPrincipal", "Action", "NotAction", "Resource", "NotResource", "Condition"}
)


class PolicyError(ValueError):
    """A document that is not a policy; the message names the policy and the place in it."""


@dataclass(frozen=True)
class Statement:
    """One statement. ``principals`` are pairs of type and value; ``None`` where the element is absent.

    An element that is Unknown as a whole is a one-element tuple of ``Unknown``. ``unknown`` is set when nothing of the
    statement is known.
    """

    index: int
    sid: str
    effect: Text
    actions: tuple[Text, ...] = ()
    not_action: bool = False
    principals: tuple[tuple[str, Text], ...] | None = None
    not_principal: bool = False
    resources: tuple[Text, ...] | None = None
    not_resource: bool = False
    conditions: tuple[Condition, ...] | Unknown = ()
    unknown: Unknown | None = None

    @property
    def label(self) -> str:
        """``statement 0``, or ``statement 0 (AllowInvoke)`` when it has a Sid."""
        return f"statement {self.index} ({self.sid})" if self.sid else f"statement {self.index}"


@dataclass(frozen=True)
class Policy:
    """A parsed policy. ``name`` says which policy it is in messages."""

    name: str
    statements: tuple[Statement, ...]
    variables: bool = True


def parse_policy(document: Mapping[str, Any] | str | bytes | Unknown | Policy, name: str = "policy") -> Policy:
    """Parse a policy document.

    document: JSON text, or the dictionary of it in which any value may be ``Unknown``; an ``Unknown`` document may
        say anything. A ``Policy`` is returned as it is.
    name: how messages call it.
    Raises ``PolicyError`` for anything that IAM would not store.
    """
    if isinstance(document, Policy):
        return document
    if isinstance(document, Unknown):
        return Policy(name, (_unknown_statement(0, document),))
    if isinstance(document, (str, bytes)):
        document = _load(document, name)
    if not isinstance(document, Mapping):
        raise PolicyError(f"{name}: a policy is a JSON object, not {_kind(document)}")
    version = document.get("Version", "2008-10-17")
    if not isinstance(version, Unknown) and str(version) not in VERSIONS:
        raise PolicyError(f"{name}: Version must be {VERSIONS[0]} or {VERSIONS[1]}, not {version!r}")
    for key in document:
        if key not in ("Version", "Id", "Statement"):
            raise PolicyError(f"{name}: unknown element {key!r}")
    if "Statement" not in document:
        raise PolicyError(f"{name}: Statement is missing")
    statements = tuple(parse_statement(raw, index, name) for index, raw in enumerate(_listed(document["Statement"])))
    return Policy(name, statements, variables=isinstance(version, Unknown) or str(version) == VERSIONS[0])


def parse_statement(raw: Any, index: int = 0, name: str = "policy") -> Statement:
    """Parse one statement; see ``parse_policy``."""
    place = f"{name}: statement {index}"
    if isinstance(raw, Unknown):
        return _unknown_statement(index, raw)
    if not isinstance(raw, Mapping):
        raise PolicyError(f"{place}: must be an object, not {_kind(raw)}")
    for key in raw:
        if key not in _STATEMENT_KEYS:
            raise PolicyError(f"{place}: unknown element {key!r}")
    for key in ("Action", "Principal", "Resource"):
        if key in raw and f"Not{key}" in raw:
            raise PolicyError(f"{place}: {key} and Not{key} exclude each other")
    effect = raw.get("Effect")
    if not isinstance(effect, Unknown) and effect not in ("Allow", "Deny"):
        raise PolicyError(f"{place}: Effect must be Allow or Deny, not {effect!r}")
    if "Action" not in raw and "NotAction" not in raw:
        raise PolicyError(f"{place}: Action or NotAction is missing")
    sid = raw.get("Sid", "")
    return Statement(
        index=index,
        sid=sid if isinstance(sid, str) else "",
        effect=effect,
        actions=_texts(raw.get("Action", raw.get("NotAction")), f"{place}: Action"),
        not_action="NotAction" in raw,
        principals=_principals(raw, place),
        not_principal="NotPrincipal" in raw,
        resources=_optional_texts(raw, "Resource", place),
        not_resource="NotResource" in raw,
        conditions=_conditions(raw.get("Condition", {}), place),
    )


def _unknown_statement(index: int, value: Unknown) -> Statement:
    return Statement(index=index, sid="", effect=value, unknown=value)


def _load(document: str | bytes, name: str) -> Any:
    try:
        return json.loads(document)
    except (ValueError, RecursionError) as fault:
        raise PolicyError(f"{name}: not JSON: {fault}") from None


def _listed(value: Any) -> list[Any]:
    return list(value) if isinstance(value, (list, tuple)) else [value]


def _texts(value: Any, place: str) -> tuple[Text, ...]:
    values = _listed(value)
    for item in values:
        if not isinstance(item, (str, Unknown)):
            raise PolicyError(f"{place}: must be text or a list of texts, not {_kind(item)}")
    return tuple(values)


def _optional_texts(raw: Mapping[str, Any], element: str, place: str) -> tuple[Text, ...] | None:
    for key in (element, f"Not{element}"):
        if key in raw:
            return _texts(raw[key], f"{place}: {key}")
    return None


def _principals(raw: Mapping[str, Any], place: str) -> tuple[tuple[str, Text], ...] | None:
    """Pairs of type and value; ``"*"`` alone is the same as ``{"AWS": "*"}``.

    Source: https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_principal.html
    """
    key = next((key for key in ("Principal", "NotPrincipal") if key in raw), None)
    if key is None:
        return None
    value = raw[key]
    if isinstance(value, Unknown):
        return (("AWS", value), ("Service", value))
    if value == "*":
        return (("AWS", "*"),)
    if not isinstance(value, Mapping):
        raise PolicyError(f'{place}: {key}: must be "*" or an object, not {_kind(value)}')
    pairs: list[tuple[str, Text]] = []
    for kind, values in value.items():
        if kind not in PRINCIPAL_TYPES:
            raise PolicyError(f"{place}: {key}: unknown type {kind!r}; allowed: {', '.join(PRINCIPAL_TYPES)}")
        pairs.extend((kind, item) for item in _texts(values, f"{place}: {key}: {kind}"))
    return tuple(pairs)


def _conditions(raw: Any, place: str) -> tuple[Condition, ...] | Unknown:
    if isinstance(raw, Unknown):
        return raw
    if not isinstance(raw, Mapping):
        raise PolicyError(f"{place}: Condition: must be an object, not {_kind(raw)}")
    conditions = []
    for operator, keys in raw.items():
        if isinstance(keys, Unknown):
            return keys
        if not isinstance(keys, Mapping):
            raise PolicyError(f"{place}: Condition: {operator}: must be an object, not {_kind(keys)}")
        for key, values in keys.items():
            listed = tuple(v if isinstance(v, (str, Unknown)) else _scalar(v, place, key) for v in _listed(values))
            try:
                conditions.append(parse_condition(operator, key, listed))
            except ValueError as fault:
                raise PolicyError(f"{place}: Condition: {fault}") from None
    return tuple(conditions)


def _scalar(value: Any, place: str, key: str) -> str:
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, (int, float)):
        return str(value)
    raise PolicyError(f"{place}: Condition: {key}: must be text, a number or a boolean, not {_kind(value)}")


def _kind(value: Any) -> str:
    names = {dict: "an object", list: "a list", str: "text", bool: "a boolean", type(None): "null"}
    return names.get(type(value), "a number" if isinstance(value, (int, float)) else type(value).__name__)
