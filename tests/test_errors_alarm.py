"""RC204 on many functions and alarms: what alarms say that do not name a function is decided once, not for each."""

from __future__ import annotations

import sys
from collections.abc import Callable
from types import FrameType
from typing import Any

import pytest

from rolecall.model import Alarm, Function, Inventory, Metric, Resource, RoleReference
from rolecall.rules import run
from rolecall.unknown import Identifier, Text, Unknown, text

NONE = Unknown("not needed here")
PREFIX = Unknown("the prefix is not known", "var.prefix")


def resource(address: str, name: Text, scope: str = "", region: Text = "eu-west-1") -> Resource:
    return Resource("terraform", "x", address, name, NONE, NONE, region, key=f"{scope}{address}", scope=scope)


def function(address: str, name: Text, scope: str = "") -> Function:
    return Function(resource(address, name, scope), "aws", RoleReference(NONE, NONE))


def alarm(address: str, name: Text | None, scope: str = "", region: Text = "eu-west-1", **more: Any) -> Alarm:
    """An alarm on the errors of the function of that name; of all functions where there is none."""
    dimensions = {} if name is None else {"FunctionName": name}
    metric = Metric(more.pop("namespace", "AWS/Lambda"), more.pop("metric", "Errors"), dimensions)
    return Alarm(resource(address, address, scope, region), (metric,), **more)


def inventory(functions: list[Function], alarms: list[Alarm]) -> Inventory:
    return Inventory("terraform", {one.resource.key: one for one in functions}, alarms=tuple(alarms))


def statuses(found: Inventory) -> dict[str, str]:
    return {finding.resource.address: finding.status.value for finding in run(found, only=["RC204"])}


def calls_of(work: Callable[[], object]) -> int:
    """How many Python functions are called."""
    count = 0

    def counted(frame: FrameType, event: str, argument: object) -> None:
        nonlocal count
        count += event == "call"

    before = sys.getprofile()
    sys.setprofile(counted)
    try:
        work()
    finally:
        sys.setprofile(before)
    return count


WATCHED: dict[str, Callable[[int], Text]] = {
    "nothing known": lambda number: Unknown("it is not known"),
    "a variable each": lambda number: Unknown("it is not known", f"var.name{number}"),
    "functions elsewhere": lambda number: f"elsewhere-{number}",
    "functions elsewhere, of one prefix": lambda number: text(PREFIX, f"-elsewhere-{number}"),
}
NAMED: dict[str, Callable[[int], Text]] = {
    "known": lambda number: f"f{number}",
    "of one prefix": lambda number: text(PREFIX, f"-f{number}"),
    "not known": lambda number: Unknown("it is not known", f"var.f{number}"),
}


@pytest.mark.parametrize(
    ("watched", "named"),
    [
        *((watched, named) for watched in ("nothing known", "a variable each") for named in NAMED),
        ("functions elsewhere", "known"),
        ("functions elsewhere", "not known"),
        ("functions elsewhere, of one prefix", "of one prefix"),
    ],
)
def test_work_grows_with_the_functions_and_the_alarms_not_with_their_product(watched: str, named: str) -> None:
    def work(count: int) -> int:
        functions = [function(f"f{number}", NAMED[named](number)) for number in range(count)]
        found = inventory(functions, [alarm(f"a{number}", WATCHED[watched](number)) for number in range(count)])
        return calls_of(lambda: statuses(found))

    work(1)  # what is read once
    assert work(120) < 6 * work(30)  # were each compared with each: sixteen times


@pytest.mark.parametrize(
    ("name", "watched", "expected"),
    [
        ("orders", [alarm("a", Unknown("?")), alarm("b", "orders")], "PASS"),
        ("orders", [alarm("a", Unknown("?")), alarm("b", None)], "PASS"),
        ("orders", [alarm("a", None, region="us-east-1"), alarm("b", None)], "PASS"),
        ("orders", [alarm("a", None, made=None), alarm("b", None)], "PASS"),
        ("orders", [alarm("a", Unknown("?"), metric="Throttles"), alarm("b", Unknown("?"))], "UNKNOWN"),
        ("orders", [alarm("a", Unknown("?"), region="us-east-1"), alarm("b", Unknown("?"))], "UNKNOWN"),
        ("orders", [alarm("a", Unknown("?"), region="us-east-1"), alarm("b", "bills")], "FAIL"),
        ("orders", [alarm("a", text("bills-", PREFIX)), alarm("b", text(PREFIX, "s"))], "UNKNOWN"),
        ("orders", [alarm("a", text("bills-", PREFIX)), alarm("b", text("bills-", Unknown("?")))], "FAIL"),
        (text(PREFIX, "-orders"), [alarm("a", text(PREFIX, "-bills"))], "FAIL"),
        (text(PREFIX, "-orders"), [alarm("a", text(PREFIX, "-bills")), alarm("b", text(PREFIX, "-orders"))], "PASS"),
        (text(PREFIX, "-orders"), [alarm("a", "bills"), alarm("b", "shop-orders")], "UNKNOWN"),
        (text("a", PREFIX, "b"), [alarm("a", text("aa", PREFIX, "c")), alarm("b", text("x", PREFIX, "b"))], "FAIL"),
        (text("a", PREFIX, "aa"), [alarm("a", text("aa", PREFIX, "a"))], "UNKNOWN"),
        (text(PREFIX, "s"), [alarm("a", PREFIX), alarm("b", Unknown("it is not known", "var.name"))], "UNKNOWN"),
        (text(PREFIX, "s"), [alarm("a", PREFIX)], "FAIL"),
        (PREFIX, [alarm("a", text(PREFIX, "s")), alarm("b", "orders")], "UNKNOWN"),
        (PREFIX, [alarm("a", text(PREFIX, "s"))], "FAIL"),
        (Identifier("made", "x"), [alarm("a", Identifier("made", "y"))], "FAIL"),
        (Identifier("made", "x"), [alarm("a", Identifier("made", "y")), alarm("b", Unknown("?"))], "UNKNOWN"),
    ],
)
def test_none_is_left_out_that_says_something_else(name: Text, watched: list[Alarm], expected: str) -> None:
    assert statuses(inventory([function("orders", name)], watched)) == {"orders": expected}
    assert statuses(inventory([function("orders", name)], watched[::-1])) == {"orders": expected}


def test_scopes_stay_apart() -> None:
    functions = [function("near", "near", "one"), function("far", "far", "two")]
    found = inventory(functions, [alarm("a", Unknown("?"), "one"), alarm("b", "else", "two")])
    assert statuses(found) == {"near": "UNKNOWN", "far": "FAIL"}
