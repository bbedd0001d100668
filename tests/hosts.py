"""The real Checkov, Prowler and moto for tests: the only place that knows where they are.

Each lives in an environment of its own, since their pins exclude each other; nox sets the variables that name their
executables. What runs here sees neither the user's AWS settings nor their configuration, and calls nothing outside.
"""

from __future__ import annotations

import contextlib
import json
import os
import shutil
import socket
import subprocess
import tempfile
import time
import urllib.error
import urllib.request
from collections.abc import Iterator, Mapping
from functools import cache
from pathlib import Path
from typing import IO, Any

CHECKOUT = Path(__file__).resolve().parent.parent
REGION = "eu-west-1"
NOWHERE = "http://127.0.0.1:9"
_TIMEOUT = 300
_START = 60
_FOREIGN = ("AWS_", "BC_", "BOTO_", "CHECKOV_", "CKV_", "LOG_LEVEL", "MOTO_", "PRISMA_", "PROWLER_", "PYTHONPATH")
_HOSTS = {"checkov": "ROLECALL_CHECKOV_BIN", "prowler": "ROLECALL_PROWLER_BIN", "moto": "ROLECALL_MOTO_BIN",
          "aws": "ROLECALL_AWS_BIN"}  # fmt: skip


class HostMissing(Exception):
    """A host that no variable names, or that is not there. An error, never a skip: an untested host is not a pass."""


def executable(host: str) -> str:
    """The path of ``checkov``, ``prowler`` or ``moto`` (its ``moto_server``). Raises ``HostMissing``."""
    variable = _HOSTS[host]
    found = shutil.which(os.environ.get(variable, ""))
    if found is None:
        raise HostMissing(f"{variable}={os.environ.get(variable, '')!r} names no executable: run `make test`")
    return found


def prowler_python() -> str:
    """The interpreter of Prowler's environment."""
    return _beside("prowler", "python")


def checkov_python() -> str:
    """The interpreter of Checkov's environment."""
    return _beside("checkov", "python")


def shipped(host: str, cwd: Path) -> dict[str, Any]:
    """What an installed host ships, as ``rolecall.hosts.HOST_catalogue`` says it. cwd: a folder of no meaning."""
    done = run([_beside(host, "python"), "-m", f"rolecall.hosts.{host}_catalogue"], cwd=cwd)
    assert done.returncode == 0, done.stderr
    found: dict[str, Any] = json.loads(done.stdout)
    return found


def run_checkov(
    *arguments: str, cwd: Path, env: Mapping[str, str] | None = None, rolecall: bool = True
) -> subprocess.CompletedProcess[str]:
    """Run ``checkov ARGUMENTS``, with the pack as external checks unless ``rolecall`` is false."""
    pack = ["--external-checks-dir", str(CHECKOUT / "checkov_checks")] if rolecall else []
    return run([executable("checkov"), "--skip-download", *pack, *arguments], cwd=cwd, env=env)


def run_prowler(
    *arguments: str, cwd: Path, endpoint: str = NOWHERE, env: Mapping[str, str] | None = None
) -> subprocess.CompletedProcess[str]:
    """Run ``prowler aws ARGUMENTS`` on the account at ``endpoint``. It writes its output below ``cwd``."""
    return run(
        [executable("prowler"), "aws", *arguments], cwd=cwd, env={**account_environment(endpoint), **(env or {})}
    )


def run_rolecall(
    *arguments: str, host: str, cwd: Path, env: Mapping[str, str] | None = None
) -> subprocess.CompletedProcess[str]:
    """Run the ``rolecall`` command that is installed beside a host."""
    return run([_beside(host, "rolecall"), *arguments], cwd=cwd, env=env)


def run_beside_aws(command: str, *arguments: str, cwd: Path, given: str = "") -> subprocess.CompletedProcess[str]:
    """Run a command of the environment of the AWS CLI (``python``, ``cfn-lint``). given: its standard input."""
    return run([_beside("aws", command), *arguments], cwd=cwd, given=given)


