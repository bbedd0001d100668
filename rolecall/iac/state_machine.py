"""Amazon States Language: the Lambda invocations in the definition of a state machine.

Source: https://states-language.net/spec.html, and of Step Functions' own
https://docs.aws.amazon.com/step-functions/latest/dg/connect-lambda.html (what calls a function),
https://docs.aws.amazon.com/step-functions/latest/dg/concepts-access-cross-acct-resources.html (``Credentials``).
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Optional

from rolecall.arn import split_parts
from rolecall.iac.partial_document import parsed
from rolecall.unknown import Text, Unknown, parts_of, same_as, text

MAX_DEPTH = 40
_MOST_STATES = 10_000  # anchors of YAML make many states of a short text
_INTEGRATIONS = frozenset({"lambda:invoke", "aws-sdk:lambda:invoke", "aws-sdk:lambda:invokeAsync"})
_WHEN_IT_RUNS = "is decided when the state machine runs"


@dataclass(frozen=True)
class Task:
    """A state that calls a function, or may.

    state: path of the names of the states that lead to it (``Parallel.Charge``); empty: no state could be read.
    function: what it calls: a name, a partial ARN or an ARN, with the qualifier if there is one.
    role: ``Credentials.RoleArn``, with which this state calls in the place of the state machine's role.
    """

    state: str
    function: Text
    role: Optional[Text] = None


def tasks(definition: Any) -> list[Task]:
    """The invocations in a definition: those of a level in its order, then those of the branches below.

    definition: an object, or JSON or YAML text; any value in it may be ``Unknown``. Nothing is raised: a definition, or
    a part of it, that cannot be read gives one task of which the function is not known.
    """
    document = definition if isinstance(definition, Mapping) else parsed(definition)
    return [task for path, state in _states(document) if (task := _task(path, state)) is not None]


def function_arn(given: Text, place: tuple[Text, Text, Text], names: Mapping[object, Text]) -> Text:
    """The ARN of what a task calls, with its qualifier; what is given where that cannot be told.

    place: partition, region and account of the state machine. names: the ARNs of functions by ``same_as`` of a name.
    """
    pieces = parts_of(given)
    if isinstance(pieces[0], str) and pieces[0].startswith("arn:"):
        return given
    name, qualifier = _cut(given)
    if same_as(name) in names:
        return text(names[same_as(name)], *qualifier)
    if not isinstance(pieces[0], str):
        return given
    partition, region, account = place
    if isinstance(given, str) and given.count(":") in (2, 3):  # 111122223333:function:name
        account, _, given = given.split(":", 2)
    return text("arn:", partition, ":lambda:", region, ":", account, ":function:", given)


def _cut(given: Text) -> tuple[Text, tuple[Text, ...]]:
    """A name, and what follows it from the first colon on."""
    pieces = parts_of(given)
    for at, piece in enumerate(pieces):
        if isinstance(piece, str) and ":" in piece:
            name, colon, rest = piece.partition(":")
            return text(*pieces[:at], name), (colon + rest, *pieces[at + 1 :])
    return given, ()


def _states(document: Any) -> Iterator[tuple[str, Any]]:
    """Every state with its path, and one ``Unknown`` for states that cannot be told."""
    pending: list[tuple[str, Any, int]] = [("", document, 0)]
    seen = 0
    while pending:
        path, workflow, depth = pending.pop()
        states = workflow.get("States") if isinstance(workflow, Mapping) else workflow
        if depth > MAX_DEPTH or not isinstance(states, Mapping):
            yield path, states if isinstance(states, Unknown) else Unknown("its states could not be read")
            continue
        below: list[tuple[str, Any, int]] = []
        for name, state in states.items():
            seen += 1
            if seen > _MOST_STATES:
                yield "", Unknown("there are too many states")
                return
            inside = f"{path}.{name}" if path else str(name)
            yield inside, state
            below += [(inside, workflow, depth + 1) for workflow in _workflows(state)]
        pending += reversed(below)


def _workflows(state: Any) -> Iterator[Any]:
    """What a Parallel or a Map state runs; ``Iterator`` is the former name of ``ItemProcessor``."""
    if not isinstance(state, Mapping):
        return
    branches = state.get("Branches")
    yield from branches if isinstance(branches, list) else [] if branches is None else [branches]
    yield from (state[name] for name in ("Iterator", "ItemProcessor") if state.get(name) is not None)


def _task(path: str, state: Any) -> Task | None:
    if not isinstance(state, Mapping):
        return Task(path, state if isinstance(state, Unknown) else Unknown("the state is not an object"))
    kind, resource = state.get("Type"), state.get("Resource")
    if isinstance(kind, str) and kind != "Task":
        return None
    if resource is None and kind != "Task":  # whatever it is, it has nothing to call
        return None
    called = _called(state, resource)
    return None if called is None else Task(path, called, _role(state.get("Credentials")))


def _called(state: Mapping[str, Any], resource: Any) -> Text | None:
    """What the Task calls; ``None`` when that is no function: an activity, another service."""
    if not isinstance(resource, (str, Unknown)):
        return Unknown("Resource is missing" if resource is None else "Resource is no text")
    parts = split_parts(parts_of(resource), 8)
    if parts is None or len(parts) < 6:
        return resource if isinstance(resource, Unknown) else Unknown(f"the Resource {resource} is no ARN")
    service, *path = (text(*part) for part in (parts[2], *parts[5:]))
    if service == "lambda" or isinstance(service, Unknown):
        return resource
    if service != "states" or (isinstance(path[0], str) and path[0] not in ("lambda", "aws-sdk")):
        return None
    known = [step for step in path if isinstance(step, str)]
    if len(known) < len(path):
        return Unknown(f"which service {resource} calls is not known")
    return _function(state) if ":".join(known).partition(".")[0] in _INTEGRATIONS else None


def _function(state: Mapping[str, Any]) -> Text:
    """The function that is passed to Lambda's API, as ``Parameters`` (JSONPath) or ``Arguments`` (JSONata)."""
    given = state.get("Arguments", state.get("Parameters"))
    if not isinstance(given, Mapping):
        return given if isinstance(given, Unknown) else Unknown(f"what the state passes to Lambda {_WHEN_IT_RUNS}")
    name, qualifier = _member(given, "FunctionName"), _member(given, "Qualifier")
    if name is None:
        return Unknown("FunctionName is missing")
    return name if qualifier is None else _qualified(name, qualifier)


