"""What state machines call: their language, and their definitions as the frameworks have them, in Checkov's graphs."""

from __future__ import annotations

import json
import time
from pathlib import Path
from typing import Any

import pytest
from hosts import checkov_python, run
from hypothesis import given, settings
from hypothesis import strategies as st
from plans import after, known, plan, resource

from rolecall.iac.cloudformation_state_machines import STATE_MACHINE, StateMachines
from rolecall.iac.cloudformation_values import TemplateValues
from rolecall.iac.partial_document import parsed, substituted
from rolecall.iac.plan import parse
from rolecall.iac.plan_graph import PlanGraph
from rolecall.iac.plan_values import PlanDocuments, PlanValues
from rolecall.iac.state_machine import Task, function_arn, tasks
from rolecall.iac.template import Declared, Template
from rolecall.iac.terraform_state_machines import StateMachines as TerraformStateMachines
from rolecall.unknown import Unknown, same_as, text

ARN = "arn:aws:lambda:eu-west-1:111122223333:function:orders"
INVOKE = "arn:aws:states:::lambda:invoke"
LATER = Unknown("made later", "Orders.Arn")
PLACE = ("aws", "eu-west-1", "111122223333")


def workflow(**states: Any) -> dict[str, Any]:
    return {"StartAt": next(iter(states), ""), "States": states}


def task(resource: Any = INVOKE, **members: Any) -> dict[str, Any]:
    return {"Type": "Task", "Resource": resource, **members}


def called(state: Any) -> Any:
    """The function of the one task that a state makes; none: ``None``."""
    found = tasks(workflow(A=state))
    assert [one.state for one in found] in (["A"], [])
    return found[0].function if found else None


@pytest.mark.parametrize(
    ("state", "function"),
    [
        (task(ARN), ARN),
        (task(f"{ARN}:live"), f"{ARN}:live"),
        (task(text(LATER, ":live")), text(LATER, ":live")),
        (task(LATER), LATER),
        (task(text("arn:", Unknown("p"), ":lambda:x:y:function:", LATER)), text("arn:", Unknown("p"),
         ":lambda:x:y:function:", LATER)),
        (task(Parameters={"FunctionName": "orders"}), "orders"),
        (task(Arguments={"FunctionName": ARN, "Payload": "{% $x %}"}), ARN),
        (task(f"{INVOKE}.waitForTaskToken", Parameters={"FunctionName": "orders", "Qualifier": "live"}), "orders:live"),
        (task("arn:aws-cn:states:::aws-sdk:lambda:invoke", Parameters={"FunctionName": LATER, "Qualifier": "1"}),
         text(LATER, ":1")),
        (task(text("arn:", Unknown("p"), ":states:::lambda:invoke"), Parameters={"FunctionName": ARN}), ARN),
        (task(Parameters={"FunctionName": f"{ARN}:live", "Qualifier": "live"}), f"{ARN}:live"),
    ],
)  # fmt: skip
def test_what_a_task_calls(state: Any, function: Any) -> None:
    assert called(state) == function


@pytest.mark.parametrize(
    "state",
    [
        {"Type": "Pass", "Result": {"Resource": ARN}},
        task("arn:aws:states:eu-west-1:111122223333:activity:pack"),
        task(text("arn:aws:states:eu-west-1:", Unknown("the account"), ":activity:", Unknown("the name"))),
        task("arn:aws:states:::dynamodb:putItem", Parameters={"FunctionName": "orders"}),
        task("arn:aws:states:::aws-sdk:lambda:getFunction", Parameters={"FunctionName": "orders"}),
        task("arn:aws:states:::sqs:sendMessage.waitForTaskToken", Parameters={}),
        {"Type": "Succeed"},
    ],
)
def test_what_calls_no_function(state: Any) -> None:
    assert called(state) is None


@pytest.mark.parametrize(
    "state",
    [
        task(Parameters={"FunctionName.$": "$.function"}),
        task(Arguments={"FunctionName": "{% $function %}"}),
        task(Arguments={"FunctionName": text("{% 'a' & ", LATER, " %}")}),
        task(Arguments="{% $arguments %}"),
        task(Parameters={"FunctionName": 3}),
        task(Parameters={}),
        task(),
        task(Parameters=LATER),
        task(None),
        task(["x"]),
        task("orders"),
        task("${Orders}"),
        task(text("arn:aws:states:::", Unknown("the action"))),
        task(text("arn:aws:", Unknown("the service"), ":::lambda:invoke")),
        task(Parameters={"FunctionName": f"{ARN}:live", "Qualifier": "test"}),
        task(Parameters={"FunctionName": "orders:live", "Qualifier": LATER}),
        {"Type": Unknown("a parameter"), "Resource": LATER},
        LATER,
        None,
        "text",
    ],
)
def test_what_may_call_a_function_that_is_not_known(state: Any) -> None:
    assert isinstance(called(state), Unknown)


