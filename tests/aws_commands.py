"""Checks AWS CLI commands without calling AWS; runs in the environment of the AWS CLI, with nothing of Rolecall.

Standard input: a JSON list of [name, commands]. Standard output: a JSON list of [name, fault]. Names of services,
operations and options, required options, and the form and the enumerated values of what is given are the CLI's own.
"""

from __future__ import annotations

import contextlib
import io
import json
import os
import re
import shlex
import sys
from collections.abc import Iterator
from functools import cache
from typing import Any

from awscli.botocore.validate import ParamValidator
from awscli.clidriver import CLIDriver, CLIOperationCaller, create_clidriver

_REGION = re.compile(r"(--region )[A-Z_]+")  # a region is checked before anything is called
_SHELL = re.compile(r"\$\(|`|&&|\|\||;|\s\|\s|file://|[<>]")


def faults(commands: str) -> Iterator[str]:
    """What is wrong with commands, one for each line that is no comment; ``\\`` continues a line."""
    for line in re.sub(r"\\\n\s*", " ", commands).splitlines():
        command = line.strip()
        if command and not command.startswith("#"):
            for fault in _faults(command):
                yield f"{command[:80]}: {fault}"


def _faults(command: str) -> Iterator[str]:
    if not command.startswith("aws ") or _SHELL.search(re.sub(r"'[^']*'", "", command)):
        yield "is not one plain command of the AWS CLI"
        return
    words = shlex.split(_REGION.sub(r"\1eu-west-1", command))[1:]
    _called.clear()
    remembers = " ".join(words).startswith("ec2 modify-")  # the options of what modifies
    driver = _driver() if remembers else _shared()
    said = io.StringIO()
    quiet = contextlib.redirect_stderr(said), contextlib.redirect_stdout(io.StringIO())
    with quiet[0], quiet[1], contextlib.suppress(SystemExit):
        driver.main(words)  # after the call it may stumble over the answer: that is no fault of the command
    if not _called:
        yield " ".join(said.getvalue().split()[-60:]) or "calls no operation"
        return
    yield from _wrong_values(_called["params"], _called["shape"])


_called: dict[str, Any] = {}


def _driver() -> CLIDriver:
    """A CLI that notes what it would call, and calls nothing."""
    driver = create_clidriver()
    driver.session.register("before-parameter-build", _note)
    driver.session.register("before-call", lambda **_: (_Answer(), {"ResponseMetadata": {"HTTPStatusCode": 200}}))
    return driver


def _invoke(self: Any, service_name: str, operation_name: str, parameters: dict[str, Any], _: Any) -> int:
    """In place of making a client and a call: the CLI's own commands still make them."""
    _note(parameters, self._session.get_service_model(service_name).operation_model(operation_name))
    return 0


def _note(params: dict[str, Any], model: Any, **_: Any) -> None:
    _called.update(params=params, shape=model.input_shape)


class _Answer:
    """What AWS would answer, as far as the CLI looks at it."""

    status_code = 200


CLIOperationCaller.invoke = _invoke
_shared = cache(_driver)


def _wrong_values(params: dict[str, Any], shape: Any) -> Iterator[str]:
    if shape is not None:
        report = ParamValidator().validate(params, shape)
        if report.has_errors():
            yield report.generate_report()
        yield from _not_listed(params, shape, "")


def _not_listed(value: Any, shape: Any, place: str) -> Iterator[str]:
    """Values that are none of those that the model lists."""
    if shape.type_name == "structure" and isinstance(value, dict):
        for key in set(value) & set(shape.members):
            yield from _not_listed(value[key], shape.members[key], f"{place}.{key}")
    elif shape.type_name == "list" and isinstance(value, list):
        for item in value:
            yield from _not_listed(item, shape.member, place)
    elif shape.type_name == "string" and getattr(shape, "enum", None) and value not in shape.enum:
        yield f"{place}: {value!r} is none of {', '.join(shape.enum[:12])}"


if __name__ == "__main__":
    os.environ.update(
        AWS_ACCESS_KEY_ID="x",
        AWS_SECRET_ACCESS_KEY="x",
        AWS_DEFAULT_REGION="eu-west-1",
        AWS_EC2_METADATA_DISABLED="true",
    )
    given = json.load(sys.stdin)
    json.dump([[name, fault] for name, commands in given for fault in faults(commands)], sys.stdout)
