"""What makes a firm worth courting: the factors, their levels in words, and the usual weights."""

from decimal import Decimal

from django.db import models
from django.utils.translation import gettext_lazy as _

HIGH, MIDDLE, LOW, NONE = 3, 2, 1, 0
MET_DAYS, SIGNAL_DAYS = 365, 180
REVENUES = {
    HIGH: Decimal(10_000_000_000), MIDDLE: Decimal(1_000_000_000), LOW: Decimal(100_000_000)
}  # fmt: skip
TOP_MARKS = ("chain_leader", "global_500", "head", "industry_leader")
MIDDLE_MARKS = ("china_500", "private_500", "listed", "unicorn")


class Factor(models.TextChoices):
    GAP = "gap", _("chain gap")
    TIER = "tier", _("key-firm tier")
    MARKS = "marks", _("marks")
    CAPACITY = "capacity", _("capacity to invest")
    HISTORY = "history", _("history with us")
    SIGNALS = "signals", _("signals")


# Points of the factor at its highest level, until the bureau sets its own: 100 together.
WEIGHTS = {
    Factor.GAP: Decimal(30), Factor.TIER: Decimal(15), Factor.MARKS: Decimal(15),
    Factor.CAPACITY: Decimal(15), Factor.HISTORY: Decimal(10), Factor.SIGNALS: Decimal(15),
}  # fmt: skip
# Percent of the weight at each level.
SHARES = {HIGH: Decimal(100), MIDDLE: Decimal(60), LOW: Decimal(30), NONE: Decimal(0)}
LEVELS = {
    Factor.GAP: {
        HIGH: _("in a segment that is missing"), MIDDLE: _("in a segment that is weak"),
        LOW: _("in a segment that is strong already"), NONE: _("in no segment of our chains"),
    },
    Factor.TIER: {
        HIGH: _("tier A"), MIDDLE: _("tier B"), LOW: _("tier C"), NONE: _("not on the list"),
    },
    Factor.MARKS: {
        HIGH: _("chain leader, head or Fortune Global 500"),
        MIDDLE: _("listed, unicorn or China top 500"),
        LOW: _("specialised and innovative"), NONE: _("no mark"),
    },
    Factor.CAPACITY: {
        HIGH: _("revenue of 10bn yuan and more"), MIDDLE: _("revenue of 1bn yuan and more"),
        LOW: _("revenue of 100m yuan and more"), NONE: _("revenue unknown or below 100m yuan"),
    },
    Factor.HISTORY: {
        HIGH: _("has an active project with us"), MIDDLE: _("met within a year"),
        LOW: _("met longer ago"), NONE: _("no contact yet"),
    },
    Factor.SIGNALS: {
        HIGH: _("a strong signal within half a year"),
        MIDDLE: _("a clear signal within half a year"),
        LOW: _("a slight signal within half a year"), NONE: _("no signal, or a warning"),
    },
}  # fmt: skip
# Every so many days somebody talks to a key firm, by tier, unless the firm has its own rhythm.
RHYTHM = {"A": 30, "B": 60, "C": 90}


# How often a key firm may be asked to be contacted, in days.
RHYTHMS = {
    7: _("every week"), 14: _("every two weeks"), 30: _("every 30 days"),
    60: _("every 60 days"), 90: _("every 90 days"), 180: _("every half year"),
}  # fmt: skip
