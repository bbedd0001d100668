"""What the rules need of an account, so that nothing else is read.

The role and the settings of a function come with ListFunctions and are always there; these are the rest. The needs of
a rule on invokers are the parts that find them, which have the names of their kinds.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping

from rolecall.invocation import ASYNCHRONOUS, WITH_ROLE
from rolecall.live.alarms import ALARMS
from rolecall.live.asynchronous import ASYNC_EVENTS
from rolecall.live.logs import LOG_GROUPS
from rolecall.model import Invoker, Permission, Role
from rolecall.rules import Rule, load_rules

ROLES = "roles"
ROLE_POLICIES = "role_policies"
FUNCTION_POLICIES = "function_policies"
EVENT_SOURCE_MAPPINGS = "event_source_mappings"
EDGE_ASSOCIATIONS = "edge_associations"
# read for each function or what it names, when listings and parts are there (rolecall.live.details)
DESTINATIONS = "destinations"  # of asynchronous invocations
TARGETS = "targets"  # what destinations send to, and its key
SOURCES = "sources"  # what mappings read from, what they sign in with, and its keys
REDRIVES = "redrives"  # whether queues that mappings read from have dead-letter queues
FILE_SYSTEMS = "file_systems"
POLICY_SOURCES = "policy_sources"  # what statements admit; looked up last (rolecall.live.policy_sources)

_ASYNCHRONOUSLY = (*ASYNCHRONOUS, ASYNC_EVENTS)
_BY_RULE: Mapping[str, frozenset[str]] = {
    "RC101": frozenset({ROLES}),
    "RC102": frozenset(),  # the ARN alone decides
    # pollers, and copies at the edge, may use the role without aws:SourceArn
    "RC103": frozenset({ROLES, EVENT_SOURCE_MAPPINGS, EDGE_ASSOCIATIONS}),
    "RC104": frozenset({ROLES, EDGE_ASSOCIATIONS}),
    "RC109": frozenset({ROLES}),
    "RC110": frozenset({ROLES}),
    **dict.fromkeys(("RC120", "RC121", "RC122", "RC123", "RC125", "RC128"), frozenset({ROLES, ROLE_POLICIES})),
    "RC124": frozenset({ROLES, ROLE_POLICIES, LOG_GROUPS}),
    "RC126": frozenset({ROLES, ROLE_POLICIES, EVENT_SOURCE_MAPPINGS, SOURCES}),
    "RC127": frozenset({ROLES, ROLE_POLICIES, EVENT_SOURCE_MAPPINGS, DESTINATIONS, TARGETS, *_ASYNCHRONOUSLY}),
    "RC129": frozenset({ROLES, ROLE_POLICIES, FILE_SYSTEMS}),
    "RC202": frozenset({EVENT_SOURCE_MAPPINGS, REDRIVES}),
    "RC203": frozenset({DESTINATIONS, *_ASYNCHRONOUSLY}),
    # distributions name URLs, not functions
    "RC315": frozenset({FUNCTION_POLICIES, "function_url", "cloudfront_origin"}),
    "RC201": frozenset({EVENT_SOURCE_MAPPINGS}),
    "RC204": frozenset({ALARMS}),
    "RC205": frozenset({"event_rules", "trails"}),
    "RC206": frozenset({ROLES, "service_control_policies"}),
    "RC207": frozenset({EVENT_SOURCE_MAPPINGS}),
    "RC346": frozenset({FUNCTION_POLICIES, POLICY_SOURCES}),
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
