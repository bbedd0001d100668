"""The tags of functions: by pages, region by region, and never more than what was told."""

from __future__ import annotations

from fake_aws import ACCOUNT, REGION, FakeAccount

from rolecall.live import Account, read_tags

HERE = Account(ACCOUNT, "aws", REGION)
LISTING = "resourcegroupstaggingapi:GetResources"


def arn(name: str, region: str = REGION) -> str:
    return f"arn:aws:lambda:{region}:{ACCOUNT}:function:{name}"


def tagged(name: str, region: str = REGION, **tags: str) -> dict[str, object]:
    return {"ResourceARN": arn(name, region), "Tags": [{"Key": key, "Value": value} for key, value in tags.items()]}


def test_pages_are_read_to_the_end_in_every_region() -> None:
    aws = FakeAccount(
        answers={
            LISTING: [
                {"for": {"region": "us-east-1"}, "ResourceTagMappingList": [tagged("far", "us-east-1", team="b")]},
                {"for": {"PaginationToken": "2"}, "ResourceTagMappingList": [tagged("second", team="c")]},
                {
                    "for": {"ResourceTypeFilters": ["lambda:function"], "ResourcesPerPage": 100},
                    "PaginationToken": "2",
                    "ResourceTagMappingList": [tagged("first", team="a", stage="live")],
                },
            ]
        }
    )
    tags = read_tags(aws.session(), HERE, {REGION, "us-east-1"})
    assert tags.by_arn == {
        arn("first"): {"team": "a", "stage": "live"},
        arn("second"): {"team": "c"},
        arn("far", "us-east-1"): {"team": "b"},
    }
    assert tags.unread == ()
    assert tags.calls == {"tag:GetResources": 3}


def test_a_listing_that_fails_keeps_what_it_told_and_is_named() -> None:
    listing = [
        {"for": {"region": "us-east-1"}, "error": "AccessDeniedException"},
        {"for": {"PaginationToken": "2"}, "error": "InternalServiceException"},
        {"PaginationToken": "2", "ResourceTagMappingList": [tagged("first", team="a")]},
    ]
    tags = read_tags(FakeAccount(answers={LISTING: listing}).session(), HERE, {REGION, "us-east-1"})
    assert tags.by_arn == {arn("first"): {"team": "a"}}
    assert tags.unread == (
        "the tags of functions: tag:GetResources failed (InternalServiceException) in eu-west-1",
        "the tags of functions: tag:GetResources was denied in us-east-1",
    )


def test_what_an_answer_lacks_is_no_tag() -> None:
    odd = {"ResourceARN": arn("f"), "Tags": [{"Key": "bare"}, {"Value": "lost"}]}
    listing = {"ResourceTagMappingList": [odd, {"ResourceARN": arn("g")}, {}]}
    tags = read_tags(FakeAccount(answers={LISTING: listing}).session(), HERE, {REGION})
    assert (tags.by_arn[arn("f")], tags.by_arn[arn("g")]) == ({"bare": ""}, {})
    assert read_tags(FakeAccount(answers={LISTING: {}}).session(), HERE, {REGION}).by_arn == {}


def test_no_region_no_call() -> None:
    assert read_tags(FakeAccount().session(), HERE, set()).calls == {}