def test_states_in_branches_and_their_paths() -> None:
    inner = workflow(Charge=task(ARN))
    definition = workflow(
        Each={"Type": "Map", "ItemProcessor": inner | {"ProcessorConfig": {"Mode": "INLINE"}}},
        Old={"Type": "Map", "Iterator": workflow(Both={"Type": "Parallel", "Branches": [inner, inner]})},
        First=task(ARN),
    )
    assert [found.state for found in tasks(definition)] == [
        "First", "Each.Charge", "Old.Both.Charge", "Old.Both.Charge",
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("credentials", "role"),
    [
        ({}, None),
        ({"Credentials": {"RoleArn": "arn:aws:iam::444455556666:role/x"}}, "arn:aws:iam::444455556666:role/x"),
        ({"Credentials": {"RoleArn": LATER}}, LATER),
    ],
)
def test_the_role_of_a_state(credentials: Any, role: Any) -> None:
    assert tasks(workflow(A=task(ARN, **credentials))) == [Task("A", ARN, role)]


@pytest.mark.parametrize("given", [{"RoleArn.$": "$.role"}, {"RoleArn": "{% $role %}"}, "{% $c %}", {"RoleArn": 3}])
def test_a_role_that_is_decided_later(given: Any) -> None:
    assert isinstance(tasks(workflow(A=task(ARN, Credentials=given)))[0].role, Unknown)


@pytest.mark.parametrize(
    "definition",
    [None, 3, [], "", "{", "[1]", "just text", b"{}", {}, {"States": [1]}, {"States": "${States}"}, LATER, '{"States":',
     "a: [b", "a: !!python/object:os.system x", "\ue0001\ue001", "<<: {a: b}", {"States": LATER}],
)  # fmt: skip
def test_a_definition_that_cannot_be_read_is_one_task_of_which_nothing_is_known(definition: Any) -> None:
    [found] = tasks(definition)
    assert found.state == ""
    assert isinstance(found.function, Unknown)


@pytest.mark.parametrize(
    "definition",
    [
        json.dumps(workflow(A=task(ARN))),
        f"StartAt: A\nStates:\n  A:\n    Type: Task\n    Resource: {ARN}\n    End: true",
        text('{"States": {"A": {"Type": "Task", "Resource": "arn:aws:lambda:eu-west-1:', "111122223333",
             ':function:orders", "TimeoutSeconds": ', Unknown("a number"), "}}}"),
    ],
    ids=["json", "yaml", "with a number that is not known"],
)  # fmt: skip
def test_text(definition: Any) -> None:
    assert tasks(definition) == [Task("A", ARN)]


def test_references_in_text_stay_what_they_are() -> None:
    document = text('{"a": "', LATER, '", "b": ["x-', LATER, '-y"], "', LATER, '": 1}')
    assert parsed(document) == {"a": LATER, "b": [text("x-", LATER, "-y")], "<Orders.Arn>": 1}


@pytest.mark.parametrize(
    ("definition", "function"),
    [
        (workflow(A=task("${Orders}")), LATER),
        (json.dumps(workflow(A=task("${Orders}:live"))), text(LATER, ":live")),
        (text('{"States": {"A": {"Type": "Task", "Resource": "${Orders}", "Comment": "', LATER, '"}}}'), LATER),
        (workflow(A=task("arn:aws:lambda:${Region}:1:function:f")), "arn:aws:lambda:eu-west-1:1:function:f"),
    ],
)
def test_substitutions(definition: Any, function: Any) -> None:
    made = substituted(definition, {"Orders": LATER, "Region": "eu-west-1"})
    assert tasks(made) == [Task("A", function)]


def test_a_placeholder_without_value_is_unknown() -> None:
    assert isinstance(called(substituted(task("${Gone}"), {})), Unknown)


