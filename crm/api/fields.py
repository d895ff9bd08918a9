"""Values as they travel: amounts as exact text, and nothing is taken for what it is not."""

import re

from django.db import models
from django.utils.translation import gettext_lazy as _
from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers
from rest_framework.validators import UniqueValidator

from crm.models.fields import ExactField
from crm.names import clean_text


class StrictText(serializers.CharField):
    """Text, and not a number that looks like one."""

    def to_internal_value(self, data):
        if not isinstance(data, str):
            self.fail("invalid")
        return super().to_internal_value(clean_text(data))


class StrictWhole(serializers.IntegerField):
    def to_internal_value(self, data):
        if not isinstance(data, int) or isinstance(data, bool):
            self.fail("invalid")
        return super().to_internal_value(data)


class StrictFlag(serializers.BooleanField):
    def to_internal_value(self, data):
        if not isinstance(data, bool) and not (data is None and self.allow_null):
            self.fail("invalid", input=data)
        return data


class StrictDay(serializers.DateField):
    """2024-05-12, and no other way to write it."""

    def __init__(self, **kwargs):
        super().__init__(**kwargs | {"input_formats": ["%Y-%m-%d"]})

    def to_internal_value(self, value):
        if not isinstance(value, str) or len(value) != len("2024-05-12"):
            self.fail("invalid", format="YYYY-MM-DD")
        return super().to_internal_value(value)


class StrictChoice(serializers.ChoiceField):
    def to_internal_value(self, data):
        if not isinstance(data, str):
            self.fail("invalid_choice", input=data)
        return super().to_internal_value(data)


class StrictNumberChoice(serializers.ChoiceField):
    def to_internal_value(self, data):
        if not isinstance(data, int) or isinstance(data, bool):
            self.fail("invalid_choice", input=data)
        return super().to_internal_value(data)


NUMBER = r"^[0-9]{1,15}(\.[0-9]{1,6})?$"
SMALL = 32_767  # what a small column holds; SQLite alone would take more


@extend_schema_field({"type": "string", "pattern": NUMBER})
class ExactText(serializers.Field):
    """An exact decimal as text (yuan to the fen): a JSON number would lose it on the way."""

    default_error_messages = {"text": _('Write the number as text, e.g. "350000.00".')}

    def __init__(self, *, model_field, **kwargs):
        super().__init__(**kwargs)
        self.model_field = model_field

    def to_internal_value(self, data):
        if not isinstance(data, str) or not re.fullmatch(NUMBER, data):
            self.fail("text")
        return self.model_field.clean(data, None)

    def to_representation(self, value):
        return format(value, "f")


class Link(serializers.PrimaryKeyRelatedField):
    """A linked row by its number; one that the account may not list is not there."""

    default_error_messages = {
        "does_not_exist": _("There is no row {pk_value} that this account may use."),
        "incorrect_type": _("Give the number of the row."),
    }

    def get_queryset(self):
        model = self.queryset.model
        return model.objects.visible_to(self.context["request"].user)

    def to_internal_value(self, data):
        if not isinstance(data, int) or isinstance(data, bool):
            self.fail("incorrect_type", data_type=type(data).__name__)
        return super().to_internal_value(data)


OF_COLUMNS = {
    models.CharField: StrictText,
    models.TextField: StrictText,
    models.IntegerField: StrictWhole,
    models.PositiveIntegerField: StrictWhole,
    models.PositiveSmallIntegerField: StrictWhole,
    models.BooleanField: StrictFlag,
    models.DateField: StrictDay,
}


def of_column(model_field, field_class, options: dict) -> tuple:
    """Class and options of the field for a column; what is unique is the model's to judge."""
    rules = [
        rule for rule in options.get("validators", ()) if not isinstance(rule, UniqueValidator)
    ]
    if "validators" in options:
        options["validators"] = rules
    if isinstance(model_field, ExactField):
        kept = ("required", "allow_null", "read_only", "label", "help_text")
        exact = {name: options[name] for name in kept if name in options}
        return ExactText, {"model_field": model_field, **exact}
    if isinstance(model_field, models.IntegerField) and model_field.choices:
        return StrictNumberChoice, options
    if isinstance(model_field, models.PositiveSmallIntegerField) and not options.get("read_only"):
        options |= {"min_value": 0, "max_value": SMALL}
    return field_class, options
