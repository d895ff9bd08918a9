"""Exact decimals on both databases.

SQLite keeps decimals as floats and sums them as floats. These fields therefore keep a whole number
of the smallest unit in a BIGINT (fen for yuan), so that ``Sum`` is exact on SQLite and PostgreSQL
alike, and hand out ``Decimal`` in Python.
"""

from decimal import Decimal, InvalidOperation

from django import forms
from django.core.exceptions import ValidationError
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.utils.translation import gettext_lazy as _

from crm.money import MAX_YUAN


class ExactField(models.BigIntegerField):
    """A ``Decimal`` with a fixed number of places, stored as an integer scaled by 10**places."""

    description = _("Exact decimal number")
    default_error_messages = {
        "invalid": _("“%(value)s” is not a number."),
        "places": _("“%(value)s” has more than %(places)s decimal places."),
        "too_large": _("“%(value)s” is too large."),
    }

    def __init__(self, *args, places: int = 2, low=None, high=None, **kwargs):
        self.places, self.low, self.high = places, low, high
        super().__init__(*args, **kwargs)

    def deconstruct(self):
        name, path, args, kwargs = super().deconstruct()
        kwargs |= {"places": self.places, "low": self.low, "high": self.high}
        return name, path, args, kwargs

    @property
    def validators(self):
        bounds = []
        if self.low is not None:
            bounds.append(MinValueValidator(Decimal(self.low)))
        if self.high is not None:
            bounds.append(MaxValueValidator(Decimal(self.high)))
        return [*self._validators, *bounds]

    def to_python(self, value) -> Decimal | None:
        if value is None or value == "":
            return None
        try:
            number = Decimal(str(value))
            exact = number.quantize(self.quantum)
        except InvalidOperation as error:
            raise self._error("invalid", value) from error
        if not number.is_finite():
            raise self._error("invalid", value)
        if number != exact:
            raise self._error("places", value)
        if abs(exact.scaleb(self.places)) > self.MAX_BIGINT:
            raise self._error("too_large", value)
        return exact

    def _error(self, code, value):
        params = {"value": value, "places": self.places}
        return ValidationError(self.error_messages[code], code=code, params=params)

    @property
    def quantum(self) -> Decimal:
        return Decimal(1).scaleb(-self.places)

    def from_db_value(self, value, expression, connection) -> Decimal | None:
        if value is None:
            return None
        return (Decimal(value).scaleb(-self.places)).quantize(self.quantum)

    def get_prep_value(self, value):
        if value is None or hasattr(value, "resolve_expression"):
            return value
        return int(self.to_python(value).scaleb(self.places))

    def formfield(self, **kwargs):
        defaults = {"form_class": forms.DecimalField, "decimal_places": self.places}
        return models.Field.formfield(self, **(defaults | kwargs))

    def value_to_string(self, obj) -> str:
        value = self.value_from_object(obj)
        return "" if value is None else format(value, "f")


class YuanField(ExactField):
    """Money in yuan, exact to the fen. ``planned_yuan`` lives in the column ``planned_fen``.

    None is "undetermined", never 0.
    """

    description = _("Amount in yuan")

    def __init__(self, *args, **kwargs):
        kwargs.setdefault("places", 2)
        kwargs.setdefault("low", 0)
        kwargs.setdefault("high", str(MAX_YUAN))
        super().__init__(*args, **kwargs)

    def get_attname_column(self):
        attname, column = super().get_attname_column()
        return attname, self.db_column or column.removesuffix("_yuan") + "_fen"


class PercentField(ExactField):
    """Percent from 0 to 100 with two places."""

    def __init__(self, *args, **kwargs):
        kwargs.setdefault("places", 2)
        kwargs.setdefault("low", 0)
        kwargs.setdefault("high", 100)
        super().__init__(*args, **kwargs)
