"""Conditions of a statement, three-valued: one operator, one key, its values.

Sources: https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_condition_operators.html
(missing keys, IfExists, Null), reference_policies_condition-logic-multiple-context-keys-or-values.html (several keys
and values) and reference_policies_condition-single-vs-multi-valued-context-keys.html (ForAllValues, ForAnyValue).
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import cached_property, lru_cache

from rolecall.iam.context import Context, MayBeAbsent, Values, WithoutPath, carried_by_services
from rolecall.iam.operators import OPERATORS, Operator
from rolecall.iam.variables import expand, has_variables
from rolecall.unknown import Text, Tri, Unknown, all3, any3, not3, parts_of

_SETS = ("ForAllValues:", "ForAnyValue:")


@dataclass(frozen=True)
class Condition:
    """One key of one operator with its values: any of them suffices, or none may match where the operator negates.

    operator: as written. base: the operator's name without prefix and suffix, in AWS's case. quantifier:
    ``ForAllValues:``, ``ForAnyValue:`` or empty.
    """

    operator: str
    key: str
    values: tuple[Text, ...]
    base: str
    quantifier: str
    if_exists: bool

    def __str__(self) -> str:
        return f"{self.operator} {self.key}"

    @cached_property
    def has_variables(self) -> bool:
        return self._operator is not None and self._operator.variables and any(map(has_variables, self.values))

    @cached_property
    def _operator(self) -> Operator | None:
        return OPERATORS.get(self.base.lower())

    @cached_property
    def _prepared(self) -> Callable[[str], Tri] | None:
        """The test of a known value, when all values of the policy are known."""
        known = [value for value in self.values if isinstance(value, str)]
        return self._operator.prepare(known) if self._operator and len(known) == len(self.values) else None

    def holds(self, context: Context, variables: bool = True) -> Tri:
        """Whether the request meets the condition.

        variables: whether ``${key}`` in the values is a policy variable (policy version 2012-10-17).
        """
        actual = context.get(self.key)
        operator = self._operator
        if operator is None:
            return self._null(actual)
        if actual is None:
            return self._absent(operator)
        if type(actual) is tuple and len(actual) == 1 and type(actual[0]) is str and not self.quantifier:
            prepared = None if variables and self.has_variables else self._prepared
            if prepared is not None:
                found = prepared(actual[0])
                return found if not operator.negated else not3(found)
        matches = self._matcher(operator, context, variables)
        if isinstance(actual, MayBeAbsent):
            return self._whatever(actual, matches, operator)
        if not self.quantifier:
            if len(actual) == 1:
                return not3(matches(actual[0])) if operator.negated else matches(actual[0])
            return self._several(actual, matches, operator) if actual else self._absent(operator)
        return self._of_set(actual, matches, operator)

    def _matcher(self, operator: Operator, context: Context, variables: bool) -> Callable[[Text], Tri]:
        """The test whether a value of the request matches some value of the policy."""
        patterns = [
            expand(value, context) if variables and operator.variables else parts_of(value) for value in self.values
        ]
        compare = operator.compare

        def matches(value: Text) -> Tri:
            found = any3(compare(pattern, value) for pattern in patterns if pattern is not None)
            if found is False and isinstance(value, WithoutPath):
                found = None if matches(value.with_path) is not False else False
            return found

        return matches

    def _absent(self, operator: Operator) -> Tri:
        if self.if_exists or self.quantifier == "ForAllValues:":
            return True
        return operator.negated and not self.quantifier

    def _several(self, actual: Sequence[Text], matches: Callable[[Text], Tri], operator: Operator) -> Tri:
        """Several values without a set operator: AWS requires one and does not say what happens without."""
        found = any3(map(matches, actual))
        held = not3(found) if operator.negated else found
        return False if held is False else None

    def _of_set(self, actual: Sequence[Text], matches: Callable[[Text], Tri], operator: Operator) -> Tri:
        if all(value == "" for value in actual):  # a null set
            return self._absent(operator)
        each = (not3(matches(value)) if operator.negated else matches(value) for value in actual)
        held = all3(each) if self.quantifier == "ForAllValues:" else any3(each)
        if all(value == "" or (parts_of(value) == (value,) and isinstance(value, Unknown)) for value in actual):
            return held if held is self._absent(operator) else None  # each may turn out to be empty
        return held

    def _whatever(self, actual: MayBeAbsent, matches: Callable[[Text], Tri], operator: Operator) -> Tri:
        """The answer that holds with the key and without it, whatever its values."""
        found = matches(actual)
        present = not3(found) if operator.negated else found
        absent = self._absent(operator)
        return present if present is absent else None

    def _null(self, actual: Values) -> Tri:
        if isinstance(actual, MayBeAbsent):
            return None
        absent = not actual or all(value == "" for value in actual)
        wants = [value.strip().lower() if isinstance(value, str) else None for value in self.values]
        return any3(None if want is None else want == ("true" if absent else "false") for want in wants)

    def describe(self, context: Context) -> str:
        """Why the condition does not hold, for a reader: what it wants and what the request has."""
        actual = context.get(self.key)
        if isinstance(actual, MayBeAbsent):
            has = f"whether and what the request has is not known ({actual.reason})"
        elif actual:
            has = f"the request has {', '.join(map(str, actual))}"
        elif context.of_service and not carried_by_services(self.key):
            has = "which the request of an AWS service never carries"
        else:
            has = "the request does not carry it"
        return f"condition {self} wants {' or '.join(map(str, self.values)) or 'nothing'}, {has}"


def parse_condition(operator: str, key: str, values: tuple[Text, ...]) -> Condition:
    """Raises ``ValueError`` for an operator that IAM does not have."""
    return Condition(operator, key, values, *_parse_operator(operator))


@lru_cache(maxsize=1024)
def _parse_operator(operator: str) -> tuple[str, str, bool]:
    """Base, quantifier and whether it is IfExists. Raises ``ValueError``."""
    base, quantifier, if_exists = operator, "", False
    for prefix in _SETS:
        if base.lower().startswith(prefix.lower()) and not quantifier:
            base, quantifier = base[len(prefix) :], prefix
    if base.lower().endswith("ifexists"):
        base, if_exists = base[: -len("IfExists")], True
    if base.lower() == "null" and not if_exists:
        return "Null", quantifier, False
    known = OPERATORS.get(base.lower())
    if known is None:
        raise ValueError(f"unknown operator {operator!r}")
    return known.name, quantifier, if_exists
