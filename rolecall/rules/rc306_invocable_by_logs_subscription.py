"""RC306: the log groups that are subscribed to by a function may invoke it.

Fails when the policy of the function, or of the alias or version that is called, does not let
logs.amazonaws.com, or that principal of the region, invoke it for the source.
Cannot know when the function or a value of its policy is not known.
Of an account, filters are not seen that forwarded no log event, and failed to forward none, for two weeks.
"""

from rolecall.rules.invocable import by_resource_policy

KIND = "logs_subscription"
check = by_resource_policy
