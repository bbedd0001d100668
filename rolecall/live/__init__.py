"""From an AWS account to an ``Inventory`` and findings, with boto3 alone.

One module per AWS service; ``calls`` holds what they share. Nothing is guessed: what an API did not tell becomes
``Unknown`` with the action named, and a listing that failed becomes a ``Problem`` of the result.
"""

from rolecall.live.calls import Problem
from rolecall.live.collect import Collected, collect
from rolecall.live.needs import EVENT_SOURCE_MAPPINGS, FUNCTION_POLICIES, ROLES, needs_of
from rolecall.live.scan import Account, Scan, scan
from rolecall.live.tags import Tags, read_tags

__all__ = [
    "EVENT_SOURCE_MAPPINGS", "FUNCTION_POLICIES", "ROLES", "Account", "Collected", "Problem", "Scan", "Tags",
    "collect", "needs_of", "read_tags", "scan",
]  # fmt: skip
