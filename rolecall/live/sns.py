"""Amazon SNS: subscriptions of functions, and topics that functions send to.

Sources: https://docs.aws.amazon.com/sns/latest/api/API_ListSubscriptions.html (100 a page),
https://docs.aws.amazon.com/sns/latest/api/API_GetTopicAttributes.html
"""

from __future__ import annotations

from collections.abc import Iterator

from rolecall.live.parts import Part
from rolecall.live.place import Place
from rolecall.model import Invoker


def subscriptions(place: Place) -> Iterator[Invoker]:
    """Subscriptions of functions, of whatever region, to the topics of this one."""
    for page in place.pages("sns", "list_subscriptions"):
        for subscription in page.get("Subscriptions", ()):
            if subscription.get("Protocol") != "lambda":
                continue
            topic = str(subscription.get("TopicArn", ""))
            name = topic.rpartition(":")[2]
            arn = str(subscription.get("SubscriptionArn", ""))  # "PendingConfirmation" is never a function's
            yield Invoker(
                kind="sns_subscription",
                resource=place.resource("AWS::SNS::Subscription", arn, name),
                what=f"The SNS topic {name}",
                function=str(subscription.get("Endpoint", "")),
                source_arn=topic,
            )


PARTS = (Part("sns_subscription", subscriptions, ("sns:ListSubscriptions",), abroad=True),)
