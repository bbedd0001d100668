"""The report as JUnit XML, which every CI system shows: a test case for each row.

What fails is a failure, what broke an error; what cannot be told or is muted is skipped, with the reason.
"""

from __future__ import annotations

from collections.abc import Sequence
from html import escape

from rolecall.report.outputs.base import Output
from rolecall.report.rows import FOUND, Row, Rule
from rolecall.report.summary import Summary


class Junit(Output):
    file = "report.junit.xml"
    between = b"\n"

    def head(self, summary: Summary, rules: Sequence[Rule]) -> bytes:
        status = summary.counts.status
        counts = (
            f'tests="{summary.counts.rows}" failures="{status["FAIL"]}" errors="{status["ERROR"]}" '
            f'skipped="{status["UNKNOWN"] + status["MUTED"]}"'
        )
        suite = f'<testsuite name="rolecall" timestamp="{summary.created[:19]}" {counts}>'
        return f'<?xml version="1.0" encoding="UTF-8"?>\n<testsuites name="rolecall" {counts}>\n{suite}\n'.encode()

    def row(self, row: Row, summary: Summary) -> bytes:
        case = f"<testcase classname={_attribute(row.rule)} name={_attribute(f'{row.resource} ({row.place})')}"
        first = row.code[0].lines if row.code else None
        if first:
            case += f" file={_attribute(first.file)}" + (f' line="{first.first}"' if first.first else "")
        if row.status == "PASS":
            return f"{case}/>".encode()
        return f"{case}>{_outcome(row)}</testcase>".encode()

    def tail(self, summary: Summary) -> bytes:
        return b"\n</testsuite>\n</testsuites>\n"


def _outcome(row: Row) -> str:
    message = _attribute(row.message)
    if row.status == "MUTED":
        waived = row.waived
        until = f" until {waived.expires}, {waived.owner}" if waived.expires else ""
        return f"<skipped message={_attribute(f'muted{until}: {waived.reason}')}/>"
    if row.status == "UNKNOWN":
        return f"<skipped message={message}/>"
    said = [f"{result.place}: {result.message}" for result in row.results]
    if row.status == "ERROR":
        return f"<error type={_attribute(row.rule)} message={message}>{escape(chr(10).join(said), quote=False)}</error>"
    fix = row.remedy.get("text")
    said += [FOUND.get(row.found, "")] + ([f"Fix: {fix}"] if fix else [])
    kind = _attribute(row.severity)
    return f"<failure type={kind} message={message}>{escape(chr(10).join(filter(None, said)), quote=False)}</failure>"


def _attribute(text: str) -> str:
    return f'"{escape(text)}"'
