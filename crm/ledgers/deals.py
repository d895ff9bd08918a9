"""签约项目台账 and 到位资金: deals of projects, and the money that arrived for them."""

from django.db.models import Sum
from django.utils.translation import gettext_lazy as _
from import_export.fields import Field

from crm.models import Arrival, CreditShare, Deal, DealParty
from crm.names import match_key
from crm.stages import Stage

from .credit import Credit
from .directory import chunks
from .projects import ProjectRows
from .widgets import (
    ChoiceWidget,
    DateWidget,
    FirmsWidget,
    MoneyWidget,
    MonthWidget,
    NameWidget,
    TextWidget,
    WrittenDateWidget,
)

KINDS = {
    "框架协议": "framework", "战略合作": "framework", "合作协议": "framework",
    "框架": "framework", "意向": "letter_of_intent", "意向协议": "letter_of_intent",
    "补充协议": "supplement", "增资": "supplement", "正式合同": "contract",
    "投资协议": "contract", "正式协议": "contract", "合同": "contract", "协议": "contract",
}  # fmt: skip
ORIGINS = {"省外": "outside", "外资": "outside", "省内": "inside", "市内": "inside"}
REPLACING = ("替换", "替代", "取代", "代替")


class DealLedger(Credit, ProjectRows):
    kind, model = "deals", Deal
    looks_at = (*ProjectRows.looks_at, Deal, CreditShare, Arrival)
    label_field = project_key = "project"
    money_field = "amount"
    fields_of_columns = ProjectRows.fields_of_columns | {
        "amount_yuan": "amount", "outside_yuan": "outside", "name": "project",
    }  # fmt: skip

    project_name = Field(column_name="project", widget=NameWidget(160))
    investor = Field(column_name="investor", widget=FirmsWidget())
    party = Field(column_name="party", widget=NameWidget(120))
    number = Field(column_name="number", widget=TextWidget(60))
    agreement = Field(column_name="kind", widget=TextWidget(120))
    signed_on = Field(column_name="signed_on", widget=WrittenDateWidget())
    event = Field(column_name="event", widget=TextWidget(120))
    amount = Field(column_name="amount", widget=MoneyWidget())
    outside = Field(column_name="outside", widget=MoneyWidget())
    content = Field(column_name="content", widget=TextWidget(one_line=False))
    park = Field(column_name="park", widget=TextWidget(160))
    segment = Field(column_name="segment", widget=TextWidget(120))
    project_company = Field(column_name="project_company", widget=NameWidget(120))
    registered_on = Field(column_name="registered_on", widget=DateWidget())
    filing_code = Field(column_name="filing_code", widget=TextWidget(40))
    progress = Field(column_name="progress", widget=TextWidget(200))
    arrived_total = Field(column_name="arrived_total", widget=MoneyWidget())
    first_team = Field(column_name="first_team", widget=TextWidget(120))
    landing_team = Field(column_name="landing_team", widget=TextWidget(120))
    share = Field(column_name="share", widget=TextWidget(120))
    leader = Field(column_name="leader", widget=TextWidget(60))
    team = Field(column_name="team", widget=TextWidget(120))
    note = Field(column_name="note", widget=TextWidget(one_line=False))
    code = Field(column_name="code", widget=TextWidget(20))

    def needed(self):
        return ("project", "investor", "signed_on", "amount")

    def look_up(self, rows):
        super().look_up(rows)
        self.deals, self.numbers = {}, {}
        pks = {p.pk for same in self.by_name.values() for p in same}
        pks |= {project.pk for project in self.by_number.values()}
        for part in chunks(pks):
            for deal in Deal.objects.live().filter(project__in=part).select_related("event"):
                self.deals[(deal.project_id, deal.signed_on)] = deal
        for part in chunks({row["number"] for row in rows if row.get("number")}):
            found = Deal.objects.live().filter(number__in=part).select_related("project__lead_team")
            self.numbers |= {deal.number: deal for deal in found}
        self._look_up_scope()
        self._look_up_credit(pks)

    def _look_up_credit(self, pks) -> None:
        self.shares, self.arrived = {}, {}
        for part in chunks(pks):
            for row in CreditShare.objects.filter(project__in=part):
                self.shares.setdefault(row.project_id, {})[row.task_force_id] = row.percent
            sums = Arrival.objects.live().filter(project__in=part).values_list("project")
            self.arrived |= dict(sums.annotate(Sum("amount_yuan")).order_by())

    def _look_up_scope(self) -> None:
        """Which of the deals found the user may read, and which he may write."""
        known = {deal.pk for deal in (*self.deals.values(), *self.numbers.values())}
        self.readable, self.writable = set(), set()
        for part in chunks(known):
            rows = Deal.objects.filter(pk__in=part)
            self.readable |= set(rows.open_to(self.user).values_list("pk", flat=True))
            self.writable |= set(rows.editable_by(self.user).values_list("pk", flat=True))

    def _stay_confirmed(self, entry, deal) -> None:
        changed = (Deal, deal.pk) in self.workspace.changed
        if changed and deal.pk not in self.writable:
            self.refuse(entry, "project", _("This deal is confirmed; only the bureau changes it."))

    def take(self, entry, values):
        signed_on, values["signed_text"] = values["signed_on"]
        values["signed_on"] = signed_on
        values["team"] = values.get("team") or self._team_of_credit(values)
        project = self.project(entry, values, reported_on=signed_on)
        if project._state.adding:
            self._fill(entry, project, values)
        self.keep(entry, project)
        deal, is_new = self._deal(entry, project, values)
        self._put_values(entry, deal, values)
        if is_new:
            self.new_record(entry, self.add(entry, deal))
            self._bring(entry, project, deal, values)
        self._stay_confirmed(entry, deal)
        self.check(deal)
        entry.instance = deal
        self.put_shares(entry, project, values)
        self.look_at_arrivals(entry, project, values)

    def _team_of_credit(self, values) -> str | None:
        """Without a task force of its own column the one that landed the project leads it."""
        named = (values.get("landing_team"), values.get("first_team"))
        return next((name for name in named if name and self.directory.team(name)), None)

    def _fill(self, entry, project, values) -> None:
        """What the ledger says about a project that is first heard of here."""
        self.put_place(entry, project, values)
        content = values.get("content") or ""
        self.put(
            entry, project, content=content, summary=content.split("\n")[0][:300],
            filing_code=values.get("filing_code"), sponsoring_leader=values.get("leader"),
        )  # fmt: skip
        if project.planned_yuan is None:
            self.put_amount(entry, project, "planned", values["amount"])
        project.enters_later = self.may_skip

    def _deal(self, entry, project, values) -> tuple[Deal, bool]:
        number, signed_on = values.get("number"), values["signed_on"]
        key = (project.pk or id(project), signed_on)
        found = self.numbers.get(number) if number else None
        found = found or self.deals.get(key)
        if found is None:
            deal = Deal(project=project, signed_on=signed_on)
            entry.change(_("signed on"), "", signed_on.isoformat())
            self.workspace.remember(self.deals, key, deal)
            if number:
                self.workspace.remember(self.numbers, number, deal)
            return deal, True
        if not found._state.adding and found.pk not in self.readable:
            self.clash(entry, "number" if number else "project", found.project.lead_team)
        return found, False

    def _put_values(self, entry, deal, values) -> None:
        self.put_amount(entry, deal, "amount", values["amount"])
        amount, outside = values["amount"], values.get("outside")
        if amount.original_currency:
            self.put(entry, deal, currency=amount.original_currency,
                     original_amount=amount.original_amount)  # fmt: skip
        event = values.get("event")
        known = self.directory.event(event) if event else None
        if event and known is None:
            self.warn(entry, "event", _("No event of this name; kept as the place."))
        self.put(
            entry, deal, number=values.get("number"), event=known,
            kind=self._kind(entry, values.get("kind")),
            outside_yuan=outside and outside.yuan,
            place=event[:80] if event and known is None else None,
        )  # fmt: skip
        self._put_day(entry, deal, values["signed_on"], values["signed_text"])

    def _put_day(self, entry, deal, day, written: str) -> None:
        """The day, and how it was written where that says less."""
        if written or deal.signed_on != day:
            self.put_exactly(entry, deal, signed_text=written[:60])
        self.put(entry, deal, signed_on=day)

    def _kind(self, entry, text):
        key = match_key(text or "").split("(")[0]
        kind = next((kind for word, kind in KINDS.items() if word in key), None)
        if text and kind is None:
            self.warn(entry, "kind", _("Unknown kind of agreement; taken as a formal contract."))
        return kind or Deal.Kind.CONTRACT

    def _bring(self, entry, project, deal, values) -> None:
        """A new deal's party, what it replaces, and the stage it brings the project to."""
        party = values.get("party")
        firm = self.firm(entry, "party", party) if party else project.lead_investor
        self.add(entry, DealParty(deal=deal, company=firm))
        if any(word in (values.get("kind") or "") for word in REPLACING):
            self._replace(entry, project, deal)
        if deal.kind == Deal.Kind.CONTRACT:
            stage = self.stage_in(values.get("progress"), Stage.SIGNED)
            self.at_least(entry, project, stage, deal.signed_on)

    def _replace(self, entry, project, deal) -> None:
        """The contract takes the place of the project's latest framework in force."""
        owner = project.pk or id(project)
        earlier = [
            other for (of, _day), other in self.deals.items()
            if of == owner and other is not deal and other.status == Deal.Status.IN_FORCE
            and not other.is_formal()
        ]  # fmt: skip
        if not earlier:
            self.warn(entry, "kind", _("Nothing to replace was found."))
            return
        old = max(earlier, key=lambda other: other.signed_on)
        self.put(entry, deal, replaces=old)
        self.workspace.put(old, "status", Deal.Status.REPLACED)


