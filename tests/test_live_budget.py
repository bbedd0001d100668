"""What a scan costs: pages for the rules on roles, and little more than a call for each function for all rules.

Lambda answers 15 GetPolicy a second, and 15 of all other calls together:
https://docs.aws.amazon.com/lambda/latest/dg/gettingstarted-limits.html#api-requests
"""

from __future__ import annotations

from math import ceil

import pytest
from fake_aws import ACCOUNT, REGION, FakeAccount, function
from test_cases_live import CASES
from usual_account import REGIONS, admits, usual_account

from rolecall.findings import Status
from rolecall.live import Account, Collected, collect, needs_of, read_tags
from rolecall.rules import run

FUNCTIONS = 1010
IN_EACH = FUNCTIONS // len(REGIONS)
ROLES = [f"RC1{number:02}" for number in (1, 2, 5, 6, 7, 9, 10, 11, 20, 21, 22, 23, 25, 28)]
PAGES = {
    "lambda:ListFunctions": len(REGIONS) * ceil(IN_EACH / 50),
    "iam:GetAccountAuthorizationDetails": ceil((FUNCTIONS + FUNCTIONS // 5) / 1000),
}
WIRED = [ceil((ceil(IN_EACH / 3) - at) / 5) for at in range(5)]  # in each region
TOPICS, RULES, CALLED_BY_APIS, BUCKETS, QUEUES = (len(REGIONS) * wired for wired in WIRED)
APIS, ALIASES = (len(REGIONS) * ceil(WIRED[2] / some) for some in (5, 10))
# What is read of each thing that invokes functions, that Lambda polls or that it sends to for them.
OF_INVOKERS = {
    "apigateway:GET": 4 * APIS + 4 * len(REGIONS),  # of which four are listings
    "events:ListTargetsByRule": RULES,
    "lambda:ListFunctionEventInvokeConfigs": TOPICS + RULES + BUCKETS,
    "s3:GetBucketNotification": BUCKETS,
    "sqs:GetQueueAttributes": QUEUES + 2 * len(REGIONS),  # dead letters, failures
}
OF_FUNCTIONS = {
    "cloudfront:GetDistribution": 1,
    "lambda:GetFunctionConfiguration": ALIASES,  # an API calls the alias: is the function without a policy still there?
    "lambda:GetPolicy": FUNCTIONS + ALIASES,
    "lambda:ListFunctionUrlConfigs": len(REGIONS) * ceil((IN_EACH - 1) / 50),
}


def read(account: FakeAccount, *rules: str) -> Collected:
    return collect(account.session(), account=ACCOUNT, partition="aws", regions=REGIONS, needs=needs_of(rules))


def table(collected: Collected) -> str:
    return "\n".join(f"{count:6} {action}" for action, count in sorted(collected.calls.items(), key=lambda c: -c[1]))


@pytest.fixture(scope="module")
def account() -> FakeAccount:
    return usual_account(FUNCTIONS)


@pytest.fixture(scope="module")
def everything(account: FakeAccount) -> Collected:
    collected = read(account, *{path.parent.name for path in CASES})
    assert (collected.problems, collected.unread) == ((), ())
    return collected


@pytest.mark.parametrize("rules", [["RC101"], ROLES], ids=["one", "all"])
def test_rules_on_roles_cost_pages_only(account: FakeAccount, rules: list[str]) -> None:
    collected = read(account, *rules)
    assert dict(collected.calls) == {action: PAGES[action] for action in PAGES}, table(collected)


@pytest.mark.parametrize(
    ("rule", "more"),
    [
        ("RC103", {"lambda:ListEventSourceMappings": 2, "cloudfront:ListDistributions": 1}),
        ("RC104", {"cloudfront:ListDistributions": 1}),
        ("RC124", {"logs:DescribeLogGroups": len(REGIONS) * ceil(IN_EACH / 50)}),
        ("RC129", {}),
        ("RC206", {"organizations:DescribeOrganization": 1}),
    ],
)
def test_the_other_rules_on_roles_cost_pages_of_other_things(
    account: FakeAccount, rule: str, more: dict[str, int]
) -> None:
    organization = {"Organization": {"MasterAccountId": ACCOUNT}}
    answers = {**account.answers, "organizations:DescribeOrganization": organization}
    collected = read(FakeAccount(account.functions, account.roles, answers=answers), rule)
    assert dict(collected.calls) == {**PAGES, **more}, table(collected)


def test_all_rules_cost_a_policy_of_each_function_and_little_more(everything: Collected) -> None:
    told = {**OF_INVOKERS, **OF_FUNCTIONS}
    assert {action: everything.calls[action] for action in told} == told, table(everything)
    gone = everything.calls["sns:GetTopicAttributes"]  # what nothing is wired from any more
    assert sum(OF_FUNCTIONS.values()) + gone <= 1.2 * FUNCTIONS, table(everything)
    pages = {action: count for action, count in everything.calls.items() if action not in told}
    del pages["sns:GetTopicAttributes"]
    assert max(pages.values()) == PAGES["lambda:ListFunctions"], table(everything)


def test_a_topic_that_is_gone_is_asked_about_once(account: FakeAccount, everything: Collected) -> None:
    gone = {f.function for f in run(everything.inventory, only=["RC346"]) if f.status is Status.FAIL}
    assert everything.calls["sns:GetTopicAttributes"] == len(gone) > 0


def test_tags_cost_pages_only(account: FakeAccount) -> None:
    tags = read_tags(account.session(), Account(ACCOUNT, "aws", REGION), REGIONS)
    assert (len(tags.by_arn), tags.unread) == (FUNCTIONS, ())
    assert tags.calls == {"tag:GetResources": len(REGIONS) * ceil(IN_EACH / 100)}


def test_what_a_listing_tells_is_listed_once() -> None:
    """RC346 alone: nothing that it reads is known to be wired."""
    arns = [f"arn:aws:{kind}:{REGION}:{ACCOUNT}:{of}" for kind, of in (("iot", "rule/r"), ("config", "config-rule/r"))]
    names = [f"f{number}" for number in range(40)]
    policies = {name: admits("iot", f"{arns[at % 2]}{at}") for at, name in enumerate(names)}
    rules = {"rules": [{"ruleName": "r0", "ruleArn": f"{arns[0]}0"}]}
    account = FakeAccount(list(map(function, names)), policies=policies, answers={"iot:ListTopicRules": rules})
    collected = collect(
        account.session(), account=ACCOUNT, partition="aws", regions=[REGION], needs=needs_of(["RC346"])
    )
    assert collected.calls["iot:ListTopicRules"] == collected.calls["config:DescribeConfigRules"] == 1
    statuses = {f.function: f.status for f in run(collected.inventory, only=["RC346"])}
    assert [name for name, status in statuses.items() if status is Status.PASS] == ["f0"]
