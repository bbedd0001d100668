"""Inputs for tests of the report: findings in code and in an account, as traces and as what the tools write."""

from __future__ import annotations

import json
from collections.abc import Mapping
from datetime import datetime, timezone
from pathlib import Path
from typing import Any

from rolecall.findings import Finding, Remediation, Status, to_record
from rolecall.model import Location, Resource
from rolecall.report.make import Made, Wanted, make
from rolecall.unknown import Unknown

DATA = Path(__file__).with_name("data") / "report"
CHECKOV, PLAIN, PROWLER = (str(DATA / name) for name in ("checkov.json", "checkov-plain.json", "prowler.ocsf.json"))
NOW = datetime(2026, 1, 2, 3, 4, 5, tzinfo=timezone.utc)
UNKNOWN = Unknown("the code does not say")
ACCOUNT = "111122223333"
HOSTILE = (
    "<script>alert(1)</script>\"'><img src=x onerror=alert(1)>[red]x[/red] \x1b[31mR\x1b]0;title\x07\u202egnp\x00\ud800"
)


def code(
    name: str | None = "shop-orders",
    status: Status = Status.FAIL,
    address: str = "aws_lambda_function.orders",
    framework: str = "terraform",
    **more: Any,
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
    return finding(resource, name or address, status, **more)


def live(name: str = "shop-orders", status: Status = Status.FAIL, region: str = "eu-west-1", **more: Any) -> Finding:
    """A finding in the account on a function."""
    account = more.pop("account", ACCOUNT)
    arn = f"arn:aws:lambda:{region}:{account}:function:{name}"
    return finding(Resource("live", "AWS::Lambda::Function", arn, name, arn, account, region), name, status, **more)


def hostile(finding: Finding) -> Finding:
    """The finding with markup, escapes and quotes in everything that an input may say."""
    place = finding.resource.location and Location(HOSTILE, 1, 2)
    fields = {"address": HOSTILE, "name": HOSTILE, "type": HOSTILE, "location": place}
    resource = type(finding.resource)(**{**vars(finding.resource), **fields})
    fix = Remediation(HOSTILE, HOSTILE, HOSTILE, HOSTILE)
    return finding._replace(
        rule=HOSTILE, resource=resource, title=HOSTILE, message=HOSTILE, evidence=(HOSTILE,), remediation=fix
    )


def permission(function: str, address: str, status: Status, line: int = 20) -> Finding:
    """A finding on a permission, whose function is named by the record."""
    place = Location("main.tf", line, line + 5)
    resource = Resource("terraform", "aws_lambda_permission", address, UNKNOWN, UNKNOWN, UNKNOWN, UNKNOWN, place)
    return finding(resource, function, status, rule="RC341")


def finding(resource: Resource, function: str, status: Status, **more: Any) -> Finding:
    rule = more.pop("rule", "RC103")
    made = Finding(
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
    return made._replace(**more)


def checkov_record(
    check: str = "CKV_AWS_116",
    resource: str = "aws_lambda_function.orders",
    result: str = "FAILED",
    lines: tuple[int, int] = (1, 7),
    **more: Any,
) -> dict[str, Any]:
    """A record of Checkov's JSON."""
    return {
        "check_id": check,
        "check_name": f"name of {check}",
        "check_result": {"result": result},
        "resource": resource,
        "file_path": "/main.tf",
        "file_abs_path": "main.tf",
        "file_line_range": list(lines),
        "code_block": [],
        "severity": None,
        **more,
    }


def checkov_report(*records: Mapping[str, Any], framework: str = "terraform") -> dict[str, Any]:
    return {"check_type": framework, "results": {"failed_checks": list(records), "parsing_errors": []}}


def prowler_finding(
    check: str = "awslambda_function_inside_vpc",
    arn: str = f"arn:aws:lambda:eu-west-1:{ACCOUNT}:function:shop-orders",
    status: str = "FAIL",
    **tags: str,
) -> dict[str, Any]:
    """A detection finding of Prowler's."""
    labels = [f"{key.replace('__', ':').replace('_', '-')}:{value}" for key, value in tags.items()]
    name = arn.rpartition(":")[2]
    return {
        "metadata": {"event_code": check, "product": {"name": "Prowler"}},
        "status_code": status,
        "status": "New",
        "status_detail": f"{name} said {status}.",
        "severity": "Low",
        "time_dt": "2026-01-02T03:04:05",
        "finding_info": {"title": f"title of {check}"},
        "resources": [{"uid": arn, "name": name, "type": "AwsLambdaFunction", "labels": labels, "data": {}}],
        "cloud": {"account": {"uid": arn.split(":")[4]}, "region": arn.split(":")[3]},
    }


def trace_file(folder: Path, *findings: Finding) -> str:
    return file_of(folder, "trace.jsonl", "".join(json.dumps(to_record(finding)) + "\n" for finding in findings))


def file_of(folder: Path, name: str, content: Any) -> str:
    path = folder / name
    if isinstance(content, bytes):
        path.write_bytes(content)
    else:
        path.write_text(content if isinstance(content, str) else json.dumps(content, indent=4), encoding="utf-8")
    return str(path)


def report(folder: Path, *inputs: Finding | str, formats: tuple[str, ...] = ("json",), **wanted: Any) -> Made:
    """Make a report in ``folder/out`` of findings, and of files by their names."""
    findings = [one for one in inputs if isinstance(one, Finding)]
    files = [one for one in inputs if isinstance(one, str)]
    trace = [trace_file(folder, *findings)] if findings else []
    return make([*trace, *files], folder / "out", Wanted(formats, **wanted), created=NOW)


def document(folder: Path, *inputs: Finding | str, **wanted: Any) -> dict[str, Any]:
    """The report's JSON."""
    report(folder, *inputs, **wanted)
    read: dict[str, Any] = json.loads((folder / "out" / "report.json").read_text(encoding="utf-8"))
    return read


def rows(folder: Path, *inputs: Finding | str) -> list[dict[str, Any]]:
    """The rows of the report's JSON."""
    found: list[dict[str, Any]] = document(folder, *inputs)["rows"]
    return found


def statuses(row: Mapping[str, Any]) -> tuple[str | None, str | None]:
    """Of the code and of the account."""
    code_side, live_side = row["in_code"], row["in_account"]
    return code_side and code_side["status"], live_side and live_side["status"]
