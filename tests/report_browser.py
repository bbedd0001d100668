"""The report's page in a real Chromium that lets nothing pass unseen.

Chromium is the one that ROLECALL_CHROMIUM names, else that of the machine: Playwright's client drives any, and its own
browsers cannot be installed everywhere.
"""

from __future__ import annotations

import json
import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from playwright.sync_api import Browser, BrowserContext, Page, sync_playwright

from rolecall.findings import TRACE_SCHEMA, Finding, to_record

NAMES = ("chromium", "chromium-browser", "google-chrome")
_QUIET = ("--disable-gpu", "--disable-background-networking", "--disable-component-update", "--disable-sync",
          "--no-first-run")  # fmt: skip
_AS_ROOT = ("--no-sandbox",)  # Chromium's sandbox does not run as root


def chromium() -> str | None:
    return os.environ.get("ROLECALL_CHROMIUM") or next(filter(None, map(shutil.which, NAMES)), None)


@contextmanager
def browser() -> Iterator[Browser]:
    arguments = [*_QUIET, *(_AS_ROOT if os.getuid() == 0 else ())]
    with sync_playwright() as playwright:
        started = playwright.chromium.launch(executable_path=chromium(), args=arguments)
        yield started
        started.close()


class Watched:
    """Tabs that share nothing with others. What they ask for, complain of or break on is kept."""

    def __init__(self, browser: Browser, **settings: Any) -> None:
        self.context: BrowserContext = browser.new_context(viewport={"width": 1280, "height": 900}, **settings)
        self.complaints: list[str] = []
        self.asked: set[str] = set()
        self._opened: set[str] = set()
        self.context.on("request", lambda request: self.asked.add(request.url.partition("#")[0]))
        self.context.on("weberror", lambda error: self.complaints.append(str(error.error)))
        self.context.on("console", lambda message: self.complaints.append(f"{message.type}: {message.text}"))

    def open(self, file: Path, hash_: str = "") -> Page:
        """The page in a tab of its own, drawn."""
        page = self.context.new_page()
        self._opened.add(file.as_uri())
        page.goto(f"{file.as_uri()}#{hash_}" if hash_ else file.as_uri())
        return page

    def close(self) -> None:
        """Raises ``AssertionError`` where a tab complained, or asked for anything but the files that were opened."""
        self.context.close()
        assert self.complaints == []
        assert self.asked == self._opened


def told(page: Path) -> Any:
    """What the report.json beside a page says."""
    return json.loads(page.with_name("report.json").read_text(encoding="utf-8"))


def wiring(of: Finding, **edges: Any) -> str:
    """A line of the trace: what is wired to the function of a finding."""
    made = {"framework": of.resource.framework, "function": to_record(of)["resource"], **edges}
    return json.dumps({"schema": TRACE_SCHEMA, "event": "wiring", "host": "rolecall", "wiring": made}) + "\n"
