"""Registers every rule of Rolecall with Checkov, which executes this file through ``--external-checks-dir``.

Checkov may live in another environment than Rolecall; then the library is the one beside this folder.
"""

import importlib.util
import sys
from pathlib import Path

if "rolecall" not in sys.modules and importlib.util.find_spec("rolecall") is None:
    _beside = Path(__file__).resolve().parent.parent / "rolecall" / "__init__.py"
    _spec = importlib.util.spec_from_file_location(
        "rolecall", _beside, submodule_search_locations=[str(_beside.parent)]
    )
    _package = importlib.util.module_from_spec(_spec)
    sys.modules["rolecall"] = _package
    _spec.loader.exec_module(_package)

from rolecall.hosts.checkov import register

register()
