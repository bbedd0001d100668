"""A scan of one account that moto plays: `rolecall live` beside Prowler's own checks of Lambda, wall time and calls.

Every function has a role with a policy, a statement in its own policy and, by turns, a topic, an EventBridge rule, a
queue that it reads, a bucket, or nothing that calls it. Everything goes through the same proxy, which counts. Of
Prowler's own checks, those that download each function's code are left out.

    make bench ARGS="live_scan 2000"
"""

from __future__ import annotations

import json
import os
import statistics
import subprocess
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Callable
from pathlib import Path
from typing import Any

import boto3

ROOT = Path(__file__).parent.parent
sys.path.append(str(ROOT / "tests"))
from aws_proxy import aws_proxy  # noqa: E402
from broken_account import code, trust  # noqa: E402
from hosts import REGION, account_environment, clean_environment, executable, moto_account  # noqa: E402

from rolecall.catalog import load_catalog  # noqa: E402
from rolecall.live.needs import EDGE_ASSOCIATIONS, EVENT_SOURCE_MAPPINGS, ROLE_POLICIES, ROLES, needs_of  # noqa: E402

FUNCTIONS = 2000
ROUNDS = 3
ACCOUNT = "123456789012"
PAGES_ONLY = {ROLES, ROLE_POLICIES, EVENT_SOURCE_MAPPINGS, EDGE_ASSOCIATIONS}
DOWNLOADS = ("awslambda_function_no_secrets_in_code", "awslambda_layer_no_secrets_in_content")
LOGS = {
    "Version": "2012-10-17",
    "Statement": [
        {
            "Effect": "Allow",
            "Action": ["logs:CreateLogGroup", "logs:CreateLogStream", "logs:PutLogEvents", "sqs:*"],
            "Resource": f"arn:aws:logs:{REGION}:{ACCOUNT}:*",
        }
    ],
}


class Stage:
    """Makes the account."""

    def __init__(self, endpoint: str) -> None:
        session = boto3.Session("testing", "testing", region_name=REGION)

        def client(service: str) -> Any:
            return session.client(service, endpoint_url=endpoint)

        self.iam, self.functions, self.sns = client("iam"), client("lambda"), client("sns")
        self.events, self.sqs, self.s3 = client("events"), client("sqs"), client("s3")
        self.code = code()

    def function(self, number: int) -> None:
        name = f"f{number}"
        self.iam.create_role(RoleName=name, AssumeRolePolicyDocument=trust("lambda.amazonaws.com"))
        self.iam.put_role_policy(RoleName=name, PolicyName="own", PolicyDocument=json.dumps(LOGS))
        arn = self.functions.create_function(
            FunctionName=name,
            Role=f"arn:aws:iam::{ACCOUNT}:role/{name}",
            Runtime="python3.12",
            Handler="app.handler",
            Code={"ZipFile": self.code},
        )["FunctionArn"]
        triggers: list[Callable[[str, str], None]] = [self.topic, self.rule, self.queue, self.bucket, self.nothing]
        triggers[number % len(triggers)](name, arn)

    def topic(self, name: str, arn: str) -> None:
        topic = self.sns.create_topic(Name=name)["TopicArn"]
        self._permit(name, "sns.amazonaws.com", topic)
        self.sns.subscribe(TopicArn=topic, Protocol="lambda", Endpoint=arn)

    def rule(self, name: str, arn: str) -> None:
        rule = self.events.put_rule(Name=name, ScheduleExpression="rate(1 hour)")["RuleArn"]
        self._permit(name, "events.amazonaws.com", rule)
        self.events.put_targets(Rule=name, Targets=[{"Id": "function", "Arn": arn}])

    def queue(self, name: str, arn: str) -> None:
        self.sqs.create_queue(QueueName=name)
        source = f"arn:aws:sqs:{REGION}:{ACCOUNT}:{name}"
        self.functions.create_event_source_mapping(FunctionName=name, EventSourceArn=source)

    def bucket(self, name: str, arn: str) -> None:
        bucket = f"rolecall-bench-{name}"
        self.s3.create_bucket(Bucket=bucket, CreateBucketConfiguration={"LocationConstraint": REGION})
        self._permit(name, "s3.amazonaws.com", f"arn:aws:s3:::{bucket}")
        wired = {"LambdaFunctionArn": arn, "Events": ["s3:ObjectCreated:*"]}
        self.s3.put_bucket_notification_configuration(
            Bucket=bucket, NotificationConfiguration={"LambdaFunctionConfigurations": [wired]}
        )

    def nothing(self, name: str, arn: str) -> None:
        """Only called by whoever may."""

    def _permit(self, name: str, principal: str, source: str) -> None:
        self.functions.add_permission(
            FunctionName=name,
            StatementId="caller",
            Action="lambda:InvokeFunction",
            Principal=principal,
            SourceArn=source,
            SourceAccount=ACCOUNT,
        )


