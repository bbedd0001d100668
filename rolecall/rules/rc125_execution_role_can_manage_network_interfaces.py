"""RC125: the execution role of a function in a VPC may manage the network interfaces that connect it.

Fails when it may not make, describe or delete them. What else AWSLambdaVPCAccessExecutionRole grants is not needed
always. Lambda makes these calls itself: a deny for the function's own code (lambda:SourceFunctionArn) does not hit
them. Cannot know when a policy is not known, or, where it may not, whether the function is in a VPC.
"""

from rolecall.findings import Status, Verdict, not_applicable, unknown
from rolecall.model import Function, Inventory
from rolecall.rules.needs import Need, can, need
from rolecall.unknown import Identifier, Unknown, text


def check(function: Function, inventory: Inventory) -> Verdict:
    if function.in_vpc is False:
        return not_applicable(f"{function.label} is not in a VPC.")
    verdict = can(
        function,
        interface_needs(function),
        "may manage the network interfaces of its VPC",
        "Lambda cannot connect the function to the VPC when it is deployed",
    )
    if isinstance(function.in_vpc, Unknown) and verdict.status is not Status.PASS:
        return unknown(f"Whether {function.label} is in a VPC is not known: {function.in_vpc.reason}.")
    return verdict


def interface_needs(function: Function) -> list[Need]:
    """Sources: https://docs.aws.amazon.com/lambda/latest/dg/configuration-vpc.html#configuration-vpc-permissions and,
    for what an interface is made of, https://docs.aws.amazon.com/service-authorization/latest/reference/list_amazonec2.html
    """
    resource = function.resource
    place = ("arn:", function.partition, ":ec2:", resource.region, ":", resource.account)
    interface = text(*place, ":network-interface/", Identifier("AWS names the interface", "network interface"))
    made_of = [text(*place, f":{kind}/", Identifier(f"the {kind} of the function", kind)) for kind in _MADE_OF]
    return [
        need("*", "ec2:DescribeNetworkInterfaces"),
        need(interface, "ec2:CreateNetworkInterface", "ec2:DeleteNetworkInterface"),
        *(need(part, "ec2:CreateNetworkInterface") for part in made_of),
    ]


_MADE_OF = ("subnet", "security-group")
