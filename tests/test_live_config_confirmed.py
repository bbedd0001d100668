"""No FAIL rests on a policy that AWS Config recorded: Lambda confirms it. Aliases are Lambda's alone."""

from __future__ import annotations

from config_account import config, item, lambda_, only, policy, scanned, statement, subscribed, urls
from fake_aws import DENIED, AwsError, FakeAccount

from rolecall.findings import Status


def test_a_fail_is_confirmed_and_the_rest_is_not_asked_for() -> None:
    names = [f"f{number}" for number in range(10)]
    items = [item(name, policy(name, restricted=name != "f3")) for name in names]
    result = scanned(
        FakeAccount(
            [lambda_(name) for name in names],
            policies={"f3": policy("f3", restricted=False)},
            answers=config(items),
        )
    )
    assert [finding.function for finding in result.findings if finding.status is Status.FAIL] == ["f3"]
    assert result.calls["lambda:GetPolicy"] == 1
    assert result.notes == (
        "policies from AWS Config: 9 of 10 functions",
        "policies from Lambda instead: a rule fails (1)",
    )


def test_a_fail_that_lambda_does_not_confirm_is_none() -> None:
    stale = item("f", policy("f", restricted=False))
    result = scanned(FakeAccount([lambda_("f")], policies={"f": policy("f")}, answers=config([stale])))
    assert (only(result).status, only(result).evidence) == (Status.PASS, ())


def test_a_fail_that_lambda_cannot_confirm_is_unknown() -> None:
    recorded = item("f", policy("f", restricted=False))
    aws = FakeAccount([lambda_("f")], answers=config([recorded]), errors={"lambda:GetPolicy": DENIED})
    result = scanned(aws)
    assert only(result).status is Status.UNKNOWN
    assert result.unread == ("lambda:GetPolicy was denied",)


def test_a_function_that_is_gone_is_not_reported() -> None:
    recorded = item("f", policy("f", restricted=False))
    aws = FakeAccount(
        [lambda_("f")],
        answers=config([recorded], **subscribed(recorded["arn"])),
        errors={"lambda:GetFunctionConfiguration": AwsError("ResourceNotFoundException", 404)},
    )
    assert scanned(aws, "RC305", "RC341").findings == ()


def test_what_a_policy_that_is_another_one_tells_is_read_too() -> None:
    """The policy of now speaks of a function URL, which the recorded one does not: it is found, and judged."""
    now = policy("f")
    now["Statement"].append({**statement("f"), "Action": "lambda:InvokeFunctionUrl", "Principal": "*"})
    answers = config([item("f", policy("f", restricted=False))], **urls("f"))
    result = scanned(FakeAccount([lambda_("f")], policies={"f": now}, answers=answers), "RC313", "RC341")
    said = {finding.rule: finding.status for finding in result.findings}
    assert said == {"RC313": Status.FAIL, "RC341": Status.PASS}
    assert result.calls["lambda:GetPolicy"] == 1


def test_a_confirmed_policy_costs_no_other_call() -> None:
    answers = config([item("f", policy("f", restricted=False)), item("g")])
    aws = FakeAccount([lambda_("f"), lambda_("g")], policies={"f": policy("f", restricted=False)}, answers=answers)
    assert scanned(aws, "RC313", "RC341").calls["cloudwatch:ListMetrics"] == 1


def test_the_policy_of_an_alias_outlasts_that_of_its_function() -> None:
    alias = f"{item('f')['arn']}:live"
    allowed = {"Version": "2012-10-17", "Statement": [{**statement("f", restricted=False), "Resource": alias}]}
    stale = item("f", policy("f", restricted=False))
    policies = {"f:live": allowed, "f": policy("f")}
    aws = FakeAccount([lambda_("f")], policies=policies, answers=config([stale], **subscribed(alias)))
    said = {finding.rule: finding.status for finding in scanned(aws, "RC305", "RC341").findings}
    assert said == {"RC305": Status.PASS, "RC341": Status.FAIL}  # both by the statement of the alias


def test_a_finding_on_a_function_that_is_called_says_what_it_rests_on() -> None:
    answers = config([item("f", policy("f", restricted=False))], **subscribed(item("f")["arn"]))
    finding = only(scanned(FakeAccount([lambda_("f")], answers=answers), "RC305"))
    assert finding.status is Status.PASS
    assert any("as AWS Config recorded it" in fact for fact in finding.evidence)


def test_aliases_are_read_from_lambda() -> None:
    alias = f"{item('f')['arn']}:live"
    allowed = {"Version": "2012-10-17", "Statement": [{**statement("f", restricted=False), "Resource": alias}]}
    aws = FakeAccount([lambda_("f")], policies={"f:live": allowed}, answers=config([item("f")], **subscribed(alias)))
    result = scanned(aws, "RC305")
    assert only(result).status is Status.PASS
    assert not any("AWS Config" in fact for fact in only(result).evidence)
    assert result.calls["lambda:GetPolicy"] == 1
