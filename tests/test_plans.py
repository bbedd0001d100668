"""Plans: that the cases are what their descriptions make, and that nothing in a plan's file can break the reader."""

from __future__ import annotations

import pytest
from plan_cases import CASES, PLANS, path_of
from plans import written


@pytest.mark.parametrize("name", PLANS)
def test_the_cases_are_up_to_date(name: str) -> None:
    assert path_of(name).read_text(encoding="utf-8") == written(PLANS[name]), "run `python tests/plan_cases.py`"


def test_there_are_no_others() -> None:
    assert set(CASES.glob("RC*/*.plan.json")) == set(map(path_of, PLANS))
