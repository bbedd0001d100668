"""What the rules need of an account, so that nothing else is read.

The role and the settings of a function come with ListFunctions and are always there; these are the rest. The needs of
a rule on invokers are the parts that find them, which have the names of their kinds.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping

from rolecall.invocation import ASYNCHRONOUS, WITH_ROLE
from rolecall.live.alarms import ALARMS
from rolecall.model import Invoker, Permission, Role
from rolecall.rules import Rule, load_rules

ROLES = "roles"
ROLE_POLICIES = "role_policies"
FUNCTION_POLICIES = "function_policies"
EVENT_SOURCE_MAPPINGS = "event_source_mappings"
EDGE_ASSOCIATIONS = "edge_associations"

_BY_RULE: Mapping[str, frozenset[str]] = {
    "RC101": frozenset({ROLES}),
    "RC102": frozenset(),  # the ARN alone decides
    # pollers, and copies at the edge, may use the role without aws:SourceArn
    "RC103": frozenset({ROLES, EVENT_SOURCE_MAPPINGS, EDGE_ASSOCIATIONS}),
    "RC104": frozenset({ROLES, EDGE_ASSOCIATIONS}),
    "RC109": frozenset({ROLES}),
    "RC110": frozenset({ROLES}),
    **dict.fromkeys(("RC120", "RC121", "RC122", "RC123", "RC124", "RC125", "RC128"), frozenset({ROLES, ROLE_POLICIES})),
    "RC126": frozenset({ROLES, ROLE_POLICIES, EVENT_SOURCE_MAPPINGS}),
    "RC127": frozenset({ROLES, ROLE_POLICIES, EVENT_SOURCE_MAPPINGS}),
    "RC203": frozenset(ASYNCHRONOUS),
    # distributions name URLs, not functions
    "RC315": frozenset({FUNCTION_POLICIES, "function_url", "cloudfront_origin"}),
    "RC201": frozenset({EVENT_SOURCE_MAPPINGS}),
    "RC204": frozenset({ALARMS}),
    "RC205": frozenset({"event_rules", "trails"}),
    "RC206": frozenset({ROLES, "service_control_policies"}),
    "RC207": frozenset({EVENT_SOURCE_MAPPINGS}),
    "RC345": frozenset({ROLES, FUNCTION_POLICIES}),
    "RC349": frozenset({ROLES, ROLE_POLICIES, *WITH_ROLE}),
}


def needs_of(rules: Collection[str]) -> frozenset[str]:
    """What these rules (IDs) need: ``ROLES`` and the like, and names of parts. Raises ``KeyError`` for no rule's ID."""
    known = load_rules()
    return frozenset().union(*(_needs(known[rule]) for rule in rules))


def _needs(rule: Rule) -> frozenset[str]:
    if rule.entry.id in _BY_RULE:
        return _BY_RULE[rule.entry.id]
    if rule.subject is Role:
        return frozenset({ROLES})
    if rule.subject is Permission:
        return frozenset({FUNCTION_POLICIES})
    if rule.subject is Invoker:
        with_role = {ROLES, ROLE_POLICIES} if rule.kind in WITH_ROLE else ()
        return frozenset({FUNCTION_POLICIES, rule.kind, *with_role})
    return frozenset()
