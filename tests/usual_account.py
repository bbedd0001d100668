"""An account of any size, wired as accounts usually are: pages, lists and calls are in proportion to real ones.

In each region a third of the functions is wired: to topics, rules, APIs (five functions each), buckets, and queues that
Lambda polls. Besides, every tenth that is called asynchronously has a destination, every twentieth function a queue for
dead letters, every fiftieth a URL, every fortieth a statement for a topic that was deleted; every tenth that an API
calls is called by its alias. All functions have tags.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

from fake_aws import ACCOUNT, FakeAccount, FakeRole, function

REGIONS = ("eu-west-1", "us-east-1")
Answers = dict[str, list[dict[str, Any]]]
_KINDS = ("topic", "rule", "api", "bucket", "queue")
_CHANGED = "2026-01-01T00:00:00.000+0000"
_ASYNCHRONOUS = ("topic", "rule", "bucket")


def usual_account(functions: int) -> FakeAccount:
    """functions: how many, in all regions together."""
    per_region = functions // len(REGIONS)
    regions = [_Region(region, per_region) for region in REGIONS]
    answers: Answers = {}
    for region in regions:
        for operation, given in region.answers():
            answers.setdefault(operation, []).extend(
                {**a, "for": {"region": region.name, **a.get("for", {})}} for a in given
            )
    roles = {f"role/{name}": FakeRole(inline={"own": _MAY}) for region in regions for name in region.names}
    return FakeAccount(
        functions=[configuration for region in regions for configuration in region.functions()],
        roles=roles | {f"role/other-{number}": "ec2.amazonaws.com" for number in range(functions // 5)},
        policies={name: policy for region in regions for name, policy in region.policies()},
        mappings=[mapping for region in regions for mapping in region.mappings()],
        answers=answers,
    )


_MAY = {
    "Version": "2012-10-17",
    "Statement": [{"Effect": "Allow", "Action": ["logs:*", "sqs:*", "sns:Publish"], "Resource": "*"}],
}


class _Region:
    """name: of the region. names: of its functions."""

    def __init__(self, name: str, functions: int) -> None:
        self.name = name
        self.names = [f"{name}-f{number}" for number in range(functions)]
        self._kinds = {name: _KINDS[at // 3 % 5] for at, name in enumerate(self.names) if at % 3 == 0}

    def _of(self, *kinds: str) -> list[str]:
        return [name for name, kind in self._kinds.items() if kind in kinds]

    def _arn(self, service: str, resource: str) -> str:
        return f"arn:aws:{service}:{self.name}:{ACCOUNT}:{resource}"

    def _function(self, name: str) -> str:
        return self._arn("lambda", f"function:{name}")

    def _with_urls(self) -> list[str]:
        return self.names[1::50]

    def _called(self, name: str) -> str:
        """What an API calls."""
        return f"{name}:live" if name in self._of("api")[::10] else name

    def functions(self) -> Iterator[dict[str, Any]]:
        for at, name in enumerate(self.names):
            letters = {"DeadLetterConfig": {"TargetArn": self._arn("sqs", "dead-letters")}} if at % 20 == 0 else {}
            yield function(name, f"role/{name}", self.name, LastModified=_CHANGED, **letters)

    def mappings(self) -> Iterator[dict[str, Any]]:
        for at, name in enumerate(self._of("queue")):
            queue = self._arn("sqs", f"queue-{name}")
            identifier = f"{self.names[0]}-{at}"
            yield {"UUID": identifier, "FunctionArn": self._function(name), "EventSourceArn": queue, "State": "Enabled"}

    def _api(self, name: str) -> str:
        return f"{self.name.replace('-', '')}a{self._of('api').index(name) // 5}"

    def policies(self) -> Iterator[tuple[str, dict[str, Any]]]:
        sources = {
            "topic": ("sns", lambda name: self._arn("sns", f"topic-{name}")),
            "rule": ("events", lambda name: self._arn("events", f"rule/rule-{name}")),
            "api": ("apigateway", lambda name: self._arn("execute-api", f"{self._api(name)}/*/GET/{name}")),
            "bucket": ("s3", lambda name: f"arn:aws:s3:::bucket-{name}"),
        }
        for name, kind in self._kinds.items():
            if kind in sources:
                service, arn = sources[kind]
                yield self._called(name) if kind == "api" else name, admits(service, arn(name))
        for name in self._with_urls():
            yield (
                name,
                admits("cloudfront", f"arn:aws:cloudfront::{ACCOUNT}:distribution/E1", "lambda:InvokeFunctionUrl"),
            )
        for name in self.names[2::40]:
            if name not in self._kinds:
                yield name, admits("sns", self._arn("sns", f"gone-{name}"))

    def answers(self) -> Iterator[tuple[str, list[dict[str, Any]]]]:
        topics = [
            {
                "SubscriptionArn": self._arn("sns", f"topic-{name}:1"),
                "TopicArn": self._arn("sns", f"topic-{name}"),
                "Protocol": "lambda",
                "Endpoint": self._function(name),
            }
            for name in self._of("topic")
        ]
        yield "sns:ListSubscriptions", _pages("Subscriptions", topics, 100, "NextToken", "NextToken")
        gone = [
            {"for": {"TopicArn": self._arn("sns", f"gone-{name}")}, "error": "NotFound"} for name in self.names[2::40]
        ]
        yield "sns:GetTopicAttributes", gone
        yield "events:ListEventBuses", [{"EventBuses": [{"Name": "default"}]}]
        rules = [{"Name": f"rule-{name}", "Arn": self._arn("events", f"rule/rule-{name}")} for name in self._of("rule")]
        yield "events:ListRules", _pages("Rules", rules, 100, "NextToken", "NextToken")
        yield (
            "events:ListTargetsByRule",
            [
                {"for": {"Rule": f"rule-{name}"}, "Targets": [{"Id": "1", "Arn": self._function(name)}]}
                for name in self._of("rule")
            ],
        )
        yield from self._apis()
        buckets = [{"Name": f"bucket-{name}", "BucketRegion": self.name} for name in self._of("bucket")]
        yield "s3:ListBuckets", _pages("Buckets", buckets, 1000, "ContinuationToken", "ContinuationToken")
        yield (
            "s3:GetBucketNotificationConfiguration",
            [
                {
                    "for": {"Bucket": f"bucket-{name}"},
                    "LambdaFunctionConfigurations": [{"LambdaFunctionArn": self._function(name), "Events": []}],
                }
                for name in self._of("bucket")
            ],
        )
        tagged = [{"ResourceARN": self._function(n), "Tags": [{"Key": "team", "Value": "a"}]} for n in self.names]
        token = ("PaginationToken", "PaginationToken")
        yield "resourcegroupstaggingapi:GetResources", _pages("ResourceTagMappingList", tagged, 100, *token)
        groups = [{"logGroupName": f"/aws/lambda/{name}"} for name in self.names]
        yield "logs:DescribeLogGroups", _pages("logGroups", groups, 50, "nextToken", "nextToken")
        yield "cloudwatch:ListMetrics", [
            *self._metrics("AsyncEventsReceived", self._of(*_ASYNCHRONOUS)),
            *self._metrics("UrlRequestCount", self._with_urls()),
        ]  # fmt: skip
        failures = self._arn("sqs", "failures")
        yield (
            "lambda:ListFunctionEventInvokeConfigs",
            [
                {
                    "for": {"FunctionName": name},
                    "FunctionEventInvokeConfigs": [
                        {
                            "FunctionArn": f"{self._function(name)}:$LATEST",
                            "DestinationConfig": {"OnFailure": {"Destination": failures}},
                        }
                    ],
                }
                for name in self._of(*_ASYNCHRONOUS)[::10]
            ],
        )
        yield (
            "lambda:ListFunctionUrlConfigs",
            [
                {
                    "for": {"FunctionName": name},
                    "FunctionUrlConfigs": [
                        {
                            "FunctionUrl": f"https://{name}.lambda-url.{self.name}.on.aws/",
                            "FunctionArn": self._function(name),
                            "AuthType": "AWS_IAM",
                        }
                    ],
                }
                for name in self._with_urls()
            ],
        )

    def _apis(self) -> Iterator[tuple[str, list[dict[str, Any]]]]:
        """HTTP APIs, each with a route to each of its functions."""
        by_api: dict[str, list[str]] = {}
        for name in self._of("api"):
            by_api.setdefault(self._api(name), []).append(name)
        integrations, routes, stages = [], [], []
        for api, names in by_api.items():
            of = {"for": {"ApiId": api}}
            integrations.append({**of, "Items": [self._integration(name) for name in names]})
            routes.append(
                {
                    **of,
                    "Items": [
                        {"RouteId": f"r-{name}", "RouteKey": f"GET /{name}", "Target": f"integrations/i-{name}"}
                        for name in names
                    ],
                }
            )
            stages.append({**of, "Items": [{"StageName": "$default"}]})
        apis = [{"ApiId": api, "Name": api} for api in by_api]
        yield "apigatewayv2:GetApis", _pages("Items", apis, 25, "NextToken", "NextToken")
        yield "apigatewayv2:GetIntegrations", integrations
        yield "apigatewayv2:GetRoutes", routes
        yield "apigatewayv2:GetStages", stages

    def _integration(self, name: str) -> dict[str, Any]:
        uri = self._function(self._called(name))
        return {"IntegrationId": f"i-{name}", "IntegrationType": "AWS_PROXY", "IntegrationUri": uri}

    def _metrics(self, metric: str, names: Sequence[str]) -> list[dict[str, Any]]:
        listed = [
            {"MetricName": metric, "Namespace": "AWS/Lambda", "Dimensions": [{"Name": "FunctionName", "Value": name}]}
            for name in names
        ]
        pages = _pages("Metrics", listed, 500, "NextToken", "NextToken")
        return [{**page, "for": {"MetricName": metric, **page.get("for", {})}} for page in pages]


def _pages(items: str, listed: Sequence[Any], size: int, given: str, taken: str) -> list[dict[str, Any]]:
    """The pages of a listing, the first one last: it is the answer to the call that has no token."""
    chunks = [listed[start : start + size] for start in range(0, len(listed), size)] or [[]]
    pages = []
    for number, chunk in enumerate(chunks):
        more = {taken: str(number + 1)} if number + 1 < len(chunks) else {}
        pages.append({"for": {given: str(number)} if number else {}, items: chunk, **more})
    return pages[::-1]


def admits(service: str, source: str, action: str = "lambda:InvokeFunction") -> dict[str, Any]:
    statement = {
        "Sid": "caller",
        "Effect": "Allow",
        "Principal": {"Service": f"{service}.amazonaws.com"},
        "Action": action,
        "Resource": "*",
        "Condition": {"ArnLike": {"AWS:SourceArn": source}},
    }
    return {"Version": "2012-10-17", "Statement": [statement]}
