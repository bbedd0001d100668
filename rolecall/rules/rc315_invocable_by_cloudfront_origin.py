"""RC315: the CloudFront distributions that sign their requests to a function URL may invoke the function through it.

Fails when the policy of the function, or of the alias that the URL is for, does not let cloudfront.amazonaws.com take
lambda:InvokeFunctionUrl for the distribution's ARN.
Cannot know when the function or a value of its policy is not known, and when lambda:InvokeFunction alone is missing:
Lambda's documentation asks callers of a URL for it, CloudFront's does not.
"""

from rolecall.findings import Status, Verdict, passed, unknown
from rolecall.model import Inventory, Invoker
from rolecall.rules.invocable import by_resource_policy
from rolecall.unknown import Unknown

KIND = "cloudfront_origin"


def check(invoker: Invoker, inventory: Inventory) -> Verdict:
    if invoker.auth_type == "NONE":
        return passed(f"{invoker.what} calls a function URL that is open to everybody.")
    verdict = by_resource_policy(invoker, inventory)
    if verdict.status is Status.FAIL and isinstance(invoker.auth_type, Unknown):
        return unknown(f"{verdict.message} Whether the URL is open is not known.", *verdict.evidence)
    return verdict
