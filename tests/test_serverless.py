"""The Serverless Framework: the template that Rolecall makes of a configuration is the one that the framework makes.

``data/serverless/*.json`` is what osls 4.3.1, the open fork of version 3, made (``record_serverless.py``).
"""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from record_serverless import DATA, reduced

from rolecall.iac import cloudformation
from rolecall.iac.serverless import template, unread
from rolecall.iac.serverless.documents import load, parse
from rolecall.iac.serverless.events import EVENTS
from rolecall.iac.serverless.variables import Variables
from rolecall.iac.template import Template
from rolecall.rules import run
from rolecall.unknown import Unknown


def resources_of(made: Template) -> dict[str, Any]:
    return {
        logical: {
            "Type": declared.type,
            "Properties": json.loads(json.dumps(declared.properties, default=str)),
            "Condition": declared.condition,
        }
        for logical, declared in made.resources.items()
    }


@pytest.mark.parametrize("path", sorted(DATA.glob("*.yml")), ids=lambda path: path.stem)
def test_the_template_is_the_frameworks(path: Path) -> None:
    recorded = json.loads(path.with_suffix(".json").read_text())
    made = reduced(resources_of(template(str(path), load(str(path)))))
    assert set(made) == set(recorded)
    for logical, resource in recorded.items():
        assert made[logical] == resource, logical


CONFIG = """
service: shop
provider: {name: aws, stage: "${opt:stage, self:custom.default, 'dev'}", region: eu-west-1}
params:
  default: {table: orders}
  qa: {table: orders-qa}
custom:
  default: qa
  words: [one, two]
  by_stage: {qa: of-qa}
  twice: ${self:custom.thrice}
  thrice: ${self:custom.twice}
"""


@pytest.mark.parametrize(
    ("given", "value"),
    [
        ("${self:service}-x", "shop-x"),
        ("${sls:stage}", "qa"),
        ("${self:provider.stage}", "qa"),
        ("${self:custom.by_stage.${sls:stage}}", "of-qa"),
        ("${self:custom.by_stage.${opt:stage, 'none'}, 'other'}", "other"),
        ("${self:custom.by_stage.${opt:stage, self:provider.stage}, 'other'}", "of-qa"),
        ("${self:custom.words.1}", "two"),
        ("${self:custom.words}", ["one", "two"]),
        ("${param:table}", "orders-qa"),
        ("${env:NO_SUCH_VARIABLE, 'a, b'}", "a, b"),
        ("${opt:x, 3}", 3),
        ("${opt:x, true}", True),
        ('${opt:x, "${self:service}"}', "shop"),
        ("${AWS::Region} ${Queue.Arn} ${Queue}", "${AWS::Region} ${Queue.Arn} ${Queue}"),
        ("${AWS::Region}-${self:service}", "${AWS::Region}-shop"),
        ("${unclosed", "${unclosed"),
        ("arn:aws:sns:${aws:region}:${aws:accountId}:t", "arn:aws:sns:<AWS::Region>:<AWS::AccountId>:t"),
    ],
)
def test_variables_that_the_configuration_decides(given: str, value: Any) -> None:
    resolved = Variables("serverless.yml", parse(CONFIG, "serverless.yml")).resolve(given)
    assert (str(resolved) if isinstance(resolved, Unknown) else resolved) == value


@pytest.mark.parametrize(
    ("given", "reason"),
    [
        ("${env:HOME}", "${env:HOME} has no value in the configuration"),
        ("${ssm:/a/b}", "${ssm:/a/b} is known only when it is deployed"),
        ("${ssm:/a/b, 'default'}", "${ssm:/a/b} is known only when it is deployed"),
        ("${cf:stack.Output}", "is known only when it is deployed"),
        ("${self:custom.gone}", "has no value in the configuration"),
        ("${self:custom.twice}", "refers to itself"),
        ("x-${self:custom.words}", "a list or an object inside a text"),
        ("${file(secrets.js):key}", "what secrets.js gives is known only when it is run"),
        ("${file(/etc/hosts)}", "/etc/hosts lies outside the project"),
        ("${file(../../../../etc/hosts.yml)}", "lies outside the project"),
        ("${file(gone.yml)}", "gone.yml cannot be read"),
        ("${param:gone}", "has no value in the configuration"),
        ("${self:custom.by_stage.${env:STAGE}}", "is known only when it is deployed"),
    ],
)
def test_variables_that_are_known_only_when_it_is_deployed(given: str, reason: str, tmp_path: Path) -> None:
    resolved = Variables(str(tmp_path / "serverless.yml"), parse(CONFIG, "serverless.yml")).resolve(given)
    assert isinstance(resolved, Unknown)
    assert reason in resolved.reason


