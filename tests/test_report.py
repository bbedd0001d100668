"""The report: readers on what the real tools wrote, the merge, and the outputs on friendly and hostile input."""

from __future__ import annotations

import io
import json
import os
import re
import stat
import subprocess
import sys
from dataclasses import replace
from datetime import datetime, timezone
from html.parser import HTMLParser
from pathlib import Path

import pytest
from click.testing import CliRunner

from rolecall.findings import Finding, Remediation, Status, to_record
from rolecall.model import Location, Resource
from rolecall.report.merge import merge
from rolecall.report.read import read
from rolecall.report.summary import Report, make_report
from rolecall.report.text import clean, clean_lines
from rolecall.unknown import Unknown
from rolecall.whole_file import write_whole

pytest.importorskip("rich", reason="the report needs the extra rolecall[report]")
pytest.importorskip("jinja2", reason="the report needs the extra rolecall[report]")

from rolecall.report import html, table, write
from rolecall.report.command import report as command

DATA = Path(__file__).with_name("data") / "report"
CHECKOV, PLAIN, PROWLER = (str(DATA / name) for name in ("checkov.json", "checkov-plain.json", "prowler.ocsf.json"))
NOW = datetime(2026, 1, 2, 3, 4, 5, tzinfo=timezone.utc)
UNKNOWN = Unknown("the code does not say")
HOSTILE = (
    "<script>alert(1)</script>\"'><img src=x onerror=alert(1)>[red]x[/red] \x1b[31mR\x1b]0;title\x07\u202egnp\x00\ud800"
)


def code(
    name: str | None = "shop-orders",
    status: Status = Status.FAIL,
    address: str = "aws_lambda_function.orders",
    framework: str = "terraform",
    **more: object,
) -> Finding:
    """A finding in code on a function; ``name`` is its literal name."""
    resource = Resource(
        framework=framework,
        type="aws_lambda_function" if framework == "terraform" else "AWS::Lambda::Function",
        address=address,
        name=name or UNKNOWN,
        arn=more.pop("arn", UNKNOWN),
        account=more.pop("account", UNKNOWN),
        region=more.pop("region", UNKNOWN),
        location=more.pop("location", Location("main.tf", 1, 7)),
    )
    return _finding(resource, name or address, status, **more)


def live(name: str = "shop-orders", status: Status = Status.FAIL, region: str = "eu-west-1", **more: object) -> Finding:
    """A finding in the account on a function."""
    account = more.pop("account", "111122223333")
    arn = f"arn:aws:lambda:{region}:{account}:function:{name}"
    return _finding(Resource("live", "AWS::Lambda::Function", arn, name, arn, account, region), name, status, **more)


def permission(function: str, address: str, status: Status, line: int = 20) -> Finding:
    """A finding on a permission, whose function is named by the record."""
    place = Location("main.tf", line, line + 5)
    resource = Resource("terraform", "aws_lambda_permission", address, UNKNOWN, UNKNOWN, UNKNOWN, UNKNOWN, place)
    return _finding(resource, function, status, rule="RC341")


def _finding(resource: Resource, function: str, status: Status, **more: object) -> Finding:
    rule = more.pop("rule", "RC103")
    finding = Finding(
        rule=rule,
        status=status,
        severity="high",
        title=f"title of {rule}",
        resource=resource,
        function=function,
        message=f"{resource.address} said {status.value}.",
        evidence=("a fact",),
        remediation=Remediation("Do it. And that.", "aws do", "do = 1", "Do: 1")
        if status is Status.FAIL
        else Remediation(),
    )
    return finding._replace(**more)


def report_of(*findings: Finding, problems: tuple[str, ...] = ()) -> Report:
    return make_report(findings, problems, created=NOW)


def invoke(*arguments: object) -> tuple[int, str, str]:
    """Exit code, standard output and standard error of ``rolecall report``."""
    result = CliRunner().invoke(command, [str(argument) for argument in arguments])
    assert result.exception is None or isinstance(result.exception, SystemExit), result.exception
    return result.exit_code, result.stdout, result.stderr


