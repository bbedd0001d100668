"""SAM's transform: ours against the real one (aws-sam-translator), and input made to hurt."""

from __future__ import annotations

import time
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sam_oracle import expanded, template_of, transformed
from samtranslator.yaml_helper import yaml_parse

from rolecall.iac import cloudformation, cloudformation_graph
from rolecall.iac.sam import data, expand
from rolecall.iac.sam.attributes import attributes
from rolecall.iac.sam.refresh import collect, lines
from rolecall.iac.template import Declared, Template
from rolecall.rules import run
from rolecall.unknown import Unknown

TEMPLATES = sorted((Path(__file__).parent / "sam").glob("*.yaml"))


@pytest.mark.parametrize("path", TEMPLATES, ids=lambda path: path.stem)
def test_it_makes_what_the_real_transform_makes(path: Path) -> None:
    document = yaml_parse(path.read_text(encoding="utf-8"))
    ours, theirs = expanded(expand(template_of(document)), document), transformed(document)
    assert sorted(ours) == sorted(theirs)
    for logical, made in theirs.items():
        assert ours[logical] == made, logical


def test_the_data_is_what_the_script_writes() -> None:
    written = Path(data.__file__).with_name(data.DATA).read_text(encoding="utf-8")
    assert "\n".join(lines(collect())) + "\n" == written, "run python -m rolecall.iac.sam.refresh"


def made(text: str) -> Template:
    return expand(template_of(yaml_parse(f"Resources:\n{text}")))


def test_a_template_without_sam_stays_as_it_is() -> None:
    template = template_of({"Resources": {"Topic": {"Type": "AWS::SNS::Topic"}}})
    assert expand(template) is template


def test_each_resource_says_what_it_was_made_of() -> None:
    source = Declared("App", "AWS::Serverless::Function", {"Events": {"Any": {"Type": "Api", "Properties": {
        "Path": "/", "Method": "get"}}}}, "Sometimes", (3, 9))  # fmt: skip
    expansion = expand(Template("t.yaml", "cloudformation", {"App": source}))
    assert {(made.origin, made.condition, made.lines) for made in expansion.resources.values()} == {
        ("App", "Sometimes", (3, 9))
    }
    assert {"App", "AppRole", "AppAnyPermissionProd", "ServerlessRestApi", "ServerlessRestApiProdStage"} == set(
        expansion.resources
    )


@pytest.mark.parametrize(
    ("written", "logical", "path"),
    [
        ("{Policies: [{NoSuchPolicy: {}}]}", "AppRole", ("Policies", 0, "PolicyDocument")),
        ("{Policies: [{SQSPollerPolicy: {}}]}", "AppRole", ("Policies", 0, "PolicyDocument")),
        ("{Policies: [3]}", "AppRole", ("Policies", 0)),
        ("{Policies: [!If [A, Named, {Statement: []}]]}", "AppRole", ("Policies", 0)),
        ("{Events: {New: {Type: NotYetThought}}}", "AppRole", ("Policies", 0)),
        ("{Events: {New: {Type: NotYetThought}}}", "AppNewPermission", ("Principal",)),
        ("{Events: {'Fn::Transform': {Name: Macro}}}", "AppEventsPermission", ("SourceArn",)),
        ("{Events: {Any: {Type: Api, Properties: {Path: !Ref P, Method: get}}}}", "AppAnyPermissionProd",
         ("SourceArn",)),
        ("{EventInvokeConfig: {DestinationConfig: {OnFailure: {Type: !Ref Kind}}}}", "AppRole", ("Policies", 0)),
        ("{EventInvokeConfig: !Ref Config}", "AppEventInvokeConfig", ("DestinationConfig",)),
        ("{FunctionUrlConfig: !Ref Config}", "AppUrl", ("AuthType",)),
        ("{DeadLetterQueue: {Type: !Ref Kind, TargetArn: a}}", "AppRole", ("Policies", 0)),
        ("{DeadLetterQueue: !If [A, {Type: SQS, TargetArn: a}, !Ref 'AWS::NoValue']}", "App", ("DeadLetterConfig",)),
        ("{AutoPublishAlias: !Ref Alias, Events: {Any: {Type: AlexaSkill}}}", "AppAnyPermission",
         ("FunctionName", "Fn::Join", 1, 1)),
    ],
)  # fmt: skip
def test_what_sam_itself_must_know_is_unknown_where_we_do_not(
    written: str, logical: str, path: tuple[str | int, ...]
) -> None:
    value: Any = (
        made(f"  App: {{Type: AWS::Serverless::Function, Properties: {written}}}").resources[logical].properties
    )
    for step in path:
        value = value[step]
    assert isinstance(value, Unknown)


