"""The cases that are plans: ``python -m plan_cases``, in ``tests``, writes them to ``cases/RCnnn/NAME.plan.json``.

What each shows is what only plans know: values that exist already, values that are known only after apply, resources
that are destroyed. The rules themselves are tested by the cases of the configurations.
"""

from __future__ import annotations

from pathlib import Path

from plan_cases import apis, calls, events, policies, roles, services, sources, statements, watching
from plan_cases.parts import Plans

CASES = Path(__file__).parent.parent / "cases"
_FAMILIES = (roles, policies, sources, apis, events, services, calls, statements, watching)
PLANS: Plans = {name: case for family in _FAMILIES for name, case in family.PLANS.items()}


def path_of(name: str) -> Path:
    return CASES / f"{name}.plan.json"
