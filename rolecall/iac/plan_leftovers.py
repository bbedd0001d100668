"""What a resource had before apply, as its provider lists it, although other resources of the plan give or take it.

An ``aws_iam_role`` that exists lists its policies, an ``aws_sqs_queue`` its policies. Where the configuration does not
write that attribute, it is not what will be: what a resource of the plan makes, changes or destroys is left to that.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from rolecall.iac.plan import Instance, Plan


@dataclass(frozen=True)
class _Row:
    """The attribute of a type that lists what the resources of another type (giver) give.

    of: the giver's attribute that names the owner by the owner's attribute ``named``.
    element: the giver's attribute by which an element of a list is known, in blocks their key of the same name.
    """

    attribute: str
    giver: str
    of: str
    named: str
    element: str = ""


_ROWS = {
    "aws_iam_role": (
        _Row("inline_policy", "aws_iam_role_policy", "role", "name", "name"),
        _Row("managed_policy_arns", "aws_iam_role_policy_attachment", "role", "name", "policy_arn"),
    ),
    "aws_sqs_queue": (
        _Row("policy", "aws_sqs_queue_policy", "queue_url", "id"),
        _Row("redrive_policy", "aws_sqs_queue_redrive_policy", "queue_url", "id"),
    ),
    "aws_sns_topic": (_Row("policy", "aws_sns_topic_policy", "arn", "arn"),),
    "aws_s3_bucket": (_Row("policy", "aws_s3_bucket_policy", "bucket", "id"),),
}


class Leftovers:
    """Of one plan."""

    def __init__(self, plan: Plan) -> None:
        givers = {row.giver: row for rows in _ROWS.values() for row in rows}
        self._given: dict[str, set[tuple[str, str]]] = {}
        for instance in (*plan.after, *plan.destroyed):
            row = givers.get(instance.type)
            if row is not None and not instance.data:
                element = str(instance.values.get(row.element)) if row.element else ""
                self._given.setdefault(row.giver, set()).add((str(instance.values.get(row.of)), element))

    def without(self, instance: Instance, attribute: str, value: Any) -> Any:
        """A value of an attribute that the configuration does not write, without what others give; may be ``None``."""
        for row in _ROWS.get(instance.type, ()):
            if row.attribute != attribute or instance.data:
                continue
            owner, given = str(instance.values.get(row.named)), self._given.get(row.giver, set())
            if row.element and isinstance(value, list):
                return list(_left(value, row.element, owner, given))
            return None if (owner, "") in given else value
        return value


def _left(values: list[Any], element: str, owner: str, given: set[tuple[str, str]]) -> Iterator[Any]:
    for value in values:
        known_by = value.get(element) if isinstance(value, dict) else value
        if (owner, str(known_by)) not in given:
            yield value
