"""RC332: the Lex bots that use a function may invoke it.

Fails when the policy of the function, or of the alias or version that is called, does not let lexv2.amazonaws.com
invoke it for the bot alias.
Cannot know when the function or a value of its policy is not known. Lex V1, which had another principal, was shut down
in September 2025.
"""

from rolecall.rules.invocable import by_resource_policy

KIND = "lex_bot"
check = by_resource_policy
