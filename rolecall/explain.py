"""``rolecall explain``: a rule, or every verdict on one function with what led there."""

from __future__ import annotations

import json
import sys
import textwrap
from collections.abc import Iterator
from typing import Any

import click

from rolecall.arn import Arn, parse_arn, unqualified
from rolecall.catalog import Entry, load_catalog
from rolecall.failure import Failure
from rolecall.findings import GRAVEST_FIRST, Finding, Status
from rolecall.live.options import enter, whose_account
from rolecall.model import Document, Function, IdentityPolicy, Inventory, Role
from rolecall.overlay import team
from rolecall.printable import printable
from rolecall.unknown import Unknown

_WIDTH = 100


@click.command()
@click.argument("subject", metavar="RULE|ARN")
@whose_account
def explain(subject: str, **whose: str | None) -> None:
    """Explain a rule (RC103, CKV_RC_103, a Prowler check), or every verdict on the Lambda function with an ARN.

    \b
    Exit code: 0  no rule fails
               1  one does
               2  no such rule or function, or not all of it could be read
    """
    entry = load_catalog().named(subject)
    if entry is not None:
        click.echo("\n".join(_rule(entry)))
        return
    arn = parse_arn(subject)
    if arn is None or arn.service != "lambda" or not arn.resource.startswith("function:"):
        raise Failure(f"{subject} is neither a rule nor the ARN of a Lambda function")
    sys.exit(_function(subject, arn, whose))


def _rule(entry: Entry) -> Iterator[str]:
    yield f"{entry.id}  {entry.title}"
    yield f"severity {entry.severity}; {', '.join(entry.surfaces)}{'' if entry.default else '; off by default'}"
    if entry.checkov.resources:
        yield f"Checkov  {entry.checkov_id}"
    if "live" in entry.surfaces:
        yield f"Prowler  {entry.prowler.check}"
    remedy = entry.remedy({})
    for text in (entry.description, entry.risk, remedy.text):
        yield ""
        yield from textwrap.wrap(text, _WIDTH)
    yield from (f"    {line}" for line in remedy.cli.splitlines())
    yield ""
    yield from entry.references


def _function(subject: str, arn: Arn, whose: dict[str, str | None]) -> int:
    from rolecall.live import scan
    from rolecall.live.show import Progress

    key = unqualified(subject)
    session, account = enter(arn.region, **whose)
    if account.id != arn.account:
        raise Failure(f"the credentials are of account {account.id}, the function of {arn.account}")
    rules = [entry.id for entry in load_catalog().values() if "live" in entry.surfaces]
    progress = Progress()
    scanned = scan(session, account, [arn.region], rules, lambda listed: listed == key, progress)
    progress.done()
    function = scanned.inventory.functions.get(key)
    for what in scanned.unread:
        click.echo(f"rolecall: not read: {printable(what)}", err=True)
    if function is None:
        raise Failure(f"account {account.id} has no function {key}")
    findings = [team().settled(finding) for finding in scanned.findings if finding.resource.key == key]
    click.echo("\n".join(map(printable, _explained(function, scanned.inventory, findings))))
    failing = any(finding.status is Status.FAIL for finding in findings)
    return 2 if scanned.unread else int(failing)


def _explained(function: Function, inventory: Inventory, findings: list[Finding]) -> Iterator[str]:
    yield f"{function.label}  {function.resource.arn}"
    yield ""
    yield from _role_of(function)
    yield ""
    yield f"policy of {function.label}"
    policy = inventory.policy_of(function)
    if isinstance(policy, Unknown):
        yield f"  not known: {policy.reason}"
    elif not policy:
        yield "  none: it has no statement"
    else:
        for permission in policy:
            of = f"{function.label}:{permission.qualifier}: " if permission.qualifier else ""
            yield f"  {of}{_json(permission.statement)}"
    yield ""
    yield "what calls it"
    invokers = inventory.invokers_of(function, "")
    yield from (f"  {invoker.what} ({invoker.source_arn or invoker.resource.arn})" for invoker in invokers)
    if not invokers:
        yield "  nothing that was found"
    for finding in sorted(findings, key=lambda one: (GRAVEST_FIRST.index(one.status), one.rule)):
        yield ""
        yield from _verdict(finding)


def _role_of(function: Function) -> Iterator[str]:
    reference = function.role
    yield f"execution role  {reference.arn}"
    role = reference.role
    if not isinstance(role, Role):
        yield f"  {'it does not exist' if role is None else f'not known: {role.reason}'}"
        return
    yield f"  trust policy  {_json(role.trust_policy)}"
    if isinstance(role.policies, Unknown):
        yield f"  policies not known: {role.policies.reason}"
        return
    yield from (_policy(policy) for policy in role.policies)
    if role.boundary is not None:
        yield f"  permissions boundary  {_json(role.boundary)}"


def _policy(policy: IdentityPolicy) -> str:
    return f"  {policy.name}  {_json(policy.document)}"


def _json(document: Document | Any) -> str:
    return f"not known: {document.reason}" if isinstance(document, Unknown) else json.dumps(document, default=str)


def _verdict(finding: Finding) -> Iterator[str]:
    entry = load_catalog()[finding.rule]
    yield f"{finding.status.value}  {finding.rule} ({finding.severity})  {entry.title}"
    yield from textwrap.wrap(finding.message, _WIDTH, initial_indent="  ", subsequent_indent="  ")
    yield from (f"  - {fact}" for fact in finding.evidence if fact not in finding.message)
    if finding.status is Status.FAIL:
        yield from (f"  $ {line}" for line in finding.remediation.cli.splitlines())
