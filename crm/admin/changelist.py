"""A list whose filters are a django-filter FilterSet, the same that exports and commands use."""

from django import forms
from django.contrib import messages
from django.contrib.admin.views.main import ChangeList
from django.urls import NoReverseMatch
from django.utils.translation import gettext_lazy as _


class ScopedChangeList(ChangeList):
    """Applies the page's FilterSet, and nothing else that stands in the address."""

    filterset = None
    active_filters = ()

    def get_filters(self, request):
        """Django's own filters and lookups are not used."""
        return [], False, {}, False, bool(self.active_filters)

    def get_queryset(self, request, exclude_parameters=None):
        filterset_class = self.model_admin.filterset_class
        if filterset_class is None:
            self._search_plainly(request)
        else:
            self.filterset = filterset_class(
                request.GET, queryset=self.root_queryset, user=request.user
            )
            if not self.filterset.is_valid():
                messages.error(request, _("A filter could not be read; it was left out."))
            self.root_queryset = self.filterset.qs
            self.active_filters = self._chips()
        return super().get_queryset(request, exclude_parameters)

    def get_results(self, request):
        """A page may add to the rows it shows what one query brings for all of them."""
        super().get_results(request)
        if hasattr(self.model_admin, "fill_rows"):
            self.result_list = list(self.result_list)
            self.model_admin.fill_rows(self.result_list)

    def url_for_result(self, result):
        """A row that is closed to the reader leads nowhere, unless its page has a public part.

        Raises NoReverseMatch: the list then shows the name without a link.
        """
        if not (getattr(result, "is_open", True) or self.model_admin.has_public_part):
            raise NoReverseMatch
        return super().url_for_result(result)

    def _search_plainly(self, request):
        term = self.query.strip()
        if term and self.search_fields:
            found = self.root_queryset.none()
            for field in self.search_fields:
                found = found | self.root_queryset.filter(**{f"{field}__icontains": term})
            self.root_queryset = found

    def _chips(self) -> list[dict]:
        return chips(self.filterset, lambda name: self.get_query_string(remove=[name]))


def chips(filterset, without) -> list[dict]:
    """One removable chip for each filter that narrows a list; ``without`` gives the address."""
    fields = filterset.form.fields
    return [
        {
            "label": fields[name].label or name,
            "value": _shown(fields[name], value),
            "url": without(name),
        }
        for name, value in filterset.in_use.items()
        if name != "q"
    ]


def _shown(field, value) -> str:
    """The words of a chosen value, as the form shows them."""
    if value is True:
        return str(_("yes"))
    if isinstance(value, list | tuple):
        return "、".join(_shown(field, each) for each in value)
    if isinstance(field, forms.ModelChoiceField) or not hasattr(field, "choices"):
        return str(value)
    return str(dict(field.choices).get(value, value))