def test_a_definition_elsewhere_is_unknown() -> None:
    resources = made("""
  Included:
    Type: AWS::Serverless::Api
    Properties: {StageName: a, DefinitionBody: {"Fn::Transform": {Name: "AWS::Include"}}}
  File: {Type: AWS::Serverless::HttpApi, Properties: {DefinitionUri: api.json}}
  Machine: {Type: AWS::Serverless::StateMachine, Properties: {DefinitionUri: machine.json}}
  Kept: {Type: AWS::Serverless::StateMachine, Properties: {Definition: {StartAt: A}}}
""").resources
    assert isinstance(resources["Included"].properties["Body"], Unknown)
    assert isinstance(resources["File"].properties["Body"], Unknown)
    assert resources["Machine"].properties["DefinitionS3Location"] == "machine.json"
    assert resources["Kept"].properties["Definition"] == {"StartAt": "A"}


@pytest.mark.parametrize(
    "connector",
    [
        "{Source: {Id: App}, Destination: !Ref Any, Permissions: [Read]}",
        "{Source: {Id: App}, Destination: {Id: Gone}, Permissions: [Read]}",
    ],
)
def test_a_connector_that_cannot_be_read_leaves_the_role_open(connector: str) -> None:
    function = "  App: {Type: AWS::Serverless::Function}"
    resources = made(f"{function}\n  C: {{Type: AWS::Serverless::Connector, Properties: {connector}}}").resources
    assert isinstance(resources["AppRole"].properties["Policies"][-1], Unknown)


def test_globals_merge_as_sam_merges_them_and_once_only() -> None:
    document = yaml_parse("""
Globals: {Function: {Layers: [a], VpcConfig: {SecurityGroupIds: [a], SubnetIds: [a]}, Architectures: [arm64]}}
Resources:
  App: {Type: AWS::Serverless::Function, Properties: {Layers: [b], VpcConfig: {SecurityGroupIds: [b]},
        Architectures: [x86_64]}}
  MergedBefore: {Type: AWS::Serverless::Function, Properties: {Layers: [b, a]}}
  Not: {Type: AWS::Serverless::Function, IgnoreGlobals: "*"}
  NotThese: {Type: AWS::Serverless::Function, IgnoreGlobals: [VpcConfig, Architectures]}
""")
    resources = expand(template_of(document)).resources
    own = {name: {k: v for k, v in resources[name].properties.items() if k != "Role"} for name in document["Resources"]}
    assert own["App"] == {
        "Layers": ["a", "b"],
        "VpcConfig": {"SecurityGroupIds": ["a", "b"], "SubnetIds": ["a"]},
        "Architectures": ["x86_64"],
    }
    assert sorted(own["MergedBefore"]["Layers"]) == ["a", "b"]
    assert own["Not"] == {} and own["NotThese"] == {"Layers": ["a"]}


@pytest.mark.parametrize(
    ("text", "macros"),
    [
        (b"Transform: AWS::Serverless-2016-10-31\nResources: {}", False),
        (b"Resources: {}\nTransform: 'AWS::Serverless-2016-10-31'  # ours", False),
        (b"Transform:\n  - AWS::Serverless-2016-10-31\nResources: {}", False),
        (b"Transform: [ AWS::Serverless-2016-10-31 ]\n", False),
        (b'{"Transform": "AWS::Serverless-2016-10-31", "Resources": {}}', False),
        (b'{"Transform": ["AWS::Serverless-2016-10-31"]}', False),
        (b"Transform: [AWS::Serverless-2016-10-31, Mine]\n", True),
        (b"Transform:\n  - AWS::Serverless-2016-10-31\n  - Mine\n", True),
        (b"Transform:\n- AWS::LanguageExtensions\n- AWS::Serverless-2016-10-31\n", True),
        (b"Transform: AWS::Serverless-2016-10-31x\n", True),
        (b"Transform: AWS::Serverless-2016-10-31\nBody:\n  Fn::Transform: {Name: AWS::Include}\n", True),
        (b"Transform: Mine\n", True),
        (b"Resources: {}", False),
        (None, True),
    ],
)
def test_only_the_transform_of_sam_is_no_macro(text: bytes | None, macros: bool) -> None:
    assert cloudformation_graph._has_macros(text) is macros


def test_a_transform_that_never_ends_is_read_in_time() -> None:
    for text in (b"Transform:" + b" " * 3_000_000, b"Transform: [" * 250_000, b"Transform:\n- " * 250_000):
        start = time.perf_counter()
        assert cloudformation_graph._has_macros(text)
        assert time.perf_counter() - start < 5


