"""The report's rows: what is one row, by which key code and account are joined, and what follows for a fault."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

pytest.importorskip("duckdb", reason="the report needs the extra rolecall[report]")

from report_inputs import (
    ACCOUNT,
    checkov_record,
    checkov_report,
    code,
    document,
    file_of,
    finding,
    live,
    permission,
    prowler_finding,
    rows,
    statuses,
)

from rolecall.crosswalk import load_crosswalk
from rolecall.findings import Finding, Status
from rolecall.model import Location, Resource

FUNCTION = f"arn:aws:lambda:eu-west-1:{ACCOUNT}:function:shop-orders"
TEMPLATE = Location("template.yaml", 2, 9)


class TestRows:
    def test_same_arn_is_one_row(self, tmp_path: Path) -> None:
        (row,) = rows(tmp_path, code(name=None, arn=live().resource.arn), live(status=Status.PASS))
        assert (row["joined_by"], row["sure"], statuses(row)) == ("arn", "certain", ("FAIL", "PASS"))
        facts = [row[key] for key in ("status", "resource", "account", "region", "arn")]
        assert facts == ["FAIL", "shop-orders", ACCOUNT, "eu-west-1", FUNCTION]

    def test_same_literal_name_is_likely_one(self, tmp_path: Path) -> None:
        (row,) = rows(tmp_path, live(), code())
        assert (row["joined_by"], row["sure"], statuses(row)) == ("name", "likely", ("FAIL", "FAIL"))

    def test_name_region_and_account_are_certainly_one(self, tmp_path: Path) -> None:
        (row,) = rows(tmp_path, live(), code(account=ACCOUNT, region="eu-west-1"))
        assert (row["joined_by"], row["sure"]) == ("name", "certain")

    @pytest.mark.parametrize(
        ("in_code", "in_account"),
        [
            (code(name=None), [live()]),
            (code(name=None, address="shop-orders", framework="cloudformation"), [live()]),
            (code(), [live(), live(region="us-east-1")]),
            (code(), [live(), live(account="444455556666")]),
            (code(region="us-east-1"), [live()]),
            (code(account="444455556666"), [live()]),
            (code(arn="arn:aws:lambda:us-east-1:111122223333:function:shop-orders"), [live()]),
            (code(name="shop-order"), [live()]),
        ],
        ids=["no name", "address is no name", "two regions", "two accounts", "other region", "other account",
             "other ARN", "other name"],
    )  # fmt: skip
    def test_a_guess_is_no_join(self, tmp_path: Path, in_code: Finding, in_account: list[Finding]) -> None:
        found = rows(tmp_path, in_code, *in_account)
        assert len(found) == 1 + len(in_account)
        assert {row["joined_by"] for row in found} == {None}

    def test_a_region_known_in_code_tells_two_functions_apart(self, tmp_path: Path) -> None:
        found = rows(tmp_path, code(region="us-east-1"), live(), live(region="us-east-1"))
        assert [row["region"] for row in found if row["joined_by"] == "name"] == ["us-east-1"]
        assert len(found) == 2

    def test_ambiguity_is_judged_over_all_rules(self, tmp_path: Path) -> None:
        found = rows(tmp_path, code(), live(), live(region="us-east-1", rule="RC101"))
        assert {row["joined_by"] for row in found} == {None}

    def test_rules_have_rows_of_their_own(self, tmp_path: Path) -> None:
        found = rows(tmp_path, code(), code(rule="RC101"), live(), live(rule="RC101"))
        assert [row["rule"] for row in found] == ["RC101", "RC103"]

    def test_all_results_in_code_stay_and_the_gravest_leads(self, tmp_path: Path) -> None:
        other = code(status=Status.UNKNOWN, address="Orders", framework="cloudformation", location=TEMPLATE)
        (row,) = rows(tmp_path, code(status=Status.PASS), other, live(status=Status.PASS))
        assert [result["status"] for result in row["in_code"]["results"]] == ["UNKNOWN", "PASS"]
        assert (statuses(row), row["status"]) == (("UNKNOWN", "PASS"), "UNKNOWN")

    @pytest.mark.parametrize(
        ("given", "gravest"),
        [("PASS MUTED UNKNOWN ERROR FAIL", "FAIL"), ("PASS MUTED UNKNOWN ERROR", "ERROR"),
         ("PASS MUTED UNKNOWN", "UNKNOWN"), ("PASS MUTED", "MUTED"), ("PASS PASS", "PASS")],
    )  # fmt: skip
    def test_order_of_gravity(self, tmp_path: Path, given: str, gravest: str) -> None:
        findings = [
            permission("shop-orders", f"aws_lambda_permission.p{number}", Status(status))
            for number, status in enumerate(given.split())
        ]
        (row,) = rows(tmp_path, live(rule="RC341"), *findings)
        assert statuses(row)[0] == gravest

    def test_permissions_join_their_function(self, tmp_path: Path) -> None:
        (row,) = rows(
            tmp_path,
            permission("shop-orders", "aws_lambda_permission.api", Status.PASS),
            permission("shop-orders", "aws_lambda_permission.s3", Status.FAIL, line=30),
            live(rule="RC341"),
        )
        assert (row["resource"], row["joined_by"], statuses(row)) == ("shop-orders", "name", ("FAIL", "FAIL"))
        assert len(row["in_code"]["results"]) == 2

    def test_permission_that_gives_a_qualified_arn_joins_by_it(self, tmp_path: Path) -> None:
        of_alias = permission(f"{FUNCTION}:live", "aws_lambda_permission.api", Status.FAIL)
        (row,) = rows(tmp_path, of_alias, live(rule="RC341"))
        assert row["joined_by"] == "arn"

    def test_permission_of_an_unnamed_function_stays_alone(self, tmp_path: Path) -> None:
        alone = permission("aws_lambda_function.orders", "aws_lambda_permission.s3", Status.FAIL)
        assert [row["joined_by"] for row in rows(tmp_path, alone, live(rule="RC341"))] == [None, None]

    def test_the_same_finding_twice_counts_once(self, tmp_path: Path) -> None:
        (row,) = rows(tmp_path, code(), live(), code(), live())
        assert (len(row["in_code"]["results"]), len(row["in_account"]["results"])) == (1, 1)

    def test_two_copies_of_one_address_are_two_rows(self, tmp_path: Path) -> None:
        assert len(rows(tmp_path, code(name=None), code(name=None, location=Location("prod/main.tf", 1, 7)))) == 2

    def test_two_messages_of_one_place_both_stay(self, tmp_path: Path) -> None:
        (row,) = rows(tmp_path, live(), live(message="and something else"))
        assert len(row["in_account"]["results"]) == 2

    def test_what_one_input_mutes_is_muted(self, tmp_path: Path) -> None:
        bare = code(status=Status.MUTED, evidence=("skipped in Checkov: because",))
        (row,) = rows(tmp_path, code(), bare._replace(message=bare.title))
        (result,) = row["in_code"]["results"]
        assert (row["status"], result["waived"]) == ("MUTED", {"reason": "skipped in Checkov: because"})
        assert (result["message"], result["evidence"]) == (code().message, ["a fact"])

    def test_muting_hides_no_error(self, tmp_path: Path) -> None:
        (row,) = rows(tmp_path, code(status=Status.ERROR), code(status=Status.MUTED))
        assert row["status"] == "ERROR"

    def test_worst_first(self, tmp_path: Path) -> None:
        found = rows(
            tmp_path,
            live("a", Status.PASS),
            live("b", Status.UNKNOWN),
            live("c", Status.FAIL),
            live("d", Status.FAIL, severity="critical"),
            live("e", Status.ERROR),
            live("f", Status.MUTED),
        )
        assert [row["resource"] for row in found] == list("dcebfa")

    def test_what_could_not_be_listed_is_a_row_of_the_account(self, tmp_path: Path) -> None:
        root = f"arn:aws:iam::{ACCOUNT}:root"
        resource = Resource("live", "AWS::::Account", root, ACCOUNT, root, ACCOUNT, "eu-west-1")
        (row,) = rows(tmp_path, finding(resource, "", Status.UNKNOWN))
        assert (row["resource"], row["region"], row["status"]) == (ACCOUNT, "eu-west-1", "UNKNOWN")


def bucket(**more: Any) -> dict[str, Any]:
    """Checkov's record of a bucket whose name stands in the code."""
    lines = [[1, 'resource "aws_s3_bucket" "b" {\n'], [2, '  bucket = "shop-data"\n'], [3, "}\n"]]
    return checkov_record("CKV_AWS_21", "aws_s3_bucket.b", code_block=lines, **more)


