"""``rolecall report`` as people call it: exit codes, the table, the baseline, the team's overlay."""

from __future__ import annotations

import io
import os
import re
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner

pytest.importorskip("duckdb", reason="the report needs the extra rolecall[report]")

from report_inputs import (
    CHECKOV,
    HOSTILE,
    PROWLER,
    checkov_record,
    checkov_report,
    code,
    document,
    file_of,
    hostile,
    live,
    report,
    trace_file,
)

from rolecall.catalog import load_catalog
from rolecall.findings import Status
from rolecall.model import Location
from rolecall.overlay import team
from rolecall.report import table
from rolecall.report.command import FORMATS, USUAL
from rolecall.report.command import report as command
from rolecall.report.make import Made
from rolecall.report.readers.base import known
from rolecall.report.rows import rule_of

ROOT = Path(__file__).parent.parent


def invoke(*arguments: object) -> tuple[int, str, str]:
    """Exit code, standard output and standard error of ``rolecall report``."""
    result = CliRunner().invoke(command, [str(argument) for argument in arguments])
    assert result.exception is None or isinstance(result.exception, SystemExit), result.exception
    return result.exit_code, result.stdout, result.stderr


class TestCommand:
    def test_everything_in_one(self, tmp_path: Path) -> None:
        status, out, err = invoke(CHECKOV, PROWLER, "-o", tmp_path / "out")
        assert status == 2  # a template that Checkov could not parse, and an ERROR
        assert err == f"{CHECKOV}: Checkov could not parse src/broken.yaml\n"
        assert out.rstrip().endswith(", ".join(str(tmp_path / "out" / name) for name in NAMES))
        assert {path.name for path in (tmp_path / "out").iterdir()} == set(NAMES)

    def test_formats(self, tmp_path: Path) -> None:
        trace = trace_file(tmp_path, live())
        invoke(trace, "-o", tmp_path / "out", "--format", "json, CSV", "--format", "sarif")
        assert sorted(os.listdir(tmp_path / "out")) == ["report.csv", "report.json", "report.sarif"]
        status, _, err = invoke(trace, "-o", tmp_path / "out", "--format", "md")
        assert (status, err.splitlines()[-1]) == (
            2, f"Error: Invalid value for '--format': md is none of {', '.join(FORMATS)}",
        )  # fmt: skip

    @pytest.mark.parametrize(
        ("status", "severity", "fail_on", "expected"),
        [
            (Status.FAIL, "high", None, 0),
            (Status.FAIL, "high", "critical", 0),
            (Status.FAIL, "high", "high", 1),
            (Status.FAIL, "high", "LOW", 1),
            (Status.MUTED, "high", "low", 0),
            (Status.UNKNOWN, "critical", "low", 0),
            (Status.ERROR, "low", None, 2),
        ],
    )
    def test_exit_codes(
        self, tmp_path: Path, status: Status, severity: str, fail_on: str | None, expected: int
    ) -> None:
        trace = trace_file(tmp_path, live(status=status, severity=severity))
        options = ["--fail-on", fail_on] if fail_on else []
        assert invoke(trace, "-o", tmp_path / "out", *options)[0] == expected

    def test_an_input_that_cannot_be_read_loses_no_other(self, tmp_path: Path) -> None:
        trace = trace_file(tmp_path, live())
        status, out, err = invoke(tmp_path / "missing.json", trace, "-o", tmp_path / "out", "--fail-on", "high")
        assert (status, err) == (2, f"{tmp_path / 'missing.json'}: cannot be read: No such file or directory\n")
        assert "1 FAIL" in out

    def test_a_folder_that_cannot_be_written(self, tmp_path: Path) -> None:
        (tmp_path / "file").write_text("")
        status, out, err = invoke(trace_file(tmp_path, live()), "-o", tmp_path / "file")
        assert (status, out, err) == (2, "", f"rolecall: {tmp_path / 'file'}: cannot be written: File exists\n")

    @pytest.mark.parametrize("module", ["rich", "duckdb", "msgspec"])
    def test_without_the_extra(self, tmp_path: Path, module: str) -> None:
        trace = trace_file(tmp_path, live())
        program = f"import sys; sys.modules[{module!r}] = None\nfrom rolecall.report.command import report\nreport()"
        result = subprocess.run(
            [sys.executable, "-c", program, trace, "-o", str(tmp_path)], capture_output=True, text=True, cwd=ROOT,
            check=False,
        )  # fmt: skip
        assert (result.returncode, result.stdout) == (2, "")
        assert result.stderr == f"rolecall: {module} is not installed: install rolecall[report]\n"


