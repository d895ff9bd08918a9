"""Writing rows: what the models allow this account, and never over what somebody else wrote."""

from django.db import transaction
from django.utils.translation import gettext as _
from rest_framework import exceptions, status
from rest_framework.response import Response

from crm.models import FieldChange

from .once import once
from .rows import RowViewSet
from .versions import check_version, unless_stale

SOURCE = FieldChange.Source.API


class WritingViewSet(RowViewSet):
    """Rows of one kind, for reading and writing; nothing is deleted, it is archived."""

    def create(self, request):
        return once(self, self._create)

    def _create(self) -> tuple:
        values = self.read_body(self.get_serializer)
        values.pop("version", None)
        return self._write(self.model(), values), status.HTTP_201_CREATED

    def partial_update(self, request, pk: int):
        row = self.get_object()
        values = self.read_body(self.get_serializer, instance=row, partial=True)
        check_version(self, row, values)
        unless_stale(self, pk, lambda: self._write(row, values))
        return self.shown(self.row(pk))

    def destroy(self, request, pk: int):
        row = self.get_object()
        check_version(self, row, {})
        unless_stale(self, pk, lambda: row.archive(by=request.user, source=SOURCE))
        return Response(status=status.HTTP_204_NO_CONTENT)

    def read_body(self, serializer_class, **options) -> dict:
        """What was sent, checked; a field that does not exist or cannot be written is refused."""
        data = self.request.data
        if not isinstance(data, dict):
            raise exceptions.ValidationError({"row": [_("Send one object.")]})
        serializer = serializer_class(data=data, **options)
        known = {name for name, field in serializer.fields.items() if not field.read_only}
        if unknown := sorted(data.keys() - known):
            message = _("There is no such field, or it cannot be written.")
            raise exceptions.ValidationError({name: [message] for name in unknown})
        serializer.is_valid(raise_exception=True)
        return dict(serializer.validated_data)

    @transaction.atomic
    def _write(self, row, values: dict):
        """Save through the row's own rules; links to many are kept in the history, too."""
        user = self.request.user
        many = {field.name for field in row._meta.many_to_many} & values.keys()
        linked = {name: self._open(name, values.pop(name)) for name in many}
        for name, value in values.items():
            setattr(row, name, value)
        is_new = row._state.adding
        row.save_as(user, reason=self.request.auth.name, source=SOURCE)
        for name, rows in linked.items():
            before = set(getattr(row, name).values_list("pk", flat=True))
            getattr(row, name).set(rows)
            if not is_new:
                FieldChange.objects.record_links(row, name, before, by=user)
        return row

    def _open(self, name: str, rows: list) -> list:
        """Rows to link with, each open to the account (or linked already)."""
        keys = {row.pk for row in rows}
        if rows and type(rows[0]).objects.open_to(self.request.user).filter(
            pk__in=keys
        ).count() < len(keys):
            message = _("One of these is not this account's to use.")
            raise exceptions.ValidationError({name: [message]})
        return rows
