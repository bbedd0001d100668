"""The demo, end to end: the real hosts on the shop, in code and in the account, to one table."""

from __future__ import annotations

import json
import os
import sys
from pathlib import Path
from typing import Any

import pytest
from hosts import run
from report_browser import Watched, browser, chromium

# what is staged: rule, function, status in code, status in the account
FAULTS = {
    ("RC101", "shop-invoices"): ("PASS", "FAIL"),
    ("RC102", "shop-mail"): ("FAIL", "FAIL"),
    ("RC103", "shop-headers"): ("FAIL", "FAIL"),
    ("RC341", "shop-thumbnails"): ("FAIL", "FAIL"),
    ("RC205", "123456789012"): ("", "FAIL"),  # nobody is told of the deleted role
    ("RC206", "123456789012"): ("", "FAIL"),
}
HEALTHY = ("shop-orders", "shop-packing")


@pytest.fixture(scope="module")
def demo(tmp_path_factory: pytest.TempPathFactory) -> tuple[Any, Path]:
    folder = tmp_path_factory.mktemp("demo")
    hosts = {name: value for name, value in os.environ.items() if name.startswith("ROLECALL_")}
    command = [sys.executable, "-m", "rolecall", "demo", "-o", str(folder / "out")]
    return run(command, cwd=Path(__file__).parent.parent, env=hosts), folder / "out"


@pytest.fixture(scope="module")
def rows(demo: tuple[Any, Path]) -> dict[tuple[str, str], tuple[str, str]]:
    """Status in code and in the account, by rule and resource."""
    report = json.loads((demo[1] / "report.json").read_text(encoding="utf-8"))
    return {
        (row["rule"], row["resource"]): (
            row["in_code"]["status"] if row["in_code"] else "",
            row["in_account"]["status"] if row["in_account"] else "",
        )
        for row in report["rows"]
        if row["rule"].startswith("RC")
    }


def test_it_ends_well_and_says_what_it_does(demo: tuple[Any, Path]) -> None:
    result, folder = demo
    assert result.returncode == 0, result.stderr
    assert "shop-invoices" in result.stdout
    assert {"report.html", "report.json", "report.sarif", "report.md"} <= {path.name for path in folder.iterdir()}


def test_each_staged_fault_is_found_in_code_and_in_the_account(rows: dict[tuple[str, str], tuple[str, str]]) -> None:
    assert {row: statuses for row, statuses in rows.items() if "FAIL" in statuses} == FAULTS


def test_the_healthy_functions_have_no_fault_and_nothing_unknown(rows: dict[tuple[str, str], tuple[str, str]]) -> None:
    said = {row: statuses for row, statuses in rows.items() if row[1] in HEALTHY}
    assert {row for row, statuses in said.items() if {"FAIL", "UNKNOWN"} & {*statuses}} == set()
    assert {"RC101", "RC102", "RC103", "RC341"} <= {rule for rule, _ in said}


@pytest.mark.skipif(chromium() is None and "CI" not in os.environ, reason="no Chromium")
def test_its_page_shows_the_faults(demo: tuple[Any, Path]) -> None:
    """ROLECALL_PICTURE=docs/report.png keeps the picture that the README shows."""
    with browser() as started:
        watched = Watched(started)
        page = watched.open(demo[1] / "report.html", "status=FAIL&q=rc1")
        for rule, function in FAULTS:
            if rule.startswith("RC1"):
                assert page.get_by_text(function).count()
        tab = watched.open(demo[1] / "report.html")
        tab.get_by_text("shop-headers").first.click()
        tab.get_by_text("broken").first.wait_for()
        picture = watched.open(demo[1] / "report.html", "status=FAIL").screenshot()
        watched.close()
    assert len(picture) > 20_000
    if os.environ.get("ROLECALL_PICTURE"):
        Path(os.environ["ROLECALL_PICTURE"]).write_bytes(picture)
