"""The removal test in small: of each kind of break and framework, one, in the smallest template that has it.

``benchmarks/removal.py`` makes all of them.
"""

from __future__ import annotations

import sys

import pytest
from hosts import CHECKOUT, executable

sys.path.insert(0, str(CHECKOUT / "benchmarks"))

import removal

HEALTHY = removal.all_templates()
SMALLEST = {
    (each.template.framework, each.kind): each
    for template in sorted(HEALTHY, key=lambda template: -sum(map(len, template.files.values())))
    for each in removal.breaks_of(template)
    if "rc303nightly" not in each.broken or each.kind != "source undeclared"  # through a module, it is not known
}


@pytest.fixture(scope="module")
def outcomes() -> dict[object, removal.Outcome]:
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("ROLECALL_CHECKOV_BIN", executable("checkov"))
        healthy = {("healthy", each.name): each.files for each in HEALTHY}
        found = removal.failures([*healthy.values(), *(each.files for each in SMALLEST.values())])
    assert not [
        (name, rule)
        for name, failed in zip(healthy, found, strict=False)
        for rule, _ in failed
        if rule not in removal.MEANT
    ]
    return dict(zip(SMALLEST, removal.judged(list(SMALLEST.values()), found[len(healthy) :]), strict=True))


@pytest.mark.parametrize("which", SMALLEST, ids=" ".join)
def test_a_break_is_found_and_nothing_else(which: object, outcomes: dict[object, removal.Outcome]) -> None:
    assert not outcomes[which].missed
    assert not outcomes[which].new


def test_every_framework_is_broken() -> None:
    assert {framework for framework, _ in SMALLEST} == set(removal.BREAKERS)
