"""The framework `rolecall`: strict about its file, true of the catalogue, and in order for Prowler that sorts texts."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
import yaml

from rolecall.catalog import load_catalog
from rolecall.compliance import load_compliance, read_compliance, requirements
from rolecall.records import RecordError

CATALOG = load_catalog()
GOOD = yaml.safe_load((Path(__file__).parent.parent / "mappings/compliance.yaml").read_text(encoding="utf-8"))
CHECK = {"check": "awslambda_new", "name": "n", "description": "d", "severity": "low"}


def test_every_rule_on_accounts_is_one_requirement_unless_it_is_off() -> None:
    rules = [r.id for r in requirements(load_compliance(CATALOG), CATALOG) if r.id != r.check]
    assert sorted(rules) == [rule for rule, entry in CATALOG.items() if "live" in entry.surfaces and entry.default]
    assert "RC107" not in rules


def test_a_requirement_says_what_the_catalogue_says() -> None:
    [found] = [r for r in requirements(load_compliance(CATALOG), CATALOG) if r.id == "RC343"]
    entry = CATALOG["RC343"]
    assert (found.name, found.description, found.severity) == (entry.title, entry.description, entry.severity)
    assert (found.check, found.section) == (entry.prowler.check, "5 Nobody else is let in")


def test_sections_sort_as_they_are_written() -> None:
    titles = list(load_compliance(CATALOG).titles.values())
    assert titles == sorted(titles)


def section(**more: object) -> dict[str, object]:
    return {"name": "More", "description": "d", **more}


@pytest.mark.parametrize(
    ("sections", "message"),
    [
        (GOOD["sections"][1:], "sections: rules in no section: RC101, RC102, RC103, RC104, RC105, RC106, RC109"),
        ([*GOOD["sections"], section(rules=["RC101"])], "sections: rules more than once: RC101"),
        ([*GOOD["sections"], section(rules=["RC9"])], "sections[7].rules[0]: no rule's ID begins with 'RC9'"),
        ([*GOOD["sections"], section(checks=[CHECK, CHECK])], "sections: checks more than once: awslambda_new"),
        (
            [*GOOD["sections"], section(checks=[{**CHECK, "severity": "bad"}])],
            "sections[7].checks[0].severity: must be one of critical, high, medium, low, informational",
        ),
        (
            [*GOOD["sections"], section(checks=[{**CHECK, "check": "awslambda_role_deletion_alerting"}])],
            "sections[7].checks[0].check: awslambda_role_deletion_alerting is a rule's, and in its section by its ID",
        ),
        (
            [*GOOD["sections"], section(cheks=[])],
            "sections[7].cheks: is an unknown key; allowed: name, description, rules",
        ),
        ([*GOOD["sections"], GOOD["sections"][0]], "sections: names more than once: Who the function runs as"),
        ([section(name=str(number)) for number in range(10)], "sections: must be 9 at most"),
    ],
)
def test_a_file_that_is_not_exact_is_refused_in_one_line(tmp_path: Path, sections: object, message: str) -> None:
    path = tmp_path / "compliance.yaml"
    path.write_text(yaml.safe_dump({**GOOD, "sections": sections}), encoding="utf-8")
    with pytest.raises(RecordError) as refused:
        read_compliance(path, CATALOG)
    assert re.sub(r"^compliance\.yaml:[0-9]+: ", "", str(refused.value)).startswith(message)
    assert "\n" not in str(refused.value)