@pytest.mark.parametrize(
    ("given", "arn"),
    [
        (f"{ARN}:live", f"{ARN}:live"),
        ("orders", ARN),
        ("orders:live", f"{ARN}:live"),
        ("444455556666:function:other:1", "arn:aws:lambda:eu-west-1:444455556666:function:other:1"),
        (LATER, "declared"),
        (text(LATER, ":live"), "declared:live"),
        (Unknown("a parameter", "P"), Unknown("a parameter", "P")),
        (text("orders-", Unknown("s", "Stage")), text(f"{ARN}-", Unknown("s", "Stage"))),
    ],
)
def test_names_become_arns(given: Any, arn: Any) -> None:
    assert function_arn(given, PLACE, {same_as(LATER): "declared"}) == arn


def test_hostile_definitions_end_in_time() -> None:
    started = time.monotonic()
    deep: Any = task(ARN)
    for _ in range(2_000):
        deep = {"Type": "Map", "ItemProcessor": workflow(A=deep)}
    assert isinstance(tasks(workflow(A=deep))[-1].function, Unknown)
    assert isinstance(tasks("[" * 100_000)[0].function, Unknown)
    assert isinstance(tasks(f'{{"States": {"9" * 10_000}}}')[0].function, Unknown)
    lines = [f"a0: &a0 {{Type: Task, Resource: '{ARN}'}}"]
    lines += [f"a{n}: &a{n} {{Branches: [{', '.join([f'{{States: {{A: *a{n - 1}}}}}'] * 9)}]}}" for n in range(1, 30)]
    bomb = tasks("\n".join([*lines, "States: {A: *a29}"]))
    assert len(bomb) <= 10_001
    tasks("\n".join(["a0: &a0 {x: y}", *(f"a{n}: &a{n} {{<<: [*a{n - 1}, *a{n - 1}]}}" for n in range(1, 60))]))
    substituted("${" * 100_000 + "}" * 100_000, {})
    tasks("x" * (1 << 21))
    own: dict[str, Any] = {}
    own["States"] = {"A": {"ItemProcessor": own}}
    tasks(substituted(own, {}))
    tasks(own)
    assert time.monotonic() - started < 5


JUNK = st.recursive(
    st.none() | st.booleans() | st.integers(-1, 2) | st.just(LATER) | st.text(max_size=4)
    | st.sampled_from([ARN, INVOKE, "Task", "arn:aws:states:::", "${A}", "{% x %}"]),
    lambda inner: st.lists(inner, max_size=3)
    | st.dictionaries(st.sampled_from(["States", "A", "Type", "Resource", "Parameters", "Arguments", "FunctionName",
                                       "Qualifier", "Branches", "Iterator", "Credentials", "RoleArn"]), inner),
    max_leaves=20,
)  # fmt: skip


@given(document=JUNK)
@settings(max_examples=300, deadline=None)
def test_junk_is_read_without_an_error(document: Any) -> None:
    for found in tasks(substituted(document, {"A": LATER})):
        assert isinstance(found.function, (str, Unknown))
        function_arn(found.function, PLACE, {})


@given(content=st.text(max_size=60) | st.text("{}[]:,\"'&*!<-#|>\n a\ue000\ue0010", max_size=40))
@settings(max_examples=300, deadline=None)
def test_any_text_is_read_without_an_error(content: str) -> None:
    tasks(content)
    parsed(text(content, LATER, content))


