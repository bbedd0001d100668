"""AWS Config: custom rules that functions evaluate, of the account and of an organization that it manages.

Sources: https://docs.aws.amazon.com/config/latest/APIReference/API_DescribeConfigRules.html (25 a page),
https://docs.aws.amazon.com/config/latest/APIReference/API_DescribeOrganizationConfigRules.html
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from typing import Any

from rolecall.iac.wiring import MEMBER_ACCOUNT, MEMBER_RULE
from rolecall.live.calls import CallFailed
from rolecall.live.parts import Part
from rolecall.live.place import Place
from rolecall.model import Invoker

# The answers to an account that is in no organization, or manages none: it has no rules of this kind.
_MANAGES_NONE = frozenset({"OrganizationAccessDeniedException", "NoAvailableOrganizationException"})


def rules(place: Place) -> Iterator[Any]:
    return place.each(lambda read: read(place), (_of_account, _of_organization))


def _of_account(place: Place) -> Iterator[Invoker]:
    for page in place.pages("config", "describe_config_rules"):
        for rule in page.get("ConfigRules") or ():
            source = rule.get("Source") or {}
            if source.get("Owner") == "CUSTOM_LAMBDA" and rule.get("ConfigRuleState") != "DELETING":
                arn, name = str(rule.get("ConfigRuleArn", "")), str(rule.get("ConfigRuleName", ""))
                yield Invoker(
                    kind="config_rule",
                    resource=place.resource("AWS::Config::ConfigRule", arn, name),
                    what=f"The Config rule {name}",
                    function=str(source.get("SourceIdentifier", "")),
                    source_arn=arn,
                )


def _of_organization(place: Place) -> Iterator[Invoker]:
    try:
        yield from _organization_rules(place)
    except CallFailed as failure:
        if failure.code not in _MANAGES_NONE:
            raise


def _organization_rules(place: Place) -> Iterator[Invoker]:
    """Each is a rule of its own in every account of the organization, and calls the function from there."""
    for page in place.pages("config", "describe_organization_config_rules"):
        for rule in page.get("OrganizationConfigRules") or ():
            custom = rule.get("OrganizationCustomRuleMetadata") or {}
            if custom.get("LambdaFunctionArn"):
                arn, name = (str(rule.get(f"OrganizationConfigRule{part}", "")) for part in ("Arn", "Name"))
                resource = place.resource("AWS::Config::OrganizationConfigRule", arn, name)
                yield Invoker(
                    kind="config_rule",
                    resource=replace(resource, account=MEMBER_ACCOUNT),
                    what=f"The organization's Config rule {name}",
                    function=str(custom["LambdaFunctionArn"]),
                    source_arn=MEMBER_RULE,
                )


PARTS = (
    Part(
        "config_rule",
        rules,
        ("config:DescribeConfigRules", "config:DescribeOrganizationConfigRules"),
        abroad=True,  # nothing says that the function must be of the rule's region
    ),
)
