"""``rolecall demo``: the whole story on an AWS account that moto plays on this machine. Nothing in it is canned.

Checkov and Prowler are the real ones, each in its own environment; the environment variables ROLECALL_CHECKOV_BIN,
ROLECALL_PROWLER_BIN and ROLECALL_MOTO_BIN name their commands where PATH does not.
"""

from __future__ import annotations

import ast
import contextlib
import json
import os
import shutil
import socket
import subprocess
import sys
import tempfile
import time
import urllib.error
import urllib.request
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import boto3
import click

from rolecall.catalog import load_catalog
from rolecall.failure import Failure
from rolecall.hosts.wrapper import INCOMPLETE
from rolecall.overlay import disregard
from rolecall.shipped import folder

ACCOUNT, REGION = "123456789012", "eu-west-1"
OTHER_ACCOUNTS_ROLE = "arn:aws:iam::999988887777:role/shop-mail"
_COMMANDS = {
    "checkov": "ROLECALL_CHECKOV_BIN",
    "prowler": "ROLECALL_PROWLER_BIN",
    "moto_server": "ROLECALL_MOTO_BIN",
}
# These two download the functions' code from S3 itself, past the endpoint.
_DOWNLOADING_CHECKS = ("awslambda_function_no_secrets_in_code", "awslambda_layer_no_secrets_in_content")
# These need calls that moto does not answer: account-wide filters of CloudWatch Logs, rules of an organization, Amazon
# Connect, CodeCommit.
_NOT_PLAYED = ("RC127", "RC203", "RC306", "RC311", "RC331", "RC333")
_START_SECONDS = 60


@click.command()
@click.option(
    "-o", "--output", default="rolecall-demo", show_default=True, metavar="DIR", help="Folder for the report."
)
def demo(output: str) -> None:
    """Show it all: a small shop with mistakes in it, in code and in an embedded AWS account."""
    try:
        from rolecall.report import table
        from rolecall.report.command import USUAL
        from rolecall.report.make import Wanted, make
    except ModuleNotFoundError as missing:
        raise Failure(f"{missing.name} is not installed: install rolecall[demo]") from None

    for name in _COMMANDS:
        _command(name)
    started = time.monotonic()
    disregard()  # what a team says of its own findings is not for the shop's
    environment = _environment()
    with tempfile.TemporaryDirectory(prefix="rolecall-demo-") as name, moto(environment) as endpoint:
        work = Path(name)
        account = {**environment, "AWS_ENDPOINT_URL": endpoint}
        _say("deploying the shop, then breaking it as people do: a role deleted, a role of another account")
        deploy(endpoint)
        _say("running Checkov on the shop's Terraform and CloudFormation, and Prowler on the account")
        scans = {
            "checkov": _start_checkov(work, environment),
            "prowler": _start_prowler(work, account),
        }
        for host, scan in scans.items():
            said, _ = scan.communicate()
            if scan.returncode in (INCOMPLETE, None) or scan.returncode < 0:
                raise Failure(f"{host} did not finish (exit code {scan.returncode}):\n{said}")
        inputs = [str(path) for path in sorted(work.glob("*.json*"))]
        made = make(inputs, Path(output), Wanted(USUAL))
        table.show(made)
    _say(f"done in {time.monotonic() - started:.0f} s; the report: {', '.join(str(file) for file in made.files)}")
    sys.exit(INCOMPLETE if made.summary.incomplete else 0)


def deploy(endpoint: str) -> None:
    """Deploy ``examples/shop`` by its CloudFormation template, then stage what happens to accounts afterwards."""
    session = boto3.Session("testing", "testing", region_name=REGION)

    def client(service: str) -> Any:
        return session.client(service, endpoint_url=endpoint)

    template = folder("examples") / "shop" / "cloudformation" / "template.yaml"
    own_role = f"arn:aws:iam::{ACCOUNT}:role/shop-packing"  # Lambda takes no other account's role at creation
    client("cloudformation").create_stack(
        StackName="shop",
        TemplateBody=template.read_text(encoding="utf-8"),
        Parameters=[{"ParameterKey": "MailRoleArn", "ParameterValue": own_role}],
        Capabilities=["CAPABILITY_NAMED_IAM"],
    )
    functions = client("lambda")
    _mend_policies(functions)
    _make_alarm(client("cloudwatch"))
    iam = client("iam")
    _mend_roles(iam)
    iam.delete_role_policy(RoleName="shop-invoices", PolicyName="logs")
    iam.delete_role(RoleName="shop-invoices")
    functions.update_function_configuration(FunctionName="shop-mail", Role=OTHER_ACCOUNTS_ROLE)


