"""What a finding points at."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Optional, Union

from rolecall.unknown import Text, Unknown

# a policy in IAM's own JSON form, in which any value may be unknown
Document = Union[Mapping[str, Any], Unknown]
UNREAD = Unknown("it was not read")


@dataclass(frozen=True)
class Location:
    """A place in a file; lines count from 1."""

    file: str
    first_line: int
    last_line: int


@dataclass(frozen=True)
class Resource:
    """What a finding points at.

    framework: ``terraform``, ``terraform_plan``, ``cloudformation`` or ``live``.
    type: the resource type in the framework's own words; live, CloudFormation's.
    address: unique within one inventory: Terraform address, CloudFormation logical ID, or ARN.
    key: unique across files and modules that use the same address; equal to the address where that is enough.
    scope: what is deployed together with it: the folder of the root module, the template; empty in an account.
    logical: its own logical ID, where the address is that of what it was generated for (Serverless).
    made_for: the same for a reader: "the sns event of orders"; empty: it stands in the code itself.
    origin: what findings on it are reported on, where it has an address of its own (SAM's roles); ``None``: on itself.
    """

    framework: str
    type: str
    address: str
    name: Text
    arn: Text
    account: Text
    region: Text
    location: Optional[Location] = None
    key: str = ""
    scope: str = ""
    logical: str = ""
    made_for: str = ""
    origin: Optional[Resource] = None

    @property
    def label(self) -> str:
        """The resource for a reader: what stands in the code, its name where that is known, else its address."""
        return self.made_for or (self.name if isinstance(self.name, str) else self.address)

    @property
    def reference(self) -> str:
        """What code of the same configuration refers to it by."""
        return self.logical or self.address

    @property
    def reported(self) -> Resource:
        """The resource that findings on it point at."""
        return self.origin or self

    @property
    def sam_address(self) -> Text:
        """Address of the resource of SAM that it is or was generated from; ``Unknown``: it has nothing to do with SAM.

        A fact of this name gives a finding the remediation in SAM's own words.
        """
        written = self.reported
        return written.address if written.type.startswith("AWS::Serverless::") else Unknown("it is not made by SAM")
