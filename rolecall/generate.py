"""Write what follows from the catalogue: ``python -m rolecall.generate [--check]``.

Each generator is a function that returns whole files as ``{path: content}``, paths relative to the checkout. A new
kind of generated file is one more function in ``GENERATORS``, and its folder in ``_OWNED`` when nothing else lives
there.
"""

from __future__ import annotations

import argparse
import json
import re
import sys
from collections.abc import Callable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

from rolecall.catalog import Catalog, Entry, Related, load_catalog
from rolecall.findings import Remediation
from rolecall.live import plan

Files = dict[str, str]

_CHECKS = "prowler_checks/services/awslambda/checks"
_ENTRY_POINTS = "prowler.checks.aws"
_PAGES = "docs/rules"
_CASES = "tests/cases"
_VERDICTS = ("pass", "fail", "unknown")
# How a case's file name ends, and the framework for a reader. A folder of cases is Terraform.
_FRAMEWORKS = {
    "tf": "Terraform",
    "plan.json": "plan",
    "cfn.yaml": "CloudFormation",
    "sam.yaml": "SAM",
    "sls.yaml": "Serverless",
    "account.yaml": "account",
}
_LIVE = "docs/live.md"
_OWNED = {_CHECKS: "awslambda_*", _PAGES: "RC*.md"}
"""Folders, and the files in them that no generator wrote and that therefore are stale."""


class GenerateError(ValueError):
    """A file that is generated in part lacks the place for it."""


def prowler_checks(catalog: Catalog, root: Path) -> Files:
    """Prowler's check modules and their metadata, which must lie beside them."""
    files = {}
    for entry in _live(catalog):
        stem = f"{_CHECKS}/{entry.prowler.check}"
        files[f"{stem}.py"] = _PROWLER_CHECK.format(id=entry.id, title=entry.title, check=entry.prowler.check)
        files[f"{stem}.metadata.json"] = json.dumps(prowler_metadata(entry), indent=2) + "\n"
    return files


def prowler_entry_points(catalog: Catalog, root: Path) -> Files:
    """The block of ``setup.cfg`` that tells Prowler of the checks; the rest of the file as it is."""
    lines = (root / "setup.cfg").read_text(encoding="utf-8").splitlines(keepends=True)
    start = next((i for i, line in enumerate(lines) if re.fullmatch(rf"{_ENTRY_POINTS}\s*=\s*", line)), None)
    if start is None:
        raise GenerateError(f"setup.cfg: no line {_ENTRY_POINTS!r} in [options.entry_points]")
    end = start + 1
    while end < len(lines) and re.match(r"[ \t]+\S", lines[end]):
        end += 1
    module = _CHECKS.replace("/", ".")
    checks = sorted(entry.prowler.check for entry in _live(catalog))
    block = [f"    {check} = {module}.{check}\n" for check in checks]
    return {"setup.cfg": "".join([*lines[: start + 1], *block, *lines[end:]])}


def readme_table(catalog: Catalog, root: Path) -> Files:
    """The table of rules in README.md; the rest of the file as it is."""
    rows = [
        f"| [{entry.id}](docs/rules/{entry.id}.md) {entry.title} | {entry.severity} "
        + "".join(f"| {_proof(shown)} " for shown in cases(entry.id, root).values())
        + "|"
        for entry in catalog.values()
    ]
    frameworks = list(_FRAMEWORKS.values())
    table = [f"| rule | severity | {' | '.join(frameworks)} |", f"|---|---|{':-:|' * len(frameworks)}", *rows]
    text = (root / "README.md").read_text(encoding="utf-8")
    return {"README.md": _filled("README.md", text, "rules", table)}


