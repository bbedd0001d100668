"""The wirings of function URLs, the same in every framework.

Source: https://docs.aws.amazon.com/lambda/latest/dg/urls-auth.html,
https://docs.aws.amazon.com/AmazonCloudFront/latest/DeveloperGuide/private-content-restricting-access-to-lambda.html
"""

from __future__ import annotations

from rolecall.model import Invoker, Resource
from rolecall.unknown import Text, Unknown

UNKNOWN_CONTROL = "whether its origin access control is for functions is not known"


def url_invoker(resource: Resource, function: Text, auth_type: Text) -> Invoker:
    """Whoever calls a function URL. function: ARN, with the alias if the URL is one of an alias."""
    return Invoker("function_url", resource, "The function URL", function, "", auth_type=auth_type)


def origin_invoker(
    resource: Resource, name: str, function: Text, source: Text, auth_type: Text, doubt: str = ""
) -> Invoker:
    """A CloudFront distribution that signs its requests to a function URL.

    source: the distribution's ARN. auth_type: of the URL. doubt: why it may not sign, after all.
    """
    called = Unknown(doubt) if doubt else function
    return Invoker("cloudfront_origin", resource, f"The distribution {name}", called, source, auth_type=auth_type)