def run(
    command: list[str], *, cwd: Path, env: Mapping[str, str] | None = None, given: str = ""
) -> subprocess.CompletedProcess[str]:
    """Run a command to its end in a clean environment plus ``env``; its output is captured as text."""
    return subprocess.run(
        command,
        cwd=cwd,
        env={**clean_environment(), **(env or {})},
        input=given,
        capture_output=True,
        encoding="utf-8",
        timeout=_TIMEOUT,
        check=False,
    )


def clean_environment() -> dict[str, str]:
    """The environment without what would steer a host, and with all that keeps it from calling out."""
    kept = {
        name: value
        for name, value in os.environ.items()
        if not name.startswith((*_FOREIGN, "ROLECALL_CONFIG", "ROLECALL_TRACE"))
    }
    return {
        **kept,
        "HOME": _home().name,
        "PYTHONDONTWRITEBYTECODE": "",  # where it is set, every start of a host would compile all of it again
        "AWS_CONFIG_FILE": os.devnull,
        "AWS_SHARED_CREDENTIALS_FILE": os.devnull,
        "AWS_EC2_METADATA_DISABLED": "true",
        "CKV_SKIP_PACKAGE_UPDATE_CHECK": "true",
        "CKV_GITHUB_CONFIG_FETCH_DATA": "false",
        "CKV_GITLAB_CONFIG_FETCH_DATA": "false",
    }


def account_environment(endpoint: str) -> dict[str, str]:
    """What sends the AWS SDK to the account at ``endpoint``."""
    return {
        "AWS_ENDPOINT_URL": endpoint,
        "AWS_ACCESS_KEY_ID": "testing",
        "AWS_SECRET_ACCESS_KEY": "testing",
        "AWS_DEFAULT_REGION": REGION,
    }


@contextlib.contextmanager
def moto_account() -> Iterator[str]:
    """An empty AWS account, number 123456789012, played by moto; gives its endpoint."""
    with tempfile.TemporaryFile("w+", encoding="utf-8") as log:
        server, endpoint = _start(log)
        try:
            yield endpoint
        finally:
            _stop(server)


def _start(log: IO[str]) -> tuple[subprocess.Popen[str], str]:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    endpoint = f"http://127.0.0.1:{port}"
    server = subprocess.Popen(
        [executable("moto"), "-H", "127.0.0.1", "-p", str(port)],
        env={**clean_environment(), "MOTO_IAM_LOAD_MANAGED_POLICIES": "true"},
        stdin=subprocess.DEVNULL,
        stdout=log,
        stderr=log,
        text=True,
    )
    deadline = time.monotonic() + _START
    while not _answers(endpoint):
        if server.poll() is not None or time.monotonic() > deadline:
            _stop(server)
            log.seek(0)
            raise RuntimeError(f"moto_server did not start: {log.read()[-2000:]}")
        time.sleep(0.1)
    return server, endpoint


def _stop(server: subprocess.Popen[str]) -> None:
    server.terminate()
    try:
        server.wait(timeout=10)
    except subprocess.TimeoutExpired:
        server.kill()
        server.wait()


def _answers(endpoint: str) -> bool:
    direct = urllib.request.build_opener(urllib.request.ProxyHandler({}))  # loopback: never through a proxy
    try:
        with direct.open(f"{endpoint}/moto-api/data.json", timeout=5) as answer:
            return bool(answer.status == 200)
    except (urllib.error.URLError, OSError):
        return False


def _beside(host: str, command: str) -> str:
    found = Path(executable(host)).with_name(command)
    if not found.exists():
        raise HostMissing(f"{found} is missing: run `make test`")
    return str(found)


@cache
def _home() -> tempfile.TemporaryDirectory[str]:
    """A home without configuration files, for as long as the tests run."""
    return tempfile.TemporaryDirectory(prefix="rolecall-home-")
