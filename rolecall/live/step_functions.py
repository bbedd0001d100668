"""AWS Step Functions: state machines whose states call functions.

Sources: https://docs.aws.amazon.com/step-functions/latest/apireference/API_ListStateMachines.html (1000 a page),
https://docs.aws.amazon.com/step-functions/latest/apireference/API_DescribeStateMachine.html
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from rolecall.iac.role_calls import state_machine
from rolecall.iac.state_machine import tasks
from rolecall.live.calls import Unread
from rolecall.live.parts import Part
from rolecall.live.place import Place
from rolecall.live.role_calls import properties
from rolecall.model import Invoker

# one encrypted with a customer's key takes kms:Decrypt on the key as well
_ACTIONS = ("states:ListStateMachines", "states:DescribeStateMachine")


def state_machines(place: Place) -> Iterator[Any]:
    """The states that call functions, of all state machines: one call for each.

    The definition and the role are those of the latest revision. A published version, which an alias may run, keeps
    those that it was published with: they are not read.
    https://docs.aws.amazon.com/step-functions/latest/dg/concepts-state-machine-version.html
    """
    pages = place.pages("stepfunctions", "list_state_machines", page_size=1000)
    listed = (machine["stateMachineArn"] for page in pages for machine in page.get("stateMachines") or ())
    return place.each(lambda arn: _states(place, arn), listed)


def _states(place: Place, arn: str) -> Iterator[Invoker | Unread]:
    told = place.call("stepfunctions", "describe_state_machine", stateMachineArn=arn)
    name = str(told.get("name") or arn.rpartition(":")[2])
    resource = place.resource("AWS::StepFunctions::StateMachine", arn, name)
    found = tasks(told.get("definition"))
    if any(not task.state for task in found):  # not one state, but all or the rest of them
        yield Unread(f"states:DescribeStateMachine gave no definition of {name} that could be read")
    for call in state_machine(properties(place, told, found)):
        yield call.invoker("step_functions", f"The state machine {name}", resource, arn)


PARTS = (Part("step_functions", state_machines, _ACTIONS),)
