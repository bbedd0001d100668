"""What follows from the catalogue is up to date, and the generator touches nothing else."""

from __future__ import annotations

import json
import shutil
from pathlib import Path

import pytest

from rolecall.catalog import load_catalog
from rolecall.generate import differences, generate, main
from rolecall.generators.prowler import prowler_metadata

ROOT = Path(__file__).parent.parent
SETUP = """\
[metadata]
name = rolecall

[options.entry_points]
console_scripts =
    rolecall = rolecall.cli:main
prowler.checks.aws =
    stale = prowler_checks.services.awslambda.checks.stale

[options.extras_require]
prowler = prowler>=5.37.1  # as it is
"""
README_TABLE = "<!-- rules: written by `make generate` -->\n<!-- end of rules -->\n"
PROWLER = "<!-- sections: written by `make generate` -->\n<!-- end of sections -->\n"
SERVICES = "<!-- services: written by `make generate` -->\n<!-- end of services -->\n"
LIVE = "".join(f"<!-- {what}: written by `make generate` -->\n<!-- end of {what} -->\n" for what in ("calls", "policy"))


@pytest.fixture
def checkout(tmp_path: Path) -> Path:
    (tmp_path / "setup.cfg").write_text(SETUP, encoding="utf-8")
    (tmp_path / "README.md").write_text("# Rolecall\n" + README_TABLE, encoding="utf-8")
    (tmp_path / "docs").mkdir()
    (tmp_path / "docs" / "live.md").write_text(LIVE, encoding="utf-8")
    (tmp_path / "docs" / "prowler.md").write_text(PROWLER, encoding="utf-8")
    (tmp_path / "docs" / "crosswalk.md").write_text(SERVICES, encoding="utf-8")
    shutil.copytree(ROOT / "mappings", tmp_path / "mappings")
    assert main(["--root", str(tmp_path)]) == 0
    return tmp_path


def test_the_tree_is_up_to_date() -> None:
    assert differences(ROOT, generate(ROOT, load_catalog())) == [], "run: make generate"


def test_only_the_entry_points_of_setup_cfg_change(checkout: Path) -> None:
    before, after = SETUP.splitlines(), (checkout / "setup.cfg").read_text(encoding="utf-8").splitlines()
    checks = sorted(entry.prowler.check for entry in load_catalog().values() if "live" in entry.surfaces)
    block = [f"    {check} = prowler_checks.services.awslambda.checks.{check}" for check in checks]
    assert after == [*before[:7], *block, *before[8:]]


def test_generating_again_changes_nothing(checkout: Path, capsys: pytest.CaptureFixture[str]) -> None:
    capsys.readouterr()
    assert main(["--root", str(checkout), "--check"]) == 0
    assert capsys.readouterr().out == ""


def test_check_names_what_differs_and_writes_nothing(checkout: Path, capsys: pytest.CaptureFixture[str]) -> None:
    checks = checkout / "prowler_checks/services/awslambda/checks"
    edited, stale = checks / "awslambda_function_execution_role_exists.py", checks / "awslambda_old.metadata.json"
    edited.write_text("edited", encoding="utf-8")
    stale.write_text("{}", encoding="utf-8")
    capsys.readouterr()
    assert main(["--root", str(checkout), "--check"]) == 1
    assert [line.rsplit("/", 1)[-1] for line in capsys.readouterr().out.splitlines()] == [edited.name, stale.name]
    assert edited.read_text(encoding="utf-8") == "edited"
    assert stale.exists()
    assert main(["--root", str(checkout)]) == 0
    assert not stale.exists()
    assert main(["--root", str(checkout), "--check"]) == 0


def test_a_setup_cfg_without_the_group_is_named(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    shutil.copytree(ROOT / "mappings", tmp_path / "mappings")
    (tmp_path / "setup.cfg").write_text("[metadata]\n", encoding="utf-8")
    assert main(["--root", str(tmp_path)]) == 2
    assert "setup.cfg: no line 'prowler.checks.aws'" in capsys.readouterr().err


def test_metadata_says_what_the_catalogue_says() -> None:
    entry = load_catalog()["RC103"]
    metadata = json.loads(json.dumps(prowler_metadata(entry)))
    assert (metadata["CheckID"], metadata["Severity"]) == (entry.prowler.check, entry.severity)
    assert metadata["Remediation"]["Recommendation"]["Text"] == entry.remedy({}).text
    assert metadata["Remediation"]["Code"]["Terraform"].startswith("```hcl\n")
    assert metadata["Notes"] == "Rolecall rule RC103, in Checkov CKV_RC_103."
    assert "<<" not in json.dumps(metadata)


def test_metadata_says_what_a_rule_is_on() -> None:
    catalog = load_catalog()
    assert prowler_metadata(catalog["RC206"])["Notes"] == "Rolecall rule RC206."
    assert [prowler_metadata(catalog[rule])["ResourceType"] for rule in ("RC101", "RC206")] == [
        "AwsLambdaFunction", "Other",
    ]  # fmt: skip
