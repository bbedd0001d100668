"""What the pack says of code that nobody here wrote: ``docs/accuracy.md``, from checked-out public repositories.

    make bench ARGS="accuracy OWNER/NAME=FOLDER ..."

Nothing is downloaded. Every FAIL of the rules on whether a function can run and be called was looked at; why it is a
real fault stands in ``accuracy.yaml``. A FAIL without a line there ends the run with an error, and so does a line of
which nothing fails any more.
"""

from __future__ import annotations

import os
import re
import subprocess
import sys
import tempfile
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path

import yaml

from rolecall import trace
from rolecall.findings import Finding, Status

FOLDER = Path(__file__).parent
PAGE = FOLDER.parent / "docs" / "accuracy.md"
REASONS = FOLDER / "accuracy.yaml"
JUDGED = re.compile(r"RC(10[1-4]|12[4-7]|3[0-3]\d)")  # rules of which every FAIL is looked at
FRAMEWORKS = {"terraform": "Terraform", "cloudformation": "CloudFormation and SAM", "serverless": "Serverless"}
SHOWN = (Status.PASS, Status.FAIL, Status.UNKNOWN)


@dataclass(frozen=True)
class Scanned:
    """A repository and what the pack said of it, by framework."""

    name: str
    commit: str
    findings: Mapping[str, tuple[Finding, ...]]

    def all(self) -> list[Finding]:
        return [finding for found in self.findings.values() for finding in found]


def main(arguments: Sequence[str]) -> None:
    given = [argument.partition("=") for argument in arguments]
    if not given or not all(name and Path(folder).is_dir() for name, _, folder in given):
        sys.exit("say which repositories are checked out where: OWNER/NAME=FOLDER ...")
    with ThreadPoolExecutor(os.cpu_count()) as pool:  # each scan is a process of its own
        scanned = list(pool.map(lambda one: scan(one[0], Path(one[2])), given))
    reasons = reasons_in(yaml.safe_load(REASONS.read_text()) or {})
    failed = {(each.name, key(finding)) for each in scanned for finding in judged(each)}
    PAGE.write_text("\n".join(page(scanned, reasons)) + "\n")
    unexplained, gone = sorted(failed - reasons.keys()), sorted(told(reasons, scanned) - failed)
    for repository, where in unexplained:
        print(f"no reason in {REASONS.name}: {repository}: {where}", file=sys.stderr)
    for repository, where in gone:
        print(f"does not fail any more: {repository}: {where}", file=sys.stderr)
    errors = [finding for each in scanned for finding in each.all() if finding.status is Status.ERROR]
    print(f"{len(failed)} FAILs looked at, {len(unexplained)} without a reason, {len(gone)} gone, {len(errors)} ERROR")
    if unexplained or gone or errors:
        sys.exit(1)


def scan(name: str, folder: Path) -> Scanned:
    """Run Checkov on a repository, once for each framework."""
    git = ["git", "-C", str(folder), "rev-parse", "HEAD"]
    commit = subprocess.run(git, capture_output=True, text=True, check=True).stdout.strip()
    return Scanned(name, commit, {framework: tuple(said_of(folder, framework)) for framework in FRAMEWORKS})


def said_of(folder: Path, framework: str) -> Iterator[Finding]:
    checkov = os.environ.get("ROLECALL_CHECKOV_BIN", "checkov")
    pack = ["--external-checks-dir", str(FOLDER.parent / "checkov_checks"), "--check", "CKV_RC_*"]
    command = [checkov, "-d", ".", "--framework", framework, "--quiet", "--compact", "--skip-download", *pack]
    with tempfile.TemporaryDirectory(prefix="rolecall-accuracy-") as place:
        written = Path(place, "trace.jsonl")
        environment = {**os.environ, "ROLECALL_TRACE": str(written)}
        run = subprocess.run(command, cwd=folder, env=environment, capture_output=True, text=True, check=False)
        if run.returncode not in (0, 1) or not written.exists():
            sys.exit(f"Checkov ended with {run.returncode} in {folder}\n{run.stderr[-4000:]}")
        yield from {
            (line.rule, place_of(line), line.resource.address): line
            for _, line in trace.read(written)
            if isinstance(line, Finding)
        }.values()


