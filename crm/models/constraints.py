"""Check constraints judged in memory, so that thousands of rows need no query each.

The database holds every row to the same constraints; a test compares both verdicts. As in SQL a
comparison with NULL is unknown, and what is unknown passes.
"""

import operator
from datetime import date

from django.db.models import CheckConstraint, F, Q

_COMPARE = {"gt": operator.gt, "gte": operator.ge, "lt": operator.lt, "lte": operator.le}


def broken(row) -> list[CheckConstraint]:
    """The check constraints of its model that a row breaks, saved or not."""
    checks = (c for c in row._meta.constraints if isinstance(c, CheckConstraint))
    return [check for check in checks if _truth(row, check.condition) is False]


def _truth(row, condition) -> bool | None:
    """True, False or None (unknown) of a Q or one of its (lookup, value) pairs."""
    if not isinstance(condition, Q):
        return _compare(row, *condition)
    answers = [_truth(row, child) for child in condition.children]
    decisive = condition.connector == Q.OR
    undecided = None if None in answers else not decisive
    truth = decisive if decisive in answers else undecided
    return None if truth is None else truth != condition.negated


def _compare(row, lookup: str, expected) -> bool | None:
    name, *rest = lookup.split("__")
    found = _value(row, name)
    if rest[:1] == ["day"]:
        found, rest = getattr(found, "day", None), rest[1:]
    expected = _value(row, expected.name) if isinstance(expected, F) else expected
    how = rest[0] if rest else "exact"
    if how == "isnull" or (how == "exact" and expected is None):
        return (found is None) is (True if how == "exact" else expected)
    return _judge(found, how, expected)


def _judge(found, how: str, expected) -> bool | None:
    if found is None or expected is None:
        return None
    if how == "in":
        return found in expected
    if how == "range":
        return expected[0] <= found <= expected[1]
    return found == expected if how == "exact" else _COMPARE[how](found, expected)


def _value(row, name: str):
    """A field's value; of a link its key, or the linked row itself while that has no key yet."""
    if name in {"id", "pk"}:
        return row.pk
    field = row._meta.get_field(name)
    value = getattr(row, field.attname)
    if value is None and field.is_relation and field.is_cached(row):
        return getattr(row, name)
    return value.date() if hasattr(value, "date") and not isinstance(value, date) else value
