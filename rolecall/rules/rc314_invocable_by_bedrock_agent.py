"""RC314: the Bedrock agents that use a function may invoke it.

Fails when the policy of the function, or of the alias or version that is called, does not let bedrock.amazonaws.com
invoke it for the agent.
Cannot know when the function or a value of its policy is not known.
"""

from rolecall.rules.invocable import by_resource_policy

KIND = "bedrock_agent"
check = by_resource_policy