def test_one_variable_is_one_value_wherever_it_stands() -> None:
    variables = Variables("serverless.yml", {})
    assert variables.resolve("${env:A}") == variables.resolve("${env:A}") != variables.resolve("${env:B}")


def test_a_configuration_that_repeats_itself_is_cut_short() -> None:
    layers = {f"l{n}": [f"${{self:custom.l{n - 1}}}"] * 9 for n in range(1, 12)}
    config = {"provider": {"name": "aws"}, "service": "s", "custom": {"l0": "x", **layers},
              "functions": {"f": {"handler": "h", "role": "${self:custom.l11}"}}}  # fmt: skip
    assert "FLambdaFunction" in template("serverless.yml", config).resources
    aliases = "a0: &a0 [x]\n" + "".join(f"a{n}: &a{n} [{', '.join([f'*a{n - 1}'] * 9)}]\n" for n in range(1, 12))
    bomb = parse(f"{aliases}\nservice: s\nprovider: {{name: aws, x: *a11}}\nfunctions: {{f: {{handler: h}}}}", "a.yml")
    assert template("serverless.yml", bomb).framework == "serverless"


@pytest.mark.parametrize("provider", ["google", {"name": "azure"}, {"name": "Google"}])
def test_what_runs_elsewhere_has_no_template(provider: Any) -> None:
    assert not template("serverless.yml", {"service": "s", "provider": provider, "functions": {"f": {}}}).resources


def made(text: str) -> Template:
    return template("serverless.yml", parse(text, "serverless.yml"))


def test_resources_know_the_function_that_they_are_generated_for_and_its_lines() -> None:
    resources = made(
        "service: s\nprovider: {name: aws}\nfunctions:\n  one:\n    handler: a.b\n    events:\n      - sns: t\n"
        "  two:\n    handler: a.b\nresources:\n  Resources:\n    Own:\n      Type: AWS::IAM::Role\n"
    ).resources
    assert {name: (d.origin, d.lines) for name, d in resources.items() if d.type != "AWS::Logs::LogGroup"} == {
        "IamRoleLambdaExecution": ("", (1, 2)),
        "OneLambdaFunction": ("one", (4, 7)),
        "OneLambdaVersion": ("one", (4, 7)),
        "SNSTopicT": ("one", (4, 7)),
        "OneLambdaPermissionTSNS": ("one", (4, 7)),
        "TwoLambdaFunction": ("two", (8, 9)),
        "TwoLambdaVersion": ("two", (8, 9)),
        "Own": ("", (12, 13)),
    }


def test_what_a_plug_in_may_change_is_not_known() -> None:
    def role_and_permissions(plugins: str) -> tuple[Any, int]:
        resources = made(
            f"service: s\nprovider: {{name: aws}}\nplugins: {plugins}\nfunctions: {{f: {{handler: h}}}}"
        ).resources
        permissions = [d for d in resources.values() if d.type == "AWS::Lambda::Permission"]
        return resources["FLambdaFunction"].properties["Role"], len(permissions)

    assert role_and_permissions("[serverless-offline]") == ({"Fn::GetAtt": ["IamRoleLambdaExecution", "Arn"]}, 0)
    assert role_and_permissions("{modules: [serverless-webpack]}") == role_and_permissions("[]")
    for unknown in ("[serverless-offline, my-own]", "['${self:custom.plugins}']", "${file(plugins.js)}"):
        role, permissions = role_and_permissions(unknown)
        assert isinstance(role, Unknown)
        assert permissions == 1


def test_version_4_makes_a_role_for_each_function_that_asks_for_one() -> None:
    text = """
service: s
provider: {name: aws, iam: {role: {%s statements: [{Effect: Allow, Action: a, Resource: b}]}}}
functions:
  one: {handler: h, iam: {role: {statements: [{Effect: Allow, Action: c, Resource: d}]}}}
  two: {handler: h}
"""

    def roles(mode: str) -> dict[str, str]:
        resources = made(text % mode).resources
        functions = {n: d for n, d in resources.items() if d.type == "AWS::Lambda::Function"}
        assert all(d.properties["Role"]["Fn::GetAtt"][0] in resources for d in functions.values())
        return {n: d.properties["Role"]["Fn::GetAtt"][0] for n, d in functions.items()}

    assert roles("") == {
        "OneLambdaFunction": "OneIamRoleLambdaExecution",
        "TwoLambdaFunction": "IamRoleLambdaExecution",
    }
    assert roles("mode: perFunction,") == {
        "OneLambdaFunction": "OneIamRoleLambdaExecution",
        "TwoLambdaFunction": "TwoIamRoleLambdaExecution",
    }


