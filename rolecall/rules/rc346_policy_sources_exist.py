"""RC346: the source that a statement lets invoke the function exists.

In code it fails when the source ARN is a reference to something that the configuration does not declare, and cannot
know when the source comes from outside, is a pattern, or is written out and not the ARN of anything that the
configuration declares: it may well exist. In an account it fails when the service says that there is no such thing, and
cannot know of patterns and of what is another account's.
"""

from rolecall.findings import Verdict, failed, passed, unknown
from rolecall.model import Inventory
from rolecall.rules.statements import SOURCE_ARN, Grant, allows, judged, values_of
from rolecall.unknown import Unknown


def _judge(grant: Grant, inventory: Inventory) -> Verdict:
    sources = list(values_of(grant.statement, SOURCE_ARN))
    if not sources or allows(grant.statement) is False:
        return passed(f"{grant.label} names no source.")
    live, source, shown = inventory.framework == "live", grant.permission.source, ", ".join(map(str, sources))
    if isinstance(source, Unknown):
        return unknown(f"Whether {shown}, the source of {grant.label}, exists is not known: {source.reason}.")
    if source:
        return passed(f"{grant.label} is for {source}, which {'exists' if live else 'the configuration declares'}.")
    where = "of which not all exist" if len(sources) > 1 else "which does not exist"
    return failed(
        f"{grant.label} is for {shown}, {where if live else 'which the configuration does not declare'}.",
        f"{grant.label}: source ARN {shown}",
        **grant.facts,
    )


check = judged(_judge)
