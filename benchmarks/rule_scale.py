"""The rules on synthetic accounts: time, memory, and whether both grow with the number of functions.

Each function has a role with policies, a policy with two statements, a topic that calls it, and a queue that it reads.
Every size runs in a process of its own, so that its memory is its own.
"""

from __future__ import annotations

import resource
import subprocess
import sys
import time
from collections.abc import Iterator

from rolecall.catalog import load_catalog
from rolecall.findings import Status
from rolecall.live.memory import few_collections
from rolecall.model import (
    Destination,
    EventSourceMapping,
    Function,
    IdentityPolicy,
    Inventory,
    Invoker,
    Permission,
    Polling,
    Resource,
    Role,
    RoleReference,
    Target,
)
from rolecall.rules import run

SIZES = (25_000, 50_000, 100_000)
ACCOUNT, REGION = "111122223333", "eu-west-1"


def made(kind: str, service: str, name: str, region: str = REGION) -> Resource:
    arn = f"arn:aws:{service}:{region}:{ACCOUNT}:{name}"
    short = name.rpartition(":")[2].rpartition("/")[2]
    return Resource("live", kind, arn, short, arn, ACCOUNT, region, key=arn)


def inventory(functions: int) -> Inventory:
    """An account with so many functions, every hundredth with a fault of some kind."""
    built = [function(number) for number in range(functions)]
    return Inventory(
        framework="live",
        functions={one.resource.key: one for one in built},
        roles={one.role.role.resource.key: one.role.role for one in built if isinstance(one.role.role, Role)},
        permissions=tuple(permission for one in built for permission in permissions(one)),
        invokers=tuple(topic(one) for one in built),
        targets=tuple(queue(number) for number in range(functions)),
        account=Resource("live", "AWS::::Account", "root", ACCOUNT, f"arn:aws:iam::{ACCOUNT}:root", ACCOUNT, REGION),
    )


def function(number: int) -> Function:
    name = f"f{number}"
    resource = made("AWS::Lambda::Function", "lambda", f"function:{name}")
    role = None if number % 100 == 1 else execution_role(number)
    source = str(queue(number).resource.arn)
    return Function(
        resource=resource,
        partition="aws",
        role=RoleReference(f"arn:aws:iam::{ACCOUNT}:role/r{number}", role, "made for this"),
        event_source_mappings=(
            EventSourceMapping(
                made("AWS::Lambda::EventSourceMapping", "lambda", f"event-source-mapping:{number}"),
                resource.key,
                "sqs",
                source,
                redrive=True,
                polling=Polling("Enabled"),
            ),
        ),
        log_group=f"/aws/lambda/{name}",
        destinations=(Destination("dead-letter target", source),),
    )


def execution_role(number: int) -> Role:
    trusted = "edgelambda.amazonaws.com" if number % 100 == 2 else "lambda.amazonaws.com"
    statements = [
        {
            "Effect": "Allow",
            "Action": ["logs:CreateLogGroup", "logs:CreateLogStream", "logs:PutLogEvents"],
            "Resource": f"arn:aws:logs:{REGION}:{ACCOUNT}:log-group:/aws/lambda/f{number}:*",
        },
        {"Effect": "Allow", "Action": ["sqs:*"], "Resource": queue(number).resource.arn},
    ]
    return Role(
        made("AWS::IAM::Role", "iam", f"role/r{number}", region=""),
        {
            "Version": "2012-10-17",
            "Statement": [{"Effect": "Allow", "Action": "sts:AssumeRole", "Principal": {"Service": trusted}}],
        },
        policies=(IdentityPolicy("inline policy own", {"Version": "2012-10-17", "Statement": statements}),),
        tags={"function": f"f{number}"},
    )


def permissions(of: Function) -> Iterator[Permission]:
    for sid, principal, source in (
        ("topic", "sns.amazonaws.com", f"arn:aws:sns:{REGION}:{ACCOUNT}:t-{of.label}"),
        ("rule", "events.amazonaws.com", f"arn:aws:events:{REGION}:{ACCOUNT}:rule/r-{of.label}"),
    ):
        statement = {
            "Sid": sid,
            "Effect": "Allow",
            "Principal": {"Service": principal},
            "Action": "lambda:InvokeFunction",
            "Resource": of.resource.arn,
            "Condition": {"ArnLike": {"AWS:SourceArn": source}},
        }
        yield Permission(of.resource, of.resource.key, of.resource.name, "", statement)


def topic(of: Function) -> Invoker:
    resource = made("AWS::SNS::Subscription", "sns", f"t-{of.label}")
    return Invoker("sns_subscription", resource, f"The SNS topic t-{of.label}", of.resource.arn, resource.arn)


def queue(number: int) -> Target:
    return Target(made("AWS::SQS::Queue", "sqs", f"q{number}"))


def measure(size: int) -> None:
    account = inventory(size)
    built = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    rules = [entry.id for entry in load_catalog().values() if "live" in entry.surfaces]
    started, counts = time.process_time(), dict.fromkeys(Status, 0)
    with few_collections():  # as a scan does
        for finding in run(account, only=rules):
            counts[finding.status] += 1
    seconds = time.process_time() - started
    most = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    told = ", ".join(f"{count} {status.value}" for status, count in counts.items() if count)
    print(
        f"{size:>7} functions  {seconds:>5.1f} s  {1e6 * seconds / size:>4.0f} us each  {most / 2**20:>4.2f} GiB "
        f"({built / 2**20:.2f} of it the account)  {len(rules)} rules: {told}",
        flush=True,
    )


def main() -> None:
    sizes = [int(size) for size in sys.argv[1:]] or SIZES
    if len(sizes) == 1:
        measure(sizes[0])
        return
    for size in sizes:
        subprocess.run([sys.executable, "-m", "benchmarks.rule_scale", str(size)], check=True)


if __name__ == "__main__":
    main()