WORDS = st.sampled_from(
    ["aws", "arn:aws:sqs:eu-west-1:111122223333:q", "${self:custom.x}", "${ssm:/x}", "GET /a/{b}", "a/b", "*", "", "fn",
     "Fn::GetAtt", "Ref", "Fn::Join", "arn", "name", "type", "statements", "role", "dynamodb", "kinesis", "scheduler"]
)  # fmt: skip
JUNK = st.recursive(
    st.none() | st.booleans() | st.integers(-2, 9) | st.floats() | WORDS | st.text(max_size=5),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(WORDS | st.text(max_size=3), inner, max_size=3),
    max_leaves=6,
)


def shaped(*keys: str, inner: st.SearchStrategy[Any] = JUNK) -> st.SearchStrategy[Any]:
    """Junk under keys that the framework knows."""
    return JUNK | st.dictionaries(st.sampled_from(keys), inner | JUNK, max_size=4)


EVENT = shaped(
    *EVENTS, "http", "httpApi", "websocket",
    inner=shaped("arn", "type", "method", "path", "authorizer", "rate", "bucket", "existing", "rules", "topicName",
                 "redrivePolicy", "eventBus", "pool", "trigger", "destinations", "consumer", "accessConfigurations",
                 "integration", "route", "listenerArn", "logGroup", "name", "pathPattern", "filterPatterns"),
)  # fmt: skip
FUNCTION = shaped(
    "role", "vpc", "events", "url", "destinations", "onError", "name", "tracing", "fileSystemConfig", "iam",
    "iamRoleStatements", "provisionedConcurrency", "environment", "logs", "snapStart",
    inner=st.lists(EVENT, max_size=4),
)  # fmt: skip
CONFIGURATION = st.fixed_dictionaries(
    {},
    optional={
        "service": JUNK,
        "provider": shaped("name", "stage", "iam", "apiGateway", "httpApi", "s3", "vpc", "environment", "kinesis",
                           inner=shaped("role", "restApiResources", "authorizers", "id", "name")),
        "functions": JUNK | st.dictionaries(WORDS | st.text(max_size=4), FUNCTION, max_size=3)
        | st.lists(st.dictionaries(WORDS, FUNCTION, max_size=2), max_size=2),
        "resources": shaped("Resources", "extensions", "Conditions", inner=st.dictionaries(
            st.sampled_from(["FnLambdaFunction", "IamRoleLambdaExecution", "HttpApi"]), shaped("Type", "Properties"))),
        "plugins": JUNK | st.just(["serverless-iam-roles-per-function"]),
        "custom": JUNK,
        "params": JUNK,
    },
)  # fmt: skip


@settings(max_examples=400, deadline=None, suppress_health_check=list(HealthCheck))
@given(CONFIGURATION)
def test_nothing_that_a_configuration_holds_raises(config: dict[str, Any]) -> None:
    list(run(cloudformation.read([template("serverless.yml", config)])))
    unread("serverless.yml", config)


def test_a_provider_that_is_not_known_decides_nothing() -> None:
    text = "service: s\nprovider: ${file(provider.js)}\nfunctions: {f: {handler: h}, g: {handler: h, role: Own}}"
    resources = made(text).resources
    assert isinstance(resources["FLambdaFunction"].properties["Role"], Unknown)
    assert isinstance(resources["FLambdaFunction"].properties["FunctionName"], Unknown)
    assert resources["GLambdaFunction"].properties["Role"] == {"Fn::GetAtt": ["Own", "Arn"]}
    assert "IamRoleLambdaExecution" not in resources
    assert unread("serverless.yml", parse(text, "serverless.yml")) == (
        "provider: what provider.js gives is known only when it is run",
    )


def test_buckets_that_are_not_known_are_two() -> None:
    events = "[{s3: '${env:A}'}, {s3: '${env:B}'}]"
    resources = made(
        f"service: s\nprovider: {{name: aws}}\nfunctions: {{f: {{handler: h, events: {events}}}}}"
    ).resources
    assert sum(declared.type == "AWS::S3::Bucket" for declared in resources.values()) == 2
    assert sum(d.properties.get("Principal") == "s3.amazonaws.com" for d in resources.values()) == 2


