"""What Lambda says of the last polls of an event source mapping.

Sources: https://docs.aws.amazon.com/lambda/latest/api/API_EventSourceMappingConfiguration.html,
https://docs.aws.amazon.com/lambda/latest/dg/services-mq-errors.html,
https://docs.aws.amazon.com/lambda/latest/dg/with-kafka-troubleshoot.html
"""

from __future__ import annotations

import re

GOOD = ("", "OK", "No records processed")
_PROBLEM = "PROBLEM"
_REFUSED = re.compile(r"authori[sz]|authentic|access ?denied|permission|assume|certificate|private key", re.IGNORECASE)
# Codes of brokers, as the reason of the mapping's state.
STOPPED = ("ESM_CONFIG_NOT_VALID", "EVENT_SOURCE_AUTHN_ERROR", "EVENT_SOURCE_AUTHZ_ERROR", "FUNCTION_CONFIG_NOT_VALID")


def is_refusal(result: str) -> bool:
    """Whether a result says that Lambda was not let in, whatever else it says."""
    return bool(_REFUSED.search(result))


def is_problem(result: str) -> bool:
    """Whether a result is another problem."""
    return result.startswith(_PROBLEM) and not is_refusal(result)
