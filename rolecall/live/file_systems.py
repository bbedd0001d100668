"""Amazon EFS: the file systems that functions mount, and who may.

Sources: https://docs.aws.amazon.com/efs/latest/ug/API_DescribeAccessPoints.html,
https://docs.aws.amazon.com/efs/latest/ug/API_DescribeFileSystemPolicy.html (PolicyNotFound: AWS's default is in effect)
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import replace

from rolecall.arn import parse_arn, service_of
from rolecall.live.attributes import documents
from rolecall.live.calls import Aws, CallFailed
from rolecall.live.place import Place
from rolecall.model import Document, FileSystem, Function
from rolecall.unknown import Unknown, known

_AccessPoints = Mapping[str, str] | Unknown  # the ID of the file system, by ARN of the access point


def with_file_systems(aws: Aws, places: Mapping[str, Place], functions: Iterable[Function]) -> dict[str, Function]:
    """Those of the functions that mount file systems, with what is known of these, by key."""
    mounting = [function for function in functions if any(map(_is_efs, known(function.file_systems)))]
    regions = sorted({str(function.resource.region) for function in mounting})
    points = aws.in_parallel("access points", lambda region: _access_points(places[region]), regions)
    wanted = {
        (region, found)
        for function in mounting
        for system in known(function.file_systems)
        if isinstance(found := _behind(system, points[region := str(function.resource.region)], places[region]), str)
    }
    policies = aws.in_parallel(
        "elasticfilesystem:DescribeFileSystemPolicy", lambda of: _policies(places[of[0]], of[1]), sorted(wanted)
    )

    def read(system: FileSystem, region: str) -> FileSystem:
        found = _behind(system, points[region], places[region])
        if isinstance(found, Unknown):
            return FileSystem(system.access_point, found, found)
        arn = places[region].arn("elasticfilesystem", f"file-system/{found}")
        return FileSystem(system.access_point, arn, policies[region, found])

    return {
        function.resource.key: replace(
            function,
            file_systems=tuple(read(system, str(function.resource.region)) for system in known(function.file_systems)),
        )
        for function in mounting
    }


def _is_efs(system: FileSystem) -> bool:
    return service_of(system.access_point) == "elasticfilesystem"


def _access_points(place: Place) -> _AccessPoints:
    found: dict[str, str] = {}
    try:
        for page in place.pages("efs", "describe_access_points"):
            for point in page.get("AccessPoints") or ():
                found[str(point.get("AccessPointArn"))] = str(point.get("FileSystemId"))
    except CallFailed as failure:
        return failure.unread
    return found


def _behind(system: FileSystem, points: _AccessPoints, place: Place) -> str | Unknown:
    """The ID of the file system behind an access point."""
    parsed = parse_arn(str(system.access_point))
    if parsed and parsed.account != place.account:
        return Unknown(f"{system.access_point} is of another account")
    if isinstance(points, Unknown):
        return points
    return points.get(str(system.access_point)) or Unknown(f"there is no access point {system.access_point}")


def _policies(place: Place, file_system: str) -> tuple[Document, ...] | Unknown:
    try:
        return documents(place.call("efs", "describe_file_system_policy", FileSystemId=file_system).get("Policy"))
    except CallFailed as failure:
        return () if failure.code == "PolicyNotFound" else failure.unread
