"""RC307: the Cognito user pools that call a function as a trigger may invoke it.

Fails when the policy of the function, or of the alias or version that is the trigger, does not let
cognito-idp.amazonaws.com invoke it for the pool.
Cannot know when the function or a value of its policy is not known, or when a statement asks for aws:SourceAccount.
"""

from rolecall.rules.invocable import by_resource_policy

KIND = "cognito_trigger"
check = by_resource_policy
