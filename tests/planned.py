"""What ``terraform plan`` says of a configuration in HCL: for tests that compare the two. No Terraform is needed.

A root module in one file, with ``count``, ``for_each``, dynamic blocks, locals, variables and data sources. What the
provider sets is unknown when the plan makes everything, and known when all of it is there already (``there``).
Variables without a default are inputs of a module that gets what only Terraform knows.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterator, Mapping
from typing import Any

import hcl
from hcl import Block, Expression, NotRead
from plans import ACCOUNT, REGION, UNKNOWN, Call, Given, Resource, after, call, known, plan, resource, state

_STEP = re.compile(r'\.?([A-Za-z_][\w-]*)|\[(?:(\d+)|"([^"]*)")\]')
_META = ("count", "for_each", "provider", "depends_on", "lifecycle")
_ARNS = {
    "aws_iam_role": "arn:aws:iam::{account}:role/{name}",
    "aws_iam_policy": "arn:aws:iam::{account}:policy/{name}",
    "aws_iam_user": "arn:aws:iam::{account}:user/{name}",
    "aws_iam_service_linked_role": "arn:aws:iam::{account}:role/aws-service-role/{label}",
    "aws_iam_openid_connect_provider": "arn:aws:iam::{account}:oidc-provider/{label}",
    "aws_lambda_function": "arn:aws:lambda:{region}:{account}:function:{function_name}",
    "aws_lambda_alias": "{function}:{name}",
    "aws_sns_topic": "arn:aws:sns:{region}:{account}:{name}",
    "aws_sqs_queue": "arn:aws:sqs:{region}:{account}:{name}",
    "aws_s3_bucket": "arn:aws:s3:::{bucket}",
    "aws_cloudwatch_event_bus": "arn:aws:events:{region}:{account}:event-bus/{name}",
    "aws_cloudwatch_log_group": "arn:aws:logs:{region}:{account}:log-group:{name}",
    "aws_cloudfront_distribution": "arn:aws:cloudfront::{account}:distribution/{id}",
    "aws_cognito_user_pool": "arn:aws:cognito-idp:{region}:{account}:userpool/{id}",
    "aws_iot_topic_rule": "arn:aws:iot:{region}:{account}:rule/{name}",
    "aws_kinesis_stream": "arn:aws:kinesis:{region}:{account}:stream/{name}",
    "aws_kinesis_stream_consumer": "{stream_arn}/consumer/{name}:1700000000",
    "aws_dynamodb_table": "arn:aws:dynamodb:{region}:{account}:table/{name}",
    "aws_kms_key": "arn:aws:kms:{region}:{account}:key/{id}",
    "aws_msk_cluster": "arn:aws:kafka:{region}:{account}:cluster/{cluster_name}/{id}",
    "aws_mq_broker": "arn:aws:mq:{region}:{account}:broker:{broker_name}:{id}",
    "aws_docdb_cluster": "arn:aws:rds:{region}:{account}:cluster:{cluster_identifier}",
    "aws_efs_file_system": "arn:aws:elasticfilesystem:{region}:{account}:file-system/{id}",
    "aws_efs_access_point": "arn:aws:elasticfilesystem:{region}:{account}:access-point/{id}",
    "aws_lb_target_group": "arn:aws:elasticloadbalancing:{region}:{account}:targetgroup/{name}/0123456789abcdef",
    "aws_secretsmanager_secret": "arn:aws:secretsmanager:{region}:{account}:secret:{name}-a1b2c3",
    "aws_ses_receipt_rule": "arn:aws:ses:{region}:{account}:receipt-rule-set/{rule_set_name}:receipt-rule/{name}",
    "aws_config_config_rule": "arn:aws:config:{region}:{account}:config-rule/config-rule-{label}",
    "aws_bedrockagent_agent": "arn:aws:bedrock:{region}:{account}:agent/{id}",
    "aws_appsync_graphql_api": "arn:aws:appsync:{region}:{account}:apis/{id}",
    "aws_appsync_api": "arn:aws:appsync:{region}:{account}:apis/{id}",
    "aws_cloudwatch_metric_alarm": "arn:aws:cloudwatch:{region}:{account}:alarm:{alarm_name}",
    "aws_cloudwatch_composite_alarm": "arn:aws:cloudwatch:{region}:{account}:alarm:{alarm_name}",
    "aws_vpclattice_target_group": "arn:aws:vpc-lattice:{region}:{account}:targetgroup/{id}",
    "aws_transfer_server": "arn:aws:transfer:{region}:{account}:server/{id}",
    "aws_connect_instance": "arn:aws:connect:{region}:{account}:instance/{id}",
    "aws_codecommit_repository": "arn:aws:codecommit:{region}:{account}:{repository_name}",
    "aws_sfn_state_machine": "arn:aws:states:{region}:{account}:stateMachine:{name}",
    "aws_scheduler_schedule_group": "arn:aws:scheduler:{region}:{account}:schedule-group/{name}",
}
# resources whose ID is another attribute
_IDS = {
    "aws_iam_role": "{name}", "aws_s3_bucket": "{bucket}", "aws_lambda_function": "{function_name}",
    "aws_sns_topic": "{arn}", "aws_secretsmanager_secret": "{arn}", "aws_lb_target_group": "{arn}",
    "aws_cloudwatch_log_group": "{name}", "aws_cloudwatch_event_rule": "{name}", "aws_cloudwatch_event_bus": "{name}",
    "aws_ses_receipt_rule_set": "{rule_set_name}", "aws_codecommit_repository": "{repository_name}",
    "aws_sqs_queue": "https://sqs.{region}.amazonaws.com/{account}/{name}",
}  # fmt: skip
_OTHERS = {
    "qualified_arn": "{arn}:1", "version": "1", "stream_arn": "{arn}/stream/2026-01-01T00:00:00.000",
    "invoke_arn": "arn:aws:apigateway:{region}:lambda:path/2015-03-31/functions/{arn}/invocations",
    "response_streaming_invoke_arn":
        "arn:aws:apigateway:{region}:lambda:path/2021-11-15/functions/{arn}/response-streaming-invocations",
    "function_url": "https://{label}.lambda-url.{region}.on.aws/", "agent_arn": "{arn}", "api_arn": "{arn}",
    "agent_id": "{id}", "execution_arn": "arn:aws:execute-api:{region}:{account}:{id}", "key_id": "{id}",
    "url": "https://sqs.{region}.amazonaws.com/{account}/{name}",
    "aws_api_gateway_resource.path": "/{path_part}",
    "aws_api_gateway_stage.execution_arn": "arn:aws:execute-api:{region}:{account}:{rest_api_id}/{stage_name}",
}  # fmt: skip
_NAMES = ("name", "bucket", "cluster_name", "broker_name", "cluster_identifier", "rule_set_name", "alarm_name",
          "repository_name")  # fmt: skip
_PLACES = {
    "aws_caller_identity": {"account_id": ACCOUNT, "arn": f"arn:aws:iam::{ACCOUNT}:role/deployer"},
    "aws_region": {"name": REGION, "region": REGION, "id": REGION},
    "aws_partition": {"partition": "aws", "dns_suffix": "amazonaws.com"},
}
_FUNCTIONS: Mapping[str, Callable[..., Any]] = {
    "==": lambda a, b: a == b,
    "!=": lambda a, b: a != b,
    "concat": lambda *lists: [item for one in lists for item in one],
    "jsonencode": json.dumps,
    "lower": str.lower,
    "replace": str.replace,
    "split": lambda separator, value: value.split(separator),
    "toset": lambda items: items,
    "trimprefix": str.removeprefix,
    "trimsuffix": str.removesuffix,
}  # fmt: skip


def planned(source: str, *, there: bool) -> dict[str, Any]:
    """The plan for a configuration: of one that is not applied yet, or was already. Raises ``NotRead``."""
    return _Configuration(hcl.parse(source), there).plan()


def is_known(value: Any) -> bool:
    if isinstance(value, Given):
        return value.is_known and is_known(value.value)
    return all(map(is_known, value.values() if isinstance(value, dict) else value if isinstance(value, list) else ()))


class _Configuration:
    def __init__(self, file: Block, there: bool) -> None:
        self.file, self.there = file, there
        self.resources = {self._base(block): block for block in self._all("resource", "data")}
        variables = {block.labels[0]: block.attributes.get("default") for block in self._all("variable")}
        self.inputs = sorted(name for name, default in variables.items() if default is None)
        self.variables = {name: self.value(default, {}) for name, default in variables.items() if default is not None}
        self.locals = {name: e for block in self._all("locals") for name, e in block.attributes.items()}
        self.made: dict[str, dict[str | int | None, Mapping[str, Any]]] = {}
        self.wanted = self._wanted()
        if self._all("module"):
            raise NotRead("modules")

    def plan(self) -> dict[str, Any]:
        module = "module.m." if self.inputs else ""
        parts: list[Resource | Call] = []
        for base, block in self.resources.items():
            parts += self._parts(module, base, block)
        if self.inputs:
            parts.append(call("module.m", **{name: after(f"local.{name}") for name in self.inputs}))
        providers = self._all("provider")
        given = {name: self.value(e, {}) for name, e in providers[0].attributes.items()} if providers else {}
        account = given.get("allowed_account_ids", [None])[0]
        versions = [
            self.value(required.attributes["aws"], {})["version"]
            for terraform in self._all("terraform")
            for required in terraform.blocks
        ]
        return plan(*parts, region=given.get("region"), account=account, variables=self.variables,
                    provider_version=versions[0] if versions else None)  # fmt: skip

    def _all(self, *types: str) -> list[Block]:
        return [block for block in self.file.blocks if block.type in types]

    @staticmethod
    def _base(block: Block) -> str:
        return ("data." if block.type == "data" else "") + ".".join(block.labels)

    def _wanted(self) -> dict[str, set[str]]:
        """The attributes that the configuration takes of each resource."""
        found: dict[str, set[str]] = {}
        for name in _all_references(self.file):
            steps = _steps(name)
            size = 3 if steps[0] == "data" else 2
            if len(steps) > size:
                attribute = next((str(step) for step in steps[size:] if isinstance(step, str)), "")
                found.setdefault(".".join(map(str, steps[:size])), set()).add(attribute)
        return found

    def _parts(self, module: str, base: str, block: Block) -> Iterator[Resource]:
        expression = block.attributes.get("for_each", block.attributes.get("count"))
        over = None if expression is None else Given(tuple(dict.fromkeys(hcl.references(expression))))
        instances = self._instances(base)
        for index, values in instances.items():
            written = "" if index is None else f"[{index}]" if isinstance(index, int) else f'["{index}"]'
            address = f"{module}{base}{written}"
            if block.type == "data" and is_known(dict(values)):
                yield state(address, **values)
            elif block.type == "data":
                yield resource(address, "read", for_each=over, **values)
            elif self.there:
                before = {name: _plain(value) for name, value in values.items() if is_known(value)}
                action = "no-op" if len(before) == len(values) else "update"
                yield resource(address, action, before=before, for_each=over, **values)
            else:
                yield resource(address, for_each=over, **values)
        if not instances:
            yield Resource(f"{module}{base}", self._values(base, block, {}), ("delete",), None, over, block_only=True)

    def _instances(self, base: str) -> Mapping[str | int | None, Mapping[str, Any]]:
        if base not in self.made:
            self.made[base] = {}
            block = self.resources[base]
            for index, each in self._each(block.attributes):
                self.made[base][index] = self._values(base, block, each)
        return self.made[base]

    def _each(self, attributes: Mapping[str, Expression]) -> Iterator[tuple[str | int | None, dict[str, Any]]]:
        if "count" in attributes:
            count = self.value(attributes["count"], {})
            if not is_known(count):
                raise NotRead("a count that is not known")
            yield from ((number, {"count": {"index": number}}) for number in range(int(count)))
        elif "for_each" in attributes:
            over = self.value(attributes["for_each"], {})
            if not isinstance(over, (list, dict)):
                raise NotRead("a for_each that is not known")
            pairs = over.items() if isinstance(over, dict) else [(item, item) for item in over]
            yield from ((key, {"each": {"key": key, "value": value}}) for key, value in pairs)
        else:
            yield None, {}

    def _values(self, base: str, block: Block, scope: Mapping[str, Any]) -> dict[str, Any]:
        """The attributes of a resource with those that the provider sets."""
        values = self._written(block, scope)
        kind = block.labels[0]
        wanted = self.wanted.get(base, set()) | set(_PLACES.get(kind, ()) if block.type == "data" else ("arn", "id"))
        for attribute in sorted(name for name in wanted if name and name not in values):
            if block.type == "data":
                given = self._looked_up(kind, attribute, block.labels[1], values)
                values[attribute] = given if given is UNKNOWN else known(given, expression=False)
            elif self.there:
                values[attribute] = known(_computed(kind, attribute, block.labels[1], values), expression=False)
            else:
                values[attribute] = UNKNOWN
        return values

    def _written(self, block: Block, scope: Mapping[str, Any]) -> dict[str, Any]:
        meta = _META if block.labels else ()  # an action of a pipeline has a provider of its own
        values = {name: self._given(e, scope) for name, e in block.attributes.items() if name not in meta}
        values = {name: value for name, value in values.items() if value is not None}
        for inner in block.blocks:
            if inner.type in meta:
                continue
            if inner.type != "dynamic":
                values.setdefault(inner.type, []).append(self._written(inner, scope))
                continue
            over = self.value(inner.attributes["for_each"], scope)
            if not isinstance(over, (list, dict)):
                values[inner.labels[0]] = UNKNOWN
                continue
            pairs = over.items() if isinstance(over, dict) else enumerate(over)
            content = next(one for one in inner.blocks if one.type == "content")
            name = inner.labels[0]
            made = [self._written(content, {**scope, name: {"key": k, "value": v}}) for k, v in pairs]
            values[name] = known(_plain(made), expression=False)
        return values

    def _given(self, expression: Expression, scope: Mapping[str, Any]) -> Any:
        """An attribute for the builder: its value, with what the expression refers to."""
        value, named = self.value(expression, scope), tuple(dict.fromkeys(hcl.references(expression)))
        if not named:
            return value
        return Given(named, value, is_known=True) if not isinstance(value, Given) else Given(named)

    def _looked_up(self, kind: str, attribute: str, label: str, values: Mapping[str, Any]) -> Any:
        if kind == "aws_iam_policy_document":
            return json.dumps(_document(values)) if is_known(dict(values)) else UNKNOWN
        if kind in _PLACES:
            return _PLACES[kind][attribute]
        if not is_known(dict(values)):
            return UNKNOWN
        return _computed(kind, attribute, label, values)

    def value(self, expression: Expression, scope: Mapping[str, Any]) -> Any:
        """The value of an expression; ``UNKNOWN`` where it is not known."""
        if isinstance(expression, hcl.Literal):
            return expression.value
        if isinstance(expression, hcl.Reference):
            return self._referenced(expression, scope)
        if isinstance(expression, hcl.Template):
            parts = [self.value(part, scope) for part in expression.parts]
            return "".join(str(part) for part in parts) if is_known(parts) else UNKNOWN
        if isinstance(expression, hcl.Sequence):
            return [self.value(item, scope) for item in expression.items]
        if isinstance(expression, hcl.Mapping):
            return {str(self.value(key, scope)): self.value(item, scope) for key, item in expression.items}
        if isinstance(expression, hcl.Conditional):
            condition = self.value(expression.condition, scope)
            if isinstance(condition, Given):
                return UNKNOWN
            return self.value(expression.then if condition in (True, "true") else expression.otherwise, scope)
        arguments = [self.value(argument, scope) for argument in expression.arguments]
        if expression.name not in _FUNCTIONS:
            raise NotRead(f"{expression.name}()")
        known_enough = not any(isinstance(argument, Given) for argument in arguments)
        if not known_enough or (expression.name not in ("concat", "toset") and not is_known(arguments)):
            return UNKNOWN
        found = _FUNCTIONS[expression.name](*arguments)
        return found if expression.index is None else found[expression.index]

    def _referenced(self, reference: hcl.Reference, scope: Mapping[str, Any]) -> Any:
        steps = _steps(reference.name)
        if reference.index is not None:
            steps += [self.value(reference.index, scope), *_steps(reference.rest)]
        first = str(steps[0])
        if first in scope:
            return _at(scope[first], steps[1:])
        if first == "var":
            return UNKNOWN if steps[1] in self.inputs else _at(self.variables[str(steps[1])], steps[2:])
        if first == "local":
            return _at(self.value(self.locals[str(steps[1])], scope), steps[2:])
        size = 3 if first == "data" else 2
        base, rest = ".".join(map(str, steps[:size])), steps[size:]
        if base not in self.resources:
            raise NotRead(f"{base}, which is not declared")
        index = rest.pop(0) if {"count", "for_each"} & set(self.resources[base].attributes) and rest else None
        instances = self._instances(base)
        if index not in instances:
            raise NotRead(f"{reference.name} is not made")
        return _at(instances[index], rest)


def _steps(name: str) -> list[str | int]:
    return [int(n) if n else key or word for word, n, key in _STEP.findall(name)]


def _at(value: Any, steps: list[str | int]) -> Any:
    for step in steps:
        value = _plain(value)
        if isinstance(value, Given):
            return UNKNOWN
        try:
            value = value[step]
        except (KeyError, IndexError, TypeError) as fault:
            raise NotRead(f"{step} of {value}") from fault
    value = _plain(value)
    return UNKNOWN if isinstance(value, Given) else value


def _plain(value: Any) -> Any:
    if isinstance(value, Given):
        return _plain(value.value) if value.is_known else value
    if isinstance(value, dict):
        return {name: _plain(item) for name, item in value.items()}
    return [_plain(item) for item in value] if isinstance(value, list) else value


def _all_references(block: Block) -> Iterator[str]:
    for expression in block.attributes.values():
        yield from hcl.references(expression)
    for inner in block.blocks:
        yield from _all_references(inner)


def _computed(kind: str, attribute: str, label: str, values: Mapping[str, Any]) -> str:
    """What the provider sets once the resource is there."""
    known_ = {"region": REGION, "account": ACCOUNT, "label": label, "function": "", **dict.fromkeys(_NAMES, label)}
    known_ |= {name: value for name, value in _plain(dict(values)).items() if isinstance(value, str)}
    if "function_name" in known_:
        name = known_["function_name"]
        known_["function"] = name if name.startswith("arn:") else _ARNS["aws_lambda_function"].format(**known_)
    service = kind.removeprefix("aws_").partition("_")[0]
    known_["id"] = _IDS.get(kind, "").format(**{"arn": "", **known_}) or f"{service}{label}01"
    if kind == "aws_cloudwatch_event_rule":
        bus = known_.get("event_bus_name", "default")
        known_["arn"] = (
            f"arn:aws:events:{REGION}:{ACCOUNT}:rule/{'' if bus == 'default' else f'{bus}/'}{known_['name']}"
        )
    known_.setdefault(
        "arn", _ARNS.get(kind, "arn:aws:{service}:{region}:{account}:{label}").format(service=service, **known_)
    )
    if "{arn}" in _IDS.get(kind, ""):
        known_["id"] = known_["arn"]
    made = _OTHERS.get(f"{kind}.{attribute}") or _OTHERS.get(attribute, "{label}")
    return known_.get(attribute) or made.format(**known_)


def _document(values: Mapping[str, Any]) -> dict[str, Any]:
    """The policy that ``aws_iam_policy_document`` renders."""
    plain = _plain(dict(values))
    rendered = []
    for name in ("source_policy_documents", "override_policy_documents"):
        rendered += [one for source in plain.get(name, []) for one in json.loads(source)["Statement"]]
    for one in plain.get("statement", []):
        statement: dict[str, Any] = {"Effect": one.get("effect", "Allow")}
        for name, element in (("actions", "Action"), ("not_actions", "NotAction"), ("resources", "Resource"),
                              ("not_resources", "NotResource")):  # fmt: skip
            if one.get(name):
                statement[element] = one[name]
        for name, element in (("principals", "Principal"), ("not_principals", "NotPrincipal")):
            for principal in one.get(name, []):
                if principal["type"] == "*":
                    statement[element] = "*"
                else:
                    statement.setdefault(element, {}).setdefault(principal["type"], []).extend(principal["identifiers"])
        for condition in one.get("condition", []):
            keys = statement.setdefault("Condition", {}).setdefault(condition["test"], {})
            keys[condition["variable"]] = condition["values"]
        rendered.append(statement)
    return {"Version": "2012-10-17", "Statement": rendered}
