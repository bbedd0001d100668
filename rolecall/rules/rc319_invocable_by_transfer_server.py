"""RC319: the Transfer Family servers whose users a function knows may invoke it.

Fails when the policy of the function, or of the alias or version that is called, does not let transfer.amazonaws.com
invoke it for the server.
Cannot know when the function or a value of its policy is not known.
"""

from rolecall.rules.invocable import by_resource_policy

KIND = "transfer_server"
check = by_resource_policy
