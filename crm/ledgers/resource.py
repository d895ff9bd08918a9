"""What every kind of ledger does: columns to values, rows to records, all in memory.

A ledger is declared like any django-import-export resource: fields with widgets. Its ``take`` says
what one row means. The stock import loop is not used: it asks several queries a row and saves while
it reads; see ``Ledger.plan``.
"""

from collections import defaultdict
from collections.abc import Callable
from datetime import date
from decimal import Decimal

from django.core.exceptions import ValidationError
from django.db import models
from django.utils.translation import gettext_lazy as _
from import_export import resources

from crm.access import TEAM_ROLES, permissions_of
from crm.models import (
    Company,
    CompanyName,
    Department,
    Event,
    Industry,
    Park,
    Project,
    Region,
    Segment,
    TaskForce,
)
from crm.models.judging import check_row
from crm.money import Amount, AmountPrecision, exact_text
from crm.names import core_name, match_key
from crm.periods import today

from .directory import Directory
from .entry import Entry, LeftAlone, Refused
from .headings import label
from .layout import Layout
from .workspace import Workspace

TELL_EVERY = 500
REFERENCES = (TaskForce, Department, Region, Park, Segment, Industry, Event)
SHORT, MOST_KNOWN = 60, 5_000


class Ledger(resources.Resource):
    """One ledger of one user: ``plan()`` gives an Entry per row, ``workspace`` what to write."""

    kind = ""
    model: type[models.Model]
    # Tables that a plan is made from beside the reference data: a change to one makes it stale.
    looks_at: tuple[type[models.Model], ...] = ()
    money_field = ""  # the column whose sum is reported

    def __init__(self, layout: Layout, user, file_name: str = ""):
        super().__init__()
        self.layout, self.user, self.file_name = layout, user, file_name
        self.directory, self.workspace = Directory(user), Workspace()
        self.new_firms: dict[str, Company] = {}
        self.proposals: dict[tuple, int] = {}
        self.money_yuan = Decimal(0)
        self.mask = str(_("confidential"))
        self._fields: dict = {}
        self._words: dict[int, str] = {}
        self._teams: dict[str, TaskForce | None] = {}
        self.columns = {c.field: c for c in layout.columns if c.field}
        self._read_by = []
        self._known: dict[str, dict] = defaultdict(dict)  # cells of each column, read before
        fields = {field.column_name: field for field in self.fields.values()}
        for place, column in enumerate(layout.columns):
            if field := fields.get(column.field):
                field.widget.year = layout.year
                field.widget.unit = column.unit or layout.unit
                self._read_by.append((place, column.field, field))

    @classmethod
    def watched(cls) -> tuple[type[models.Model], ...]:
        return (*REFERENCES, Company, CompanyName, *cls.looks_at)

    # -- the plan ------------------------------------------------------------------------------

    def plan(self, tell: Callable[[int, int], None] = lambda done, total: None) -> list[Entry]:
        """Read all rows, look everything up in bulk, then decide row by row."""
        lines = self.layout.lines
        read = []
        for done, line in enumerate(lines):
            if done % TELL_EVERY == 0:
                tell(done, len(lines))
            read.append(self._read(line))
        self.look_up([values for _entry, values in read])
        for entry, values in read:
            self._decide(entry, values)
        tell(len(lines), len(lines))
        return [entry for entry, _values in read]

    def _read(self, line) -> tuple[Entry, dict]:
        """Values of a row's cells; what cannot be read is told in the entry."""
        entry, values = Entry(line.number), {}
        raw = {key: line.values[place] for place, key, _field in self._read_by}
        entry.row_values = raw
        masked = [key for key, text in raw.items() if text == self.mask]
        if masked:
            entry.is_masked = True
            raw |= dict.fromkeys(masked)
        for _place, key, field in self._read_by:
            text = raw[key]
            recurs = text is None or text.__class__ is str
            found = (recurs and self._known[key].get(text)) or self._cell(key, field, raw)
            value, notes, problem = found
            for note in notes:
                self.warn(entry, key, note)
            if problem:
                entry.refuse(self.heading(key), text, problem)
            else:
                values[key] = value
        for key in self.needed():
            if values.get(key) is None and not entry.is_bad and not entry.is_masked:
                entry.refuse(self.heading(key), raw.get(key), _("This cell must be filled in."))
        return entry, values

    def _cell(self, key: str, field, raw: dict) -> tuple:
        """(value, what should be looked at, why it cannot be read); short texts recur."""
        notes: list = []
        try:
            found = (field.clean(raw, note=notes.append), notes, "")
        except ValidationError as error:
            found = (None, notes, " ".join(error.messages))
        text, known = raw[key], self._known[key]
        is_short = text is None or (text.__class__ is str and len(text) <= SHORT)
        if is_short and len(known) < MOST_KNOWN:
            known[text] = found
        return found

    def _decide(self, entry: Entry, values: dict) -> None:
        entry.label = str(values.get(self.label_field) or "")[:200]
        if entry.is_bad:
            return
        mark = self.workspace.mark()
        firms_before = set(self.new_firms)
        try:
            self._take(entry, values)
        except LeftAlone:
            self._leave_alone(entry, mark)
        except Refused:
            pass
        except ValidationError as error:
            self._blame(entry, error)
        if entry.is_bad:
            self.workspace.back_to(mark)
            for key in set(self.new_firms) - firms_before:
                del self.new_firms[key]
            entry.changes, entry.is_record_new = [], False
        else:
            self._add_money(values)

    def _take(self, entry: Entry, values: dict) -> None:
        if entry.is_masked and any(values.get(key) is None for key in self.needed()):
            raise LeftAlone
        self.take(entry, values)

    def _leave_alone(self, entry: Entry, mark: int) -> None:
        self.workspace.back_to(mark)
        entry.changes, entry.is_record_new, entry.instance = [], False, None
        entry.warn("", "", _("Closed to you when it was exported; left as it is."))

    def _add_money(self, values) -> None:
        amount = values.get(self.money_field)
        if isinstance(amount, Amount) and amount.yuan is not None:
            self.money_yuan += amount.yuan

    def _blame(self, entry, error: ValidationError) -> None:
        """A rule of the model: told at the column that holds the field, else for the row."""
        if not hasattr(error, "error_dict"):
            entry.refuse("", "", " ".join(error.messages))
            return
        for name, messages in error.message_dict.items():
            key = self.column_of(name)
            heading = self.heading(key) if key in self.columns else self._field_label(name)
            entry.refuse(heading, entry.row_values.get(key), " ".join(messages))

    def _field_label(self, name: str) -> str:
        try:
            return str(self.model._meta.get_field(name).verbose_name)
        except LookupError:
            return ""

    # -- what a kind says ----------------------------------------------------------------------

    label_field = "name"
    fields_of_columns: dict[str, str] = {}  # model field → column, where their names differ

    def column_of(self, field_name: str) -> str:
        return self.fields_of_columns.get(field_name, field_name)

    def needed(self) -> tuple[str, ...]:
        return ("name",)

    def look_up(self, rows: list[dict]) -> None:
        """Read from the database what these rows may refer to, in a few queries."""

    def take(self, entry: Entry, values: dict) -> None:
        """What the row means; raises Refused or ValidationError when it cannot go in."""
        raise NotImplementedError

    # -- telling -------------------------------------------------------------------------------

    def heading(self, key: str) -> str:
        column = self.columns.get(key)
        return column.heading if column else str(label(self.kind, key))

    def warn(self, entry, key: str, message) -> None:
        entry.warn(self.heading(key), entry.row_values.get(key), message)

    def refuse(self, entry, key: str, message, **params):
        entry.refuse(self.heading(key), entry.row_values.get(key), message % params)
        raise Refused

    def only_by_keepers(self, entry, key: str) -> None:
        """Stop at a row of a ledger that this role does not write."""
        if f"add_{self.model._meta.model_name}" not in permissions_of(self.user.role):
            self.refuse(entry, key, _("The bureau keeps this ledger."))

    def clash(self, entry, key: str, team) -> None:
        """A match outside the user's scope: whose it is, and nothing else."""
        if entry.is_masked:
            raise LeftAlone
        message = _("Belongs to %(team)s; ask them or the bureau.") % {"team": team or "—"}
        entry.clash(self.heading(key), entry.row_values.get(key), message)
        raise Refused

    # -- changing ------------------------------------------------------------------------------

    def put(self, entry, row, **values) -> None:
        """Set what is given and differs; an empty value keeps the old one."""
        given = {k: v for k, v in values.items() if v is not None and v != ""}
        self.put_exactly(entry, row, **given)

    def put_exactly(self, entry, row, **values) -> None:
        """Set also empty values."""
        is_new = row._state.adding
        for name, value in values.items():
            field, is_link, label, words = self._field(type(row), name)
            if not _differs(row, field, is_link, value):
                continue
            before = "" if is_new else display(field, words, getattr(row, name))
            self.workspace.put(row, field, value)
            entry.changes.append({"label": label, "before": before, "note": "",
                                  "after": display(field, words, value)})  # fmt: skip

    def _field(self, model, name: str) -> tuple:
        """The field, whether it is a link, its label and the words of its choices."""
        known = self._fields.get((model, name))
        if known is None:
            field = model._meta.get_field(name)
            words = {key: str(word) for key, word in field.flatchoices} if field.choices else None
            known = (field, field.is_relation, str(field.verbose_name), words)
            self._fields[(model, name)] = known
        return known

    def put_amount(self, entry, row, stem: str, amount: Amount | None) -> None:
        """An amount with what is uncertain about it; an unknown one keeps what is known."""
        if amount is None or (amount.yuan is None and getattr(row, f"{stem}_yuan") is not None):
            return
        exact = amount.precision == AmountPrecision.EXACT
        values = {f"{stem}_yuan": amount.yuan}
        values[f"{stem}_precision"] = "" if exact else amount.precision
        if hasattr(row, f"{stem}_upper_yuan"):
            values[f"{stem}_upper_yuan"] = amount.upper_yuan
        if row._state.adding or any(getattr(row, name) != v for name, v in values.items()):
            values[f"{stem}_text"] = amount.text[:120]
        self.put_exactly(entry, row, **values)

    def add(self, entry, row):
        """Add a new record or a part of one, checked by its model."""
        check_row(row)
        return self.workspace.add(row)

    def check(self, row) -> None:
        """Let the model judge a record that was added or changed here."""
        if row._state.adding:
            check_row(row)
        elif (type(row), row.pk) in self.workspace.changed:
            check_row(row, touched=self.workspace.fields[(type(row), row.pk)])

    def word(self, lasting) -> str:
        """A lazy text of a module as this ledger's language says it; looked up once."""
        if id(lasting) not in self._words:
            self._words[id(lasting)] = str(lasting)
        return self._words[id(lasting)]

    def new_record(self, entry, row) -> None:
        entry.is_record_new = True
        entry.instance = row

    def settle(self, entry, rows: dict, key, row, what, said: str) -> None:
        """Let the model judge the row of this key; a new one is told of, and known from now on."""
        entry.instance = row
        if not row._state.adding or rows.get(key) is row:
            self.check(row)
            return
        entry.change(what, "", said)
        self.new_record(entry, self.add(entry, row))
        self.workspace.remember(rows, key, row)

    # -- names to rows -------------------------------------------------------------------------

    def team_named(self, entry, key: str, name: str | None) -> TaskForce | None:
        """The task force of a cell; without one the user's own, or the one the title names."""
        if name is None:
            titled = self.directory.team(self.layout.team) if self.layout.team else None
            return titled or (self.user.team if self.user.role in TEAM_ROLES else None)
        if name not in self._teams:
            self._teams[name] = self.directory.team(name)
        team = self._teams[name]
        if team is None:
            closest = self.directory.closest_team(name)
            self.refuse(
                entry, key,
                _("There is no task force “%(name)s”; the closest is “%(closest)s”."),
                name=name, closest=closest,
            )  # fmt: skip
        if self.user.role in TEAM_ROLES and team.pk not in self.user.team_ids:
            self.refuse(entry, key, _("You may only import rows of your own task force."))
        return team

    def firm(self, entry, key: str, name: str, *, code: str | None = None, **known) -> Company:
        """The firm of this code or name, made when unknown; ``known`` fills a new one."""
        found = self.find_firm(entry, key, name, code)
        if found is None:
            return self._new_firm(entry, key, name, uscc=code, **known)
        if not found._state.adding and not found.is_open:
            self.clash(entry, key, found.owning_team)
        return found

    def find_firm(self, entry, key: str, name: str, code: str | None) -> Company | None:
        by_code = self.directory.codes.get(code) if code else None
        by_name = self.directory.companies.get(match_key(name)[:120])
        if by_code and by_name and by_code is not by_name:
            self.refuse(entry, key, _("The code belongs to another firm than the name."))
        return by_code or by_name

    def _new_firm(self, entry, key, name, **values) -> Company:
        firm = Company(name=name, **{k: v for k, v in values.items() if v})
        firm.set_name_keys()
        if self.model is not Company:  # else checked when all its values are set
            check_row(firm)
        self.workspace.add(firm)
        self.workspace.remember(self.directory.companies, firm.name_key, firm)
        if firm.uscc:
            self.workspace.remember(self.directory.codes, firm.uscc, firm)
        self.new_firms[firm.name_key] = firm
        alike = self.directory.cores.get(core_name(name)[:120])
        if alike:
            self.warn(entry, key, _("New firm; “%(name)s” is similar.") % {"name": alike})
        if self.model is not Company:
            entry.change(_("new firm"), "", name)
        return firm

    def look_up_firms(self, names, codes=()) -> None:
        names = set(names)
        self.directory.load_companies(names, codes)
        unknown = [n for n in names if match_key(n)[:120] not in self.directory.companies]
        self.directory.load_cores(unknown)

    def place(self, entry, key: str, target: str, text: str | None):
        """A park or segment by its name: (row, "") or (None, text), proposed to the bureau."""
        if not text:
            return None, ""
        row = getattr(self.directory, target)(text)
        if row is not None:
            return row, ""
        self.warn(entry, key, _("Not in the reference data; kept as text and proposed."))
        self.proposals[(target, text[:120])] = self.proposals.get((target, text[:120]), 0) + 1
        return None, text

    # -- stages --------------------------------------------------------------------------------

    @property
    def may_skip(self) -> bool:
        return "jump_stage" in permissions_of(self.user.role)

    def enter(self, entry, project: Project, stage: str, on: date | None) -> None:
        """Let the project stand in the stage, as a recorded override, if the user may skip."""
        if not self.may_skip:
            if project._state.adding:
                message = _("Enters as a lead: only the bureau may enter it at a later stage.")
                entry.warn("", "", message)
            return
        day = max(min(on or today(), today()), project.stage_since)
        before = "" if project._state.adding else project.get_stage_display()
        project.enters_later = project._state.adding
        self.workspace.enter(project, stage, day)
        entry.change(
            _("stage"), before, str(dict(Project._meta.get_field("stage").choices)[stage]),
            _("recorded as an override"),
        )  # fmt: skip


def _differs(row, field, is_link: bool, value) -> bool:
    if is_link and value is not None and value.pk is not None:
        return getattr(row, field.attname) != value.pk
    return getattr(row, field.name) != value


def display(field, words: dict | None, value) -> str:
    """A value as the check page shows it; ``words`` are those of the field's choices."""
    if value is None or value == "":
        return ""
    if words is not None:
        return words.get(value, str(value))
    if value.__class__ is str:
        return value
    if isinstance(value, Decimal):
        return exact_text(value) if field.name.endswith("_yuan") else f"{value.normalize():f}"
    if isinstance(value, bool):
        return "✓" if value else "✗"
    return str(value)
