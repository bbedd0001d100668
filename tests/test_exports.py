"""What ``rolecall export`` writes is what the real tools take, and means there what it means here."""

from __future__ import annotations

import csv
import io
import json
import sys
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from subprocess import CompletedProcess

import pytest
import yaml
from broken_account import stage
from hosts import REGION, account_environment, moto_account, run, run_checkov, run_prowler
from prowler_runs import FETCHES_CODE, in_prowler

from rolecall.catalog import load_catalog
from rolecall.crosswalk import TOOLS, load_crosswalk

OVERLAY = """version: 1
rules:
  CKV_AWS_116: {severity: critical, ids: [OWN-1], controls: ["=SOC 2 CC7"]}
  awslambda_function_inside_vpc: {enabled: false, controls: ["=SOC 2 CC7"]}
  CKV_AWS_117: {enabled: false}
  RC101: {severity: low, remediation: {add: "Runbook: https://wiki.example/r"}}
waivers:
  - {rule: RC101, resource: orph*, reason: known, owner: platform, expires: 2999-12-31}
  - rule: awslambda-function-dead-letter-queue
    resource: "arn:aws:lambda:eu-west-?:*:function:open"
    reason: synchronous
    owner: platform
    expires: 2999-12-31
  - {rule: awslambda_function_no_dead_letter_queue, resource: healthy, reason: x, owner: y, expires: 2999-12-31}
  - {rule: RC103, resource: "*", reason: old, owner: platform, expires: 2020-01-01}
  - {rule: RC103, resource: "arn:aws:lambda:*:1111*:function:x", reason: r, owner: o, expires: 2999-12-31}
  - {rule: CKV_AWS_50, resource: "*", reason: never, owner: platform, expires: 2999-12-31}
"""
CODE = """
resource "aws_lambda_function" "orders" {
  function_name = "orders"
  role          = "arn:aws:iam::111122223333:role/r"
}
resource "aws_lambda_function" "open" {
  function_name = "open"
  role          = "arn:aws:iam::111122223333:role/r"
}
"""


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("exports")
    (folder / "rolecall.yaml").write_text(OVERLAY, encoding="utf-8")
    (folder / "main.tf").write_text(CODE, encoding="utf-8")
    return folder


def export(folder: Path, *arguments: str, **environment: str) -> str:
    done = exported(folder, *arguments, **environment)
    assert done.returncode == 0, done.stderr
    return done.stdout


def exported(folder: Path, *arguments: str, **environment: str) -> CompletedProcess[str]:
    return run([sys.executable, "-m", "rolecall", "export", *arguments], cwd=folder, env=environment)


def test_prowler_takes_the_metadata_of_every_check(folder: Path) -> None:
    """Each with Prowler's own model, which drops all findings of a check whose metadata it refuses."""
    export(folder, "prowler-metadata", "-o", "metadata.yaml")
    told = json.loads(
        in_prowler(
            folder,
            """
            import json
            from prowler.lib.check.custom_checks_metadata import parse_custom_checks_metadata_file
            from prowler.lib.check.custom_checks_metadata import update_checks_metadata
            from prowler.lib.check.models import CheckMetadata
            custom = parse_custom_checks_metadata_file("aws", "metadata.yaml")
            bulk = update_checks_metadata(CheckMetadata.get_bulk("aws"), custom)
            again = [CheckMetadata.parse_raw(check.json()) for check in bulk.values()]
            said = {c.CheckID: [c.Severity, c.CheckTitle, c.Remediation.Recommendation.Text] for c in again}
            print(json.dumps([sorted(custom["Checks"]), said]))
            """,
        )
    )
    custom, checks = told
    of_ours = {entry.prowler.check for entry in load_catalog().values() if "live" in entry.surfaces}
    crosswalk = load_crosswalk()
    assert set(custom) == set(checks) == {check for control in crosswalk for check in control.prowler} | of_ours
    for control in crosswalk:
        for check in control.prowler:
            assert checks[check] == [control.severity, control.title, control.remediation.text]
    role = checks["awslambda_function_execution_role_exists"]
    assert role[0] == "low" and role[2].endswith("Runbook: https://wiki.example/r")


@pytest.fixture(scope="module")
def account() -> Iterator[str]:
    with moto_account() as endpoint:
        stage(endpoint)
        yield endpoint