def _member(holder: Mapping[str, Any], name: str) -> Text | None:
    """A text among what is passed; ``NAME.$`` and ``{% ... %}`` compute it.

    Source: https://docs.aws.amazon.com/step-functions/latest/dg/transforming-data.html
    """
    if f"{name}.$" in holder:
        return Unknown(f"{name} {_WHEN_IT_RUNS}")
    value = holder.get(name)
    if value is None or isinstance(value, (str, Unknown)):
        start = parts_of(value)[0] if value is not None else ""
        computed = isinstance(start, str) and start.lstrip().startswith("{%")
        return Unknown(f"{name} {_WHEN_IT_RUNS}") if computed else value
    return Unknown(f"{name} is no text")


def _qualified(name: Text, qualifier: Text) -> Text:
    """The name with the qualifier behind; a name that has one already must have the same.

    Source: https://docs.aws.amazon.com/lambda/latest/api/API_Invoke.html
    """
    parts = split_parts(parts_of(name), 8)
    has_one = name.count(":") in (1, 3, 7) if isinstance(name, str) else parts is not None and len(parts) == 8
    if not has_one:
        return text(name, ":", qualifier)
    own = text(*parts[-1]) if parts else Unknown("the qualifier in FunctionName")
    agree = isinstance(qualifier, str) and own == qualifier
    return name if agree else Unknown("FunctionName has a qualifier, and Qualifier is another")


def _role(credentials: Any) -> Text | None:
    if credentials is None:
        return None
    if isinstance(credentials, Mapping):
        return _member(credentials, "RoleArn")
    return credentials if isinstance(credentials, Unknown) else Unknown(f"the role {_WHEN_IT_RUNS}")
