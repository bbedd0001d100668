"""Writes the cases."""

from plans import written

from plan_cases import PLANS, path_of

for name, content in PLANS.items():
    path_of(name).write_text(written(content), encoding="utf-8")
