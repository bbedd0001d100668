"""The report's page in a real Chromium: what it is made of, and a browser that lets nothing pass unseen.

Chromium is the one that ROLECALL_CHROMIUM names, else that of the machine. Playwright's own cannot be installed
everywhere; its Python client drives any.
"""

from __future__ import annotations

import json
import os
import shutil
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from playwright.sync_api import Browser, BrowserContext, Page, sync_playwright

from rolecall.report.make import make

ACCOUNT, REGION = "123456789012", "eu-west-1"
NAMES = ("chromium", "chromium-browser", "google-chrome")
_QUIET = ("--disable-gpu", "--disable-background-networking", "--disable-component-update", "--disable-sync",
          "--no-first-run")  # fmt: skip
# Chromium's sandbox does not run as root.
_ARGUMENTS = [*_QUIET, *(["--no-sandbox"] if os.getuid() == 0 else [])]


def chromium() -> str | None:
    return os.environ.get("ROLECALL_CHROMIUM") or next(filter(None, map(shutil.which, NAMES)), None)


@contextmanager
def browser() -> Iterator[Browser]:
    with sync_playwright() as playwright:
        started = playwright.chromium.launch(executable_path=chromium(), args=_ARGUMENTS)
        yield started
        started.close()


class Watched:
    """Pages of one context. What they ask for, complain of or break on is kept."""

    def __init__(self, browser: Browser, **settings: Any) -> None:
        self.context: BrowserContext = browser.new_context(viewport={"width": 1280, "height": 900}, **settings)
        self.asked: set[str] = set()
        self.complaints: list[str] = []
        self.context.on("request", lambda request: self.asked.add(request.url.partition("#")[0]))
        self.context.on("weberror", lambda error: self.complaints.append(str(error.error)))
        self.context.on("console", lambda message: self.complaints.append(f"{message.type}: {message.text}"))
        self._opened: set[str] = set()

    def open(self, file: Path, hash_: str = "") -> Page:
        """The page in a tab of its own, drawn."""
        page = self.context.new_page()
        self._opened.add(file.as_uri())
        page.goto(f"{file.as_uri()}#{hash_}" if hash_ else file.as_uri())
        return page

    def close(self) -> None:
        """Raises ``AssertionError`` where a page did anything that nobody should see."""
        self.context.close()
        assert self.complaints == []
        assert self.asked <= self._opened


def written(folder: Path, lines: Iterable[dict[str, Any]], *inputs: str) -> Path:
    """The page of a report of these lines of a trace, and of other inputs; report.json lies beside it."""
    trace = folder / "trace.jsonl"
    trace.write_text("".join(json.dumps({"schema": "rolecall/trace/1", **line}) + "\n" for line in lines))
    make([*inputs, str(trace)], folder, ("html", "json"))
    return folder / "report.html"


def told(page: Path) -> Any:
    """What report.json says."""
    return json.loads(page.with_name("report.json").read_text(encoding="utf-8"))


def function(name: str, account: str = ACCOUNT, region: str = REGION) -> dict[str, Any]:
    """A function of an account, as the trace has it."""
    arn = f"arn:aws:lambda:{region}:{account}:function:{name}"
    return {"type": "AWS::Lambda::Function", "address": arn, "name": name, "arn": arn, "account": account,
            "region": region, "file": None, "lines": None}  # fmt: skip


def in_code(name: str, address: str, file: str = "main.tf") -> dict[str, Any]:
    """A function of Terraform's code."""
    return {"type": "aws_lambda_function", "address": address, "name": name, "arn": None, "account": None,
            "region": None, "file": file, "lines": [1, 7]}  # fmt: skip


def finding(rule: str, status: str, resource: dict[str, Any], severity: str = "high", **more: Any) -> dict[str, Any]:
    name = resource["name"]
    fix = {"text": f"Admit lambda.amazonaws.com in the trust policy of {name}-role.",
           "cli": f"aws iam update-assume-role-policy --role-name {name}-role --policy-document file://trust.json",
           "terraform": f'# of {name}\nassume_role_policy = "{{}}"'}  # fmt: skip
    return {
        "rule": rule,
        "status": status,
        "severity": severity,
        "title": rule,
        "framework": "terraform" if resource["file"] else "live",
        "resource": resource,
        "function": name,
        "message": f"{name} is fine." if status == "PASS" else f"Lambda cannot assume {name}-role.",
        "evidence": [] if status == "PASS" else ["statement 1 admits the service edgelambda.amazonaws.com"],
        "remediation": {} if status == "PASS" else fix,
        **more,
    }


def wiring(resource: dict[str, Any], **edges: Any) -> dict[str, Any]:
    """An event of the trace: what is wired to a function."""
    framework = "terraform" if resource["file"] else "live"
    return {"event": "wiring", "host": "rolecall", "wiring": {"framework": framework, "function": resource, **edges}}