NAMES = ("report.html", "report.json", "report.sarif", "report.ocsf.json", "report.csv", "report.md",
         "report.junit.xml", "report.asff.jsonl")  # fmt: skip
assert len(NAMES) == len(USUAL)


class TestBaseline:
    @pytest.fixture
    def old(self, tmp_path: Path) -> str:
        folder = tmp_path / "old"
        folder.mkdir()
        report(folder, live("same"), live("mended"), live("gone"), live("healthy", Status.PASS), code("joined"))
        return str(folder / "out" / "report.json")

    def test_new_unchanged_fixed_and_gone(self, tmp_path: Path, old: str) -> None:
        made = document(tmp_path, live("same"), live("mended", Status.PASS), live("healthy"), live("more"),
                        code("joined"), live("joined"), baseline=old)  # fmt: skip
        assert {row["resource"]: row["change"] for row in made["rows"]} == {
            "same": "unchanged", "mended": None, "healthy": "new", "more": "new", "joined": "unchanged",
        }  # fmt: skip
        assert [(one["resource"], one["how"]) for one in made["fixed"]] == [("gone", "gone"), ("mended", "fixed")]
        assert made["summary"]["change"] == {"new": 2, "unchanged": 2}

    def test_what_is_muted_now_is_not_fixed(self, tmp_path: Path, old: str) -> None:
        made = document(tmp_path, live("same", Status.MUTED), baseline=old)
        assert {one["resource"]: one["how"] for one in made["fixed"]}["same"] == "not failing"

    def test_only_what_is_new_fails(self, tmp_path: Path, old: str) -> None:
        same = trace_file(tmp_path, live("same"))
        assert invoke(same, "-o", tmp_path / "o", "--fail-on", "low", "--baseline", old)[0] == 0
        new = trace_file(tmp_path, live("new"))
        status, out, _ = invoke(new, "-o", tmp_path / "o", "--fail-on", "low", "--baseline", old)
        assert status == 1
        assert "Against the baseline: 1 new." in out

    def test_lines_that_moved_are_unchanged(self, tmp_path: Path) -> None:
        report(tmp_path, code(None))
        made = document(tmp_path, code(None, location=Location("main.tf", 9, 20)),
                        baseline=str(tmp_path / "out" / "report.json"))  # fmt: skip
        assert [row["change"] for row in made["rows"]] == ["unchanged"]

    @pytest.mark.parametrize(
        ("content", "why"),
        [
            (None, "No such file or directory"),
            ("{", "not complete JSON"),
            ({"schema": "rolecall/report/1", "rows": []}, "it is no report.json of this version"),
            ([{"a": 1}], "it is no report.json of this version"),
            ({"schema": "rolecall/report/2", "rows": [{"rule": 5}]}, "Expected `str`, got `int`"),
        ],
    )
    def test_one_that_is_none(self, tmp_path: Path, content: Any, why: str) -> None:
        path = file_of(tmp_path, "old.json", content) if content else str(tmp_path / "old.json")
        status, out, err = invoke(trace_file(tmp_path, live()), "-o", tmp_path / "o", "--baseline", path)
        assert (status, out) == (2, "")
        assert err.startswith(f"rolecall: {path}: cannot be read as a baseline: ")
        assert why in err
        assert err.count("\n") == 1


OVERLAY = """
version: 1
rules:
  RC103: {severity: low, remediation: {add: "Runbook: R"}}
  CKV_AWS_116: {severity: critical}
waivers:
  - {rule: RC103, resource: "shop-*", reason: until March, owner: platform, expires: 2999-01-01}
  - {rule: CKV_AWS_116, resource: "*.old", reason: soon, owner: them, expires: 2999-01-01}
  - {rule: RC103, resource: "late", reason: was ok, owner: us, expires: 2020-01-01}
"""