BUCKET = prowler_finding("s3_bucket_object_versioning", "arn:aws:s3:::shop-data")
STATE = {
    "version": 4,
    "terraform_version": "1.9.0",
    "lineage": "x",
    "resources": [
        {
            "mode": "managed",
            "type": "aws_lambda_function",
            "name": "orders",
            "instances": [{"attributes": {"arn": FUNCTION}}],
        }
    ],
}
SHOWN = {
    "format_version": "1.0",
    "values": {
        "root_module": {
            "child_modules": [
                {
                    "resources": [
                        {
                            "address": "module.a.aws_lambda_function.orders[0]",
                            "mode": "managed",
                            "type": "aws_lambda_function",
                            "values": {"arn": FUNCTION},
                        }
                    ]
                }
            ]
        }
    },
}
PLAN = {"format_version": "1.2", "planned_values": {}, "prior_state": {"format_version": "1.0", **SHOWN}}


class TestKeys:
    """Each key that joins code and account, and what keeps it from joining."""

    @pytest.mark.parametrize(
        ("document_", "address"),
        [
            (STATE, "aws_lambda_function.orders"),
            (SHOWN, "module.a.aws_lambda_function.orders[0]"),
            (PLAN, "module.a.aws_lambda_function.orders[0]"),
        ],
        ids=["terraform.tfstate", "terraform show -json", "plan"],
    )
    def test_terraforms_state_tells_the_arn(self, tmp_path: Path, document_: Any, address: str) -> None:
        state = file_of(tmp_path, "state.json", document_)
        (row,) = rows(tmp_path, code(name=None, address=address), live(), state)
        assert (row["joined_by"], row["sure"]) == ("state", "certain")

    def test_a_state_of_two_instances_tells_nothing_of_their_block(self, tmp_path: Path) -> None:
        other = {**STATE["resources"][0], "instances": [{"attributes": {"arn": FUNCTION}}] * 1}  # type: ignore[index]
        other["instances"][0] = {"attributes": {"arn": FUNCTION.replace("orders", "other")}}
        two = {**STATE, "resources": [*STATE["resources"], other]}  # type: ignore[misc]
        assert len(rows(tmp_path, code(name=None), live(), file_of(tmp_path, "state.json", two))) == 2

    def test_an_address_that_two_folders_have_is_not_told_by_a_state(self, tmp_path: Path) -> None:
        state = file_of(tmp_path, "state.json", STATE)
        found = rows(tmp_path, code(name=None), code(name=None, location=Location("b/main.tf", 1, 7)), live(), state)
        assert {row["joined_by"] for row in found} == {None}

    def test_tags_of_a_stack_and_the_logical_id(self, tmp_path: Path) -> None:
        tags = {"aws__cloudformation__stack_name": "shop", "aws__cloudformation__logical_id": "Orders"}
        prowler = file_of(tmp_path, "prowler.json", [prowler_finding(**tags)])
        in_code = code(name=None, address="Orders", framework="cloudformation", location=TEMPLATE)
        found = rows(tmp_path, in_code, prowler, live(status=Status.PASS))
        joined = next(row for row in found if row["rule"] == "RC103")
        assert (joined["joined_by"], joined["sure"], statuses(joined)) == ("stack", "likely", ("FAIL", "PASS"))

    def test_a_logical_id_of_two_stacks_joins_nothing(self, tmp_path: Path) -> None:
        tags = {"aws__cloudformation__logical_id": "Orders"}
        findings = [prowler_finding(arn=FUNCTION + end, **tags) for end in ("", "-2")]
        in_code = code(name=None, address="Orders", framework="cloudformation", location=TEMPLATE)
        found = rows(tmp_path, in_code, file_of(tmp_path, "prowler.json", findings))
        assert {row["joined_by"] for row in found} == {None}

    def test_a_listing_of_a_stack(self, tmp_path: Path) -> None:
        stack = f"arn:aws:cloudformation:eu-west-1:{ACCOUNT}:stack/shop/1"
        listed = {"StackName": "shop", "StackId": stack, "LogicalResourceId": "Orders",
                  "PhysicalResourceId": "shop-orders", "ResourceType": "AWS::Lambda::Function"}  # fmt: skip
        listing = file_of(tmp_path, "stack.json", {"StackResources": [listed]})
        in_code = code(name=None, address="Orders", framework="cloudformation", location=TEMPLATE)
        found = rows(tmp_path, in_code, live(), live(region="us-east-1"), listing)
        assert [row["region"] for row in found if row["joined_by"] == "stack"] == ["eu-west-1"]

    def test_a_name_in_checkovs_code_block(self, tmp_path: Path) -> None:
        checkov = file_of(tmp_path, "checkov.json", checkov_report(bucket()))
        (row,) = rows(tmp_path, checkov, file_of(tmp_path, "prowler.json", [BUCKET]))
        assert (row["joined_by"], row["sure"], row["resource"]) == ("name", "certain", "shop-data")
        assert row["rule"] == "s3-bucket-versioning"

    def test_yors_tag(self, tmp_path: Path) -> None:
        checkov = file_of(tmp_path, "checkov.json", checkov_report(checkov_record(entity_tags={"yor_trace": "t1"})))
        made = [prowler_finding(arn=FUNCTION + end) for end in ("", "-2")]
        for one in made:
            one["resources"][0]["labels"] = ["yor_trace:t1"]
        found = rows(tmp_path, checkov, file_of(tmp_path, "prowler.json", made))
        joined = [row for row in found if row["joined_by"]]
        assert [(row["joined_by"], row["sure"]) for row in joined] == [("yor_trace", "certain")] * 2

    def test_yors_tag_on_two_blocks_was_copied_and_joins_nothing(self, tmp_path: Path) -> None:
        records = [checkov_record(resource=f"aws_lambda_function.{name}", entity_tags={"yor_trace": "t1"})
                   for name in "ab"]  # fmt: skip
        finding_ = prowler_finding()
        finding_["resources"][0]["labels"] = ["yor_trace:t1"]
        checkov = file_of(tmp_path, "checkov.json", checkov_report(*records))
        found = rows(tmp_path, checkov, file_of(tmp_path, "prowler.json", [finding_]))
        assert {row["joined_by"] for row in found} == {None}

    def test_what_may_be_several_is_said_to_be_neither_drift_nor_undeployed(self, tmp_path: Path) -> None:
        found = rows(tmp_path, code(), live(), live(account="444455556666"))
        assert {row["found"] for row in found} == {"code", "live"}
        (in_code,) = (row for row in found if row["in_code"])
        accounts = {arn.split(":")[4] for arn in in_code["may_be"]["resources"]}
        assert (in_code["may_be"]["count"], accounts) == (2, {ACCOUNT, "444455556666"})

    def test_the_arn_beats_the_name(self, tmp_path: Path) -> None:
        elsewhere = live(region="us-east-1").resource.arn
        found = rows(tmp_path, code(arn=elsewhere), live(), live(region="us-east-1"))
        assert [(row["joined_by"], row["region"]) for row in found if row["joined_by"]] == [("arn", "us-east-1")]


