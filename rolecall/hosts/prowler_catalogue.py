"""The AWS checks that the installed Prowler ships.

``python -m rolecall.hosts.prowler_catalogue``, in Prowler's environment, writes them as JSON.
"""

from __future__ import annotations

import hashlib
import json
import sys
from pathlib import Path
from typing import Any

import prowler
from prowler.config.config import prowler_version
from prowler.lib.check.models import CheckMetadata

from rolecall.catalog import load_catalog


def shipped() -> dict[str, Any]:
    """``version``, and ``checks`` by name.

    Of each ``title``, ``service``, ``severity``, ``resource_type``, ``aliases`` (the names that it had before) and
    ``code``, a digest of its module. Without the checks of this pack, which Prowler lists beside its own.
    """
    ours = {entry.prowler.check for entry in load_catalog().values()}
    checks = {
        name: {
            "title": check.CheckTitle,
            "service": check.ServiceName,
            "severity": check.Severity.value,
            "resource_type": check.ResourceType,
            "aliases": sorted(check.CheckAliases),
            "code": _digest(check.ServiceName, name),
        }
        for name, check in sorted(CheckMetadata.get_bulk("aws").items())
        if name not in ours
    }
    return {"version": prowler_version, "checks": checks}


def _digest(service: str, name: str) -> str:
    services = Path(prowler.__file__).parent / "providers" / "aws" / "services"
    return hashlib.sha256((services / service / name / f"{name}.py").read_bytes()).hexdigest()[:12]


if __name__ == "__main__":
    json.dump(shipped(), sys.stdout, indent=1)
