"""Loss reasons: what was lost or terminated in the period, at which stage, why."""

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from crm.indicators.dimensions import DIMENSIONS
from crm.models import Project

from .asking import PLANNED, Asked, Line, amount_cells, groups, summed, table, unknown_note
from .drawing import bars_of
from .registry import Report, add_report
from .table import Column, Kind

BY = {key: DIMENSIONS[Project][key].label for key in ("reason", "stage", "team", "chain", "status")}


def build(asked: Asked):
    """A row for each reason, stage, task force or chain; count and planned investment lost."""
    behind = asked.behind("ended")
    found = groups(asked, behind, asked.by, PLANNED)
    lines = [
        Line(
            (group.label, group.found["count"], *amount_cells(group.found), group.found["unknown"]),
            {1: group.behind, 2: group.behind, 4: group.behind.where(amount=None)},
        )
        for group in found
    ]
    whole = summed([group.found for group in found]) or {"count": 0, "yuan": 0, "unknown": 0}
    total = Line((_("total"), whole["count"], *amount_cells(whole), whole["unknown"]),
                 {1: behind, 2: behind, 4: behind.where(amount=None)})  # fmt: skip
    return table(
        asked, _("Loss reasons"), _columns(asked), lines, total,
        notes=unknown_note(whole["unknown"]),
        definition=_(
            "Projects lost (before signing) or terminated (after it) in the period and still so at "
            "the cut, with the reason recorded; stage as it stood."
        ),
    )  # fmt: skip


def _columns(asked: Asked):
    return (
        Column(str(BY[asked.by]), Kind.TEXT, 40),
        Column(_("projects"), Kind.COUNT, 10),
        Column(_("planned investment"), Kind.MONEY, 18, _("undetermined")),
        Column(_("how exact"), Kind.TEXT, 10),
        Column(_("of which undetermined"), Kind.COUNT, 12),
    )


def draw(asked: Asked, shown, link):
    return bars_of(shown, link, value=1)


REPORT = add_report(
    Report(
        "loss_reasons", gettext_lazy("Loss reasons"),
        gettext_lazy("What was lost or terminated, at which stage and why."), build, draw, BY,
    )
)  # fmt: skip