def trace_file(folder: Path, *findings: Finding) -> Path:
    path = folder / "trace.jsonl"
    path.write_text("".join(json.dumps(to_record(finding)) + "\n" for finding in findings))
    return path


class TestMerge:
    def test_same_arn_is_one_row(self) -> None:
        (row,) = merge([code(name=None, arn=live().resource.arn), live(status=Status.PASS)])
        assert (row.joined_by, row.code_status, row.live_status) == ("arn", Status.FAIL, Status.PASS)
        assert (row.status, row.resource, row.account, row.region) == (
            Status.FAIL, "shop-orders", "111122223333", "eu-west-1",
        )  # fmt: skip

    def test_same_literal_name_is_one_row(self) -> None:
        (row,) = merge([live(), code()])
        assert (row.joined_by, len(row.code), len(row.live)) == ("name", 1, 1)

    @pytest.mark.parametrize(
        ("in_code", "in_account"),
        [
            (code(name=None), [live()]),
            (code(name=None, address="shop-orders", framework="cloudformation"), [live()]),
            (code(), [live(), live(region="us-east-1")]),
            (code(), [live(), live(account="444455556666")]),
            (code(region="us-east-1"), [live()]),
            (code(account="444455556666"), [live()]),
            (code(arn="arn:aws:lambda:us-east-1:111122223333:function:shop-orders"), [live()]),
            (code(name="shop-order"), [live()]),
        ],
        ids=["no name", "address is no name", "two regions", "two accounts", "other region", "other account",
             "other ARN", "other name"],
    )  # fmt: skip
    def test_a_guess_is_no_join(self, in_code: Finding, in_account: list[Finding]) -> None:
        rows = merge([in_code, *in_account])
        assert len(rows) == 1 + len(in_account)
        assert {row.joined_by for row in rows} == {""}

    def test_a_region_known_in_code_tells_two_functions_apart(self) -> None:
        rows = merge([code(region="us-east-1"), live(), live(region="us-east-1")])
        assert [row.region for row in rows if row.joined_by == "name"] == ["us-east-1"]
        assert len(rows) == 2

    def test_ambiguity_is_judged_over_all_rules(self) -> None:
        rows = merge([code(), live(), live(region="us-east-1", rule="RC101")])
        assert {row.joined_by for row in rows} == {""}

    def test_rules_have_rows_of_their_own(self) -> None:
        assert [row.rule for row in merge([code(), code(rule="RC101"), live(), live(rule="RC101")])] == [
            "RC101",
            "RC103",
        ]

    def test_all_findings_in_code_stay_and_the_gravest_leads(self) -> None:
        template = Location("template.yaml", 2, 9)
        (row,) = merge(
            [
                code(status=Status.PASS),
                code(status=Status.UNKNOWN, address="Orders", framework="cloudformation", location=template),
                live(status=Status.PASS),
            ]
        )
        assert [finding.status for finding in row.code] == [Status.UNKNOWN, Status.PASS]
        assert (row.code_status, row.live_status, row.status) == (Status.UNKNOWN, Status.PASS, Status.UNKNOWN)

    @pytest.mark.parametrize(
        ("statuses", "gravest"),
        [("PASS MUTED UNKNOWN ERROR FAIL", "FAIL"), ("PASS MUTED UNKNOWN ERROR", "ERROR"),
         ("PASS MUTED UNKNOWN", "UNKNOWN"), ("PASS MUTED", "MUTED"), ("PASS PASS", "PASS")],
    )  # fmt: skip
    def test_order_of_gravity(self, statuses: str, gravest: str) -> None:
        findings = [
            permission("shop-orders", f"aws_lambda_permission.p{number}", Status(status))
            for number, status in enumerate(statuses.split())
        ]
        (row,) = merge([live(rule="RC341"), *findings])
        assert row.code_status is not None
        assert row.code_status.value == gravest

    def test_permissions_join_their_function(self) -> None:
        (row,) = merge(
            [
                permission("shop-orders", "aws_lambda_permission.api", Status.PASS),
                permission("shop-orders", "aws_lambda_permission.s3", Status.FAIL, line=30),
                live(rule="RC341"),
            ]
        )
        assert (row.resource, row.joined_by, len(row.code), row.code_status) == ("shop-orders", "name", 2, Status.FAIL)

    def test_permission_that_gives_a_qualified_arn_joins_by_it(self) -> None:
        function = f"{live().resource.arn}:live"
        (row,) = merge([permission(function, "aws_lambda_permission.api", Status.FAIL), live(rule="RC341")])
        assert row.joined_by == "arn"

    def test_permission_of_an_unnamed_function_stays_alone(self) -> None:
        rows = merge(
            [permission("aws_lambda_function.orders", "aws_lambda_permission.s3", Status.FAIL), live(rule="RC341")]
        )
        assert [row.joined_by for row in rows] == ["", ""]

    def test_the_same_finding_twice_counts_once(self) -> None:
        (row,) = merge([code(), live(), code(), live()])
        assert (len(row.code), len(row.live)) == (1, 1)

    def test_two_copies_of_one_address_are_two_findings(self) -> None:
        rows = merge([code(name=None), code(name=None, location=Location("prod/main.tf", 1, 7))])
        assert len(rows) == 2

    def test_two_messages_of_one_place_both_stay(self) -> None:
        (row,) = merge([live(), live(message="and something else")])
        assert len(row.live) == 2

    def test_what_one_input_mutes_is_muted(self) -> None:
        bare = code(status=Status.MUTED, evidence=("skipped in Checkov: because",))
        bare = bare._replace(message=bare.title)
        (row,) = merge([code(), bare])
        assert (row.status, row.code[0].evidence) == (Status.MUTED, ("a fact", "skipped in Checkov: because"))
        assert row.code[0].message == code().message

    def test_muting_hides_no_error(self) -> None:
        (row,) = merge([code(status=Status.ERROR), code(status=Status.MUTED)])
        assert row.status is Status.ERROR

    def test_worst_first(self) -> None:
        rows = merge(
            [
                live("a", Status.PASS),
                live("b", Status.UNKNOWN),
                live("c", Status.FAIL),
                live("d", Status.FAIL, severity="critical"),
                live("e", Status.ERROR),
                live("f", Status.MUTED),
            ]
        )
        assert [row.resource for row in rows] == list("dcebfa")

    def test_what_could_not_be_listed_is_a_row_of_the_account(self) -> None:
        root = "arn:aws:iam::111122223333:root"
        resource = Resource("live", "AWS::::Account", root, "111122223333", root, "111122223333", "eu-west-1")
        (row,) = merge([_finding(resource, "", Status.UNKNOWN)])
        assert (row.resource, row.region, row.status) == ("111122223333", "eu-west-1", Status.UNKNOWN)


