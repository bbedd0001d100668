"""Runs of the real Prowler on an account that moto plays, and what they said."""

from __future__ import annotations

import json
import textwrap
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from aws_proxy import aws_proxy
from hosts import REGION, account_environment, prowler_python, run, run_prowler, run_rolecall

from rolecall.catalog import load_catalog

OURS = {
    entry.prowler.check: entry.id for entry in load_catalog().values() if "live" in entry.surfaces and entry.default
}
# They fetch the code from a real S3 address, which moto's presigned URL names.
FETCHES_CODE = ["awslambda_function_no_secrets_in_code", "awslambda_layer_no_secrets_in_content"]


@dataclass(frozen=True)
class Run:
    """A run of Prowler: what it said and wrote, and what it cost."""

    code: int
    output: str
    folder: Path
    findings: list[dict[str, Any]]
    calls: dict[str, int]

    def of(self, rule: str, resource: str) -> dict[str, Any]:
        [found] = [f for f in self.findings if key(f) == (rule, resource)]
        return found


def key(finding: dict[str, Any]) -> tuple[str, str]:
    """Rule, or check where it is not ours, and the resource's name."""
    check = finding["metadata"]["event_code"]
    return OURS.get(check, check), finding["resources"][0]["name"]


def prowler(endpoint: str, folder: Path, *arguments: str, denied: tuple[str, ...] = (), **environment: str) -> Run:
    """Run Prowler; with denied calls, through ``rolecall prowler``, whose exit code must tell of them."""
    arguments = ("-f", REGION, "-o", "out", "-F", "report", *arguments)
    with aws_proxy(endpoint, denied) as proxy:
        if denied:
            environment |= account_environment(proxy.url)
            done = run_rolecall("prowler", *arguments, host="prowler", cwd=folder, env=environment)
        else:
            done = run_prowler(*arguments, endpoint=proxy.url, cwd=folder, env=environment)
    report = folder / "out/report.ocsf.json"
    output = done.stdout + done.stderr
    assert report.is_file(), output
    return Run(
        done.returncode, output, folder / "out", json.loads(report.read_text(encoding="utf-8")), dict(proxy.calls)
    )


def in_prowler(folder: Path, code: str) -> str:
    """What a piece of Python prints in Prowler's environment."""
    done = run([prowler_python(), "-c", textwrap.dedent(code)], cwd=folder)
    assert done.returncode == 0, done.stderr
    return done.stdout