class TestFound:
    """What follows from the two statuses of a row."""

    @pytest.mark.parametrize(
        ("in_code", "in_account", "found"),
        [
            ("FAIL", "FAIL", "both"),
            ("PASS", "FAIL", "fixed_in_code"),
            ("FAIL", "PASS", "next_deployment"),
            (None, "FAIL", "live_only"),
            ("FAIL", None, "code_only"),
            ("UNKNOWN", "FAIL", "live"),
            ("FAIL", "UNKNOWN", "code"),
            ("MUTED", "FAIL", "live"),
            ("PASS", "PASS", None),
            ("UNKNOWN", "PASS", None),
        ],
    )
    def test_of_a_rule(self, tmp_path: Path, in_code: str | None, in_account: str | None, found: str | None) -> None:
        findings = [
            *([code(status=Status(in_code))] if in_code else [code("other", rule="RC110")]),
            *([live(status=Status(in_account))] if in_account else [live("another", rule="RC110")]),
        ]
        row = next(row for row in rows(tmp_path, *findings) if row["rule"] == "RC103")
        assert row["found"] == found

    def test_of_one_side_alone_there_is_nothing_to_say(self, tmp_path: Path) -> None:
        assert [row["found"] for row in rows(tmp_path, code())] == [None]

    def test_a_resource_in_code_that_is_not_checked_there_is_no_drift(self, tmp_path: Path) -> None:
        found = rows(tmp_path, code(rule="RC101"), live(rule="RC101"), live())
        assert {row["rule"]: row["found"] for row in found} == {"RC101": "both", "RC103": "live"}

    @pytest.mark.parametrize(
        ("relation", "in_code", "in_account", "found"),
        [
            ("equal", "PASSED", "FAIL", "fixed_in_code"),
            ("superset", "PASSED", "FAIL", "fixed_in_code"),
            ("subset", "PASSED", "FAIL", "live"),
            ("intersects", "PASSED", "FAIL", "live"),
            ("equal", "FAILED", "PASS", "next_deployment"),
            ("subset", "FAILED", "PASS", "next_deployment"),
            ("superset", "FAILED", "PASS", "code"),
            ("intersects", "FAILED", "PASS", "code"),
        ],
    )
    def test_of_two_built_in_checks_it_depends_on_what_they_see(
        self, tmp_path: Path, relation: str, in_code: str, in_account: str, found: str
    ) -> None:
        control, checkov, prowler = next(
            (control.id, pair.checkov, pair.prowler)
            for control in load_crosswalk()
            for pair in control.relations
            if pair.relation == relation and {pair.checkov, pair.prowler} <= set(control.checks)
        )
        inputs = (
            file_of(tmp_path, "checkov.json", checkov_report(checkov_record(checkov, result=in_code))),
            file_of(tmp_path, "prowler.json", [prowler_finding(prowler, status=in_account)]),
        )
        row = next(row for row in rows(tmp_path, *inputs, code(), live()) if row["rule"] == control)
        assert row["found"] == found


