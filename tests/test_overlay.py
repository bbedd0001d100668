"""The overlay: what it may say, what of it counts, and how it is refused."""

from __future__ import annotations

import re
import time
from collections.abc import Iterator
from datetime import date
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rolecall import overlay as overlays
from rolecall.catalog import load_catalog, load_shipped
from rolecall.findings import Finding, Remediation, Status
from rolecall.model import Location, Resource
from rolecall.overlay import Overlay
from rolecall.overlay_file import read_overlay
from rolecall.pattern import Pattern
from rolecall.records import RecordError


def read(folder: Path, text: str) -> Overlay:
    path = folder / "rolecall.yaml"
    path.write_text(f"version: 1\n{text}", encoding="utf-8")
    return read_overlay(path)


WAIVER = "rule: RC103, resource: orders, reason: r, owner: o, expires: 2027-01-31"


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("version: 2", "1: version: must be 1"),
        ("rules: {}", "1: version: is missing"),
        ("version: 1\nrule: {}", "2: rule: is an unknown key; allowed: version, rules, settings, waivers"),
        ("version: 1\nrules:\n  RC103: high", "3: rules.RC103: must be a mapping"),
        (
            "version: 1\nrules:\n  RC103:\n    severity: grave",
            "4: rules.RC103.severity: must be one of critical, high,",
        ),
        ("version: 1\nrules:\n  RC103:\n    enabled: 'no'", "4: rules.RC103.enabled: must be true or false"),
        ("version: 1\nrules:\n  RC1O3: {}", "3: rules.RC1O3: RC1O3 is no rule, control or check; did you mean RC"),
        ("version: 1\nrules:\n  RC9*: {}", "3: rules.RC9*: RC9* is no rule, control or check"),
        (
            "version: 1\nrules:\n  RC103: {}\n  CKV_RC_103: {}",
            "4: rules.CKV_RC_103: is another name of RC103, which is",
        ),
        ("version: 1\nrules:\n  RC103: {}\n  RC103: {}", "4: rules.RC103: is there twice"),
        (
            "version: 1\nrules: {RC103: {remediation: {link: 'http://x'}}}",
            "2: rules.RC103.remediation.link: must begin",
        ),
        ("version: 1\nsettings: {trusted_accounts: [111122223333]}", "2: settings.trusted_accounts[0]: must be a text"),
        ("version: 1\nsettings: {trusted_accounts: ['1']}", "2: settings.trusted_accounts[0]: must be the 12 digits"),
        ("version: 1\nsettings: {max_functions_per_role: 0}", "2: settings.max_functions_per_role: must be 1 or more"),
        ("version: 1\nsettings: {max_functions_per_role: yes}", "2: settings.max_functions_per_role: must be a whole"),
        ("version: 1\nsettings: {owner_tags: []}", "2: settings.owner_tags: must name at least one tag"),
        (f"version: 1\nwaivers:\n- {{{WAIVER.replace('RC103', 'X')}}}", "3: waivers[0].rule: X is no rule, control"),
        (f"version: 1\nwaivers:\n- {{{WAIVER.replace(': o,', ':  ,')}}}", "3: waivers[0].owner: must be a text"),
        ("version: 1\nwaivers:\n- {rule: RC103}", "3: waivers[0].resource: is missing"),
        (f"version: 1\nwaivers:\n- {{{WAIVER[:-10]}soon}}", "3: waivers[0].expires: must be a date: 2027-01-31"),
        (
            f"version: 1\nwaivers:\n- {{{WAIVER[:-10]}'2027-01-31'}}",
            "3: waivers[0].expires: must be a date: 2027-01-31",
        ),
        ("version: 1\nrules: [", None),
        ("\x00", None),
    ],
)
def test_what_is_wrong_is_said_in_one_line_with_its_place(tmp_path: Path, text: str, message: str | None) -> None:
    path = tmp_path / "rolecall.yaml"
    path.write_text(text, encoding="utf-8")
    with pytest.raises(RecordError) as refused:
        read_overlay(path)
    said = str(refused.value)
    assert "\n" not in said
    assert said.startswith(f"rolecall.yaml:{message}" if message else "rolecall.yaml: cannot be read: "), said


def test_a_file_that_is_named_has_to_be_there(tmp_path: Path) -> None:
    with pytest.raises(RecordError, match=r"missing.yaml: cannot be read: No such file"):
        read_overlay(tmp_path / "missing.yaml")


def test_what_is_said_more_exactly_counts(tmp_path: Path) -> None:
    overlay = read(
        tmp_path,
        """rules:
  CKV_AWS_116: {severity: low}
  awslambda-function-dead-letter-queue: {severity: high, ids: [OWN-1]}
  "CKV_*": {severity: informational, enabled: false}
""",
    )
    exact, of_control = overlay.adjustment("CKV_AWS_116"), overlay.adjustment("awslambda_function_no_dead_letter_queue")
    assert (exact.severity, exact.ids, exact.enabled) == ("low", ("OWN-1",), False)
    assert (of_control.severity, of_control.ids, of_control.enabled) == ("high", ("OWN-1",), None)
    assert overlay.adjustment("CKV2_AWS_75") == overlays.Adjustment()
    assert overlay.adjustment("RC103").severity == "informational"  # by its name in Checkov


