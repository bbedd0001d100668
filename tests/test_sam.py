"""SAM's transform: ours against the real one (aws-sam-translator), and input made to hurt."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sam_oracle import expanded, template_of, transformed
from samtranslator.yaml_helper import yaml_parse

from rolecall.iac import cloudformation
from rolecall.iac.sam import data, expand
from rolecall.iac.sam.refresh import collect, lines
from rolecall.iac.template import Declared, Template
from rolecall.unknown import Unknown

TEMPLATES = sorted((Path(__file__).parent / "sam").glob("*.yaml"))


@pytest.mark.parametrize("path", TEMPLATES, ids=lambda path: path.stem)
def test_it_makes_what_the_real_transform_makes(path: Path) -> None:
    document = yaml_parse(path.read_text(encoding="utf-8"))
    ours, theirs = expanded(expand(template_of(document)), document), transformed(document)
    assert sorted(ours) == sorted(theirs)
    for logical, made in theirs.items():
        assert ours[logical] == made, logical


def test_the_data_is_what_the_script_writes() -> None:
    written = Path(data.__file__).with_name(data.DATA).read_text(encoding="utf-8")
    assert "\n".join(lines(collect())) + "\n" == written, "run python -m rolecall.iac.sam.refresh"