def test_pseudo_parameters_of_the_plug_in_are_cloudformations() -> None:
    resources = made(
        "service: s\nprovider: {name: aws}\nplugins: [serverless-pseudo-parameters]\n"
        "functions: {f: {handler: h, role: 'arn:aws:iam::#{AWS::AccountId}:role/r'}}"
    ).resources
    assert resources["FLambdaFunction"].properties["Role"] == {"Fn::Sub": "arn:aws:iam::${AWS::AccountId}:role/r"}


def test_custom_resources_give_permissions_while_the_stack_is_deployed() -> None:
    events = "[{s3: {bucket: b, existing: true}}, {cognitoUserPool: {pool: p, trigger: PreSignUp, existing: true}}]"
    resources = made(
        f"service: s\nprovider: {{name: aws}}\nfunctions: {{f: {{handler: h, events: {events}}}}}"
    ).resources
    assert resources["FCustomS31Permission"].properties["Principal"] == "s3.amazonaws.com"
    assert resources["FCustomCognitoUserPool1Permission"].properties["Principal"] == "cognito-idp.amazonaws.com"


@pytest.mark.parametrize(
    ("version", "both"),
    [("4", True), ("^4", True), (">= 4", True), ("4.x", True), ("^4.10.0", True),
     ("", False), ("3", False), ("^3.40.0", False), (">=3", False), ("4.4.7", False), ("~4.4", False)],
)  # fmt: skip
def test_an_open_url_has_both_permissions_where_the_version_certainly_gives_them(version: str, both: bool) -> None:
    config = f"service: s\nframeworkVersion: '{version}'\nprovider: aws\nfunctions: {{f: {{handler: h, url: true}}}}"
    permission = made(config).resources["FLambdaPermissionFn"].properties["InvokedViaFunctionUrl"]
    assert permission is True if both else isinstance(permission, Unknown)


LABELLED = """
service: shop
provider:
  name: aws
  httpApi: {authorizers: {own: {type: request, functionName: authorize}}}
functions:
  orders:
    handler: app.handler
    url: true
    events:
      - http: {path: /orders, method: get, authorizer: {arn: !GetAtt AuthorizeLambdaFunction.Arn, name: authorize}}
      - httpApi: {path: /orders, method: get, authorizer: own}
      - schedule: {rate: rate(1 hour), name: hourly}
      - iot: {sql: "SELECT * FROM 'orders'"}
      - stream: arn:aws:kinesis:eu-west-1:111122223333:stream/orders
      - websocket: {route: $connect, authorizer: authorize}
  authorize:
    handler: app.handler
resources:
  Resources:
    Nightly:
      Type: AWS::Events::Rule
      Properties:
        Name: nightly
        Targets: [{Id: one, Arn: !GetAtt OrdersLambdaFunction.Arn}]
"""


def test_findings_say_what_stands_in_the_configuration() -> None:
    rules = ("RC103", "RC202", "RC302", "RC303", "RC309", "RC313", "RC341")
    findings = {(f.rule, f.resource.address): f for f in run(cloudformation.read([made(LABELLED)]), only=rules)}
    for rule, address, words in (
        ("RC103", "orders", "Lambda can assume provider.iam.role, the execution role of shop-dev-orders"),
        ("RC202", "orders", "The stream event of orders has no on-failure destination"),
        ("RC302", "orders", "The authorizer of the http event of orders may invoke shop-dev-authorize"),
        ("RC302", "authorize", "The authorizer of provider.httpApi.authorizers.own may invoke shop-dev-authorize"),
        ("RC302", "authorize", "The authorizer of the websocket event of orders may invoke shop-dev-authorize"),
        ("RC303", "orders", "The EventBridge rule hourly may invoke shop-dev-orders"),
        ("RC303", "Nightly", "(the schedule event of orders) of the policy of shop-dev-orders"),
        ("RC309", "orders", "The iot event of orders may invoke shop-dev-orders"),
        ("RC313", "orders", "(the url of orders) of the policy of shop-dev-orders"),
        ("RC341", "authorize", "made for the websocket event of orders, lets apigateway.amazonaws.com"),
    ):
        assert words in findings[rule, address].message
    written = findings["RC303", "Nightly"].remediation
    assert "  orders:\n    events:\n" in written.serverless
    for code in (written.serverless, written.cloudformation):
        assert "FunctionName: !Ref OrdersLambdaFunction" in code
        sourced = 'SourceArn: !Sub "arn:aws:events:${AWS::Region}:${AWS::AccountId}:rule/nightly"'
        assert sourced in code