class TestRead:
    def test_checkov(self) -> None:
        reading = read([CHECKOV])
        by_address = {finding.resource.address: finding for finding in reading.findings}
        assert {address: finding.status.value for address, finding in by_address.items()} == {
            "Orders": "FAIL",
            "Mailer": "MUTED",
            "aws_lambda_function.orders": "FAIL",
            "aws_lambda_function.mailer": "MUTED",
        }
        assert by_address["Orders"].function == "shop-orders"
        for address in ("Mailer", "aws_lambda_function.mailer"):
            assert "skipped in Checkov: created by the platform team" in by_address[address].evidence
        skipped = by_address["aws_lambda_function.mailer"].resource
        assert (skipped.type, skipped.location) == ("aws_lambda_function", Location("/build/src/main.tf", 9, 16))
        assert reading.notes == ("Checkov: 4 results of built-in checks are not shown",)
        assert [str(problem) for problem in reading.problems] == [f"{CHECKOV}: Checkov could not parse src/broken.yaml"]

    def test_checkov_records_without_ours_inside(self) -> None:
        finding = next(f for f in read([PLAIN]).findings if f.status is Status.FAIL)
        assert (finding.rule, finding.severity, finding.resource.framework) == ("RC103", "high", "terraform")
        assert finding.remediation.terraform

    def test_both_forms_of_one_run_are_the_same_findings(self) -> None:
        assert merge(read([CHECKOV, PLAIN]).findings) == merge(read([CHECKOV]).findings)

    def test_skipped_record_and_trace_are_one_muted_finding(self, tmp_path: Path) -> None:
        place = Location("/build/src/main.tf", 9, 16)
        trace = trace_file(tmp_path, code("shop-mailer", address="aws_lambda_function.mailer", location=place))
        (row,) = (row for row in merge(read([PLAIN, str(trace)]).findings) if row.resource == "shop-mailer")
        assert (row.status, len(row.code)) == (Status.MUTED, 1)
        assert "skipped in Checkov: created by the platform team" in row.code[0].evidence

    def test_checkov_that_found_nothing_to_scan(self, tmp_path: Path) -> None:
        path = tmp_path / "x"
        path.write_text('{"passed": 0, "failed": 0, "resource_count": 0, "checkov_version": "3.3.30"}')
        reading = read([str(path)])
        assert (reading.findings, reading.problems) == ((), ())

    def test_checkov_without_the_pack_is_warned_of(self, tmp_path: Path) -> None:
        record = {"check_id": "CKV_AWS_116", "check_result": {"result": "FAILED"}}
        path = tmp_path / "x.json"
        path.write_text(json.dumps({"check_type": "terraform", "results": {"failed_checks": [record]}}))
        (warning,) = read([str(path)]).warnings
        assert warning.startswith(f"{path}: no result of Rolecall in it")

    def test_prowler(self) -> None:
        reading = read([PROWLER])
        assert {(f.rule, f.resource.label): f.status.value for f in reading.findings} == {
            ("RC103", "shop-orders"): "FAIL",
            ("RC103", "shop-mailer"): "ERROR",
            ("RC341", "shop-orders"): "UNKNOWN",
            ("RC341", "shop-mailer"): "MUTED",
        }
        plain = next(finding for finding in reading.findings if finding.status is Status.UNKNOWN)
        assert plain.message == "lambda:GetPolicy was denied."
        assert (plain.resource.account, plain.resource.region) == ("123456789012", "eu-west-1")
        assert reading.notes == ("Prowler: 4 results of built-in checks are not shown",)

    def test_trace_with_findings_of_every_kind_and_events(self, tmp_path: Path) -> None:
        findings = [live(status=status) for status in Status]
        path = trace_file(tmp_path, *findings)
        with path.open("a") as file:
            file.write('\n{"schema": "rolecall/trace/1", "event": "loaded", "host": "checkov"}\n')
            file.write('{"schema": "rolecall/trace/1", "event": "unread", "host": "checkov", "what": "a.tf"}\n' * 2)
        reading = read([str(path)])
        assert [finding.status for finding in reading.findings] == list(Status)
        assert [str(p) for p in reading.problems] == [f"{path}: Checkov did not read a.tf"]

    @pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-32"])
    def test_encodings(self, tmp_path: Path, encoding: str) -> None:
        path = tmp_path / "x"
        path.write_bytes((json.dumps(to_record(live("größe"))) + "\n").encode(encoding))
        assert [finding.resource.label for finding in read([str(path)]).findings] == ["größe"]


