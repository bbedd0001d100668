"""RC111: the execution role has a tag that names its function.

Fails when the role has none of the tags that the settings list (``owner_tags``), or one that names another function.
Cannot know when the role, its tags or the function's name is not known.
"""

from rolecall.findings import Verdict, failed, passed, unknown
from rolecall.model import Inventory, Role
from rolecall.unknown import Unknown, same_as


def check(role: Role, inventory: Inventory) -> Verdict:
    if isinstance(role.tags, Unknown):
        return unknown(f"The tags of {role.label} are not known: {role.tags.reason}.")
    keys = inventory.settings.owner_tags
    users = inventory.users_of(role)
    names = [user.resource.name for user in users]
    given = {key: role.tags[key] for key in keys if key in role.tags}
    for key, value in given.items():
        if any(same_as(value) == same_as(name) for name in names):
            return passed(f"The tag {key} of {role.label} names its function, {value}.")
    undecided = [value for value in (*given.values(), *(names if given else ())) if isinstance(value, Unknown)]
    if undecided:
        return unknown(f"Whether a tag of {role.label} names its function is not known: {undecided[0].reason}.")
    if role.more_tags is not None and not given:
        return unknown(f"Whether {role.label} has a tag {' or '.join(keys)} is not known: {role.more_tags.reason}.")
    fault = ", ".join(f"{key} = {value}" for key, value in given.items())
    return failed(
        f"{role.label} has no tag that names its function ({', '.join(keys)})"
        + (f"; {fault} names another." if fault else "."),
        role=role.label,
        role_name=role.resource.name,
        sam_address=role.resource.sam_address,
        key=keys[0] if keys else Unknown("no tag is set"),
        function_name=names[0] if names else Unknown("no function"),
    )
