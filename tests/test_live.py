"""The collector against answers that the real boto3 client parses: paging, denial, throttling, races."""

from __future__ import annotations

import boto3
import pytest
from fake_aws import ACCOUNT, DENIED, LAMBDA_TRUST, REGION, THROTTLED, AwsError, FakeAccount, FakeRole, function

from rolecall.findings import Status
from rolecall.live import EVENT_SOURCE_MAPPINGS, FUNCTION_POLICIES, ROLES, Collected, collect, needs_of
from rolecall.live.needs import ROLE_POLICIES
from rolecall.model import Role
from rolecall.rules import run
from rolecall.unknown import Unknown

STATEMENT = {"Sid": "s", "Effect": "Allow", "Principal": "*", "Action": "lambda:InvokeFunction", "Resource": "*"}
POLICY = {"Version": "2012-10-17", "Statement": [STATEMENT]}
ALL = (ROLES, FUNCTION_POLICIES, EVENT_SOURCE_MAPPINGS)


def read(aws: FakeAccount, *needs: str, regions: tuple[str, ...] = (REGION,), **more: object) -> Collected:
    return collect(aws.session(), account=ACCOUNT, partition="aws", regions=regions, needs=needs, **more)


def role_of(collected: Collected, name: str = "f", region: str = REGION) -> object:
    return collected.inventory.functions[f"arn:aws:lambda:{region}:{ACCOUNT}:function:{name}"].role


def policy_of(collected: Collected, name: str = "f") -> object:
    arn = f"arn:aws:lambda:{REGION}:{ACCOUNT}:function:{name}"
    return collected.inventory.policy_of(collected.inventory.functions[arn])


def test_listings_are_read_to_their_end_and_role_facts_cost_pages() -> None:
    roles = {f"role/r{number}": LAMBDA_TRUST for number in range(100)}
    aws = FakeAccount([function(f"f{n}", f"role/r{n % 100}") for n in range(120)], roles, page_size=50)
    collected = read(aws, ROLES)
    assert len(collected.inventory.functions) == 120
    assert all(isinstance(f.role.role, Role) for f in collected.inventory.functions.values())
    assert collected.calls == {"lambda:ListFunctions": 3, "iam:GetAccountAuthorizationDetails": 2}
    assert collected.problems == ()


def test_only_what_is_needed_is_read() -> None:
    aws = FakeAccount([function("f")], {"role/app": LAMBDA_TRUST})
    collected = read(aws)
    assert collected.calls == {"lambda:ListFunctions": 1}
    assert isinstance(role_of(collected).role, Unknown)
    assert needs_of(["RC102"]) == set()
    assert needs_of(["RC101", "RC341"]) == {ROLES, FUNCTION_POLICIES}
    assert EVENT_SOURCE_MAPPINGS in needs_of(["RC103"])


def test_only_wanted_functions_are_looked_at() -> None:
    aws = FakeAccount([function("f"), function("g")], {"role/app": LAMBDA_TRUST})
    collected = read(aws, *ALL, wanted=lambda arn: arn.endswith(":g"))
    assert [f.label for f in collected.inventory.functions.values()] == ["g"]
    assert collected.calls["lambda:GetPolicy"] == 1


def test_a_role_is_the_one_with_exactly_the_functions_arn() -> None:
    aws = FakeAccount([function("f", "role/service-role/app")], {"role/service-role/app": LAMBDA_TRUST})
    reference = role_of(read(aws, ROLES))
    assert reference.role.trust_policy == LAMBDA_TRUST
    assert reference.role.resource.arn == f"arn:aws:iam::{ACCOUNT}:role/service-role/app"


def test_a_missing_role_is_confirmed_once_for_all_its_functions() -> None:
    collected = read(FakeAccount([function("f", "role/gone"), function("g", "role/gone")]), ROLES)
    assert role_of(collected).role is None
    assert role_of(collected, "g").role is None
    assert collected.calls["iam:GetRole"] == 1


def test_a_role_that_the_listing_does_not_have_yet_exists() -> None:
    aws = FakeAccount([function("f")], {"role/app": LAMBDA_TRUST}, unlisted=frozenset({"role/app"}))
    collected = read(aws, ROLES)
    assert isinstance(role_of(collected).role, Role)
    assert list(collected.inventory.roles) == [f"arn:aws:iam::{ACCOUNT}:role/app"]


