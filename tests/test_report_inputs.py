"""The report's inputs: everything that the tools write, in any encoding, broken in every way."""

from __future__ import annotations

import contextlib
import csv
import gzip
import io
import json
import os
import re
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

pytest.importorskip("duckdb", reason="the report needs the extra rolecall[report]")

from hypothesis import given, settings
from hypothesis import strategies as st
from report_inputs import (
    ACCOUNT,
    CHECKOV,
    HOSTILE,
    PLAIN,
    PROWLER,
    checkov_record,
    checkov_report,
    code,
    document,
    file_of,
    live,
    prowler_finding,
    report,
    rows,
    trace_file,
)

from rolecall.findings import Status, to_record
from rolecall.model import Location
from rolecall.report import intake
from rolecall.report import pieces as cutting
from rolecall.report.pieces import Block, Broken, Rest, pieces
from rolecall.report.text import clean, clean_lines


def said(folder: Path, *inputs: Any) -> dict[tuple[str, str], str]:
    """Status by rule and resource."""
    return {(row["rule"], row["resource"]): row["status"] for row in rows(folder, *inputs)}


class TestCheckov:
    def test_findings_inside_its_records(self, tmp_path: Path) -> None:
        made = document(tmp_path, CHECKOV)
        found = {(row["rule"], row["resource"]): row for row in made["rows"]}
        assert {key: row["status"] for key, row in found.items() if key[0] == "RC103"} == {
            ("RC103", "shop-orders"): "FAIL",
            ("RC103", "shop-mailer"): "MUTED",
            ("RC103", "aws_lambda_function.mailer"): "MUTED",
        } or {row["status"] for row in found.values()} == {"FAIL", "MUTED"}
        skipped = [
            result for row in made["rows"] for result in row["in_code"]["results"] if result["status"] == "MUTED"
        ]
        assert {result["waived"]["reason"] for result in skipped} == {
            "skipped in Checkov: created by the platform team"
        }
        assert made["problems"] == [f"{CHECKOV}: Checkov could not parse src/broken.yaml"]
        assert made["summary"]["results"] == {"rolecall": 4, "checkov": 4}

    def test_records_without_ours_inside(self, tmp_path: Path) -> None:
        results = [result for row in rows(tmp_path, PLAIN) for result in (row["in_code"]["results"])]
        finding = next(result for result in results if result["status"] == "FAIL" and result["rule"] == "RC103")
        assert (finding["severity"], finding["framework"], finding["tool"]) == ("high", "terraform", "rolecall")

    def test_both_forms_of_one_run_are_the_same_rows(self, tmp_path: Path) -> None:
        def told(*inputs: str) -> list[Any]:
            return [(row["rule"], row["status"], len(row["in_code"]["results"])) for row in rows(tmp_path, *inputs)]

        assert told(CHECKOV, PLAIN) == told(CHECKOV)

    def test_skipped_record_and_trace_are_one_muted_result(self, tmp_path: Path) -> None:
        place = Location("/build/src/main.tf", 9, 16)
        in_code = code("shop-mailer", address="aws_lambda_function.mailer", location=place)
        found = rows(tmp_path, PLAIN, in_code)
        (row,) = (row for row in found if row["rule"] == "RC103" and "mailer" in row["resource"])
        (result,) = row["in_code"]["results"]
        assert (row["status"], result["message"]) == ("MUTED", in_code.message)
        assert result["waived"]["reason"] == "skipped in Checkov: created by the platform team"

    def test_nothing_to_scan(self, tmp_path: Path) -> None:
        nothing = {"passed": 0, "failed": 0, "resource_count": 0, "checkov_version": "3.3.30"}
        made = document(tmp_path, file_of(tmp_path, "x", nothing))
        assert (made["rows"], made["problems"]) == ([], [])

    def test_without_the_pack_is_warned_of(self, tmp_path: Path) -> None:
        path = file_of(tmp_path, "x.json", checkov_report(checkov_record()))
        (warning,) = report(tmp_path, path).warnings
        assert warning.startswith(f"{path}: no result of Rolecall in it")

    def test_several_frameworks_in_one_file(self, tmp_path: Path) -> None:
        template = checkov_report(checkov_record(resource="AWS::Lambda::Function.Orders"), framework="cloudformation")
        both = file_of(tmp_path, "x.json", [checkov_report(checkov_record()), template])
        results = [row["in_code"]["results"][0] for row in rows(tmp_path, both)]
        assert {(one["framework"], one["type"], one["address"]) for one in results} == {
            ("terraform", "aws_lambda_function", "aws_lambda_function.orders"),
            ("cloudformation", "AWS::Lambda::Function", "Orders"),
        }


