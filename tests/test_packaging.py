"""What is shipped, and that it disturbs neither host: wheel and sdist are built and installed as a user would."""

from __future__ import annotations

import configparser
import json
import os
import shutil
import subprocess
import tarfile
import zipfile
from dataclasses import dataclass
from email import message_from_bytes
from pathlib import Path

import pytest
import uv
from hosts import CHECKOUT, checkov_python, clean_environment, prowler_python

from rolecall import __version__
from rolecall.catalog import load_catalog

PACKAGES = ("rolecall", "checkov_checks", "prowler_checks")
DATA = ("mappings", "examples")
NOT_SOURCE = shutil.ignore_patterns(".*", "__pycache__", "build", "dist", "*.egg-info")
HOSTS = {"checkov": checkov_python, "prowler": prowler_python}


@dataclass(frozen=True)
class Built:
    wheel: Path
    sdist: Path
    wheel_of_sdist: Path


@dataclass(frozen=True)
class Installed:
    """A fresh environment of a host, before and after Rolecall's wheel went in."""

    folder: Path
    before: dict[str, str]
    after: dict[str, str]
    complaints_before: list[str]
    complaints_after: list[str]

    def run(self, program: str, *arguments: str) -> str:
        return _run(self.folder / "bin" / program, *arguments, cwd=self.folder).stdout


@pytest.fixture(scope="module")
def built(tmp_path_factory: pytest.TempPathFactory) -> Built:
    """Built from a copy: setuptools leaves files in the tree, and takes up those of an earlier build."""
    folder = tmp_path_factory.mktemp("built")
    shutil.copytree(CHECKOUT, folder / "source", ignore=NOT_SOURCE)
    for kind in ("wheel", "sdist"):
        _uv("build", f"--{kind}", "--out-dir", folder / kind, folder / "source")
    [wheel], [sdist] = (folder / "wheel").glob("*.whl"), (folder / "sdist").glob("*.tar.gz")
    _uv("build", "--wheel", "--out-dir", folder / "again", sdist)
    [again] = (folder / "again").glob("*.whl")
    return Built(wheel, sdist, again)


@pytest.fixture(scope="module", params=HOSTS)
def installed(request: pytest.FixtureRequest, built: Built, tmp_path_factory: pytest.TempPathFactory) -> Installed:
    """The host that the other tests use, resolved without Rolecall; then Rolecall's wheel on top."""
    host, folder = request.param, tmp_path_factory.mktemp(request.param)
    tested = _packages(HOSTS[host]())[host]
    python = folder / "bin" / "python"
    _uv("venv", "--quiet", "--clear", "--python", HOSTS[host](), folder)
    _uv("pip", "install", "--quiet", "--python", python, f"{host}=={tested}")
    before, complaints = _packages(python), _complaints(python)
    _uv("pip", "install", "--quiet", "--python", python, built.wheel)
    return Installed(folder, before, _packages(python), complaints, _complaints(python))


def test_the_wheel_holds_every_file_of_the_packages_and_nothing_else(built: Built) -> None:
    shipped = {name for name in _files(built.wheel) if ".dist-info/" not in name}
    assert shipped == _sources(), "a new package must be named in setup.cfg, new data in its package_data"


def test_the_sdist_builds_the_same_wheel(built: Built) -> None:
    assert _files(built.wheel_of_sdist) == _files(built.wheel)


def test_the_sdist_carries_the_licence_and_no_environment(built: Built) -> None:
    with tarfile.open(built.sdist) as archive:
        names = {name.partition("/")[2] for name in archive.getnames()}
    assert {"LICENSE", "setup.cfg", "pyproject.toml"} <= names
    assert not {name for name in names if name.startswith(".")}


def test_static_metadata_is_in_setup_cfg() -> None:
    setup = configparser.ConfigParser(interpolation=None)
    setup.read(CHECKOUT / "setup.cfg", encoding="utf-8")
    assert setup["metadata"]["name"] == "rolecall"
    assert setup["options"]["python_requires"] == ">=3.10"
    tables = (CHECKOUT / "pyproject.toml").read_text(encoding="utf-8").splitlines()
    assert not [line for line in tables if line.startswith("[project")]
    assert not (CHECKOUT / "setup.py").exists()


def test_the_wheel_says_what_setup_cfg_says(built: Built) -> None:
    with zipfile.ZipFile(built.wheel) as archive:
        metadata = message_from_bytes(archive.read(f"rolecall-{__version__}.dist-info/METADATA"))
    assert (metadata["Name"], metadata["Version"], metadata["License-Expression"]) == (
        "rolecall",
        __version__,
        "Apache-2.0",
    )
    assert set(metadata.get_all("Provides-Extra", [])) == {"checkov", "prowler", "report", "demo"}


