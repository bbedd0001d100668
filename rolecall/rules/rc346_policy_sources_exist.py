"""RC346: the source that a statement lets invoke the function exists.

Fails when the source ARN is a reference to something that the configuration does not declare.
Cannot know when the source comes from outside, is a pattern, or is written out and not the ARN of anything that the
configuration declares: it may well exist.
"""

from rolecall.findings import Verdict, failed, passed, unknown
from rolecall.model import Inventory
from rolecall.rules.statements import SOURCE_ARN, Grant, allows, judged, values_of
from rolecall.unknown import Unknown


def _judge(grant: Grant, inventory: Inventory) -> Verdict:
    sources = list(values_of(grant.statement, SOURCE_ARN))
    if not sources or allows(grant.statement) is False:
        return passed(f"{grant.label} names no source.")
    declared, shown = grant.permission.source, ", ".join(map(str, sources))
    if isinstance(declared, Unknown):
        return unknown(f"Whether {shown}, the source of {grant.label}, exists is not known: {declared.reason}.")
    if declared:
        return passed(f"{grant.label} is for {declared}, which the configuration declares.")
    return failed(
        f"{grant.label} is for {shown}, which the configuration does not declare.",
        f"{grant.label}: source ARN {shown}",
        **grant.facts,
    )


check = judged(_judge)
