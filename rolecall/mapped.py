"""``rolecall map``: what a rule or a built-in check is called everywhere, how grave it is and how it is put right."""

from __future__ import annotations

import difflib
import json
import shutil
import textwrap
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import asdict
from typing import Any

import click

from rolecall.catalog import Entry, load_catalog
from rolecall.crosswalk import CALLED, FORMS, RELATIONS, TOOLS, Control, Crosswalk, Relation, load_crosswalk
from rolecall.failure import Failure
from rolecall.findings import SEVERITIES
from rolecall.overlay import team
from rolecall.printable import printable
from rolecall.terminal import coloured

_WIDEST = 100
_LABEL = 14
_COLOURS = {"critical": "red", "high": "red", "medium": "yellow"}


@click.command()
@click.argument("words", metavar="[NAME|WORD]...", nargs=-1)
@click.option("--coverage", is_flag=True, help="How many checks of each tool are in the crosswalk, and how related.")
@click.option("--format", "form", type=click.Choice(["text", "json"]), default="text", help="Of standard output.")
def map(words: tuple[str, ...], coverage: bool, form: str) -> None:  # the command's name
    """Show what a check is called everywhere: Checkov, Prowler, Security Hub, AWS Config, CIS, CWE, Trivy, Rolecall.

    NAME is any of their names: CKV_AWS_21, s3_bucket_object_versioning, S3.14, AWS-0090, RC103 ... Else the WORDs are
    looked for, and what has all of them is listed.

    \b
    Exit code: 0  found
               2  nothing is called so, and nothing has the words
    """
    crosswalk = load_crosswalk()
    if coverage:
        figures = coverage_of(crosswalk)
        click.echo(json.dumps(figures, indent=1) if form == "json" else "\n".join(_coverage(figures)))
        return
    if not words:
        raise Failure("name a check or some words: rolecall map CKV_AWS_21, rolecall map bucket encryption")
    found = _named(crosswalk, " ".join(words)) or _with_words(crosswalk, words)
    if not found:
        raise Failure(_nothing(crosswalk, " ".join(words)))
    if form == "json":
        click.echo(json.dumps([_record(crosswalk, one) for one in found], indent=1, ensure_ascii=False))
        return
    colour = coloured()
    width = min(shutil.get_terminal_size((_WIDEST, 24)).columns, _WIDEST)
    lines = _list(crosswalk, found, width) if len(found) > 1 else _whole(crosswalk, found[0], width)
    for line in lines:
        click.echo(line, color=colour)


def coverage_of(crosswalk: Crosswalk) -> dict[str, dict[str, Any]]:
    """By tool: ``version``; how many AWS checks it has, how many are in the crosswalk and how many related.

    A check with several relations counts under ``related`` once, and under each kind of its relations once.
    """
    figures = {}
    for tool in TOOLS:
        listed = [check for control in crosswalk for check in getattr(control, tool)]
        kinds = {check: {relation.relation for relation in crosswalk.relations.get(check, ())} for check in listed}
        count = Counter(kind for found in kinds.values() for kind in found)
        figures[tool] = {
            "version": crosswalk.hosts[tool].version,
            "checks": crosswalk.hosts[tool].checks,
            "listed": len(listed),
            "related": sum(bool(found) for found in kinds.values()),
            **{relation: count[relation] for relation in RELATIONS},
            "no_counterpart": sum(not found for found in kinds.values()),
        }
    return figures


def _named(crosswalk: Crosswalk, name: str) -> Sequence[Control | Entry]:
    """What has the name: a rule of ours, the control of a check, or all that a name of another tool stands for."""
    ours = load_catalog().named(name)
    if ours is not None:
        return [ours]
    check = crosswalk.former.get(name.lower(), name.lower())
    control = crosswalk.of_check(name.upper()) or crosswalk.of_check(check)
    if control is not None:
        return [control]
    wanted = name.lower().removeprefix("avd-")
    return [control for control in crosswalk if wanted in {known.lower() for known in _names(control)}]


def _names(control: Control) -> Iterator[str]:
    yield control.id
    for key in CALLED:
        yield from getattr(control, key)


def _with_words(crosswalk: Crosswalk, words: Iterable[str]) -> Sequence[Control | Entry]:
    """What has all of the words, those first that have them in the title."""
    wanted = [word.lower() for word in words]

    def rank(one: Control | Entry) -> tuple[bool, int]:
        return not all(word in one.title.lower() for word in wanted), SEVERITIES.index(one.severity)

    texts = ((one, _text(crosswalk, one)) for one in (*load_catalog().values(), *crosswalk))
    return sorted((one for one, text in texts if all(word in text for word in wanted)), key=rank)


def _text(crosswalk: Crosswalk, one: Control | Entry) -> str:
    names = [*_names(one), crosswalk.service(one)] if isinstance(one, Control) else [one.id, one.prowler.check]
    return " ".join([*names, one.title, one.description, one.risk]).lower()


def _nothing(crosswalk: Crosswalk, asked: str) -> str:
    known = [name for control in crosswalk for name in _names(control)]
    known += [name for entry in load_catalog().values() for name in (entry.id, entry.prowler.check)]
    close = difflib.get_close_matches(asked.lower(), {name.lower(): name for name in known}, 3, 0.75)
    spelt = {name.lower(): name for name in known}
    meant = f"; did you mean {' or '.join(spelt[name] for name in close)}?" if close else ""
    return f"nothing is called {asked}, and nothing has these words{meant}"


