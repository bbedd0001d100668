"""Function URLs: who may call them is decided by the policy of the function, or of the alias that a URL is for.

Only ListFunctionUrlConfigs tells of URLs, one function a call. It is asked of the functions for which something tells
that there may be one: a statement of their policy that speaks of URLs, or a request to a URL that CloudWatch counted
(ListMetrics leaves out what had no data for two weeks).
When a URL was made does not matter: those from before October 2025 went without the second permission of their callers,
lambda:InvokeFunction, until 1 November 2026 only.
Sources: https://docs.aws.amazon.com/lambda/latest/api/API_ListFunctionUrlConfigs.html,
https://docs.aws.amazon.com/lambda/latest/dg/urls-monitoring.html (UrlRequestCount, by FunctionName for all of a
function's URLs), https://docs.aws.amazon.com/AmazonCloudWatch/latest/APIReference/API_ListMetrics.html,
https://docs.amazonaws.cn/en_us/aws/latest/userguide/lambda.html (no URLs in China)
"""

from __future__ import annotations

from collections.abc import Collection, Iterator
from urllib.parse import urlsplit

from rolecall.iac.function_urls import url_invoker
from rolecall.iam import PolicyError
from rolecall.iam.conditions import Condition
from rolecall.iam.match import match
from rolecall.live import metrics
from rolecall.live.calls import CallFailed, Unread
from rolecall.live.parts import FoundLate, LatePart, NoneOf, UnreadOf
from rolecall.live.place import Place
from rolecall.model import Function, Inventory, Invoker, Permission
from rolecall.unknown import Unknown

KIND = "function_url"
_INVOKE = "lambda:InvokeFunctionUrl"
_KEYS = ("lambda:functionurlauthtype", "lambda:invokedviafunctionurl")
_NOT_TOLD = Unread("lambda:ListFunctionUrlConfigs did not tell its auth type")
_AT_ONCE = 32  # functions that are asked before it is looked whether the URL has been found


def urls(place: Place, inventory: Inventory) -> Iterator[FoundLate]:
    """The URLs of a region's functions, as far as anything tells of them; of the others, what was looked at."""
    functions = [function for function in inventory.functions.values() if function.resource.region == place.region]
    counted = _requested(place) if functions else set()
    asked = []
    for function in functions:
        key, policy = function.resource.key, inventory.policy_of(function)
        if not isinstance(counted, Unread) and function.label in counted:
            asked.append(function)
        elif isinstance(policy, Unknown):
            yield UnreadOf(KIND, key, Unknown(policy.reason))
        elif any(map(_speaks_of_urls, policy)):
            asked.append(function)
        elif isinstance(counted, Unread):
            yield UnreadOf(KIND, key, Unread(f"{counted.reason} in {place.region}"))
        else:
            yield NoneOf(
                KIND,
                key,
                f"No statement of the policy of {function.label} speaks of a function URL, and CloudWatch counted no "
                "request to one in the last two weeks.",
            )
    yield from place.each(lambda function: _of_function(place, function), asked)


def search(place: Place, inventory: Inventory, hosts: Collection[str]) -> Iterator[FoundLate]:
    """The URLs of functions of which none is known, until those with these hosts are found.

    An ``UnreadOf`` only where a host is not found: the function may have its URL.
    """
    functions = [
        function
        for function in inventory.functions.values()
        if function.resource.region == place.region and not inventory.invokers_of(function, KIND)
    ]
    missing: set[str] = set(hosts)
    unread: list[UnreadOf] = []
    while functions and missing:
        some, functions = functions[:_AT_ONCE], functions[_AT_ONCE:]
        items = list(place.each(lambda function: _of_function(place, function), some))
        refused = [item for item in items if isinstance(item, UnreadOf)]
        yield from (item for item in items if not isinstance(item, UnreadOf))
        missing -= {host(item) for item in items if isinstance(item, Invoker)}
        unread += refused
        if len(refused) == len(some):  # the others would not be told either
            unread += [UnreadOf(KIND, function.resource.key, Unknown(refused[0].why.reason)) for function in functions]
            break
    if missing:
        yield from unread


def host(url: Invoker) -> str:
    """The host of a URL that was read, in lower case."""
    return urlsplit(str(url.resource.name)).hostname or ""


def _requested(place: Place) -> set[str] | Unread:
    """Names of the functions whose URLs got requests in the last two weeks."""
    try:
        counted = metrics.listed(place, "AWS/Lambda", "UrlRequestCount")
        return {dimensions["FunctionName"] for dimensions in counted if "FunctionName" in dimensions}
    except CallFailed as failure:
        return failure.unread


def _speaks_of_urls(permission: Permission) -> bool:
    """Whether a statement may be there for a function URL."""
    try:
        statement = permission.parsed
    except PolicyError:
        return True
    return (
        statement.unknown is not None
        or statement.not_action
        or any(match((action,), _INVOKE, ignore_case=True) is not False for action in statement.actions)
        or any(isinstance(held, Condition) and held.key.lower() in _KEYS for held in statement.conditions)
    )


def _of_function(place: Place, function: Function) -> Iterator[Invoker | UnreadOf | NoneOf]:
    """The URLs of a function: its own, and those of its aliases."""
    key, none = function.resource.key, True
    try:
        for page in place.pages("lambda", "list_function_url_configs", FunctionName=str(function.resource.name)):
            for url in page.get("FunctionUrlConfigs") or ():
                none, arn = False, str(url.get("FunctionArn") or function.resource.arn)
                resource = place.resource("AWS::Lambda::Url", arn, str(url.get("FunctionUrl")))
                yield url_invoker(resource, arn, url.get("AuthType") or _NOT_TOLD)
    except CallFailed as failure:
        if not failure.gone:
            yield UnreadOf(KIND, key, Unread(f"{failure.reason} in {place.region}"))
        return
    if none:
        yield NoneOf(KIND, key, f"{function.label} has no function URL.")


LATE_PARTS = (LatePart(KIND, urls, ("cloudwatch:ListMetrics", "lambda:ListFunctionUrlConfigs")),)
