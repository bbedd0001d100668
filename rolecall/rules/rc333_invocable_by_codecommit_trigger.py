"""RC333: the CodeCommit repositories whose triggers call a function may invoke it.

Fails when the policy of the function, or of the alias or version that is called, does not let codecommit.amazonaws.com
invoke it for the repository.
Cannot know when the function or a value of its policy is not known.
"""

from rolecall.rules.invocable import by_resource_policy

KIND = "codecommit_trigger"
check = by_resource_policy