def _mend_policies(functions: Any) -> None:
    """Write the functions' policies as AWS does: moto's CloudFormation leaves FunctionName in the statements."""
    for function in functions.list_functions()["Functions"]:
        name = function["FunctionName"]
        try:
            policy = json.loads(functions.get_policy(FunctionName=name)["Policy"])
        except functions.exceptions.ResourceNotFoundException:
            continue
        for statement in policy["Statement"]:
            source = statement.get("Condition", {}).get("ArnLike", {}).get("AWS:SourceArn")
            functions.remove_permission(FunctionName=name, StatementId=statement["Sid"])
            functions.add_permission(
                FunctionName=name,
                StatementId=statement["Sid"],
                Action=statement["Action"],
                Principal=statement["Principal"]["Service"],
                **({"SourceArn": source} if source else {}),
            )


def _mend_roles(iam: Any) -> None:
    """Write the roles' policies as text: moto's CloudFormation leaves Python's own, and cannot list them."""
    for role in iam.list_roles()["Roles"]:
        for name in iam.list_role_policies(RoleName=role["RoleName"])["PolicyNames"]:
            given = iam.get_role_policy(RoleName=role["RoleName"], PolicyName=name)["PolicyDocument"]
            document = ast.literal_eval(given) if isinstance(given, str) else given
            iam.put_role_policy(RoleName=role["RoleName"], PolicyName=name, PolicyDocument=json.dumps(document))


def _make_alarm(cloudwatch: Any) -> None:
    """The alarm of the template, which moto's CloudFormation leaves out."""
    cloudwatch.put_metric_alarm(
        AlarmName="shop-errors",
        Namespace="AWS/Lambda",
        MetricName="Errors",
        Statistic="Sum",
        Period=300,
        EvaluationPeriods=1,
        Threshold=0,
        ComparisonOperator="GreaterThanThreshold",
    )


@contextlib.contextmanager
def moto(environment: Mapping[str, str]) -> Iterator[str]:
    """An empty AWS account on a free port of the loopback interface; gives its endpoint and ends it afterwards."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    endpoint = f"http://127.0.0.1:{port}"
    _say(f"starting an AWS account on {endpoint} (moto)")
    server = subprocess.Popen(
        [_command("moto_server"), "-H", "127.0.0.1", "-p", str(port)],
        env=dict(environment),
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    try:
        _wait_for(endpoint, server)
        yield endpoint
    finally:
        server.terminate()
        server.wait()


def _wait_for(endpoint: str, server: subprocess.Popen[bytes]) -> None:
    deadline = time.monotonic() + _START_SECONDS
    while time.monotonic() < deadline and server.poll() is None:
        try:
            with urllib.request.urlopen(f"{endpoint}/moto-api/data.json", timeout=5):  # noqa: S310 (loopback)
                return
        except (urllib.error.URLError, OSError):
            time.sleep(0.1)
    raise Failure(f"moto_server did not answer on {endpoint}")


def _start_checkov(work: Path, environment: Mapping[str, str]) -> subprocess.Popen[str]:
    examples = str(folder("examples") / "shop")
    output = ["-o", "json", "--output-file-path", str(work), "--quiet", "--skip-download"]
    return _start("checkov", ["-d", examples, *output], environment)


def _start_prowler(work: Path, environment: Mapping[str, str]) -> subprocess.Popen[str]:
    output = ["-M", "json-ocsf", "-o", str(work), "-F", "prowler", "--no-banner", "--no-color"]
    excluded = [*_DOWNLOADING_CHECKS, *(load_catalog()[rule].prowler.check for rule in _NOT_PLAYED)]
    scope = ["--service", "awslambda", "-f", REGION, "--excluded-checks", *excluded]
    return _start("prowler", [*output, *scope], environment)


def _start(host: str, arguments: list[str], environment: Mapping[str, str]) -> subprocess.Popen[str]:
    """Start ``rolecall HOST ARGUMENTS`` with a trace of its own; its output is shown only when it fails."""
    path = f"{Path(_command(host)).parent}{os.pathsep}{environment.get('PATH', '')}"
    work = Path(arguments[arguments.index("-o" if host == "prowler" else "--output-file-path") + 1])
    return subprocess.Popen(
        [sys.executable, "-m", "rolecall", host, *arguments],
        env={**environment, "PATH": path, "ROLECALL_TRACE": str(work / f"{host}.trace.jsonl")},
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
    )


def _command(name: str) -> str:
    given = os.environ.get(_COMMANDS[name], name)
    found = shutil.which(given)
    if found is None:
        raise Failure(f"{given} is not installed: the demo needs checkov, prowler and moto_server on PATH")
    return found


def _environment() -> dict[str, str]:
    """The environment without anything that could lead to a real account."""
    kept = {name: value for name, value in os.environ.items() if not name.startswith("AWS_")}
    nowhere = {"AWS_CONFIG_FILE": os.devnull, "AWS_SHARED_CREDENTIALS_FILE": os.devnull}
    keys = {"AWS_ACCESS_KEY_ID": "testing", "AWS_SECRET_ACCESS_KEY": "testing", "AWS_DEFAULT_REGION": REGION}
    return {**kept, **nowhere, **keys, "AWS_EC2_METADATA_DISABLED": "true"}


def _say(what: str) -> None:
    print(f"rolecall demo: {what}", file=sys.stderr, flush=True)