TEMPLATE = """
Transform: AWS::Serverless-2016-10-31
Resources:
  Orders: {Type: AWS::Lambda::Function, Properties: {FunctionName: orders}}
  Bills: {Type: AWS::Lambda::Function, Properties: {Handler: a.b}}
  Live: {Type: AWS::Lambda::Alias, Properties: {FunctionName: !Ref Orders, Name: live}}
  Pack: {Type: AWS::StepFunctions::Activity, Properties: {Name: pack}}
  Plain:
    Type: AWS::StepFunctions::StateMachine
    Properties: {DefinitionString: '{"States": {"A": {"Type": "Task", "Resource": "${O}"}}}',
                 DefinitionSubstitutions: {O: !GetAtt Orders.Arn}}
  Sub:
    Type: AWS::StepFunctions::StateMachine
    Properties:
      DefinitionString: !Sub |
        {"States": {"A": {"Type": "Task", "Resource": "${Orders.Arn}", "TimeoutSeconds": ${AWS::StackName}},
                    "P": {"Type": "Task", "Resource": "${Pack}"}}}
  Join:
    Type: AWS::StepFunctions::StateMachine
    Properties:
      DefinitionString: !Join ["", ['{"States": {"A": {"Type": "Task", "Resource": "', !Ref Live, '"}}}']]
  Object:
    Type: AWS::StepFunctions::StateMachine
    Properties:
      Definition:
        States:
          A: {Type: Task, Resource: !Sub "arn:${AWS::Partition}:states:::lambda:invoke",
              Parameters: {FunctionName: !Ref Bills, Qualifier: "1"}}
  Stored:
    Type: AWS::StepFunctions::StateMachine
    Properties: {DefinitionS3Location: {Bucket: b, Key: k}}
  File:
    Type: AWS::Serverless::StateMachine
    Properties: {DefinitionUri: machines/file.asl.yaml, DefinitionSubstitutions: {Bills: !Ref Bills}}
"""
FILE = """
States:
  A: {Type: Task, Resource: "arn:aws:states:::lambda:invoke", Parameters: {FunctionName: "${Bills}"}}
  B: {Type: Task, Resource: "${Gone}"}
"""
CONFIGURATION = """
variable "name" {}
provider "aws" {
  region              = "eu-west-1"
  allowed_account_ids = ["111122223333"]
}
resource "aws_lambda_function" "orders" {
  function_name = "orders"
}
resource "aws_lambda_function" "bills" {
  function_name = var.name
}
resource "aws_lambda_alias" "live" {
  name          = "live"
  function_name = aws_lambda_function.orders.function_name
}
resource "aws_sfn_activity" "pack" {
  name = "pack"
}
resource "aws_sfn_state_machine" "encoded" {
  definition = jsonencode({
    States = {
      A = { Type = "Task", Resource = aws_lambda_alias.live.arn, Comment = "what it (the function) does" }
      B = { Type = "Task", Resource = "arn:aws:states:::lambda:invoke",
            Parameters = { FunctionName = "${aws_lambda_function.bills.arn}:1", "Payload.$" = "$" } }
      C = { Type = "Task", Resource = "arn:aws:states:::lambda:invoke",
            Parameters = { FunctionName = aws_lambda_function.bills.function_name } }
      P = { Type = "Task", Resource = aws_sfn_activity.pack.id }
    }
  })
}
resource "aws_sfn_state_machine" "heredoc" {
  definition = <<-EOF
    {"States": {"A": {"Type": "Task", "Resource": "${aws_lambda_function.orders.arn}",
                      "TimeoutSeconds": ${var.name}}}}
  EOF
}
resource "aws_sfn_state_machine" "template" {
  definition = templatefile("${path.module}/machine.json", { function = aws_lambda_function.orders.arn })
}
"""
READ = {
    "tf": """
from checkov.terraform.graph_manager import TerraformGraphManager as Manager
from rolecall.iac.terraform_documents import PolicyDocuments
from rolecall.iac.terraform_graph import TerraformGraph
from rolecall.iac.terraform_state_machines import STATE_MACHINE, StateMachines
from rolecall.iac.terraform_values import TerraformValues
manager = Manager(db_connector=RustworkxConnector())
graph = TerraformGraph(manager.save_graph(manager.build_graph_from_source_directory(".", render_variables=True)[0]))
values = TerraformValues(graph)
reader = StateMachines(graph, values, PolicyDocuments(graph, values))
machines = [(vertex["__address__"], reader.tasks(vertex)) for vertex in graph.of_type(STATE_MACHINE)]
""",
    "yaml": """
from checkov.cloudformation.cfn_utils import create_definitions
from checkov.cloudformation.graph_manager import CloudformationGraphManager as Manager
from checkov.runner_filter import RunnerFilter
from rolecall.iac.cloudformation_graph import templates
from rolecall.iac.cloudformation_state_machines import STATE_MACHINE, StateMachines
from rolecall.iac.cloudformation_values import TemplateValues
from rolecall.iac.sam import expand
manager = Manager(db_connector=RustworkxConnector())
definitions = create_definitions(root_folder=".", files=None, runner_filter=RunnerFilter())[0]
[template] = templates(manager.save_graph(manager.build_graph_from_definitions(definitions)))
values = TemplateValues(expand(template))
reader = StateMachines(values)
machines = [(declared.logical, reader.tasks(declared)) for declared in values.of_type(STATE_MACHINE)]
""",
}


