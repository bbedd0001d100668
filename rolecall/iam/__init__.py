"""The IAM policy language: parse, match, evaluate, three-valued and with reasons."""

from rolecall.iam.context import MayBeAbsent
from rolecall.iam.document import PolicyError, parse_policy
from rolecall.iam.evaluate import Decision, Effect, decide_each, evaluate
from rolecall.iam.policy_set import PolicySet, of_identity
from rolecall.iam.request import Request

__all__ = [
    "Decision", "Effect", "MayBeAbsent", "PolicyError", "PolicySet", "Request", "decide_each", "evaluate",
    "of_identity", "parse_policy",
]  # fmt: skip