class TestControls:
    def test_both_tools_built_in_checks_have_one_title_and_severity(self, tmp_path: Path) -> None:
        checkov = file_of(tmp_path, "checkov.json", checkov_report(bucket()))
        report = document(tmp_path, checkov, file_of(tmp_path, "prowler.json", [BUCKET]))
        (row,) = report["rows"]
        about = report["rules"]["s3-bucket-versioning"]
        assert (row["title"], row["severity"]) == (about["title"], about["severity"])
        assert about["remediation"]["text"]
        assert about["names"] == {"checkov": ["CKV_AWS_21"], "prowler": ["s3_bucket_object_versioning"]}
        assert row["found"] == "both"

    def test_a_check_that_nobody_knows_keeps_its_own_name(self, tmp_path: Path) -> None:
        checkov = file_of(tmp_path, "checkov.json", checkov_report(checkov_record("CKV_ACME_1", severity="HIGH")))
        (row,) = rows(tmp_path, checkov)
        assert (row["rule"], row["title"], row["severity"]) == ("CKV_ACME_1", "name of CKV_ACME_1", "high")

    def test_a_check_without_a_severity_is_said(self, tmp_path: Path) -> None:
        checkov = file_of(tmp_path, "checkov.json", checkov_report(checkov_record("CKV_ACME_1")))
        report = document(tmp_path, checkov)
        assert report["rows"][0]["severity"] == "medium"
        assert report["notes"][0].startswith("No severity is known of CKV_ACME_1: taken for medium")
