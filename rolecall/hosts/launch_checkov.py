"""Runs Checkov in its own environment and tells the trace which files it could not parse.

Executed as a script by Checkov's own interpreter, which may not have Rolecall: nothing of Rolecall is imported here.
Checkov names such files only in some of its outputs and exits 0.
"""

import sys

del sys.path[0]  # this folder: a module in it must not be taken for one of the host's

import json  # noqa: E402
import os  # noqa: E402
from collections.abc import Iterable  # noqa: E402

from checkov.common.output.report import Report  # noqa: E402
from checkov.main import Checkov  # noqa: E402

_add_parsing_errors = Report.add_parsing_errors


def _tell(report: Report, errors: Iterable[str]) -> None:
    files = list(errors)
    lines = [
        json.dumps({"schema": "rolecall/trace/1", "event": "unread", "host": "checkov", "what": str(file)}) + "\n"
        for file in files
    ]
    with open(os.environ["ROLECALL_TRACE"], "a", encoding="utf-8") as trace:
        trace.write("".join(lines))
    _add_parsing_errors(report, files)


Report.add_parsing_errors = _tell
sys.exit(Checkov().run())
