"""RC311: the AWS Config rules that a function evaluates may invoke it.

Fails when the policy of the function, or of the alias or version that is called, does not let config.amazonaws.com
invoke it for the rule.
Cannot know when the function or a value of its policy is not known. An organization's rule is made in accounts that the
code does not name: a statement that asks for a source is not decided.
"""

from rolecall.rules.invocable import by_resource_policy

KIND = "config_rule"
check = by_resource_policy