DEEP = "[" * 200_000
RECORD = to_record(live())
BROKEN = {
    "missing": (None, "cannot be read: No such file or directory"),
    "empty": (b" \n", "is empty"),
    "truncated": (b'[\n {"check_type": "terraform", "results": {', "not complete JSON: .*line 2 column"),
    "no JSON": (b"<html>", "not complete JSON: .*line 1 column 1"),
    "no text": (b'{"a": "\xff\xfe"}', "not utf-8 text: byte 0xff at offset 7"),
    "foreign": (b'{"version": "2.1.0", "runs": []}', "neither Checkov JSON, nor Prowler OCSF JSON, nor a trace"),
    "foreign list": (b"[1, 2, 3]", r"item 1: neither .* \(and 2 more like it\)"),
    "deep": (DEEP.encode(), "is nested too deeply"),
    "deep line": (b'{"schema": "rolecall/trace/1", "event": "loaded"}\n' + DEEP.encode(), "line 2: "),
    "huge number": (b"[" + b"9" * 5000 + b"]", "not complete JSON|item 1: neither"),
    "other trace": (b'{"schema": "rolecall/trace/9"}', "schema is 'rolecall/trace/9'"),
    "no rule": (json.dumps({**RECORD, "rule": None} | {"resource": 3}).encode(), "a field has the wrong form"),
    "no status": (json.dumps({k: v for k, v in RECORD.items() if k != "status"}).encode(), "field 'status' is missing"),
    "status": (json.dumps({**RECORD, "status": "SO-SO"}).encode(), "'SO-SO' is not a valid Status"),
    "severity": (json.dumps({**RECORD, "severity": "worse"}).encode(), "'worse' is not one of critical"),
    "lines": (json.dumps(RECORD).replace('"file": null, "lines": null', '"file": "a", "lines": [1e999, 1]').encode(),
              "infinity"),
    "Checkov record": (b'{"check_type": "x", "results": {"failed_checks": [7]}}', "failed_checks 1: a field has the"),
    "Checkov result": (
        b'{"check_type": 1, "results": {"failed_checks": [{"check_id": "CKV_RC_1", "check_result": {"result": 7}}]}}',
        "failed_checks 1: result 7 is not one of",
    ),
    "Prowler": (
        b'[{"status_code": "FAIL", "metadata": {"event_code": "awslambda_function_execution_role_exists"}}]',
        "item 1: field 'uid' is missing",
    ),
}  # fmt: skip


