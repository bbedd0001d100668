"""A fact as each form of a remediation writes it.

What is known goes in quoted. A value that only the deployment knows goes in as the reference that stands for it where
the form has one (``${aws_sns_topic.orders.arn}``, ``!Sub ...${Orders}``), and else as a word in capitals that says what
to put there (``SOURCE_ARN``).
"""

from __future__ import annotations

import re
import shlex
from collections.abc import Callable

from rolecall.unknown import Computed, Text, Unknown, named, parts_of

Form = Callable[[Text, str], str]

# An attribute of a resource, for its own module. Checkov's and our own names for parts of ARNs are no attributes.
_TERRAFORM = re.compile(
    r"(?:module\.[\w-]+(?:\[[^\[\]]*\])?\.)*"
    r'((?:data\.)?aws_\w+\.[\w-]+(?:\[(?:\d+|"[\w -]*")\])?\.(?!suffix$|arn_suffix$)\w+)'
)
_PSEUDO = re.compile(r"AWS::(?:Region|AccountId|Partition|URLSuffix)")
_CLOUDFORMATION = re.compile(
    r"[A-Za-z][A-Za-z0-9]*(?:\.(?!suffix$|TargetGroupFullName$)[A-Z][A-Za-z0-9]*)?", re.ASCII
)  # fmt: skip
_WORDS = re.compile(r"[A-Z]+(?![a-z])|[A-Z]?[a-z]+|[0-9]+")


def in_words(fact: Text, name: str) -> str:
    """For a sentence. name: of the fact, in the remediation."""
    if isinstance(fact, str):
        return fact
    parts = parts_of(fact)
    if len(parts) == 1:
        return _reference(parts[0]) or name.upper()
    return "".join(part if isinstance(part, str) else _stand_in(part, name) for part in parts)


def in_shell(fact: Text, name: str) -> str:
    """A word of a command."""
    return shlex.quote("".join(part if isinstance(part, str) else _stand_in(part, name) for part in parts_of(fact)))


def in_terraform(fact: Text, name: str) -> str:
    """A string, or a reference."""
    written = [part if isinstance(part, str) else _reference(part, _TERRAFORM) for part in parts_of(fact)]
    if len(written) == 1 and not isinstance(fact, str) and written[0]:
        return written[0]
    pieces = [
        no_templates(_escaped(part)) if isinstance(part, str) else f"${{{reference}}}" if reference else
        _stand_in(part, name) for part, reference in zip(parts_of(fact), written, strict=True)
    ]  # fmt: skip
    return f'"{"".join(pieces)}"'


def in_cloudformation(fact: Text, name: str) -> str:
    """A value in YAML: a string, ``!Ref``, ``!GetAtt`` or ``!Sub``."""
    parts = parts_of(fact)
    written = [part if isinstance(part, str) else _in_template(part) for part in parts]
    if isinstance(fact, str) or not any(
        reference for part, reference in zip(parts, written, strict=True) if not isinstance(part, str)
    ):
        return f'"{_escaped("".join(part if isinstance(part, str) else _stand_in(part, name) for part in parts))}"'
    if len(parts) == 1:
        return f"!GetAtt {written[0]}" if "." in written[0] else f"!Ref {written[0]}"
    pieces = [
        part.replace("${", "${!") if isinstance(part, str) else f"${{{reference}}}" if reference else
        _stand_in(part, name) for part, reference in zip(parts, written, strict=True)
    ]  # fmt: skip
    return f'!Sub "{_escaped("".join(pieces))}"'


def no_templates(value: str) -> str:
    """Text in which HCL finds no template to evaluate."""
    return value.replace("${", "$${").replace("%{", "%%{")


def _escaped(value: str) -> str:
    """Text between double quotes, in HCL as in YAML; JSON's pairs of surrogates would be two characters there."""
    return "".join(_ESCAPES.get(char) or (char if char.isprintable() else _escape(char)) for char in value)


_ESCAPES = {'"': '\\"', "\\": "\\\\", "\n": "\\n"}


def _escape(char: str) -> str:
    return f"\\u{ord(char):04x}" if ord(char) < 0x10000 else f"\\U{ord(char):08x}"


def _in_template(part: Unknown) -> str:
    return _reference(part, _PSEUDO) or _reference(part, _CLOUDFORMATION)


def _reference(part: Text, *forms: re.Pattern[str]) -> str:
    """What the code calls a value, in one of the forms; empty when it has no such name."""
    if isinstance(part, (str, Computed)):
        return ""
    for form in forms or (_TERRAFORM, _PSEUDO, _CLOUDFORMATION):
        found = form.fullmatch(named(part))
        if found:
            return found[found.lastindex or 0]
    return ""


def _stand_in(part: Text, name: str) -> str:
    """A word in capitals for a value that is not known."""
    reference = _reference(part).removeprefix("AWS::").removeprefix("data.")
    kind, _, rest = reference.partition(".")
    words = _WORDS.findall(rest if kind.startswith("aws_") else reference)
    return "_".join(words).upper() or name.upper()
