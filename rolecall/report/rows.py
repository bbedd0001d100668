"""Rows out of the store: a rule on a resource, what the code says beside what the account says."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Sequence
from functools import cache
from itertools import groupby
from operator import itemgetter
from pathlib import Path

import msgspec

from rolecall.catalog import load_catalog
from rolecall.crosswalk import load_crosswalk
from rolecall.findings import GRAVEST_FIRST, SEVERITIES, Remediation, Status
from rolecall.overlay import team
from rolecall.report.result import Result, Waived
from rolecall.report.shards import ShardReader, code_key
from rolecall.report.store import Store

FOUND = {
    "both": "in code and live",
    "fixed_in_code": "fixed in code, still live",
    "next_deployment": "in code, not live yet",
    "live_only": "live only",
    "code_only": "code only",
    "live": "live, not settled in code",
    "code": "in code, not settled in the account",
}
"""Where a fault was found, in words; ``docs/report.md`` says what follows from each."""
JOINED = {
    "arn": "the same ARN",
    "state": "the ARN in Terraform's state",
    "stack": "the logical ID in a CloudFormation stack",
    "name": "type and name",
    "yor_trace": "the tag yor_trace",
}
"""By which key code and account were joined, in words."""


class Rule(msgspec.Struct, omit_defaults=True):
    """What is said of a rule, a control of the crosswalk, or a check that neither knows.

    names: what the tools call it. supersedes: controls of which nothing is lost without them.
    """

    id: str
    title: str
    short: str
    severity: str
    description: str = ""
    risk: str = ""
    remediation: dict[str, str] = {}
    links: tuple[str, ...] = ()
    names: dict[str, tuple[str, ...]] = {}
    supersedes: tuple[str, ...] = ()


class Row(msgspec.Struct, gc=False):
    """One rule on one resource.

    status: the graver of the two sides; code_status and live_status: empty where that side says nothing.
    found: where the fault is, a key of ``FOUND``; empty where nothing fails, or there are results of one side only.
    joined_by: a key of ``JOINED``, where code and account are joined; sure: ``certain`` or ``likely``.
    fingerprint: the same in the next run; fingerprints: with those that its resources in code would have by themselves.
    change: against a baseline: ``new``, ``unchanged``; empty without one.
    code, live: the results of each side, the gravest first. message: what the graver side says first. remedy: by form,
    made for the resource, else that of the rule. checks, places: of all results, and in code. about: the rule.
    fits: how many resources of the account it may be, where no key tells which; maybe: the first five of them.
    identity: of the resource, the same in the next run.
    """

    n: int
    rule: str
    title: str
    severity: str
    status: str
    resource: str
    type: str
    arn: str
    account: str
    region: str
    code_status: str
    live_status: str
    found: str
    joined_by: str
    sure: str
    fingerprint: str
    fingerprints: list[str]
    change: str
    code: list[Result]
    live: list[Result]
    about: Rule
    message: str
    remedy: dict[str, str]
    checks: list[str]
    places: list[str]
    fits: int
    maybe: list[str]
    identity: str

    @property
    def results(self) -> list[Result]:
        return self.live + self.code

    @property
    def place(self) -> str:
        """Where the resource is, for a reader: account and region, or the place in code."""
        return f"{self.account} {self.region}".strip() if self.live else self.places[0]

    @property
    def link(self) -> str:
        """The page about it; empty where none is known."""
        return self.about.links[0] if self.about.links else ""

    @property
    def evidence(self) -> list[str]:
        return [fact for result in self.results for fact in result.evidence]

    @property
    def waived(self) -> Waived:
        """What mutes it."""
        return next((result.waived for result in self.results if result.waived), _NOT_WAIVED)


_NOT_WAIVED = Waived("")
_ROWS = """
SELECT n, rule, label, coalesce(type, ''), coalesce(arn, ''), coalesce(account, ''), coalesce(region, ''), status_rank,
       severity_rank, code_rank, live_rank, coalesce(found, ''), join_rank, identity, coalesce(change, ''), fits, maybe
