"""Decisions per second on one core: ``rolecall.iam.evaluate`` on policies of five statements.

Every decision is a new request; the policy is parsed before, or given as text or as a dictionary. Best of seven rounds.
"""

from __future__ import annotations

import json
import time
from collections.abc import Callable
from typing import Any

from rolecall.iam import Decision, Request, evaluate, parse_policy
from rolecall.unknown import Unknown, text

ROUNDS = 7
DECISIONS = 20_000
GOAL = 100_000
ACCOUNT = "111122223333"
FUNCTION = f"arn:aws:lambda:eu-west-1:{ACCOUNT}:function:orders"
ROLE = f"arn:aws:iam::{ACCOUNT}:role/app"


def grant(sid: str, service: str, source: Any) -> dict[str, Any]:
    condition = {"ArnLike": {"AWS:SourceArn": source}, "StringEquals": {"AWS:SourceAccount": ACCOUNT}}
    principal = {"Service": service}
    invoke = {"Action": "lambda:InvokeFunction", "Resource": FUNCTION}
    return {"Sid": sid, "Effect": "Allow", "Principal": principal, **invoke, "Condition": condition}


FUNCTION_POLICY = {
    "Version": "2012-10-17",
    "Statement": [
        grant("api", "apigateway.amazonaws.com", f"arn:aws:execute-api:eu-west-1:{ACCOUNT}:a1b2c3/*/GET/orders"),
        grant("rule", "events.amazonaws.com", f"arn:aws:events:eu-west-1:{ACCOUNT}:rule/nightly"),
        grant("bucket", "s3.amazonaws.com", "arn:aws:s3:::orders-*"),
        grant("topic", "sns.amazonaws.com", f"arn:aws:sns:*:{ACCOUNT}:orders"),
        {"Sid": "no", "Effect": "Deny", "Principal": "*", "Action": "lambda:*", "Resource": f"{FUNCTION}:*"},
    ],
}
ROLE_POLICY = {
    "Version": "2012-10-17",
    "Statement": [
        {"Effect": "Allow", "Action": "logs:*", "Resource": "*"},
        {"Effect": "Allow", "Action": ["sqs:ReceiveMessage", "sqs:DeleteMessage"], "Resource": "*"},
        {"Effect": "Allow", "Action": "dynamodb:Get*", "Resource": f"arn:aws:dynamodb:*:{ACCOUNT}:table/*"},
        {"Effect": "Allow", "Action": "lambda:InvokeFunction", "Resource": [FUNCTION, f"{FUNCTION}:*"]},
        {"Effect": "Deny", "Action": "iam:*", "Resource": "*"},
    ],
}
SOURCE = {"aws:SourceArn": "arn:aws:s3:::orders-in", "aws:SourceAccount": ACCOUNT}


def by_service(policy: Any) -> Decision:
    return evaluate(Request("s3.amazonaws.com", "lambda:InvokeFunction", FUNCTION, ACCOUNT, SOURCE), (), policy)


def by_role(*policies: Any) -> Decision:
    return evaluate(Request(ROLE, "lambda:InvokeFunction", FUNCTION, ACCOUNT), policies)


def main() -> None:
    of_function, of_role = parse_policy(FUNCTION_POLICY, "function policy"), parse_policy(ROLE_POLICY, "role policy")
    account = Unknown("known when deployed", "account")
    in_part = json.loads(json.dumps(FUNCTION_POLICY))
    in_part["Statement"][2] = grant("bucket", "s3.amazonaws.com", text("arn:aws:s3:::orders-", account))
    of_template = parse_policy(in_part, "function policy")
    foreign = Request("iot.amazonaws.com", "lambda:InvokeFunction", FUNCTION, ACCOUNT, SOURCE)
    cases: dict[str, Callable[[], Decision]] = {
        "a service, allowed under two conditions": lambda: by_service(of_function),
        "a service that no statement admits": lambda: evaluate(foreign, (), of_function),
        "a role, allowed by its own policy": lambda: by_role(of_role),
        "the same policy as JSON text": lambda: by_service(TEXT),
        "the same policy as a dictionary": lambda: by_service(FUNCTION_POLICY),
        "an ARN that is known in part": lambda: by_service(of_template),
        "the same as a dictionary, parsed each time": lambda: by_service(in_part),
        "the first one, its reasons read": lambda: explained(by_service(of_function)),
    }
    for name, decide in cases.items():
        print(f"{decisions_per_second(decide):>9,.0f} decisions/s  {decide().effect.name:<14} {name}", flush=True)
    print(f"goal: {GOAL:,} for a parsed policy")


TEXT = json.dumps(FUNCTION_POLICY)


def explained(decision: Decision) -> Decision:
    _ = decision.reasons
    return decision


def decisions_per_second(decide: Callable[[], Decision]) -> float:
    best = float("inf")
    for _ in range(ROUNDS):
        started = time.perf_counter()
        for _ in range(DECISIONS):
            decide()
        best = min(best, time.perf_counter() - started)
    return DECISIONS / best


if __name__ == "__main__":
    main()
