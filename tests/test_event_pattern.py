"""Event patterns of EventBridge, and what trails record: what the cases of RC205 do not show."""

from __future__ import annotations

import time
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from rolecall.event_pattern import ABSENT, Event, matches
from rolecall.trail import records_writes
from rolecall.unknown import Unknown, text

EVENT: Event = {
    ("source",): "aws.iam",
    ("detail", "eventName"): "DeleteRole",
    ("detail", "readOnly"): False,
    ("detail", "errorCode"): ABSENT,
}
NOBODY_KNOWS = Unknown("a variable")


def name(*tests: Any) -> dict[str, Any]:
    return {"detail": {"eventName": list(tests)}}


@pytest.mark.parametrize(
    "pattern",
    [
        {},
        {"source": ["aws.ec2", "aws.iam"]},
        {"source": ["aws.iam"], **name("DeleteRole")},
        {"detail": {"readOnly": [False]}},
        {"detail": {"errorCode": [{"exists": False}]}},
        {"source": [{"exists": True}]},
        name({"prefix": "Delete"}),
        name({"prefix": {"equals-ignore-case": "delete"}}),
        name({"suffix": "Role"}),
        name({"suffix": {"equals-ignore-case": "ROLE"}}),
        name({"equals-ignore-case": "deleterole"}),
        name({"wildcard": "*Role*"}),
        name({"anything-but": "CreateRole"}),
        name({"anything-but": ["CreateRole", "UpdateRole"]}),
        name({"anything-but": {"prefix": "Get"}}),
        name({"anything-but": {"suffix": ["Policy", "User"]}}),
        name({"anything-but": {"wildcard": "List*"}}),
        {"$or": [{"source": ["aws.ec2"]}, name("DeleteRole")]},
        {"detail": {"$or": [{"eventName": ["DeleteRole"]}, {"userAgent": ["x"]}]}},
        {"source": [NOBODY_KNOWS, "aws.iam"]},
    ],
)
def test_what_matches(pattern: Any) -> None:
    assert matches(pattern, EVENT) is True


@pytest.mark.parametrize(
    "pattern",
    [
        {"source": ["aws.ec2"]},
        {"source": ["aws.ec2"], "account": ["111122223333"]},
        {"source": []},
        {"source": {"nested": ["aws.iam"]}},
        {"source": [{"exists": False}]},
        {"detail": {"readOnly": ["false"]}},
        {"detail": {"readOnly": [{"prefix": "f"}]}},
        {"detail": {"errorCode": ["AccessDenied"]}},
        {"detail": {"errorCode": [{"prefix": "Access"}]}},
        {"detail": {"errorCode": [{"anything-but": "AccessDenied"}]}},
        {"detail": {"errorCode": [{"exists": True}]}},
        name({"prefix": "Create"}),
        name({"wildcard": "Create*"}),
        name({"anything-but": ["DeleteRole"]}),
        name({"anything-but": {"prefix": "Delete"}}),
        name({"equals-ignore-case": text("x", NOBODY_KNOWS)}),
        {"$or": [{"source": ["aws.ec2"]}, name("CreateRole")]},
    ],
)
def test_what_does_not_match(pattern: Any) -> None:
    assert matches(pattern, EVENT) is False


@pytest.mark.parametrize(
    "pattern",
    [
        None,
        "text",
        NOBODY_KNOWS,
        {"source": NOBODY_KNOWS},
        {"source": "aws.iam"},
        {"source": [NOBODY_KNOWS]},
        {"account": ["111122223333"]},
        {"account": [{"exists": True}]},
        {"detail": {"requestParameters": {"roleName": ["app"]}}},
        {"detail": {"errorCode": [NOBODY_KNOWS]}},
        name({"prefix": NOBODY_KNOWS}),
        name({"anything-but": [NOBODY_KNOWS]}),
        name({"exists": "true"}),
        name({"numeric": [">", 3]}),
        name({"cidr": "10.0.0.0/8"}),
        name({"prefix": "Delete", "suffix": "Role"}),
        name({"wildcard": "Delete\\*"}),
        name({"new-operator": "x"}),
        {"$or": {"source": ["aws.iam"]}},
        {"$or": [{"source": ["aws.ec2"]}, NOBODY_KNOWS]},
    ],
)
def test_what_cannot_be_known(pattern: Any) -> None:
    assert matches(pattern, EVENT) is None


JUNK = st.recursive(
    st.none() | st.booleans() | st.integers(-1, 2) | st.just(NOBODY_KNOWS) | st.text(max_size=3)
    | st.sampled_from(["aws.iam", "DeleteRole", "*"]),
    lambda inner: st.lists(inner, max_size=3)
    | st.dictionaries(st.sampled_from(["source", "detail", "eventName", "readOnly", "errorCode", "$or", "anything-but",
                                       "prefix", "wildcard", "exists", "equals-ignore-case"]), inner, max_size=3),
    max_leaves=20,
)  # fmt: skip


@given(pattern=JUNK, selectors=st.lists(st.just(NOBODY_KNOWS) | st.tuples(JUNK, JUNK), max_size=3))
@settings(max_examples=300, deadline=None)
def test_junk_is_read_without_an_error(pattern: Any, selectors: Any) -> None:
    matches(pattern, EVENT)
    records_writes(selectors, [[("eventCategory", {"Equals": pattern}), ("readOnly", {"Equals": pattern})]])


def test_hostile_patterns_end_in_time() -> None:
    started = time.monotonic()
    deep: Any = ["x"]
    for _ in range(500):
        deep = {"detail": deep}
    assert matches(deep, EVENT) is None
    nested: Any = {"source": ["aws.ec2"]}
    for _ in range(500):
        nested = {"$or": [nested]}
    assert matches(nested, EVENT) is None
    matches(name({"wildcard": "*a" * 20_000}), EVENT)
    assert time.monotonic() - started < 2


MANAGEMENT = ("eventCategory", {"equals": ["Management"]})


@pytest.mark.parametrize(
    ("selectors", "advanced", "answer"),
    [
        ([], [], True),
        ([(True, "All")], [], True),
        ([("true", "WriteOnly")], [], True),
        ([(True, "ReadOnly")], [], False),
        ([(False, "All")], [], False),
        ([(False, "All"), (True, "WriteOnly")], [], True),
        ([(NOBODY_KNOWS, "All")], [], None),
        ([(True, NOBODY_KNOWS)], [], None),
        ([(True, "Some")], [], None),
        ([NOBODY_KNOWS], [], None),
        ([], [[MANAGEMENT]], True),
        ([], [[MANAGEMENT, ("readOnly", {"Equals": ["false"]})]], True),
        ([], [[MANAGEMENT, ("readOnly", {"Equals": ["true"]})]], False),
        ([], [[MANAGEMENT, ("eventSource", {"NotEquals": ["kms.amazonaws.com"]})]], True),
        ([], [[MANAGEMENT, ("eventSource", {"not_equals": ["iam.amazonaws.com"]})]], False),
        ([], [[MANAGEMENT, ("eventName", {"NotEquals": ["x"]})]], None),
        ([], [[("eventCategory", {"Equals": ["Data"]})]], False),
        ([], [[("resources.type", {"Equals": ["x"]})]], False),
        ([], [[("eventCategory", {"Equals": [NOBODY_KNOWS]})]], None),
        ([], [NOBODY_KNOWS], None),
    ],
)
def test_what_a_trail_records(selectors: Any, advanced: Any, answer: Any) -> None:
    assert records_writes(selectors, advanced) is answer