class TestOverlay:
    @pytest.fixture(autouse=True)
    def overlay(self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Any:
        monkeypatch.setenv("ROLECALL_CONFIG", file_of(tmp_path, "rolecall.yaml", OVERLAY))
        _forget()
        yield
        monkeypatch.undo()
        _forget()

    def test_severities_waivers_and_words(self, tmp_path: Path) -> None:
        records = checkov_report(checkov_record(), checkov_record(resource="aws_lambda_function.old"))
        made = document(tmp_path, live(), live("other"), live("late"), file_of(tmp_path, "c.json", records))
        found = {row["resource"]: row for row in made["rows"]}
        assert {name: (row["status"], row["severity"]) for name, row in found.items()} == {
            "shop-orders": ("MUTED", "low"),
            "other": ("FAIL", "low"),
            "late": ("FAIL", "low"),
            "aws_lambda_function.orders": ("FAIL", "critical"),
            "aws_lambda_function.old": ("MUTED", "critical"),
        }
        (muted,) = found["shop-orders"]["in_account"]["results"]
        assert muted["waived"] == {"reason": "until March", "owner": "platform", "expires": "2999-01-01"}
        assert found["other"]["in_account"]["results"][0]["remediation"]["text"] == "Do it. And that. Runbook: R"

    def test_expired_waivers_are_listed_and_named(self, tmp_path: Path) -> None:
        made = document(tmp_path, live("late"))
        (row,) = made["rows"]
        evidence = row["in_account"]["results"][0]["evidence"]
        assert "a waiver of us expired on 2020-01-01: was ok" in evidence
        assert [(one["owner"], one["expired"]) for one in made["waivers"]] == [
            ("platform", False), ("them", False), ("us", True),
        ]  # fmt: skip
        assert any("expired on 2020-01-01" in note for note in made["notes"])


def _forget() -> None:
    """What a process remembers of its overlay."""
    for remembered in (team, load_catalog, known, rule_of):
        remembered.cache_clear()


class TestTable:
    ROWS = (
        code(), live(),
        code("shop-mailer", Status.PASS, "aws_lambda_function.mailer"), live("shop-mailer", Status.PASS),
        live("x" * 64, Status.UNKNOWN), live("y", Status.ERROR), live("z", severity="informational"),
        code("m", Status.MUTED, f"module.{'very_long_' * 9}.aws_lambda_function.m"),
    )  # fmt: skip

    @pytest.fixture
    def made(self, tmp_path: Path) -> Made:
        return report(tmp_path, *self.ROWS)

    @pytest.mark.parametrize("width", [60, 80, 100, 120, 200])
    def test_fits_the_width(self, made: Made, width: int) -> None:
        text = table.render(made, width)
        assert max(map(len, text.split("\n"))) <= width
        for word in ("severity", "in code", "in account", "RC103", "shop-orders", "FAIL", "UNKNOWN", "ERROR", "MUTED"):
            assert word in text

    def test_passing_rows_are_one_line_unless_asked_for(self, tmp_path: Path, made: Made) -> None:
        text = table.render(made)
        assert "1 more row passes wherever looked at; --all lists them." in text
        assert "shop-mailer" not in text
        whole = report(tmp_path, *self.ROWS, list_passing=True)
        assert "shop-mailer" in table.render(whole)

    def test_faults_have_message_place_and_fix(self, made: Made) -> None:
        lines = table.render(made).split("\n")
        start = lines.index("RC103 shop-orders")
        assert lines[start + 1] == "  code     aws_lambda_function.orders said FAIL. [main.tf:1-7]"
        assert lines[start + 2].startswith(
            "  account  arn:aws:lambda:eu-west-1:111122223333:function:shop-orders said FAIL."
        )
        assert lines[start + 4] == "           that code and account are one is likely: type and name"
        assert lines[start + 5 : start + 7] == ["  fix      Do it.", "           aws do"]

    def test_last_lines_count(self, made: Made) -> None:
        lines = table.render(made).rstrip().split("\n")
        assert lines[-2:] == [
            "Failing: 1 in code and live, 1 live only.",
            "1 rule, 6 resources: 2 FAIL, 1 ERROR, 1 UNKNOWN, 1 MUTED, 1 PASS",
        ]

    def test_rows_of_one_name_say_where_they_are(self, tmp_path: Path) -> None:
        made = report(tmp_path, live(), live(region="us-east-1"), code(), code(location=Location("b.tf", 3, 3)))
        text = table.render(made)
        for place in ("111122223333 eu-west-1", "111122223333 us-east-1", "main.tf:1-7", "b.tf:3"):
            assert re.search(f"\n +{place}\n", text)

    def test_a_flood_is_cut_short_unless_asked_for(self, tmp_path: Path) -> None:
        flood = [live(f"function-{number:03}", Status.UNKNOWN) for number in range(510)]
        made = report(tmp_path, *flood)
        text = table.render(made)
        assert "The worst 500 of 510 rows; all are in the report's files." in text
        assert "function-509" not in text
        whole = report(tmp_path, *flood, list_passing=True)
        assert "function-509" in table.render(whole)

    def test_no_findings(self, tmp_path: Path) -> None:
        made = report(tmp_path)
        assert "0 rules, 0 resources: 0 FAIL" in table.render(made)

    def test_nothing_of_the_input_is_obeyed(self, tmp_path: Path) -> None:
        made = report(tmp_path, hostile(code()), hostile(live()), str(tmp_path / HOSTILE.replace("\ud800", "")))
        text = table.render(made, 100, color=False)
        assert not set(text) & {"\x1b", "\x07", "\x00", "\u202e", "\ud800"}
        assert "[red]x[/red]" in text.replace("\n", "")

    def test_colours_only_when_asked_for(self, made: Made) -> None:
        assert "\x1b[" in table.render(made, color=True)
        assert "\x1b" not in table.render(made)

    def test_a_stream_that_cannot_carry_everything(self, tmp_path: Path) -> None:
        made = report(tmp_path, live("größe"))
        text = table.render(made, encoding="ascii")
        assert text.isascii()
        assert "gr??e" in text

    @pytest.mark.skipif(sys.platform == "win32", reason="needs a pseudo-terminal")
    @pytest.mark.parametrize(
        ("environment", "coloured"), [({}, True), ({"NO_COLOR": "1"}, False), ({"TERM": "dumb"}, False)]
    )
    def test_a_real_terminal(self, tmp_path: Path, environment: dict[str, str], coloured: bool) -> None:
        text = on_a_terminal(environment, trace_file(tmp_path, *self.ROWS), "-o", str(tmp_path))
        assert ("\x1b[" in text) is coloured
        plain = re.sub(r"\x1b\[[0-9;]*m", "", text).split("Written:")[0]
        assert 60 < max(len(line) for line in plain.splitlines()) <= 72


def on_a_terminal(environment: dict[str, str], *arguments: str) -> str:
    """What ``rolecall report`` shows on a terminal of 72 columns; an ERROR is among the rows."""
    import fcntl
    import pty
    import struct
    import termios

    program = "from rolecall.report.command import report; report()"
    inherited = {k: v for k, v in os.environ.items() if k not in ("NO_COLOR", "COLUMNS", "FORCE_COLOR")}
    master, slave = pty.openpty()
    fcntl.ioctl(slave, termios.TIOCSWINSZ, struct.pack("HHHH", 24, 72, 0, 0))
    process = subprocess.Popen(
        [sys.executable, "-c", program, *arguments], stdout=slave, env={**inherited, "TERM": "xterm", **environment},
        cwd=ROOT,
    )  # fmt: skip
    os.close(slave)
    shown = io.BytesIO()
    try:
        while part := os.read(master, 65536):
            shown.write(part)
    except OSError:  # Linux says so when the other end is closed
        pass
    assert process.wait() == 2
    os.close(master)
    return shown.getvalue().decode()
