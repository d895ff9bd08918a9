"""Forms: they read what people write and leave every rule to the models."""

from django import forms
from django.core.exceptions import ValidationError
from django.db.models import Q
from django.forms.utils import flatatt
from django.utils.html import format_html, format_html_join
from django.utils.text import format_lazy
from django.utils.translation import gettext_lazy as _

from crm.definitions import definition
from crm.models.fields import YuanField
from crm.money import AmountPrecision, exact_text, parse_amount
from crm.names import clean_text
from crm.three_ways import ThreeWayForm


class DateInput(forms.DateInput):
    """The browser's own date picker; the value always travels as 2024-05-12."""

    input_type = "date"

    def __init__(self, attrs=None, format="%Y-%m-%d"):
        super().__init__(attrs, format)


class LongSelect(forms.Select):
    """A box of many choices, written in one go: Django fills in a template for every choice."""

    def render(self, name, value, attrs=None, renderer=None):
        about = self.get_context(name, value, attrs)["widget"]
        choices = format_html_join(
            "", '<option value="{}"{}>{}</option>',
            ((choice["value"], flatatt(choice["attrs"]), choice["label"])
             for _group, choices, _index in about["optgroups"] for choice in choices),
        )  # fmt: skip
        return format_html(
            '<select name="{}"{}>{}</select>', name, flatatt(about["attrs"]), choices
        )


class YuanFormField(forms.CharField):
    """An amount as people write it: 70亿元, 7000万, 约5亿, 待定. Cleans to Decimal yuan or None."""

    amount = None

    def __init__(self, **kwargs):
        kwargs.pop("decimal_places", None)
        kwargs.setdefault("help_text", _("e.g. 70亿元, 7000万, 约5亿, 待定"))
        super().__init__(**kwargs | {"max_length": 120})

    def prepare_value(self, value):
        return value if isinstance(value, str) else exact_text(value)

    def to_python(self, value):
        self.amount = parse_amount(super().to_python(value))
        return self.amount.yuan

    def validate(self, value):
        if value is None and self.required:
            raise ValidationError(self.error_messages["required"], code="required")

    def run_validators(self, value):
        """The length was checked while reading; the bounds are the model's."""

    def has_changed(self, initial, data):
        """70亿 changed to 约70亿 is a change, though the amount is the same."""
        written = (data or "").strip()
        try:
            amount = parse_amount(written)
        except ValidationError:
            return True
        inexact = bool(written) and amount.precision != AmountPrecision.EXACT
        return inexact or amount.yuan != initial


def formfield_for(db_field, **kwargs):
    """Our form fields for our model fields; None leaves the choice to Django."""
    if isinstance(db_field, YuanField):
        return db_field.formfield(**(kwargs | {"form_class": YuanFormField, "widget": None}))
    return None


def _label(row) -> str:
    return str(row) if row.is_open else row.closed_label


class RecordForm(ThreeWayForm):
    """A form for any record: checks its version, cleans its texts, asks the model for the rules.

    The admin sets ``user`` on a subclass.
    """

    user = None
    record_version = forms.IntegerField(widget=forms.HiddenInput, required=False)

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self._explain()
        if not self.instance._state.adding:
            self.fields["record_version"].initial = self.instance.version
            if self.user is not None:
                self._keep_stored_links()

    def _explain(self):
        """The bureau's definition stands beside the field, before an example of how to write it."""
        for name, field in self.fields.items():
            if meaning := definition(self.instance._meta.model_name, name):
                example = field.help_text
                field.help_text = format_lazy("{} {}", meaning, example) if example else meaning

    def _keep_stored_links(self):
        """What is linked already stays a choice, also where the user could not choose it anew.

        Otherwise an officer who corrects a date would cut the link to another team's firm.
        """
        for name, field in self.fields.items():
            if isinstance(field, forms.ModelChoiceField) and hasattr(field.queryset, "marked_for"):
                chosen = Q(pk__in=field.queryset.values("pk")) | Q(pk__in=self._linked(name))
                rows = field.queryset.model.objects.marked_for(self.user)
                field.queryset = rows.filter(chosen)
                field.label_from_instance = _label

    def _linked(self, name):
        """Keys of the stored rows behind a field."""
        if self.instance._meta.get_field(name).many_to_many:
            return getattr(self.instance, name).values("pk")
        return [pk for pk in [self.instance.serializable_value(name)] if pk is not None]

    def clean(self):
        cleaned = super().clean()
        for name, value in list(cleaned.items()):
            if isinstance(value, str):
                cleaned[name] = clean_text(value)
        if not self.instance._state.adding and self.has_changed():
            self._check_version(cleaned)
        return cleaned

    def _check_version(self, cleaned):
        posted = cleaned.get("record_version")
        if posted == self.instance.version:
            return
        if self.put_together(cleaned):
            return
        self.open_anew()
        raise ValidationError(
            _(
                "%(who)s changed this record at %(when)s, after you opened it. Nothing was saved: "
                "compare below; saving again keeps what you typed."
            ),
            code="stale",
            params={
                "who": self.instance.updated_by or "—",
                "when": f"{self.instance.updated_at:%Y-%m-%d %H:%M}",
            },
        )

    def _get_validation_exclusions(self):
        """Old faults in fields nobody touched do not stop a repair elsewhere."""
        excluded = super()._get_validation_exclusions()
        if not self.instance._state.adding:
            excluded |= {name for name in self.fields if name not in self.changed_data}
        return excluded

    def _post_clean(self):
        super()._post_clean()
        self._take_precisions()
        if (
            self.errors
            or self.user is None
            or not (self.instance._state.adding or self.has_changed())
        ):
            return
        try:
            self.instance.validate_for(self.user, without=self._links_to_unsaved())
        except ValidationError as error:
            self._add_model_errors(error)

    def _links_to_unsaved(self) -> frozenset[str]:
        """Links to a record that is created together with this one."""
        return frozenset(
            field.name
            for field in self.instance._meta.concrete_fields
            if field.is_relation
            and field.is_cached(self.instance)
            and getattr(self.instance, field.name) is not None
            and getattr(self.instance, field.name).pk is None
        )

    def _add_model_errors(self, error):
        """Errors on fields that the form does not show stand at its top."""
        if not hasattr(error, "error_dict"):
            self.add_error(None, error)
            return
        for name, messages in error.error_dict.items():
            self.add_error(name if name in self.fields else None, messages)

    def _take_precisions(self):
        """“约5亿” says two things: the amount and that it is an estimate."""
        for name, field in self.fields.items():
            amount = getattr(field, "amount", None)
            stem = name.removesuffix("_yuan")
            if amount is None or name not in self.changed_data:
                continue
            if not hasattr(self.instance, f"{stem}_precision"):
                continue
            if f"{stem}_precision" not in self.changed_data:
                said = amount.text.strip() or amount.yuan is not None
                precision = amount.precision if said else ""
                exact = precision == AmountPrecision.EXACT
                setattr(self.instance, f"{stem}_precision", "" if exact else precision)
            setattr(self.instance, f"{stem}_text", amount.text)
            if hasattr(self.instance, f"{stem}_upper_yuan") and amount.upper_yuan is not None:
                setattr(self.instance, f"{stem}_upper_yuan", amount.upper_yuan)
