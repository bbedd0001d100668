"""IAM policy documents: from JSON text or a dictionary to statements.

Source: https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements.html
"""

from __future__ import annotations

import json
import reprlib
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from functools import cached_property, lru_cache
from typing import Any, Union

from rolecall.iam.conditions import Condition, parse_condition
from rolecall.iam.principals import Principals
from rolecall.iam.statement import WHOLE, Statement
from rolecall.unknown import Text, Tri, Unknown

CURRENT = "2012-10-17"
OLD = "2008-10-17"
PRINCIPAL_TYPES = ("AWS", "Service", "Federated", "CanonicalUser")
_STATEMENT_KEYS = frozenset(
    {"Sid", "Effect", "Principal", "NotPrincipal", "Action", "NotAction", "Resource", "NotResource", "Condition"}
)


_EXCLUSIVE = (("Action", "NotAction"), ("Principal", "NotPrincipal"), ("Resource", "NotResource"))
_GREATEST = 10**400  # no condition compares greater numbers


class PolicyError(ValueError):
    """A document that is not a policy; the message names the policy and the place in it."""


@dataclass(frozen=True)
class Policy:
    """A parsed policy.

    name: which policy it is, for messages. variables: whether its version knows policy variables (2012-10-17).
    """

    name: str
    statements: tuple[Statement, ...]
    variables: Tri = True

    @cached_property
    def condition_keys(self) -> frozenset[str]:
        """The condition keys that its statements ask for, as they are written."""
        return frozenset(
            condition.key
            for statement in self.statements
            for condition in statement.conditions
            if isinstance(condition, Condition)
        )

    @cached_property
    def not_of_identity(self) -> str:
        """Why it cannot be a policy of an identity, a boundary or a control policy; empty when it can.

        Source: https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_grammar.html#policies-grammar-notes
        """
        for statement in self.statements:
            place = f"{self.name}: statement {statement.index}"
            if statement.principals is not None:
                return f"{place}: Principal has no place in the policy of an identity"
            if statement.resources is None and statement.unknown is None:
                return f"{place}: Resource or NotResource is missing"
        return ""

    @cached_property
    def not_of_resource(self) -> str:
        """Why it cannot be a resource's own policy; empty when it can."""
        for statement in self.statements:
            if statement.principals is None and statement.unknown is None:
                return f"{self.name}: statement {statement.index}: Principal is missing"
        return ""


PolicyDocument = Union[Mapping[str, Any], str, bytes, Unknown, Policy]


def parse_policy(document: PolicyDocument, name: str = "policy") -> Policy:
    """Parse a policy document.

    document: JSON text, or the dictionary of it in which any value may be ``Unknown``; an ``Unknown`` document may
        say anything. A ``Policy`` is returned as it is. What a document says is remembered, by its text, unless a
        value of it is not known.
    name: how messages call it.
    Raises ``PolicyError`` for anything that IAM would not store.
    """
    if isinstance(document, Policy):
        return document
    if isinstance(document, Unknown):
        return Policy(name, (_unknown_statement(WHOLE, document),), None)
    if not isinstance(document, (str, bytes)):
        try:
            document = json.dumps(document)
        except (TypeError, ValueError, RecursionError):  # something in it is not JSON: Unknown, or a mistake
            return parse_object(document, name)
    return _parse_text(document, name)