def test_what_stands_beside_the_properties() -> None:
    text = b"""
Transform: AWS::Serverless-2016-10-31
Resources:
  App:
    Type: AWS::Serverless::Function
    IgnoreGlobals: [Layers]
    Connectors: {To: {Properties: {Destination: {Arn: !GetAtt Q.Arn, Other: !Sub "${A}"}, Permissions: [Read]}}}
    Properties: {Role: !If [A, !Ref B, {}], Events: !Any {a: b}}
  Queue: {Type: AWS::SQS::Queue}
"""
    found = attributes(text, {})
    assert found["Queue"] == {} and found["App"]["IgnoreGlobals"] == ["Layers"]
    destination = found["App"]["Connectors"]["To"]["Properties"]["Destination"]
    assert destination == {"Arn": {"Fn::GetAtt": "Q.Arn"}, "Other": {"Fn::Sub": "${A}"}}
    assert attributes(b"Resources: {}", {"App": None}) == {}
    for broken in (b"{", b"[" * 100_000, b"[]", b"Resources: []", b"Resources: {? [a] : b}", b"!Ref {[]: {}}"):
        marked = attributes(b"# AWS::Serverless Connectors\n" + broken, {"App": None})
        assert set(marked) <= {"App"}
        assert all(isinstance(beside["Connectors"], Unknown) for beside in marked.values())


FIXES = """
Resources:
  App: {Type: AWS::Serverless::Function, Properties: {Role: !GetAtt Gone.Arn}}
  ByHand: {Type: AWS::Serverless::Function, Properties: {Role: !GetAtt Role.Arn, Tracing: Active}}
  Role: {Type: AWS::IAM::Role, Properties: {AssumeRolePolicyDocument: {Statement: []}}}
  Denied:
    Type: AWS::Serverless::Function
    Properties: {Tracing: Active, Policies: [{Statement: [{Effect: Deny, Action: "xray:*", Resource: "*"}]}]}
  Web:
    Type: AWS::Serverless::HttpApi
    Properties: {Auth: {Authorizers: {Asked: {FunctionArn: !GetAtt App.Arn}}}}
  Plain: {Type: AWS::ApiGatewayV2::Api, Properties: {Name: plain}}
  Authorizer:
    Type: AWS::ApiGatewayV2::Authorizer
    Properties:
      ApiId: !Ref Plain
      AuthorizerUri: !Sub arn:aws:apigateway:${AWS::Region}:lambda:path/2015-03-31/functions/${App.Arn}/invocations
  Skill:
    Type: AWS::Serverless::Function
    Properties: {Events: {Asked: {Type: AlexaSkill}, Jobs: {Type: SQS, Properties: {Queue: !GetAtt Queue.Arn}}}}
  Queue: {Type: AWS::SQS::Queue}
"""


@pytest.mark.parametrize(
    ("rule", "address", "message", "fix"),
    [
        ("RC101", "App", "The execution role of App", "# take Role out of the Properties of App: "),
        ("RC103", "ByHand", "Lambda cannot assume Role", "# in the role's Properties:\nAssumeRole"),
        ("RC128", "ByHand", "Role, the execution role of ByHand, may not", "# in the role:\nPolicies:\n"),
        ("RC128", "Denied", "The generated role of Denied, the", "# in the Properties of Denied, of which SAM"),
        ("RC302", "Web", "The authorizer Asked", "# under Auth of the API, in the authorizer that calls App:"),
        ("RC302", "Authorizer", "The authorizer Authorizer", "AuthorizerPermission:\n  Type: AWS::Lambda::Permission"),
        ("RC341", "Skill", "Statement SkillAskedPermission of Skill's policy, made for the event Asked of Skill,",
         "# in the Properties of the event Asked of Skill (an event of type AlexaSkill):\nSkillId: SKILL_ID"),
        ("RC202", "Skill", "The queue of the event Jobs of Skill has",
         "# in the queue's Properties"),
    ],
)  # fmt: skip
def test_findings_name_what_stands_in_the_file(rule: str, address: str, message: str, fix: str) -> None:
    """SAM's own form of the fix where SAM makes what is at fault; plain CloudFormation for what is written by hand."""
    found = run(cloudformation.read([template_of(yaml_parse(FIXES))]), only=[rule])
    finding = next(finding for finding in found if finding.resource.address == address)
    assert finding.message.startswith(message)
    assert finding.remediation.cloudformation.startswith(fix)


def test_a_type_that_is_not_read_may_make_anything() -> None:
    assert not made("  App: {Type: AWS::Serverless::Function}\n  L: {Type: AWS::Serverless::LayerVersion}").transforms
    assert made("  Api: {Type: AWS::Serverless::GraphQLApi}").transforms


def test_anchors_and_what_contains_itself_are_no_trap() -> None:
    loop: dict[str, Any] = {"Statement": []}
    loop["Statement"].append(loop)
    deep: Any = "x"
    for _ in range(5000):
        deep = {"Fn::If": ["A", deep, deep]}
    source = Declared("App", "AWS::Serverless::Function", {"Policies": [loop, deep], "Events": loop})
    assert "AppRole" in expand(Template("t.yaml", "cloudformation", {"App": source})).resources


