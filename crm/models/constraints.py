"""Check constraints judged in memory, so that thousands of rows need no query each.

The database holds every row to the same constraints; a test compares both verdicts. As in SQL a
comparison with NULL is unknown, and what is unknown passes.
"""

import operator
from collections.abc import Callable
from functools import cache

from django.db.models import CheckConstraint, F, Q

_COMPARE = {"gt": operator.gt, "gte": operator.ge, "lt": operator.lt, "lte": operator.le}


def broken(row) -> list[CheckConstraint]:
    """The check constraints of its model that a row breaks, saved or not."""
    return [check for check, truth in _checks(type(row)) if truth(row) is False]


@cache
def _checks(model) -> list[tuple[CheckConstraint, Callable]]:
    """Each check constraint of a model, with its condition as a function of a row."""
    checks = [c for c in model._meta.constraints if isinstance(c, CheckConstraint)]
    return [(check, _truth(model, check.condition)) for check in checks]


def _truth(model, condition) -> Callable:
    """True, False or None (unknown) of a Q or one of its (lookup, value) pairs, for a row."""
    if not isinstance(condition, Q):
        return _comparison(model, *condition)
    parts = [_truth(model, child) for child in condition.children]
    decisive, negated = condition.connector == Q.OR, condition.negated

    def truth(row) -> bool | None:
        answers = [part(row) for part in parts]
        if decisive in answers:
            return decisive != negated
        return None if None in answers else decisive == negated

    return truth


def _comparison(model, lookup: str, expected) -> Callable:
    name, *rest = lookup.split("__")
    found = _value(model, name)
    if rest[:1] == ["day"]:
        whole, rest = found, rest[1:]
        found = lambda row: getattr(whole(row), "day", None)  # noqa: E731
    how = rest[0] if rest else "exact"
    if how == "isnull" or (how == "exact" and expected is None):
        wanted = True if how == "exact" else expected
        return lambda row: (found(row) is None) is wanted
    if isinstance(expected, F):
        other = _value(model, expected.name)
        return lambda row: _judge(found(row), how, other(row))
    return lambda row: _judge(found(row), how, expected)


def _judge(found, how: str, expected) -> bool | None:
    if found is None or expected is None:
        return None
    if how == "in":
        return found in expected
    if how == "range":
        return expected[0] <= found <= expected[1]
    return found == expected if how == "exact" else _COMPARE[how](found, expected)


def _value(model, name: str) -> Callable:
    """A field's value; of a link its key, or the linked row itself while that has no key yet."""
    if name in {"id", "pk"}:
        return lambda row: row.pk
    field = model._meta.get_field(name)
    if field.is_relation:
        return lambda row: _key_or_row(row, field)
    return operator.attrgetter(field.attname)


def _key_or_row(row, field):
    key = getattr(row, field.attname)
    return getattr(row, field.name) if key is None and field.is_cached(row) else key
