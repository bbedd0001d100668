"""RC129: the execution role may mount the function's file system, where the file system has a policy of its own.

Without one, Amazon EFS lets in every client that reaches a mount target, and the role needs nothing. Fails when there
is one and neither it nor the role's policies allow the mount. Cannot know when the file system is in another
configuration and the role does not allow it.
"""

from rolecall.arn import service_of
from rolecall.findings import Verdict, not_applicable, passed, unknown
from rolecall.model import FileSystem, Function, Inventory
from rolecall.rules.needs import Need, can, for_function, need
from rolecall.unknown import Unknown


def check(function: Function, inventory: Inventory) -> Verdict:
    systems = function.file_systems
    if isinstance(systems, Unknown):
        return unknown(f"The file systems of {function.label} are not known: {systems.reason}.")
    if not systems:
        return not_applicable(f"{function.label} mounts no file system.")
    other = next((system for system in systems if service_of(system.access_point) == "s3files"), None)
    if other is not None:
        return unknown(f"What {function.label} needs to mount {other.access_point} is not documented.")
    # https://docs.aws.amazon.com/lambda/latest/dg/configuration-filesystem.html#configuration-filesystem-permissions
    guarded = [system for system in systems if system.policies != ()]
    if not guarded:
        return passed(f"{function.label} mounts a file system that has no policy and lets every client in.")
    return can(
        function,
        [_mount(system, function) for system in guarded],
        "may mount its file system",
        "every invocation fails when it mounts the file system",
    )


def _mount(system: FileSystem, function: Function) -> Need:
    """Lambda mounts through an access point, at a mount target, encrypted in transit.

    Sources: https://docs.aws.amazon.com/efs/latest/ug/iam-access-control-nfs-efs.html#efs-condition-keys-for-nfs and
    https://docs.aws.amazon.com/lambda/latest/dg/configuration-filesystem.html
    """
    keys = {"elasticfilesystem:AccessedViaMountTarget": "true", "elasticfilesystem:AccessPointArn": system.access_point}
    context = {**for_function(function), **keys}
    return need(system.arn, "elasticfilesystem:ClientMount", policies=system.policies, context=context)