def live_calls(catalog: Catalog, root: Path) -> Files:
    """The calls and the policy in docs/live.md; the rest of the file as it is."""
    rules = [entry.id for entry in _live(catalog)]
    text = (root / _LIVE).read_text(encoding="utf-8")
    calls = ["| action | how often |", "|---|---|"]
    calls += [f"| `{action}` | {often} |" for action, often in plan.calls_of(rules).items()]
    policy = ["```json", json.dumps(plan.policy_of(rules), indent=2), "```"]
    return {_LIVE: _filled(_LIVE, _filled(_LIVE, text, "calls", ["", *calls, ""]), "policy", ["", *policy, ""])}


def _filled(path: str, text: str, what: str, lines: Sequence[str]) -> str:
    """The text of a file with lines in the place for them, between two marks."""
    start, end = f"<!-- {what}: written by `make generate` -->", f"<!-- end of {what} -->"
    before, opening, rest = text.partition(start)
    _, closing, after = rest.partition(end)
    if not opening or not closing:
        raise GenerateError(f"{path}: no {start} ... {end}")
    return "\n".join([f"{before}{opening}", *lines, f"{closing}{after}"])


def cases(rule: str, root: Path) -> dict[str, tuple[str, ...]]:
    """Which verdicts of a rule are shown by cases: the verdicts by framework, in the order of the table."""
    names = [path.name for path in (root / _CASES / rule).glob("*")]
    return {
        shown: tuple(verdict for verdict in _VERDICTS if any(name.endswith(f".{verdict}.{end}") for name in names))
        for end, shown in _FRAMEWORKS.items()
    }


def _proof(verdicts: tuple[str, ...]) -> str:
    return "●" if len(verdicts) == len(_VERDICTS) else "◐" if verdicts else ""


def rule_pages(catalog: Catalog, root: Path) -> Files:
    """One page for each rule under docs/rules."""
    return {f"{_PAGES}/{entry.id}.md": _page(entry, root) for entry in catalog.values()}


GENERATORS: tuple[Callable[[Catalog, Path], Files], ...] = (
    prowler_checks,
    prowler_entry_points,
    readme_table,
    live_calls,
    rule_pages,
)


def prowler_metadata(entry: Entry) -> dict[str, Any]:
    """Prowler's metadata of a rule. The fields and their limits: ``prowler/lib/check/models.py``, ``CheckMetadata``."""
    return {
        "Provider": "aws",
        "CheckID": entry.prowler.check,
        "CheckTitle": entry.title,
        "CheckType": list(entry.prowler.check_types),
        "ServiceName": "awslambda",
        "SubServiceName": "",
        "ResourceIdTemplate": "",
        "Severity": entry.severity,
        "ResourceType": "AwsLambdaFunction",
        "ResourceGroup": "serverless",
        "Description": entry.description,
        "Risk": entry.risk,
        "RelatedUrl": "",
        "AdditionalURLs": list(entry.references),
        "Remediation": prowler_remediation(entry.remedy({})),
        "Categories": list(entry.prowler.categories),
        "DependsOn": [],
        "RelatedTo": [],
        "Notes": f"Rolecall rule {entry.id}, in Checkov {entry.checkov_id}. "
        f"Generated by `make generate` from mappings/rules/{entry.id}.yaml.",
    }


def prowler_remediation(remedy: Remediation) -> dict[str, Any]:
    """A remediation in the form of Prowler's metadata, code fenced as in Prowler's own checks."""
    return {
        "Code": {
            "CLI": remedy.cli,
            "NativeIaC": _fenced("yaml", remedy.cloudformation),
            "Other": "",
            "Terraform": _fenced("hcl", remedy.terraform),
        },
        "Recommendation": {"Text": remedy.text, "Url": ""},
    }


def generate(root: Path, catalog: Catalog) -> Files:
    """All generated files of a checkout. Raises ``GenerateError`` and ``OSError``."""
    files: Files = {}
    for generator in GENERATORS:
        files.update(generator(catalog, root))
    return files


def differences(root: Path, files: Mapping[str, str]) -> list[str]:
    """Paths whose content on disk is not the generated one, stale files included, sorted."""
    changed = [path for path, content in files.items() if _read(root / path) != content]
    return sorted([*changed, *_stale(root, files)])