NAMES = [
    "App", "Own", "Queue", "Ref", "Fn::If", "Fn::Sub", "Fn::GetAtt", "Properties", "Type", "Arn", "Id", "Path",
    "Method", "Statement", "Source", "Destination", "Sqs", "AWS::NoValue", "AWS::Serverless::Function", "get",
    "$default", "/{a}", "NONE", "Bucket", "SQS", "SNS", "live", "SQSPollerPolicy",
]  # fmt: skip
JUNK = st.recursive(
    st.none() | st.booleans() | st.integers(-1, 2) | st.sampled_from(NAMES) | st.just(Unknown("not known")),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.sampled_from(NAMES), inner, max_size=3),
    max_leaves=8,
)
PROPERTIES = [
    "Role", "Policies", "Events", "VpcConfig", "Tracing", "DeadLetterQueue", "AutoPublishAlias",
    "FunctionUrlConfig", "EventInvokeConfig", "AssumeRolePolicyDocument", "Auth", "DefinitionBody",
    "DefinitionUri", "StageName", "MergeDefinitions", "Definition", "Source", "Destination", "Permissions",
    "LambdaConfig", "NotificationConfiguration", "DestinationConfig", "Targets",
]  # fmt: skip
EVENT = [
    "Path", "Method", "RestApiId", "ApiId", "Auth", "Bucket", "Events", "Topic", "SqsSubscription", "Queue",
    "Stream", "DestinationConfig", "Schedule", "DeadLetterConfig", "UserPool", "Trigger", "LogGroupName",
    "SourceAccessConfigurations", "SchemaRegistryConfig", "Enabled", "RoleArn", "KafkaBootstrapServers",
    "SecretsManagerKmsKeyId", "Name",
]  # fmt: skip
KINDS = [
    "Api", "HttpApi", "S3", "SNS", "SQS", "Kinesis", "DynamoDB", "MSK", "MQ", "SelfManagedKafka", "DocumentDB",
    "Schedule", "ScheduleV2", "CloudWatchEvent", "EventBridgeRule", "CloudWatchLogs", "IoTRule", "AlexaSkill",
    "Cognito", "NoSuchEvent",
]  # fmt: skip
EVENTS = st.dictionaries(
    st.sampled_from(NAMES),
    st.fixed_dictionaries(
        {"Type": st.sampled_from(KINDS) | JUNK,
         "Properties": JUNK | st.dictionaries(st.sampled_from(EVENT), JUNK, max_size=5)}
    ),
    max_size=2,
)  # fmt: skip
DESTINATIONS = st.fixed_dictionaries({"DestinationConfig": st.fixed_dictionaries({"OnFailure": JUNK})})
AUTH = st.fixed_dictionaries(
    {"Authorizers": st.dictionaries(st.sampled_from(NAMES), st.fixed_dictionaries({"FunctionArn": JUNK}))}
)
TYPES = [f"AWS::Serverless::{name}" for name in ("Function", "Api", "HttpApi", "StateMachine", "Connector", "Other",
                                                 "SimpleTable", "Application")]  # fmt: skip
RESOURCE = st.builds(
    lambda kind, junk, events, attributes: (kind, {**junk, **events}, attributes),
    st.sampled_from([*TYPES, "AWS::S3::Bucket", "AWS::Cognito::UserPool", "AWS::Events::Rule", "AWS::IAM::Role"]),
    st.dictionaries(st.sampled_from(PROPERTIES), JUNK, max_size=5),
    st.fixed_dictionaries({}, optional={"Events": EVENTS, "EventInvokeConfig": DESTINATIONS, "Auth": AUTH}),
    st.dictionaries(st.sampled_from(["Connectors", "IgnoreGlobals"]), JUNK, max_size=2),
)


@given(
    st.dictionaries(st.sampled_from(["App", "Own", "Queue", "ServerlessRestApi"]), RESOURCE, min_size=1),
    st.dictionaries(st.sampled_from(["Function", "Api", "HttpApi", "StateMachine"]), JUNK),
    JUNK,
)
def test_nothing_raises(resources: dict[str, Any], shared: dict[str, Any], parameters: Any) -> None:
    template = Template(
        "t.yaml",
        "cloudformation",
        {logical: Declared(logical, *given[:2], attributes=given[2]) for logical, given in resources.items()},
        parameters={"Queue": parameters},
        globals=shared,
    )
    expansion = expand(template)
    assert set(template.resources) - set(expansion.resources) <= {
        logical for logical, declared in template.resources.items() if declared.type.endswith("Connector")
    }
    cloudformation.read([template])
