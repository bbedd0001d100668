"""AWS Secrets Manager: secrets that a function rotates.

A function rotates secrets of its own region only, and replicas of a secret are not rotated: the secret itself is.
Sources: https://docs.aws.amazon.com/secretsmanager/latest/apireference/API_ListSecrets.html (100 a page),
https://docs.aws.amazon.com/secretsmanager/latest/userguide/rotating-secrets-lambda-function-customizing.html,
https://docs.aws.amazon.com/secretsmanager/latest/userguide/replicate-secrets.html
"""

from __future__ import annotations

from collections.abc import Iterator

from rolecall.live.parts import Part
from rolecall.live.place import Place
from rolecall.model import Invoker

_PAGE = 100


def rotations(place: Place) -> Iterator[Invoker]:
    """The secrets that are rotated by functions. CancelRotateSecret leaves the function's ARN and ends the rotation."""
    for page in place.pages("secretsmanager", "list_secrets", page_size=_PAGE):
        for secret in page.get("SecretList") or ():
            function = secret.get("RotationLambdaARN")
            replica = (secret.get("PrimaryRegion") or place.region) != place.region
            if not function or replica or secret.get("RotationEnabled") is False:
                continue
            arn, name = str(secret.get("ARN", "")), str(secret.get("Name", ""))
            yield Invoker(
                kind="secrets_manager_rotation",
                resource=place.resource("AWS::SecretsManager::Secret", arn, name),
                what=f"Secrets Manager, for {name}",
                function=str(function),
                source_arn=arn,
            )


PARTS = (Part("secrets_manager_rotation", rotations, ("secretsmanager:ListSecrets",)),)
