"""For Prowler: custom metadata of checks, a mutelist, a compliance framework.

The forms are those of ``prowler/lib/check/custom_checks_metadata.py``, ``prowler/lib/mutelist/mutelist.py`` and
``prowler/lib/check/compliance_models.py`` (``ComplianceFramework``). A check whose metadata breaks a validator returns
nothing: a test holds all of it to Prowler's own models.
"""

from __future__ import annotations

import json
import re
from collections.abc import Collection, Iterable, Iterator
from typing import Any

import yaml

from rolecall import __version__
from rolecall.catalog import load_catalog
from rolecall.exports.mapped import Mapped, mapped
from rolecall.findings import SEVERITIES, Remediation
from rolecall.generators.prowler import prowler_remediation
from rolecall.overlay import Overlay

FRAMEWORK = "Rolecall-Crosswalk"
_OWN = "Own controls"


def metadata(only: Collection[str] | None = None) -> str:
    """Severity, title, texts and remediation of every check, for ``--custom-checks-metadata-file``.

    only: of these of Prowler's own; nothing where there are none of them.
    """
    wanted = (one for one in mapped("prowler") if only is None or one.name in only)
    checks = {one.name: _metadata(one) for one in wanted}
    return _yaml({"CustomChecksMetadata": {"aws": {"Checks": checks}}}) if checks else ""


def excluded() -> list[str]:
    """Prowler's own checks that the team has switched off, for ``--excluded-checks``."""
    return [one.name for one in mapped("prowler") if not one.enabled and one.control not in load_catalog()]


def mutelist(overlay: Overlay) -> tuple[str, list[str]]:
    """The waivers that hold, for ``--mutelist-file``, and a line for each that Prowler's mutelist cannot say.

    Prowler mutes by account, and by a search in the name of the check, the region and the resource's ID, never by ARN:
    a waiver for ARNs is said by their account, region and last part.
    """
    checks = list(mapped("prowler"))
    accounts: dict[str, Any] = {}
    left = []
    for waiver, targets, line in overlay.holding():
        place = _place(waiver.resource)
        if place is None:
            left.append(
                f"{overlay.path}:{line}: Prowler's mutelist cannot say {waiver.resource}: give all parts of the ARN"
            )
            continue
        account, region, resources = place
        muted = accounts.setdefault(account, {"Checks": {}})["Checks"]
        for one in checks:
            if one.name in targets or one.control in targets:
                said = {"Regions": [region], "Resources": resources, "Description": str(waiver)}
                muted[_unused(f"^{one.name}$", muted)] = said
    return _yaml({"Mutelist": {"Accounts": accounts or {"*": {"Checks": {}}}}}), left


def compliance() -> str:
    """A framework of all checks: the team's own controls, then the crosswalk's by service; see ``docs/prowler.md``."""
    checks = [one for one in mapped("prowler") if one.enabled]
    own = sorted({control for one in checks for control in one.controls})
    services = list(dict.fromkeys(one.service for one in checks))
    requirements = [
        _requirement(control, control, _OWN, [c for c in checks if control in c.controls]) for control in own
    ]
    requirements += [_requirement(control, of[0].title, of[0].service, of) for control, of in _by_control(checks)]
    known = {"Service": [_OWN, *services], "Severity": list(SEVERITIES)}
    return _json(
        {
            "framework": FRAMEWORK,
            "name": "Rolecall: the controls behind the checks of Prowler and Checkov",
            "version": __version__,
            "provider": "AWS",
            "description": "What Prowler's checks and Rolecall's rules ask for, by service.",
            "attributes_metadata": [
                {"key": key, "type": "str", "required": True, "enum": values} for key, values in known.items()
            ],
            "outputs": {"table_config": {"group_by": "Service"}},
            "requirements": requirements,
        }
    )


def _metadata(one: Mapped) -> dict[str, Any]:
    remedy = Remediation(one.text, one.cli, one.terraform, one.cloudformation)
    return {
        "Severity": one.severity,
        "CheckTitle": one.title,
        "Description": one.description,
        "Risk": one.risk,
        "Remediation": prowler_remediation(remedy),
    }


def _place(pattern: str) -> tuple[str, str, list[str]] | None:
    """Account, region and resources of a waiver's pattern, as a mutelist writes them; ``None``: it cannot."""
    if not pattern.startswith("arn:"):
        return "*", "*", [_search(pattern)]
    parts = pattern.split(":", 5)
    if len(parts) < 6:
        return None
    _, _, _, region, account, resource = parts
    if account not in ("", "*") and not re.fullmatch(r"[0-9]{12}", account):
        return None
    name = re.split(r"[:/]", resource)[-1]
    return account or "*", _search(region) if region else "*", list(dict.fromkeys((_search(name), _search(pattern))))


def _search(pattern: str) -> str:
    """A pattern as Prowler searches for it: a regular expression, in which it reads ``*`` as ``.*`` by itself."""
    if pattern == "*":
        return "*"
    said = "".join(char if char == "*" else "." if char == "?" else re.escape(char) for char in pattern)
    return f"^{said}$"


def _unused(name: str, taken: Iterable[str]) -> str:
    """The name, in parentheses if need be: a check can be in a mutelist several times, each with its own resources."""
    while name in taken:
        name = f"^({name[1:-1]})$"
    return name


def _by_control(checks: Iterable[Mapped]) -> Iterator[tuple[str, list[Mapped]]]:
    found: dict[str, list[Mapped]] = {}
    for one in checks:
        found.setdefault(one.control, []).append(one)
    yield from found.items()


def _requirement(identity: str, name: str, section: str, checks: list[Mapped]) -> dict[str, Any]:
    gravest = min((one.severity for one in checks), key=SEVERITIES.index)
    return {
        "id": identity,
        "name": name,
        "description": checks[0].description,
        "attributes": {"Service": section, "Severity": gravest},
        "checks": {"aws": [one.name for one in checks]},
    }


def _yaml(document: Any) -> str:
    return str(yaml.safe_dump(document, sort_keys=False, allow_unicode=True, width=120))


def _json(document: Any) -> str:
    return json.dumps(document, indent=1, ensure_ascii=False) + "\n"
