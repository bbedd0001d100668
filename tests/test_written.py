"""How facts are written into the remediations, each form by the rules of its language."""

from __future__ import annotations

import io
import shlex
from typing import Any

import hcl2
import pytest
import yaml
from hypothesis import given, settings
from hypothesis import strategies as st

from rolecall.unknown import Computed, Text, Unknown, text
from rolecall.written import in_cloudformation, in_shell, in_terraform, in_words

ROLE, TOPIC = Unknown("later", "template.yaml|AppRole"), Unknown("later", "/code|aws_sns_topic.orders.arn")
PARTITION, ACCOUNT = Unknown("later", "AWS::Partition"), Unknown("later", "AWS::AccountId")
API = Unknown("later", "/code|module.shop[0].aws_api_gateway_rest_api.shop.id")


@pytest.mark.parametrize(
    ("fact", "words", "shell", "terraform", "cloudformation"),
    [
        ("orders", "orders", "orders", '"orders"', '"orders"'),
        (ROLE, "AppRole", "APP_ROLE", '"APP_ROLE"', "!Ref AppRole"),
        (Unknown("", "t|Api.ApiId"), "Api.ApiId", "API_API_ID", '"API_API_ID"', "!GetAtt Api.ApiId"),
        (ACCOUNT, "AWS::AccountId", "ACCOUNT_ID", '"ACCOUNT_ID"', "!Ref AWS::AccountId"),
        (TOPIC, "aws_sns_topic.orders.arn", "ORDERS_ARN", "aws_sns_topic.orders.arn", '"ORDERS_ARN"'),
        (
            text("arn:", PARTITION, ":iam::", ACCOUNT, ":role/", ROLE),
            "arn:PARTITION:iam::ACCOUNT_ID:role/APP_ROLE",
            "arn:PARTITION:iam::ACCOUNT_ID:role/APP_ROLE",
            '"arn:PARTITION:iam::ACCOUNT_ID:role/APP_ROLE"',
            '!Sub "arn:${AWS::Partition}:iam::${AWS::AccountId}:role/${AppRole}"',
        ),
        (
            text("arn:aws:execute-api:eu-west-1:111122223333:", API, "/*/GET/a"),
            "arn:aws:execute-api:eu-west-1:111122223333:SHOP_ID/*/GET/a",
            "'arn:aws:execute-api:eu-west-1:111122223333:SHOP_ID/*/GET/a'",
            '"arn:aws:execute-api:eu-west-1:111122223333:${aws_api_gateway_rest_api.shop.id}/*/GET/a"',
            '"arn:aws:execute-api:eu-west-1:111122223333:SHOP_ID/*/GET/a"',
        ),
        (Unknown("no name"), "SOURCE", "SOURCE", '"SOURCE"', '"SOURCE"'),
        (Computed("may be empty", "t|Given"), "SOURCE", "SOURCE", '"SOURCE"', '"SOURCE"'),
        (Unknown("", 'x|a" { }'), "SOURCE", "SOURCE", '"SOURCE"', '"SOURCE"'),
    ],
)
def test_each_form_names_a_value_in_its_own_way(
    fact: Text, words: str, shell: str, terraform: str, cloudformation: str
) -> None:
    written = [form(fact, "source") for form in (in_words, in_shell, in_terraform, in_cloudformation)]
    assert written == [words, shell, terraform, cloudformation]


class Loader(yaml.SafeLoader):
    """YAML with the short forms of intrinsic functions."""


Loader.add_multi_constructor("!", lambda loader, suffix, node: {suffix: node.value})


@settings(deadline=None)
@given(literal=st.text(), name=st.text())
def test_what_a_template_says_leaves_no_quotes(literal: str, name: str) -> None:
    partly = text(literal, Unknown("later", f"file|{name}"), literal)
    assert len(shlex.split(in_shell(partly, "fact"))) == 1
    assert shlex.split(in_shell(literal, "fact")) == [literal]
    assert parsed(in_cloudformation(literal, "fact")) == literal
    value = parsed(in_cloudformation(partly, "fact"))
    assert isinstance(value, str) or set(value) <= {"Sub", "Ref", "GetAtt"}


@settings(deadline=None)
@given(literal=st.text(st.characters(min_codepoint=32, max_codepoint=126), max_size=20))
def test_terraform_finds_no_template_in_what_is_known(literal: str) -> None:
    written = in_terraform(text(literal, Unknown("later", "x|aws_sns_topic.orders.arn")), "fact")
    assert written.endswith('${aws_sns_topic.orders.arn}"') or written == "aws_sns_topic.orders.arn"
    assert set(hcl2.load(io.StringIO(f"a = {written}\n"))) == {"a"}


def parsed(value: str) -> Any:
    return yaml.load(f"a: {value}\n", Loader)["a"]  # noqa: S506 (a safe one)