class TestBrokenInput:
    @pytest.mark.parametrize("kind", BROKEN)
    def test_one_line_that_names_the_file_and_all_else_is_read(self, tmp_path: Path, kind: str) -> None:
        content, expected = BROKEN[kind]
        path = tmp_path / "input \x1b[31m.json" if kind == "no JSON" else tmp_path / "input.json"
        if content is not None:
            path.write_bytes(content)
        reading = read([str(path), PROWLER])
        (problem,) = reading.problems
        assert re.search(expected, str(problem)), str(problem)
        assert str(problem).startswith(f"{tmp_path}/input")
        assert str(problem).isprintable()
        assert len(reading.findings) == 4

    def test_good_lines_of_a_bad_trace_are_read(self, tmp_path: Path) -> None:
        path = trace_file(tmp_path, live("a"), live("b"))
        path.write_text(path.read_text() + path.read_text()[:50])
        reading = read([str(path)])
        assert len(reading.findings) == 2
        assert "line 3: not complete JSON" in str(reading.problems[0])

    def test_a_folder_and_an_impossible_path(self, tmp_path: Path) -> None:
        assert len(read([str(tmp_path), "a\0b"]).problems) == 2


class TestText:
    @pytest.mark.parametrize(
        ("dirty", "expected"),
        [
            ("shop-orders", "shop-orders"),
            ("größe 数 🎉", "größe 数 🎉"),
            ("\x1b[1;31mred\x1b[0m", "red"),
            ("\x1b]8;;http://x\x1b\\link\x1b]8;;\x07", "link"),
            ("\x9b31mred \x1bPq\x1b\\x", "red x"),
            ("unfinished \x1b]0;title", "unfinished"),
            ("a\u202eb\u2066c\u200bd\ufeffe", "abcde"),
            ("a\r\nb\tc\u2028d", "a b c d"),
            ("\ud800x\x00\x7f", "x"),
        ],
    )
    def test_clean(self, dirty: str, expected: str) -> None:
        assert clean(dirty) == expected

    def test_snippets_keep_their_lines(self) -> None:
        assert clean_lines("a {\r\n\tb = \x1b[1m1\n}") == "a {\n\tb = 1\n}"


