"""One row of a ledger on its way in: what it changes, and what is wrong with it."""

from import_export.results import RowResult

from crm.models import ImportRow

Verdict = ImportRow.Verdict


class Refused(Exception):
    """The row cannot go in; the entry says why."""


class LeftAlone(Exception):
    """The row stands for a record that was closed when it was exported: nothing to take over."""


class Entry(RowResult):
    """Result of one row; ``number`` is the row number that Excel shows."""

    def __init__(self, number: int):
        super().__init__()
        self.number = number
        self.label = ""
        self.changes: list[dict] = []
        self.problems: list[dict] = []
        self.is_record_new = False
        self.levels: set[str] = set()
        self.is_masked = False  # part of an export's row that was closed to its reader

    def warn(self, column: str, value, message) -> None:
        self._tell("warning", column, value, message)

    def refuse(self, column: str, value, message) -> None:
        self._tell("error", column, value, message)

    def clash(self, column: str, value, message) -> None:
        self._tell("conflict", column, value, message)

    def _tell(self, level: str, column: str, value, message) -> None:
        self.levels.add(level)
        problem = {"column": column, "value": shown(value)[:200], "message": str(message)}
        self.problems.append({**problem, "level": level})

    def change(self, label, before, after, note="") -> None:
        told = {"label": str(label), "before": before, "after": after, "note": str(note)}
        self.changes.append(told)

    @property
    def is_bad(self) -> bool:
        return "error" in self.levels or "conflict" in self.levels

    @property
    def verdict(self) -> str:
        if "error" in self.levels:
            return Verdict.ERROR
        if "conflict" in self.levels:
            return Verdict.CONFLICT
        if self.is_record_new:
            return Verdict.NEW
        return Verdict.CHANGED if self.changes else Verdict.UNCHANGED


def shown(value) -> str:
    """A raw cell as its reader would recognise it."""
    return "" if value is None else str(value)
