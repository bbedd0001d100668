"""The options that say whose account is read, and the way into it."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

import click

from rolecall.failure import Failure

if TYPE_CHECKING:
    from rolecall.live.scan import Account

_OPTIONS = (
    click.option(
        "-p", "--profile", metavar="NAME", help="Profile of the AWS configuration; else the default credentials."
    ),
    click.option("--role-arn", metavar="ARN", help="A role to assume first: one of the account to read."),
    click.option("--external-id", metavar="ID", help="The sts:ExternalId that the role asks for."),
)


def whose_account(command: Callable[..., None]) -> Callable[..., None]:
    """The options ``profile``, ``role_arn`` and ``external_id`` of a command."""
    for option in reversed(_OPTIONS):
        command = option(command)
    return command


def enter(region: str | None, **whose: str | None) -> tuple[Any, Account]:
    """A ``boto3.Session`` and its account. region: where to ask for it. whose: values of the options.

    Raises ``Failure`` where there is no way in.
    """
    from rolecall.live.session import SessionError, account_of, session_for

    try:
        session = session_for(**whose)
        return session, account_of(session, region)
    except SessionError as fault:
        raise Failure(str(fault)) from None
