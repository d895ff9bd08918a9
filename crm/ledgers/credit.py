"""首谈单位, 落地单位 and 分成比例 of the signed ledger: credit shares, where they are clear."""

import re
import unicodedata
from decimal import Decimal

from django.utils.translation import gettext_lazy as _

from crm.access import permissions_of
from crm.models import CreditShare

WHOLE = Decimal(100)
_BARE = re.compile(r"([0-9]{1,3}(?:\.[0-9]+)?)%?[:/比]([0-9]{1,3}(?:\.[0-9]+)?)%?")
_NAMED = re.compile(r"([^0-9:%,;、]{1,40}?):?([0-9]{1,3}(?:\.[0-9]+)?)%")
_ROLES = {"首谈": "first", "首谈单位": "first", "首报首谈": "first", "首谈方": "first",
          "落地": "landing", "落地单位": "landing", "落地方": "landing"}  # fmt: skip
Part = CreditShare.Part


def split_shares(text: str) -> list[tuple[str, Decimal]] | None:
    """(whose, percent) of 50:50, 6:4, 首谈60%,落地40% or 一专班50%、二专班50%; None when unclear.

    Whose is "" where the text gives numbers alone: first talks, then landing.
    """
    plain = re.sub(r"\s", "", unicodedata.normalize("NFKC", text))
    if bare := _BARE.fullmatch(plain):
        found = [("", Decimal(number)) for number in bare.groups()]
        scale = 10 if sum(number for _who, number in found) == 10 else 1
        found = [(who, number * scale) for who, number in found]
    else:
        parts = [_NAMED.fullmatch(part) for part in re.split("[,;、]", plain)]
        if not all(parts):
            return None
        found = [(part[1], Decimal(part[2])) for part in parts]
    return found if sum(number for _who, number in found) == WHOLE else None


class Credit:
    """For the ledger of deals: shares of a project that has none yet."""

    def put_shares(self, entry, project, values) -> None:
        given = [values.get(key) for key in ("first_team", "landing_team", "share")]
        if not any(given) or "add_creditshare" not in permissions_of(self.user.role):
            return
        wanted = self._wanted(entry, *given)
        if wanted is None:
            return
        known = self.shares.get(project.pk or id(project), {})
        if not known:
            self._add_shares(entry, project, wanted)
        elif known != {team.pk: percent for team, _part, percent in wanted}:
            self.warn(entry, "share", _("Other shares are recorded already; they are left."))

    def _wanted(self, entry, first, landing, share) -> list[tuple] | None:
        """(team, part, percent); None when it is not clear whose share is how much."""
        named = {"first": first, "landing": landing}
        rows = split_shares(share) if share else None
        if share and rows is None:
            self.warn(entry, "share", _("Not clear who gets how much; no shares are taken over."))
            return None
        if rows is None:
            if first and landing and first != landing:
                self.warn(entry, "share", _("No ratio is given; 50 : 50 is the usual one."))
            names = list(dict.fromkeys(filter(None, (first, landing))))
            rows = [(name, WHOLE / len(names)) for name in names]
        order = ["first", "landing"]
        whose = [named.get(_ROLES.get(who, "")) or who or named[order[place]]
                 for place, (who, _percent) in enumerate(rows[:2])]  # fmt: skip
        whose += [who for who, _percent in rows[2:]]
        teams = [name and self.directory.team(name) for name in whose]
        if not all(teams) or len(set(teams)) < len(teams):
            message = _("Not clear which task forces share the credit; no shares are taken over.")
            self.warn(entry, "share" if share else "first_team", message)
            return None
        parts = [Part.FIRST, Part.LANDING, *[Part.JOINT] * len(teams)]
        return [(team, part, percent) for team, part, (_who, percent) in
                zip(teams, parts, rows, strict=False)]  # fmt: skip

    def _add_shares(self, entry, project, wanted) -> None:
        owner = project.pk or id(project)
        for team, part, percent in wanted:
            row = CreditShare(project=project, task_force=team, part=part, percent=percent)
            self.add(entry, row)
            entry.change(_("credit share"), "", str(row))
        known = {team.pk: percent for team, _part, percent in wanted}
        self.workspace.remember(self.shares, owner, known)

    def look_at_arrivals(self, entry, project, values) -> None:
        """Money arrived is entered by month; the ledger's total only has to agree."""
        stated = values.get("arrived_total")
        if stated is None or stated.yuan is None:
            return
        recorded = self.arrived.get(project.pk, Decimal(0))
        if stated.yuan != recorded:
            text = _("Money arrived is entered by month; recorded so far: %(sum)s yuan.")
            self.warn(entry, "arrived_total", text % {"sum": f"{recorded:,.2f}"})
