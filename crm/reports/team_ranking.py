"""Task forces ranked by the bureau's weights: targets reached, points, bonus and penalty."""

from dataclasses import replace
from decimal import Decimal

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from crm import charts, indicators
from crm.indicators import TeamScore
from crm.indicators.figures import in_decimal
from crm.models import Target, TaskForce
from crm.money import rounded

from .asking import Asked, Line, money, table
from .registry import Report, add_report
from .table import Column, Formula, Kind, Made, Record

# The set of rows behind an indicator's actual value.
BEHIND = {"trips": "trips", "firms_visited": "firms", "visits": "visits"}
# Those of joint projects are split by the shares of the credit.
SHARED = {"deals_signed": "signed", "signed_yuan": "deals", "arrived_yuan": "arrivals"}


def build(asked: Asked):
    """A row for each task force, best first; for every weighted indicator what was done and won."""
    scores = indicators.team_scores(asked.scope, asked.period)
    keys = list(scores[0].parts) if scores else []
    lines = [_line(asked, place, score, keys) for place, score in enumerate(scores, start=1)]
    notes = [_weights(scores[0])] if keys else [_("The bureau has not set any weights yet.")]
    if any(score.without_target for score in scores):
        notes.append(_("Where a task force has no target, the indicator brings no points."))
    figure = indicators.REGISTRY["team_score"](asked.scope.of(None), asked.period)
    total = Line((None, _("total"), *[None] * (len(_columns(keys)) - 2)))
    return table(
        asked, _("Ranking of task forces"), _columns(keys), lines, total, notes=notes,
        definition=figure.definition,
    )  # fmt: skip


def _columns(keys: list[str]):
    columns = [
        Column(_("rank"), Kind.COUNT, 6),
        Column(_("task force"), Kind.TEXT, 20),
        Column(_("score"), Kind.NUMBER, 10, made=Made(
            _("points of all indicators + bonus − penalty"),
            (*range(6, 3 + 4 * len(keys), 4), 3 + 4 * len(keys), 4 + 4 * len(keys)),
        )),
    ]  # fmt: skip
    for key in keys:
        kind = Kind.MONEY if key in Target.MONEY else Kind.NUMBER
        label, done = str(Target.Indicator(key).label), len(columns)
        columns += [
            Column(_("%(name)s: done") % {"name": label}, kind, 14),
            Column(_("target"), kind, 14, "—", made=Made(_("as set on the page of targets"))),
            Column(
                _("reached"), Kind.SHARE, 10, "—", made=Made(_("done ÷ target"), (done, done + 1))
            ),
            Column(_("%(name)s: points") % {"name": label}, Kind.NUMBER, 8, "—", made=Made(
                _("weight × share reached, up to the cap; weights in the remark"), (done + 2,)
            )),
        ]  # fmt: skip
    entered = Made(_("as entered by the bureau, with its reason"))
    return (*columns, Column(_("bonus"), Kind.NUMBER, 8, made=entered),
            Column(_("penalty"), Kind.NUMBER, 8, made=entered))  # fmt: skip


def _line(asked: Asked, place: int, score: TeamScore, keys: list[str]) -> Line:
    values: list = [place, score.team, _points(score.points)]
    drills: dict = {1: Record(TaskForce, score.team_id)}
    for key in keys:
        part = score.parts[key]
        drills[len(values)] = _done(asked, key, score.team_id)
        in_unit = money if key in Target.MONEY else _plain
        rate = part.actual / part.target if part.target else None
        values += [in_unit(part.actual), in_unit(part.target), rate, _points(part.points)]
    return Line((*values, score.bonus, score.penalty), drills)


def _done(asked: Asked, key: str, team_id: int):
    """The rows behind what was done; of shared rows the whole ones, and that they are shared."""
    if key in BEHIND:
        return asked.behind(BEHIND[key]).where(team=team_id)
    if key not in SHARED:
        return None
    said = _("Σ of these rows × the task force's share of the credit")
    behind = replace(asked.behind(SHARED[key]), team_id=team_id)
    return Formula(said, ((str(behind.row_set.label), behind),))


def _plain(value):
    return None if value is None else Decimal(value)


def _points(value) -> Decimal | None:
    return None if value is None else rounded(in_decimal(value), 2)


def _weights(score: TeamScore) -> str:
    """Weights and caps as they were in force on the cut."""
    said = "；".join(
        _("%(name)s %(weight)s points, up to %(cap)s times the target") % {
            "name": Target.Indicator(key).label, "weight": f"{part.weight.normalize():f}",
            "cap": f"{part.cap.normalize():f}",
        }
        for key, part in score.parts.items()
    )  # fmt: skip
    return _("Weights of the bureau: %(said)s.") % {"said": said}


def draw(asked: Asked, shown, link):
    """The scores as bars, best first; nothing to draw where nobody has points."""
    if not any(cells[2] for cells in shown.rows):
        return ""
    marks = [charts.Mark(cells[1], cells[2], link(shown.drills[row, 1]))
             for row, cells in enumerate(shown.rows)]  # fmt: skip
    return charts.responsive(charts.bars, marks, title=_("Score of the task forces"))


REPORT = add_report(
    Report(
        "team_ranking", gettext_lazy("Ranking of task forces"),
        gettext_lazy("Task forces by the bureau's weights: what was done and what it brought."),
        build, draw,
    )
)  # fmt: skip