def main(arguments: list[str] | None = None) -> int:
    parser = argparse.ArgumentParser(prog="python -m rolecall.generate", description=(__doc__ or "").split(":")[0])
    parser.add_argument("--check", action="store_true", help="write nothing; exit 1 and list the files that differ")
    parser.add_argument("--root", type=Path, default=Path(__file__).parent.parent, help="the checkout")
    options = parser.parse_args(arguments)
    try:
        files = generate(options.root, load_catalog())
    except (OSError, ValueError) as fault:
        print(f"generate: {fault}", file=sys.stderr)
        return 2
    differing = differences(options.root, files)
    for path in differing:
        print(f"differs: {path}" if options.check else path)
        if not options.check:
            _write(options.root / path, files.get(path))
    return 1 if options.check and differing else 0


def _page(entry: Entry, root: Path) -> str:
    remedy = entry.remedy({})
    module = next((path.name for path in (root / "rolecall/rules").glob(f"{entry.id.lower()}_*.py")), "")
    sections = [
        f"<!-- Generated by `make generate` from mappings/rules/{entry.id}.yaml: do not edit. -->",
        f"# {entry.id}: {entry.title}",
        f"Severity **{entry.severity}** · Checkov `{entry.checkov_id}` · Prowler `{entry.prowler.check}` · "
        f"looks at {', '.join(entry.surfaces)}",
        entry.description,
        f"**Risk.** {entry.risk}",
        f"**Remediation.** {remedy.text}",
        _fenced("sh", remedy.cli),
        _fenced("hcl", remedy.terraform),
        _fenced("yaml", remedy.cloudformation),
        _sam(entry),
        _serverless(remedy),
        f"The rule: [`{module}`](../../rolecall/rules/{module}), "
        f"[its texts](../../mappings/rules/{entry.id}.yaml), [its cases](../../tests/cases/{entry.id}): "
        + "; ".join(f"{name} {', '.join(shown)}" for name, shown in cases(entry.id, root).items() if shown)
        + ".",
        "\n".join(["**References**", "", *(f"- <{reference}>" for reference in entry.references)]),
        "\n".join(["**Related**", "", *map(_related, entry.related)]) if entry.related else "",
    ]
    return "\n\n".join(filter(None, sections)) + "\n"


def _related(related: Related) -> str:
    return f"- {related.tool} `{related.id}` ({related.relation}): {related.note}"


def _live(catalog: Catalog) -> Iterator[Entry]:
    return (entry for entry in catalog.values() if "live" in entry.surfaces)


def _sam(entry: Entry) -> str:
    remedy = entry.remedy({"sam_address": "FUNCTION"})
    return f"AWS SAM:\n\n{_fenced('yaml', remedy.cloudformation)}" if entry.remediation.sam else ""


def _serverless(remedy: Remediation) -> str:
    return f"Serverless Framework:\n\n{_fenced('yaml', remedy.serverless)}" if remedy.serverless else ""


def _fenced(language: str, code: str) -> str:
    return f"```{language}\n{code}\n```" if code else ""


def _stale(root: Path, files: Mapping[str, str]) -> Iterator[str]:
    for folder, pattern in _OWNED.items():
        for path in (root / folder).glob(pattern):
            relative = path.relative_to(root).as_posix()
            if relative not in files:
                yield relative


def _read(path: Path) -> str | None:
    return path.read_text(encoding="utf-8") if path.is_file() else None


def _write(path: Path, content: str | None) -> None:
    """Write the file; ``None`` removes it."""
    if content is None:
        path.unlink()
        return
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(content, encoding="utf-8", newline="\n")


_PROWLER_CHECK = '''\
"""{id}: {title}.

Generated by `make generate` from mappings/rules/{id}.yaml: do not edit.
"""

from prowler.lib.check.models import Check


class {check}(Check):
    def execute(self):
        from prowler_checks.adapter import reports  # here: at the top a fault would look like a missing check

        return reports("{id}", self)
'''

if __name__ == "__main__":
    sys.exit(main())
