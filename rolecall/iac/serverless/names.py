"""The logical IDs that the Serverless Framework gives to what it generates.

Source: https://www.serverless.com/framework/docs/providers/aws/guide/resources (table of resources), and the templates
that the framework makes, which tests/data/serverless holds.
"""

from __future__ import annotations

import re
from typing import Any

from rolecall.unknown import Unknown

_OTHER = re.compile(r"[^0-9A-Za-z]")
_BRACES = re.compile(r"\{(.*)\}")
_WORDS = re.compile(r"[A-Z]+(?=[A-Z][a-z])|[A-Z]?[a-z]+|[A-Z]+|[0-9]+")
_INTRINSICS = ("Fn::GetAtt", "Fn::ImportValue", "Ref", "Fn::Join", "Fn::Sub")


def upper_first(name: str) -> str:
    return name[:1].upper() + name[1:]


def normal(name: str) -> str:
    """A function's key within logical IDs: ``my-fn_a`` is ``MyDashfnUnderscorea``."""
    return upper_first(name.replace("-", "Dash").replace("_", "Underscore"))


def alphanumeric(name: str) -> str:
    return upper_first(_OTHER.sub("", name))


def path(name: str) -> str:
    """A URL path within logical IDs: ``users/{id}`` is ``UsersIdVar``."""
    return "".join(map(_path_part, name.split("/")))


def _path_part(part: str) -> str:
    return upper_first(_OTHER.sub("", _BRACES.sub(r"\1Var", part.lower().replace("-", "Dash"))))


def start_case(name: str) -> str:
    return "".join(map(upper_first, _WORDS.findall(name)))


def function(name: str) -> str:
    return f"{normal(name)}LambdaFunction"


def source_name(arn: Any, separator: str) -> str:
    """The name that an event source's ARN ends in, or what an intrinsic function refers to."""
    if isinstance(arn, dict):
        given = next((arn[key] for key in _INTRINSICS if key in arn), "")
        if isinstance(given, list) and given:
            given = given[-1][-1:] if "Fn::Join" in arn and isinstance(given[-1], list) else given[0]
            given = given[0] if isinstance(given, list) and given else given
        return given.rpartition("/")[2] if isinstance(given, str) and "Fn::Join" in arn else plain(given)
    return plain(arn).rpartition(separator)[2]


def plain(value: Any) -> str:
    """A value that becomes part of a logical ID; two that are not known give two IDs, unless they are the same."""
    if isinstance(value, (str, int, float)):
        return str(value)
    return f"Unknown{alphanumeric(str(value))}" if isinstance(value, Unknown) else ""