def test_a_check_may_be_called_by_a_name_that_it_had(tmp_path: Path) -> None:
    overlay = read(tmp_path, "rules: {apigateway_public: {severity: low}}")
    assert overlay.adjustment("apigateway_restapi_public").severity == "low"


def test_the_catalogue_is_as_the_overlay_says(tmp_path: Path) -> None:
    overlay = read(
        tmp_path,
        """rules:
  RC103:
    severity: critical
    remediation: {text: "Ask platform about <<role>>.", add: "https://wiki.example/x", link: "https://wiki.example/y"}
  RC201: {enabled: false}
settings: {strict: true}
""",
    )
    catalog = load_catalog(overlay)
    assert (catalog["RC103"].severity, load_shipped()["RC103"].severity) == ("critical", "high")
    assert catalog["RC103"].remedy({"role": "role r"}).text == "Ask platform about role r. https://wiki.example/x"
    assert catalog["RC103"].remedy({}, "trust_orphan").text.startswith("Ask platform")
    assert catalog["RC103"].guideline == "https://wiki.example/y"
    assert catalog["RC107"].default and not load_shipped()["RC107"].default
    assert not catalog["RC201"].default


def finding(status: Status = Status.FAIL, name: str = "orders", rule: str = "RC103") -> Finding:
    resource = Resource(
        framework="live",
        type="AWS::Lambda::Function",
        address=f"arn:aws:lambda:eu-west-1:111122223333:function:{name}",
        key="k",
        name=name,
        arn=f"arn:aws:lambda:eu-west-1:111122223333:function:{name}",
        account="111122223333",
        region="eu-west-1",
        location=Location("src/main.tf", 1, 2),
    )
    return Finding(rule, status, "high", "t", resource, name, "m", ("e",), Remediation(text="Do it."))


@pytest.fixture
def on() -> Iterator[pytest.MonkeyPatch]:
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(overlays, "today", lambda: date(2027, 1, 31))
        yield patch


def waived(folder: Path, change: str = "", to: str = "") -> Overlay:
    return read(folder, f"waivers:\n- {{{WAIVER.replace(change, to) if change else WAIVER}}}\n")


def test_a_waiver_mutes_to_its_last_day(tmp_path: Path, on: pytest.MonkeyPatch) -> None:
    overlay = waived(tmp_path)
    muted = overlay.settled(finding())
    assert (muted.status, muted.evidence) == (Status.MUTED, ("waived until 2027-01-31 by o: r", "e"))
    assert overlay.settled(finding(Status.UNKNOWN)).status is Status.MUTED
    assert list(overlay.expired()) == []
    on.setattr(overlays, "today", lambda: date(2027, 2, 1))
    back = overlay.settled(finding())
    assert (back.status, back.evidence) == (Status.FAIL, ("e", "a waiver of o expired on 2027-01-31: r"))
    [line] = overlay.expired()
    assert line.endswith("rolecall.yaml:3: the waiver of RC103 for orders (o) expired on 2027-01-31")


@pytest.mark.parametrize("status", [Status.PASS, Status.ERROR])
def test_what_passes_or_broke_is_never_muted(tmp_path: Path, on: pytest.MonkeyPatch, status: Status) -> None:
    assert waived(tmp_path).settled(finding(status)) == finding(status)


@pytest.mark.parametrize(
    ("pattern", "fits"),
    [
        ("orders", True),
        ("order", False),
        ("ord*", True),
        ("o?ders", True),
        ("'arn:aws:lambda:*:111122223333:function:orders'", True),
        ("'arn:aws:lambda:*:444455556666:function:orders'", False),
        ("src/*", True),
        ("lib/*", False),
        ("'*'", True),
    ],
)
def test_a_waiver_is_for_what_its_pattern_names(
    tmp_path: Path, on: pytest.MonkeyPatch, pattern: str, fits: bool
) -> None:
    settled = waived(tmp_path, "resource: orders", f"resource: {pattern}").settled(finding())
    assert (settled.status is Status.MUTED) is fits


def test_a_waiver_is_for_its_rule(tmp_path: Path, on: pytest.MonkeyPatch) -> None:
    assert waived(tmp_path).settled(finding(rule="RC101")).status is Status.FAIL
    assert waived(tmp_path, "RC103", "CKV_RC_1*").settled(finding(rule="RC101")).status is Status.MUTED


def test_a_finding_from_elsewhere_takes_severity_and_remediation(tmp_path: Path) -> None:
    text = "rules: {RC103: {severity: low, remediation: {text: Ask., add: See wiki.}}}"
    settled = read(tmp_path, text).settled(finding())
    assert (settled.severity, settled.remediation.text) == ("low", "Ask. See wiki.")
    assert read(tmp_path, text).settled(settled) == settled


names = st.text(alphabet="ab*?[].", max_size=12)


@given(names, st.text(alphabet="ab[].", max_size=12))
def test_patterns_are_what_they_say(pattern: str, name: str) -> None:
    expression = "".join({"*": ".*", "?": "."}.get(char, re.escape(char)) for char in pattern)
    assert Pattern(pattern).fits(name) is (re.fullmatch(expression, name) is not None)


def test_no_pattern_takes_long() -> None:
    start = time.process_time()
    assert not Pattern("*a" * 200 + "b").fits("a" * 50_000)
    assert time.process_time() - start < 2
