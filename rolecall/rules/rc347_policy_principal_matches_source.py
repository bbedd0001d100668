"""RC347: the service that a statement lets in is the one that the source ARN belongs to.

Fails when the principal is a service whose sources are known, and the ARN is that of another service's resource: the
statement never matches.
Cannot know when the principal or the ARN is not known, or when either is of a service that is not in the table.

Sources of the table: the pages that ``mappings/rules`` names for RC301 to RC333.
"""

from __future__ import annotations

import re
from collections.abc import Mapping

from rolecall.findings import Verdict, failed, passed, unknown
from rolecall.iam.match import match
from rolecall.model import Inventory
from rolecall.rules.statements import SOURCE_ARN, Grant, allows, arn_parts, judged, values_of
from rolecall.unknown import Text, Tri, Unknown, any3, parts_of

# service principal, without its domain -> the services in the ARNs of its sources
_SOURCES: Mapping[str, tuple[str, ...]] = {
    "apigateway": ("execute-api", "apigateway"),
    "lambda.alarms.cloudwatch": ("cloudwatch",),
    "lexv2": ("lex",),
    **{
        name: (name,)
        for name in (
            "appsync", "bedrock", "cloudfront", "codecommit", "cognito-idp", "config", "connect",
            "elasticloadbalancing", "events", "iot", "lex", "logs", "s3", "scheduler", "secretsmanager", "ses", "sns",
            "sqs", "states", "transfer", "vpc-lattice",
        )
    },
}  # fmt: skip
_OWNED = frozenset(service for services in _SOURCES.values() for service in services) | {
    "dynamodb", "ec2", "ecr", "iam", "kinesis", "lambda", "rds",
}  # fmt: skip
_DOMAINS = (".amazonaws.com", ".amazonaws.com.cn", ".amazon.com")
_REGION = re.compile(r"\.[a-z]{2,4}(-[a-z]+)+-[0-9]{1,2}$", re.ASCII)  # logs.eu-west-1.amazonaws.com


def _judge(grant: Grant, inventory: Inventory) -> Verdict:
    statement, label = grant.statement, grant.label
    services = [value for kind, value in statement.principal_entries if kind == "Service"]
    sources = list(values_of(statement, SOURCE_ARN))
    if not services or not sources or statement.not_principal or allows(statement) is False:
        return passed(f"{label} does not hold a service to a source ARN.")
    pairs = f"{', '.join(map(str, services))} and {', '.join(map(str, sources))}"
    belongs = any3(_belongs(source, service) for source in sources for service in services)
    if belongs:
        return passed(f"{label} names a service and a source of it: {pairs}.")
    if belongs is None or allows(statement) is None:
        return unknown(f"Whether the service and the source that {label} names belong together is not known: {pairs}.")
    return failed(
        f"{label} matches no request: {', '.join(map(str, services))} never calls on behalf of "
        f"{', '.join(map(str, sources))}, which is another service's.",
        f"{label}: principal {pairs}",
        principal=services[0],
        source_arn=sources[0],
        **grant.facts,
    )


check = judged(_judge)


def _belongs(source: Text, principal: Text) -> Tri:
    """Whether the service can call on behalf of the source."""
    parts, name = arn_parts(source), _name(principal)
    if parts is None or name is None:
        return None
    service = parts[2]
    owned = _SOURCES.get(name, (name,))
    found = any3(match(parts_of(service), one) for one in owned)
    if found is False and (name not in _SOURCES or service not in _OWNED):
        return None
    return found


def _name(principal: Text) -> str | None:
    """``logs`` of ``logs.amazonaws.com``, ``logs.eu-west-1.amazonaws.com.cn``, ``logs.<region>.<domain>``."""
    first = parts_of(principal)[0]
    if isinstance(first, Unknown):
        return None
    if first != principal:
        stem = first.rstrip(".")
        return stem if stem in _SOURCES else first.partition(".")[0] if "." in first else None
    name = next((first.removesuffix(domain) for domain in _DOMAINS if first.endswith(domain)), first)
    return _REGION.sub("", name)
