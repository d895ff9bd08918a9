"""产业链图谱台账: chains with their segments in order, and the firms of each segment."""

from django.utils.translation import gettext_lazy as _
from import_export.fields import Field

from crm.access import permissions_of
from crm.models import Chain, Company, Segment
from crm.names import match_key
from crm.pinyin import search_text

from .directory import chunks
from .resource import Ledger
from .widgets import ChoiceWidget, FirmsWidget, QuantityWidget, TextWidget

POSITIONS = {
    "上游": "upstream", "中上游": "upstream", "前端": "upstream", "中游": "midstream",
    "中端": "midstream", "中下游": "downstream", "下游": "downstream", "后端": "downstream",
    "终端": "downstream",
}  # fmt: skip


def _fill_down(rows: list[dict]) -> None:
    """A chain is often written in its first row only, as in merged cells."""
    above = None
    for row in rows:
        above = row["chain"] = row.get("chain") or above


class ChainLedger(Ledger):
    """One row a segment; its firms in one cell, or a row for each firm."""

    kind, model = "chains", Segment
    looks_at = (Chain, Company)

    chain = Field(column_name="chain", widget=TextWidget(120))
    name = Field(column_name="name", widget=TextWidget(120))
    position = Field(column_name="position", widget=ChoiceWidget(POSITIONS))
    sequence = Field(column_name="sequence", widget=QuantityWidget("parse_count"))
    description = Field(column_name="description", widget=TextWidget(300))
    firms = Field(column_name="firms", widget=FirmsWidget())
    source = Field(column_name="source", widget=TextWidget(one_line=False))

    def needed(self):
        return ("name",)

    def look_up(self, rows):
        _fill_down(rows)
        self.look_up_firms(name for row in rows for name in row.get("firms") or ())
        chains = list(Chain.objects.all())
        # 光 is described as “光伏：从硅料到电站”: the longer word is the same chain.
        self.chains = {match_key(row.description.partition("：")[0]): row for row in chains}
        self.chains |= {match_key(row.name): row for row in chains}
        self.keys = {row.key for row in self.chains.values()}
        self.segments, self.last = {}, {}
        for row in Segment.objects.select_related("chain").order_by("sequence", "pk"):
            for name in row.spellings():
                self.segments.setdefault((row.chain_id, match_key(name)), row)
            self.last[row.chain_id, row.position] = row
        through = Company.segments.through.objects
        self.linked = {}
        known = [firm.pk for firm in self.directory.companies.values() if firm.pk]
        for part in chunks(set(known)):
            for pair in through.filter(company__in=part).values_list("company", "segment"):
                self.linked[pair] = True

    def take(self, entry, values):
        if not values.get("chain"):
            self.refuse(entry, "chain", _("This cell must be filled in."))
        chain = self._chain(entry, values["chain"])
        owner = chain.pk or id(chain)
        key = (owner, match_key(values["name"]))
        segment = self.segments.get(key)
        if segment is None:
            segment = self._new_segment(entry, chain, values)
            self.workspace.remember(self.segments, key, segment)
            self.workspace.remember(self.last, (owner, segment.position), segment)
            self.new_record(entry, segment)
        else:
            self._change(entry, segment, values)
        entry.instance, entry.label = segment, f"{chain} · {segment.name}"
        for name in values.get("firms") or ():
            self._link(entry, segment, name)

    def _chain(self, entry, name: str) -> Chain:
        text = name.removesuffix("产业链").strip() or name
        chain = self.chains.get(match_key(name)) or self.chains.get(match_key(text))
        if chain is not None:
            said = entry.row_values.get("chain")
            if said and match_key(chain.name) not in (match_key(name), match_key(text)):
                self.warn(entry, "chain", _("Taken as the chain “%(name)s”.") % {"name": chain})
            return chain
        self._may(entry, "chain", "add_chain")
        chain = self.add(
            entry, Chain(name=text, key=self._key(text), sequence=len(self.chains) + 1)
        )
        self.workspace.remember(self.chains, match_key(text), chain)
        entry.change(_("industry chain"), "", text)
        return chain

    def _key(self, name: str) -> str:
        """A key from the name's sound, unlike all others."""
        words = (word for word in search_text(name).split() if word.isascii())
        stem = "".join(sign for sign in next(words, "") if sign.isalnum())[:16] or "chain"
        key, number = stem, 1
        while key in self.keys:
            number += 1
            key = f"{stem}-{number}"
        self.keys.add(key)
        return key

    def _new_segment(self, entry, chain: Chain, values) -> Segment:
        self._may(entry, "name", "add_segment")
        position = values.get("position")
        if position is None:
            before = self._before(chain, Segment.Position.DOWNSTREAM)
            position = before.position if before else Segment.Position.UPSTREAM
            self.warn(entry, "position", _("Its place in the chain is not given; taken from the "
                                           "segment before it."))  # fmt: skip
        before = self._before(chain, position)
        number = values.get("sequence")
        row = Segment(
            chain=chain, name=values["name"], position=position, follows=before,
            sequence=number if number is not None else (before.sequence if before else 0) + 1,
            description=values.get("description") or "", source=values.get("source") or "",
        )  # fmt: skip
        entry.change(_("chain segment"), "", values["name"])
        return self.add(entry, row)

    def _before(self, chain: Chain, position: str) -> Segment | None:
        """The last segment at this place in the chain, else the last one further up."""
        order = Segment.Position.values
        for place in reversed(order[: order.index(position) + 1]):
            if row := self.last.get((chain.pk or id(chain), place)):
                return row
        return None

    def _change(self, entry, segment: Segment, values) -> None:
        number = values.get("sequence")
        given = {
            "position": values.get("position"), "sequence": number,
            "description": values.get("description"), "source": values.get("source"),
        }  # fmt: skip
        if any(v not in (None, "", getattr(segment, k)) for k, v in given.items()):
            self._may(entry, "name", "change_segment")
        self.put(entry, segment, **given)
        self.check(segment)

    def _may(self, entry, key: str, permission: str) -> None:
        if permission not in permissions_of(self.user.role):
            self.refuse(
                entry, key, _("Chains and segments are the bureau's; ask it to enter this.")
            )

    def _link(self, entry, segment: Segment, name: str) -> None:
        firm = self.firm(entry, "firms", name)
        pair = (firm.pk or id(firm), segment.pk or id(segment))
        if pair in self.linked:
            return
        self.workspace.link(firm, "segments", segment)
        self.workspace.remember(self.linked, pair, True)
        entry.change(_("firms of the segment"), "", firm.name)
