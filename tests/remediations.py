"""What is wrong with the remediation of a finding: forms that do not parse, and places that nobody filled in."""

from __future__ import annotations

import io
import re
import shlex
from collections.abc import Callable, Iterator
from functools import cache
from typing import Any

import hcl2
import yaml

from rolecall.catalog import load_catalog
from rolecall.findings import Finding

# Words in capitals that are left in a finding's own forms, by rule, and why nobody can know better from the code.
DOCUMENTED = {
    "RC101": {"ROLE_NAME", "ROLE_PATH", "ROLE_LABEL", "ROLE_LOGICAL_ID"},  # an ARN that is itself computed
    "RC102": {"ROLE_ARN"},  # which role is meant
    "RC108": {"ROLE_ARN"},  # an ARN that is itself computed
    "RC110": {"FUNCTION_NAME"},  # of a plan, whose function gets its name when it is made
    "RC111": {"ACCOUNT"},  # stands for the logical ID Account of a case
    "RC302": {"SOURCE_ARN"},  # an authorizer in an OpenAPI document gets its ID when it is deployed
    "RC306": {"SOURCE_ARN"},  # a policy of the account: all log groups, says the text
    "RC311": {"ACCOUNT"},  # a rule of an organization: each of its accounts
    "RC341": {"SOURCE_ARN", "ACCOUNT", "STATEMENT_ID"},  # which source is meant; a generated ID
    "RC342": {"SOURCE_ARN", "STATEMENT_ID"},
    "RC343": {"STATEMENT_ID"},
    "RC344": {"STATEMENT_ID"},
    "RC346": {"STATEMENT_ID"},
    "RC347": {"SOURCE_ARN", "STATEMENT_ID"},
    "*": {"EXISTING_ROLE_ARN", "ROLE", "POLICY"},  # the latter two stand for logical IDs Role and Policy
}
_LEFT = re.compile(r"<<|>>|\{[a-z_]+\}|\bNone\b|Unknown\(|PartlyKnown\(|<[^<>\n]*>|\{\{")
_OWN_ACCOUNT = re.compile(r"<AWS::[A-Za-z]+>")  # in what the code says, which is quoted in a comment
_WORD = re.compile(r"(?<![\w-])[A-Z][A-Z_]+(?![\w-])")  # whole: part of a name that is partly known may stand for it


class _Loader(yaml.SafeLoader):
    """YAML of CloudFormation; the short forms of intrinsic functions become long ones."""


def _intrinsic(loader: _Loader, suffix: str, node: yaml.Node) -> Any:
    if suffix not in ("Ref", "GetAtt", "Sub"):
        raise yaml.YAMLError(f"!{suffix} is no function that a remediation needs")
    return {suffix: node.value}


_Loader.add_multi_constructor("!", _intrinsic)


def problems(finding: Finding) -> Iterator[str]:
    """What is wrong with the text, the command and the snippets; one for another language need only parse."""
    framework = finding.resource.framework
    own = "cli" if framework == "live" else "terraform" if framework.startswith("terraform") else "cloudformation"
    for form, text in vars(finding.remediation).items():
        try:
            _PARSERS[form](text)
        except Exception as fault:  # each parser has its own
            yield f"{finding.rule} {form}: {fault!r} in {text}"
        if form in ("text", "cli", own):
            left = set(_LEFT.findall(_OWN_ACCOUNT.sub("", text)))
            left |= (set(_WORD.findall(text)) & _facts()) - DOCUMENTED.get(finding.rule, set()) - DOCUMENTED["*"]
            if left:
                yield f"{finding.rule} {form}: {', '.join(sorted(left))} left in {text}"


def _commands(text: str) -> None:
    for line in text.splitlines():
        words = shlex.split(line, comments=True)
        if words[:1] not in ([], ["aws"]) or any(word in ("", ";", "|", "&&") for word in words):
            raise ValueError(f"no command of the AWS CLI: {line}")


def _template(text: str) -> None:
    parsed = yaml.load(text, _Loader)  # noqa: S506 (a safe one)
    if text and not isinstance(parsed, (dict, list)):
        raise ValueError("neither properties nor resources")
    for logical, given in parsed.items() if isinstance(parsed, dict) else ():
        if isinstance(given, dict) and "Type" in given and not (logical.isascii() and logical.isalnum()):
            raise ValueError(f"{logical} is no logical ID")


_PARSERS: dict[str, Callable[[str], object]] = {
    "text": str,
    "cli": _commands,
    "terraform": lambda text: hcl2.load(io.StringIO(text + "\n")),
    "cloudformation": _template,
    "serverless": _template,
}


@cache
def _facts() -> set[str]:
    """The words that stand for facts that a rule did not give."""
    templates = [text for entry in load_catalog().values() for text in vars(entry.remediation).values()]
    return {name.upper() for text in templates for name in re.findall(r"<<(?:raw:)?([a-z_]+)>>", text)}
