"""The event ``wiring`` of the trace: each edge with its own verdict, from Checkov and from an account."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import boto3
import pytest
from aws_proxy import aws_proxy
from broken_account import stage
from fake_aws import ACCOUNT, LAMBDA_TRUST, REGION, AwsError, FakeAccount, FakeRole, function
from gated import Gate
from hosts import moto_account, run_checkov
from test_cases_live import CASES
from test_live_command import rolecall
from test_live_faults import case
from usual_account import admits

from rolecall import trace, wiring
from rolecall.findings import GRAVEST_FIRST, Finding, Status, from_record, to_record
from rolecall.iac import cloudformation
from rolecall.iac.template import Declared, Template
from rolecall.live import Account, Collected, collect, needs_of, read_tags
from rolecall.live.plan import policy_of
from rolecall.rules import load_rules, run
from rolecall.rules.judges import Told

TERRAFORM = """
resource "aws_iam_role" "app" {
  name = "app"
  assume_role_policy = jsonencode({
    Statement = [{ Effect = "Allow", Action = "sts:AssumeRole", Principal = { Service = "lambda.amazonaws.com" } }]
  })
}

resource "aws_iam_role" "edge" {
  name = "edge"
  assume_role_policy = jsonencode({
    Statement = [{ Effect = "Allow", Action = "sts:AssumeRole", Principal = { Service = "edgelambda.amazonaws.com" } }]
  })
}

resource "aws_iam_role_policy" "app" {
  role = aws_iam_role.app.id
  policy = jsonencode({
    Statement = [
      {
        Effect   = "Allow"
        Action   = ["sqs:ReceiveMessage", "sqs:DeleteMessage", "sqs:GetQueueAttributes"]
        Resource = aws_sqs_queue.read.arn
      },
      { Effect = "Allow", Action = "sqs:SendMessage", Resource = aws_sqs_queue.kept.arn },
    ]
  })
}

resource "aws_lambda_function" "orders" {
  function_name = "orders"
  role          = aws_iam_role.app.arn
  dead_letter_config {
    target_arn = aws_sqs_queue.letters.arn
  }
}

resource "aws_lambda_function_event_invoke_config" "orders" {
  function_name = aws_lambda_function.orders.function_name
  destination_config {
    on_failure { destination = aws_sqs_queue.kept.arn }
  }
}

resource "aws_lambda_function" "lonely" {
  function_name = "lonely"
  role          = aws_iam_role.edge.arn
}

resource "aws_sqs_queue" "read" { name = "read" }
resource "aws_sqs_queue" "closed" { name = "closed" }
resource "aws_sqs_queue" "letters" { name = "letters" }
resource "aws_sqs_queue" "kept" { name = "kept" }

resource "aws_lambda_event_source_mapping" "read" {
  function_name    = aws_lambda_function.orders.arn
  event_source_arn = aws_sqs_queue.read.arn
}

resource "aws_lambda_event_source_mapping" "closed" {
  function_name    = aws_lambda_function.orders.arn
  event_source_arn = aws_sqs_queue.closed.arn
}

resource "aws_sns_topic" "good" { name = "good" }
resource "aws_sns_topic" "bad" { name = "bad" }

resource "aws_lambda_permission" "good" {
  action        = "lambda:InvokeFunction"
  function_name = aws_lambda_function.orders.function_name
  principal     = "sns.amazonaws.com"
  source_arn    = aws_sns_topic.good.arn
}

resource "aws_sns_topic_subscription" "good" {
  protocol  = "lambda"
  topic_arn = aws_sns_topic.good.arn
  endpoint  = aws_lambda_function.orders.arn
}

