"""RC317: the CloudWatch alarms that have a function as action may invoke it.

Fails when the policy of the function, or of the alias or version that is called, does not let
lambda.alarms.cloudwatch.amazonaws.com invoke it for the alarm.
Cannot know when the function or a value of its policy is not known.
"""

from rolecall.rules.invocable import by_resource_policy

KIND = "cloudwatch_alarm"
check = by_resource_policy
