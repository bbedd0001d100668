"""The IAM policy language: parse, match, evaluate, three-valued and with reasons."""

from rolecall.iam.context import MayBeAbsent
from rolecall.iam.document import PolicyError, parse_policy
from rolecall.iam.evaluate import Decision, Effect, evaluate
from rolecall.iam.request import Request

__all__ = ["Decision", "Effect", "MayBeAbsent", "PolicyError", "Request", "evaluate", "parse_policy"]
