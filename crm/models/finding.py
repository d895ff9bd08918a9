"""The index behind every search: overlapping pairs of characters of a row's names and codes.

Two characters are the shortest thing people search in Chinese. Each indexed row counts as the text
" column column … " in lower case, so that a blank before what was typed asks for the beginning of a
word, and one behind it for its end.

The database keeps the index itself, see ``search_index``.
"""

from django.db import models, transaction
from django.db.models import Func

from crm.matching import typed

from .base import ScopedQuerySet
from .search_index import INDEXED, as_tokens, joined

CHUNK = 1_000


class Holds(Func):
    """True where the indexed text holds ``pattern``, of at least two characters.

    ``within`` are the columns that may answer; the index itself covers all of them.
    """

    output_field = models.BooleanField()

    def __init__(self, table: str, pattern: str, within: tuple[str, ...]):
        super().__init__("pk", *INDEXED[table])
        self.table, self.pattern, self.within = table, pattern, within

    def as_postgresql(self, compiler, connection, **context):
        _key, columns, looked_in = self._columns(compiler)
        text = f"' ' || lower(concat_ws(' ', {', '.join(looked_in)})) || ' '"
        sql = f"(crm_pairs({', '.join(columns)}) @> %s::text[] AND strpos({text}, %s) > 0)"
        return sql, [pairs(self.pattern), self.pattern]

    def as_sqlite(self, compiler, connection, **context):
        key, _columns, looked_in = self._columns(compiler)
        index, text = f"{self.table}_pairs", f"' ' || {joined(looked_in)} || ' '"
        found = f"SELECT rowid FROM {index} WHERE {index} MATCH %s"  # noqa: S608 - names of our own
        sql = f"({key} IN ({found}) AND instr({text}, %s) > 0)"
        return sql, [as_tokens(pairs(self.pattern)), self.pattern]

    def _columns(self, compiler):
        key, *columns = (compiler.compile(each)[0] for each in self.get_source_expressions())
        names = INDEXED[self.table]
        return key, columns, [columns[names.index(name)] for name in self.within]


class FindableQuerySet(ScopedQuerySet):
    """Rows whose names, sounds and codes are indexed."""

    found_in: tuple[str, ...] = ()

    def holding(self, pattern: str, within: tuple[str, ...] | None = None):
        """Rows with the pattern in these of their indexed columns."""
        table = self.model._meta.db_table
        return self.filter(Holds(table, pattern, within or self.found_in))

    def update(self, **values):
        """As Django's; what follows from the written columns is written with them."""
        if not values.keys() & self.model.derived_from():
            return super().update(**values)
        with transaction.atomic():
            keys = list(self.values_list("pk", flat=True))
            count = super().update(**values)
            derive_again(self.model, keys)
        return count

    def bulk_create(self, objs, *args, **kwargs):
        """As Django's; new rows get the columns that follow from others."""
        rows = list(objs)
        for row in rows:
            if not row.is_derived():
                row.derive()
        return super().bulk_create(rows, *args, **kwargs)

    def found_by(self, text: str):
        """Rows that answer to what somebody typed; none when that is nothing."""
        return self.answering([inside(key) for key in typed(text)])

    def answering(self, patterns: list[str]):
        """Rows that hold one of these patterns, themselves or in their parts."""
        found = [keys.order_by() for pattern in patterns for keys in self.answers_to(pattern)]
        if not found:
            return self.none()
        return self.filter(pk__in=found[0].union(*found[1:]) if found[1:] else found[0])

    def by_own_names(self, pattern: str):
        """Rows that hold the pattern in names of their own; quick to stop at a few."""
        return self.holding(pattern)

    def answers_to(self, pattern: str) -> list:
        """Querysets of the keys of rows that hold the pattern themselves or in their parts."""
        return [self.model._default_manager.all().holding(pattern).values("pk")]


def derive_again(model, keys: list[int]) -> int:
    """Compute the derived columns of stored rows anew; returns how many were not as they should."""
    wrong = out_of_step(model, keys)
    model._base_manager.bulk_update(wrong, sorted(model.derived_fields()), batch_size=500)
    return len(wrong)


def out_of_step(model, keys: list[int] | None = None) -> list:
    """Rows, of these keys or all, whose stored derived columns are not what they should be.

    The rows returned carry the right values.
    """
    rows = model._base_manager.all()
    if keys is None:
        return _wrong(model, rows.iterator(chunk_size=CHUNK))
    chunks = (keys[start : start + CHUNK] for start in range(0, len(keys), CHUNK))
    return [row for chunk in chunks for row in _wrong(model, rows.filter(pk__in=chunk))]


def _wrong(model, rows) -> list:
    names, wrong = sorted(model.derived_fields()), []
    for row in rows:
        before = [getattr(row, name) for name in names]
        row.derive()
        if before != [getattr(row, name) for name in names]:
            wrong.append(row)
    return wrong


def inside(key: str) -> str:
    """The pattern for a key anywhere in a word; a single character has to begin one."""
    return key if len(key) > 1 else f" {key}"


def pairs(pattern: str) -> list[str]:
    """The pairs of characters that have to be there for the pattern to be there."""
    return sorted({pattern[i : i + 2] for i in range(len(pattern) - 1)})
