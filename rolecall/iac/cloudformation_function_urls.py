"""Function URLs in a CloudFormation template, and the CloudFront distributions that call them."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from typing import Any

from rolecall.iac.cloudformation_arns import regional
from rolecall.iac.cloudformation_values import TemplateValues, target_of
from rolecall.iac.function_urls import UNKNOWN_CONTROL, origin_invoker, url_invoker
from rolecall.iac.intrinsics import pseudo
from rolecall.iac.intrinsics_written import MAX_DEPTH, resource_and_attribute
from rolecall.iac.template import Declared
from rolecall.model import Invoker, Resource
from rolecall.unknown import Text, Unknown, text

_URL, _DISTRIBUTION = "AWS::Lambda::Url", "AWS::CloudFront::Distribution"
_CONTROL = "AWS::CloudFront::OriginAccessControl"
_PLACEHOLDER = re.compile(r"\$\{([A-Za-z0-9]{1,255})\.FunctionUrl\}", re.ASCII)


def invokers(values: TemplateValues, resource_of: Callable[[Declared], Resource]) -> Iterator[Invoker]:
    """The invokers of one template. resource_of: makes the model's resource of a declared one."""
    for url in values.made(_URL):
        yield url_invoker(resource_of(url), _called(values, url), _auth_type(values, url))
    for declared in values.made(_DISTRIBUTION):
        partition, account = values.intrinsics.partition, pseudo("AWS::AccountId")
        identifier = values.of(declared.logical, "")
        source = text("arn:", partition, ":cloudfront::", account, ":distribution/", identifier)
        for origin in _origins(values, declared):
            called = _url_behind(values, origin.get("DomainName"))
            signs = called is not None and _signs_for_lambda(values, origin.get("OriginAccessControlId"))
            if called is not None and signs is not False:
                function, doubt = _called(values, called), "" if signs else UNKNOWN_CONTROL
                resource, auth_type = resource_of(declared), _auth_type(values, called)
                yield origin_invoker(resource, declared.logical, function, source, auth_type, doubt)


def _called(values: TemplateValues, url: Declared) -> Text:
    """The ARN of the function behind a URL, with the alias if the URL is one of an alias."""
    given = values.get(url, "TargetFunctionArn") or Unknown("TargetFunctionArn is missing")
    qualifier = values.get(url, "Qualifier")
    arn = given if str(given).startswith("arn:") else regional(values, "lambda", text("function:", given))
    return text(arn, ":", qualifier) if qualifier else arn


def _auth_type(values: TemplateValues, url: Declared) -> Text:
    return values.get(url, "AuthType") or Unknown("AuthType is missing")


def _origins(values: TemplateValues, declared: Declared) -> Iterator[Mapping[str, Any]]:
    """The origins of a distribution as written."""
    config = values.chosen(declared.properties.get("DistributionConfig"))
    origins = values.chosen(config.get("Origins")) if isinstance(config, Mapping) else None
    for origin in origins if isinstance(origins, list) else []:
        chosen = values.chosen(origin)
        if isinstance(chosen, Mapping):
            yield chosen


def _url_behind(values: TemplateValues, domain: Any) -> Declared | None:
    """The one function URL of which the origin's domain is made, whatever cuts the host out of it."""
    found = {logical for logical in _urls_in(domain, 0) if logical in values.template.resources}
    url = values.template.resources[found.pop()] if len(found) == 1 else None
    return url if url is not None and url.type == _URL else None


def _urls_in(raw: Any, depth: int) -> Iterator[str]:
    if depth > MAX_DEPTH:
        return
    if isinstance(raw, str):
        yield from _PLACEHOLDER.findall(raw)
    elif isinstance(raw, list):
        for item in raw:
            yield from _urls_in(item, depth + 1)
    elif isinstance(raw, Mapping):
        if "Fn::GetAtt" in raw:
            logical, attribute = resource_and_attribute(raw["Fn::GetAtt"])
            yield from [logical] if attribute == "FunctionUrl" else []
        else:
            for item in raw.values():
                yield from _urls_in(item, depth + 1)


def _signs_for_lambda(values: TemplateValues, raw: Any) -> bool | None:
    """Whether an origin has an access control for functions that signs; ``None`` when that cannot be told."""
    if not raw:
        return False
    target, _ = target_of(values.chosen(raw))
    control = values.template.resources.get(target)
    if control is None or control.type != _CONTROL:
        return None
    config = values.value(control, "OriginAccessControlConfig")
    kind, signing = (
        config.get(name) if isinstance(config, Mapping) else None
        for name in ("OriginAccessControlOriginType", "SigningBehavior")
    )
    if not isinstance(kind, str) or not isinstance(signing, str):
        return None
    return kind == "lambda" and signing != "never"
