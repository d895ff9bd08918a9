"""Forms that know what was read: original, theirs and mine, so that nobody loses what they wrote.

What two people changed in different fields is put together; where both changed the same field the
form shows all three values and saves nothing.
"""

from django import forms
from django.core import signing
from django.core.exceptions import ValidationError

SALT = "record-base"


class KeptField(forms.CharField):
    """What the page keeps for the server; not something a person changes."""

    def __init__(self):
        super().__init__(widget=forms.HiddenInput, required=False)

    def has_changed(self, initial, data):
        return False


def plain(value):
    """A value of a field as text, lists sorted; equal values give equal results."""
    if value is None:
        return ""
    if isinstance(value, list | tuple | set):
        return sorted(str(each) for each in value)
    return value.isoformat() if hasattr(value, "isoformat") else str(value)


class ThreeWayForm(forms.ModelForm):
    """A model form that carries the values it was opened with."""

    record_base = KeptField()

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.conflict, self.merged = [], []
        if not self.instance._state.adding:
            self.fields["record_base"].initial = self._signed_base

    def _compared(self) -> list[str]:
        kept = ("record_base", "record_version")
        return [
            name for name, field in self.fields.items()
            if name not in kept and not isinstance(field, forms.FileField)
            and hasattr(type(self.instance), name)
        ]  # fmt: skip

    def _signed_base(self) -> str:
        values = {name: self._now(name) for name in self._compared()}
        return signing.dumps({"of": self._identity(), "values": values}, salt=SALT, compress=True)

    def _identity(self) -> list:
        return [self.instance._meta.model_name, self.instance.pk]

    def _now(self, name: str):
        """What is stored, as the form would show it."""
        return plain(self.fields[name].prepare_value(self.initial.get(name)))

    def _base(self) -> dict | None:
        """What the form was opened with; None when it does not say so truly."""
        posted = self.data.get(self.add_prefix("record_base"), "")
        try:
            kept = signing.loads(posted, salt=SALT)
        except signing.BadSignature:
            return None
        return kept["values"] if kept["of"] == self._identity() else None

    def _raw(self, name):
        return self.fields[name].widget.value_from_datadict(
            self.data, self.files, self.add_prefix(name)
        )

    def _typed_otherwise(self, name: str, base) -> bool:
        """Whether the person changed the field after opening it."""
        field = self.fields[name]
        amount = getattr(field, "amount", None)
        try:
            read = base if isinstance(field, forms.ModelChoiceField) else field.to_python(base)
        except ValidationError:
            read = base
        changed = field.has_changed(read, self._raw(name))
        if hasattr(field, "amount"):
            field.amount = amount
        return changed

    def put_together(self, cleaned: dict) -> bool:
        """Take over what the other one changed elsewhere; False where both changed a field."""
        base = self._base()
        if base is None:
            self.conflict = [self._three(name, None, cleaned) for name in self._typed()]
            return False
        names = [name for name in self._compared() if name in base]
        theirs = {name for name in names if self._now(name) != base[name]}
        mine = {name for name in names if self._typed_otherwise(name, base[name])}
        clash = [name for name in names if name in mine & theirs and self._differs_now(name)]
        if clash:
            self.conflict = [self._three(name, base[name], cleaned) for name in clash]
            self._show_theirs(theirs - mine)
            return False
        self._adopt(theirs - mine, cleaned)
        return True

    def _typed(self) -> list[str]:
        return [name for name in self._compared() if self._differs_now(name)]

    def _differs_now(self, name: str) -> bool:
        return self.fields[name].has_changed(self.initial.get(name), self._raw(name))

    def _adopt(self, names: set[str], cleaned: dict) -> None:
        for name in names:
            many = self.instance._meta.get_field(name).many_to_many
            cleaned[name] = self.initial.get(name) if many else getattr(self.instance, name)
            self.merged.append(str(self.fields[name].label))
        self.changed_data = [name for name in self.changed_data if name not in names]

    def _show_theirs(self, names: set[str]) -> None:
        self.data = self.data.copy()
        for name in names:
            key, value = self.add_prefix(name), self._now(name)
            if isinstance(value, list):
                self.data.setlist(key, value)
            elif not isinstance(self.fields[name].widget, forms.CheckboxInput):
                self.data[key] = value
            elif value == "True":
                self.data[key] = "on"
            else:
                self.data.pop(key, None)

    def open_anew(self) -> None:
        """The form shown again speaks of the row as it is stored now."""
        self.data = self.data.copy()
        self.data[self.add_prefix("record_base")] = self._signed_base()
        self.data[self.add_prefix("record_version")] = self.instance.version

    def _three(self, name: str, base, cleaned: dict) -> dict:
        label = self.fields[name].label
        original = None if base is None else self._word(name, base)
        theirs = self._word(name, self._now(name))
        mine = self._word(name, plain(self.fields[name].prepare_value(cleaned.get(name))))
        return {"label": label, "original": original, "theirs": theirs, "mine": mine}

    def _word(self, name: str, value) -> str:
        """A plain value as people read it."""
        field = self.fields[name]
        if value in ("", []):
            return "—"
        if isinstance(field, forms.ModelChoiceField):
            keys = value if isinstance(value, list) else [value]
            rows = field.queryset.filter(pk__in=keys)
            return "、".join(field.label_from_instance(row) for row in rows) or "—"
        choices = {str(key): str(label) for key, label in getattr(field, "choices", ())}
        return choices.get(value, value)
