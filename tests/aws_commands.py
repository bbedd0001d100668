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

from awscli.botocore import xform_name
from awscli.botocore.validate import ParamValidator
from awscli.clidriver import CLIDriver, create_clidriver

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
    words = shlex.split(command)[1:]
    _called.clear()
    driver = _driver() if words[:1] == ["ec2"] else _shared()  # of ec2 it remembers options of a command
    said = io.StringIO()
    with contextlib.redirect_stderr(said), contextlib.redirect_stdout(io.StringIO()):
        try:
            code = driver.main(words)
        except SystemExit as end:
            code = end.code
    if code or not _called:
        yield " ".join(said.getvalue().split()[-60:]) or "calls no operation"
        return
    yield from _wrong_values(driver, words[0], dict(_called))


_called: dict[str, Any] = {}


def _driver() -> CLIDriver:
    """A CLI that notes what it would call, and calls nothing."""
    driver = create_clidriver()
    driver.session.register("calling-command.*", lambda **event: _called.update(event) or 0)
    return driver


_shared = cache(_driver)


def _wrong_values(driver: CLIDriver, service: str, called: dict[str, Any]) -> Iterator[str]:
    model = driver.session.get_service_model({"s3api": "s3"}.get(service, service))
    operations = {xform_name(name, "-"): name for name in model.operation_names}
    shape = model.operation_model(operations[called["event_name"].split(".")[2]]).input_shape
    if shape is not None:
        report = ParamValidator().validate(called["call_parameters"], shape)
        if report.has_errors():
            yield report.generate_report()
        yield from _not_listed(called["call_parameters"], shape, "")


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
        AWS_ACCESS_KEY_ID="x", AWS_SECRET_ACCESS_KEY="x", AWS_DEFAULT_REGION="eu-west-1", AWS_EC2_METADATA_DISABLED="true"
    )
    given = json.load(sys.stdin)
    json.dump([[name, fault] for name, commands in given for fault in faults(commands)], sys.stdout)
