"""Which functions services call with which role, below what the cases show, and what a refused call is told to do."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import replace
from typing import Any

import pytest

from rolecall.catalog import load_catalog, load_remedies
from rolecall.findings import Finding, Status
from rolecall.iac import role_calls
from rolecall.iac.cloudformation import read
from rolecall.iac.role_calls import Call, Calls, Properties, member
from rolecall.iac.template import Declared, Template
from rolecall.model import Function, IdentityPolicy, Inventory, Invoker, Permission, Resource, Role, RoleReference
from rolecall.rules import run
from rolecall.unknown import Text, Unknown, text

FUNCTION, ROLE = "arn:aws:lambda:eu-west-1:111122223333:function:orders", "arn:aws:iam::111122223333:role/caller"
LATER = Unknown("made later", "Later")


def calls(read_calls: Calls, **given: Any) -> list[Call]:
    def arn(name: Text, region: Text | None) -> Text:
        return text("arn:aws:lambda:", region or "eu-west-1", ":111122223333:function:", name)

    return list(read_calls(Properties(lambda name: member(given, name), arn, list)))


def stream(enabled: Any, **more: Any) -> dict[str, Any]:
    parameters = [{"parameter_name": "LambdaArn", "parameter_value": FUNCTION}]
    processing = {"enabled": enabled, "processors": {"type": "Lambda", "parameters": parameters}}
    return {"processing_configuration": [processing], **more}


def action(**more: Any) -> dict[str, Any]:
    kind = {"category": "Invoke", "provider": "Lambda", "name": "Smoke"}
    return {"action": {**kind, "configuration": {"FunctionName": "orders"}, **more}}


@pytest.mark.parametrize(
    ("found", "expected"),
    [
        (calls(role_calls.schedule, target={"arn": FUNCTION, "role_arn": ROLE}), [Call(FUNCTION, ROLE)]),
        (calls(role_calls.schedule, Target=[{"Arn": FUNCTION}]), [Call(FUNCTION)]),
        (calls(role_calls.schedule, target={"arn": LATER, "role_arn": ROLE}), []),
        (
            calls(role_calls.schedule, target={"arn": "arn:aws:scheduler:::aws-sdk:lambda:invoke",
                                               "input": '{"FunctionName":"orders","Qualifier":"live"}'}),
            [Call(f"{FUNCTION}:live")],
        ),
        (calls(role_calls.schedule, target={"arn": "arn:aws:scheduler:::aws-sdk:lambda:updateFunctionCode"}), []),
        (
            calls(role_calls.schedule, target={"arn": "arn:aws:scheduler:::aws-sdk:lambda:invoke", "input": {}}),
            [Call(Unknown("the input names no function"))],
        ),
        (
            calls(role_calls.pipe, target=FUNCTION, enrichment=f"{FUNCTION}:1", role_arn=ROLE),
            [Call(FUNCTION, ROLE), Call(f"{FUNCTION}:1", ROLE, part="The enrichment")],
        ),
        (calls(role_calls.pipe, target="arn:aws:sqs:eu-west-1:111122223333:orders", role_arn=ROLE), []),
        (calls(role_calls.data_source, dynamodb_config={}, service_role_arn=ROLE), []),
        (
            calls(role_calls.delivery_stream, splunk_configuration=stream("true", s3_configuration={"role_arn": ROLE})),
            [Call(FUNCTION, ROLE)],
        ),
        (calls(role_calls.delivery_stream, extended_s3_configuration=stream(False, role_arn=ROLE)), []),
        (calls(role_calls.pipeline, role_arn=ROLE, stage=[action()]), [Call(FUNCTION, ROLE, part="The action Smoke")]),
        (
            calls(role_calls.pipeline, role_arn=ROLE, stage=[action(role_arn=f"{ROLE}-of-action", region="eu-west-2")]),
            [Call(FUNCTION.replace("west-1", "west-2"), f"{ROLE}-of-action", ROLE, "The action Smoke")],
        ),
        (calls(role_calls.pipeline, role_arn=ROLE, stage=[action(provider="CodeBuild")]), []),
    ],
)  # fmt: skip
def test_what_is_called_with_which_role(found: list[Call], expected: list[Call]) -> None:
    assert found == expected


READERS = (
    role_calls.schedule, role_calls.pipe, role_calls.data_source, role_calls.delivery_stream, role_calls.pipeline,
)  # fmt: skip
NAMES = ("Target", "Enrichment", "LambdaConfig", "ServiceRoleArn", "SplunkConfiguration", "Stages", "RoleArn")


def nested(odd: Any, depth: int = 5) -> Iterator[Any]:
    for _ in range(depth):
        yield odd
        odd = dict.fromkeys(("Arn", "Input", "Actions", "Processors", "ProcessingConfiguration", "Enabled"), odd)


@pytest.mark.parametrize("odd", [None, 3, "text", [], {}, [None, [["x"]], 7], {"Ref": None}, LATER], ids=repr)
def test_odd_types_raise_nothing(odd: Any) -> None:
    for value in nested(odd):
        for reader in READERS:
            for call in calls(reader, **dict.fromkeys(NAMES, value)):
                assert isinstance(call.function, (str, Unknown))


TRUST = {
    "Statement": {"Effect": "Allow", "Action": "sts:AssumeRole", "Principal": {"Service": "scheduler.amazonaws.com"}}
}


def resource(kind: str, address: str, arn: Text, account: Text = "111122223333") -> Resource:
    return Resource("terraform", kind, address, address, arn, account, "eu-west-1", key=address)


def inventory(trust: Mapping[str, Any], policies: Any, account: Text = "111122223333") -> Inventory:
    called = FUNCTION.replace("111122223333", str(account))
    role = Role(resource("aws_iam_role", "aws_iam_role.caller", ROLE), trust, policies=policies)
    function = Function(
        resource("aws_lambda_function", "aws_lambda_function.orders", called, account), "aws", RoleReference(ROLE, role)
    )
    schedule = resource("aws_scheduler_schedule", "aws_scheduler_schedule.nightly", LATER)
    return Inventory(
        "terraform",
        functions={"f": function},
        roles={"r": role},
        invokers=(Invoker("eventbridge_scheduler", schedule, "The schedule nightly", called, LATER, ROLE),),
    )


def finding(inventory: Inventory) -> Finding:
    [found] = run(inventory, only=["RC322"])
    return found


def test_both_faults_are_told_with_both_remedies() -> None:
    found = finding(inventory({"Statement": []}, ()))
    assert found.status is Status.FAIL
    assert "scheduler.amazonaws.com cannot assume" in found.message
    assert "may not invoke" in found.message
    assert "update-assume-role-policy --role-name aws_iam_role.caller" in found.remediation.cli
    assert "put-role-policy --role-name aws_iam_role.caller --policy-name invoke_" in found.remediation.cli
    assert f'"Resource": "{FUNCTION}"' in found.remediation.terraform


def test_one_fault_is_told_with_its_remedy_alone() -> None:
    assert "assume-role-policy" not in finding(inventory(TRUST, ())).remediation.cli


def test_a_function_of_another_account_has_to_let_the_role_in() -> None:
    allow = {"Statement": {"Effect": "Allow", "Action": "lambda:InvokeFunction", "Resource": "*"}}
    policies = (IdentityPolicy("invoke", allow),)
    assert finding(inventory(TRUST, policies)).status is Status.PASS
    found = finding(inventory(TRUST, policies, account="444455556666"))
    assert found.status is Status.FAIL
    assert "both" in found.message


def test_a_rule_of_eventbridge_calls_a_function_of_another_account_with_its_role() -> None:
    allow = {"Statement": {"Effect": "Allow", "Action": "lambda:InvokeFunction", "Resource": "*"}}
    events = {"Statement": {**TRUST["Statement"], "Principal": {"Service": "events.amazonaws.com"}}}
    across = inventory(events, (IdentityPolicy("invoke", allow),), account="444455556666")
    target = replace(
        across.invokers[0], kind="eventbridge_rule", source_arn="arn:aws:events:eu-west-1:111122223333:rule/x"
    )
    statement = {"Effect": "Allow", "Action": "lambda:InvokeFunction", "Resource": target.function}
    owner = next(iter(across.functions.values())).resource
    statuses = {}
    for principal in ({"AWS": ROLE}, {"Service": "events.amazonaws.com"}):
        permission = Permission(owner, owner.key, "orders", "", {**statement, "Principal": principal})
        known = replace(
            across, invokers=(target,), permissions=(permission,), functions={owner.key: across.functions["f"]}
        )
        statuses[next(iter(principal))] = [found.status for found in run(known, only=["RC303"])]
    assert statuses == {"AWS": [Status.PASS], "Service": [Status.FAIL]}


def test_a_principal_of_the_region_is_taken_where_aws_documents_it() -> None:
    def trusting(service: str) -> Mapping[str, Any]:
        statement = {"Effect": "Allow", "Action": "sts:AssumeRole", "Principal": {"Service": service}}
        return {"Statement": statement}

    found = finding(inventory(trusting("scheduler.eu-west-1.amazonaws.com"), ()))
    assert "cannot assume" not in found.message  # it may be one all the same


def test_a_state_machine_is_asked_for_each_state() -> None:
    definition = {"States": {"A": {"Type": "Task", "Resource": FUNCTION}, "B": {"Type": "Task", "Resource": FUNCTION}}}
    template = Template(
        "t.yaml",
        "cloudformation",
        {"M": Declared("M", "AWS::StepFunctions::StateMachine", {"Definition": definition, "RoleArn": ROLE})},
    )
    invokers = read([template]).invokers
    assert [invoker.what for invoker in invokers] == [
        "The state A of the state machine M",
        "The state B of the state machine M",
    ]


def test_the_shared_remedies_are_used_and_shown_generic_where_nothing_is_known() -> None:
    assert set(load_remedies()) == {
        "destination_gone", "queue_redrive", "role_chain", "role_missing", "role_policy", "role_trust", "trust_orphan",
        "url_caller",
    }  # fmt: skip
    for name in load_remedies():
        assert "<<" not in load_catalog()["RC301"].remedy({}, name).text
