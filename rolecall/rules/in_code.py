"""What the remediations of several rules call a function, in each form."""

from __future__ import annotations

import re

from rolecall.model import Function
from rolecall.unknown import Text, Unknown

_WORDS = re.compile(r"[A-Za-z0-9]+")
_MODULES = re.compile(r"^(?:module\.[^.\[]+(?:\[[^\]]*\])?\.)+")


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
        "function_address": "aws_lambda_function.FUNCTION" if live else _MODULES.sub("", resource.reference),
        "function_key": resource.address,
        "sam_address": resource.sam_address,
        "function_id": "".join(
            word[:1].upper() + word[1:]
            for word in _WORDS.findall(resource.label if live else resource.reference.split(".")[-1])
        ),
        "function_in_template": Unknown("a logical ID", resource.reference) if declared else resource.name,
    }
