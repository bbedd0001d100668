"""The services that are read, apart from IAM and Lambda itself: every part by its name."""

from __future__ import annotations

from collections.abc import Collection, Mapping

from rolecall.live import (
    appsync,
    bedrock,
    codecommit,
    codepipeline,
    connect,
    events,
    firehose,
    lex,
    pipes,
    scheduler,
    sns,
    step_functions,
    transfer,
    vpc_lattice,
)
from rolecall.live.parts import Part

_SERVICES = (
    appsync,
    bedrock,
    codecommit,
    codepipeline,
    connect,
    events,
    firehose,
    lex,
    pipes,
    scheduler,
    sns,
    step_functions,
    transfer,
    vpc_lattice,
)
PARTS: Mapping[str, Part] = {part.name: part for service in _SERVICES for part in service.PARTS}


def parts_named(names: Collection[str]) -> list[Part]:
    return [part for name, part in PARTS.items() if name in names]
