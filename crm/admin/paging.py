"""Parts of a record in pages, so that a record with hundreds of them stays usable."""

from django.forms.models import BaseInlineFormSet

PARTS_SHOWN = 20


class PagedFormSet(BaseInlineFormSet):
    """Shows one page of the parts; what is sent back is saved whatever page it came from."""

    page = 1
    has_more = False

    def get_queryset(self):
        if not hasattr(self, "_paged"):
            rows = super().get_queryset()
            self._paged = self._sent(rows) if self.is_bound else self._page_of(rows)
        return self._paged

    def add_fields(self, form, index):
        """In a table the heading names a column; each of its fields says the name too."""
        super().add_fields(form, index)
        for field in form.fields.values():
            if field.label:
                # A copied wrapper of the admin keeps the attributes of the widget it came from.
                box = getattr(field.widget, "widget", field.widget)
                box.attrs.setdefault("aria-label", str(field.label))

    def _page_of(self, rows) -> list:
        """One row more than shown is asked for, to know whether there is a next page."""
        start = (self.page - 1) * PARTS_SHOWN
        found = list(rows[start : start + PARTS_SHOWN + 1])
        self.has_more = len(found) > PARTS_SHOWN
        return found[:PARTS_SHOWN]

    def _sent(self, rows) -> list:
        count = self.management_form.cleaned_data["INITIAL_FORMS"]
        names = (f"{self.add_prefix(i)}-{self.model._meta.pk.name}" for i in range(count))
        keys = [self.data.get(name, "") for name in names]
        return list(rows.filter(pk__in=[key for key in keys if key.isascii() and key.isdigit()]))


def page_asked(request, prefix: str) -> int:
    """Page number from the address, 1 for anything that is none."""
    text = request.GET.get(f"{prefix}-page", "1")
    return max(1, int(text)) if text.isascii() and text.isdigit() and len(text) < 6 else 1
