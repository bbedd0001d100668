"""The state machines of a template, and what their definitions call.

Source: https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/aws-resource-stepfunctions-statemachine.html
"""

from __future__ import annotations

import os
from collections.abc import Mapping
from dataclasses import replace
from functools import cached_property
from pathlib import Path
from typing import Any

from rolecall.iac.cloudformation_arns import function_arn as declared_arn
from rolecall.iac.cloudformation_arns import name_of
from rolecall.iac.cloudformation_references import FUNCTION
from rolecall.iac.cloudformation_values import TemplateValues
from rolecall.iac.intrinsics import ABSENT, as_text, pseudo
from rolecall.iac.partial_document import LARGEST, parsed, substituted
from rolecall.iac.state_machine import Task, function_arn, tasks
from rolecall.iac.template import Declared
from rolecall.unknown import Text, Unknown, same_as

STATE_MACHINE = "AWS::StepFunctions::StateMachine"
_ENDINGS = (".json", ".yaml", ".yml")


class StateMachines:
    """Reads the state machines of one template."""

    def __init__(self, values: TemplateValues) -> None:
        self._values = values

    def tasks(self, declared: Declared) -> list[Task]:
        """What an ``AWS::StepFunctions::StateMachine`` calls, by ARN where names can be completed to it."""
        place = (self._values.intrinsics.partition, pseudo("AWS::Region"), pseudo("AWS::AccountId"))
        found = tasks(self.definition(declared))
        return [replace(task, function=function_arn(task.function, place, self._names)) for task in found]

    def definition(self, declared: Declared) -> Any:
        """The definition: an object whose references are values as of any other property, or ``Unknown``.

        ``DefinitionSubstitutions`` are made; a definition in a bucket is not known.
        """
        for name in ("Definition", "DefinitionString"):
            value = self._values.value(declared, name)
            if value not in (None, ABSENT):
                made = substituted(value, self._substitutions(declared))
                return made if isinstance(made, Mapping) else parsed(made)
        location = self._values.value(declared, "DefinitionS3Location")
        if not isinstance(location, str):
            return location if isinstance(location, Unknown) else Unknown("the definition is in a bucket, or missing")
        return parsed(substituted(_beside(self._values.template.file, location), self._substitutions(declared)))

    def _substitutions(self, declared: Declared) -> dict[str, Text]:
        given = self._values.value(declared, "DefinitionSubstitutions")
        return {str(name): as_text(value) for name, value in given.items()} if isinstance(given, Mapping) else {}

    @cached_property
    def _names(self) -> dict[object, Text]:
        """The ARNs of the functions by name."""
        functions = self._values.of_type(FUNCTION)
        return {same_as(name_of(self._values, f, "FunctionName")): declared_arn(self._values, f) for f in functions}


def _beside(template: str, path: str) -> str | Unknown:
    """The text of a file that a template names by its path, which the tools upload when the stack is deployed.

    Only of a file in the template's folder or below it: a template is not trusted.
    """
    if "://" in path:
        return Unknown(f"the definition is at {path[:200]}")
    try:
        folder = os.path.realpath(os.path.dirname(template))
        file = os.path.realpath(os.path.join(folder, path.strip()))
        if not Path(file).is_relative_to(folder):
            return Unknown(f"the definition {path[:200]} is outside of the template's folder")
        if not file.endswith(_ENDINGS) or not os.path.isfile(file):
            return Unknown(f"the definition {path[:200]} is no JSON or YAML file")
        with open(file, encoding="utf-8-sig") as opened:
            return opened.read(LARGEST + 1) or Unknown(f"the definition {path[:200]} is empty")
    except (OSError, ValueError):
        return Unknown(f"the definition {path[:200]} could not be read")