FROM row JOIN thing ON thing.id = row.thing WHERE {which} ORDER BY n
"""
_MEMBERS = """
SELECT n, code, shard, "at", size, muted_by FROM member WHERE {which} ORDER BY n, place
"""
_RANGE, _LISTED = "n >= ? AND n < ?", "n IN (SELECT unnest(?))"
_KEYS = (*JOINED,)


class RowReader:
    """Rows by their number, the worst first."""

    def __init__(self, folder: Path, store: Store) -> None:
        self._store = store
        self._shards = ShardReader(folder)

    def close(self) -> None:
        """Its store too."""
        self._store.close()
        self._shards.close()

    def read(self, first: int, last: int) -> Iterator[Row]:
        """The rows from ``first`` up to, not including, ``last``."""
        return self._read(_RANGE, first, last)

    def read_these(self, numbers: Sequence[int]) -> Iterator[Row]:
        """Some rows, in order."""
        return self._read(_LISTED, list(numbers))

    def _read(self, which: str, *values: object) -> Iterator[Row]:
        members = groupby(self._store.query(_MEMBERS.format(which=which), *values), key=itemgetter(0))
        for facts, (_, of_row) in zip(self._store.query(_ROWS.format(which=which), *values), members, strict=True):
            code: list[Result] = []
            live: list[Result] = []
            for _, in_code, shard, at, size, muted_by in of_row:
                result = self._shards.read(shard, at, size)
                if muted_by is not None:
                    result.status = Status.MUTED.value
                    result.waived = self._shards.read(*muted_by.values()).waived
                (code if in_code else live).append(result)
            n, rule, label, type_, arn, account, region, status, severity, code_rank, live_rank, *rest = facts
            found, join_rank, identity, change, fits, maybe = rest
            fingerprint = _fingerprint(rule, identity)
            graver = live if live_rank == status else code
            about = rule_of(rule, graver[0].title, SEVERITIES[severity - 1])
            yield Row(
                n,
                rule,
                about.title,
                SEVERITIES[severity - 1],
                _STATUS[status],
                label,
                type_,
                arn,
                account,
                region,
                _STATUS[code_rank],
                _STATUS[live_rank],
                found,
                _KEYS[join_rank % 10 - 1] if join_rank else "",
                ("likely" if join_rank > 10 else "certain") if join_rank else "",
                fingerprint,
                [fingerprint, *dict.fromkeys(_fingerprint(rule, code_key(result)) for result in code)],
                change,
                code,
                live,
                about,
                graver[0].message,
                next((result.remediation for result in graver if result.remediation), about.remediation),
                list({result.check: None for result in (live + code if live and code else graver)}),
                list({result.place: None for result in code}),
                fits or 0,
                maybe or [],
                identity,
            )


def _fingerprint(rule: str, key: str) -> str:
    """The same in the next run: neither line numbers nor times are in it."""
    return hashlib.sha256(f"{rule}|{key}".encode()).hexdigest()[:32]


_STATUS: dict[int | None, str] = {None: "", **{rank: each.value for rank, each in enumerate(GRAVEST_FIRST, start=1)}}
_SPELLED = {
    "api": "API", "appsync": "AppSync", "arn": "ARN", "bedrock": "Bedrock", "cloudfront": "CloudFront",
    "cloudwatch": "CloudWatch", "codecommit": "CodeCommit", "codepipeline": "CodePipeline", "cognito": "Cognito",
    "connect": "Connect", "dlq": "DLQ", "eventbridge": "EventBridge", "firehose": "Firehose", "gateway": "Gateway",
    "iam": "IAM", "iot": "IoT", "lambda": "Lambda", "lattice": "Lattice", "lex": "Lex", "s3": "S3", "ses": "SES",
    "sns": "SNS", "sqs": "SQS", "url": "URL", "vpc": "VPC",
}  # fmt: skip


@cache
def rule_of(rule: str, title: str, severity: str) -> Rule:
    """What is said of a rule or control; of what nobody knows, title and severity as its tool has them."""
    entry = load_catalog().get(rule)
    if entry:
        return Rule(
            id=rule,
            title=entry.title,
            short=" ".join(_SPELLED.get(word, word) for word in entry.name.split("_")),
            severity=entry.severity,
            description=entry.description,
            risk=entry.risk,
            remediation=_forms(entry.remedy({})),
            links=(entry.guideline, *(link for link in entry.references if link != entry.guideline)),
            names={"rolecall": (rule,), "checkov": (entry.checkov_id,), "prowler": (entry.prowler.check,)},
            supersedes=tuple(_superseded(rule)),
        )
    control = load_crosswalk().control(rule)
    if control is None:
        return Rule(id=rule, title=title, short=title, severity=severity)
    adjustment = team().adjustment(control.checks[0])
    remedy = {
        "text": adjustment.words(control.remediation.text),
        "cli": control.remediation.cli,
        "terraform": control.remediation.terraform,
        "cloudformation": control.remediation.cloudformation,
    }
    return Rule(
        id=rule,
        title=control.title,
        short=control.title,
        severity=control.severity,
        description=control.description,
        risk=control.risk,
        remediation={form: text for form, text in remedy.items() if text},
        links=(adjustment.remediation.link or control.remediation.link,),
        names={"checkov": control.checkov, "prowler": control.prowler},
    )


def _superseded(rule: str) -> Iterator[str]:
    crosswalk = load_crosswalk()
    for related in load_catalog()[rule].related:
        control = crosswalk.of_check(related.id) if related.stands == "supersedes" else None
        if control:
            yield control.id


def _forms(remediation: Remediation) -> dict[str, str]:
    return {form: text for form, text in vars(remediation).items() if text}