def sarif(*results: dict[str, Any], tool: str = "Checkov", **rule: Any) -> dict[str, Any]:
    driver = {"name": tool, "rules": [{"id": "CKV_AWS_116", "shortDescription": {"text": "short"}, **rule}]}
    return {"version": "2.1.0", "runs": [{"tool": {"driver": driver}, "results": list(results)}]}


def sarif_result(check: str = "CKV_AWS_116", line: int = 1, **more: Any) -> dict[str, Any]:
    place = {"artifactLocation": {"uri": "main.tf"}, "region": {"startLine": line, "endLine": line + 6}}
    return {"ruleId": check, "message": {"text": "said"}, "locations": [{"physicalLocation": place}], **more}


class TestSarif:
    def test_of_checkov_alone(self, tmp_path: Path) -> None:
        (row,) = rows(tmp_path, file_of(tmp_path, "r.sarif", sarif(sarif_result())))
        assert (row["rule"], row["status"], row["resource"]) == (
            "awslambda-function-dead-letter-queue", "FAIL", "main.tf:1-7",
        )  # fmt: skip

    def test_beside_checkovs_json_it_says_the_same_once(self, tmp_path: Path) -> None:
        both = (
            file_of(tmp_path, "r.sarif", sarif(sarif_result(line=2))),  # Checkov's lines differ by one
            file_of(tmp_path, "c.json", checkov_report(checkov_record())),
        )
        (row,) = rows(tmp_path, *both)
        assert row["resource"] == "aws_lambda_function.orders"

    def test_suppressed_is_muted(self, tmp_path: Path) -> None:
        muted = sarif_result(suppressions=[{"kind": "inSource", "justification": "because"}])
        (row,) = rows(tmp_path, file_of(tmp_path, "r.sarif", sarif(muted)))
        assert row["status"] == "MUTED"
        assert row["in_code"]["results"][0]["waived"]["reason"] == "suppressed in checkov: because"

    @pytest.mark.parametrize(("score", "severity"), [("9.1", "critical"), ("7", "high"), ("4.0", "medium"),
                                                     ("0.5", "low"), ("0.0", "informational")])  # fmt: skip
    def test_of_another_scanner(self, tmp_path: Path, score: str, severity: str) -> None:
        given = sarif(sarif_result("X1"), tool="Other", id="X1", properties={"security-severity": score})
        (row,) = rows(tmp_path, file_of(tmp_path, "r.sarif", given))
        assert (row["rule"], row["title"], row["severity"]) == ("X1", "short", severity)
        assert row["in_code"]["results"][0]["tool"] == "other"


