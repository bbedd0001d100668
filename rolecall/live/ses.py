"""Amazon SES: receipt rules that call functions.

Only the rules of the active rule set receive mail, and their functions are of the same region.
Sources: https://docs.aws.amazon.com/ses/latest/APIReference/API_DescribeActiveReceiptRuleSet.html,
https://docs.aws.amazon.com/lambda/latest/dg/services-ses.html
"""

from __future__ import annotations

from collections.abc import Iterator

from rolecall.live.calls import CallFailed
from rolecall.live.parts import Part
from rolecall.live.place import Place
from rolecall.model import Invoker

# What SES answers in regions where it receives no mail: https://github.com/rebuy-de/aws-nuke/issues/513
_NOT_OFFERED = "InvalidAction"


def receipt_rules(place: Place) -> Iterator[Invoker]:
    """The functions that the enabled rules of the active rule set call."""
    try:
        active = place.call("ses", "describe_active_receipt_rule_set")
    except CallFailed as failure:
        if failure.code == _NOT_OFFERED:
            return
        raise
    rule_set = str((active.get("Metadata") or {}).get("Name", ""))
    for rule in active.get("Rules") or ():
        if rule.get("Enabled") is False:
            continue
        name = str(rule.get("Name", ""))
        arn = place.arn("ses", f"receipt-rule-set/{rule_set}:receipt-rule/{name}")
        for action in rule.get("Actions") or ():
            function = (action.get("LambdaAction") or {}).get("FunctionArn")
            if function:
                yield Invoker(
                    kind="ses_receipt_rule",
                    resource=place.resource("AWS::SES::ReceiptRule", arn, name),
                    what=f"The receipt rule {name}",
                    function=str(function),
                    source_arn=arn,
                )


PARTS = (Part("ses_receipt_rule", receipt_rules, ("ses:DescribeActiveReceiptRuleSet",)),)