@lru_cache(maxsize=1024)
def _parse_text(document: str | bytes, name: str) -> Policy:
    def unique(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
        # https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_grammar.html#policies-grammar-notes
        found = dict(pairs)
        if len(found) < len(pairs):
            names = [key for key, _ in pairs]
            twice = next(key for key in names if names.count(key) > 1)
            raise PolicyError(f"{name}: {_shown(twice)} stands twice in one object")
        return found

    try:
        raw = json.loads(document, object_pairs_hook=unique)
    except PolicyError:
        raise
    except (ValueError, RecursionError) as fault:
        raise PolicyError(f"{name}: not JSON: {fault}") from None
    return parse_object(raw, name)


def parse_object(document: Any, name: str = "policy") -> Policy:
    """Parse a policy document that is no text, as ``parse_policy`` does, of which nothing is to be remembered."""
    if not isinstance(document, Mapping):
        raise PolicyError(f"{name}: a policy is a JSON object, not {_kind(document)}")
    version = document.get("Version", OLD)
    if isinstance(version, date):  # as YAML reads it without quotes
        version = version.isoformat()
    if not isinstance(version, Unknown) and version not in (CURRENT, OLD):
        raise PolicyError(f"{name}: Version must be {CURRENT} or {OLD}, not {_shown(version)}")
    for key in document:
        if key not in ("Version", "Id", "Statement"):
            raise PolicyError(f"{name}: unknown element {_shown(key)}")
    if "Statement" not in document:
        raise PolicyError(f"{name}: Statement is missing")
    statements = tuple(parse_statement(raw, index, name) for index, raw in enumerate(_listed(document["Statement"])))
    return Policy(name, statements, None if isinstance(version, Unknown) else version == CURRENT)


def parse_statement(raw: Any, index: int = 0, name: str = "policy") -> Statement:
    """Parse one statement; see ``parse_policy``."""
    place = f"{name}: statement {index}"
    if isinstance(raw, Unknown):
        return _unknown_statement(index, raw)
    if not isinstance(raw, Mapping):
        raise PolicyError(f"{place}: must be an object, not {_kind(raw)}")
    if not raw.keys() <= _STATEMENT_KEYS:
        strange = next(key for key in raw if key not in _STATEMENT_KEYS)
        raise PolicyError(f"{place}: unknown element {_shown(strange)}")
    for key, negated in _EXCLUSIVE:
        if negated in raw and key in raw:
            raise PolicyError(f"{place}: {key} and {negated} exclude each other")
    effect = raw.get("Effect")
    if not isinstance(effect, Unknown) and effect not in ("Allow", "Deny"):
        raise PolicyError(f"{place}: Effect must be Allow or Deny, not {_shown(effect)}")
    if "Action" not in raw and "NotAction" not in raw:
        raise PolicyError(f"{place}: Action or NotAction is missing")
    sid = raw.get("Sid", "")
    if not isinstance(sid, (str, Unknown)):
        raise PolicyError(f"{place}: Sid must be text, not {_kind(sid)}")
    return Statement(
        index=index,
        sid=sid if isinstance(sid, str) else "",
        effect=effect,
        actions=_texts(raw.get("Action", raw.get("NotAction")), f"{place}: Action"),
        not_action="NotAction" in raw,
        principals=_principals(raw, place),
        resources=_resources(raw, place),
        not_resource="NotResource" in raw,
        conditions=_conditions(raw.get("Condition", {}), place),
    )


def _unknown_statement(index: int, value: Unknown) -> Statement:
    return Statement(index=index, sid="", effect=value, unknown=value)


def _listed(value: Any) -> list[Any]:
    return list(value) if isinstance(value, (list, tuple)) else [value]


def _texts(value: Any, place: str) -> tuple[Text, ...]:
    values = _listed(value)
    for item in values:
        if not isinstance(item, (str, Unknown)):
            raise PolicyError(f"{place}: must be text or a list of texts, not {_kind(item)}")
    return tuple(values)


def _resources(raw: Mapping[str, Any], place: str) -> tuple[Text, ...] | None:
    for key in ("Resource", "NotResource"):
        if key in raw:
            return _texts(raw[key], f"{place}: {key}")
    return None


def _principals(raw: Mapping[str, Any], place: str) -> Principals | None:
    """Pairs of type and value; ``"*"`` alone is the same as ``{"AWS": "*"}``.

    Source: https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_principal.html#principal-anonymous
    """
    key = next((key for key in ("Principal", "NotPrincipal") if key in raw), None)
    if key is None:
        return None
    value = raw[key]
    if isinstance(value, Unknown):
        return Principals(tuple((kind, value) for kind in PRINCIPAL_TYPES[:3]), key == "NotPrincipal")
    if value == "*":
        value = {"AWS": "*"}
    if not isinstance(value, Mapping):
        raise PolicyError(f'{place}: {key}: must be "*" or an object, not {_shown(value)}')
    pairs: list[tuple[str, Text]] = []
    for kind, values in value.items():
        if kind not in PRINCIPAL_TYPES:
            raise PolicyError(f"{place}: {key}: unknown type {_shown(kind)}; allowed: {', '.join(PRINCIPAL_TYPES)}")
        pairs.extend((kind, item) for item in _texts(_account_numbers(values), f"{place}: {key}: {kind}"))
    return Principals(tuple(pairs), key == "NotPrincipal")


def _account_numbers(values: Any) -> Any:
    """YAML reads an account ID without quotes as a number; one of twelve digits has lost nothing by it."""
    return [str(v) if type(v) is int and 10**11 <= v < 10**12 else v for v in _listed(values)]


def _conditions(raw: Any, place: str) -> tuple[Union[Condition, Unknown], ...]:
    if isinstance(raw, Unknown):
        return (raw,)
    if not isinstance(raw, Mapping):
        raise PolicyError(f"{place}: Condition: must be an object, not {_kind(raw)}")
    conditions: list[Union[Condition, Unknown]] = []
    for operator, keys in raw.items():
        if isinstance(keys, Unknown):
            conditions.append(keys)
            continue
        if not isinstance(keys, Mapping) or not isinstance(operator, str):
            raise PolicyError(f"{place}: Condition: {_shown(operator)}: must be an object, not {_kind(keys)}")
        for key, values in keys.items():
            if not isinstance(key, str):
                raise PolicyError(f"{place}: Condition: {operator}: a key must be text, not {_shown(key)}")
            listed = tuple(v if isinstance(v, (str, Unknown)) else _scalar(v, place, key) for v in _listed(values))
            try:
                conditions.append(parse_condition(operator, key, listed))
            except ValueError:
                raise PolicyError(f"{place}: Condition: unknown operator {_shown(operator)}") from None
    return tuple(conditions)


def _scalar(value: Any, place: str, key: str) -> str:
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, float) or (isinstance(value, int) and abs(value) < _GREATEST):
        return str(value)
    raise PolicyError(f"{place}: Condition: {_shown(key)}: must be text, a number or a boolean, not {_kind(value)}")


def _kind(value: Any) -> str:
    names = {dict: "an object", list: "a list", str: "text", bool: "a boolean", type(None): "null"}
    return names.get(type(value), "a number" if isinstance(value, (int, float)) else type(value).__name__)


def _shown(value: Any) -> str:
    """A foreign value for a message: itself where it is short, else what kind of value it is."""
    short = value is None or isinstance(value, (str, float)) or (isinstance(value, int) and abs(value) < _GREATEST)
    return reprlib.repr(value) if short else _kind(value)
