"""The inventory: what the rules look at, the same for code and for an account.

Readers (``rolecall.iac``, ``rolecall.live``) fill it, rules read it. Every field may be ``Unknown`` where its type says
so; nothing is ever guessed. Policy documents are plain dictionaries in IAM's own JSON form, in which any value may be
``Unknown``.
"""

from rolecall.model.functions import Destination, EventSourceMapping, FileSystem, Function, Polling, Target
from rolecall.model.inventory import FunctionPolicy, Inventory, Settings
from rolecall.model.invocation import Invoker, Permission
from rolecall.model.resource import Document, Location, Resource
from rolecall.model.roles import IdentityPolicy, Role, RoleReference
from rolecall.model.watching import Alarm, EventRule, Metric, Trail

__all__ = [
    "Alarm", "Destination", "Document", "EventRule", "EventSourceMapping", "FileSystem", "Function", "FunctionPolicy",
    "IdentityPolicy", "Inventory", "Invoker", "Location", "Metric", "Permission", "Polling", "Resource", "Role",
    "RoleReference", "Settings", "Target", "Trail",
]  # fmt: skip
