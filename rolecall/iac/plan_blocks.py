"""Nested blocks in a plan: what the provider fills in, and which block of the configuration one of them is.

Source: the schemas of the resources in https://github.com/hashicorp/terraform-provider-aws (Optional and Computed).
"""

from __future__ import annotations

from typing import Any

from rolecall.iac.plan import at
from rolecall.iac.plan_unknown import AfterApply

# What the provider fills in where the configuration says nothing: the same as nothing.
FILLED_IN = frozenset({"inline_policy", "managed_policy_arns", "tracing_config", "logging_config", "policy",
                       "ephemeral_storage", "redrive_policy", "prompt_override_configuration"})  # fmt: skip
# The same in a nested block.
_FILLED_IN_BLOCK = {
    "logging_config": {"log_group"},
    "lambda_config": {"pre_token_generation", "pre_token_generation_config"},
}
# Nested blocks that are lists in the provider's schema: they keep the order of the configuration, sets do not.
_ORDERED = frozenset({"statement", "lambda_function", "additional_authentication_provider", "auth_provider"})


def without_filled_in(name: str, value: Any, written: Any) -> Any:
    """The value of a nested block without what the provider fills in, where the configuration does not write that."""
    names = _FILLED_IN_BLOCK.get(name, set())
    if not names or not (isinstance(value, list) and isinstance(written, list) and len(value) == len(written) == 1):
        return value
    block, expressions = value[0], written[0]
    if not (isinstance(block, dict) and isinstance(expressions, dict)):
        return value
    return [{n: v for n, v in block.items() if n not in names - {*expressions} or not isinstance(v, AfterApply)}]


def block_at(name: str, position: int, expressions: list[Any], values: Any) -> Any:
    """The expressions of one of the nested blocks of a name; ``None`` when it cannot be told which are its.

    position: of the block among values.

    A plan may have the blocks in another order than the configuration, and dynamic blocks are not in the latter.
    """
    if not isinstance(values, list) or len(values) != len(expressions):
        return None
    if name in _ORDERED or len(values) == 1:
        return expressions[position]
    fitting = [written for written in expressions if _fits(written, values[position])]
    return fitting[0] if len(fitting) == 1 else None


def _fits(written: Any, value: Any) -> bool:
    if not isinstance(written, dict) or not isinstance(value, dict):
        return False
    constants = {name: at(written, name)["constant_value"] for name in written if "constant_value" in at(written, name)}
    return all(value.get(name) == constant for name, constant in constants.items())