resource "aws_sns_topic_subscription" "bad" {
  protocol  = "lambda"
  topic_arn = aws_sns_topic.bad.arn
  endpoint  = aws_lambda_function.orders.arn
}
"""
TEMPLATE = """
Resources:
  Orders:
    Type: AWS::Lambda::Function
    Properties: {FunctionName: orders, Role: !GetAtt Gone.Arn, Runtime: python3.12, Handler: a.b, Code: {ZipFile: x}}
  Good:
    Type: AWS::SNS::Topic
    Properties: {TopicName: good, Subscription: [{Protocol: lambda, Endpoint: !GetAtt Orders.Arn}]}
  Bad:
    Type: AWS::SNS::Topic
    Properties: {TopicName: bad, Subscription: [{Protocol: lambda, Endpoint: !GetAtt Orders.Arn}]}
  Queue:
    Type: AWS::SQS::Queue
  Mapping:
    Type: AWS::Lambda::EventSourceMapping
    Properties: {FunctionName: !Ref Orders, EventSourceArn: !GetAtt Queue.Arn}
  Permission:
    Type: AWS::Lambda::Permission
    Properties:
      {FunctionName: !Ref Orders, Action: "lambda:InvokeFunction", Principal: sns.amazonaws.com, SourceArn: !Ref Good}
"""
SERVERLESS = """
service: shop
provider: {name: aws, runtime: python3.12}
functions:
  mail:
    handler: app.mail
    events: [sns: letters]
"""
TREE = {"main.tf": TERRAFORM, "template.yaml": TEMPLATE, "serverless.yml": SERVERLESS}
# Python imports a module of this name when it starts.
BREAKING = """
from rolecall.model import Inventory, Invoker
from rolecall.rules import rc305_invocable_by_sns_subscription as rule

def check(invoker: Invoker, inventory: Inventory):
    raise RuntimeError("made to break")

