"""RC316: the AppSync APIs that a function authorizes may invoke it.

Fails when the policy of the function, or of the alias or version that is called, does not let appsync.amazonaws.com
invoke it for the API.
Cannot know when the function or a value of its policy is not known. A statement that asks for aws:SourceAccount is not
decided: whether AppSync sends it is not documented.
"""

from rolecall.rules.invocable import by_resource_policy

KIND = "appsync_authorizer"
check = by_resource_policy