class TestTable:
    ROWS = (
        code(), live(),
        code("shop-mailer", Status.PASS, "aws_lambda_function.mailer"), live("shop-mailer", Status.PASS),
        live("x" * 64, Status.UNKNOWN), live("y", Status.ERROR), live("z", severity="informational"),
        code("m", Status.MUTED, f"module.{'very_long_' * 9}.aws_lambda_function.m"),
    )  # fmt: skip

    @pytest.mark.parametrize("width", [60, 80, 100, 120, 200])
    def test_fits_the_width(self, width: int) -> None:
        text = table.render(report_of(*self.ROWS, problems=("p",)), width)
        assert max(map(len, text.split("\n"))) <= width
        for word in ("severity", "in code", "in account", "RC103", "shop-orders", "FAIL", "UNKNOWN", "ERROR", "MUTED"):
            assert word in text

    def test_passing_rows_are_one_line_unless_asked_for(self) -> None:
        assert "1 more row passes wherever looked at; --all lists them." in table.render(report_of(*self.ROWS))
        assert "shop-mailer" not in table.render(report_of(*self.ROWS))
        assert "shop-mailer" in table.render(report_of(*self.ROWS), show_all=True)

    def test_faults_have_message_place_and_fix(self) -> None:
        lines = table.render(report_of(*self.ROWS)).split("\n")
        start = lines.index("RC103 shop-orders")
        assert lines[start + 1] == "  code     aws_lambda_function.orders said FAIL. [main.tf:1-7]"
        assert lines[start + 2].startswith(
            "  account  arn:aws:lambda:eu-west-1:111122223333:function:shop-orders said FAIL."
        )
        assert lines[start + 4 : start + 6] == ["  fix      Do it.", "           aws do"]

    def test_last_line_counts(self) -> None:
        assert table.render(report_of(*self.ROWS)).rstrip().split("\n")[-1] == (
            "1 rule, 6 resources: 2 FAIL, 1 ERROR, 1 UNKNOWN, 1 MUTED, 1 PASS"
        )

    def test_rows_of_one_name_say_where_they_are(self) -> None:
        text = table.render(report_of(live(), live(region="us-east-1"), code(), code(location=Location("b.tf", 3, 3))))
        for place in ("111122223333 eu-west-1", "111122223333 us-east-1", "main.tf:1-7", "b.tf:3"):
            assert re.search(f"\n +{place}\n", text)

    def test_a_flood_is_cut_short_unless_asked_for(self) -> None:
        report = report_of(*(live(f"function-{number:03}", Status.UNKNOWN) for number in range(510)))
        text = table.render(report)
        assert "The worst 500 of 510 rows; all are in the report's files." in text
        assert "function-509" not in text
        assert "function-509" in table.render(report, show_all=True)

    def test_no_findings(self) -> None:
        assert "0 rules, 0 resources: 0 FAIL" in table.render(report_of())

    def test_nothing_of_the_input_is_obeyed(self) -> None:
        text = table.render(report_of(_hostile(code()), _hostile(live()), problems=(HOSTILE,)), 100, color=False)
        assert not set(text) & {"\x1b", "\x07", "\x00", "\u202e", "\ud800"}
        assert "[red]x[/red]" in text.replace("\n", "")

    def test_colours_only_when_asked_for(self) -> None:
        assert "\x1b[" in table.render(report_of(code()), color=True)
        assert "\x1b" not in table.render(report_of(code()))

    def test_a_stream_that_cannot_carry_everything(self) -> None:
        text = table.render(report_of(live("größe")), encoding="ascii")
        assert text.isascii()
        assert "gr??e" in text

    @pytest.mark.skipif(sys.platform == "win32", reason="needs a pseudo-terminal")
    @pytest.mark.parametrize(
        ("environment", "coloured"), [({}, True), ({"NO_COLOR": "1"}, False), ({"TERM": "dumb"}, False)]
    )
    def test_a_real_terminal(self, tmp_path: Path, environment: dict[str, str], coloured: bool) -> None:
        import fcntl
        import pty
        import struct
        import termios

        trace = trace_file(tmp_path, *self.ROWS)
        arguments = ["-c", "from rolecall.report.command import report; report()", str(trace), "-o", str(tmp_path)]
        inherited = {k: v for k, v in os.environ.items() if k not in ("NO_COLOR", "COLUMNS", "FORCE_COLOR")}
        master, slave = pty.openpty()
        fcntl.ioctl(slave, termios.TIOCSWINSZ, struct.pack("HHHH", 24, 72, 0, 0))
        process = subprocess.Popen(
            [sys.executable, *arguments],
            stdout=slave,
            env={**inherited, "TERM": "xterm", **environment},
            cwd=Path(__file__).parent.parent,
        )
        os.close(slave)
        shown = io.BytesIO()
        try:
            while part := os.read(master, 65536):
                shown.write(part)
        except OSError:  # Linux says so when the other end is closed
            pass
        assert process.wait() == 2  # an ERROR is among them
        os.close(master)
        text = shown.getvalue().decode()
        assert ("\x1b[" in text) is coloured
        plain = re.sub(r"\x1b\[[0-9;]*m", "", text).split("Written:")[0]
        assert 60 < max(len(line) for line in plain.splitlines()) <= 72


