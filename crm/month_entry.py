"""The month's grid: arrived money and progress of one's projects, written cell by cell.

A cell is written with the version it was read with. Whoever is slower sees the other's value and
decides; nothing is overwritten silently.
"""

from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from statistics import median

from django.core.exceptions import PermissionDenied, ValidationError
from django.db import IntegrityError, transaction
from django.db.models import Sum
from django.utils.translation import gettext as _

from crm import stages
from crm.access import permissions_of
from crm.models import Arrival, Deal, Note, Project, StaleRecord
from crm.money import format_yuan, in_unit, parse_amount
from crm.periods import Period, today
from crm.stages import Stage

UNIT = "万元"
FACTOR = 100  # this many times the usual month: most likely another unit was meant
ORIGINS = tuple(Arrival.Origin.values)
PROGRESS = "progress"
COLUMNS = (*ORIGINS, PROGRESS)


@dataclass
class Cell:
    """One value of the grid: what stands there, in which version, and what to know about it."""

    key: str
    text: str = ""
    version: int = 0
    is_fixed: bool = False
    state: str = ""
    notes: list[str] = field(default_factory=list)
    theirs: str = ""


@dataclass
class Line:
    """One project of the grid; amounts in yuan, None where nothing is known."""

    project: Project
    total: Decimal | None
    before: Decimal
    last_month: Decimal | None
    cells: dict[str, Cell]

    @property
    def total_text(self) -> str:
        return in_ten_thousands(self.total)

    @property
    def before_text(self) -> str:
        return in_ten_thousands(self.before or None)

    @property
    def last_month_text(self) -> str:
        return in_ten_thousands(self.last_month)


def in_ten_thousands(yuan: Decimal | None) -> str:
    """``1,234.5`` for 12,345,000 yuan; empty when unknown. ``parse_amount`` reads it back."""
    return "" if yuan is None else f"{in_unit(yuan, UNIT).normalize():,f}"


def projects_for(user, *, only_mine: bool):
    """Projects that can have money and that the user may report for, in a steady order."""
    if "add_arrival" not in permissions_of(user.role):
        return Project.objects.none()
    rows = Project.objects.open_to(user).live().active()
    rows = rows.in_stage(*stages.reached(Stage.SIGNED))
    mine = rows.filter(owner=user.pk) if only_mine else rows
    return mine.select_related("lead_investor", "lead_team").order_by("name_key", "pk")


def lines_of(projects, month: date, *, by) -> list[Line]:
    """The grid's rows; a handful of queries for all of them."""
    keys = [project.pk for project in projects]
    totals = _totals(projects)
    known = Arrival.objects.live().filter(project__in=keys)
    past: dict[int, list] = {}
    before = known.filter(month__lt=month).exclude(state=Arrival.State.REJECTED)
    for arrival in before.order_by("month"):
        past.setdefault(arrival.project_id, []).append(arrival)
    now = {(a.project_id, a.origin): a for a in known.filter(month=month)}
    notes = _notes_of_month(keys, month, by)
    previous = Period.month(month.year, month.month).previous().start
    return [
        Line(
            project, totals.get(project.pk), _sum(past.get(project.pk, [])),
            _sum([a for a in past.get(project.pk, []) if a.month == previous]) or None,
            _cells(project, now, notes, by),
        )
        for project in projects
    ]  # fmt: skip


def _sum(arrivals) -> Decimal:
    return sum((arrival.amount_yuan for arrival in arrivals), Decimal(0))


def _totals(projects) -> dict[int, Decimal | None]:
    """Sum of the counting deals of each project, else its planned investment."""
    deals = Deal.objects.counting().filter(project__in=[project.pk for project in projects])
    signed = dict(deals.order_by().values("project").annotate(sum=Sum("amount_yuan"))
                  .values_list("project", "sum"))  # fmt: skip
    return {project.pk: signed.get(project.pk) or project.planned_yuan for project in projects}


def _notes_of_month(keys, month: date, by) -> dict[int, Note]:
    """The reader's own latest note of the month on each project."""
    period = Period.month(month.year, month.month)
    rows = Note.objects.filter(
        project__in=keys, created_by=by, corrected_by=None,
        created_at__date__gte=period.start, created_at__date__lt=period.end,
    )  # fmt: skip
    return {note.project_id: note for note in rows.order_by("created_at", "pk")}


def _cells(project, now, notes, by) -> dict[str, Cell]:
    cells = {}
    for origin in ORIGINS:
        arrival = now.get((project.pk, origin))
        cells[origin] = _money_cell(f"{project.pk}-{origin}", arrival)
    note = notes.get(project.pk)
    cells[PROGRESS] = Cell(
        f"{project.pk}-{PROGRESS}", note.text if note else "", note.pk if note else 0,
        is_fixed="add_note" not in permissions_of(by.role),
    )  # fmt: skip
    return cells


