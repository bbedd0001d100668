"""Who calls functions, and the statements that let them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Optional, Union

from rolecall.iam.document import parse_statement
from rolecall.iam.statement import Statement
from rolecall.model.remembered import remembered
from rolecall.model.resource import UNREAD, Document, Resource
from rolecall.unknown import Text, Unknown, named


@dataclass(frozen=True, eq=False)
class Permission:
    """One statement of a function's resource-based policy.

    resource: where the statement is written (``aws_lambda_permission``), or the function itself in an account.
    function: address of the function it belongs to, ``Unknown`` when that is elsewhere or cannot be told.
    qualifier: alias or version that the statement covers; ``""`` for the unqualified function.
    statement: the statement as IAM stores it. index: in an account, its place in the policy.
    managed_by: address of what makes the statement without being one; empty: it is written as a statement.
    source: address of the resource that its source ARN refers to; ``None`` when it is certainly none that exists,
        ``Unknown`` when that cannot be told.
    """

    resource: Resource
    function: Union[str, Unknown]
    function_name: Text
    qualifier: Text
    statement: Document
    managed_by: str = ""
    source: Union[str, Unknown, None] = UNREAD
    index: int = 0

    @property
    def parsed(self) -> Statement:
        """The statement, parsed once for all rules. Raises ``PolicyError``."""
        return _parsed(self)

    @property
    def label(self) -> str:
        """The statement for a reader."""
        return _label(self)

    @property
    def sid(self) -> str:
        sid = self.statement.get("Sid") if isinstance(self.statement, Mapping) else None
        return sid if isinstance(sid, str) else ""


@remembered
def _parsed(permission: Permission) -> Statement:
    return parse_statement(permission.statement, permission.index, "resource policy")


@remembered
def _label(permission: Permission) -> str:
    made_for = f", made for {permission.resource.made_for}," if permission.resource.made_for else ""
    function = named(permission.function_name) or "the function"
    if permission.resource.framework == "live" and permission.qualifier:
        function = f"{function}:{permission.qualifier}"
    return f"Statement {permission.sid or permission.resource.address} of {function}'s policy{made_for}"


@dataclass(frozen=True)
class Invoker:
    """A resource that is wired to call a function.

    kind: which wiring it is, a row of ``rolecall.invocation``. what: the wiring for a reader ("The SNS topic orders").
    function: ARN of what is called, with the qualifier if it names one.
    source_arn: what the service presents as ``aws:SourceArn``; its account is the resource's.
    role: ARN of the role that the service calls with; ``None`` when it calls as itself.
    through: ARN of the role with which the service assumes that one; ``None`` when it does so as itself.
    calls: where the wiring makes several calls, the source ARN of each with its name for a reader; ``source_arn`` is
        then the pattern that covers them.
    auth_type: of a function URL, who may call it (``NONE``, ``AWS_IAM``).
    """

    kind: str
    resource: Resource
    what: str
    function: Text
    source_arn: Text
    role: Optional[Text] = None
    calls: tuple[tuple[str, Text], ...] = ()
    auth_type: Text = ""
    through: Optional[Text] = None

    @property
    def inside(self) -> str:
        """The wiring as it stands inside a sentence."""
        return f"{self.what[:1].lower()}{self.what[1:]}"
