"""Every call that any account case makes, gone wrong in every way: nothing is guessed, and nothing else is touched."""

from __future__ import annotations

from functools import cache
from pathlib import Path
from typing import Any

import botocore.session
import pytest
import yaml
from fake_aws import ACCOUNT, REGION, AwsError, FakeAccount
from gated import Gate
from test_cases_live import CASES, account

from rolecall.findings import Finding, Status
from rolecall.live import Collected, collect, needs_of
from rolecall.live.plan import policy_of
from rolecall.rules import run

# Calls of which the answer may come from elsewhere, or that are made only to be sure of another one's.
_ALSO_TOLD = {"iam:GetAccountAuthorizationDetails", "iam:GetRole"}
_LATER = "an-empty-page-later"
_FAULTS = {
    "denied": AwsError("AccessDeniedException", 403),
    "throttled": AwsError("ThrottlingException", 429),
    "broken": AwsError("InternalFailure", 500),
}


def case(path: Path, **more: Any) -> FakeAccount:
    described = yaml.safe_load(path.read_text(encoding="utf-8"))
    described.pop("expect")
    made = account(**described)
    for name, value in more.items():
        setattr(made, name, value)
    return made


def read(made: FakeAccount, rule: str) -> tuple[Collected, dict[str, Finding]]:
    collected = collect(made.session(), account=ACCOUNT, partition="aws", regions=[REGION], needs=needs_of([rule]))
    return collected, {str(f.resource.key): f for f in run(collected.inventory, only=[rule])}


@pytest.mark.parametrize("rule", sorted({path.parent.name for path in CASES}))
def test_a_call_that_fails_makes_unknown_or_changes_nothing(rule: str, no_waiting: None) -> None:
    """Each call of a rule, in the first of its cases that makes it."""
    tried: set[str] = set()
    for path in (path for path in CASES if path.parent.name == rule):
        made = case(path)
        _, sound = read(made, rule)
        untried = sorted(made.requests.keys() - tried)
        tried.update(untried)
        for key, how in ((key, how) for key in untried for how in _FAULTS):
            broken, findings = read(case(path, errors={**made.errors, key: _FAULTS[how]}), rule)
            place = f"{path.name}: {key} {how}"
            changed = {
                name: (finding.status, findings[name].status)
                for name, finding in sound.items()
                if name in findings and findings[name].status is not finding.status
            }
            assert set(changed.values()) <= {(status, Status.UNKNOWN) for status in Status}, (place, changed)
            assert findings.keys() == sound.keys() or key == "lambda:ListFunctions", place
            if key not in _ALSO_TOLD:
                assert broken.problems or broken.unread, f"{place}: nobody is told"


@pytest.mark.parametrize("path", CASES, ids=lambda path: f"{path.parent.name}/{path.name}")
def test_an_empty_page_with_a_token_is_not_the_end(path: Path) -> None:
    rule = path.parent.name
    made = case(path)
    _, sound = read(made, rule)
    for key, answers in made.answers.items():
        token = _token(key)
        if token is None:
            continue
        listed = answers if isinstance(answers, list) else [answers]
        paged = [_first(token), *(_second(answer, token) for answer in listed)]
        _, findings = read(case(path, answers={**made.answers, key: paged}), rule)
        assert {n: f.status for n, f in findings.items()} == {n: f.status for n, f in sound.items()}, key


def _first(token: tuple[str, str]) -> dict[str, Any]:
    """An empty page for the call that has no token yet."""
    return {"lacks": token[0], token[1]: _LATER}


def _second(answer: dict[str, Any], token: tuple[str, str]) -> dict[str, Any]:
    """The answer for the call with the token, or for a later page of its own."""
    asked = answer.get("for", {})
    return {**answer, "for": asked if token[0] in asked else {**asked, token[0]: _LATER}}


@cache
def _token(key: str) -> tuple[str, str] | None:
    """The names of a listing's token in the call and in the answer; ``None`` for what boto3 does not page."""
    service, operation = key.split(":")
    try:
        pages = botocore.session.get_session().get_paginator_model(service).get_paginator(operation)
    except (ValueError, botocore.exceptions.DataNotFoundError):
        return None
    given, taken = pages["input_token"], pages["output_token"]
    plain = isinstance(given, str) and isinstance(taken, str) and "." not in taken and " " not in taken
    return (given, taken) if plain else None


@pytest.mark.parametrize("path", CASES, ids=lambda path: f"{path.parent.name}/{path.name}")
def test_what_a_rule_needs_is_all_that_it_needs(path: Path) -> None:
    """With everything else read as well, by the policy of all rules, its findings are the same."""
    rule = path.parent.name
    _, alone = read(case(path), rule)
    gate = Gate(policy_of(_live_rules()))
    together = collect(
        gate.session(case(path)), account=ACCOUNT, partition="aws", regions=[REGION], needs=needs_of(_live_rules())
    )
    assert gate.refused == set()
    findings = {str(f.resource.key): f for f in run(together.inventory, only=[rule])}
    assert {n: f.status for n, f in findings.items()} == {n: f.status for n, f in alone.items()}


def _live_rules() -> list[str]:
    return sorted({path.parent.name for path in CASES})