def commands() -> dict[str, list[str]]:
    """What is measured, each with a place for the folder of its output."""
    live = [entry for entry in load_catalog().values() if "live" in entry.surfaces]
    of_roles = [entry.id for entry in live if entry.id.startswith("RC1")]
    paged = [rule for rule in of_roles if needs_of([rule]) <= PAGES_ONLY]
    own = [*DOWNLOADS, *(entry.prowler.check for entry in live)]
    return {
        "Prowler, --service awslambda, its own checks": [
            *(executable("prowler"), "aws", "--service", "awslambda", "--region", REGION, "--ignore-exit-code-3"),
            *("--output-formats", "json-ocsf", "--output-directory", "{folder}", "--excluded-checks", *own),
        ],
        f"rolecall live, the {len(paged)} rules on roles that cost pages only": scan(paged),
        f"rolecall live, all {len(of_roles)} rules on roles": scan(of_roles),
        f"rolecall live, all {len(live)} rules": scan([entry.id for entry in live]),
    }


def scan(rules: list[str]) -> list[str]:
    command = [sys.executable, "-m", "rolecall", "live", "--region", REGION, "--output", "{folder}/findings.jsonl"]
    return [*command, *(part for rule in rules for part in ("--rule", rule))]


def measure(endpoint: str, command: list[str]) -> tuple[float, dict[str, int]]:
    """Wall time and calls of a run."""
    with tempfile.TemporaryDirectory(prefix="rolecall-bench-") as folder, aws_proxy(endpoint) as proxy:
        started = time.monotonic()
        run = subprocess.run(
            [part.replace("{folder}", folder) for part in command],
            cwd=folder,
            env={**clean_environment(), **account_environment(proxy.url), "PYTHONPATH": python_path(command)},
            capture_output=True,
            text=True,
            check=False,
        )
        seconds = time.monotonic() - started
        if run.returncode not in (0, 1):
            sys.exit(f"{command[0]} ended with {run.returncode}\n{run.stdout[-2000:]}\n{run.stderr[-4000:]}")
        return seconds, dict(proxy.calls)


def python_path(command: list[str]) -> str:
    return str(ROOT) if command[0] == sys.executable else ""


def main() -> None:
    size = int(sys.argv[1]) if sys.argv[1:] else FUNCTIONS
    with moto_account() as endpoint:
        stage = Stage(endpoint)
        for number in range(size):  # one after the other: moto does not take writes at once
            stage.function(number)
        ways = commands()
        taken: dict[str, list[tuple[float, dict[str, int]]]] = {way: [] for way in ways}
        for _ in range(ROUNDS):
            for way, command in ways.items():
                taken[way].append(measure(endpoint, command))
    first = statistics.median(seconds for seconds, _ in taken[next(iter(ways))])
    started = time.monotonic()
    subprocess.run([sys.executable, "-m", "rolecall", "live", "--help"], cwd=ROOT, capture_output=True, check=True)
    print(f"rolecall live --help: {time.monotonic() - started:.2f} s")
    print(f"{size} functions, medians of {ROUNDS} rounds, {os.cpu_count()} cores")
    for way, runs in taken.items():
        seconds = statistics.median(seconds for seconds, _ in runs)
        calls = runs[-1][1]
        print(f"  {seconds:>6.1f} s  {seconds / first:>6.1%}  {sum(calls.values()):>6} calls  {way}", flush=True)
        kinds = Counter[str]()
        for action, count in calls.items():
            kinds["/".join(action.split("/")[:3])] += count  # of a path, without what it names
        print(f"{'':>17}{', '.join(f'{count} {kind}' for kind, count in kinds.most_common(6))}", flush=True)


if __name__ == "__main__":
    main()
