"""What a ledger's column is, and the cells that take more than one column of a table."""

import re
from dataclasses import dataclass, replace

from django.core.exceptions import ValidationError
from django.db import models
from django.utils.translation import gettext_lazy as _

from crm.models.ledgers import LedgerKind
from crm.reports.table import Kind

from . import parts
from .parts import BETWEEN, OfProject
from .sources import Chunk, Source, field, looked_up

TOLD = (_("progress of the project"), _("problems"), _("note"), _("energy use"))


@dataclass(frozen=True)
class Out:
    """A column. ``width`` in half-width characters; ``group`` is the merged heading above.

    ``total``: the sum stands below. ``public``: shown of rows that are closed to the reader too.
    """

    key: str
    label: str
    width: int
    source: Source
    kind: Kind = Kind.TEXT
    group: str = ""
    total: bool = False
    public: bool = False


@dataclass(frozen=True)
class Sheet:
    kind: str
    title: str
    model: type[models.Model]
    columns: tuple[Out, ...]

    @property
    def name(self) -> str:
        return str(LedgerKind(self.kind).label)

    @property
    def has_money(self) -> bool:
        return any(column.kind is Kind.MONEY for column in self.columns)

    def without(self, withheld: frozenset[str]) -> "Sheet":
        """The ledger as somebody may take it out who may not take these columns."""
        left = tuple(column for column in self.columns if column.key not in withheld)
        return replace(self, columns=left)

    def with_columns(self, keys) -> "Sheet":
        """Only these columns, in this order; raises ValidationError for one that is not there."""
        if keys is None:
            return self
        known = {column.key: column for column in self.columns}
        chosen = list(dict.fromkeys(keys))
        if unknown := [key for key in chosen if key not in known]:
            raise ValidationError(
                _("This ledger has no column “%(column)s”."),
                code="column",
                params={"column": unknown[0]},
            )
        if not chosen:
            raise ValidationError(_("Choose at least one column."), code="no_column")
        return replace(self, columns=tuple(known[key] for key in chosen))


def text(key: str, label, width: int, source: Source | str = "", **more) -> Out:
    source = field(source or key) if isinstance(source, str) else source
    return Out(key, label, width, source, **more)


def yuan(key: str, label, source: Source, width: int = 10, **more) -> Out:
    """An amount: summed, and shown even where the row is closed."""
    return Out(key, label, width, source, **({"kind": Kind.MONEY, "total": True} | more))


def date(key: str, label, source: Source | str = "", **more) -> Out:
    source = field(source or key) if isinstance(source, str) else source
    return Out(key, label, 11, source, **({"kind": Kind.DATE} | more))


# -- cells that take more than one column of the table ---------------------------------------------


def of_person(find, attribute: str, by: str = "pk") -> Source:
    return looked_up(find, by=by, then=lambda person, chunk: getattr(person, attribute))


def names_met() -> Source:
    return looked_up(
        parts.people_met, then=lambda people, chunk: BETWEEN.join(p.name for p in people)
    )


def of_first_met(attribute: str) -> Source:
    """Position or phone of the first person met: the column is about one person."""
    return looked_up(parts.people_met, then=lambda people, chunk: getattr(people[0], attribute))


def with_more(source: Source, path: str) -> Source:
    """What a look-up found and, behind it, what stands in the row's own text."""

    def read(chunk):
        rows = zip(source.read(chunk), chunk[path], strict=True)
        return [BETWEEN.join(filter(None, found)) for found in rows]

    return Source((*source.fields, path), read)


def told(label: str, *, or_else: str = "") -> Source:
    """What a project's content tells under a label of its own line (进展情况：…), or before any.

    Ledgers have columns that a project has no field for; an import keeps them in the content, each
    under its heading. Only what has its column in this export is taken out of the content, so that
    what comes back together is the same content.
    """

    def read(chunk):
        labels = [name for name in map(str, TOLD) if name in chunk.headings]
        lines = re.compile(f"^({'|'.join(map(re.escape, labels)) or '$^'})：", re.MULTILINE)
        cells = [_told(text, lines, str(label)) for text in chunk["content"]]
        if not or_else:
            return cells
        pairs = zip(cells, chunk["content"], chunk[or_else], strict=True)
        return [cell if text else other for cell, text, other in pairs]

    return Source(("content", *([or_else] if or_else else [])), read)


def _told(text: str, lines: re.Pattern, label: str) -> str:
    if "：" not in text:
        return "" if label else text
    first, *rest = lines.split(text)
    parts = {"": first} | dict(zip(rest[::2], rest[1::2], strict=True))
    return parts.get(label, "").removesuffix("\n")


def with_day(path: str, day: str) -> Source:
    """What is to be done and, in brackets, until when."""

    def read(chunk):
        pairs = zip(chunk[path], chunk[day], strict=True)
        return [f"{what}（{due}）" if what and due else what for what, due in pairs]

    return Source((path, day), read)


def either(*paths: str) -> Source:
    """The first of these that says something."""

    def read(chunk):
        rows = zip(*(chunk[path] for path in paths), strict=True)
        return [next(filter(None, row), None) for row in rows]

    return Source(paths, read)


def investors(of_project: OfProject, lead: str, by: str) -> Source:
    joint = looked_up(of_project.joint_investors, by=by)

    def read(chunk):
        pairs = zip(chunk[lead], joint.read(chunk), strict=True)
        return [BETWEEN.join(filter(None, pair)) for pair in pairs]

    return Source((lead, by), read)


def milestone(of_project: OfProject, kind: str, place: int, *, else_path: str = "") -> Source:
    """Planned day (0), actual day (1) or words (2) of a milestone, else a column of the row."""

    def read(chunk):
        found = chunk.look_up(of_project.milestones)
        cells = [(found.get(pk, {}).get(kind) or (None, None, ""))[place] for pk in chunk["pk"]]
        if not else_path:
            return cells
        return [own or cell for own, cell in zip(chunk[else_path], cells, strict=True)]

    return Source(("pk", *([else_path] if else_path else [])), read)


def state(chunk: Chunk) -> list:
    """Whether a request is closed."""
    done, waiting = str(_("closed")), str(_("being handled"))
    return [waiting if closed is None else done for closed in chunk["closed_on"]]


def subject(chunk: Chunk) -> list:
    """The project a request is about, else the firm; a closed project by its code name."""
    paths = ("project__name", "project__code_name", "company__name", "is_open")
    rows = zip(*(chunk[path] for path in paths), strict=True)
    return [(name if is_open else code) or firm for name, code, firm, is_open in rows]
