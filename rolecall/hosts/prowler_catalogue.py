"""The AWS checks that the installed Prowler ships.

``python -m rolecall.hosts.prowler_catalogue``, in Prowler's environment, writes them as JSON.
"""

from __future__ import annotations

import json
import sys
from typing import Any

from prowler.lib.check.models import CheckMetadata

from rolecall.catalog import load_catalog


def shipped() -> dict[str, dict[str, Any]]:
    """By name: ``title``, ``service``, ``severity``, ``resource_type`` and ``aliases``, the names that it had before.

    Without the checks of this pack, which Prowler lists beside its own.
    """
    ours = {entry.prowler.check for entry in load_catalog().values()}
    return {
        name: {
            "title": check.CheckTitle,
            "service": check.ServiceName,
            "severity": check.Severity.value,
            "resource_type": check.ResourceType,
            "aliases": sorted(check.CheckAliases),
        }
        for name, check in sorted(CheckMetadata.get_bulk("aws").items())
        if name not in ours
    }


if __name__ == "__main__":
    json.dump(shipped(), sys.stdout, indent=1)