@pytest.mark.parametrize("listed", [True, False])
def test_a_role_of_the_same_name_under_another_path_is_another_role(listed: bool) -> None:
    other = "role/service-role/app"
    aws = FakeAccount([function("f")], {other: LAMBDA_TRUST}, unlisted=frozenset() if listed else frozenset({other}))
    reference = role_of(read(aws, ROLES))
    assert reference.role is None
    assert reference.note.endswith(f"the role was deleted and made again as arn:aws:iam::{ACCOUNT}:{other}")


def test_a_role_that_differs_only_in_case_is_not_known() -> None:
    reference = role_of(read(FakeAccount([function("f", "role/App")], {"role/app": LAMBDA_TRUST}), ROLES))
    assert isinstance(reference.role, Unknown)
    assert "a role app" in reference.role.reason


@pytest.mark.parametrize(
    ("arn", "reason"),
    [
        ("arn:aws:iam::999988887777:role/app", "belongs to another account"),
        (f"arn:aws:iam::{ACCOUNT}:user/app", "is not the ARN of a role"),
        ("app", "is not the ARN of a role"),
    ],
)
def test_what_is_no_role_of_the_account_is_never_looked_up(arn: str, reason: str) -> None:
    collected = read(FakeAccount([function("f", arn)], {"role/app": LAMBDA_TRUST}), ROLES)
    assert role_of(collected).role == Unknown(f"{arn} {reason}")
    assert "iam:GetRole" not in collected.calls


def test_without_the_listing_each_role_is_asked_for() -> None:
    functions = [function("f"), function("g"), function("h", "role/gone")]
    aws = FakeAccount(functions, {"role/app": LAMBDA_TRUST}, errors={"iam:GetAccountAuthorizationDetails": DENIED})
    collected = read(aws, ROLES)
    assert isinstance(role_of(collected).role, Role)
    assert role_of(collected, "h").role is None
    assert collected.calls["iam:GetRole"] == 2
    assert collected.unread == ()  # another call told it all


def test_denied_roles_are_unknown_and_the_denied_actions_named() -> None:
    aws = FakeAccount([function("f")], errors={"iam:GetAccountAuthorizationDetails": DENIED, "iam:GetRole": DENIED})
    collected, reason = read(aws, ROLES), "iam:GetAccountAuthorizationDetails was denied; iam:GetRole was denied"
    assert role_of(collected).role.reason == reason
    assert collected.unread == (reason,)
    assert collected.problems == ()


def test_a_listing_that_breaks_off_keeps_what_it_gave() -> None:
    aws = FakeAccount(
        [function("f", "role/a"), function("g", "role/b")],
        {"role/a": LAMBDA_TRUST, "role/b": LAMBDA_TRUST},
        page_size=1,
        errors={"iam:GetRole": DENIED},
    )
    once = iter([None, DENIED])
    aws._GetAccountAuthorizationDetails = _failing(aws._GetAccountAuthorizationDetails, once)  # type: ignore[method-assign]
    collected = read(aws, ROLES)
    assert isinstance(role_of(collected, "f").role, Role)
    assert isinstance(role_of(collected, "g").role, Unknown)


def _failing(answer: object, errors: object) -> object:
    def fail_or_answer(request: object) -> bytes:
        error = next(errors, None)
        if error:
            raise error
        return answer(request)

    return fail_or_answer


@pytest.mark.parametrize(
    ("error", "reason"),
    [
        (DENIED, "lambda:ListFunctions was denied"),
        (AwsError("UnrecognizedClientException", 403), "lambda:ListFunctions failed (UnrecognizedClientException)"),
    ],
)
def test_a_region_that_cannot_be_listed_is_a_problem_and_the_others_are_read(error: AwsError, reason: str) -> None:
    aws = FakeAccount(
        [function("f"), function("g", region="us-east-1")],
        {"role/app": LAMBDA_TRUST},
        errors={f"lambda:ListFunctions {REGION}": error},
    )
    collected = read(aws, ROLES, regions=(REGION, "us-east-1"))
    assert [f.label for f in collected.inventory.functions.values()] == ["g"]
    [problem] = collected.problems
    assert problem.message == f"{reason} in {REGION}"
    assert (problem.action, problem.region, problem.code) == ("lambda:ListFunctions", REGION, error.code)


def test_policies_are_statements_of_the_unqualified_function() -> None:
    aws = FakeAccount([function("f"), function("g")], policies={"f": POLICY})
    collected = read(aws, FUNCTION_POLICIES)
    [permission] = policy_of(collected)
    assert (permission.sid, permission.qualifier, permission.statement) == ("s", "", STATEMENT)
    assert policy_of(collected, "g") == ()