class TestProwler:
    def test_ocsf(self, tmp_path: Path) -> None:
        made = document(tmp_path, PROWLER)
        found = {(row["rule"], row["resource"]): row for row in made["rows"] if row["rule"].startswith("RC")}
        assert {key: row["status"] for key, row in found.items()} == {
            ("RC103", "shop-orders"): "FAIL",
            ("RC103", "shop-mailer"): "ERROR",
            ("RC341", "shop-orders"): "UNKNOWN",
            ("RC341", "shop-mailer"): "MUTED",
        }
        plain = found["RC341", "shop-orders"]
        assert plain["in_account"]["results"][0]["message"] == "lambda:GetPolicy was denied."
        assert (plain["account"], plain["region"]) == ("123456789012", "eu-west-1")
        assert made["summary"]["results"] == {"rolecall": 4, "prowler": 4}

    @pytest.mark.parametrize("muted", [False, True])
    def test_csv_and_asff_say_what_ocsf_says(self, tmp_path: Path, muted: bool) -> None:
        ocsf = prowler_finding()
        ocsf["status"] = "Suppressed" if muted else "New"
        resource = ocsf["resources"][0]
        row = {
            "CHECK_ID": "awslambda_function_inside_vpc", "STATUS": "FAIL", "STATUS_EXTENDED": ocsf["status_detail"],
            "SEVERITY": "low", "MUTED": str(muted), "RESOURCE_UID": resource["uid"], "RESOURCE_NAME": "shop-orders",
            "RESOURCE_TYPE": "AwsLambdaFunction", "RESOURCE_TAGS": "a=b | c=d", "ACCOUNT_UID": ACCOUNT,
            "REGION": "eu-west-1", "CHECK_TITLE": "t", "TIMESTAMP": ocsf["time_dt"],
        }  # fmt: skip
        text = io.StringIO()
        writer = csv.DictWriter(text, row, delimiter=";")
        writer.writeheader()
        writer.writerow(row)
        asff = {
            "SchemaVersion": "2018-10-08", "Id": "x", "GeneratorId": "prowler-awslambda_function_inside_vpc",
            "AwsAccountId": ACCOUNT, "Title": "t", "Description": ocsf["status_detail"],
            "Severity": {"Label": "LOW"}, "Compliance": {"Status": "WARNING" if muted else "FAILED"},
            "UpdatedAt": ocsf["time_dt"],
            "Resources": [{"Id": resource["uid"], "Type": "AwsLambdaFunction", "Region": "eu-west-1"}],
        }  # fmt: skip
        told = []
        for name, content in (("ocsf", [ocsf]), ("csv", text.getvalue()), ("asff", [asff])):
            (found,) = rows(tmp_path, file_of(tmp_path, name, content))
            told.append(found)
        assert told[0] == told[1] == told[2]
        assert told[0]["status"] == ("MUTED" if muted else "FAIL")

    def test_csv_with_a_short_row_loses_no_other(self, tmp_path: Path) -> None:
        good = f"awslambda_function_inside_vpc;FAIL;arn:aws:lambda:eu-west-1:{ACCOUNT}:function:f"
        path = file_of(tmp_path, "x.csv", f"CHECK_ID;STATUS;RESOURCE_UID\nonly;two\n{good}\n")
        made = document(tmp_path, path)
        assert (len(made["rows"]), made["problems"]) == (1, [f"{path}: line 2: 2 fields, expected 3"])


