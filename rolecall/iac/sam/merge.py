"""The section ``Globals``: properties that all resources of a type share.

Source: https://docs.aws.amazon.com/serverless-application-model/latest/developerguide/sam-specification-template-anatomy-globals.html
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from rolecall.iac.sam.values import is_intrinsic

_REPLACED = ("Architectures",)  # SAM takes the resource's own list and drops that of Globals


def merged(shared: Any, own: Any, name: str = "") -> Any:
    """What a resource's property becomes: objects merged, lists appended to those of ``Globals``, the rest replaced.

    Merging twice changes nothing, since Checkov may have merged already.
    """
    if isinstance(shared, dict) and isinstance(own, dict) and not is_intrinsic(shared) and not is_intrinsic(own):
        return {**shared, **{key: merged(shared[key], own[key], key) if key in shared else own[key] for key in own}}
    if isinstance(shared, list) and isinstance(own, list) and name not in _REPLACED:
        return [*(item for item in shared if item not in own), *own]
    return own


def with_globals(shared: Any, own: Mapping[str, Any], ignored: Any) -> Mapping[str, Any]:
    """A resource's properties with those of ``Globals``. ignored: its attribute ``IgnoreGlobals``."""
    if not isinstance(shared, dict) or ignored == "*":
        return own
    left_out = ignored if isinstance(ignored, list) else []
    result = merged({key: value for key, value in shared.items() if key not in left_out}, dict(own))
    return result if isinstance(result, Mapping) else own