def _hostile(finding: Finding) -> Finding:
    place = finding.resource.location and Location(HOSTILE, 1, 2)
    resource = replace(finding.resource, address=HOSTILE, name=HOSTILE, type=HOSTILE, location=place)
    fix = Remediation(HOSTILE, HOSTILE, HOSTILE, HOSTILE)
    return finding._replace(
        rule=HOSTILE, resource=resource, title=HOSTILE, message=HOSTILE, evidence=(HOSTILE,), remediation=fix
    )


class _Tags(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.tags: list[str] = []
        self.attributes: set[str] = set()
        self.content: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append(tag)
        self.attributes |= {name for name, _ in attrs}

    def handle_data(self, data: str) -> None:
        self.content.append(data)


class TestHtml:
    @staticmethod
    def parse(page: str) -> _Tags:
        parser = _Tags()
        parser.feed(page)
        return parser

    def test_shows_both_sides_evidence_and_fixes(self) -> None:
        page = html.render(report_of(code(), live(status=Status.PASS), problems=("x.json: is empty",)))
        text = " ".join(" ".join(self.parse(page).content).split())
        for part in ("shop-orders", "FAIL", "PASS", "a fact", "main.tf:1-7", "aws do", "do = 1", "Do: 1",
                     "joined by name", "This report is not complete", "x.json: is empty"):  # fmt: skip
            assert part in text

    def test_markup_in_input_stays_text(self) -> None:
        harmless = self.parse(html.render(report_of(code(), live())))
        hostile = self.parse(html.render(report_of(_hostile(code()), _hostile(live()), problems=(HOSTILE,))))
        assert hostile.tags.count("script") == 1
        assert "img" not in hostile.tags
        assert not {name for name in hostile.attributes if name.startswith("on")}
        assert hostile.attributes <= harmless.attributes | {"role"}
        assert "<script>alert(1)</script>" in "".join(hostile.content)

    def test_fetches_nothing_and_runs_only_its_own(self) -> None:
        page = html.render(report_of(code()))
        policy = re.search(r'Content-Security-Policy" content="([^"]+)"', page)
        assert policy
        assert "default-src &#39;none&#39;" in policy[1]
        for element in ("style", "script"):
            content = re.search(f"<{element}>(.*?)</{element}>", page, re.DOTALL)
            assert content
            assert html._hash(content[1]) in policy[1].replace("&#43;", "+")
        assert not re.search(r"<(link|img|iframe|object|embed|base)\b|\bsrc=|url\(|@import|style=", page)

    def test_fixes_come_from_the_side_they_are_meant_for(self) -> None:
        in_code = code(remediation=Remediation("t", "aws from code", "from = code", "From: Code"))
        in_account = live(remediation=Remediation("t", "aws from account", "from = account", "From: Account"))
        (row,) = merge([in_code, in_account])
        assert [(fix.label, fix.text) for fix in html.fixes(row)] == [
            ("AWS CLI", "aws from account"),
            ("Terraform", "from = code"),
            ("CloudFormation", "From: Account"),
            ("CloudFormation", "From: Code"),
        ]
        assert html.advice(row) == ("t",)

    def test_no_findings(self) -> None:
        assert "No finding of Rolecall in the inputs." in html.render(report_of())


class TestFiles:
    def test_json(self) -> None:
        document = json.loads(write.as_json(report_of(code(), live(status=Status.PASS), problems=("p",))))
        assert (document["schema"], document["created"]) == ("rolecall/report/1", "2026-01-02T03:04:05+00:00")
        assert document["summary"]["fail"]["high"] == {"code": 1, "account": 0}
        assert document["problems"] == ["p"]
        (row,) = document["rows"]
        assert (row["rule"], row["status"], row["joined_by"]) == ("RC103", "FAIL", "name")
        assert (row["in_code"]["status"], row["in_account"]["status"]) == ("FAIL", "PASS")
        assert row["in_code"]["findings"] == [to_record(code())]

    def test_json_is_read_back_as_it_was(self) -> None:
        assert json.loads(write.as_json(report_of(_hostile(code()))))["rows"][0]["rule"] == clean(HOSTILE)

    def test_build(self, tmp_path: Path) -> None:
        merged, files = write.build([code()], ["a problem"], tmp_path / "new" / "folder", ["a note"])
        assert [path.name for path in files] == ["report.json", "report.html"]
        assert sorted(path.name for path in (tmp_path / "new" / "folder").iterdir()) == ["report.html", "report.json"]
        assert merged.problems == ("a problem",)

    def test_a_failed_write_leaves_the_old_file(self, tmp_path: Path) -> None:
        path = write_whole(tmp_path / "x", "old")
        with pytest.raises(UnicodeEncodeError):
            write_whole(path, "new" * 100_000 + "\ud800")
        assert path.read_text() == "old"
        assert list(tmp_path.iterdir()) == [path]

    @pytest.mark.skipif(sys.platform == "win32", reason="POSIX modes and links")
    def test_nothing_outside_the_folder(self, tmp_path: Path) -> None:
        outside, folder = tmp_path / "outside", tmp_path / "folder"
        outside.write_text("untouched")
        folder.mkdir()
        (folder / "report.json").symlink_to(outside)
        write.build([code()], [], folder)
        assert outside.read_text() == "untouched"
        assert not (folder / "report.json").is_symlink()
        mask = os.umask(0)
        os.umask(mask)
        assert stat.S_IMODE((folder / "report.json").stat().st_mode) == 0o666 & ~mask


class TestCommand:
    def test_merges_everything(self, tmp_path: Path) -> None:
        status, out, err = invoke(CHECKOV, PROWLER, "-o", tmp_path / "out")
        assert status == 2  # a template that Checkov could not parse, and an ERROR
        assert err == f"{CHECKOV}: Checkov could not parse src/broken.yaml\n"
        assert "Checkov: 4 results of built-in checks are not shown" in out
        assert f"Written: {tmp_path / 'out' / 'report.json'}, {tmp_path / 'out' / 'report.html'}" in out
        rows = json.loads((tmp_path / "out" / "report.json").read_text())["rows"]
        joined = {(row["rule"], row["resource"]): row for row in rows if row["joined_by"]}
        assert joined["RC103", "shop-orders"]["joined_by"] == "name"
        assert len(joined["RC103", "shop-orders"]["in_code"]["findings"]) == 2

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
        assert (status, err) == (2, f"{tmp_path / 'file'}: cannot be written: File exists\n")
        assert "1 FAIL" in out

    def test_all_lists_what_passes(self, tmp_path: Path) -> None:
        trace = trace_file(tmp_path, live("healthy", Status.PASS))
        assert "healthy" not in invoke(trace, "-o", tmp_path)[1]
        assert "healthy" in invoke(trace, "-o", tmp_path, "--all")[1]

    @pytest.mark.parametrize("module", ["rich", "jinja2"])
    def test_without_the_extra(self, tmp_path: Path, module: str) -> None:
        trace = trace_file(tmp_path, live())
        program = f"import sys; sys.modules[{module!r}] = None\nfrom rolecall.report.command import report\nreport()"
        result = subprocess.run(
            [sys.executable, "-c", program, str(trace), "-o", str(tmp_path)],
            capture_output=True,
            text=True,
            cwd=Path(__file__).parent.parent,
            check=False,
        )
        assert (result.returncode, result.stdout) == (2, "")
        assert result.stderr == f"{module} is not installed: install rolecall[report]\n"