def test_installing_adds_rolecall_and_moves_no_version(installed: Installed) -> None:
    assert installed.after == {**installed.before, "rolecall": __version__}
    assert installed.complaints_after == installed.complaints_before


def test_the_installed_catalogue_and_entry_points_are_complete(installed: Installed) -> None:
    """Every entry point names a module that is there, found without importing the host."""
    said = installed.run(
        "python",
        "-Ic",
        "import importlib.metadata, importlib.util, json\n"
        "from rolecall.catalog import load_catalog\n"
        "points = importlib.metadata.entry_points(group='prowler.checks.aws')\n"
        "print(json.dumps([list(load_catalog()), [p.name for p in points if importlib.util.find_spec(p.value)]]))",
    )
    rules, checks = json.loads(said)
    assert rules == list(load_catalog())
    assert set(checks) == {entry.prowler.check for entry in load_catalog().values() if "live" in entry.surfaces}


def test_the_command_is_installed_and_finds_its_folders(installed: Installed) -> None:
    assert __version__ in installed.run("rolecall", "--version")
    for host in HOSTS:
        folder = Path(installed.run("rolecall", "path", host).strip())
        assert folder.is_dir()
        assert folder.is_relative_to(installed.folder)


def test_the_installed_pack_works_in_its_host(installed: Installed, tmp_path: Path) -> None:
    """From the wheel, where nothing of the checkout lies beside it; the other tests run the checkout itself."""
    if (installed.folder / "bin" / "checkov").exists():
        shutil.copy(CHECKOUT / "tests/cases/RC103/shut_out.fail.tf", tmp_path / "main.tf")
        pack = installed.run("rolecall", "path", "checkov").strip()
        said = _run(
            installed.folder / "bin" / "checkov", "-d", tmp_path, "--external-checks-dir", pack, "--skip-download",
            "--check", "CKV_RC_103", "--soft-fail", "-o", "json", cwd=tmp_path,
        ).stdout  # fmt: skip
        assert json.loads(said)["summary"]["failed"] > 0
    else:
        said = installed.run(
            "python",
            "-c",
            "import json\n"
            "from prowler.lib.check.models import CheckMetadata\n"
            "print(json.dumps(list(CheckMetadata.get_bulk('aws'))))",
        )
        assert {entry.prowler.check for entry in load_catalog().values() if "live" in entry.surfaces} < set(
            json.loads(said)
        )


@pytest.mark.parametrize("extra", ["checkov", "prowler", "report", "demo"])
def test_each_extra_can_be_resolved_alone(extra: str) -> None:
    resolved = _uv("pip", "compile", "--no-header", "--no-annotate", "--extra", extra, CHECKOUT / "setup.cfg").stdout
    expected = {"report": "rich", "demo": "moto"}.get(extra, extra)
    assert f"\n{expected}==" in f"\n{resolved}"


def _sources() -> set[str]:
    """The names that the files of the packages and of the data beside them have in the wheel."""
    found = {
        path.relative_to(CHECKOUT).as_posix()
        for folder in (*PACKAGES, *DATA)
        for path in (CHECKOUT / folder).rglob("*")
        if path.is_file() and "__pycache__" not in path.parts
    }
    return {f"rolecall/{name}" if name.partition("/")[0] in DATA else name for name in found}


def _files(wheel: Path) -> set[str]:
    with zipfile.ZipFile(wheel) as archive:
        return set(archive.namelist())


def _packages(python: Path | str) -> dict[str, str]:
    listed = json.loads(_uv("pip", "list", "--format", "json", "--python", python).stdout)
    return {package["name"]: package["version"] for package in listed}


def _complaints(python: Path) -> list[str]:
    checked = _uv("pip", "check", "--python", python, check=False)
    return sorted(line for line in checked.stderr.splitlines() if line.startswith("The package"))


def _uv(*arguments: Path | str, check: bool = True) -> subprocess.CompletedProcess[str]:
    """Run uv in the user's own environment: its cache and index settings are wanted here."""
    return _run(Path(uv.find_uv_bin()), *arguments, env=dict(os.environ), check=check)


def _run(
    program: Path,
    *arguments: Path | str,
    cwd: Path = CHECKOUT,
    env: dict[str, str] | None = None,
    check: bool = True,
) -> subprocess.CompletedProcess[str]:
    done = subprocess.run(
        [str(program), *map(str, arguments)],
        cwd=cwd,
        env=env or clean_environment(),
        stdin=subprocess.DEVNULL,
        capture_output=True,
        encoding="utf-8",
        timeout=600,
        check=False,
    )
    assert not check or done.returncode == 0, f"{program.name} {arguments}: {done.stdout}{done.stderr}"
    return done
