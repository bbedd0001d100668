"""What a Serverless configuration says of a service and its functions, variables replaced."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

from rolecall.iac.serverless import names
from rolecall.iac.serverless.documents import lines_of
from rolecall.iac.serverless.merging import merged, unmarked
from rolecall.iac.serverless.variables import Variables
from rolecall.unknown import Text, Unknown, text

_ALIASES = (
    ("durableConfig", "durable", "DurableLambdaAlias"),
    ("provisionedConcurrency", "provisioned", "ProvConcLambdaAlias"),
    ("snapStart", "snapstart", "SnapStartLambdaAlias"),
)


def table(value: Any) -> Mapping[str, Any]:
    """The value where it is an object, else an empty one."""
    return value if isinstance(value, Mapping) else {}


def items(value: Any) -> list[Any]:
    """The value where it is a list, else an empty one."""
    return value if isinstance(value, list) else []


def as_name(value: Any) -> Text:
    """A value that names something."""
    if isinstance(value, (str, Unknown)):
        return value
    return str(value) if isinstance(value, (int, float)) else Unknown("a list or an object where a name is expected")


def setting(event: Any, name: str) -> Any:
    """A setting of an event; of one that is a text or not known, that is all of it."""
    return event.get(name) if isinstance(event, Mapping) else event


def stream_kind(event: Any) -> str:
    """``dynamodb`` or ``kinesis``."""
    kind = table(event).get("type")
    if isinstance(kind, str):
        return kind
    source = setting(event, "arn")
    parts = source.split(":") if isinstance(source, str) else []
    return parts[2] if len(parts) > 2 else ""


@dataclass(frozen=True)
class Function:
    """One entry of ``functions``. settings: all of it; empty where it is not known. lines: in the file."""

    key: str
    settings: Mapping[str, Any]
    name: Text
    lines: tuple[int, int] = (1, 1)
    unread: str = ""

    @property
    def normal(self) -> str:
        """The key within logical IDs."""
        return names.normal(self.key)

    @property
    def logical(self) -> str:
        return names.function(self.key)

    @property
    def alias(self) -> str:
        """The alias that the framework makes and lets everything call; empty: none."""
        return next((alias for setting, alias, _ in _ALIASES if self.settings.get(setting)), "")

    @property
    def alias_logical(self) -> str:
        ending = next((ending for setting, _, ending in _ALIASES if self.settings.get(setting)), "")
        return f"{self.normal}{ending}"

    @property
    def target(self) -> dict[str, Any]:
        """What is called: the function, or its alias."""
        arn = {"Fn::GetAtt": [self.logical, "Arn"]}
        return {"Fn::Join": [":", [arn, self.alias]]} if self.alias else arn

    def events(self, kind: str) -> Iterator[Any]:
        """What is given for each event of a kind: a text or an object."""
        for _, given in self.numbered_events(kind):
            yield given

    def numbered_events(self, kind: str) -> Iterator[tuple[int, Any]]:
        """The same with the event's place among all events, from 1."""
        for number, event in enumerate(items(self.settings.get("events")), start=1):
            given = table(event).get(kind)
            if given:
                yield number, given

    @property
    def unknown_events(self) -> str:
        """Why there may be events that are not seen here; empty: there are none."""
        events = self.settings.get("events")
        unread = [events, *items(events), *(v for e in items(events) for v in table(e).values())]
        return self.unread or next((value.reason for value in unread if isinstance(value, Unknown)), "")


@dataclass(frozen=True)
class Service:
    """A service on AWS. unread: sections that are not known, and why. lines: of ``provider``.

    framework: its version, as the configuration asks for it.
    """

    file: str
    name: Text
    stage: Text
    provider: Mapping[str, Any]
    functions: tuple[Function, ...]
    resources: Mapping[str, Any]
    plugins: tuple[Text, ...]
    custom: Mapping[str, Any] = field(default_factory=dict)
    unread: tuple[str, ...] = ()
    lines: tuple[int, int] = (1, 1)
    framework: str = ""

    @cached_property
    def prefix(self) -> Text:
        return text(self.name, "-", self.stage)

    @property
    def by_key(self) -> Mapping[str, Function]:
        return {function.key: function for function in self.functions}

    @property
    def role_settings(self) -> Mapping[str, Any]:
        """``provider.iam.role`` where it describes the role to make."""
        return table(table(self.provider.get("iam")).get("role"))


def service(file: str, config: Mapping[str, Any]) -> Service | None:
    """The service; ``None`` when it certainly runs elsewhere than on AWS."""
    variables = Variables(file, config)
    provider = variables.get("provider")
    provider = {"name": provider} if isinstance(provider, str) else provider
    if isinstance(provider, Unknown):
        provider_settings: Mapping[str, Any] = dict.fromkeys(("role", "stage", "vpc"), provider)
    else:
        provider_settings = table(provider)
    cloud = provider_settings.get("name")
    if isinstance(cloud, str) and cloud.lower() != "aws":
        return None
    name = variables.get("service")
    name = table(name).get("name") if isinstance(name, Mapping) else name
    stage = provider_settings.get("stage") or "dev"
    given, resources = variables.get("functions"), variables.get("resources")
    unread = [
        f"{section}: {reason}"
        for section, value in (("provider", provider), ("functions", given), ("resources", resources))
        for reason in _unknown(value)
    ]
    prefix = text(as_name(name or ""), "-", as_name(stage))
    plugins = variables.get("plugins")
    plugins = plugins.get("modules") if isinstance(plugins, Mapping) else plugins
    return Service(
        file=file,
        name=as_name(name or ""),
        stage=as_name(stage),
        provider=unmarked(provider_settings),
        functions=tuple(_functions(_section(given), prefix)),
        resources=_section(resources),
        plugins=tuple(as_name(p) for p in items(plugins)) if not isinstance(plugins, Unknown) else (plugins,),
        custom=unmarked(table(variables.get("custom"))),
        unread=tuple(unread),
        framework=names.plain(variables.get("frameworkVersion")),
        lines=lines_of(config.get("provider")),
    )


def _section(value: Any) -> Mapping[str, Any]:
    """``functions`` and ``resources`` may be lists of objects, which are merged."""
    whole: Mapping[str, Any] = table(value)
    for item in items(value):
        whole = merged(whole, table(item))
    return whole


def _unknown(value: Any) -> Iterator[str]:
    """Why a section is not known, in whole or in part."""
    for part in (value, *items(value)):
        if isinstance(part, Unknown):
            yield part.reason


def _functions(given: Mapping[str, Any], prefix: Text) -> Iterator[Function]:
    for key, value in given.items():
        if key.startswith("__") or value is None:
            continue
        settings = unmarked(table(value))
        unread = value.reason if isinstance(value, Unknown) else "" if isinstance(value, Mapping) else "it is no object"
        own = settings.get("name")
        name = text(prefix, "-", key) if not own else as_name(own)
        yield Function(key, settings, Unknown(unread) if unread else name, lines_of(value), unread)
