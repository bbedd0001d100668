"""What plug-ins may change of a service.

Known are those that leave functions, roles and permissions as they are, and those that the other modules know.
Whatever else a plug-in may do is not known: then what the framework generates is not known either, while what the
author wrote out stands.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from rolecall.iac.serverless.events import unread_event
from rolecall.iac.serverless.own_roles import PER_FUNCTION
from rolecall.iac.serverless.roles import role_of
from rolecall.iac.serverless.service import Service
from rolecall.iac.serverless.stack import Stack
from rolecall.iac.wiring import UNSEEN_ALARM
from rolecall.unknown import Unknown

PSEUDO_PARAMETERS = "serverless-pseudo-parameters"
HARMLESS = frozenset({
    # run or test on the author's machine
    "serverless-offline", "serverless-offline-aws-eventbridge", "serverless-offline-dynamodb-streams",
    "serverless-offline-kinesis", "serverless-offline-local-authorizers-plugin", "serverless-offline-python",
    "serverless-offline-s3", "serverless-offline-scheduler", "serverless-offline-sns", "serverless-offline-sqs",
    "serverless-offline-ssm", "serverless-offline-watcher", "serverless-dynamodb", "serverless-dynamodb-local",
    "serverless-s3-local", "serverless-step-functions-local", "serverless-localstack", "serverless-export-env",
    "serverless-jest-plugin", "serverless-mocha-plugin", "serverless-plugin-simulate",
    # build the code
    "serverless-webpack", "serverless-webpack-prisma", "serverless-esbuild", "serverless-bundle", "serverless-jetpack",
    "serverless-plugin-typescript", "serverless-plugin-optimize", "serverless-plugin-include-dependencies",
    "serverless-plugin-common-excludes", "serverless-python-requirements", "serverless-package-python-functions",
    "serverless-wsgi", "serverless-rust", "serverless-haskell", "serverless-ruby-package", "serverless-ruby-layer",
    "serverless-layers", "serverless-rack", "@hewmen/serverless-plugin-typescript",
    "serverless-tscpaths", "serverless-babel-plugin", "serverless-plugin-utils",
    # work beside the template
    "serverless-prune-plugin", "serverless-domain-manager", "serverless-certificate-creator",
    "serverless-deployment-bucket", "serverless-s3-sync", "serverless-s3-remover", "serverless-s3-deploy",
    "serverless-finch", "serverless-client-s3", "serverless-stack-output", "serverless-stack-termination-protection",
    "serverless-dotenv-plugin", "serverless-plugin-git-variables", "serverless-secrets-plugin",
    "serverless-better-credentials", "serverless-stage-manager", "serverless-apigw-binary",
    "serverless-openapi-documentation", "serverless-aws-documentation", "serverless-api-gateway-caching",
    "serverless-api-gateway-throttling", "serverless-associate-waf", "serverless-plugin-log-retention",
    "serverless-plugin-scripts", "serverless-hooks-plugin", "serverless-alexa-skills", PER_FUNCTION, PSEUDO_PARAMETERS,
})  # fmt: skip
# They leave functions, roles and permissions as they are, but make resources of their own.
ALERTS = "serverless-plugin-aws-alerts"
ADDING = frozenset({
    "serverless-appsync-plugin", "serverless-apigateway-service-proxy", ALERTS, "serverless-step-functions",
})  # fmt: skip


def foreign(service: Service) -> str:
    """Why what the framework generates may be changed; empty: it is not."""
    for plugin in service.plugins:
        if isinstance(plugin, Unknown):
            return f"which plug-ins are used is not known: {plugin.reason}"
        if plugin not in HARMLESS and plugin not in ADDING:
            return f"the plug-in {plugin} may change it"
    return ""


def substituted(value: Any) -> Any:
    """A value with ``#{AWS::Region}`` in texts made ``Fn::Sub``, as serverless-pseudo-parameters does."""
    if isinstance(value, str) and "#{" in value:
        return {"Fn::Sub": value.replace("#{", "${")}
    if isinstance(value, Mapping):
        if set(value) == {"Fn::Sub"} and isinstance(value["Fn::Sub"], str):
            return {"Fn::Sub": value["Fn::Sub"].replace("#{", "${")}
        return {key: substituted(item) for key, item in value.items()}
    return [substituted(item) for item in value] if isinstance(value, list) else value


def mark_unknown(stack: Stack) -> None:
    """Makes unknown what a plug-in may change; lets functions have permissions and alarms that are not seen here."""
    why = foreign(stack.service)
    setting = f"the plug-in {ALERTS} sets alarms" if ALERTS in stack.service.plugins else ""
    for reason in _unseen(why, setting):
        stack.add("UnseenAlarm", "AWS::CloudWatch::Alarm", {"AlarmName": UNSEEN_ALARM, "Metrics": Unknown(reason)})
    for function in stack.service.functions:
        if why and not role_of(stack.service, function):
            stack.resources[function.logical]["Properties"]["Role"] = Unknown(why)
        for reason in _unseen(why, unread_event(function)):
            value = Unknown(reason)
            unseen = f"{function.normal}UnseenPermission"
            stack.made_for[unseen] = "what is not seen here"
            stack.add(
                unseen,
                "AWS::Lambda::Permission",
                {"FunctionName": function.target, "Action": value, "Principal": value, "SourceArn": value},
                function,
            )


def _unseen(*reasons: str) -> Iterator[str]:
    found = next((reason for reason in reasons if reason), "")
    if found:
        yield found
