"""A CloudFormation template as data: what the readers of CloudFormation, SAM and the Serverless Framework share.

SAM's transform and the Serverless Framework make plain CloudFormation of what they are given; ``rolecall.iac.sam`` and
``rolecall.iac.serverless`` make the resources that they would make, and one reader reads them all.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any


@dataclass(frozen=True)
class Declared:
    """One resource of a template.

    logical: its logical ID. type: ``AWS::Lambda::Function`` ...
    properties: as written, intrinsic functions unresolved in their long form (``{"Ref": "Topic"}``); a value that
        nobody can know from the template may be ``Unknown``.
    condition: name of the condition under which it is made; empty: always.
    lines: first and last line in the file, from 1.
    origin: logical ID (SAM) or function name (Serverless) of what it was generated from; empty when it is written out.
    made_for: the same for a reader, where that says more ("the sns event of orders", "the event Nightly of App").
    attributes: what stands beside ``Properties`` and matters (SAM's ``Connectors``), or
        in the settings of a function (``disableLogs`` of Serverless).
    """

    logical: str
    type: str
    properties: Mapping[str, Any]
    condition: str = ""
    lines: tuple[int, int] = (1, 1)
    origin: str = ""
    made_for: str = ""
    attributes: Mapping[str, Any] = field(default_factory=dict)

    @property
    def address(self) -> str:
        """What a finding on it points at: what it was generated from, or itself."""
        return self.origin or self.logical


@dataclass(frozen=True)
class Template:
    """One template file. framework: ``cloudformation``, ``sam`` or ``serverless``.

    parameters, conditions, mappings, globals: those sections as written. transforms: whether macros, which may make
    anything, work on it.
    """

    file: str
    framework: str
    resources: Mapping[str, Declared]
    parameters: Mapping[str, Any] = field(default_factory=dict)
    conditions: Mapping[str, Any] = field(default_factory=dict)
    mappings: Mapping[str, Any] = field(default_factory=dict)
    globals: Mapping[str, Any] = field(default_factory=dict)
    transforms: bool = False
