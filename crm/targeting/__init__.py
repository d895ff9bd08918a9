"""Which firms to court, why, and which of them were not heard of for too long."""

from .keeping_up import KeyFirm, key_firms, rhythm_of
from .planning import plan_visits
from .scoring import Line, Scoring

__all__ = ["KeyFirm", "Line", "Scoring", "key_firms", "plan_visits", "rhythm_of"]
