"""Which parks could take a project, with every reason line by line."""

from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum

from django.utils.translation import gettext as _

from crm.factors import STOCKS, UNITS, Supply
from crm.indicators import sites
from crm.models import EntryRule, Park, ParkSupply
from crm.money import format_yuan, in_unit


class Verdict(StrEnum):
    FITS = "fits"
    UNKNOWN = "unknown"
    FAILS = "fails"


@dataclass(frozen=True)
class Reason:
    """One line: what the project needs, what the park offers, and whether that is enough."""

    label: str
    needed: str
    offered: str
    verdict: Verdict
    note: str = ""


@dataclass(frozen=True)
class Site:
    """A park as a site of a project."""

    park: Park
    reasons: tuple[Reason, ...]
    is_chosen: bool

    def count(self, verdict: Verdict) -> int:
        return sum(reason.verdict == verdict for reason in self.reasons)

    @property
    def fits(self) -> int:
        return self.count(Verdict.FITS)

    @property
    def open_questions(self) -> int:
        return self.count(Verdict.UNKNOWN)

    @property
    def failures(self) -> int:
        return self.count(Verdict.FAILS)

    @property
    def verdict(self) -> Verdict:
        if self.failures:
            return Verdict.FAILS
        return Verdict.UNKNOWN if self.open_questions else Verdict.FITS


def sites_for(project) -> list[Site]:
    """Every park in use, those first that fail in least and leave least open.

    What the project itself takes already counts as left for it.
    """
    found = sites.balances(but=project.pk)
    supplies = ParkSupply.objects.in_force()
    rules: dict = {}
    for rule in EntryRule.objects.live().current().select_related("chain").order_by("sequence"):
        rules.setdefault(rule.park_id, []).append(rule)
    parks = dict.fromkeys(balance.park for balance in found.values())
    made = [
        Site(park, (*_supplies(project, park, found, supplies),
                    *(_by_rule(project, rule) for rule in rules.get(park.pk, ()))),
             park.pk == project.park_id)
        for park in parks
    ]  # fmt: skip
    return sorted(made, key=lambda site: (site.failures, site.open_questions, site.park.sequence))


def _need(project, what: str) -> Decimal | None:
    needs = getattr(project, "needs", None)
    return needs and getattr(needs, what)


def _amount(value: Decimal | None, what: str) -> str:
    return _("not entered") if value is None else f"{value.normalize():,f}{UNITS[what]}"


def _judged(need, offer) -> Verdict:
    if need == 0:
        return Verdict.FITS
    if need is None or offer is None:
        return Verdict.UNKNOWN
    return Verdict.FITS if need <= offer else Verdict.FAILS


def _supplies(project, park, found, supplies):
    for what in STOCKS:
        balance, need = found[(park.pk, what)], _need(project, what)
        label = _("%(what)s: left") % {"what": Supply(what).label}
        yield Reason(label, _amount(need, what), _amount(balance.left, what),
                     _judged(need, balance.left), _note(need, balance, what))  # fmt: skip
    share = supplies.get((park.pk, Supply.GREEN))
    need, offer = _need(project, Supply.GREEN), share and share.amount
    yield Reason(str(Supply.GREEN.label), _amount(need, Supply.GREEN),
                 _amount(offer, Supply.GREEN), _judged(need, offer))  # fmt: skip


def _note(need, balance, what) -> str:
    """How much is short, and that the rest may be smaller than it looks."""
    said = []
    if need is not None and balance.left is not None and need > balance.left:
        said.append(_("short by %(amount)s") % {"amount": _amount(need - balance.left, what)})
    if balance.unknown and balance.left is not None:
        words = {"count": balance.unknown}
        said.append(_("at most: %(count)s projects there have no figure") % words)
    return "，".join(said)


# -- rules of entry --------------------------------------------------------------------------------


def _by_rule(project, rule: EntryRule) -> Reason:
    if rule.kind == EntryRule.Kind.OTHER:
        return Reason(rule.name, "", "", Verdict.UNKNOWN, _("to be judged by people"))
    if rule.kind == EntryRule.Kind.CHAIN:
        return _by_chain(project, rule)
    value = CHECKED[rule.kind](project)
    shown = _("not entered") if value is None else f"{value.normalize():,f}"
    if value is None:
        verdict = Verdict.UNKNOWN
    elif rule.kind == EntryRule.Kind.PUE:
        verdict = Verdict.FITS if value <= rule.value else Verdict.FAILS
    else:
        verdict = Verdict.FITS if value >= rule.value else Verdict.FAILS
    return Reason(rule.name, shown, f"{rule.value.normalize():,f}", verdict)


def _by_chain(project, rule) -> Reason:
    own = project.segment and project.segment.chain
    verdict = (
        Verdict.UNKNOWN if own is None
        else Verdict.FITS if own.pk == rule.chain_id else Verdict.FAILS
    )  # fmt: skip
    return Reason(rule.name, str(own or _("not entered")), str(rule.chain), verdict)


def _investment(project) -> Decimal | None:
    """In 万元."""
    return project.planned_yuan and in_unit(project.planned_yuan, "万元")


def _intensity(project) -> Decimal | None:
    """万元 a mu; not known where no land is needed."""
    land, invested = _need(project, Supply.LAND), _investment(project)
    return round(invested / land, 1) if land and invested else None


def _pue(project) -> Decimal | None:
    """The worst of the project's halls."""
    return max((part.pue for part in project.compute.all() if part.pue is not None), default=None)


CHECKED = {
    EntryRule.Kind.INVESTMENT: _investment,
    EntryRule.Kind.INTENSITY: _intensity,
    EntryRule.Kind.PUE: _pue,
    EntryRule.Kind.GREEN: lambda project: _need(project, Supply.GREEN),
}


def needs_of(project) -> list[tuple[str, str]]:
    """What the project says it needs, for the head of the page."""
    said = [(str(Supply(what).label), _amount(_need(project, what), what)) for what in Supply]
    return [(str(_("planned investment")), format_yuan(project.planned_yuan)), *said]
