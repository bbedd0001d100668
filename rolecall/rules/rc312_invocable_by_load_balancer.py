"""RC312: the load balancer's target groups that hold a function may invoke it.

Fails when the policy of the function, or of the alias or version that is called, does not let
elasticloadbalancing.amazonaws.com invoke it for the source.
Cannot know when the function or a value of its policy is not known, or when a statement asks for aws:SourceAccount.
"""

from rolecall.rules.invocable import by_resource_policy

KIND = "load_balancer"
check = by_resource_policy
