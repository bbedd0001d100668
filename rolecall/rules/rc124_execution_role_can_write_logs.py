"""RC124: the execution role may write the function's logs.

Fails when it may not make a stream in the function's log group, or not write to one. The right to make the group is
needed only where nothing else makes it. Cannot know when a policy, or the group's name, is not known. Says nothing of a
function that its author wants no logs of.
"""

from rolecall.findings import Verdict, not_applicable
from rolecall.model import Function, Inventory
from rolecall.rules.needs import Need, can, for_function, need
from rolecall.unknown import Unknown, text


def check(function: Function, inventory: Inventory) -> Verdict:
    if function.silent:
        return not_applicable(f"{function.label} is not meant to write logs.")
    return can(
        function,
        needs(function),
        "may write the function's logs",
        "the function runs, but what it logs is lost",
    )


def needs(function: Function) -> list[Need]:
    """Source: https://docs.aws.amazon.com/lambda/latest/dg/monitoring-cloudwatchlogs.html (permissions); a log group in
    a policy ends in ``:*``: https://docs.aws.amazon.com/AmazonCloudWatch/latest/logs/iam-access-control-overview-cwl.html
    """
    resource = function.resource
    place = (function.partition, ":logs:", resource.region, ":", resource.account)
    group = text("arn:", *place, ":log-group:", function.log_group)
    stream = text(group, ":log-stream:", Unknown("Lambda names the stream"))
    context = for_function(function)
    written = need(stream, "logs:CreateLogStream", "logs:PutLogEvents", context=context)
    exists = function.log_group_exists
    if exists is True:
        return [written]
    purpose, certain = (
        ("the group does not exist", True) if exists is False else ("if the group does not exist", exists)
    )
    made = need(text(group, ":*"), "logs:CreateLogGroup", purpose=purpose, certain=certain, context=context)
    return [written, made]