def prowler(endpoint: str, folder: Path, name: str, *arguments: str) -> dict[tuple[str, str], dict[str, str]]:
    """By check and resource: status, and severity."""
    scope = ("-f", REGION, "--service", "awslambda", "iam", "--excluded-checks", *FETCHES_CODE)
    output = ("-o", "out", "-F", name, "-M", "json-ocsf")
    none = {**account_environment(endpoint), "ROLECALL_CONFIG": ""}
    done = run_prowler(*scope, *output, *arguments, endpoint=endpoint, cwd=folder, env=none)
    report = folder / f"out/{name}.ocsf.json"
    assert report.is_file(), done.stdout + done.stderr
    findings = json.loads(report.read_text(encoding="utf-8"))
    assert findings
    return {(f["metadata"]["event_code"], f["resources"][0]["uid"]): f for f in findings}


@pytest.fixture(scope="module")
def bare(account: str, folder: Path) -> dict[tuple[str, str], dict[str, str]]:
    return prowler(account, folder, "bare")


@pytest.fixture(scope="module")
def fed(account: str, folder: Path) -> dict[tuple[str, str], dict[str, str]]:
    export(folder, "prowler-metadata", "-o", "metadata.yaml")
    export(folder, "prowler-mutelist", "-o", "mute.yaml")
    files = ("--custom-checks-metadata-file", "metadata.yaml", "--mutelist-file", "mute.yaml")
    return prowler(account, folder, "fed", *files)


def test_no_check_finds_less_with_the_metadata(
    bare: dict[tuple[str, str], dict[str, str]], fed: dict[tuple[str, str], dict[str, str]]
) -> None:
    assert Counter(check for check, _ in fed) == Counter(check for check, _ in bare)
    assert {place: f["status_code"] for place, f in fed.items()} == {p: f["status_code"] for p, f in bare.items()}
    assert len({check for check, _ in fed}) > 60


def test_the_mutelist_mutes_what_was_waived_and_nothing_else(fed: dict[tuple[str, str], dict[str, str]]) -> None:
    muted = {(check, arn.rpartition(":")[2]) for (check, arn), f in fed.items() if f["status"] == "Suppressed"}
    assert muted == {
        ("awslambda_function_execution_role_exists", "orphan"),
        ("awslambda_function_no_dead_letter_queue", "open"),
        ("awslambda_function_no_dead_letter_queue", "healthy"),
    }


def test_what_the_mutelist_cannot_say_and_what_expired_is_said(folder: Path) -> None:
    said = exported(folder, "prowler-mutelist").stderr.splitlines()
    assert said == [
        "rolecall: rolecall.yaml:16: Prowler's mutelist cannot say arn:aws:lambda:*:1111*:function:x: "
        "give all parts of the ARN",
        "rolecall: rolecall.yaml:15: the waiver of RC103 for * (platform) expired on 2020-01-01",
    ]


def test_prowler_takes_the_framework(folder: Path) -> None:
    (folder / "frameworks").mkdir()
    export(folder, "prowler-compliance", "-o", "frameworks/own.json")
    environment = {"ROLECALL_COMPLIANCE": str(folder / "frameworks")}
    options = ("--list-compliance-requirements", "own", "--no-color")
    listed = run_prowler(*options, cwd=folder, env=environment).stdout
    framework = json.loads((folder / "frameworks/own.json").read_text(encoding="utf-8"))
    for requirement in framework["requirements"]:
        assert f"Requirement Id: {requirement['id']}\n" in listed
    enabled = {check for requirement in framework["requirements"] for check in requirement["checks"]["aws"]}
    shipped = {check for control in load_crosswalk() for check in control.prowler}
    assert shipped - enabled == {"awslambda_function_inside_vpc"}
    assert "own" not in run_prowler("--list-compliance", "--no-color", cwd=folder).stdout.split()


def test_checkov_takes_the_configuration(folder: Path) -> None:
    lists = ("--check", "medium", "--hard-fail-on", "critical", "--soft-fail-on", "critical")
    (folder / ".checkov.yaml").write_text(export(folder, "checkov-config", *lists), encoding="utf-8")
    done = run_checkov("-f", "main.tf", "-o", "json", "--config-file", ".checkov.yaml", cwd=folder, rolecall=False)
    report = json.loads(done.stdout)
    ran = {record["check_id"] for kind in ("passed", "failed") for record in report["results"][f"{kind}_checks"]}
    severities = load_crosswalk().severities()
    assert "CKV_AWS_116" in ran
    assert {severities[check] for check in ran} <= {"critical", "high", "medium"}
    assert not ran & {"CKV_AWS_117", "CKV_AWS_50", "CKV_AWS_115"}
    assert done.returncode == 1  # CKV_AWS_116 is critical for this team
    (folder / ".checkov.yaml").write_text(
        export(folder, "checkov-config", *lists, ROLECALL_CONFIG=""), encoding="utf-8"
    )
    done = run_checkov("-f", "main.tf", "--config-file", ".checkov.yaml", cwd=folder, rolecall=False)
    assert done.returncode == 0
    (folder / ".checkov.yaml").unlink()