class ArrivalLedger(ProjectRows):
    kind, model = "arrivals", Arrival
    looks_at = (*ProjectRows.looks_at, Arrival)
    label_field = project_key = "project"
    money_field = "amount"
    fields_of_columns = {"amount_yuan": "amount"}

    project_name = Field(column_name="project", widget=NameWidget(160))
    month = Field(column_name="month", widget=MonthWidget())
    amount = Field(column_name="amount", widget=MoneyWidget())
    origin = Field(column_name="origin", widget=ChoiceWidget(ORIGINS, contains=True))
    evidence = Field(column_name="evidence", widget=TextWidget(200))
    code = Field(column_name="code", widget=TextWidget(20))

    def needed(self):
        return ("project", "month", "amount")

    def look_up(self, rows):
        super().look_up(rows)
        self.arrivals, self.writable = {}, set()
        for part in chunks(self.mine):
            known = Arrival.objects.live().filter(project__in=part)
            self.arrivals |= {(a.project_id, a.month, a.origin): a for a in known}
            self.writable |= set(known.editable_by(self.user).values_list("pk", flat=True))

    def take(self, entry, values):
        project = self.find_project(entry, values["project"], None, values.get("code"))
        if project is None:
            self.refuse(entry, "project", _("There is no project of this name."))
        origin = values.get("origin") or Arrival.Origin.OUTSIDE
        key = (project.pk, values["month"], origin)
        arrival = self.arrivals.get(key)
        amount = values["amount"].yuan
        if arrival is None:
            arrival = Arrival(project=project, month=values["month"], origin=origin)
            entry.change(_("month"), "", f"{values['month']:%Y-%m}")
            self.put(entry, arrival, amount_yuan=amount, evidence=values.get("evidence"))
            self.new_record(entry, self.add(entry, arrival))
            self.workspace.remember(self.arrivals, key, arrival)
        else:
            self.put(entry, arrival, amount_yuan=amount, evidence=values.get("evidence"))
            self._stay_confirmed(entry, arrival)
        entry.instance = arrival

    def _stay_confirmed(self, entry, arrival) -> None:
        if entry.changes and not arrival._state.adding and arrival.pk not in self.writable:
            self.refuse(entry, "amount", _("This money is confirmed; only the bureau changes it."))
        self.check(arrival)