def read_by_checkov(folder: Path, ending: str, content: str) -> dict[str, list[str]]:
    """What the state machines of a file call, by address, read from Checkov's graph of it."""
    (folder / f"main.{ending}").write_text(content)
    code = "from checkov.common.graph.db_connectors.rustworkx.rustworkx_db_connector import RustworkxConnector\n"
    code += (
        READ[ending]
        + "import json; print(json.dumps({a: [f'{t.state} {t.function}' for t in f] for a, f in machines}))"
    )
    result = run([checkov_python(), "-c", code], cwd=folder)
    assert result.returncode == 0, result.stderr
    found: dict[str, list[str]] = json.loads(result.stdout.splitlines()[-1])
    return found


def test_templates(tmp_path: Path) -> None:
    (tmp_path / "machines").mkdir()
    (tmp_path / "machines" / "file.asl.yaml").write_text(FILE)
    here = "arn:<AWS::Partition>:lambda:<AWS::Region>:<AWS::AccountId>:function"
    assert read_by_checkov(tmp_path, "yaml", TEMPLATE) == {
        "Plain": [f"A {here}:orders"],
        "Sub": [f"A {here}:orders"],
        "Join": [f"A {here}:orders:live"],
        "Object": [f"A {here}:<Bills>:1"],
        "Stored": [" <the definition is in a bucket, or missing>"],
        "File": [f"A {here}:<Bills>", "B <${Gone} has no value>"],
    }


def test_configurations(tmp_path: Path) -> None:
    [*_, template] = found = list(read_by_checkov(tmp_path, "tf", CONFIGURATION).items())
    assert dict(found[:-1]) == {
        "aws_sfn_state_machine.encoded": [
            f"A {ARN}:live",
            f"B {ARN.removesuffix('orders')}<var.name has no known value>:1",
            f"C {ARN.removesuffix('orders')}<var.name has no known value>",
        ],
        "aws_sfn_state_machine.heredoc": [f"A {ARN}"],
    }
    assert "templatefile" in template[1][0]


@pytest.mark.parametrize(
    ("definition", "said"),
    [
        (known(json.dumps(workflow(A=task("${literal}"), B=task(ARN)))), ["the Resource ${literal} is no ARN", ARN]),
        (after("aws_lambda_function.orders.arn"), ["known only after apply"]),
    ],
)
def test_plans(definition: Any, said: list[str]) -> None:
    document = plan(
        resource("aws_lambda_function.orders", function_name="orders"),
        resource("aws_sfn_state_machine.orders", definition=definition),
    )
    graph = PlanGraph(parse("plan.json", document))
    values = PlanValues(graph)
    reader = TerraformStateMachines(graph, values, PlanDocuments(graph, values))
    [vertex] = graph.of_type("aws_sfn_state_machine")
    found = reader.tasks(vertex)
    assert len(found) == len(said)
    for one, words in zip(found, said, strict=True):
        assert words in (one.function if isinstance(one.function, str) else one.function.reason)


@pytest.mark.parametrize(
    ("path", "words"),
    [
        ("../outside.json", "outside of the template's folder"),
        ("link.json", "outside of the template's folder"),
        ("/etc/hosts.json", "outside of the template's folder"),
        ("s3://bucket/machine.json", "is at s3://"),
        ("missing.json", "is no JSON or YAML file"),
        ("template.txt", "is no JSON or YAML file"),
        ("folder.json", "is no JSON or YAML file"),
        ("empty.json", "is empty"),
        ("binary.json", "could not be read"),
        ("large.json", "too large"),
        ("nul\0.json", "could not be read"),
    ],
)
def test_files_that_are_not_read(tmp_path: Path, path: str, words: str) -> None:
    folder = tmp_path / "inside"
    (folder / "folder.json").mkdir(parents=True)
    for name in ("outside.json", "inside/template.txt"):
        (tmp_path / name).write_text(json.dumps(workflow(A=task(ARN))))
    (folder / "link.json").symlink_to(tmp_path / "outside.json")
    (folder / "empty.json").touch()
    (folder / "binary.json").write_bytes(b"\xff\xfe\x00")
    (folder / "large.json").write_text(" " * ((1 << 20) + 1))
    declared = Declared("Machine", STATE_MACHINE, {"DefinitionS3Location": path})
    template = Template(str(folder / "template.yaml"), "cloudformation", {"Machine": declared})
    [found] = StateMachines(TemplateValues(template)).tasks(declared)
    assert isinstance(found.function, Unknown)
    assert words in found.function.reason
