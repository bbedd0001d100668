"""RC308: the secrets that a function rotates may make Secrets Manager invoke it.

Fails when the policy of the function, or of the alias or version that is called, does not let
secretsmanager.amazonaws.com invoke it for the secret.
Cannot know when the function or a value of its policy is not known.
"""

from rolecall.rules.invocable import by_resource_policy

KIND = "secrets_manager_rotation"
check = by_resource_policy
