"""RC310: the SES receipt rules that call a function may invoke it.

Fails when the policy of the function, or of the alias or version that is called, does not let ses.amazonaws.com invoke
it for the receipt rule.
Cannot know when the function or a value of its policy is not known.
"""

from rolecall.rules.invocable import by_resource_policy

KIND = "ses_receipt_rule"
check = by_resource_policy