rule.check = check
"""
Wirings = dict[tuple[str, str], dict[str, Any]]


@pytest.fixture(scope="module")
def tree(tmp_path_factory: pytest.TempPathFactory) -> Path:
    root = tmp_path_factory.mktemp("tree")
    for name, text in TREE.items():
        (root / name).write_text(text, encoding="utf-8")
    return root


def scanned(tree: Path, file: Path, *arguments: str, **env: str) -> tuple[Wirings, list[Finding], Any]:
    """What a run of Checkov says of the tree: wirings by framework and address, findings, and its own output."""
    ran = run_checkov("-d", ".", "-o", "json", *arguments, cwd=tree, env={"ROLECALL_TRACE": str(file), **env})
    lines = [line for _, line in trace.read(file)]
    events = [line for line in lines if isinstance(line, dict) and line["event"] == "wiring"]
    places = [(event["wiring"]["framework"], event["wiring"]["function"]["address"]) for event in events]
    assert {event["host"] for event in events} <= {"checkov"}
    assert max(Counter(places).values(), default=1) == 1, "a function is written once"
    found = dict(zip(places, (event["wiring"] for event in events), strict=True))
    return found, [line for line in lines if isinstance(line, Finding)], json.loads(ran.stdout)


@pytest.fixture(scope="module")
def whole(tree: Path, tmp_path_factory: pytest.TempPathFactory) -> tuple[Wirings, list[Finding], Any]:
    return scanned(tree, tmp_path_factory.mktemp("trace") / "trace.jsonl", "-c", "CKV_RC_*")


ORDERS = ("terraform", "aws_lambda_function.orders")


def statuses(edges: list[dict[str, Any]]) -> dict[str, str]:
    return {edge["what"]: edge["status"] for edge in edges}


def test_every_function_has_one_line_with_or_without_an_invoker(whole: tuple[Wirings, list[Finding], Any]) -> None:
    found, _, _ = whole
    assert found.keys() == {
        ORDERS, ("terraform", "aws_lambda_function.lonely"), ("cloudformation", "Orders"), ("serverless", "mail"),
    }  # fmt: skip
    lonely = found["terraform", "aws_lambda_function.lonely"]
    assert lonely["function"] == {
        "type": "aws_lambda_function", "address": "aws_lambda_function.lonely", "name": "lonely", "arn": None,
        "account": None, "region": None, "file": "main.tf", "lines": [45, 48],
    }  # fmt: skip
    assert lonely["role"] == {
        "name": "edge", "arn": None, "address": "aws_iam_role.edge", "state": "there", "status": "FAIL",
        "rules": ["RC103"],
    }  # fmt: skip
    assert [lonely[kind] for kind in ("invokers", "sources", "destinations", "more", "left_out")] == [
        [], [], [], False, {},
    ]  # fmt: skip


def test_in_terraform_each_edge_has_its_own_verdict(whole: tuple[Wirings, list[Finding], Any]) -> None:
    orders = whole[0][ORDERS]
    assert (orders["role"]["status"], orders["role"]["rules"]) == ("PASS", [])
    bad, good = orders["invokers"]
    assert bad.pop("message").startswith("The SNS topic bad cannot invoke orders: ")
    assert bad == {
        "kind": "sns_subscription", "what": "The SNS topic bad", "rule": "RC305", "status": "FAIL", "role": None,
    }  # fmt: skip
    assert (good["what"], good["status"]) == ("The SNS topic good", "PASS")
    assert orders["sources"] == [
        {"service": "sqs", "what": "The SQS queue closed", "arn": None, "status": "FAIL", "rules": ["RC126"]},
        {"service": "sqs", "what": "The SQS queue read", "arn": None, "status": "PASS", "rules": []},
    ]
    assert orders["destinations"] == [
        {"purpose": "dead-letter target", "what": "The SQS queue letters", "arn": None, "status": "FAIL",
         "rules": ["RC127"]},
        {"purpose": "on-failure destination", "what": "The SQS queue kept", "arn": None, "status": "PASS",
         "rules": []},
    ]  # fmt: skip


def test_in_templates_too(whole: tuple[Wirings, list[Finding], Any]) -> None:
    orders = whole[0]["cloudformation", "Orders"]
    assert orders["role"] == {
        "name": None, "arn": None, "address": "Gone", "state": "missing", "status": "FAIL", "rules": ["RC101"],
    }  # fmt: skip
    assert statuses(orders["invokers"]) == {"The SNS topic bad": "FAIL", "The SNS topic good": "PASS"}
    [queue] = orders["sources"]
    assert (queue["what"], queue["status"], queue["rules"]) == ("The SQS queue Queue", None, [])  # the role is missing
    mail = whole[0]["serverless", "mail"]
    assert (mail["role"]["state"], mail["role"]["status"]) == ("there", "PASS")
    assert [edge["status"] for edge in mail["invokers"]] == ["PASS"]


def test_findings_are_the_same_without_a_trace(tree: Path, whole: tuple[Wirings, list[Finding], Any]) -> None:
    """With one, the rules have been asked for some verdicts before."""
    ran = run_checkov("-d", ".", "-o", "json", "-c", "CKV_RC_*", cwd=tree)
    assert _answers(json.loads(ran.stdout)) == _answers(whole[2])


def _answers(reports: list[dict[str, Any]]) -> list[Any]:
    listed = [r for report in reports for kind in ("passed", "failed") for r in report["results"][f"{kind}_checks"]]
    assert listed
    return sorted(json.dumps([r["check_id"], r["resource"], r["check_result"]], sort_keys=True) for r in listed)


@pytest.mark.parametrize(
    ("arguments", "overlay", "invoker", "role"),
    [
        (("-c", "CKV_RC_305"), "", "FAIL", None),
        (("-c", "CKV_RC_*", "--skip-check", "CKV_RC_305,CKV_RC_103"), "", None, "PASS"),
        (("-c", "CKV_RC_*"), "{RC305: {enabled: false}}", None, "PASS"),
    ],
    ids=["chosen", "skipped", "switched off"],
)
def test_a_rule_that_does_not_run_marks_no_edge(
    tree: Path, tmp_path: Path, arguments: tuple[str, ...], overlay: str, invoker: str | None, role: str | None
) -> None:
    config = tmp_path / "rolecall.yaml"
    config.write_text(f"version: 1\nrules: {overlay or '{}'}\n", encoding="utf-8")
    found, findings, _ = scanned(
        tree, tmp_path / "trace.jsonl", *arguments, "--framework", "terraform", ROLECALL_CONFIG=str(config)
    )
    orders = found[ORDERS]
    bad = next(edge for edge in orders["invokers"] if edge["what"] == "The SNS topic bad")
    assert (bad["rule"], bad["status"], bad["message"] is None) == ("RC305", invoker, invoker is None)
    assert orders["role"]["status"] == role
    assert any(finding.rule == "RC305" for finding in findings) is (invoker is not None)


def test_a_rule_that_breaks_is_an_error_of_its_edges_alone(tree: Path, tmp_path: Path) -> None:
    (tmp_path / "sitecustomize.py").write_text(BREAKING, encoding="utf-8")
    found, findings, _ = scanned(
        tree, tmp_path / "t", "-c", "CKV_RC_*", "--framework", "terraform", PYTHONPATH=str(tmp_path)
    )
    assert set(statuses(found[ORDERS]["invokers"]).values()) == {"ERROR"}
    assert (found[ORDERS]["role"]["status"], len(found[ORDERS]["sources"])) == ("PASS", 2)
    assert {finding.rule for finding in findings if finding.status is Status.ERROR} == {"RC305"}


def test_without_a_trace_nothing_is_asked(monkeypatch: pytest.MonkeyPatch) -> None:
    def broken() -> Iterator[dict[str, Any]]:
        raise AssertionError("asked")
        yield {}

    monkeypatch.delenv(trace.VARIABLE, raising=False)
    trace.append_records(broken())


# An account

TOPIC = f"arn:aws:sns:{REGION}:{ACCOUNT}:"
KINDS = {rule.entry.id for rule in load_rules().values() if rule.kind}
ALL = [*KINDS, "RC101", "RC102", "RC103", "RC104", "RC126", "RC127", "RC201"]


def read(account: FakeAccount, *rules: str) -> Collected:
    return collect(account.session(), account=ACCOUNT, partition="aws", regions=[REGION], needs=needs_of(rules))


def of_account(account: FakeAccount, *rules: str) -> dict[str, dict[str, Any]]:
    """The wirings by function name, as they are written."""
    events = wiring.events("live", read(account, *rules).inventory, rules)
    lines = [json.loads(trace.line_of(event))["wiring"] for event in events]
    return {line["function"]["name"]: line for line in lines}


def subscribed(*topics: str) -> dict[str, Any]:
    arn = f"arn:aws:lambda:{REGION}:{ACCOUNT}:function:f"
    return {
        "sns:ListSubscriptions": {
            "Subscriptions": [
                {"SubscriptionArn": f"{TOPIC}{name}:1", "TopicArn": TOPIC + name, "Protocol": "lambda", "Endpoint": arn}
                for name in topics
            ]
        }
    }


def test_of_many_edges_the_gravest_are_written_and_the_others_counted() -> None:
    names = [f"t{number}" for number in range(wiring.MOST + 10)]
    policy = admits("sns", f"{TOPIC}t*")
    policy["Statement"][0]["Condition"]["ArnNotLike"] = {"AWS:SourceArn": f"{TOPIC}t59"}
    account = FakeAccount([function("f")], policies={"f": policy}, answers=subscribed(*names))
    line = of_account(account, *ALL)["f"]
    assert line["left_out"] == {"invokers": 10}
    assert len(line["invokers"]) == wiring.MOST
    assert [(edge["what"], edge["status"]) for edge in line["invokers"][:2]] == [
        ("The SNS topic t59", "FAIL"),
        ("The SNS topic t0", "PASS"),
    ]


def test_there_may_be_more_invokers_where_a_kind_was_not_read() -> None:
    account = FakeAccount([function("f")], answers=subscribed("a"))
    assert of_account(account, *ALL)["f"]["more"] is False
    assert of_account(account, "RC305")["f"]["more"] is True
    denied = FakeAccount([function("f")], answers={"sns:ListSubscriptions": {"error": "AccessDeniedException"}})
    assert of_account(denied, *ALL)["f"]["more"] is True


def test_what_was_not_read_is_no_edge_unless_a_rule_asked_for_it() -> None:
    account = FakeAccount([function("f", "role/app")], {"role/app": FakeRole()})
    account.errors["lambda:ListEventSourceMappings"] = AwsError("AccessDeniedException", 403)
    line = of_account(account, *ALL)["f"]
    [source] = line["sources"]
    assert source["what"].startswith("Unknown event sources: lambda:ListEventSourceMappings was denied")
    assert (source["service"], source["status"], source["rules"]) == (None, "UNKNOWN", ["RC126"])
    assert of_account(account, "RC101")["f"]["sources"] == []

    account = FakeAccount([function("f")], answers=subscribed("a"))
    account.errors["lambda:ListFunctionEventInvokeConfigs"] = AwsError("AccessDeniedException", 403)
    [destination] = of_account(account, *ALL)["f"]["destinations"]
    assert destination["what"].startswith("An unknown destination: lambda:ListFunctionEventInvokeConfigs was denied")
    assert (destination["status"], destination["rules"]) == ("UNKNOWN", ["RC127"])
    assert of_account(account, "RC203")["f"]["destinations"] == []


def test_a_verdict_that_was_asked_for_is_taken_and_not_asked_for_again() -> None:
    role = Declared("Role", "AWS::IAM::Role", {"AssumeRolePolicyDocument": LAMBDA_TRUST})
    orders = Declared("Orders", "AWS::Lambda::Function", {"Role": {"Fn::GetAtt": ["Role", "Arn"]}})
    inventory = cloudformation.read([Template("t.yaml", "cloudformation", {"Role": role, "Orders": orders})])
    told: Told = {}
    [made] = wiring.wirings(inventory, ["RC101", "RC103"], told)
    assert isinstance(made, wiring.Wiring)
    assert made.role.status is Status.PASS
    changed = {key: verdict._replace(message=f"{key[0]} as it was told.") for key, verdict in told.items()}
    messages = [finding.message for finding in run(inventory, ["RC101", "RC102", "RC103"], changed)]
    assert (messages[0], messages[2]) == ("RC101 as it was told.", "RC103 as it was told.")
    assert (changed, len(told)) == ({}, 2)


def test_a_function_of_which_it_cannot_be_told_loses_no_other() -> None:
    inventory = read(FakeAccount([function("a"), function("b")]), "RC101").inventory
    first, *others = inventory.functions.values()
    broken = replace(first, role=None)  # type: ignore[arg-type]  # what no reader makes
    functions = {one.resource.key: one for one in (broken, *others)}
    lost, told = wiring.events("live", replace(inventory, functions=functions), ["RC101"])
    assert (lost["event"], lost["what"].split(":")[0]) == ("unread", "what is wired to a")
    assert told["wiring"]["function"]["name"] == "b"


def test_a_hostile_name_cannot_speak_to_a_terminal() -> None:
    account = FakeAccount([function("f")], answers=subscribed("a\x1b[2J\u202eb"))
    [event] = wiring.events("live", read(account, "RC305").inventory, ["RC305"])
    assert trace.line_of(event).isprintable()
    assert "\\u001b" in trace.line_of(event)


OF_EDGES = [path for path in CASES if path.parent.name in ALL]


@pytest.mark.parametrize("path", OF_EDGES, ids=lambda path: f"{path.parent.name}/{path.name}")
def test_edges_and_findings_of_an_account_agree(path: Path) -> None:
    """The gravest edge that a rule judges is its finding; this alone knows of what was not read."""
    rule = path.parent.name
    inventory = read(case(path), rule).inventory
    findings = {finding.resource.key: finding.status for finding in run(inventory, only=[rule])}
    for made in wiring.wirings(inventory, [rule]):
        assert isinstance(made, wiring.Wiring)
        invokers = [edge for edge in made.invokers if edge.rule == rule]
        told = {edge.status for edge in (invokers if rule in KINDS else (made.role, *made.sources, *made.destinations))}
        gravest = next((status for status in GRAVEST_FIRST if status in told), None)
        status = findings[made.function.key]
        assert gravest in ((status,) if status is Status.FAIL else (status, Status.PASS, None)), made


# What made a resource

ORIGIN = {"aws:cloudformation:stack-name": "shop", "aws:cloudformation:logical-id": "F", "yor_trace": "1f2e"}


def test_a_finding_tells_what_made_its_resource_and_no_other_tag() -> None:
    [finding] = run(read(FakeAccount([function("f")]), "RC341").inventory, only=["RC341"])
    assert to_record(finding, {**ORIGIN, "owner": "x"})["resource"]["tags"] == ORIGIN
    assert to_record(finding, {"owner": "x"})["resource"]["tags"] == {}
    assert "tags" not in to_record(finding)["resource"]
    assert from_record(to_record(finding, ORIGIN)) == from_record(to_record(finding))


@pytest.fixture(scope="module")
def endpoint() -> Iterator[str]:
    """The broken account; its function ``healthy`` is subscribed to two topics, of which one may call it."""
    with moto_account() as account:
        stage(account)
        session = boto3.Session("x", "x", region_name=REGION)
        topics, functions = (session.client(name, endpoint_url=account) for name in ("sns", "lambda"))
        healthy = functions.get_function(FunctionName="healthy")["Configuration"]["FunctionArn"]
        for name in ("good", "bad"):
            arn = topics.create_topic(Name=name)["TopicArn"]
            topics.subscribe(TopicArn=arn, Protocol="lambda", Endpoint=healthy)
        functions.add_permission(
            FunctionName="healthy", StatementId="good", Action="lambda:InvokeFunction", Principal="sns.amazonaws.com",
            SourceArn=arn.replace("bad", "good"),
        )  # fmt: skip
        yield account


def test_rolecall_live_writes_wirings_and_tags_behind_the_findings(endpoint: str, tmp_path: Path) -> None:
    with aws_proxy(endpoint) as proxy:
        ran = rolecall("live", "-o", "out.jsonl", "--format", "json", cwd=tmp_path, endpoint=proxy.url)
    written = (tmp_path / "out.jsonl").read_text(encoding="utf-8")
    assert (ran.returncode, ran.stdout, ran.stderr) == (1, written, "")
    assert proxy.calls["tagging:GetResources"] == 1
    lines = [json.loads(line) for line in written.splitlines()]
    first = next(at for at, line in enumerate(lines) if line.get("event"))
    assert {line.get("event") for line in lines[first:]} == {"wiring"}
    found = {line["wiring"]["function"]["name"]: line["wiring"] for line in lines[first:]}
    assert len(lines) - first == len(found) == 4
    assert statuses(found["healthy"]["invokers"]) == {"The SNS topic bad": "FAIL", "The SNS topic good": "PASS"}
    assert found["orphan"]["role"] == {
        "name": "gone", "arn": "arn:aws:iam::123456789012:role/service-role/gone", "address": None, "state": "missing",
        "status": "FAIL", "rules": ["RC101"],
    }  # fmt: skip
    assert (found["healthy"]["role"]["status"], found["edge_only"]["role"]["rules"]) == ("PASS", ["RC103"])
    tags = {line["function"]: line["resource"].get("tags") for line in lines[:first] if line["rule"] == "RC101"}
    assert tags == {"orphan": {"yor_trace": "1f2e"}, "open": {}, "healthy": None, "edge_only": None}
    assert {name: line["function"].get("tags") for name, line in found.items()} == tags


def test_tags_are_not_read_for_a_terminal_and_are_missed_by_nobody(endpoint: str, tmp_path: Path) -> None:
    only = ("live", "--rule", "RC102")
    with aws_proxy(endpoint, ("tagging:GetResources",)) as proxy:
        shown = rolecall(*only, cwd=tmp_path, endpoint=proxy.url)
        assert proxy.calls["tagging:GetResources"] == 0
        written = rolecall(*only, "-o", "out.jsonl", cwd=tmp_path, endpoint=proxy.url)
    assert (shown.returncode, shown.stderr) == (0, "")
    note = f"rolecall: without the tags of functions: tag:GetResources was denied in {REGION}\n"
    assert (written.returncode, written.stderr, written.stdout) == (0, note, shown.stdout)
    assert '"tags"' not in (tmp_path / "out.jsonl").read_text(encoding="utf-8")


def test_a_dry_run_says_what_tags_take(tmp_path: Path) -> None:
    bare = rolecall("live", "--dry-run", "--rule", "RC102", cwd=tmp_path).stdout
    written = rolecall("live", "--dry-run", "--rule", "RC102", "-o", "out.jsonl", cwd=tmp_path).stdout
    assert "tag:GetResources" not in bare
    assert written.count("tag:GetResources") == 2  # the call, and in the policy
    gate = Gate(policy_of(["RC102"], tags=True))
    account = FakeAccount([function("f")])
    assert read_tags(gate.session(account), Account(ACCOUNT, "aws", REGION), [REGION]).unread == ()
    assert gate.refused == set()
