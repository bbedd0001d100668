"""The plans of the Terraform cases: what they say is what the configurations say, as far as a plan keeps it.

Each case is read from its HCL and put into a plan, once as if everything were made and once as if all of it were there
already (``planned.py``). The verdicts that the case expects of the configuration are those of Checkov's graph; that it
does what the case says is tested in ``test_cases_code.py``.
"""

from __future__ import annotations

import json
import re
from functools import cache
from pathlib import Path

import pytest
from hcl import NotRead
from planned import planned
from plans import written
from test_cases_code import CASES, expected_in, verdict_of

from rolecall.findings import Finding
from rolecall.iac import terraform_plan
from rolecall.iac.plan import parse
from rolecall.rules import run

CONFIGURATIONS = [path for path in CASES if path.suffix == ".tf" and path.is_file()]
# What the reader of HCL does not read: functions, references to what is not declared, which Terraform does not plan.
NOT_READ = {
    "RC101/elsewhere.unknown.tf", "RC101/undeclared.fail.tf", "RC102/account_not_known.unknown.tf",
    "RC103/composed.unknown.tf", "RC103/not_decided_here.unknown.tf", "RC104/trust_or_role_elsewhere.unknown.tf",
    "RC105/depends.unknown.tf", "RC106/depends.unknown.tf", "RC107/depends.unknown.tf",
    "RC108/from_elsewhere.unknown.tf", "RC129/not_decided_here.unknown.tf", "RC129/switched_policy.unknown.tf",
    "RC346/undeclared.fail.tf",
}  # fmt: skip
# What a plan loses of an expression: all of a text that is encoded, what stands around a reference, locals.
LOST = re.compile(
    r"\.(?:policy|assume_role_policy|body|definition) is known only after apply|the resource's own policy is not known"
    r"|what follows [\w.]+ is known only after apply|, or an alias of it|it is made of |the value comes from elsewhere"
)
LOST_THERE = re.compile("the value comes from elsewhere")  # a local: a plan does not say what it is made of
# A document that is not known says nothing of authorizers, and what follows a function's ARN nothing of a destination.
SILENT = {("RC302", "aws_apigatewayv2_api.document"), ("RC302", "aws_api_gateway_rest_api.document")}
PERHAPS = {("RC203", "aws_lambda_function.uploads")}


def name_of(path: Path) -> str:
    return f"{path.parent.name}/{path.name}"


@cache
def findings(path: Path, there: bool) -> dict[str, Finding]:
    document = json.loads(written(planned(path.read_text(), there=there)))
    found = run(terraform_plan.read(parse("plan.json", document), {}), only=[path.parent.name])
    return {finding.resource.address.removeprefix("module.m."): finding for finding in found}


READ = [path for path in CONFIGURATIONS if name_of(path) not in NOT_READ]


@pytest.mark.parametrize("there", [False, True], ids=["made", "there"])
@pytest.mark.parametrize("path", READ, ids=name_of)
def test_a_plan_says_what_its_configuration_says(path: Path, there: bool) -> None:
    expected, verdict, rule = expected_in(path), verdict_of(path).upper(), path.parent.name
    found = findings(path, there)
    for address in {*found, *expected}:
        wanted = verdict if address in expected else "PASS"
        if address not in found and ((rule, address) in SILENT or wanted == "UNKNOWN"):
            continue
        finding = found[address]
        said = " ".join([finding.message, *finding.evidence])
        if wanted == "UNKNOWN":  # a plan may well know it
            assert finding.status.value != "ERROR", said
        elif finding.status.value == "UNKNOWN" and (rule, address) not in PERHAPS:
            assert (LOST_THERE if there else LOST).search(said), said
        else:
            assert finding.status.value in (wanted, *(["UNKNOWN"] if (rule, address) in PERHAPS else [])), said


@pytest.mark.parametrize("path", sorted(set(CONFIGURATIONS) - set(READ)), ids=name_of)
def test_what_is_not_read_is_known(path: Path) -> None:
    """So that no case is left out unseen."""
    with pytest.raises(NotRead):
        planned(path.read_text(), there=False)


def test_little_is_lost() -> None:
    """Of the verdicts that configurations have, plans that make everything have most, and the others nearly all."""
    for there, least in ((False, 0.8), (True, 0.98)):
        kept = decided = 0
        for path in READ:
            expected, verdict = expected_in(path), verdict_of(path).upper()
            for address, finding in findings(path, there).items():
                wanted = verdict if address in expected else "PASS"
                decided += wanted != "UNKNOWN"
                kept += wanted == finding.status.value != "UNKNOWN"
        assert decided > 400
        assert kept >= least * decided
