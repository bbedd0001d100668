"""Every ``tests/cases/RCnnn/<name>.<pass|fail|unknown>.account.yaml``: an account, and what the rule says of it.

The file holds (all but ``expect`` may be left out):
  functions: by name, ``role`` (``role/path/name`` of this account, or any text), and what else ListFunctions says
  roles: by ``role/path/name``, just the service that it trusts, or its trust policy, or an object of
    trust: the service or the trust policy; Lambda by default
    may: statements of an inline policy; inline: by name, statements of several
    attached: ARNs, or ``policy/name`` of this account, of managed policies; boundary: of one
    tags, created
  managed: by ARN, or ``policy/name``, the statements of managed policies; those of AWS that are left out are listed by
    none, and the pack's own copy counts
  policies: by function name, or ``name:qualifier``, the statements of its policy
  mappings: by function name, the sources it is polled from
  errors: by action, the error code that it is answered with
  answers: of other services, see ``fake_aws.FakeAccount``
  expect: by function name, words of the message; these get the verdict in the file's name, all other functions PASS
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
import yaml
from fake_aws import ACCOUNT, LAMBDA_TRUST, REGION, AwsError, FakeAccount, FakeRole, function

from rolecall.catalog import load_catalog
from rolecall.live import collect, needs_of
from rolecall.rules import run

CASES = sorted((Path(__file__).parent / "cases").glob("RC*/*.account.yaml"))


@pytest.mark.parametrize("path", CASES, ids=lambda path: f"{path.parent.name}/{path.name}")
def test_case(path: Path) -> None:
    rule, verdict = path.parent.name, path.name.split(".")[-3].upper()
    case = yaml.safe_load(path.read_text(encoding="utf-8"))
    expected = case.pop("expect")
    collected = collect(
        account(**case).session(), account=ACCOUNT, partition="aws", regions=[REGION], needs=needs_of([rule])
    )
    findings = {finding.function: finding for finding in run(collected.inventory, only=[rule])}
    said = {name: finding.status.value for name, finding in findings.items()}
    assert said == {name: verdict if name in expected else "PASS" for name in case["functions"]}
    for name, words in expected.items():
        assert words in findings[name].message


@pytest.mark.parametrize("rule", [entry.id for entry in load_catalog().values() if "live" in entry.surfaces])
def test_each_live_rule_has_a_case_for_each_verdict(rule: str) -> None:
    verdicts = {path.name.split(".")[-3] for path in CASES if path.parent.name == rule}
    assert verdicts == {"pass", "fail", "unknown"}


def account(
    functions: dict[str, dict[str, Any]],
    roles: dict[str, Any] | None = None,
    managed: dict[str, list[Any]] | None = None,
    policies: dict[str, list[Any]] | None = None,
    mappings: dict[str, list[str]] | None = None,
    errors: dict[str, str] | None = None,
    answers: dict[str, Any] | None = None,
) -> FakeAccount:
    """The account that a case describes. Raises ``TypeError`` for a key that it does not know."""
    configurations = [function(name, **settings) for name, settings in functions.items()]
    arns = {configuration["FunctionName"]: configuration["FunctionArn"] for configuration in configurations}
    return FakeAccount(
        functions=configurations,
        roles={name: _role(given) for name, given in (roles or {}).items()},
        managed={_policy_arn(name): _policy(statements) for name, statements in (managed or {}).items()},
        policies={
            name: _policy([{"Resource": _qualified(arns, name), **statement} for statement in statements])
            for name, statements in (policies or {}).items()
        },
        mappings=[
            {"FunctionArn": arns[name], "EventSourceArn": source}
            for name, sources in (mappings or {}).items()
            for source in sources
        ],
        errors={action: AwsError(code) for action, code in (errors or {}).items()},
        answers=answers or {},
    )


def _qualified(arns: dict[str, str], name: str) -> str:
    function, colon, qualifier = name.partition(":")
    return f"{arns[function]}{colon}{qualifier}"


def _policy(statements: list[Any]) -> dict[str, Any]:
    return {"Version": "2012-10-17", "Statement": statements}


def _role(given: Any) -> FakeRole:
    if isinstance(given, str) or "Statement" in given:
        return FakeRole(_trust(given))
    settings = dict(given)
    inline = {"own": settings.pop("may")} if "may" in settings else {}
    return FakeRole(
        trust=_trust(settings.pop("trust", "lambda.amazonaws.com")),
        inline={name: _policy(s) for name, s in {**inline, **settings.pop("inline", {})}.items()},
        attached=[_policy_arn(name) for name in settings.pop("attached", ())],
        boundary=_policy_arn(settings.pop("boundary", "")),
        **settings,
    )


def _trust(given: Any) -> Any:
    """A trust policy, or the one that admits a service."""
    if not isinstance(given, str):
        return given
    [statement] = LAMBDA_TRUST["Statement"]
    return {**LAMBDA_TRUST, "Statement": [{**statement, "Principal": {"Service": given}}]}


def _policy_arn(name: str) -> str:
    return f"arn:aws:iam::{ACCOUNT}:{name}" if name.startswith("policy/") else name
