"""Policies of functions as AWS Config recorded them: 100 in one call, where GetPolicy takes a call for each.

What AWS documents: BatchGetResourceConfig answers 100 resources with their current configuration items and leaves out
deleted ones (https://docs.aws.amazon.com/config/latest/APIReference/API_BatchGetResourceConfig.html); an item says when
it was captured, its status, whether it is made but once a day, and holds ``supplementaryConfiguration``, a map of JSON
texts (https://docs.aws.amazon.com/config/latest/APIReference/API_BaseConfigurationItem.html). A managed rule decides on
a function's policy when its item changes, so the policy is of the item
(https://docs.aws.amazon.com/config/latest/developerguide/lambda-function-public-access-prohibited.html).

What it does not document: the key ``Policy``, which Cloud Custodian and iam-collect read
(https://github.com/cloud-custodian/cloud-custodian/blob/main/c7n/resources/awslambda.py,
https://github.com/cloud-copilot/iam-collect/blob/main/src/awsConfigClients/clients/AwsConfigLambdaClient.ts); that the
ID of a function is its name; and that AddPermission and RemovePermission change the ``RevisionId`` of the function,
which LocalStack measured (``test_function_revisions_permissions`` in
https://github.com/localstack/localstack/blob/main/tests/aws/services/lambda_/test_lambda_api.py), so that an item of
the revision that ListFunctions names holds the policy of now. The two tools read policies with queries
(SelectResourceConfig), the schema of which has none:
https://github.com/awslabs/aws-config-resource-schema/blob/master/config/properties/resource-types/AWS::Lambda::Function.properties.json

So an item counts only where all of this holds for it. Anything else is left to GetPolicy, also an item without a
policy: the function may have none, or the recorder's role may not read it. Aliases and versions are always left to it.
"""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from rolecall.live.calls import Aws, CallFailed
from rolecall.live.lambda_ import permissions_of
from rolecall.live.place import Place
from rolecall.model import Function, Permission
from rolecall.unknown import Unknown

_FUNCTION = "AWS::Lambda::Function"
_AT_ONCE = 100
# that of a resource which was never changed since it was discovered, and that of any other which is recorded
_RECORDED = frozenset({"OK", "ResourceDiscovered"})


@dataclass(frozen=True)
class Record:
    """The policy of a function, and when AWS Config captured it."""

    statements: tuple[Permission, ...]
    captured: datetime


@dataclass(frozen=True)
class Recorded:
    """records: by function key. missing: why others have none that counts, and how many they are."""

    records: Mapping[str, Record] = field(default_factory=dict)
    missing: Counter[str] = field(default_factory=Counter)

    def without(self, keys: Collection[str], why: str) -> Recorded:
        """Without the records of some functions."""
        kept = {key: record for key, record in self.records.items() if key not in keys}
        return Recorded(kept, self.missing + Counter({why: len(keys)}))


NOTHING = Recorded()


def recorded_policies(aws: Aws, places: Mapping[str, Place], functions: Collection[Function]) -> Recorded:
    """What AWS Config recorded of functions. Raises nothing for what it answers."""
    by_region: dict[str, list[Function]] = {}
    for function in functions:
        by_region.setdefault(str(function.resource.region), []).append(function)
    refusals = aws.in_parallel("AWS Config recorders", lambda region: _refusal(places[region]), by_region)
    missing = Counter({why: len(by_region[region]) for region, why in refusals.items() if why})
    batches = {
        (region, start): listed[start : start + _AT_ONCE]
        for region, listed in by_region.items()
        if not refusals[region]
        for start in range(0, len(listed), _AT_ONCE)
    }
    answers = aws.in_parallel("AWS Config items", lambda at: _records(places[at[0]], batches[at]), batches)
    found = {key: record for answer in answers.values() for key, record in answer.items()}
    missing.update(record for record in found.values() if isinstance(record, str))
    return Recorded({key: record for key, record in found.items() if isinstance(record, Record)}, missing)


