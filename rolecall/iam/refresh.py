"""Write ``managed.json`` anew from an AWS account: ``python -m rolecall.iam.refresh [--add NAME ...]``.

It reads the policies that are in the file, those that are added by name, and all that have Lambda in their name; those
of service-linked roles can be attached to nothing else and stay out. Any account will do, AWS managed policies are the
same in all. Needs ``iam:ListPolicies`` and ``iam:GetPolicyVersion``.
"""

from __future__ import annotations

import argparse
import json
import sys
from collections.abc import Collection, Iterator, Mapping
from pathlib import Path
from typing import Any

from rolecall.iam.managed import DATA, names


def collect(iam: Any, names: Collection[str]) -> dict[str, Any]:
    """Read the policies through a boto3 IAM client. Returns what ``managed.json`` holds.

    names: without path. ``as_of`` is the newest change to any AWS managed policy that the account sees.
    Raises ``LookupError`` for a name that AWS does not have.
    """
    listed = [
        policy for page in iam.get_paginator("list_policies").paginate(Scope="AWS") for policy in page["Policies"]
    ]
    policies = {
        f"{policy['Path'].removeprefix('/')}{policy['PolicyName']}": {
            "version": policy["DefaultVersionId"],
            "updated": f"{policy['UpdateDate']:%Y-%m-%d}",
            "document": _document(iam, policy),
        }
        for policy in listed
        if (policy["PolicyName"] in names or "Lambda" in policy["PolicyName"])
        and not policy["Path"].startswith("/aws-service-role/")
    }
    missing = set(names) - {path.rpartition("/")[2] for path in policies}
    if missing:
        raise LookupError(f"AWS has no managed policy {', '.join(sorted(missing))}")
    newest = max(policy["UpdateDate"] for policy in listed)
    return {"as_of": f"{newest:%Y-%m-%d}", "policies": policies}


def lines(data: Mapping[str, Any]) -> Iterator[str]:
    """The data as JSON with one policy on each line, in order of their names."""
    yield f'{{"as_of": {json.dumps(data["as_of"])}, "policies": {{'
    named = sorted(data["policies"].items())
    for number, (name, policy) in enumerate(named, start=1):
        yield f"{json.dumps(name)}: {json.dumps(policy)}{',' if number < len(named) else ''}"
    yield "}}"


def _document(iam: Any, policy: Mapping[str, Any]) -> Any:
    version = iam.get_policy_version(PolicyArn=policy["Arn"], VersionId=policy["DefaultVersionId"])
    return version["PolicyVersion"]["Document"]


def main() -> None:
    import boto3

    parser = argparse.ArgumentParser(prog="python -m rolecall.iam.refresh", description=(__doc__ or "").split(":")[0])
    parser.add_argument("--endpoint-url", help="of an emulator that has the AWS managed policies")
    parser.add_argument("--add", nargs="+", default=[], metavar="NAME", help="policies that the file lacks")
    options = parser.parse_args()
    path = Path(__file__).with_name(DATA)
    iam = boto3.client("iam", region_name="us-east-1", endpoint_url=options.endpoint_url)
    try:
        data = collect(iam, {*names(), *options.add})
    except LookupError as fault:
        sys.exit(f"refresh: {fault}")
    path.write_text("\n".join(lines(data)) + "\n", encoding="utf-8")
    print(f"{path.name}: {len(data['policies'])} policies as of {data['as_of']}")


if __name__ == "__main__":
    main()