def place_of(finding: Finding) -> str:
    location = finding.resource.location
    return location.file.removeprefix("./") if location else ""


def key(finding: Finding) -> str:
    """A finding as ``accuracy.yaml`` names it: rule, file, resource."""
    return f"{finding.rule} {place_of(finding)} {finding.resource.address}"


def judged(each: Scanned) -> list[Finding]:
    """The FAILs that need a reason."""
    return [f for f in each.all() if f.status is Status.FAIL and JUDGED.fullmatch(f.rule)]


def reasons_in(document: Mapping[str, Sequence[Mapping[str, object]]]) -> dict[tuple[str, str], str]:
    """By repository and finding, why it is a fault. The document: for each repository, causes with where they are."""
    return {
        (repository, str(where)): str(cause["why"])
        for repository, causes in document.items()
        for cause in causes
        for where in cause["where"]  # type: ignore[attr-defined]
    }


def told(reasons: Mapping[tuple[str, str], str], scanned: Sequence[Scanned]) -> set[tuple[str, str]]:
    """What there are reasons for, in the repositories of this run."""
    names = {each.name for each in scanned}
    return {(repository, where) for repository, where in reasons if repository in names}


def page(scanned: Sequence[Scanned], reasons: Mapping[tuple[str, str], str]) -> Iterator[str]:
    yield "# Accuracy"
    yield ""
    yield "<!-- Written by benchmarks/accuracy.py; its reasons are in benchmarks/accuracy.yaml. -->"
    yield "What the pack says of public repositories that nobody here wrote, at the commits below."
    yield "UNKNOWN means that the code does not tell; most of these are in modules whose callers are elsewhere."
    yield ""
    yield "| repository | commit | framework | files | functions | PASS | FAIL | UNKNOWN |"
    yield "|---|---|---|--:|--:|--:|--:|--:|"
    for each in scanned:
        for framework, title in FRAMEWORKS.items():
            found = each.findings[framework]
            if found:
                files = len({place_of(finding) for finding in found})
                functions = len({key(finding) for finding in found if finding.rule == "RC101"})
                counts = Counter(finding.status for finding in found)
                figures = " | ".join(f"{n:,}" for n in (files, functions, *(counts[status] for status in SHOWN)))
                yield f"| {each.name} | `{each.commit[:12]}` | {title} | {figures} |"
    yield from by_rule(scanned)
    yield from causes(scanned, reasons)


def by_rule(scanned: Sequence[Scanned]) -> Iterator[str]:
    yield ""
    yield "## By rule"
    yield ""
    yield "PASS / FAIL / UNKNOWN in each repository; rules that nothing there asks for are left out."
    yield ""
    yield "| rule | " + " | ".join(each.name for each in scanned) + " |"
    yield "|---|" + "--:|" * len(scanned)
    counts = [Counter((finding.rule, finding.status) for finding in each.all()) for each in scanned]
    for rule in sorted({rule for counted in counts for rule, _ in counted}):
        cells = [" / ".join(str(counted[rule, status]) for status in SHOWN) for counted in counts]
        yield f"| [{rule}](rules/{rule}.md) | " + " | ".join("" if c == "0 / 0 / 0" else c for c in cells) + " |"


def causes(scanned: Sequence[Scanned], reasons: Mapping[tuple[str, str], str]) -> Iterator[str]:
    yield ""
    yield "## Every FAIL of RC101-RC104, RC124-RC127 and RC301-RC333"
    yield ""
    yield "Each was looked at in the source; why it is a fault stands beside it."
    for each in scanned:
        grouped: dict[str, list[str]] = {}
        for finding in judged(each):
            why = reasons.get((each.name, key(finding)), "**Not looked at yet.**")
            grouped.setdefault(why, []).append(key(finding))
        yield ""
        yield f"### {each.name}: {sum(map(len, grouped.values()))}"
        for why, where in grouped.items():
            yield ""
            yield why
            yield ""
            yield from (f"- {line.partition(' ')[0]} `{line.partition(' ')[2]}`" for line in sorted(where))


if __name__ == "__main__":
    main(sys.argv[1:])
