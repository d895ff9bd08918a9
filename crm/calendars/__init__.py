"""The calendar: what falls on which day, and the same as an iCalendar file."""

from .days import KINDS, Asked, Entry, Window, entries_of, nearest_entries
from .file import as_ics

__all__ = ["KINDS", "Asked", "Entry", "Window", "as_ics", "entries_of", "nearest_entries"]
