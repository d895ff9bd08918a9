"""Freezing a month: it keeps every figure, and the rows behind the main ones.

When a record of a frozen month is added, changed or taken back later, the month stays as it is; the
difference is reported with the next month that is frozen, as 补报 (late entry) or 核减 (reversal),
once.
"""

from django.core.exceptions import PermissionDenied, ValidationError
from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from crm.access import permissions_of
from crm.indicators import whole_city
from crm.models import FrozenMonth, FrozenRow, Project
from crm.models.projects import sample_present
from crm.periods import Period, today

from .corrections import Correction, changed_months, pending, since_frozen
from .kept import MONTH, YEAR, figures_of, kept_figures, kept_target, kept_team_rows
from .lines import FLOWS, LISTED, Line, lines_of
from .reading import Kept, caution, corrections_notes, corrections_with, figure_for, kept_for

__all__ = [
    "FLOWS",
    "LISTED",
    "MONTH",
    "YEAR",
    "Correction",
    "Kept",
    "Line",
    "caution",
    "changed_months",
    "corrections_notes",
    "corrections_with",
    "figure_for",
    "freeze",
    "kept_figures",
    "kept_for",
    "kept_target",
    "kept_team_rows",
    "lines_of",
    "next_month",
    "pending",
    "since_frozen",
]


def next_month() -> Period | None:
    """The month after the last frozen one; None when none is frozen yet."""
    last = FrozenMonth.objects.last()
    return last and _after(last.period)


def _after(month: Period) -> Period:
    return Period.month(month.end.year, month.end.month)


def freeze(month: Period, *, by, note: str = "") -> FrozenMonth:
    """Keep a month as it stands now, with the corrections of earlier months that are due.

    Raises PermissionDenied, or ValidationError: not over yet, frozen already, out of order.
    """
    if not by.is_active or "freeze_month" not in permissions_of(by.role):
        raise PermissionDenied
    with transaction.atomic():
        _check(month, FrozenMonth.objects.select_for_update().order_by("-month").first())
        scope, due = whole_city(), pending()
        own = [line for key in LISTED for line in lines_of(scope, key, month)]
        projects = {line.project_id for line in own}
        is_sample = by.is_sample or sample_present()
        try:
            with transaction.atomic():
                frozen = FrozenMonth.objects.create(
                    month=month.start, by=by, note=note.strip()[:200], is_sample=is_sample,
                    figures=figures_of(scope, month, projects),
                )  # fmt: skip
        except IntegrityError as error:
            raise ValidationError(_("Somebody else froze a month at this moment.")) from error
        FrozenRow.objects.bulk_create(_rows(frozen, own, due))
    return frozen


def _check(month: Period, last: FrozenMonth | None) -> None:
    if month != Period.month(month.start.year, month.start.month):
        raise ValidationError(_("Only whole months are frozen."))
    if month.end > today():
        raise ValidationError(_("%(month)s is not over yet."), params={"month": month.label})
    if last is None:
        return
    if month.start <= last.month:
        raise ValidationError(_("%(month)s is closed already."), params={"month": month.label})
    if month != _after(last.period):
        raise ValidationError(
            _("Months are frozen in order; the next is %(month)s."),
            params={"month": _after(last.period).label},
        )


def _rows(frozen: FrozenMonth, own: list[Line], due: list[Correction]) -> list[FrozenRow]:
    wanted = {line.project_id for line in own} | {c.line.project_id for c in due}
    projects = Project.objects.in_bulk(wanted)
    rows = [_row(frozen, line, projects, of_month=frozen.month) for line in own]
    return rows + [_corrected(frozen, each, projects) for each in due]


def _corrected(frozen: FrozenMonth, each: Correction, projects: dict) -> FrozenRow:
    return _row(
        frozen, each.line, projects, of_month=each.of_month, kind=each.kind,
        counted=each.before is not None, counts=each.after is not None,
        before_yuan=each.before and each.before.amount_yuan,
    )  # fmt: skip


def _row(frozen: FrozenMonth, line: Line, projects: dict, **more) -> FrozenRow:
    project = projects.get(line.project_id)
    return FrozenRow(
        frozen=frozen, key=line.key, source=line.source, project_id=line.project_id, on=line.on,
        amount_yuan=line.amount_yuan, is_sample=frozen.is_sample,
        label=project.name if project else "", code_name=project.code_name if project else "",
        is_confidential=project.is_confidential if project else False, **more,
    )  # fmt: skip
