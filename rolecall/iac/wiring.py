"""What the readers of wirings have in common."""

from __future__ import annotations

import re
from collections.abc import Iterator

from rolecall.arn import split_parts
from rolecall.model import Destination
from rolecall.unknown import Text, Unknown, parts_of, text

NO_LOG_GROUP = Unknown("whether anything else makes the log group is not known")
MEMBER_ACCOUNT = Unknown("the rule is made in every account of the organization")
MEMBER_RULE = Unknown("the organization's rule has an ARN of its own in every account")


def may_be_function(arn: Text) -> bool:
    """Whether what may be a queue or a stream as well is a function; one of which nothing is known is not."""
    known = ":".join(str(part) for part in parts_of(arn) if isinstance(part, str))
    return not isinstance(parts_of(arn)[0], Unknown) and ":lambda:" in f":{known}:"


def bus_name(bus: Text) -> Text:
    """The name of an event bus, which is named by its ARN as well."""
    pieces = parts_of(bus)
    for at, piece in enumerate(pieces):
        if isinstance(piece, str) and "event-bus/" in piece:
            return text(piece.rpartition("event-bus/")[2], *pieces[at + 1 :])
    return bus


def source_name(source: Text, otherwise: str) -> str:
    """What fires, for a reader: the last name in its ARN; otherwise what wires it."""
    parts = split_parts(parts_of(source))
    last = text(*parts[-1]) if parts else source
    if not isinstance(last, str):
        return otherwise
    return last[len("log-group:") :].removesuffix(":*") if last.startswith("log-group:") else last.rpartition("/")[2]


# resource type -> the service in its ARN, for sources whose ARN AWS makes
SERVICE_OF_SOURCE = {
    "aws_sqs_queue": "sqs",
    "aws_kinesis_stream": "kinesis",
    "aws_kinesis_stream_consumer": "kinesis",
    "aws_dynamodb_table": "dynamodb",
    "aws_msk_cluster": "kafka",
    "aws_msk_serverless_cluster": "kafka",
    "aws_mq_broker": "mq",
    "aws_docdb_cluster": "rds",
    "AWS::SQS::Queue": "sqs",
    "AWS::Kinesis::Stream": "kinesis",
    "AWS::Kinesis::StreamConsumer": "kinesis",
    "AWS::DynamoDB::Table": "dynamodb",
    "AWS::DynamoDB::GlobalTable": "dynamodb",
    "AWS::MSK::Cluster": "kafka",
    "AWS::MSK::ServerlessCluster": "kafka",
    "AWS::AmazonMQ::Broker": "mq",
    "AWS::DocDB::DBCluster": "rds",
}


def json_member(document: Text, name: str) -> Text:
    """A text member of a JSON object that is written as text and known in part; empty when there is none."""
    pieces = parts_of(document)
    start = re.compile(rf'"{re.escape(name)}"\s{{0,99}}:\s{{0,99}}"')
    for at, piece in enumerate(pieces):
        found = start.search(piece) if isinstance(piece, str) else None
        if found and isinstance(piece, str):
            value: list[Text] = []
            for rest in (piece[found.end() :], *pieces[at + 1 :]):
                value.append(rest.partition('"')[0] if isinstance(rest, str) else rest)
                if isinstance(rest, str) and '"' in rest:
                    return text(*value)
    return "" if isinstance(document, str) else Unknown(document.reason)


UNREAD = "destination"  # the purpose of a destination of which nothing is known, not even whether there is one


def on_failure(destinations: list[Destination]) -> Destination | Unknown | None:
    """The on-failure destination among those of a mapping."""
    for destination in destinations:
        if destination.purpose == UNREAD:
            return destination.target if isinstance(destination.target, Unknown) else None
    return next((destination for destination in destinations if destination.purpose == "on-failure destination"), None)


UNSEEN_ALARM = "an alarm that is not seen here"  # the name of one that something else may make


def metric_of_expression(expression: Text) -> Iterator[Unknown]:
    """What an alarm's expression watches beside the metrics that it names by their IDs.

    Source: https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/cloudwatch-metrics-insights-alarms.html
    """
    if isinstance(expression, Unknown):
        yield Unknown("its expression is not known")
    elif expression.lstrip().upper().startswith("SELECT") and "AWS/Lambda" in expression:
        yield Unknown("it is a query of CloudWatch Metrics Insights")
