"""What a role must be able to do with the customer's KMS key of a queue, stream, topic, bucket or secret.

AWS's own keys ask for nothing. Of a key that code does not declare nothing is known, and nothing is asked; in an
account the policy of every key has been asked for.
"""

from __future__ import annotations

from collections.abc import Iterator

from rolecall.arn import service_of
from rolecall.model import Function, Inventory
from rolecall.rules.needs import BY_LAMBDA, Need, need
from rolecall.unknown import Text, Unknown, text


def key_needs(
    function: Function, inventory: Inventory, key: Text | None, of: Text, *actions: str, purpose: str
) -> Iterator[Need]:
    """The actions on a key, which its key policy has to admit as well as, or instead of, the role's own policies.

    of: ARN of what the key encrypts: its service is what calls AWS KMS, in the role's name.
    Source: https://docs.aws.amazon.com/kms/latest/developerguide/conditions-kms.html#conditions-kms-via-service
    """
    found = inventory.target(key, function.resource.scope) if key is not None else None
    if isinstance(key, Unknown) and found is None and function.resource.framework == "live":
        place = ("arn:", function.partition, ":kms:", function.resource.region, ":", function.resource.account)
        yield need(text(*place, ":key/", key), *actions, purpose=purpose, policies=key, certain=key)
    if key is None or found is None:
        return
    resource = found.resource
    through = text(service_of(of), ".", resource.region, ".amazonaws.com")
    context = {**BY_LAMBDA, "kms:ViaService": through, "kms:CallerAccount": function.resource.account}
    policies = found.policies or (_default(resource.account),)
    yield need(key, *actions, purpose=purpose, policies=policies, context=context)


def _default(account: Text) -> dict[str, object]:
    """https://docs.aws.amazon.com/kms/latest/developerguide/key-policy-default.html"""
    statement = {"Effect": "Allow", "Principal": {"AWS": account}, "Action": "kms:*", "Resource": "*"}
    return {"Version": "2012-10-17", "Statement": statement}