def _list(crosswalk: Crosswalk, found: Sequence[Control | Entry], width: int) -> Iterator[str]:
    for one in found:
        names = (one.id,) if isinstance(one, Entry) else one.checks
        title = textwrap.shorten(one.title, width - 15, placeholder=" ...")
        yield f"{_severity(one)}{' ' * (15 - len(one.severity))}{title}"
        yield from _wrapped(", ".join(names), width, " " * 15)
    yield ""
    yield f"{len(found)} found; name one for all of it"


def _whole(crosswalk: Crosswalk, one: Control | Entry, width: int) -> Iterator[str]:
    yield click.style(f"{one.id}  {one.title}", bold=True)
    yield from _rule(one, width) if isinstance(one, Entry) else _control(crosswalk, one, width)
    for text in (one.description, one.risk):
        yield ""
        yield from _wrapped(text, width)
    remedy = one.remedy({}) if isinstance(one, Entry) else one.remediation
    yield ""
    yield from _wrapped(remedy.text, width)
    for form, label in FORMS.items():
        code: str = getattr(remedy, form)
        if code:
            yield ""
            yield label
            yield from (f"    {line}".rstrip() for line in code.splitlines())
    yield ""
    yield from one.references if isinstance(one, Entry) else (one.remediation.link,)


def _rule(entry: Entry, width: int) -> Iterator[str]:
    yield f"{_severity(entry)}; a rule of Rolecall{'' if entry.default else ', off by default'}"
    yield ""
    if entry.checkov.resources:
        yield from _field("Checkov", entry.checkov_id, width)
    if "live" in entry.surfaces:
        yield from _field("Prowler", entry.prowler.check, width)
    yield from _team(entry.id, width)
    for related in entry.related:
        yield from _field("Built-in", f"{related.stands} {related.id}", width)
        yield from _wrapped(related.note, width, " " * _LABEL)


def _control(crosswalk: Crosswalk, control: Control, width: int) -> Iterator[str]:
    yield f"{_severity(control)}; {crosswalk.service(control)}"
    yield ""
    for key, label in CALLED.items():
        if getattr(control, key):
            yield from _field(label, ", ".join(getattr(control, key)), width)
    for check in control.checks:
        yield from _team(check, width)
    for relation in _relations(crosswalk, control):
        yield from _field("Relation", f"{relation.checkov} {RELATIONS[relation.relation]} {relation.prowler}", width)
        other = f"Another reading: {relation.reading}" if relation.reading else ""
        yield from _wrapped(f"{relation.difference} {other}", width, " " * _LABEL)
    if control.no_counterpart:
        yield from _field("Alone", control.no_counterpart, width)
    for check, remark in control.remarks.items():
        yield from _field("Remark", f"{check}: {remark}", width)
    for entry in load_catalog().values():
        for related in entry.related:
            if related.id in control.checks:
                yield from _field("Rolecall", f"{entry.id} {related.stands} {related.id}", width)
                yield from _wrapped(related.note, width, " " * _LABEL)


def _team(name: str, width: int) -> Iterator[str]:
    """What the team's overlay says of a rule or a check."""
    said = team().adjustment(name)
    runs = "" if said.enabled is None else "on" if said.enabled else "off"
    words = [said.severity, runs, *said.ids, *said.controls]
    words += [said.remediation.text, said.remediation.add, said.remediation.link]
    if any(words):
        yield from _field("Team", f"{name}: {'; '.join(filter(None, words))}", width)


def _field(label: str, text: str, width: int) -> Iterator[str]:
    first, *more = _wrapped(printable(text), width - _LABEL)
    yield f"{label:<{_LABEL}}{first}"
    yield from (" " * _LABEL + line for line in more)


def _relations(crosswalk: Crosswalk, control: Control) -> Sequence[Relation]:
    """All relations of the control's checks, also those that are written at another control."""
    return list(dict.fromkeys(relation for check in control.checks for relation in crosswalk.relations.get(check, ())))


def _record(crosswalk: Crosswalk, one: Control | Entry) -> dict[str, Any]:
    if isinstance(one, Entry):
        return {"kind": "rule", "checkov_id": one.checkov_id, **asdict(one)}
    relations = [asdict(relation) for relation in _relations(crosswalk, one)]
    return {"kind": "control", "service": crosswalk.service(one), **asdict(one), "relations": relations}


def _coverage(figures: dict[str, dict[str, Any]]) -> Iterator[str]:
    yield f"{'':<16}" + "".join(f"{CALLED[tool] + ' ' + figures[tool]['version']:>18}" for tool in figures)
    for key in ("checks", "listed", "related", *RELATIONS, "no_counterpart"):
        label = f"  {key}" if key in RELATIONS else key.replace("_", " ")
        yield f"{label:<16}" + "".join(f"{_share(figures[tool], key):>18}" for tool in figures)


def _share(figures: dict[str, Any], key: str) -> str:
    return str(figures[key]) if key == "checks" else f"{figures[key]} ({100 * figures[key] / figures['checks']:.1f} %)"


def _severity(one: Control | Entry) -> str:
    return click.style(one.severity, fg=_COLOURS.get(one.severity))


def _wrapped(text: str, width: int, indent: str = "") -> list[str]:
    return textwrap.wrap(
        text, width, initial_indent=indent, subsequent_indent=indent, break_long_words=False, break_on_hyphens=False
    )
