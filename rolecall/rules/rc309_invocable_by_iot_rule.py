"""RC309: the IoT rules whose action is a function may invoke it.

Fails when the policy of the function, or of the alias or version that is called, does not let
iot.amazonaws.com invoke it for the source.
Cannot know when the function or a value of its policy is not known.
"""

from rolecall.rules.invocable import by_resource_policy

KIND = "iot_rule"
check = by_resource_policy
