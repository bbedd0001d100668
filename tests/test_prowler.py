"""The checks in the real Prowler, on an account that moto plays: beside the built-in ones, and with calls denied."""

from __future__ import annotations

import csv
import html
import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from broken_account import stage
from hosts import REGION, moto_account
from prowler_runs import FETCHES_CODE, OURS, Run, in_prowler, key, prowler

from rolecall.catalog import load_catalog
from rolecall.findings import Status
from rolecall.trace import read

FAULTS = {
    ("RC101", "orphan"): "FAIL",
    ("RC103", "orphan"): "MANUAL",
    ("RC103", "edge_only"): "FAIL",
    ("RC341", "open"): "FAIL",
    **{("RC124", name): "FAIL" for name in ("edge_only", "healthy", "open")},  # their roles have no policies
    **{("RC204", name): "FAIL" for name in ("edge_only", "healthy", "open", "orphan")},
    ("RC203", "healthy"): "PASS",
}
OF_ACCOUNT = {"RC205": "FAIL", "RC206": "FAIL"}
DENIED = (
    "iam:GetAccountAuthorizationDetails", "iam:GetRole", "lambda:GetPolicy", "lambda:ListFunctions us-east-1",
    "tagging:GetResources",
)  # fmt: skip
FUNCTIONS = ("edge_only", "healthy", "open", "orphan")


@pytest.fixture(scope="module")
def account() -> Iterator[str]:
    """The endpoint of an account with a healthy function and three faulty ones."""
    with moto_account() as endpoint:
        stage(endpoint)
        yield endpoint


@pytest.fixture(scope="module")
def beside(account: str, tmp_path_factory: pytest.TempPathFactory) -> Run:
    """All Lambda checks, built-in and ours, all formats, one function muted, with a team's own text for one check."""
    folder = tmp_path_factory.mktemp("beside")
    (folder / "mute.yaml").write_text(MUTE, encoding="utf-8")
    (folder / "custom.yaml").write_text(CUSTOM, encoding="utf-8")
    arguments = ["--service", "awslambda", "-M", "csv", "html", "json-ocsf", "json-asff"]
    arguments += ["--mutelist-file", "mute.yaml", "--custom-checks-metadata-file", "custom.yaml"]
    arguments += ["--excluded-checks", *FETCHES_CODE]
    return prowler(account, folder, *arguments, ROLECALL_TRACE=str(folder / "trace"))


def test_every_rule_answers_for_every_function(beside: Run) -> None:
    said = {key(f): f["status_code"] for f in beside.findings if _ours(f)}
    of_functions = [rule for rule in OURS.values() if rule not in OF_ACCOUNT]
    assert said.keys() == {(rule, name) for rule in of_functions for name in FUNCTIONS} | {
        (rule, "123456789012") for rule in OF_ACCOUNT
    }
    assert {rule: said[rule, "123456789012"] for rule in OF_ACCOUNT} == OF_ACCOUNT
    assert {key: said[key] for key in FAULTS} == FAULTS
    assert {key for key, status in said.items() if status == "FAIL"} <= {
        *(key for key, status in FAULTS.items() if status == "FAIL"),
        *((rule, "123456789012") for rule in OF_ACCOUNT),
    }
    assert {name for (_, name), status in said.items() if status == "MANUAL"} == {"orphan"}  # whose role is gone


def test_a_finding_carries_the_catalogues_severity_and_a_remediation_with_the_real_names(beside: Run) -> None:
    finding = beside.of("RC101", "orphan")
    record = finding["resources"][0]["data"]["metadata"]["rolecall"]
    assert finding["severity"].lower() == record["severity"] == load_catalog()["RC101"].severity
    assert "--role-name gone --path /service-role/" in record["remediation"]["cli"]
    assert "the role gone" in finding["remediation"]["desc"]
    rows = csv.DictReader((beside.folder / "report.csv").open(encoding="utf-8"), delimiter=";")
    row = next(r for r in rows if (r["STATUS"], OURS.get(r["CHECK_ID"])) == ("FAIL", "RC101"))
    assert row["REMEDIATION_CODE_CLI"] == record["remediation"]["cli"]
    assert finding["resources"][0]["uid"].endswith(":function:orphan")


def test_a_teams_own_remediation_is_not_replaced(beside: Run) -> None:
    assert beside.of("RC103", "edge_only")["remediation"]["desc"] == "Ask the platform team."


def test_muting_works(beside: Run) -> None:
    assert beside.of("RC341", "open")["status"] == "Suppressed"
    assert beside.of("RC342", "open")["status"] == "New"
    assert beside.of("RC103", "edge_only")["status"] == "New"


