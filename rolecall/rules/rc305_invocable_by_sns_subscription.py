"""RC305: the SNS topics that a function subscribes to may invoke it.

Fails when the policy of the function, or of the alias or version that subscribes, does not let sns.amazonaws.com invoke
it for the topic.
Cannot know when the function or a value of its policy is not known, or when a statement asks for aws:SourceAccount.
"""

from rolecall.rules.invocable import by_resource_policy

KIND = "sns_subscription"
check = by_resource_policy
