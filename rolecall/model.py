"""The inventory: what the rules look at, the same for code and for an account.

Readers (``rolecall.iac``, ``rolecall.live``) fill it, rules read it. Every field may be ``Unknown`` where its type says
so; nothing is ever guessed. Policy documents are plain dictionaries in IAM's own JSON form, in which any value may be
``Unknown``.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import cached_property
from typing import Any, ClassVar, Optional, Union

from rolecall.arn import split_parts
from rolecall.iam.document import Policy, parse_policy, parse_statement
from rolecall.iam.statement import Statement
from rolecall.unknown import Following, PartlyKnown, Segment, Text, Tri, Unknown, parts_of, replaced, same_as, text

__all__ = [
    "Alarm", "Destination", "Document", "EventRule", "EventSourceMapping", "FileSystem", "Function", "FunctionPolicy",
    "IdentityPolicy", "Inventory", "Invoker", "Location", "Metric", "PartlyKnown", "Permission", "Resource", "Role",
    "RoleReference", "Settings", "Target", "Text", "Trail", "Unknown", "text",
]  # fmt: skip

Document = Union[Mapping[str, Any], Unknown]
_UNREAD = Unknown("it was not read")


@dataclass(frozen=True)
class Location:
    """A place in a file; lines count from 1."""

    file: str
    first_line: int
    last_line: int


@dataclass(frozen=True)
class Resource:
    """What a finding points at.

    framework: ``terraform``, ``terraform_plan``, ``cloudformation`` or ``live``.
    type: the resource type in the framework's own words; live, CloudFormation's.
    address: unique within one inventory: Terraform address, CloudFormation logical ID, or ARN.
    key: unique across files and modules that use the same address; equal to the address where that is enough.
    scope: what is deployed together with it: the folder of the root module, the template; empty in an account.
    logical: its own logical ID, where the address is that of what it was generated for (Serverless).
    made_for: the same for a reader: "the sns event of orders"; empty: it stands in the code itself.
    origin: what findings on it are reported on, where it has an address of its own (SAM's roles); ``None``: on itself.
    """

    framework: str
    type: str
    address: str
    name: Text
    arn: Text
    account: Text
    region: Text
    location: Optional[Location] = None
    key: str = ""
    scope: str = ""
    logical: str = ""
    made_for: str = ""
    origin: Optional[Resource] = None

    @property
    def label(self) -> str:
        """The resource for a reader: what stands in the code, its name where that is known, else its address."""
        return self.made_for or (self.name if isinstance(self.name, str) else self.address)

    @property
    def reference(self) -> str:
        """What code of the same configuration refers to it by."""
        return self.logical or self.address

    @property
    def reported(self) -> Resource:
        """The resource that findings on it point at."""
        return self.origin or self

    @property
    def sam_address(self) -> Text:
        """Address of the resource of SAM that it is or was generated from; ``Unknown``: it has nothing to do with SAM.

        A fact of this name gives a finding the remediation in SAM's own words.
        """
        written = self.reported
        return written.address if written.type.startswith("AWS::Serverless::") else Unknown("it is not made by SAM")


@dataclass(frozen=True)
class IdentityPolicy:
    """A policy that says what a role may do. name: for a reader; for an AWS managed policy its ARN.

    document: ``Unknown`` where it cannot be told what the policy says, or whether the role has it.
    """

    name: str
    document: Document

    @cached_property
    def parsed(self) -> Policy:
        """The document, parsed once for all rules. Raises ``PolicyError``."""
        return parse_policy(self.document, self.name if "inline" in self.name else f"identity policy {self.name}")

    @cached_property
    def _replaced(self) -> dict[Callable[[Unknown], Text], IdentityPolicy]:
        return {}

    def replaced(self, stand_in: Callable[[Unknown], Text]) -> IdentityPolicy:
        """The policy with something else for values that are not known, made once for each ``stand_in``."""
        if stand_in not in self._replaced:
            self._replaced[stand_in] = replace(self, document=replaced(self.document, stand_in))
        return self._replaced[stand_in]


@dataclass(frozen=True)
class Role:
    """An IAM role.

    declared: this configuration manages it (live: always true).
    policies: inline and attached ones. boundary: the permissions boundary; ``None`` when it has none.
    tags: by key; ``Unknown`` when none is known. more_tags: why it may have others.
    """

    resource: Resource
    trust_policy: Document
    declared: bool = True
    policies: Union[tuple[IdentityPolicy, ...], Unknown] = _UNREAD
    boundary: Optional[Document] = None
    tags: Union[Mapping[str, Text], Unknown] = _UNREAD
    more_tags: Optional[Unknown] = None

    @property
    def label(self) -> str:
        return self.resource.label


@dataclass(frozen=True)
class RoleReference:
    """How a resource names the role it uses.

    arn: what the resource states, an ARN if all is well.
    attribute: for a reference, which attribute of the role it takes; anything but ``arn`` is a mistake.
    role: the role, ``None`` when there is certainly no such role, ``Unknown`` when that cannot be told.
    note: for a reader, how the reference was resolved, or why there is no such role.
    literal: whether the code writes out the role's ARN or name instead of referring to the role; ``Unknown`` where
        the value comes from elsewhere.
    """

    arn: Text
    role: Union[Role, Unknown, None]
    note: str = ""
    attribute: str = "arn"
    literal: Union[bool, Unknown] = _UNREAD


@dataclass(frozen=True)
class Destination:
    """Where Lambda sends what a function made, or what it failed on.

    purpose: for a reader ("dead-letter target", "on-failure destination").
    target: ARN of the queue, topic, function, bucket or event bus; ``kafka://...`` for a topic of the source's cluster.
    qualifier: alias or version whose invocations it is for; empty: those of the function itself.
    """

    purpose: str
    target: Text
    qualifier: Text = ""


@dataclass(frozen=True)
class FileSystem:
    """An EFS file system that a function mounts.

    access_point: its ARN. arn: of the file system. policies: its resource-based ones; none is AWS's default, which lets
        every client in.
    """

    access_point: Text
    arn: Text
    policies: Union[tuple[Document, ...], Unknown] = ()


@dataclass(frozen=True)
class EventSourceMapping:
    """A queue or stream that Lambda polls with the function's execution role.

    function: key of the function, ``Unknown`` when it is elsewhere or cannot be told.
    service: of the source, as in its ARN (``sqs``, ``kinesis``, ``dynamodb``, ``kafka``, ``mq``, ``rds`` for
        DocumentDB), or ``self-managed-kafka``.
    source: the source's ARN; ``None`` when it has none (self-managed Kafka).
    on_failure: where Lambda sends what could not be processed; ``None``: nowhere.
    redrive: whether the source queue itself moves what is not processed to a dead-letter queue.
    secrets: ARNs of the secrets that Lambda signs in with. in_vpc: whether it names subnets to reach the source from.
    key: ARN of the customer's KMS key of the source; ``None``: none, or not known.
    """

    resource: Resource
    function: Union[str, Unknown]
    service: Text
    source: Optional[Text] = None
    on_failure: Union[Destination, Unknown, None] = None
    redrive: Union[bool, Unknown] = _UNREAD
    secrets: tuple[Text, ...] = ()
    in_vpc: Union[bool, Unknown] = False
    key: Optional[Text] = None


@dataclass(frozen=True)
class Function:
    """A Lambda function: a resource that uses a role (its execution role).

    in_vpc, snap_start, event_source_mappings, edge_association, tracing (mode Active): what makes Lambda itself use
        the execution role.
    log_group: name of the log group that it writes to. log_group_declared: whether this configuration makes the group.
    destinations: of asynchronous invocations, the dead-letter target among them.
    silent: its author wants no logs of it, and says so.
    """

    service_principal: ClassVar[str] = "lambda.amazonaws.com"

    resource: Resource
    partition: Text
    role: RoleReference
    in_vpc: Union[bool, Unknown] = False
    snap_start: Union[bool, Unknown] = False
    event_source_mappings: Union[tuple[EventSourceMapping, ...], Unknown] = ()
    edge_association: Union[bool, Unknown] = False
    tracing: Union[bool, Unknown] = False
    log_group: Text = _UNREAD
    log_group_declared: bool = False
    destinations: Union[tuple[Destination, ...], Unknown] = ()
    file_systems: Union[tuple[FileSystem, ...], Unknown] = ()
    silent: bool = False

    @property
    def label(self) -> str:
        return self.resource.label


@dataclass(frozen=True)
class Permission:
    """One statement of a function's resource-based policy.

    resource: where the statement is written (``aws_lambda_permission``), or the function itself in an account.
    function: address of the function it belongs to, ``Unknown`` when that is elsewhere or cannot be told.
    qualifier: alias or version that the statement covers; ``""`` for the unqualified function.
    statement: the statement as IAM stores it.
    managed_by: address of what makes the statement without being one; empty: it is written as a statement.
    source: address of the resource that its source ARN refers to; ``None`` when it is certainly none that exists,
        ``Unknown`` when that cannot be told.
    """

    resource: Resource
    function: Union[str, Unknown]
    function_name: Text
    qualifier: Text
    statement: Document
    managed_by: str = ""
    source: Union[str, Unknown, None] = _UNREAD

    @cached_property
    def parsed(self) -> Statement:
        """The statement, parsed once for all rules. Raises ``PolicyError``."""
        return parse_statement(self.statement, name="resource policy")

    @property
    def sid(self) -> str:
        sid = self.statement.get("Sid") if isinstance(self.statement, Mapping) else None
        return sid if isinstance(sid, str) else ""


@dataclass(frozen=True)
class Invoker:
    """A resource that is wired to call a function.

    kind: which wiring it is, a row of ``rolecall.invocation``. what: the wiring for a reader ("The SNS topic orders").
    function: ARN of what is called, with the qualifier if it names one.
    source_arn: what the service presents as ``aws:SourceArn``; its account is the resource's.
    role: ARN of the role that the service calls with; ``None`` when it calls as itself.
    through: ARN of the role with which the service assumes that one; ``None`` when it does so as itself.
    calls: where the wiring makes several calls, the source ARN of each with its name for a reader; ``source_arn`` is
        then the pattern that covers them.
    auth_type: of a function URL, who may call it (``NONE``, ``AWS_IAM``).
    """

    kind: str
    resource: Resource
    what: str
    function: Text
    source_arn: Text
    role: Optional[Text] = None
    calls: tuple[tuple[str, Text], ...] = ()
    auth_type: Text = ""
    through: Optional[Text] = None

    @property
    def inside(self) -> str:
        """The wiring as it stands inside a sentence."""
        return f"{self.what[:1].lower()}{self.what[1:]}"


@dataclass(frozen=True)
class Target:
    """A queue, topic, event bus or bucket that messages can be sent to, a secret, or a key that encrypts them.

    policies: its resource-based policies; none is what AWS gives it by default.
    key: ARN of the customer's KMS key that encrypts it; ``None``: none, or not known.
    """

    resource: Resource
    policies: Union[tuple[Document, ...], Unknown] = ()
    key: Optional[Text] = None


@dataclass(frozen=True)
class Metric:
    """A metric of CloudWatch. dimensions: by name; none: the metric of all resources together."""

    namespace: Text
    name: Text
    dimensions: Union[Mapping[str, Text], Unknown]

    @property
    def of_other_service(self) -> bool:
        """Whether it certainly is none of Lambda's."""
        return isinstance(self.namespace, str) and self.namespace != "AWS/Lambda"

    def dimension(self, name: str) -> Optional[Text]:
        """The value of a dimension; ``None`` when it has none of the name."""
        return self.dimensions if isinstance(self.dimensions, Unknown) else self.dimensions.get(name)


@dataclass(frozen=True)
class Alarm:
    """A CloudWatch alarm on metrics, or what may make one.

    metrics: those it watches, by themselves or in an expression; ``Unknown`` stands for one that cannot be told.
    made: whether it is made.
    """

    resource: Resource
    metrics: tuple[Union[Metric, Unknown], ...]
    made: Tri = True


@dataclass(frozen=True)
class EventRule:
    """A rule of EventBridge. bus: name of its event bus. state: ``ENABLED`` ... as in EventBridge's API.

    pattern: ``None`` for one that only has a schedule. targets: their ARNs. made: whether it is made.
    """

    resource: Resource
    bus: Text
    state: Text
    pattern: Optional[Document]
    targets: Union[tuple[Text, ...], Unknown]
    made: Tri = True


@dataclass(frozen=True)
class Trail:
    """A trail of CloudTrail. everywhere: whether it is for all regions.

    writes: whether it is on and records the management events that change something, those of IAM among them.
    """

    resource: Resource
    everywhere: Tri
    writes: Tri


FunctionPolicy = Union[tuple[Permission, ...], Unknown]


@dataclass(frozen=True)
class Settings:
    """What a team sets for the rules.

    max_functions_per_role: RC110. owner_tags: keys of which a role needs one, RC111. trusted_accounts: RC106, RC344.
    """

    max_functions_per_role: int = 1
    owner_tags: tuple[str, ...] = ("function",)
    trusted_accounts: frozenset[str] = frozenset()


@dataclass(frozen=True)
class Inventory:
    """Everything that one scan knows. Read-only; indexed on first use, in O(nodes + edges).

    functions: by key. policies: by function key; a function without an entry has the permissions that name it.
    """

    framework: str
    functions: Mapping[str, Function] = field(default_factory=dict)
    roles: Mapping[str, Role] = field(default_factory=dict)
    permissions: tuple[Permission, ...] = ()
    unread_policies: Mapping[str, Unknown] = field(default_factory=dict)
    invokers: tuple[Invoker, ...] = ()
    mappings: tuple[EventSourceMapping, ...] = ()
    targets: tuple[Target, ...] = ()
    alarms: tuple[Alarm, ...] = ()
    event_rules: tuple[EventRule, ...] = ()
    trails: tuple[Trail, ...] = ()
    settings: Settings = Settings()

    def resources(self) -> Iterator[Resource]:
        """Every resource on which a rule may have a finding."""
        yield from (function.resource for function in self.functions.values())
        yield from (role.resource for role in self.roles.values())
        yield from (permission.resource for permission in self.permissions)
        yield from (invoker.resource for invoker in self.invokers)
        yield from (mapping.resource for mapping in self.mappings)
        yield from (rule.resource for rule in self.event_rules)

    def function_of(self, permission: Permission) -> Function | None:
        """The function that a permission belongs to, when this inventory has it."""
        return self.functions.get(permission.function) if isinstance(permission.function, str) else None

    def policy_of(self, function: Function) -> FunctionPolicy:
        """The statements of a function's resource-based policy; ``Unknown`` when it could not be read."""
        unread = self.unread_policies.get(function.resource.key)
        return unread if unread is not None else self._permissions_by_function.get(function.resource.key, ())

    def called_by(self, invoker: Invoker) -> tuple[Function, Text] | None:
        """The function that an invoker calls, and the qualifier it names (``""``: none); ``None``: it is not here.

        Only one of the invoker's own scope: another configuration may deploy a function of the same name elsewhere.
        """
        return self.function_at(invoker.function, invoker.resource.scope)

    def function_at(self, arn: Text, scope: str) -> tuple[Function, Text] | None:
        """The function of a scope that has an ARN, and the qualifier at its end (``""``: none)."""
        parts = split_parts(parts_of(arn), 8)
        if parts is None or len(parts) < 7:
            return None
        qualifier = text(*parts[7]) if len(parts) > 7 else ""
        *name, last = parts[6]
        if isinstance(last, Following):
            parts, qualifier = [*parts[:6], name], last
        found = self._functions_by_arn.get((scope, same_as(text(*_joined(parts[:7])))), ())
        return (found[0], qualifier) if len(found) == 1 else None

    def role_at(self, arn: Text, scope: str) -> Role | None:
        """The role with an ARN, when this inventory has exactly one in the scope."""
        found = self._roles_by_arn.get((scope, same_as(arn)), ())
        return found[0] if len(found) == 1 else None

    def target(self, arn: Text, scope: str) -> Target | None:
        """The target with an ARN, when this inventory has exactly one in the scope."""
        found = self._targets_by_arn.get((scope, same_as(arn)), ())
        return found[0] if len(found) == 1 else None

    @cached_property
    def execution_roles(self) -> tuple[tuple[Role, tuple[Function, ...]], ...]:
        """Each role that functions use, with these functions."""
        index: dict[str, tuple[Role, list[Function]]] = {}
        for function in self.functions.values():
            role = function.role.role
            if isinstance(role, Role):
                index.setdefault(role.resource.key or role.resource.address, (role, []))[1].append(function)
        return tuple((role, tuple(users)) for role, users in index.values())

    def users_of(self, role: Role) -> tuple[Function, ...]:
        """The functions whose execution role it is."""
        return self._users.get(role.resource.key or role.resource.address, ())

    def invokers_of(self, function: Function, kind: str) -> tuple[Invoker, ...]:
        """The invokers of a kind (empty: of all kinds) that call a function."""
        return self._invokers_by_function.get((function.resource.key, kind), ())

    def metrics_of(self, function: Function) -> list[tuple[Alarm, Union[Metric, Unknown]]]:
        """What alarms of the function's scope watch of Lambda, but for what certainly names another function.

        Of those that say the same of every function that they do not name, only the first.
        """
        named, others, others_of_unknown = self._metrics
        scope, name = function.resource.scope, function.resource.name
        found = named.get(function.resource.key, []).copy()
        if _may_be_any(name):
            return [*found, *others_of_unknown.get(scope, {}).values()]
        shape = _shape(name)
        for made_like, watched in others.get(scope, {}).items():
            if made_like is None or made_like != shape:
                found += watched.values()
        return found

    def keeps_alarms(self, scope: str) -> bool:
        """Whether a scope sets alarms at all."""
        return scope in self._scopes_with_alarms

    def unattributed(self, scope: str) -> tuple[Permission, ...]:
        """The permissions of a scope that may belong to any function, since theirs is not known."""
        return self._unattributed.get(scope, ())

    @cached_property
    def _functions_by_arn(self) -> dict[tuple[str, object], list[Function]]:
        index: dict[tuple[str, object], list[Function]] = {}
        for function in self.functions.values():
            index.setdefault((function.resource.scope, same_as(function.resource.arn)), []).append(function)
        return index

    @cached_property
    def _roles_by_arn(self) -> dict[tuple[str, object], list[Role]]:
        index: dict[tuple[str, object], list[Role]] = {}
        for role in self.roles.values():
            index.setdefault((role.resource.scope, same_as(role.resource.arn)), []).append(role)
        return index

    @cached_property
    def _targets_by_arn(self) -> dict[tuple[str, object], list[Target]]:
        index: dict[tuple[str, object], list[Target]] = {}
        for target in self.targets:
            index.setdefault((target.resource.scope, same_as(target.resource.arn)), []).append(target)
        return index

    @cached_property
    def _users(self) -> dict[str, tuple[Function, ...]]:
        return {role.resource.key or role.resource.address: users for role, users in self.execution_roles}

    @cached_property
    def _invokers_by_function(self) -> dict[tuple[str, str], tuple[Invoker, ...]]:
        index: dict[tuple[str, str], list[Invoker]] = {}
        for invoker in self.invokers:
            called = self.called_by(invoker)
            if called is not None:
                for kind in (invoker.kind, ""):
                    index.setdefault((called[0].resource.key, kind), []).append(invoker)
        return {of: tuple(found) for of, found in index.items()}

    @cached_property
    def _metrics(self) -> tuple[dict[str, list[_Watched]], dict[str, dict[object, _Alike]], dict[str, _Alike]]:
        """What alarms watch of Lambda: by the function that it names; else by scope and by how the name is made.

        Last, by scope, what there is to say of a function of whose name nothing is known.
        """
        keys_of: dict[tuple[str, object], list[str]] = {}
        within: set[str] = set()  # a name that has an unknown part in it cannot be that part
        for key, function in self.functions.items():
            keys_of.setdefault((function.resource.scope, same_as(function.resource.name)), []).append(key)
            parts = parts_of(function.resource.name)
            within.update(part.symbol for part in parts if isinstance(part, Unknown) and len(parts) > 1)
        named: dict[str, list[_Watched]] = {}
        others: dict[str, dict[object, _Alike]] = {}
        others_of_unknown: dict[str, _Alike] = {}
        for alarm, metric in ((one, metric) for one in self.alarms for metric in one.metrics):
            if isinstance(metric, Metric) and metric.of_other_service:
                continue
            scope = alarm.resource.scope
            name = metric.dimension("FunctionName") if isinstance(metric, Metric) else None
            keys = keys_of.get((scope, same_as(name)), []) if name is not None else []
            for key in keys:
                named.setdefault(key, []).append((alarm, metric))
            if keys:
                continue
            shape = None if name is None else _shape(name)
            of_any = isinstance(name, Unknown) and _may_be_any(name) and (not name.symbol or name.symbol not in within)
            alike = others.setdefault(scope, {}).setdefault(shape, {})
            alike.setdefault(_says(alarm, metric, of_any), (alarm, metric))
            alike = others_of_unknown.setdefault(scope, {})
            alike.setdefault(_says(alarm, metric, of_any or isinstance(name, str)), (alarm, metric))
        return named, others, others_of_unknown

    @cached_property
    def _scopes_with_alarms(self) -> frozenset[str]:
        known = (alarm for alarm in self.alarms if any(isinstance(metric, Metric) for metric in alarm.metrics))
        return frozenset(alarm.resource.scope for alarm in known)

    @cached_property
    def _unattributed(self) -> dict[str, tuple[Permission, ...]]:
        index: dict[str, list[Permission]] = {}
        for permission in self.permissions:
            if isinstance(permission.function, Unknown) and isinstance(permission.function_name, Unknown):
                index.setdefault(permission.resource.scope, []).append(permission)
        return {scope: tuple(found) for scope, found in index.items()}

    @cached_property
    def _permissions_by_function(self) -> dict[str, tuple[Permission, ...]]:
        index: dict[str, list[Permission]] = {}
        for permission in self.permissions:
            if isinstance(permission.function, str):
                index.setdefault(permission.function, []).append(permission)
        return {key: tuple(found) for key, found in index.items()}


def _joined(parts: Sequence[Sequence[Text]]) -> list[Text]:
    """The pieces of an ARN's parts with their colons."""
    pieces: list[Text] = []
    for number, part in enumerate(parts):
        pieces += [":", *part] if number else part
    return pieces


_Watched = tuple[Alarm, Union[Metric, Unknown]]
_Alike = dict[object, _Watched]


def _shape(name: Text) -> Optional[tuple[str, ...]]:
    """How a name is made, around its one known text: another text in its place certainly makes another name.

    ``None`` where it cannot be told by one text.
    """
    parts = parts_of(name)
    symbols = [part.symbol for part in parts if isinstance(part, Unknown)]
    if len(symbols) != len(parts) - 1 or not all(symbols):
        return None
    return tuple("" if isinstance(part, str) else part.symbol for part in parts)


def _says(alarm: Alarm, metric: Union[Metric, Unknown], of_any: bool) -> object:
    """What two alarms share that say the same of every function. of_any: whether they may be of any function."""
    what: object = None
    if isinstance(metric, Metric):
        name = metric.dimension("FunctionName")
        of = bool(metric.dimensions) if name is None else of_any or _kinds(name)
        what = (_kinds(metric.namespace), _kinds(metric.name), name is None, of)
    return what, _kinds(alarm.resource.region), alarm.made


def _may_be_any(name: Text) -> bool:
    """Whether nothing at all is known of a name."""
    return isinstance(name, Unknown) and not isinstance(name, (PartlyKnown, Segment))


def _kinds(value: Text) -> object:
    """A key of texts that match the same; unlike ``same_as``, values without a name share one."""
    return tuple(part if isinstance(part, str) else (type(part), part.symbol) for part in parts_of(value))
