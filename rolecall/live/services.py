"""The services that are read, apart from IAM and Lambda itself: every part by its name."""

from __future__ import annotations

from collections.abc import Collection, Mapping

from rolecall.live import (
    alarms,
    api_gateway,
    appsync,
    asynchronous,
    bedrock,
    cloudfront,
    cloudtrail,
    codecommit,
    codepipeline,
    cognito,
    config_rules,
    connect,
    events,
    firehose,
    function_urls,
    iot,
    lex,
    load_balancers,
    logs,
    organizations,
    pipes,
    s3,
    scheduler,
    secrets_manager,
    ses,
    sns,
    step_functions,
    subscription_filters,
    transfer,
    vpc_lattice,
)
from rolecall.live.parts import LatePart, Part

_SERVICES = (
    alarms, api_gateway, appsync, asynchronous, bedrock, cloudfront, cloudtrail, codecommit, codepipeline, cognito,
    config_rules, connect, events, firehose, iot, lex, load_balancers, logs, organizations, pipes, s3, scheduler,
    secrets_manager, ses, sns, step_functions, subscription_filters, transfer, vpc_lattice,
)  # fmt: skip
PARTS: Mapping[str, Part] = {part.name: part for service in _SERVICES for part in service.PARTS}
# in the order in which they are read: distributions are matched with URLs that are known
LATE_PARTS: Mapping[str, LatePart] = {
    part.name: part for service in (function_urls, cloudfront) for part in service.LATE_PARTS
}


def parts_named(names: Collection[str]) -> list[Part]:
    return [part for name, part in PARTS.items() if name in names]
