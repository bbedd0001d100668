"""Amazon Cognito: user pools that call functions as triggers.

ListUserPools tells the triggers of every pool, so that DescribeUserPool is only for a pool without that answer.
Source: https://docs.aws.amazon.com/cognito-user-identity-pools/latest/APIReference/API_ListUserPools.html (60 a page)
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from rolecall.iac.wiring import may_be_function
from rolecall.live.parts import Part
from rolecall.live.place import Place
from rolecall.model import Invoker

_PAGE = 60


def triggers(place: Place) -> Iterator[Any]:
    """The functions that the region's user pools call, each once for a pool."""
    return place.each(lambda pool: _of_pool(place, *pool), _pools(place))


def _pools(place: Place) -> Iterator[tuple[str, str, tuple[str, ...] | None]]:
    """ID and name of each pool, with the functions that it calls; ``None`` where the listing does not tell."""
    for page in place.pages("cognito-idp", "list_user_pools", page_size=_PAGE):
        for pool in page.get("UserPools") or ():
            config = pool.get("LambdaConfig")
            identity = str(pool.get("Id", ""))
            yield identity, str(pool.get("Name") or identity), None if config is None else _functions(config)


def _of_pool(place: Place, identity: str, name: str, functions: tuple[str, ...] | None) -> Iterator[Invoker]:
    if functions is None:
        pool = place.call("cognito-idp", "describe_user_pool", UserPoolId=identity).get("UserPool") or {}
        functions = _functions(pool.get("LambdaConfig") or {})
    arn = place.arn("cognito-idp", f"userpool/{identity}")
    for function in functions:
        yield Invoker(
            kind="cognito_trigger",
            resource=place.resource("AWS::Cognito::UserPool", arn, name),
            what=f"The user pool {name}",
            function=function,
            source_arn=arn,
        )


def _functions(config: Mapping[str, Any]) -> tuple[str, ...]:
    """Of a ``LambdaConfig``: a trigger is an ARN, or holds one beside its version; a KMS key stands among them."""
    arns = [str((value.get("LambdaArn") or "") if isinstance(value, dict) else value) for value in config.values()]
    return tuple(dict.fromkeys(arn for arn in arns if may_be_function(arn)))


PARTS = (
    Part(
        "cognito_trigger",
        triggers,
        ("cognito-idp:ListUserPools", "cognito-idp:DescribeUserPool"),
        abroad=True,  # nothing says that a trigger must be of the pool's region
    ),
)
