"""CloudFormation's intrinsic functions, as far as a template alone decides them.

Source: https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/intrinsic-function-reference.html
"""

from __future__ import annotations

import re
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping
from itertools import islice
from typing import Any

from rolecall.iac.intrinsics_written import (
    LONGEST_TEXT,
    MARKS,
    MAX_DEPTH,
    PLACEHOLDER,
    PUT_TOGETHER,
    resource_and_attribute,
    restored,
    written,
)
from rolecall.unknown import Computed, PartlyKnown, Text, Tri, Unknown, all3, any3, not3, text

_MOST_TEXT = 20_000_000  # of one template, which itself has at most a million characters
_RENDERED = re.compile(r"\{'(?:Ref|Fn::\w{1,40})': ", re.ASCII)
_PSEUDO = {
    "AWS::AccountId": "the account is known only when the stack is deployed",
    "AWS::Region": "the region is known only when the stack is deployed",
    "AWS::Partition": "the partition is known only when the stack is deployed",
    "AWS::URLSuffix": "the DNS suffix is known only when the stack is deployed",
    "AWS::StackId": "the stack's ID is known only when the stack is deployed",
    "AWS::StackName": "the stack's name is known only when the stack is deployed",
    "AWS::NotificationARNs": "the notification ARNs are known only when the stack is deployed",
}


class _LookedUp(Unknown):
    """A dynamic reference, or a Systems Manager parameter: it may be another value each time."""


def _looked_up(raw: str) -> _LookedUp:
    return _LookedUp(f"the dynamic reference {raw[:200]} is known only when the stack is deployed")


class _Absent:
    """``AWS::NoValue``: the property is not there at all."""


ABSENT = _Absent()


def pseudo(name: str) -> Unknown:
    """A pseudo parameter: unknown, but one value throughout a stack. name: ``AWS::AccountId`` ..."""
    return Unknown(_PSEUDO[name], name)