def test_muting_by_tags_works(beside: Run) -> None:
    said = {name: beside.of("RC204", name)["status"] for name in FUNCTIONS}
    assert said == {"open": "Suppressed", "orphan": "New", "healthy": "New", "edge_only": "New"}


def test_findings_have_the_tags_that_built_in_ones_have(beside: Run) -> None:
    ours, others = (
        {
            (f["resources"][0]["name"], *sorted(f["resources"][0]["labels"]))
            for f in beside.findings
            if _ours(f) is wanted
        }
        for wanted in (True, False)
    )
    assert ours == {
        ("123456789012",), ("edge_only",), ("healthy",), ("open", "stage:live", "team:web"),
        ("orphan", "team:mail", "yor_trace:1f2e"),
    }  # fmt: skip
    assert others == ours - {("123456789012",)}
    assert beside.calls["tagging:GetResources"] == 1


def _ours(finding: dict[str, Any]) -> bool:
    return finding["metadata"]["event_code"] in OURS


def test_a_finding_on_the_account_says_so(beside: Run) -> None:
    account = beside.of("RC205", "123456789012")["resources"][0]
    assert (account["type"], account["group"]["name"], account["uid"]) == (
        "Other", "awslambda", "arn:aws:iam::123456789012:root",
    )  # fmt: skip
    assert beside.of("RC101", "orphan")["resources"][0]["type"] == "AwsLambdaFunction"


def test_all_formats_have_our_findings(beside: Run) -> None:
    title = load_catalog()["RC101"].title
    assert title in (beside.folder / "report.csv").read_text(encoding="utf-8")
    assert title in html.unescape((beside.folder / "report.html").read_text(encoding="utf-8"))
    asff = json.loads((beside.folder / "report.asff.json").read_text(encoding="utf-8"))
    failed = {f["GeneratorId"] for f in asff if f["Compliance"]["Status"] == "FAILED"}
    assert "prowler-awslambda_function_execution_role_exists" in failed


def test_finding_ids_are_unique(beside: Run) -> None:
    ids = [finding["finding_info"]["uid"] for finding in beside.findings]
    assert len(ids) == len(set(ids))


def test_the_trace_has_every_verdict_and_the_calls(beside: Run) -> None:
    lines = [line for _, line in read(beside.folder.parent / "trace")]
    findings = [line for line in lines if not isinstance(line, dict)]
    assert len(findings) == (len(OURS) - len(OF_ACCOUNT)) * len(FUNCTIONS) + len(OF_ACCOUNT)
    assert {f.status for f in findings} == {Status.PASS, Status.FAIL, Status.UNKNOWN}
    [collected] = [line for line in lines if isinstance(line, dict) and line["event"] == "collected"]
    once = (
        "lambda:ListFunctions",
        "lambda:ListEventSourceMappings",
        "iam:GetAccountAuthorizationDetails",
        "iam:GetRole",
    )
    assert {action: collected["calls"][action] for action in once} == dict.fromkeys(once, 1)
    assert collected["calls"]["lambda:GetPolicy"] == len(FUNCTIONS)


def test_the_trace_has_the_wiring_of_every_function(beside: Run) -> None:
    events = [line for _, line in read(beside.folder.parent / "trace") if isinstance(line, dict)]
    wirings = [line for line in events if line["event"] == "wiring"]
    roles = {line["wiring"]["function"]["name"]: line["wiring"]["role"] for line in wirings}
    assert (len(wirings), {line["host"] for line in wirings}) == (len(FUNCTIONS), {"prowler"})
    assert {name: (role["state"], role["status"], role["rules"]) for name, role in roles.items()} == {
        "healthy": ("there", "PASS", []),
        "open": ("there", "PASS", []),
        "edge_only": ("there", "FAIL", ["RC103"]),
        "orphan": ("missing", "FAIL", ["RC101"]),
    }


def test_findings_say_what_made_the_function(beside: Run) -> None:
    written = (beside.folder.parent / "trace").read_text(encoding="utf-8").splitlines()
    findings = [line for line in map(json.loads, written) if "rule" in line]
    tags = {line["function"]: line["resource"].get("tags") for line in findings}
    assert tags == {"orphan": {"yor_trace": "1f2e"}, "open": {}, "healthy": None, "edge_only": None, None: None}
    record = beside.of("RC101", "orphan")["resources"][0]["data"]["metadata"]["rolecall"]
    assert record["resource"]["tags"] == tags["orphan"]


def test_the_built_in_checks_find_the_same_without_ours(beside: Run, account: str, tmp_path: Path) -> None:
    (tmp_path / "mute.yaml").write_text(MUTE, encoding="utf-8")
    alone = prowler(
        account, tmp_path, "--service", "awslambda", "--mutelist-file", "mute.yaml", "-M", "json-ocsf",
        "--excluded-checks", *FETCHES_CODE, *OURS,
    )  # fmt: skip
    assert not {f["metadata"]["event_code"] for f in alone.findings} & set(OURS)
    built_in = [_stable(f) for f in beside.findings if not _ours(f)]
    assert built_in
    assert built_in == [_stable(f) for f in alone.findings]


