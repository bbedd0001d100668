"""For Checkov: a piece of its configuration, and a baseline of what the team has accepted."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import yaml

from rolecall.catalog import load_catalog
from rolecall.exports.mapped import mapped
from rolecall.overlay import Overlay


def configuration(overlay: Overlay, lists: dict[str, str]) -> str:
    """A piece of ``.checkov.yaml``: IDs of checks by severity, and what the team has switched off or accepted.

    lists: by Checkov's option (``check``, ``hard-fail-on``), the severity of the checks that it is to name; for
    ``soft-fail-on``, those that are less grave.
    """
    checks = list(mapped("checkov"))
    written: dict[str, list[str]] = {}
    for option, severity in lists.items():
        grave = option != "soft-fail-on"
        written[option] = [one.name for one in checks if one.enabled and one.at_least(severity) is grave]
    accepted = {target for waiver, targets, _ in overlay.holding() if waiver.resource == "*" for target in targets}
    off = [one.name for one in checks if not one.enabled or {one.name, one.control} & accepted]
    if off:
        written["skip-check"] = off
    head = "# Checks of AWS by severity, from Rolecall's crosswalk. `check` leaves out all that it does not name.\n"
    return head + (str(yaml.safe_dump(written, sort_keys=False)) if written else "")


def baseline(overlay: Overlay, results: Path) -> str:
    """A baseline for ``--baseline``: what of Checkov's JSON output the team has accepted.

    Raises ``ValueError`` for a file that is none, ``OSError`` for one that cannot be read.
    """
    try:
        document = json.loads(results.read_text(encoding="utf-8"))
        failed = list(_accepted(overlay, document if isinstance(document, list) else [document]))
    except (KeyError, TypeError, AttributeError, RecursionError) as fault:
        raise ValueError(f"{results}: is not Checkov's JSON output: {fault!r}") from None
    except ValueError as fault:
        raise ValueError(f"{results}: is not JSON: {fault}") from None
    files: dict[str, dict[str, set[str]]] = {}
    for file, resource, check in failed:
        files.setdefault(file, {}).setdefault(resource, set()).add(check)
    return _json(
        {
            "failed_checks": [
                {
                    "file": file,
                    "findings": [
                        {"resource": resource, "check_ids": sorted(checks)}
                        for resource, checks in sorted(found.items())
                    ],
                }
                for file, found in sorted(files.items())
            ]
        }
    )


def _accepted(overlay: Overlay, reports: list[Any]) -> Iterator[tuple[str, str, str]]:
    for report in reports:
        for record in report["results"]["failed_checks"] if "results" in report else ():
            check, resource, file = (str(record[key]) for key in ("check_id", "resource", "file_path"))
            ours = load_catalog().by_checkov(check)
            if overlay.waived(ours.id if ours else check, *names_of(resource, file)):
                yield file, resource, check


def names_of(resource: str, file: str) -> tuple[str, ...]:
    """What a waiver may call a resource of one of Checkov's records: with its type or without, or its file."""
    return resource, resource.partition(".")[2], file


def _json(document: Any) -> str:
    return json.dumps(document, indent=2) + "\n"
