"""What the rules need of an account, so that nothing else is read.

The role and the settings of a function come with ListFunctions and are always there; these are the rest.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping

from rolecall.model import Function, Invoker, Permission
from rolecall.rules import load_rules

ROLES = "roles"
FUNCTION_POLICIES = "function_policies"
EVENT_SOURCE_MAPPINGS = "event_source_mappings"

_BY_SUBJECT: Mapping[type, frozenset[str]] = {
    Function: frozenset({ROLES}),
    Permission: frozenset({FUNCTION_POLICIES}),
    Invoker: frozenset({FUNCTION_POLICIES}),
}
_BY_RULE: Mapping[str, frozenset[str]] = {
    "RC102": frozenset(),  # the ARN alone decides
    "RC103": frozenset({ROLES, EVENT_SOURCE_MAPPINGS}),  # pollers use the role without aws:SourceArn
}


def needs_of(rules: Collection[str]) -> frozenset[str]:
    """What these rules (IDs) need: some of ``ROLES``, ``FUNCTION_POLICIES``, ``EVENT_SOURCE_MAPPINGS``.

    A rule that is not in the table needs what its subject suggests. Raises ``KeyError`` for an ID that is no rule's.
    """
    known = load_rules()
    return frozenset().union(*(_BY_RULE.get(rule, _BY_SUBJECT[known[rule].subject]) for rule in rules))
