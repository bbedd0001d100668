"""What the remediations of several rules call a function, in each form."""

from __future__ import annotations

import re

from rolecall.model import Function, Resource
from rolecall.unknown import Text, Unknown

_WORDS = re.compile(r"[A-Za-z0-9]+")
_MODULES = re.compile(r"^(?:module\.[^.\[]+(?:\[[^\]]*\])?\.)+")


def _address(resource: Resource) -> str:
    """The function's address in its own Terraform module; for one in an account, the likely one."""
    if resource.framework == "live":
        return f"aws_lambda_function.{re.sub(r'[^A-Za-z0-9_]', '_', resource.label)}"
    return _MODULES.sub("", resource.reference)


def function_facts(function: Function) -> dict[str, Text]:
    """Facts on a function.

    function: for a sentence. function_address: in its own Terraform module. function_in_template: what CloudFormation
    refers to it with. function_id: how logical IDs of what belongs to it begin. function_key: what the file calls it.
    sam_address: the same, where it is written for SAM.
    """
    resource = function.resource
    live = resource.framework == "live"  # how its code, if there is any, calls it nobody can know
    declared = resource.framework in ("cloudformation", "sam", "serverless")
    return {
        "function": function.label,
        "function_name": resource.name,
        "function_address": _address(resource),
        "function_key": resource.address,
        "sam_address": resource.sam_address,
        "function_id": "".join(
            word[:1].upper() + word[1:]
            for word in _WORDS.findall(resource.label if live else resource.reference.split(".")[-1])
        ),
        "function_in_template": Unknown("a logical ID", resource.reference) if declared else resource.name,
    }