class TestTrace:
    def test_findings_of_every_kind_and_events(self, tmp_path: Path) -> None:
        path = Path(trace_file(tmp_path, *(live(f"f-{status.value}", status) for status in Status)))
        with path.open("a") as file:
            file.write('\n{"schema": "rolecall/trace/1", "event": "loaded", "host": "checkov"}\n')
            file.write('{"schema": "rolecall/trace/1", "event": "unread", "host": "checkov", "what": "a.tf"}\n' * 2)
        made = document(tmp_path, str(path))
        assert {row["status"] for row in made["rows"]} == {status.value for status in Status}
        assert made["problems"] == [f"{path}: Checkov did not read a.tf"]

    def test_wirings_that_are_too_many_are_counted(self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr(intake, "MOST_WIRINGS", 1)
        line = {"schema": "rolecall/trace/1", "event": "wiring", "host": "live", "wiring": {}}
        path = file_of(tmp_path, "x.jsonl", f"{json.dumps(line)}\n" * 3)
        assert document(tmp_path, path)["notes"] == ["What is wired to 2 more functions is not drawn."]

    @pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-32"])
    @pytest.mark.parametrize("compressed", [False, True])
    def test_encodings(self, tmp_path: Path, encoding: str, compressed: bool) -> None:
        content = (json.dumps(to_record(live("größe"))) + "\n").encode(encoding)
        path = file_of(tmp_path, "x", gzip.compress(content) if compressed else content)
        assert [row["resource"] for row in rows(tmp_path, path)] == ["größe"]


class TestWhere:
    def test_patterns_and_names_that_look_like_some(self, tmp_path: Path) -> None:
        folder = tmp_path / "a" / "b"
        folder.mkdir(parents=True)
        for name in ("one", "two"):
            os.replace(trace_file(folder, live(name)), folder / f"{name}.jsonl")
        os.replace(trace_file(tmp_path, live("three")), tmp_path / "[x].jsonl")
        found = said(tmp_path, f"{tmp_path}/**/*.jsonl", f"{folder}/one.jsonl")
        assert {resource for _, resource in found} == {"one", "two", "three"}
        assert {resource for _, resource in said(tmp_path, f"{tmp_path}/[x].jsonl")} == {"three"}

    def test_a_pattern_that_matches_nothing_is_a_problem(self, tmp_path: Path) -> None:
        (problem,) = document(tmp_path, f"{tmp_path}/*.none")["problems"]
        assert problem == f"{tmp_path}/*.none: cannot be read: No such file or directory"

    @pytest.mark.parametrize("compressed", [False, True])
    def test_standard_input(self, tmp_path: Path, compressed: bool) -> None:
        content = Path(trace_file(tmp_path, live())).read_bytes()
        done = subprocess.run(
            [sys.executable, "-m", "rolecall", "report", "-", "-o", str(tmp_path / "out"), "--format", "json"],
            input=gzip.compress(content) if compressed else content,
            capture_output=True,
            check=False,
        )
        assert (done.returncode, done.stderr) == (0, b"")
        assert [row["resource"] for row in json.loads((tmp_path / "out" / "report.json").read_text())["rows"]] == [
            "shop-orders"
        ]


DEEP = "[" * 200_000
RECORD = to_record(live())
BROKEN = {
    "missing": (None, "cannot be read: No such file or directory"),
    "empty": (b" \n", "is empty"),
    "truncated": (b'[\n {"check_type": "terraform", "results": {', r"not complete JSON.* \(at byte \d+\)"),
    "no JSON": (b"<html>", "not complete JSON.*at byte 0"),
    "no text": (b'{"a": "\xff\xfe"}', "not UTF-8: byte 0xff .at byte 7"),
    "no text in an item": (
        b'{"schema": "rolecall/trace/1", "event": "loaded"}\n{"a": "\xff"}', "item 2: not UTF-8 text: byte 0xff",
    ),
    "foreign": (b'{"version": "2.1.0", "something": []}', "neither Checkov's JSON or SARIF, nor Prowler's OCSF"),
    "foreign list": (b"[1, 2, 3]", r"item 1: neither .* \(and 2 more like it\)"),
    "deep": (DEEP.encode(), "is nested too deeply"),
    "deep line": (b'{"schema": "rolecall/trace/1", "event": "loaded"}\n' + DEEP.encode(), "item 2: "),
    "huge number": (b"[" + b"9" * 5000 + b"]", "not complete JSON|item 1: "),
    "other trace": (b'{"schema": "rolecall/trace/9"}', "schema is 'rolecall/trace/9'"),
    "resource": (json.dumps({**RECORD, "resource": 3}).encode(), "a field has the wrong form"),
    "no status": (json.dumps({k: v for k, v in RECORD.items() if k != "status"}).encode(), "field 'status' is missing"),
    "status": (json.dumps({**RECORD, "status": "SO-SO"}).encode(), "Invalid enum value 'SO-SO' - at `\\$.status`"),
    "severity": (json.dumps({**RECORD, "severity": "worse"}).encode(), "Invalid enum value 'worse'"),
    "lines": (json.dumps(RECORD).replace('"file": null, "lines": null', '"file": "a", "lines": [1e999, 1]').encode(),
              "item 1: "),
    "gzip": (gzip.compress(json.dumps(RECORD).encode())[:-20], "is cut off: the compressed data has no end"),
    "no gzip": (b"\x1f\x8bnothing at all", "cannot be read: Unknown compression method"),
    "Checkov record": (b'{"check_type": "x", "results": {"failed_checks": [7]}}', "item 1: a field has the"),
    "Checkov result": (
        b'{"check_type": 1, "results": {"failed_checks": '
        b'[{"check_id": "CKV_RC_1", "resource": "r", "check_result": {"result": "so"}}]}}',
        "item 1: result 'so' is not one of",
    ),
    "Checkov's unknown rule": (
        json.dumps(checkov_report(checkov_record("CKV_RC_999"))).encode(), "CKV_RC_999 has no severity",
    ),
    "Prowler": (b'[{"status_code": "SO", "metadata": {"event_code": "x"}}]', "item 1: status_code 'SO' is not one of"),
    "state": (b'{"terraform_version": "1", "resources": [{"mode": "managed"}]}', "a field has the wrong form"),
}  # fmt: skip


class TestBroken:
    @pytest.mark.parametrize("kind", BROKEN)
    def test_one_line_that_names_the_file_and_all_else_is_read(self, tmp_path: Path, kind: str) -> None:
        content, expected = BROKEN[kind]
        path = tmp_path / "input \x1b[31m.json" if kind == "no JSON" else tmp_path / "input.json"
        if content is not None:
            path.write_bytes(content)
        made = document(tmp_path, str(path), PROWLER)
        (problem,) = made["problems"]
        assert re.search(expected, problem), problem
        assert problem.startswith(f"{tmp_path}/input")
        assert problem.isprintable()
        assert len(made["rows"]) == 8

    def test_good_items_of_a_file_that_is_cut_off_are_read(self, tmp_path: Path) -> None:
        text = json.dumps([prowler_finding(arn=f"{live(name).resource.arn}") for name in "abc"], indent=4)
        path = file_of(tmp_path, "x.json", text[: text.rindex("FAIL")])
        made = document(tmp_path, path)
        assert len(made["rows"]) == 2
        assert "not complete JSON" in made["problems"][0]

    def test_good_lines_of_a_bad_trace_are_read(self, tmp_path: Path) -> None:
        path = Path(trace_file(tmp_path, live("a"), live("b")))
        path.write_text(path.read_text() + path.read_text()[:50])
        made = document(tmp_path, str(path))
        assert len(made["rows"]) == 2
        assert made["problems"][0].startswith(f"{path}: item 3: not complete JSON")

    def test_a_bad_item_among_good_ones_is_named(self, tmp_path: Path) -> None:
        items = [prowler_finding(arn=f"{live(name).resource.arn}") for name in "abc"]
        items[1]["resources"] = 5
        made = document(tmp_path, file_of(tmp_path, "x.json", items))
        assert len(made["rows"]) == 2
        assert "item 2: a field has the wrong form" in made["problems"][0]

    def test_a_folder_and_an_impossible_path(self, tmp_path: Path) -> None:
        assert len(document(tmp_path, str(tmp_path), "a\0b")["problems"]) == 2

    def test_hostile_strings_are_made_harmless(self, tmp_path: Path) -> None:
        record = {**RECORD, "message": HOSTILE, "evidence": [HOSTILE], "rule": HOSTILE, "title": HOSTILE}
        text = json.dumps(document(tmp_path, file_of(tmp_path, "x.json", record)), ensure_ascii=False)
        assert not set(text) & {"\x1b", "\x07", "\x00", "\u202e", "\ud800"}
        assert "<script>" in text  # it is JSON: that is text there

    def test_half_of_a_surrogate_pair(self, tmp_path: Path) -> None:
        line = json.dumps({**RECORD, "message": "a\ud800b"})
        (row,) = rows(tmp_path, file_of(tmp_path, "x.jsonl", f"{line}\n{json.dumps(to_record(live()))}\n"))
        assert {result["message"] for result in row["in_account"]["results"]} == {"ab", live().message}


SHORT = st.text(max_size=3)
VALUE = st.recursive(
    st.none() | st.integers() | st.text(max_size=6),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(SHORT, inner, max_size=3),
    max_leaves=5,
)
ITEM = st.dictionaries(SHORT, VALUE, max_size=4)


class TestPieces:
    @given(st.lists(ITEM, max_size=12), st.sampled_from([None, 0, 1, 4]), st.integers(40, 400), st.booleans())
    @settings(max_examples=200, deadline=None)
    def test_blocks_hold_all_items_however_the_text_is_laid_out(
        self, items: list[dict[str, Any]], indent: int | None, size: int, nested: bool
    ) -> None:
        whole: Any = {"check_type": "x", "results": {"failed_checks": items}, "z": 1} if nested else items
        text = json.dumps(whole, indent=indent).encode()
        before, cutting.BLOCK = cutting.BLOCK, size
        try:
            cut = list(pieces(io.BytesIO(text)))
        finally:
            cutting.BLOCK = before
        read = [item for one in cut if isinstance(one, Block) for item in json.loads(b"[" + one.data + b"]")]
        assert read == items
        for one in cut:
            if isinstance(one, Block) and one.at >= 0:
                assert text[one.at : one.at + len(one.data)] == one.data
        if nested:
            rest = cut[-1]
            assert isinstance(rest, Rest)
            assert rest.values["z"] == 1

    @given(st.binary(max_size=200) | st.text('[]{}",: \n\\a1', max_size=60).map(str.encode))
    @settings(max_examples=300, deadline=None)
    def test_anything_ends_in_pieces_or_broken(self, content: bytes) -> None:
        with contextlib.suppress(Broken):
            list(pieces(io.BytesIO(content)))


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