@pytest.mark.parametrize("broken", ["{", "[]", '{"Statement": 1}', '{"Statement": ["x"]}', "null"])
def test_a_policy_that_is_none_is_unknown(broken: str) -> None:
    policy = policy_of(read(FakeAccount([function("f")], policies={"f": broken}), FUNCTION_POLICIES))
    assert policy.reason == "lambda:GetPolicy returned something that is not a policy"


def test_a_denied_policy_leaves_the_others() -> None:
    aws = FakeAccount(
        [function("f"), function("g"), function("h")],
        policies={"g": POLICY},
        errors={"lambda:GetPolicy f": DENIED, "lambda:GetPolicy h": DENIED},
    )
    collected = read(aws, FUNCTION_POLICIES)
    assert policy_of(collected).reason == "lambda:GetPolicy was denied"
    assert len(policy_of(collected, "g")) == 1
    assert collected.unread == ("lambda:GetPolicy was denied (2 times)",)


def test_throttling_is_waited_out(no_waiting: None) -> None:
    aws = FakeAccount([function("f")], policies={"f": POLICY}, errors={"lambda:GetPolicy": [THROTTLED, THROTTLED]})
    collected = read(aws, FUNCTION_POLICIES)
    assert len(policy_of(collected)) == 1
    assert aws.requests["lambda:GetPolicy"] == 3
    assert collected.calls["lambda:GetPolicy"] == 1


def test_an_internal_error_is_asked_again_once(no_waiting: None) -> None:
    broken = AwsError("ServiceException", 500)
    aws = FakeAccount([function("f")], policies={"f": POLICY}, errors={"lambda:GetPolicy": [broken]})
    assert len(policy_of(read(aws, FUNCTION_POLICIES))) == 1
    aws = FakeAccount([function("f")], policies={"f": POLICY}, errors={"lambda:GetPolicy": broken})
    assert policy_of(read(aws, FUNCTION_POLICIES)).reason == "lambda:GetPolicy failed (ServiceException)"
    assert aws.requests["lambda:GetPolicy"] == 2


def test_throttled_to_the_end_is_unknown(no_waiting: None) -> None:
    aws = FakeAccount([function("f")], errors={"lambda:GetPolicy": THROTTLED})
    reason = "lambda:GetPolicy was throttled to the end (TooManyRequestsException)"
    assert policy_of(read(aws, FUNCTION_POLICIES)).reason == reason
    assert aws.requests["lambda:GetPolicy"] == 1 + 10


def test_event_source_mappings_are_those_of_the_function_whatever_the_qualifier() -> None:
    queue = "arn:aws:sqs:eu-west-1:111122223333:q"
    arn = function("f")["FunctionArn"]
    mappings = [{"FunctionArn": f"{arn}:live", "EventSourceArn": queue}, {"FunctionArn": arn, "UUID": "u"}]
    collected = read(FakeAccount([function("f"), function("g")], mappings=mappings), EVENT_SOURCE_MAPPINGS)
    found = [f.event_source_mappings for f in collected.inventory.functions.values()]
    assert [[(m.service, m.source) for m in of] for of in found] == [[("sqs", queue), ("self-managed-kafka", None)], []]


def test_denied_event_source_mappings_are_unknown() -> None:
    aws = FakeAccount([function("f")], errors={"lambda:ListEventSourceMappings": DENIED})
    [read_function] = read(aws, EVENT_SOURCE_MAPPINGS).inventory.functions.values()
    assert read_function.event_source_mappings.reason == "lambda:ListEventSourceMappings was denied"


def test_what_else_uses_the_role_is_known_from_the_configuration() -> None:
    configurations = [
        function("plain"),
        function("vpc", VpcConfig={"VpcId": "vpc-1"}, SnapStart={"ApplyOn": "PublishedVersions"}),
        function("left_vpc", VpcConfig={"VpcId": ""}, SnapStart={"ApplyOn": "None"}),
        function("edge", region="us-east-1"),
        function("copy", MasterArn="arn:aws:lambda:us-east-1:111122223333:function:edge:1"),
    ]
    found = read(FakeAccount(configurations), regions=(REGION, "us-east-1")).inventory.functions.values()
    flags = {f.label: (f.in_vpc, f.snap_start) for f in found}
    assert flags["plain"] == flags["left_vpc"] == (False, False)
    assert flags["vpc"] == (True, True)
    edge = {f.label: f.edge_association for f in found}
    assert edge["plain"] is False
    assert edge["copy"] is True
    assert isinstance(edge["edge"], Unknown)


