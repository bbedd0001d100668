"""Whether what statements of functions' policies admit still exists: the topic, rule, API, bucket of a source ARN.

What something is wired from exists; of anything else, each is looked up once. A service that says "not found" of a
thing of this account proves that it is gone, and for a bucket, whose ARN does not say whose it is, 404 does:
https://docs.aws.amazon.com/AmazonS3/latest/API/API_HeadBucket.html. AWS IoT answers for a rule that is gone as it does
where access is denied, and AWS Config finds rules by name where the ARN has their ID: these two are listed instead.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass, field, replace
from functools import partial
from typing import Any

from rolecall.arn import parse_arn
from rolecall.iam import PolicyError
from rolecall.live.actions import action_of
from rolecall.live.calls import Aws, CallFailed, Unread
from rolecall.live.needs import POLICY_SOURCES
from rolecall.live.place import Place
from rolecall.model import Inventory, Permission
from rolecall.rules.statements import SOURCE_ARN, values_of
from rolecall.unknown import Text, Unknown

_GONE = frozenset({"404", "NoSuchDistribution", "RuleDoesNotExist", "RuleSetDoesNotExist"})
_REGION = re.compile(r"[a-z0-9-]*", re.ASCII)
_WITHOUT_REGION = frozenset({"cloudfront", "s3"})


@dataclass(frozen=True)
class _Lookup:
    """A call that asks for one thing, by boto3's names. ``{0}`` in a parameter is the ARN of the thing, ``{1}`` and on
    the groups of its pattern."""

    service: str
    operation: str
    parameters: Mapping[str, Any]


@dataclass(frozen=True)
class _Listing:
    """A listing, with the names of its list and of the ARN in each."""

    service: str
    operation: str
    items: str
    arn: str
    parameters: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True)
class _Kind:
    """Sources of one service. named: what stands first in the resource part of their ARN. ways: one look-up has to
    find it, or there is one listing."""

    service: str
    named: re.Pattern[str]
    ways: tuple[_Lookup | _Listing, ...]


@dataclass(frozen=True)
class _Thing:
    """What is asked for. kind: its number. region: where. arn: up to where it is named. words: the groups."""

    kind: int
    region: str
    arn: str
    words: tuple[str, ...]


_N = r"([\w.+=@-]+)"  # a name, and no pattern


def _kind(service: str, named: str, *ways: _Lookup | _Listing) -> _Kind:
    return _Kind(service, re.compile(named, re.ASCII), ways)


_KINDS = (
    _kind("bedrock", f"agent/{_N}", _Lookup("bedrock-agent", "get_agent", {"agentId": "{1}"})),
    _kind("cloudfront", f"distribution/{_N}", _Lookup("cloudfront", "get_distribution", {"Id": "{1}"})),
    _kind("codecommit", _N, _Lookup("codecommit", "get_repository", {"repositoryName": "{1}"})),
    _kind("cognito-idp", f"userpool/{_N}", _Lookup("cognito-idp", "describe_user_pool", {"UserPoolId": "{1}"})),
    _kind("config", f"config-rule/{_N}", _Listing("config", "describe_config_rules", "ConfigRules", "ConfigRuleArn")),
    _kind("connect", f"instance/{_N}", _Lookup("connect", "describe_instance", {"InstanceId": "{1}"})),
    _kind(
        "elasticloadbalancing",
        f"targetgroup/{_N}/{_N}",
        _Listing("elbv2", "describe_target_groups", "TargetGroups", "TargetGroupArn", {"TargetGroupArns": ["{0}"]}),
    ),
    _kind("events", f"rule/{_N}$", _Lookup("events", "describe_rule", {"Name": "{1}"})),
    _kind(
        "events",
        rf"rule/([\w./-]+)/{_N}$",
        _Lookup("events", "describe_rule", {"EventBusName": "{1}", "Name": "{2}"}),
    ),
    _kind(
        "execute-api",
        f"{_N}(?=/)",
        _Lookup("apigatewayv2", "get_api", {"ApiId": "{1}"}),
        _Lookup("apigateway", "get_rest_api", {"restApiId": "{1}"}),
    ),
    _kind("iot", f"rule/{_N}", _Listing("iot", "list_topic_rules", "rules", "ruleArn")),
    _kind(
        "lex",
        f"bot-alias/{_N}/{_N}",
        _Lookup("lexv2-models", "describe_bot_alias", {"botId": "{1}", "botAliasId": "{2}"}),
    ),
    _kind(
        "logs",
        r"log-group:([\w./#-]+)(?=:\*)",
        _Listing("logs", "describe_log_groups", "logGroups", "arn", {"logGroupNamePrefix": "{1}"}),
    ),
    _kind("s3", _N, _Lookup("s3", "head_bucket", {"Bucket": "{1}"})),
    _kind(
        "secretsmanager", r"secret:([\w/+=.@!-]+)", _Lookup("secretsmanager", "describe_secret", {"SecretId": "{0}"})
    ),
    _kind(
        "ses",
        f"receipt-rule-set/{_N}:receipt-rule/{_N}",
        _Lookup("ses", "describe_receipt_rule", {"RuleSetName": "{1}", "RuleName": "{2}"}),
    ),
    _kind("sns", _N, _Lookup("sns", "get_topic_attributes", {"TopicArn": "{0}"})),
    _kind("sqs", _N, _Lookup("sqs", "get_queue_url", {"QueueName": "{1}"})),
    _kind(
        "vpc-lattice",
        f"targetgroup/{_N}",
        _Lookup("vpc-lattice", "get_target_group", {"targetGroupIdentifier": "{1}"}),
    ),
)
ACTIONS: Mapping[str, bool] = {
    action_of(way.service, way.operation): bool(way.parameters) for kind in _KINDS for way in kind.ways
}
"""The IAM actions that it takes, each with whether it is called for each thing, not once for all."""


def with_policy_sources(
    aws: Aws, places: Mapping[str, Place], needs: Collection[str], inventory: Inventory
) -> Inventory:
    """The inventory with ``Permission.source`` told."""
    place = next(iter(places.values()), None)
    if POLICY_SOURCES not in needs or place is None:
        return inventory
    wired = {_thing(invoker.source_arn, place) for invoker in inventory.invokers}
    named = [tuple(_sources_of(permission)) for permission in inventory.permissions]
    things = {value: _thing(value, place) for values in named for value in values}
    unsure = {thing for thing in things.values() if isinstance(thing, _Thing) and thing not in wired}
    together: dict[object, list[_Thing]] = {}
    for thing in sorted(unsure, key=str):
        together.setdefault(_asked_with(thing), []).append(thing)
    answers = aws.in_parallel("sources of policies", partial(_are_there, place), map(tuple, together.values()))
    found = {thing: there for answer in answers.values() for thing, there in answer.items()}

    def told(value: Text) -> bool | Unknown:
        thing = things[value]
        return thing if isinstance(thing, Unknown) else found.get(thing, True)

    return replace(
        inventory,
        permissions=tuple(
            replace(permission, source=_source({value: told(value) for value in values}))
            for permission, values in zip(inventory.permissions, named, strict=True)
        ),
    )


def _sources_of(permission: Permission) -> Iterator[Text]:
    try:
        yield from values_of(permission.parsed, SOURCE_ARN)
    except PolicyError:
        return


def _source(there: Mapping[Text, bool | Unknown]) -> str | Unknown | None:
    if False in there.values():
        return None
    unsure = next((answer for answer in there.values() if isinstance(answer, Unknown)), None)
    return ", ".join(map(str, there)) if unsure is None else unsure


def _thing(source: Text, place: Place) -> _Thing | Unknown:
    arn = parse_arn(source) if isinstance(source, str) else None
    if arn is None:
        return Unknown(f"{source} is no ARN")
    if not _REGION.fullmatch(arn.region) or bool(arn.region) is (arn.service in _WITHOUT_REGION):
        return Unknown(_A_PATTERN)
    if arn.account != ("" if arn.service == "s3" else place.account) or arn.partition != place.partition:
        return Unknown(f"it is not one of account {place.account}")
    kinds = [(number, kind) for number, kind in enumerate(_KINDS) if kind.service == arn.service]
    for number, kind in kinds:
        named = kind.named.match(arn.resource)
        if named and arn.resource[named.end() :][:1] in _ENDS:
            upto = str(arn).removesuffix(arn.resource) + named[0]
            return _Thing(number, arn.region or place.region, upto, named.groups())
    return Unknown(_A_PATTERN if kinds else f"things of {arn.service} are not looked up")


_A_PATTERN = "it is a pattern"
_ENDS = ("", "/", ":")


def _asked_with(thing: _Thing) -> object:
    """The same for things of which one listing tells."""
    [way, *_] = _KINDS[thing.kind].ways
    listed = (thing.kind, thing.region, str(_filled(way.parameters, thing)))
    return listed if isinstance(way, _Listing) else thing


def _are_there(place: Place, things: tuple[_Thing, ...]) -> dict[_Thing, bool | Unknown]:
    """things: one, or those of which one listing tells."""
    there, found = place.in_region(things[0].region), set[object]()
    [listing, *_] = _KINDS[things[0].kind].ways
    if isinstance(listing, _Lookup):
        return {thing: _is_there(there, thing) for thing in things}
    try:
        for page in there.pages(listing.service, listing.operation, **_filled(listing.parameters, things[0])):
            found.update(_thing(item.get(listing.arn), there) for item in page.get(listing.items) or ())
            if found.issuperset(things):
                break
    except CallFailed as failure:
        otherwise = False if _is_gone(failure) else failure.unread
        return {thing: thing in found or otherwise for thing in things}
    return {thing: thing in found for thing in things}


def _is_there(place: Place, thing: _Thing) -> bool | Unknown:
    answers: list[bool | Unread] = []
    for way in _KINDS[thing.kind].ways:
        try:
            answered = place.call(way.service, way.operation, **_filled(way.parameters, thing))
            # empty where the service is not offered
            answers.append(bool(answered) or Unread(f"{action_of(way.service, way.operation)} did not answer"))
        except CallFailed as failure:
            answers.append(False if _is_gone(failure) else failure.unread)
    return True in answers or next((answer for answer in answers if isinstance(answer, Unknown)), False)


def _is_gone(failure: CallFailed) -> bool:
    return failure.gone or failure.code in _GONE


def _filled(parameters: Any, thing: _Thing) -> Any:
    if isinstance(parameters, str):
        return parameters.format(thing.arn, *thing.words)
    if isinstance(parameters, list):
        return [_filled(item, thing) for item in parameters]
    return {name: _filled(value, thing) for name, value in parameters.items()}