def _stable(finding: dict[str, Any]) -> tuple[Any, ...]:
    return (*key(finding), finding["status_code"], finding["status"], finding["status_detail"], finding["severity"])


def test_what_is_denied_is_manual_and_named(account: str, tmp_path: Path) -> None:
    """Of two functions only, by three checks only, of which none needs the event source mappings."""
    chosen = {check: rule for check, rule in OURS.items() if rule in ("RC101", "RC102", "RC341")}
    arns = [f"arn:aws:lambda:{REGION}:123456789012:function:{name}" for name in ("healthy", "orphan")]
    unlisted = "arn:aws:lambda:us-east-1:123456789012:function:elsewhere"
    arguments = ["-c", *chosen, "-f", REGION, "us-east-1", "--resource-arn", *arns, unlisted, "-M", "json-ocsf"]
    scan = prowler(account, tmp_path, *arguments, denied=DENIED)
    account_root = "arn:aws:iam::123456789012:root"
    assert {f["resources"][0]["uid"] for f in scan.findings} == {*arns, account_root}
    for name in ("healthy", "orphan"):
        assert scan.of("RC102", name)["status_code"] == "PASS"  # needs nothing that was denied
        for rule, action in (("RC101", "iam:GetRole"), ("RC341", "lambda:GetPolicy")):
            assert scan.of(rule, name)["status_code"] == "MANUAL"
            assert f"{action} was denied" in scan.of(rule, name)["status_detail"]
    for rule in chosen.values():
        finding = scan.of(rule, "123456789012")
        assert (finding["status_code"], finding["cloud"]["region"]) == ("MANUAL", "us-east-1")
        assert "lambda:ListFunctions was denied in us-east-1" in finding["status_detail"]
    assert (scan.calls["iam:GetRole"], scan.calls["lambda:GetPolicy"]) == (2, 2)
    assert "lambda:ListEventSourceMappings" not in scan.calls
    assert scan.code == 2
    for what in (
        "lambda:ListFunctions was denied in us-east-1",
        "iam:GetAccountAuthorizationDetails was denied; iam:GetRole was denied (2 times)",
        "lambda:GetPolicy was denied (2 times)",
        "the tags of functions: tag:GetResources was denied in eu-west-1",
    ):
        assert f"rolecall: not read: {what}" in scan.output


def test_prowler_lists_the_checks_and_accepts_their_metadata(tmp_path: Path) -> None:
    """With Prowler's own loader and model: one invalid file would end every run of that installation."""
    listed = json.loads(
        in_prowler(
            tmp_path,
            """
            import json
            from prowler.lib.check.models import CheckMetadata
            checks = CheckMetadata.get_bulk("aws").values()
            print(json.dumps({c.CheckID: c.Severity.value for c in checks if c.ServiceName == "awslambda"}))
            """,
        )
    )
    catalog = load_catalog()
    assert {check: listed.get(check) for check in OURS} == {check: catalog[r].severity for check, r in OURS.items()}
    assert "awslambda_function_not_publicly_accessible" in listed


def test_what_breaks_inside_is_manual_for_every_check(tmp_path: Path) -> None:
    """A provider whose session is no session: the scan breaks after it has begun."""
    findings = in_prowler(
        tmp_path,
        """
        from types import SimpleNamespace as Record
        from prowler_checks.scan import scan
        provider = Record(
            identity=Record(account="111122223333", partition="aws"), session=Record(current_session=None),
            audit_resources=[], generate_regional_clients=lambda service: {"eu-west-1": None},
            get_default_region=lambda service: "eu-west-1",
        )
        for finding in scan(provider, {"RC101", "RC341"}).findings:
            print(finding.rule, finding.status.value, finding.resource.arn, finding.message)
        """,
    )
    for line, rule in zip(findings.splitlines(), ("RC101", "RC341"), strict=True):
        assert line.startswith(f"{rule} ERROR arn:aws:iam::111122223333:root Rolecall broke while it read the account")


MUTE = """\
Mutelist:
  Accounts:
    "*":
      Checks:
        awslambda_function_policy_restricts_source:
          Regions: ["*"]
          Resources: [open]
        awslambda_function_errors_alarm:
          Regions: ["*"]
          Resources: ["*"]
          Tags: [team=web, stage=live]
"""
CUSTOM = """\
CustomChecksMetadata:
  aws:
    Checks:
      awslambda_function_execution_role_trusts_lambda:
        Remediation:
          Recommendation:
            Text: Ask the platform team.
"""