class Intrinsics:
    """Resolves values of one template.

    parameters, conditions, mappings: those sections. attribute_of: what ``!Ref`` (attribute ``""``) or ``!GetAtt`` of a
    declared resource gives. scope: the template. partitions: those that the template writes out. Unknown parameters and
    functions give ``Unknown``.
    """

    def __init__(
        self,
        parameters: Mapping[str, Any],
        conditions: Mapping[str, Any],
        mappings: Mapping[str, Any],
        attribute_of: Callable[[str, str], Text],
        scope: str = "",
        partitions: Collection[str] = (),
    ) -> None:
        self._scope = scope
        self.partition: Text = next(iter(partitions)) if len(partitions) == 1 else pseudo("AWS::Partition")
        self.parameters = parameters
        self._conditions = conditions
        self._mappings = mappings
        self._attribute_of = attribute_of
        self._decided: dict[str, Tri] = {}
        self._known: dict[int, tuple[Any, Any]] = {}  # it holds what was resolved: its identity is not given anew
        self._text_left = _MOST_TEXT
        # Checkov puts a parameter's default in its place; of these types the default is the name of the value.
        self._from_ssm = [
            str(declared["Default"])
            for declared in parameters.values()
            if isinstance(declared, dict)
            and str(declared.get("Type")).startswith("AWS::SSM::")
            and declared.get("Default")
        ]

    def value(self, raw: Any, depth: int = 0) -> Any:
        """Resolve a value of the template: dictionaries and lists with every intrinsic in them replaced."""
        if depth > MAX_DEPTH:
            return Unknown("nested too deeply")
        if isinstance(raw, dict):
            keys = [key for key in raw if key not in MARKS]
            if len(keys) == 1 and (keys[0] in _FUNCTIONS or str(keys[0]).startswith("Fn::")):
                function = _FUNCTIONS.get(keys[0])
                if function is None:
                    return Unknown(f"{keys[0]} is known only when the stack is deployed")
                if id(raw) not in self._known:
                    self._known[id(raw)] = raw, self._same_again(function(self, raw[keys[0]], depth + 1), raw)
                return self._known[id(raw)][1]
            named = {"Null" if key is None else str(key): key for key in keys}  # IAM's operator without quotes in YAML
            resolved = {name: self.value(raw[key], depth + 1) for name, key in named.items()}
            return {key: item for key, item in resolved.items() if item is not ABSENT}
        if isinstance(raw, str):  # Checkov's text carries its place; from here on it is plain
            if "{'" in raw and _RENDERED.search(raw):
                return self.value(restored(raw), depth + 1)
            return _looked_up(raw) if self._looked_up(raw) else str(raw)
        if isinstance(raw, list):
            return [item for item in (self.value(item, depth + 1) for item in raw) if item is not ABSENT]
        return raw

    def _same_again(self, value: Any, raw: Any) -> Any:
        """What a function gives: where it is not known, still the same wherever the template says the same."""
        if (
            not isinstance(value, Unknown)
            or isinstance(value, PartlyKnown)
            or value.symbol
            or isinstance(value, _LookedUp)
        ):
            return value
        shown = written(raw)
        return Computed(value.reason, f"{self._scope}|{shown}|{value.reason}") if shown else value

    def _looked_up(self, raw: str) -> bool:
        """Whether the text holds a dynamic reference, or the name of a Systems Manager parameter."""
        return "{{resolve:" in raw or any(default in raw for default in self._from_ssm)

    def elements(self, raw: Any) -> list[Any]:
        """The elements of a list property, unresolved, where the list itself is written out; else one ``Unknown``.

        A single value stands for a list of one; a condition that the parameters' defaults decide is followed.
        """
        if isinstance(raw, dict) and isinstance(raw.get("Fn::If"), list) and len(raw["Fn::If"]) == 3:
            holds = self.condition(raw["Fn::If"][0])
            raw = raw["Fn::If"][1 if holds else 2] if holds is not None else self.value(raw)
        if isinstance(raw, dict):
            resolved = self.value(raw)
            raw = resolved if isinstance(resolved, list) else [raw]
        listed = raw if isinstance(raw, list) else [] if raw is None else [raw]
        return [item for item in listed if self.value(item) is not ABSENT]

    def text(self, raw: Any) -> Text | None:
        """A value as text; ``None`` when it is absent."""
        value = self.value(raw)
        return None if value is ABSENT or value is None or value == "" else as_text(value)

    def condition(self, name: Any, depth: int = 0) -> Tri:
        """Whether a named condition holds with the parameters' defaults."""
        if not isinstance(name, str) or name not in self._conditions or depth > MAX_DEPTH:
            return None
        if name not in self._decided:
            self._decided[name] = None  # for one that depends on itself
            self._decided[name] = self._test(self._conditions[name], depth + 1)
        return self._decided[name]

    def _test(self, raw: Any, depth: int) -> Tri:
        if not isinstance(raw, dict) or depth > MAX_DEPTH:
            return None
        key = next((key for key in raw if key not in MARKS), "")
        operands = raw.get(key)
        if key == "Condition":
            return self.condition(operands, depth + 1)
        if not isinstance(operands, list):
            return None
        if key == "Fn::Equals" and len(operands) == 2:
            first, second = (self.value(operand, depth + 1) for operand in operands)
            plain = isinstance(first, (str, int, float, bool)) and isinstance(second, (str, int, float, bool))
            return _plain(first) == _plain(second) if plain else None
        answers = [self._test(operand, depth + 1) for operand in operands]
        if key == "Fn::Not" and len(answers) == 1:
            return not3(answers[0])
        return all3(answers) if key == "Fn::And" else any3(answers) if key == "Fn::Or" else None

    def _ref(self, name: Any, depth: int) -> Any:
        if not isinstance(name, str):
            return Unknown("Ref without a name")
        if name == "AWS::NoValue":
            return ABSENT
        if name == "AWS::Partition":
            return self.partition
        if name in _PSEUDO:
            return pseudo(name)
        if name in self.parameters:
            return self._parameter(name)
        return self._attribute_of(name, "")

    def _parameter(self, name: str) -> Any:
        declared = self.parameters[name]
        default = declared.get("Default") if isinstance(declared, dict) else None
        kind = str(declared.get("Type", "")) if isinstance(declared, dict) else ""
        if default is None or kind.startswith("AWS::SSM::"):
            return Computed(f"parameter {name} has no value in the template", f"{self._scope}|{name}")
        if kind.startswith(("CommaDelimitedList", "List<")):
            return [item.strip() for item in str(default).split(",")]
        return _plain(default)

    def _get_att(self, raw: Any, depth: int) -> Any:
        logical, attribute = resource_and_attribute(raw)
        return self._attribute_of(logical, attribute) if attribute else Unknown("Fn::GetAtt without an attribute")

    def _sub(self, raw: Any, depth: int) -> Any:
        template, variables = (raw[0], raw[1]) if isinstance(raw, list) and len(raw) == 2 else (raw, {})
        if not isinstance(template, str) or not isinstance(variables, dict):
            return Unknown("Fn::Sub of something else than text")
        if self._looked_up(template):
            return _looked_up(template)
        if _RENDERED.search(template):
            return PUT_TOGETHER
        given = {name: self.value(variables[name], depth) for name in variables if name not in MARKS}
        return self._joined(self._pieces(template, given, depth), "Fn::Sub")

    def _pieces(self, template: str, given: Mapping[str, Any], depth: int) -> Iterator[Text]:
        position = 0
        for found in PLACEHOLDER.finditer(template):
            yield template[position : found.start()].replace("${!", "${")
            position = found.end()
            name = found[1].strip()
            value = given[name] if name in given else self._named(name, depth)
            yield "" if value is ABSENT else as_text(value)
        yield template[position:].replace("${!", "${")

    def _joined(self, pieces: Iterable[Text], function: str) -> Text:
        held: list[Text] = []
        length = 0
        for piece in pieces:
            held.append(piece)
            length += len(str(piece))
            if length > min(LONGEST_TEXT, self._text_left):
                return Unknown(f"{function} gives a text that is too long")
        self._text_left -= length
        return text(*held)

    def _named(self, name: str, depth: int) -> Any:
        if "." in name and "::" not in name:
            return self._get_att(name, depth)
        return self._ref(name, depth)

    def _join(self, raw: Any, depth: int) -> Any:
        if not isinstance(raw, list) or len(raw) != 2 or not isinstance(raw[0], str):
            return Unknown("Fn::Join without delimiter and list")
        values = self.value(raw[1], depth)
        if not isinstance(values, list):
            return Unknown("Fn::Join of a list that is not known")
        pieces = (piece for value in values for piece in (raw[0], as_text(value)))
        return self._joined(islice(pieces, 1, None), "Fn::Join")

    def _if(self, raw: Any, depth: int) -> Any:
        if not isinstance(raw, list) or len(raw) != 3:
            return Unknown("Fn::If without condition and two values")
        holds = self.condition(raw[0])
        if holds is None:
            return Unknown(f"depends on the condition {raw[0]}")
        return self.value(raw[1 if holds else 2], depth)

    def _find_in_map(self, raw: Any, depth: int) -> Any:
        keys = self.value(raw, depth)
        found: Any = self._mappings
        for key in keys if isinstance(keys, list) else [None]:
            if not isinstance(key, (str, int)) or not isinstance(found, Mapping) or str(key) not in found:
                return Unknown("Fn::FindInMap with a key that is not known")
            found = found[str(key)]
        if any(isinstance(item, (dict, list)) for item in (found if isinstance(found, list) else [found])):
            return Unknown("Fn::FindInMap of something else than text or a list of texts")
        return self.value(found, depth)

    def _select(self, raw: Any, depth: int) -> Any:
        values = self.value(raw, depth)
        if isinstance(values, list) and len(values) == 2 and isinstance(values[1], list):
            index = str(values[0])
            if index.isdigit() and int(index) < len(values[1]):
                return values[1][int(index)]
        return Unknown("Fn::Select of a list that is not known")

    def _split(self, raw: Any, depth: int) -> Any:
        values = self.value(raw, depth)
        if isinstance(values, list) and len(values) == 2 and all(isinstance(v, str) and v for v in values):
            return values[1].split(values[0])
        return Unknown("Fn::Split of text that is not known")

    def _import(self, raw: Any, depth: int) -> Any:
        name = self.value(raw, depth)
        label = as_text(name)
        return Unknown(f"{label} is imported from another stack", f"import {label}")


_FUNCTIONS: dict[str, Callable[[Intrinsics, Any, int], Any]] = {
    "Ref": Intrinsics._ref,
    "Fn::GetAtt": Intrinsics._get_att,
    "Fn::Sub": Intrinsics._sub,
    "Fn::Join": Intrinsics._join,
    "Fn::If": Intrinsics._if,
    "Fn::FindInMap": Intrinsics._find_in_map,
    "Fn::Select": Intrinsics._select,
    "Fn::Split": Intrinsics._split,
    "Fn::ImportValue": Intrinsics._import,
}


def _plain(value: Any) -> Any:
    return str(value).lower() if isinstance(value, bool) else str(value) if isinstance(value, (int, float)) else value


def as_text(value: Any) -> Text:
    value = _plain(value)
    return value if isinstance(value, (str, Unknown)) else Unknown("a list or an object where text is expected")
