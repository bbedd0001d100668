"""One statement of a policy, and what of a request it covers.

Source: https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements.html
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import cached_property, lru_cache
from typing import Union

from rolecall.iam.arns import match_resource, resource_test
from rolecall.iam.conditions import Condition
from rolecall.iam.context import Context
from rolecall.iam.match import compiled, match
from rolecall.iam.principals import Principals
from rolecall.iam.variables import expand, has_variables
from rolecall.unknown import Text, Tri, Unknown, any3, not3, parts_of

WHOLE = -1  # the index of what stands for a policy of which nothing is known


@lru_cache(maxsize=4096)
def _covers(resources: tuple[Text, ...], resource: Text) -> Tri:
    """Whether one of the values of a Resource element covers a resource; they have no variables."""
    return any3(match_resource(parts_of(value), resource) for value in resources)


_ActionTests = tuple[frozenset[str], list[Callable[[str], bool]], tuple[Unknown, ...]]


@lru_cache(maxsize=4096)
def _tests(actions: tuple[Text, ...]) -> _ActionTests:
    """The values of an Action element: those that are plain, the tests of those with wildcards, and the unknown."""
    known = [value.lower() for value in actions if isinstance(value, str)]
    fixed = frozenset(value for value in known if "*" not in value and "?" not in value)
    unknown = tuple(value for value in actions if isinstance(value, Unknown))
    return fixed, [compiled(value) for value in known if value not in fixed], unknown


@dataclass(frozen=True)
class Statement:
    """One statement.

    principals: ``None`` where the element is absent. conditions: in which ``Unknown`` stands for some that are not
    known. unknown: set when nothing of the statement is known.
    """

    index: int
    sid: str
    effect: Text
    actions: tuple[Text, ...] = ()
    not_action: bool = False
    principals: Principals | None = None
    resources: tuple[Text, ...] | None = None
    not_resource: bool = False
    conditions: tuple[Union[Condition, Unknown], ...] = ()
    unknown: Unknown | None = None

    @property
    def label(self) -> str:
        """``statement 0``, or ``statement 0 (AllowInvoke)`` when it has a Sid."""
        return f"statement {self.index} ({self.sid})" if self.sid else f"statement {self.index}"

    @property
    def principal_entries(self) -> tuple[tuple[str, Text], ...]:
        """Type and value of each entry of the Principal or NotPrincipal element."""
        return self.principals.entries if self.principals else ()

    @property
    def not_principal(self) -> bool:
        return self.principals is not None and self.principals.negated

    @cached_property
    def has_variables(self) -> bool:
        """Whether it matters which version of the policy language it is read in."""
        return any(map(has_variables, self.resources or ())) or any(
            isinstance(condition, Condition) and condition.has_variables for condition in self.conditions
        )

    def covers_action(self, action: str) -> Tri:
        """action: in lower case; prefix and name of an action are case-insensitive.

        Source: https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_action.html
        """
        fixed, tests, unknown = self._action_tests
        found: Tri = action in fixed
        if not found:
            for test in tests:
                if test(action):
                    found = True
                    break
        if not found and unknown:
            found = any3(match((value,), action, ignore_case=True) for value in unknown)
        return not3(found) if self.not_action else found

    def covers_resource(self, resource: Text, context: Context, variables: bool = True) -> Tri:
        """A statement without the element (of a trust policy) covers the resource that it belongs to."""
        test = self._resource_test
        if test is not None and type(resource) is str and not (variables and self.has_variables):
            found = test(resource)
        elif self.resources is None:
            return True
        elif variables and self.has_variables:
            patterns = [expand(value, context, resource=True) for value in self.resources]
            found = any3(match_resource(pattern, resource) for pattern in patterns if pattern is not None)
        else:
            found = _covers(self.resources, resource)
        return not3(found) if self.not_resource else found

    @cached_property
    def _action_tests(self) -> _ActionTests:
        return _tests(self.actions)

    @cached_property
    def _resource_test(self) -> Callable[[str], Tri] | None:
        """The test of a known resource, when all values are known."""
        tests = [resource_test(value) for value in self.resources or () if isinstance(value, str)]
        if self.resources is None or len(tests) < len(self.resources):
            return None
        return tests[0] if len(tests) == 1 else lambda resource: any3(test(resource) for test in tests)

    def conditions_hold(self, context: Context, variables: bool = True) -> Tri:
        """All conditions must be met: all operators, all keys of each.

        Source: https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_condition-logic-multiple-context-keys-or-values.html
        """
        held: Tri = True
        for condition in self.conditions:
            answer = None if isinstance(condition, Unknown) else condition.holds(context, variables)
            if answer is False:
                return False
            if answer is None:
                held = None
        return held
