"""CloudFormation: from Checkov's graph of templates to the Inventory.

A vertex keeps the template's own text under ``config_``, intrinsics included, only that Checkov has put the defaults of
parameters in their places; that is what is read here.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterable, Mapping
from typing import Any

from rolecall.iac.cloudformation_invokers import ROWS, wirings
from rolecall.iac.intrinsics import ABSENT, MAX_DEPTH, Intrinsics, pseudo, resource_and_attribute
from rolecall.iac.permissions import permission_statement, qualifier_of
from rolecall.iac.wiring import bus_name, source_name
from rolecall.model import Document, Function, Inventory, Invoker, Location, Permission, Resource, Role, RoleReference
from rolecall.unknown import Text, Unknown, text

_FUNCTION, _ROLE, _PERMISSION = "AWS::Lambda::Function", "AWS::IAM::Role", "AWS::Lambda::Permission"
_PARAMETERS = (
    "Action",
    "Principal",
    "SourceArn",
    "SourceAccount",
    "EventSourceToken",
    "PrincipalOrgID",
    "FunctionUrlAuthType",
    "InvokedViaFunctionUrl",
)
# Resources whose attributes are whatever their author made them.
_OPAQUE = ("AWS::CloudFormation::", "AWS::ServiceCatalog::", "Custom::", "AWS::Serverless::")
_MACROS = re.compile(rb"(?:^[ \t]*|[{,][ \t]*)[\"']?(?:Transform|Fn::Transform)[\"']?[ \t]*:", re.MULTILINE)

Vertex = dict[str, Any]


def read(graph: Any) -> Inventory:
    """The inventory of all templates in one CloudFormation graph (``rustworkx.PyDiGraph`` of Checkov's vertices)."""
    by_file: dict[str, list[Vertex]] = {}
    nodes = graph.nodes()
    for _, vertex in nodes:
        by_file.setdefault(str(vertex.get("file_path_")), []).append(vertex)
    made_under = {
        key_of(nodes[origin][1]): logical_id(nodes[target][1])
        for origin, target, edge in graph.weighted_edge_list()
        if edge["label"] == "Condition"
    }
    templates = [_Template(file, vertices, made_under) for file, vertices in by_file.items()]
    return Inventory(
        framework="cloudformation",
        functions={f.resource.key: f for template in templates for f in template.functions()},
        roles={key: role for template in templates for key, role in template.roles.items()},
        permissions=tuple(permission for template in templates for permission in template.permissions()),
        invokers=tuple(invoker for template in templates for invoker in template.invokers()),
    )


def key_of(vertex: Vertex) -> str:
    """Identifies a vertex within a graph, which may hold many templates with equal logical IDs."""
    return _key(str(vertex.get("file_path_")), logical_id(vertex))


def logical_id(vertex: Vertex) -> str:
    return str(vertex.get("block_name_")).rsplit(".", 1)[-1]


def body_of(vertex: Vertex) -> Mapping[str, Any]:
    """The properties as the template has them; a resource may have none."""
    body = vertex.get("config_")
    return body if isinstance(body, Mapping) else {}


def _key(file: str, logical: str) -> str:
    return f"{file}|{logical}"


class _Template:
    """One template. made_under: the condition of each resource that has one, by key."""

    def __init__(self, file: str, vertices: Iterable[Vertex], made_under: Mapping[str, str]) -> None:
        self.file = file
        self.made_under = made_under
        sections: dict[str, dict[str, Vertex]] = {}
        for vertex in vertices:
            sections.setdefault(str(vertex.get("block_type_")), {})[logical_id(vertex)] = vertex
        self.resources = sections.get("resource", {})
        plain = {
            section: {name: vertex.get("config_", {}) for name, vertex in sections.get(section, {}).items()}
            for section in ("parameters", "conditions", "mappings")
        }
        self.intrinsics = Intrinsics(
            plain["parameters"], plain["conditions"], plain["mappings"], self._attribute_of, file
        )
        self._resolving: set[tuple[str, str]] = set()
        self._composed: dict[tuple[str, str], Callable[[str], Text]] = {
            (_FUNCTION, "Arn"): self._function_arn,
            (_FUNCTION, ""): lambda logical: self._name(logical, "FunctionName"),
            (_ROLE, "Arn"): self._role_arn,
            (_ROLE, ""): lambda logical: self._name(logical, "RoleName"),
            ("AWS::Lambda::Alias", ""): lambda logical: self._qualified_arn(logical, self._property(logical, "Name")),
            ("AWS::Lambda::Version", ""): lambda logical: self._qualified_arn(logical, self._of(logical, "Version")),
            ("AWS::SNS::Topic", ""): lambda logical: self._regional("sns", self._name(logical, "TopicName")),
            ("AWS::SNS::Topic", "TopicArn"): lambda logical: self._regional("sns", self._name(logical, "TopicName")),
            ("AWS::S3::Bucket", ""): lambda logical: self._name(logical, "BucketName"),
            ("AWS::S3::Bucket", "Arn"): self._bucket_arn,
            ("AWS::Events::Rule", "Arn"): self._rule_arn,
            ("AWS::Logs::LogGroup", ""): lambda logical: self._name(logical, "LogGroupName"),
            ("AWS::Logs::LogGroup", "Arn"): lambda logical: self._log_group_arn(self._name(logical, "LogGroupName")),
            ("AWS::Cognito::UserPool", "Arn"): lambda logical: self._regional(
                "cognito-idp", text("userpool/", self._of(logical, ""))
            ),
            ("AWS::IoT::TopicRule", "Arn"): lambda logical: self._regional(
                "iot", text("rule/", self._name(logical, "RuleName"))
            ),
            ("AWS::Events::EventBus", ""): lambda logical: self._name(logical, "Name"),
            ("AWS::Events::EventBus", "Name"): lambda logical: self._name(logical, "Name"),
            ("AWS::Events::EventBus", "Arn"): lambda logical: self._regional(
                "events", text("event-bus/", self._name(logical, "Name"))
            ),
        }
        self.roles = {key_of(vertex): self._role(logical, vertex) for logical, vertex in self._of_type(_ROLE)}
        self._mapped = self._event_source_mappings()

    def _of_type(self, *types: str) -> list[tuple[str, Vertex]]:
        return [(logical, v) for logical, v in self.resources.items() if v.get("resource_type") in types]

    def _made(self, kind: str) -> list[tuple[str, Vertex]]:
        """The resources of a type that the stack makes; those whose condition the defaults make false are left out."""
        return [
            (logical, vertex)
            for logical, vertex in self._of_type(kind)
            if self.intrinsics.condition(self.made_under.get(key_of(vertex))) is not False
        ]

    def _property(self, logical: str, name: str) -> Text | None:
        return self.intrinsics.text(body_of(self.resources[logical]).get(name))

    def _attribute_of(self, logical: str, attribute: str) -> Text:
        """What ``!Ref logical`` (attribute ``""``) or ``!GetAtt logical.attribute`` gives."""
        vertex = self.resources.get(logical)
        compose = self._composed.get((str(vertex.get("resource_type")) if vertex else "", attribute))
        if compose is None or (logical, attribute) in self._resolving:  # a resource that refers to itself
            return self._of(logical, attribute)
        self._resolving.add((logical, attribute))
        try:
            return compose(logical)
        finally:
            self._resolving.discard((logical, attribute))

    def _of(self, logical: str, attribute: str) -> Unknown:
        what = f"{logical}.{attribute}" if attribute else logical
        return Unknown(f"{what} is known only when the stack is deployed", f"{self.file}|{what}")

    def _name(self, logical: str, name: str) -> Text:
        return self._property(logical, name) or self._of(logical, "")

    def _role_arn(self, logical: str, path: Text | None = None) -> Text:
        path = path or self._property(logical, "Path") or "/"
        place = (pseudo("AWS::Partition"), ":iam::", pseudo("AWS::AccountId"))
        return text("arn:", *place, ":role", path, self._name(logical, "RoleName"))

    def _function_arn(self, logical: str) -> Text:
        return self._regional("lambda", text("function:", self._name(logical, "FunctionName")))

    def _regional(self, service: str, resource: Text) -> Text:
        """``arn:P:service:R:A:resource`` in the stack's own place."""
        place = (pseudo("AWS::Partition"), f":{service}:", pseudo("AWS::Region"), ":", pseudo("AWS::AccountId"))
        return text("arn:", *place, ":", resource)

    def _qualified_arn(self, logical: str, qualifier: Text | None) -> Text:
        """The ARN that ``!Ref`` of an alias or a version gives."""
        raw = body_of(self.resources[logical]).get("FunctionName")
        behind = self._function_behind(raw)
        given = self.intrinsics.text(raw)
        if not behind and not (isinstance(given, str) and given.startswith("arn:")):
            return self._of(logical, "")
        return text(self._function_arn(behind) if behind else given or "", ":", qualifier or self._of(logical, "Name"))

    def _log_group_arn(self, name: Text) -> Text:
        return self._regional("logs", text("log-group:", name, ":*"))

    def _bucket_arn(self, logical: str) -> Text:
        return text("arn:", pseudo("AWS::Partition"), ":s3:::", self._name(logical, "BucketName"))

    def _rule_arn(self, logical: str) -> Text:
        """``rule/NAME`` on the default bus, ``rule/BUS/NAME`` on another.

        Source: https://docs.aws.amazon.com/service-authorization/latest/reference/list_amazoneventbridge.html
        """
        bus, name = self._property(logical, "EventBusName"), self._name(logical, "Name")
        if bus is None or bus == "default":
            return self._regional("events", text("rule/", name))
        return self._regional("events", text("rule/", bus_name(bus), "/", name))

    def _resource(self, logical: str, vertex: Vertex, name: Text, arn: Text) -> Resource:
        first, last = vertex.get("__startline__", 1), vertex.get("__endline__", 1)
        return Resource(
            framework="cloudformation",
            type=str(vertex.get("resource_type")),
            address=logical,
            key=key_of(vertex),
            name=name,
            arn=arn,
            account=pseudo("AWS::AccountId"),
            region=pseudo("AWS::Region"),
            location=Location(self.file, int(first), int(last)),
            scope=self.file,
        )

    def _role(self, logical: str, vertex: Vertex) -> Role:
        resource = self._resource(logical, vertex, self._name(logical, "RoleName"), self._role_arn(logical))
        return Role(resource, self._document(body_of(vertex).get("AssumeRolePolicyDocument")))

    def _document(self, raw: Any) -> Document:
        value = self.intrinsics.value(raw)
        if isinstance(value, str):
            try:
                value = json.loads(value)
            except (ValueError, RecursionError):
                return Unknown("written as text that is no JSON")
        if isinstance(value, (Mapping, Unknown)):
            return value
        return Unknown("missing" if value in (None, ABSENT) else "not an object")

    def functions(self) -> list[Function]:
        return [self._function(logical, vertex) for logical, vertex in self._made(_FUNCTION)]

    def _function(self, logical: str, vertex: Vertex) -> Function:
        name = self._name(logical, "FunctionName")
        return Function(
            resource=self._resource(logical, vertex, name, self._function_arn(logical)),
            partition=pseudo("AWS::Partition"),
            role=self._role_reference(vertex),
            in_vpc=self._has(vertex, "VpcConfig"),
            snap_start=self._has(vertex, "SnapStart"),
            event_source_mappings=self._mapped.get(logical, ()),
            edge_association=Unknown("a distribution elsewhere may use it") if self._has_edge() else False,
        )

    def _has(self, vertex: Vertex, name: str) -> bool | Unknown:
        value = self.intrinsics.value(body_of(vertex).get(name))
        return value if isinstance(value, Unknown) else value not in (None, ABSENT, {}, [])

    def _has_edge(self) -> bool:
        return bool(self._of_type("AWS::CloudFront::Distribution"))

    def _event_source_mappings(self) -> dict[str, tuple[str, ...]]:
        """Logical IDs of mappings by that of their function."""
        found: dict[str, tuple[str, ...]] = {}
        for logical, vertex in self._of_type("AWS::Lambda::EventSourceMapping"):
            function = self._function_behind(body_of(vertex).get("FunctionName"))
            if function:
                found[function] = (*found.get(function, ()), logical)
        return found

    def _role_reference(self, vertex: Vertex) -> RoleReference:
        raw = self._chosen(body_of(vertex).get("Role"))
        target, attribute = _target(raw)
        given = self.intrinsics.text(raw)
        if given is None:
            missing = Unknown("the property Role is missing")
            return RoleReference(missing, missing)
        if target in self.resources:
            return self._to_resource(target, attribute, given)
        if target and not target.startswith("AWS::") and target not in self.intrinsics.parameters:
            return self._undeclared(target, given)
        if isinstance(given, str) and not given.startswith("arn:") and given in self._defaults():
            reason = Unknown(f"{given} is a parameter's default, a placeholder")
            return RoleReference(reason, reason)
        return self._to_arn(given)

    def _defaults(self) -> set[str]:
        declared = self.intrinsics.parameters.values()
        return {
            str(parameter["Default"])
            for parameter in declared
            if isinstance(parameter, dict) and "Default" in parameter
        }

    def _chosen(self, raw: Any) -> Any:
        """The branch of ``Fn::If`` that the parameters' defaults choose; the value itself when that is not known."""
        if isinstance(raw, dict) and isinstance(raw.get("Fn::If"), list) and len(raw["Fn::If"]) == 3:
            holds = self.intrinsics.condition(raw["Fn::If"][0])
            if holds is not None:
                return raw["Fn::If"][1 if holds else 2]
        return raw

    def _to_resource(self, target: str, attribute: str, given: Text) -> RoleReference:
        vertex = self.resources[target]
        kind = str(vertex.get("resource_type"))
        role = self.roles.get(key_of(vertex))
        if role is not None:
            named = {"Arn": "arn", "": "name"}.get(attribute, attribute)
            condition = self.made_under.get(key_of(vertex))
            if condition is not None and self.intrinsics.condition(condition) is False:
                return RoleReference(given, Unknown(f"{target} is made only under the condition {condition}"))
            return RoleReference(given, role, target, named)
        if attribute == "Arn" and kind.startswith("AWS::") and not kind.startswith(_OPAQUE) and "Role" not in kind:
            return RoleReference(given, None, f"{target} is of type {kind}, not a role")
        return RoleReference(given, Unknown(f"{target} is of type {kind}; what it gives is known only when it is made"))

    def _undeclared(self, target: str, given: Text) -> RoleReference:
        if self._may_be_generated():
            return RoleReference(
                given, Unknown(f"{target} is not declared, but a transform of the template may make it")
            )
        return RoleReference(given, None, f"{target} is not declared in {self.file}")

    def _may_be_generated(self) -> bool:
        if any(str(v.get("resource_type")).startswith("AWS::Serverless::") for v in self.resources.values()):
            return True
        try:
            with open(self.file, "rb") as file:
                return _MACROS.search(file.read(1 << 22)) is not None
        except OSError:
            return True

    def _to_arn(self, given: Text) -> RoleReference:
        """A role ARN composed or written out; composed of a declared role's path and name it is that role."""
        for logical, vertex in self._of_type(_ROLE):
            role = self.roles[key_of(vertex)]
            if given == role.resource.arn:
                return RoleReference(given, role, f"the ARN is made of {logical}")
            path = self._property(logical, "Path")
            if isinstance(path, str) and given == self._role_arn(logical, path="/"):
                return RoleReference(given, None, f"the role {logical} has the path {path}, which the ARN leaves out")
        if isinstance(given, str):
            return RoleReference(given, Unknown(f"{given} is written out; the template does not say whether it exists"))
        return RoleReference(given, Unknown(given.reason))

    def _function_behind(self, raw: Any, depth: int = 0) -> str:
        """The logical ID of the declared function that a value means, through an alias or version; else empty."""
        target, _ = _target(self._chosen(raw))
        vertex = self.resources.get(target)
        kind = vertex.get("resource_type") if vertex else None
        if kind == _FUNCTION:
            return target
        if kind in ("AWS::Lambda::Alias", "AWS::Lambda::Version") and vertex and depth < MAX_DEPTH:
            return self._function_behind(body_of(vertex).get("FunctionName"), depth + 1)
        given = self.intrinsics.text(raw)
        for logical, _ in self._of_type(_FUNCTION):
            name, arn = self._name(logical, "FunctionName"), self._function_arn(logical)
            if given is not None and qualifier_of(given, arn, name) is not None:
                return logical
        return ""

    def permissions(self) -> list[Permission]:
        return [self._permission(logical, vertex) for logical, vertex in self._made(_PERMISSION)]

    def _permission(self, logical: str, vertex: Vertex) -> Permission:
        config = body_of(vertex)
        behind = self._function_behind(config.get("FunctionName"))
        given = self.intrinsics.text(config.get("FunctionName")) or Unknown("FunctionName is missing")
        name = self._name(behind, "FunctionName") if behind else given
        arn = self._function_arn(behind) if behind else given
        qualifier = qualifier_of(given, arn, name) if behind else ""
        if qualifier is None:
            qualifier = Unknown("the qualifier is part of FunctionName")
        parameters: dict[str, Text] = {"StatementId": logical}
        for parameter in _PARAMETERS:
            value = self.intrinsics.text(config.get(parameter))
            if value is not None:
                parameters[parameter] = value
        return Permission(
            resource=self._resource(logical, vertex, name, Unknown("a statement has no ARN")),
            function=_key(self.file, behind) if behind else Unknown(f"the function {given} is not in this template"),
            function_name=name,
            qualifier=qualifier,
            statement=permission_statement(parameters, text(arn, ":", qualifier) if qualifier else arn),
        )

    def invokers(self) -> list[Invoker]:
        """What the stack wires to functions."""
        found = []
        for kind in dict.fromkeys(row.type for row in ROWS):
            for logical, vertex in self._made(kind):
                properties = self.intrinsics.value(body_of(vertex))
                for wiring in wirings(kind, properties if isinstance(properties, Mapping) else {}):
                    row = wiring.row
                    source = self._property(logical, row.source) if row.source else self._own_arn(logical)
                    source = source or Unknown(f"{row.source} is missing")
                    found.append(
                        Invoker(
                            kind=row.kind,
                            resource=self._resource(logical, vertex, logical, Unknown("a wiring has no ARN")),
                            what=f"{row.what} {source_name(source, logical)}",
                            function=wiring.function,
                            source_arn=source,
                            role=wiring.role,
                        )
                    )
        return found

    def _own_arn(self, logical: str) -> Text:
        """The ARN that a resource fires with: what ``GetAtt`` gives of it, or ``Ref`` where that is the ARN."""
        kind = str(self.resources[logical].get("resource_type"))
        if kind == "AWS::Logs::SubscriptionFilter":  # it fires for its log group
            return self._log_group_arn(self._property(logical, "LogGroupName") or self._of(logical, "LogGroupName"))
        return self._attribute_of(logical, "Arn" if (kind, "Arn") in self._composed else "")


def _target(raw: Any) -> tuple[str, str]:
    """Logical ID and attribute that ``!Ref`` (attribute ``""``), ``!GetAtt`` or a bare ``!Sub ${X.Arn}`` names."""
    if not isinstance(raw, dict):
        return "", ""
    if isinstance(raw.get("Ref"), str):
        return raw["Ref"], ""
    if "Fn::GetAtt" in raw:
        return resource_and_attribute(raw["Fn::GetAtt"])
    template = raw.get("Fn::Sub")
    found = re.fullmatch(r"\$\{([A-Za-z0-9]+)(?:\.([A-Za-z0-9.]+))?\}", template) if isinstance(template, str) else None
    return (found[1], found[2] or "") if found else ("", "")