def _money_cell(key: str, arrival: Arrival | None) -> Cell:
    if arrival is None:
        return Cell(key)
    fixed = arrival.state == Arrival.State.CONFIRMED
    return Cell(key, in_ten_thousands(arrival.amount_yuan), arrival.version, is_fixed=fixed)


# -- writing ---------------------------------------------------------------------------------------


def write(by, project_id: int, column: str, month: date, text: str, version: int) -> Cell:
    """Write one cell on behalf of a user; the cell says what happened.

    ``state``: ``saved``, ``conflict`` (``theirs`` is what stands there now) or ``refused``.
    Raises PermissionDenied for a project that is not in the user's grid.
    """
    project = projects_for(by, only_mine=False).filter(pk=project_id).first()
    if project is None or column not in COLUMNS:
        raise PermissionDenied
    try:
        with transaction.atomic():
            if column == PROGRESS:
                return _write_progress(project, month, text, by)
            return _write_money(project, column, month, text, version, by)
    except ValidationError as error:
        cell = _stored_cell(project, column, month, by)
        cell.state, cell.notes = "refused", error.messages
        return cell
    except PermissionDenied:
        cell = _stored_cell(project, column, month, by)
        cell.state, cell.notes = "refused", [_("This is not yours to change.")]
        return cell
    except (StaleRecord, IntegrityError):
        return _conflict(_stored_cell(project, column, month, by))


def _stored_cell(project, column: str, month: date, by) -> Cell:
    return lines_of([project], month, by=by)[0].cells[column]


def _conflict(stored: Cell) -> Cell:
    stored.state, stored.theirs = "conflict", stored.text or "—"
    return stored


def _write_money(project, origin: str, month: date, text: str, version: int, by) -> Cell:
    yuan = parse_amount(text, unit=UNIT).yuan
    rows = Arrival.objects.live().filter(project=project, month=month, origin=origin)
    arrival = rows.select_for_update().first()
    if arrival is not None and arrival.amount_yuan == yuan:
        return _saved(project, origin, month, by)
    if (arrival.version if arrival else 0) != version:
        return _conflict(_stored_cell(project, origin, month, by))
    if arrival is None:
        arrival = Arrival(project=project, month=month, origin=origin)
        arrival.amount_yuan = yuan
    if yuan is None:
        _take_out(arrival, by)
    else:
        arrival.amount_yuan = yuan
        arrival.save_as(by)
    return _saved(project, origin, month, by)


def _take_out(arrival: Arrival, by) -> None:
    """An emptied cell archives what stood there."""
    if arrival.pk is None:
        return
    if "archive_record" not in permissions_of(by.role):
        raise ValidationError(
            _("Only the task force lead or the bureau takes reported money out; correct it here.")
        )
    arrival.archive(by=by)


def _saved(project, origin: str, month: date, by) -> Cell:
    line = lines_of([project], month, by=by)[0]
    cell = line.cells[origin]
    cell.state, cell.notes = "saved", warnings_of(line, origin, month)
    return cell


def _write_progress(project, month: date, text: str, by) -> Cell:
    text = text.strip()
    old = _notes_of_month([project.pk], month, by).get(project.pk)
    if text != (old.text if old else ""):
        if month != today().replace(day=1):
            raise ValidationError(_("Progress is noted in the current month."))
        Note.write(project, text, by=by, corrects=old)
    cell = _stored_cell(project, PROGRESS, month, by)
    cell.state = "saved"
    return cell


def warnings_of(line: Line, origin: str, month: date) -> list[str]:
    """What is saved but looks wrong: more than the total, or a hundred times the usual month."""
    texts = []
    arrived = line.before + sum((_yuan(line.cells[each]) for each in ORIGINS), Decimal(0))
    if line.total is not None and arrived > line.total:
        texts.append(
            _("Arrived so far %(arrived)s, more than the total of %(total)s.")
            % {"arrived": format_yuan(arrived), "total": format_yuan(line.total)}
        )
    usual = _usual(line.project, origin, month)
    now = _yuan(line.cells[origin])
    if usual and now and (now >= usual * FACTOR or now * FACTOR <= usual):
        texts.append(
            _("Usually about %(usual)s a month: is the unit 万元?") % {"usual": format_yuan(usual)}
        )
    return texts


def _yuan(cell: Cell) -> Decimal:
    return parse_amount(cell.text, unit=UNIT).yuan or Decimal(0)


def _usual(project, origin: str, month: date) -> Decimal | None:
    """The median of the months before."""
    rows = Arrival.objects.live().filter(project=project, origin=origin, month__lt=month)
    amounts = list(rows.exclude(state=Arrival.State.REJECTED).values_list("amount_yuan", flat=True))
    return median(amounts) if amounts else None