def test_no_answer_at_all_is_a_problem_not_an_empty_account(no_endpoint: None) -> None:
    collected = collect(boto3.Session("x", "x"), account=ACCOUNT, partition="aws", regions=[REGION], needs=[])
    assert [problem.code for problem in collected.problems] == ["EndpointConnectionError"]


@pytest.mark.parametrize("trust", ["{", '"text"'])
def test_a_trust_policy_that_is_none_is_unknown(trust: str) -> None:
    collected = read(FakeAccount([function("f")], {"role/app": trust}), ROLES)
    assert isinstance(role_of(collected).role.trust_policy, Unknown)
    [finding] = run(collected.inventory, only=["RC103"])
    assert finding.status is Status.UNKNOWN


def test_progress_is_told_of_every_step() -> None:
    steps: list[tuple[str, int, int]] = []
    read(FakeAccount([function("f"), function("g")]), FUNCTION_POLICIES, progress=lambda *step: steps.append(step))
    assert ("lambda:GetPolicy", 2, 2) in steps
    assert ("listings", 1, 1) in steps


def test_what_a_role_may_do_comes_with_the_listing() -> None:
    own, readers = "arn:aws:iam::111122223333:policy/own", "arn:aws:iam::aws:policy/ReadOnlyAccess"
    aws = FakeAccount(
        [function("f")],
        {"role/app": FakeRole(inline={"in": POLICY}, attached=[own, readers], boundary=own, tags={"team": "a & b"})},
        managed={own: POLICY},
    )
    role = role_of(read(aws, ROLES, ROLE_POLICIES)).role
    assert isinstance(role, Role)
    assert [(policy.name, policy.document) for policy in role.policies[:2]] == [
        ("inline policy in", POLICY),
        (own, POLICY),
    ]
    assert role.policies[2].name == readers
    assert role.boundary == POLICY
    assert role.tags == {"team": "a & b"}
    assert aws.requests == {"lambda:ListFunctions": 1, "iam:GetAccountAuthorizationDetails": 1}


def test_who_shares_a_role_is_known_only_when_all_functions_were_read() -> None:
    aws = FakeAccount([function("f"), function("g", "role/other")], {"role/app": FakeRole(), "role/other": FakeRole()})
    chosen = read(aws, ROLES, wanted=lambda arn: arn.endswith(":f"))
    [finding] = run(chosen.inventory, only=["RC110"])
    assert finding.status is Status.UNKNOWN
    assert "only some functions of the account were asked for" in finding.message
    aws.errors["lambda:ListFunctions us-east-1"] = DENIED
    read_elsewhere = read(aws, ROLES, regions=(REGION, "us-east-1")).inventory
    assert "lambda:ListFunctions was denied in us-east-1" in next(iter(run(read_elsewhere, only=["RC110"]))).message


def _scheduled(**more: object) -> FakeAccount:
    """An account with a schedule that calls the function ``f`` with ``role/clock``."""
    target = {"Arn": function("f")["FunctionArn"], "RoleArn": f"arn:aws:iam::{ACCOUNT}:role/clock"}
    arn = f"arn:aws:scheduler:{REGION}:{ACCOUNT}:schedule/default/nightly"
    return FakeAccount(
        [function("f"), function("g")],
        answers={
            "scheduler:ListSchedules": {
                "Schedules": [{"Name": "nightly", "Arn": arn, "Target": {"Arn": target["Arn"]}}]
            },
            "scheduler:GetSchedule": {"Name": "nightly", "Target": target},
        },
        **more,  # type: ignore[arg-type]
    )


def test_a_role_of_an_invoker_that_the_listing_lacks_is_asked_for() -> None:
    aws = _scheduled(roles={"role/app": LAMBDA_TRUST, "role/clock": LAMBDA_TRUST}, unlisted=frozenset({"role/clock"}))
    collected = read(aws, *needs_of(["RC322"]))
    [finding] = [f for f in run(collected.inventory, only=["RC322"]) if f.function == "f"]
    assert "scheduler.amazonaws.com cannot assume clock" in finding.message
    assert aws.requests["iam:GetRole"] == 1


def test_roles_of_what_calls_nothing_here_are_not_asked_for() -> None:
    aws = _scheduled(roles={"role/app": LAMBDA_TRUST})
    read(aws, *needs_of(["RC322"]), wanted=lambda arn: arn.endswith(":g"))
    assert aws.requests["iam:GetRole"] == 0


