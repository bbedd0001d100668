"""What the pack leaves undone in Checkov: nothing that anybody reads."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest
from hosts import CHECKOUT, checkov_python, run, run_checkov

_LEVEL = """
import gc, logging, sys
from checkov import logging_init
from checkov.common.bridgecrew.platform_integration import bc_integration

sys.path.append(sys.argv[1])
from rolecall.hosts import checkov_savings

bc_integration.support_flag_enabled = sys.argv[2] == "support"
for _ in range(2):
    checkov_savings.save()
logging.debug("made")
print(logging.getLogger().level, "made" in logging_init.log_stream.getvalue(), gc.isenabled(), gc.get_threshold()[2])
"""


@pytest.mark.parametrize(
    ("wanted", "log_level", "said"),
    [
        ("", "WARNING", "30 False True 1000"),
        ("", "INFO", "20 False True 1000"),
        ("", "DEBUG", "10 True True 1000"),
        ("support", "WARNING", "10 True True 1000"),
    ],
)
def test_records_are_made_for_whoever_reads_them(tmp_path: Path, wanted: str, log_level: str, said: str) -> None:
    ran = run([checkov_python(), "-c", _LEVEL, str(CHECKOUT), wanted], cwd=tmp_path, env={"LOG_LEVEL": log_level})
    assert ran.stdout.strip() == said, ran.stderr


def test_the_debug_log_is_whole(tmp_path: Path) -> None:
    shutil.copy(CHECKOUT / "tests" / "cases" / "RC101" / "declared_and_looked_up.pass.tf", tmp_path / "main.tf")
    ran = run_checkov("-d", ".", "--framework", "terraform", cwd=tmp_path, env={"LOG_LEVEL": "DEBUG"})
    assert "should_run_check CKV_RC_101: True" in ran.stderr
    assert "should_run_check CKV_AWS_115: True" in ran.stderr