def _refusal(place: Place) -> str:
    """Why AWS Config does not record the functions of a region as they change; empty: it does.

    https://docs.aws.amazon.com/config/latest/APIReference/API_DescribeConfigurationRecorders.html,
    https://docs.aws.amazon.com/config/latest/APIReference/API_ConfigurationRecorderStatus.html (both are of the
    recorder that customers manage; that of a service may record less than all)
    """
    try:
        recorders = place.call("config", "describe_configuration_recorders").get("ConfigurationRecorders") or ()
        names = {str(recorder.get("name")) for recorder in recorders if _covers(recorder.get("recordingGroup") or {})}
        if not names:
            return f"AWS Config does not record functions in {place.region}"
        status = place.call("config", "describe_configuration_recorder_status")
    except CallFailed as failure:
        return str(failure)
    for recorder in status.get("ConfigurationRecordersStatus") or ():
        healthy = recorder.get("recording") is True and str(recorder.get("lastStatus")).upper() == "SUCCESS"
        if healthy and str(recorder.get("name")) in names:
            return ""
    return f"AWS Config does not record without errors in {place.region}"


def _covers(group: Mapping[str, Any]) -> bool:
    """https://docs.aws.amazon.com/config/latest/APIReference/API_RecordingGroup.html: exclusions override the rest."""
    if (group.get("recordingStrategy") or {}).get("useOnly") == "EXCLUSION_BY_RESOURCE_TYPES":
        return _FUNCTION not in ((group.get("exclusionByResourceTypes") or {}).get("resourceTypes") or ())
    return group.get("allSupported") is True or _FUNCTION in (group.get("resourceTypes") or ())


def _records(place: Place, functions: Sequence[Function]) -> dict[str, Record | str]:
    """The records of up to 100 functions of a region by key, or why one does not count."""
    keys = [{"resourceType": _FUNCTION, "resourceId": str(function.resource.name)} for function in functions]
    try:
        response = place.call("config", "batch_get_resource_config", resourceKeys=keys)
    except CallFailed as failure:
        return dict.fromkeys((function.resource.key for function in functions), str(failure))
    items = {item.get("arn"): item for item in response.get("baseConfigurationItems") or () if item}
    return {function.resource.key: _record(function, items.get(function.resource.arn)) for function in functions}


def _record(function: Function, item: Mapping[str, Any] | None) -> Record | str:
    """The policy in a function's item, or why it does not count."""
    if item is None:
        return "not recorded"
    captured = item.get("configurationItemCaptureTime")
    if item.get("configurationItemStatus") not in _RECORDED:
        return f"recorded as {item.get('configurationItemStatus')}"
    if (item.get("recordingFrequency") or "CONTINUOUS") != "CONTINUOUS":
        return "recorded once a day"
    if captured is None or function.changed is None or captured < function.changed:
        return "recorded before the function changed"
    if not function.revision or function.revision != _decoded(item.get("configuration"), dict).get("revisionId"):
        return "recorded at another revision"
    policy = (item.get("supplementaryConfiguration") or {}).get("Policy")
    if not policy or policy == "null":
        return "recorded without a policy"
    statements = permissions_of(function.resource, "", _decoded(policy, str) or policy)
    if isinstance(statements, Unknown) or not all(_is_of(function, permission) for permission in statements):
        return "recorded with a policy of another form"
    return Record(statements, captured) if statements else "recorded without a policy"


def _decoded(text: object, kind: type) -> Any:
    """The value of a JSON text where it is of a kind, else an empty one. A text may itself be written as JSON."""
    try:
        value = json.loads(str(text))
    except ValueError:
        return kind()
    return value if isinstance(value, kind) else kind()


def _is_of(function: Function, permission: Permission) -> bool:
    """Whether a statement covers the function itself, not an alias or a version."""
    return isinstance(permission.statement, Mapping) and permission.statement.get("Resource") == function.resource.arn
