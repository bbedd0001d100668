"""Where a Terraform resource is made: account, region and partition, as far as its provider block says."""

from __future__ import annotations

import os
import re
from dataclasses import dataclass, replace
from functools import cached_property, lru_cache
from typing import Any

from rolecall.arn import partitions_in
from rolecall.iac.terraform_graph import TerraformGraph
from rolecall.iac.terraform_vertex import Vertex, root_folder
from rolecall.unknown import Text, Unknown

_REGION = re.compile(r"[a-z]{2,4}(-[a-z]+){1,3}-\d", re.ASCII)
_ROLE_ARN = re.compile(r"arn:[a-z-]+:iam::(\d{12}):role/.+", re.ASCII)
_PARTITIONS = {"cn-": "aws-cn", "us-gov-": "aws-us-gov", "us-iso-": "aws-iso", "us-isob-": "aws-iso-b"}
_COMMERCIAL = re.compile(r"(us|eu|ap|sa|ca|me|af|il|mx)-[a-z]+-\d", re.ASCII)

_AT_LEAST = re.compile(r"(?:>=|~>|=|>)?\s*(\d{1,4}(?:\.\d{1,4}){0,2})", re.ASCII)
_LOCKED = re.compile(r'provider "[^"]{1,200}/hashicorp/aws" \{\s+version\s+= "(\d{1,4}\.\d{1,4}\.\d{1,4})"', re.ASCII)


@dataclass(frozen=True)
class Place:
    """What one provider block says. Unknown values are the same wherever that provider is used."""

    account: Text
    region: Text
    partition: Text


class Places:
    """The places of one graph, each worked out once."""

    def __init__(self, graph: TerraformGraph) -> None:
        self._blocks = {
            (root_folder(vertex), str(vertex.get("__address__"))): vertex for vertex in graph.of_type("provider.aws")
        }
        self._places: dict[tuple[str, str], Place] = {}
        self._graph = graph

    def of(self, vertex: Vertex) -> Place:
        """The place of a resource or data source: that of the provider it names, or of the default one."""
        key = self._key(vertex)
        if key not in self._places:
            place = place_of(self._blocks.get(key, {}), *key)
            written = self._partitions.get(key[0], frozenset())
            if isinstance(place.partition, Unknown) and len(written) == 1:
                place = replace(place, partition=next(iter(written)))
            self._places[key] = place
        return self._places[key]

    def block(self, vertex: Vertex) -> Vertex:
        """The provider block of a resource or data source; empty where there is none."""
        return self._blocks.get(self._key(vertex), {})

    @staticmethod
    def _key(vertex: Vertex) -> tuple[str, str]:
        named = vertex.get("provider") or vertex.get("__provider_address__")
        return root_folder(vertex), named if isinstance(named, str) else "aws.default"

    @cached_property
    def _partitions(self) -> dict[str, frozenset[str]]:
        """The partitions that the configuration of each root folder writes out."""
        found: dict[str, frozenset[str]] = {}
        for vertex in self._graph.vertices:
            if vertex.get("block_type_") in ("resource", "data"):
                written = partitions_in([value for name, value in vertex.items() if not name.endswith("_")])
                if written:
                    root = root_folder(vertex)
                    found[root] = found.get(root, frozenset()) | written
        return found

    @staticmethod
    def unknown(vertex: Vertex) -> Place:
        """The place of something whose provider cannot be told."""
        return place_of({}, root_folder(vertex), f"a provider of {vertex.get('__address__')}")


def place_of(block: Vertex, root: str, address: str) -> Place:
    """What a provider block says. root, address: which block it is."""

    def unknown(what: str) -> Unknown:
        return Unknown(f"the {what} is known only when Terraform runs", f"{root}|{what} of {address}")

    region = block.get("region")
    if not isinstance(region, str) or not _REGION.fullmatch(region):
        return Place(_account(block) or unknown("account"), unknown("region"), unknown("partition"))
    return Place(_account(block) or unknown("account"), region, _partition(region) or unknown("partition"))


def least_version(graph: TerraformGraph, root: str) -> tuple[int, ...]:
    """The lowest version of the AWS provider that a root module can be run with; empty when nothing says so.

    From its lock file, else from what it and its modules require.
    Source: https://developer.hashicorp.com/terraform/language/expressions/version-constraints
    """
    locked = _locked(os.path.join(root, ".terraform.lock.hcl"))
    if locked:
        return locked
    least: tuple[int, ...] = ()
    for vertex in graph.vertices:
        if vertex.get("block_type_") == "terraform" and root_folder(vertex) == root:
            written = vertex.get("config_")  # what Checkov renders a constraint to is none
            aws = _inside(_inside(written, "required_providers"), "aws")
            constraints = _inside(aws, "version") if isinstance(aws, dict) else aws
            least = max(least, least_allowed(constraints))
    return least


def least_allowed(constraints: Any) -> tuple[int, ...]:
    """The lowest version that constraints allow (``>= 6.28, < 7.0``); empty when they name none."""
    least: tuple[int, ...] = ()
    for constraint in constraints.split(",") if isinstance(constraints, str) else ():
        found = _AT_LEAST.fullmatch(constraint.strip())
        least = max(least, _numbers(found[1]) if found else ())
    return least


def _inside(block: Any, name: str) -> Any:
    """What a block holds under a name; Checkov wraps blocks in lists of one."""
    found = block.get(name) if isinstance(block, dict) else None
    return found[0] if isinstance(found, list) and len(found) == 1 else found


@lru_cache(maxsize=256)
def _locked(path: str) -> tuple[int, ...]:
    try:
        with open(path, encoding="utf-8") as file:
            found = _LOCKED.search(file.read(1 << 20))
    except (OSError, UnicodeDecodeError):
        return ()
    return _numbers(found[1]) if found else ()


def _numbers(version: str) -> tuple[int, ...]:
    return tuple(int(number) for number in version.split("."))


def _account(block: Vertex) -> str:
    """The account, from ``allowed_account_ids`` (one), or from the ARN of the role that the provider assumes."""
    allowed = block.get("allowed_account_ids")
    listed = allowed if isinstance(allowed, list) else [allowed]
    if len(listed) == 1 and re.fullmatch(r"\d{12}", str(listed[0]), re.ASCII):
        return str(listed[0])
    assumed = block.get("assume_role")
    found = _ROLE_ARN.fullmatch(str(assumed.get("role_arn"))) if isinstance(assumed, dict) else None
    return found[1] if found else ""


def _partition(region: str) -> str:
    special = next((partition for prefix, partition in _PARTITIONS.items() if region.startswith(prefix)), "")
    return special or ("aws" if _COMMERCIAL.fullmatch(region) else "")
