"""The removal test: healthy templates, broken one way at a time, and how many of the breaks the pack reports.

A break is found when the right rule fails on the right resource. No other FAIL may come with it, and the healthy
templates have none. How they are broken: ``benchmarks/breaking``; one Checkov run reads all the copies.

A change that may leave all well is no break and is not made: another source account where the code does not say which
account it is for (CloudFormation); another qualifier in a plan of a first apply, where what follows an ARN is unknown;
the permissions of VPC Lattice and Connect, which add them themselves.
"""

from __future__ import annotations

import os
import subprocess
import sys
import tempfile
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

FOLDER = Path(__file__).parent
sys.path[:0] = [str(FOLDER), str(FOLDER.parent / "tests")]

from breaking import Break, Template, hcl, plain, plans, template  # noqa: E402

from rolecall import trace  # noqa: E402
from rolecall.findings import Finding, Status  # noqa: E402

HEALTHY = FOLDER / "healthy"
GOAL = 0.98
FRAMEWORKS = ("terraform", "terraform_plan", "cloudformation", "serverless")

# what is told of a healthy template on purpose: a function URL for everybody is for everybody
MEANT = {"RC343"}

# what else is true of a broken copy, of the resource that was broken
CONSEQUENCES = {
    "principal changed": {"RC341", "RC347"},
    "source changed": {"RC346", "RC347"},
    "role destroyed": {"RC108"},
    "trusted service replaced": {"RC104"},
    "trust action replaced": {"RC104"},
}

Failures = frozenset[tuple[str, str]]  # rule and plain name of the resource


@dataclass(frozen=True)
class Outcome:
    """missed: the findings that did not come. new: those that came and should not have."""

    broken: Break
    missed: Failures
    new: Failures


def all_templates() -> list[Template]:
    return [
        *hcl.templates(HEALTHY / "terraform"),
        *plans.templates(),
        *template.templates(HEALTHY / "cloudformation", "CloudFormation"),
        *template.templates(HEALTHY / "sam", "SAM"),
        *template.templates(HEALTHY / "serverless", "Serverless"),
    ]


def breaks_of(healthy: Template) -> list[Break]:
    return list(BREAKERS[healthy.framework](healthy))


BREAKERS = {
    "Terraform": hcl.broken,
    "plan": plans.broken,
    "CloudFormation": template.broken,
    "SAM": template.broken,
    "Serverless": template.broken,
}


def failures(copies: Sequence[Mapping[str, str]]) -> list[Failures]:
    """What fails in each copy, by one run of Checkov over all of them."""
    with tempfile.TemporaryDirectory(prefix="rolecall-removal-") as folder:
        for number, files in enumerate(copies):
            for name, text in files.items():
                file = Path(folder, "copies", str(number), name)
                file.parent.mkdir(parents=True, exist_ok=True)
                file.write_text(text)
        written = Path(folder, "trace.jsonl")
        run_checkov(Path(folder, "copies"), written)
        found: list[set[tuple[str, str]]] = [set() for _ in copies]
        for _, line in trace.read(written):
            if isinstance(line, Finding) and line.status is Status.ERROR:
                sys.exit(f"{line.rule} crashed: {line.message}")
            if isinstance(line, Finding) and line.status is Status.FAIL and line.resource.location is not None:
                number = int(line.resource.location.file.removeprefix("./").split("/")[0])
                found[number].add((line.rule, name_in(line.resource.address)))
    return [frozenset(each) for each in found]


def name_in(address: str) -> str:
    """The plain name of a resource; what is called ``this`` has the name of its module."""
    *before, last = (plain(part) for part in address.split("."))
    return before[before.index("module") + 1] if last == "this" and "module" in before else last


def run_checkov(folder: Path, written: Path) -> None:
    checkov = os.environ.get("ROLECALL_CHECKOV_BIN", "checkov")
    pack = ["--external-checks-dir", str(FOLDER.parent / "checkov_checks"), "--check", "CKV_RC_*"]
    command = [checkov, "-d", ".", "--quiet", "--compact", "--skip-download", "--framework", *FRAMEWORKS, *pack]
    environment = {**os.environ, "ROLECALL_TRACE": str(written)}
    run = subprocess.run(command, cwd=folder, env=environment, capture_output=True, text=True, check=False)
    if run.returncode not in (0, 1) or not written.exists():
        sys.exit(f"Checkov ended with {run.returncode}\n{run.stderr[-4000:]}")


def judged(breaks: Sequence[Break], found: Sequence[Failures]) -> list[Outcome]:
    return [
        Outcome(
            each,
            each.needed - failed,
            frozenset(
                (rule, name)
                for rule, name in failed - each.needed
                if rule not in MEANT
                if not (name == each.broken and rule in CONSEQUENCES.get(each.kind, ()))
            ),
        )
        for each, failed in zip(breaks, found, strict=True)
    ]


def main() -> None:
    healthy = all_templates()
    breaks = [each for each_template in healthy for each in breaks_of(each_template)]
    found = failures([*(each.files for each in healthy), *(each.files for each in breaks)])
    sound = [
        f"{t.framework} {t.name}: {rule} on {name}"
        for t, f in zip(healthy, found, strict=False)
        for rule, name in sorted(f)
        if rule not in MEANT
    ]
    outcomes = judged(breaks, found[len(healthy) :])
    print_table(outcomes)
    print_lines("FAIL on a healthy template", sound)
    print_lines("missed", [f"{line_of(o.broken)}: {told(o.missed)}" for o in outcomes if o.missed])
    print_lines("new FAIL elsewhere", [f"{line_of(o.broken)}: {told(o.new)}" for o in outcomes if o.new])
    share = sum(not outcome.missed for outcome in outcomes) / len(outcomes)
    print(f"{len(outcomes)} breaks of {len(healthy)} templates, {share:.1%} found; goal: {GOAL:.0%}")
    if share < GOAL or sound or any(outcome.new for outcome in outcomes):
        sys.exit("the goal is missed")


def print_table(outcomes: Sequence[Outcome]) -> None:
    """Found / made, by kind of break and framework."""
    frameworks = list(dict.fromkeys(outcome.broken.template.framework for outcome in outcomes))
    made = Counter((o.broken.kind, o.broken.template.framework) for o in outcomes)
    found = Counter((o.broken.kind, o.broken.template.framework) for o in outcomes if not o.missed)
    kinds = [*dict.fromkeys(outcome.broken.kind for outcome in outcomes)]
    print(f"{'':<32}", *(f"{framework:>16}" for framework in frameworks))
    for kind in kinds:
        cells = [f"{found[kind, f]}/{made[kind, f]}" if made[kind, f] else "" for f in frameworks]
        print(f"{kind:<32}", *(f"{cell:>16}" for cell in cells))
    print(
        f"{'all':<32}",
        *(f"{sum(found[k, f] for k in kinds)}/{sum(made[k, f] for k in kinds)}".rjust(16) for f in frameworks),
    )


def print_lines(title: str, lines: Sequence[str]) -> None:
    print(f"\n{title}: {len(lines)}", *lines, sep="\n  ")


def line_of(each: Break) -> str:
    return f"{each.template.framework} {each.template.name}: {each.kind}: {each.what}"


def told(findings: Failures) -> str:
    return ", ".join(f"{rule} on {name}" for rule, name in sorted(findings))


if __name__ == "__main__":
    main()