def test_a_trust_policy_that_is_known_decides_where_the_listing_was_denied() -> None:
    errors = {"iam:GetAccountAuthorizationDetails": DENIED}
    aws = _scheduled(roles={"role/app": LAMBDA_TRUST, "role/clock": LAMBDA_TRUST}, errors=errors)
    [finding] = [f for f in run(read(aws, *needs_of(["RC322"])).inventory, only=["RC322"]) if f.function == "f"]
    assert finding.status is Status.FAIL
    assert '"scheduler.amazonaws.com"' in finding.remediation.cli
    assert '"lambda.amazonaws.com"' in finding.remediation.cli  # what the policy has stays


def test_a_listing_that_promises_more_and_gives_no_name_is_not_complete() -> None:
    answers = {"firehose:ListDeliveryStreams": {"DeliveryStreamNames": [], "HasMoreDeliveryStreams": True}}
    collected = read(FakeAccount([function("f")], answers=answers), "firehose_processor")
    assert collected.unread == (f"firehose:ListDeliveryStreams did not name all delivery streams in {REGION}",)


def test_an_action_of_a_pipeline_calls_a_function_of_another_region() -> None:
    action = {
        "name": "Smoke",
        "actionTypeId": {"category": "Invoke", "owner": "AWS", "provider": "Lambda", "version": "1"},
        "configuration": {"FunctionName": "f"},
        "region": "us-east-1",
    }
    pipeline = {
        "name": "p",
        "roleArn": f"arn:aws:iam::{ACCOUNT}:role/app",
        "stages": [{"name": "s", "actions": [action]}],
    }
    aws = FakeAccount(
        [function("f"), function("f", region="us-east-1")],
        {"role/app": LAMBDA_TRUST},
        answers={
            "codepipeline:ListPipelines": [
                {"for": {"region": REGION}, "pipelines": [{"name": "p"}]},
                {"error": "AccessDeniedException"},
            ],
            "codepipeline:GetPipeline": {"pipeline": pipeline},
        },
    )
    collected = read(aws, *needs_of(["RC326"]), regions=(REGION, "us-east-1"))
    found = {str(f.resource.region): f for f in run(collected.inventory, only=["RC326"])}
    assert "codepipeline.amazonaws.com cannot assume app" in found["us-east-1"].message
    assert found[REGION].status is Status.UNKNOWN  # a pipeline of the region that was denied may call it
    assert "codepipeline:ListPipelines was denied in us-east-1" in found[REGION].message


def test_a_remedy_names_the_region_and_the_alias_that_has_the_statement() -> None:
    arn = f"arn:aws:lambda:{REGION}:{ACCOUNT}:function:f"
    topic = f"arn:aws:sns:{REGION}:{ACCOUNT}:orders"
    subscription = {"SubscriptionArn": f"{topic}:1", "TopicArn": topic, "Protocol": "lambda", "Endpoint": f"{arn}:live"}
    service = {"Sid": "s", "Effect": "Allow", "Principal": {"Service": "sns.amazonaws.com"}}
    statement = {**service, "Action": "lambda:InvokeFunction", "Resource": f"{arn}:live"}
    aws = FakeAccount(
        [function("f")],
        policies={"f:live": {"Version": "2012-10-17", "Statement": [statement]}},
        answers={"sns:ListSubscriptions": {"Subscriptions": [subscription]}},
    )
    [finding] = run(read(aws, FUNCTION_POLICIES, "sns_subscription").inventory, only=["RC341"])
    assert finding.status is Status.FAIL
    assert "Statement s of f:live's policy" in finding.message
    assert f"aws lambda remove-permission --region {REGION} --function-name f:live --statement-id s" in (
        finding.remediation.cli
    )


def test_regions_without_functions_cost_the_listings_of_what_may_call_abroad() -> None:
    regions = (REGION, "eu-central-1", "us-west-2")
    aws = FakeAccount([function("f")])
    read(aws, "sns_subscription", "s3_notification", EVENT_SOURCE_MAPPINGS, regions=regions)
    counts = {key: aws.requests[key] for key in ("lambda:ListFunctions", "sns:ListSubscriptions", "s3:ListBuckets")}
    assert counts == {"lambda:ListFunctions": 3, "sns:ListSubscriptions": 3, "s3:ListBuckets": 1}
    assert aws.requests["lambda:ListEventSourceMappings"] == 1


def test_an_account_without_functions_costs_their_listings() -> None:
    aws = FakeAccount()
    read(aws, "sns_subscription", "s3_notification", EVENT_SOURCE_MAPPINGS)
    assert dict(aws.requests) == {"lambda:ListFunctions": 1}
