"""Field checks for thousands of rows: Django's own verdict, asked only where it is not plain.

A short text in a text column, a date in a date column, an empty cell that may be empty: nothing
Django could say about them, and asking costs more than everything else about a row.
"""

from collections.abc import Callable
from datetime import date
from functools import cache

from django.core.exceptions import ValidationError
from django.core.validators import MaxLengthValidator
from django.db import models

from .constraints import broken

_NOTHING = (None, "")


def check_row(row, *, touched: set[str] | None = None) -> None:
    """Raise ValidationError unless the values of a row obey its model; asks no database.

    Links are not looked up: whoever set them took them from the user's scope. Uniqueness is left to
    whoever matched the row, and in the end to the database.
    """
    names, tests = _tests(type(row))
    values = row.__dict__
    asked = {
        name for name, attname, is_plain in tests
        if (touched is None or name in touched) and not is_plain(values.get(attname))
    }  # fmt: skip
    row.clean_fields(exclude=names - asked)
    row.clean()
    if failed := broken(row):
        raise ValidationError([constraint.violation_error_message for constraint in failed])


@cache
def _tests(model) -> tuple[frozenset, tuple]:
    """All field names, and (name, attname, test of a plain value) of those that are judged."""
    own = [f for f in model._meta.concrete_fields if not (f.is_relation or f.generated)]
    judged = tuple(
        (f.name, f.attname, _never if f.name in model.cleaned_by_itself else _plain_test(f))
        for f in own if f.name not in model.never_judged
    )  # fmt: skip
    return frozenset(f.name for f in model._meta.concrete_fields), judged


def _never(value) -> bool:
    return False


def _plain_test(field) -> Callable[[object], bool]:
    kind, may_be_empty = type(field), field.blank
    if kind in (models.CharField, models.TextField) and _only_length(field):
        longest = field.max_length or float("inf")
        words = {key for key, _label in field.flatchoices} if field.choices else None

        def is_plain(value) -> bool:
            if value in _NOTHING:
                return may_be_empty
            if type(value) is not str:
                return False
            return value in words if words is not None else len(value) <= longest

        return is_plain
    exact = {models.DateField: date, models.BooleanField: bool}.get(kind)
    return lambda value: may_be_empty if value in _NOTHING else type(value) is exact


def _only_length(field) -> bool:
    return all(type(validator) is MaxLengthValidator for validator in field.validators)