def test_checkov_takes_the_baseline(folder: Path) -> None:
    options = ("-f", "main.tf", "-o", "json", "-c", "CKV_AWS_116,CKV_AWS_50,CKV_AWS_115")
    none = {"ROLECALL_CONFIG": ""}
    before = run_checkov(*options, cwd=folder, env=none, rolecall=False)
    (folder / "results.json").write_text(before.stdout, encoding="utf-8")
    export(folder, "checkov-baseline", "results.json", "-o", "accepted.json")
    after = run_checkov(*options, "--baseline", "accepted.json", cwd=folder, env=none, rolecall=False)
    left = [(r["check_id"], r["resource"]) for r in json.loads(after.stdout)["results"]["failed_checks"]]
    assert {check for check, _ in left} == {"CKV_AWS_116", "CKV_AWS_115"}


@pytest.mark.parametrize("text", ["", "{", "[1]", '{"results": []}', "[" * 100_000])
def test_what_is_no_result_of_checkov_is_refused_in_one_line(folder: Path, text: str) -> None:
    (folder / "bad.json").write_text(text, encoding="utf-8")
    done = exported(folder, "checkov-baseline", "bad.json")
    assert done.returncode == 2
    assert done.stderr.startswith("rolecall: bad.json: is not ") and done.stderr.count("\n") == 1


def test_the_table_has_every_check_and_relation(folder: Path) -> None:
    text = export(folder, "csv")
    rows = list(csv.DictReader(io.StringIO(text)))
    crosswalk = load_crosswalk()
    for tool in TOOLS:
        shipped = {check for control in crosswalk for check in getattr(control, tool)}
        assert shipped <= {row["check"] for row in rows if row["tool"] == tool}
    pairs = Counter((row["check"], row["counterpart"]) for row in rows if row["relation"])
    relations = [relation for control in crosswalk for relation in control.relations]
    assert sum(pairs.values()) == 2 * len(relations) and set(pairs.values()) == {1}
    own = next(row for row in rows if row["check"] == "CKV_AWS_116")
    assert (own["severity"], own["own_ids"], own["own_controls"]) == ("critical", "OWN-1", "'=SOC 2 CC7")
    assert next(row for row in rows if row["check"] == "CKV_AWS_117")["enabled"] == "no"


def test_the_json_has_all_of_it(folder: Path) -> None:
    document = json.loads(export(folder, "json"))
    crosswalk = load_crosswalk()
    assert document["schema"] == "rolecall/mapping/1"
    assert len(document["controls"]) == len(crosswalk) and len(document["rules"]) == len(load_catalog())
    assert len({(check["tool"], check["name"]) for check in document["checks"]}) == len(document["checks"])


def test_the_references_have_the_columns_of_nist(folder: Path) -> None:
    rows = list(csv.DictReader(io.StringIO(export(folder, "olir"))))
    assert len(rows) == sum(len(control.relations) for control in load_crosswalk())
    assert list(rows[0])[:5] == [
        "Focal Document Element",
        "Focal Document Element Description",
        "Security Control Baseline",
        "Rationale",
        "Relationship",
    ]
    assert {row["Relationship"] for row in rows} <= {"equal to", "subset of", "superset of", "intersects with"}


def test_a_place_that_cannot_be_written_is_named(folder: Path) -> None:
    done = exported(folder, "csv", "-o", "nowhere/x.csv")
    assert (done.returncode, done.stderr) == (
        2,
        "rolecall: nowhere/x.csv: cannot be written: No such file or directory\n",
    )


def test_yaml_is_safe_to_read(folder: Path) -> None:
    for target in ("prowler-metadata", "prowler-mutelist", "checkov-config"):
        assert yaml.safe_load(export(folder, target)) is not None or target == "checkov-config"
