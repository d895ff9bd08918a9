"""承诺履约台账: what was promised in deals, by when, and how it is kept."""

from django.core.exceptions import PermissionDenied
from django.utils.translation import gettext_lazy as _
from import_export.fields import Field

from crm.models import Commitment, Deal
from crm.models.commitments import KEEPING
from crm.names import match_key

from .directory import chunks
from .resource import Ledger
from .widgets import ChoiceWidget, DateWidget, MoneyWidget, NameWidget, TextWidget

SIDES = {
    "政府": "city", "市方": "city", "我方": "city", "西宁": "city", "园区": "city",
    "企业": "investor", "投资方": "investor", "对方": "investor", "乙方": "investor",
}  # fmt: skip
KINDS = {
    "土地": "land_price", "地价": "land_price", "用地": "land_price", "电价": "power_price",
    "用电": "power_price", "电力": "power_price", "补助": "subsidy", "奖励": "subsidy",
    "补贴": "subsidy", "奖补": "subsidy", "投资": "investment", "进度": "investment",
    "开工": "investment", "产值": "output", "税收": "output", "就业": "output",
    "政策": "policy", "其他": "other",
}  # fmt: skip


class CommitmentLedger(Ledger):
    kind, model = "commitments", Commitment
    looks_at = (Deal, Commitment)
    label_field = "content"
    fields_of_columns = {"deal": "project", "amount_yuan": "amount"}

    project = Field(column_name="project", widget=NameWidget(160))
    number = Field(column_name="number", widget=TextWidget(60))
    side = Field(column_name="side", widget=ChoiceWidget(SIDES, contains=True))
    commitment_kind = Field(column_name="kind", widget=ChoiceWidget(KINDS, contains=True))
    content = Field(column_name="content", widget=TextWidget(300))
    amount = Field(column_name="amount", widget=MoneyWidget())
    department = Field(column_name="department", widget=TextWidget(120))
    due_on = Field(column_name="due_on", widget=DateWidget(planned=True))
    fulfilled_on = Field(column_name="fulfilled_on", widget=DateWidget())
    result = Field(column_name="result", widget=TextWidget(300))
    disputed_on = Field(column_name="disputed_on", widget=DateWidget())
    dispute = Field(column_name="dispute", widget=TextWidget(300))
    settled_on = Field(column_name="settled_on", widget=DateWidget())
    settlement = Field(column_name="settlement", widget=TextWidget(300))

    def needed(self):
        return ("side", "content")

    def look_up(self, rows):
        names = {match_key(row["project"])[:160] for row in rows if row.get("project")}
        numbers = {match_key(row["number"])[:60] for row in rows if row.get("number")}
        self.by_number, self.by_project = {}, {}
        deals = Deal.objects.live().open_to(self.user).select_related("project")
        for part in chunks(numbers):
            self.by_number |= {deal.number_key: deal for deal in deals.filter(number_key__in=part)}
        for part in chunks(names):
            for deal in deals.in_force().filter(project__name_key__in=part):
                self.by_project.setdefault(deal.project.name_key, []).append(deal)
        found = [*self.by_number.values(), *(d for same in self.by_project.values() for d in same)]
        self.commitments = {}
        for part in chunks({deal.pk for deal in found}):
            own = Commitment.objects.live().filter(deal__in=part).editable_by(self.user)
            for row in own.select_related("deal"):
                self.commitments[(row.deal_id, row.side, match_key(row.content))] = row

    def take(self, entry, values):
        deal = self._deal(entry, values)
        key = (deal.pk, values["side"], match_key(values["content"]))
        new = Commitment(deal=deal, side=values["side"], content=values["content"])
        row = self.commitments.get(key, new)
        amount = values.get("amount")
        self.put(
            entry, row, kind=values.get("kind"), amount_yuan=amount and amount.yuan,
            department=self._department(entry, values.get("department")),
            due_on=values.get("due_on"),
            **{name: values.get(name) for name in sorted(KEEPING)},
        )  # fmt: skip
        self._may_write(entry, row)
        self.settle(entry, self.commitments, key, row, _("commitment"), row.content)

    def _may_write(self, entry, row) -> None:
        """What was promised in a confirmed deal is changed by the bureau only."""
        if row._state.adding or entry.changes:
            try:
                row.check_write_by(self.user)
            except PermissionDenied:
                self.refuse(
                    entry, "content",
                    _("What a confirmed deal promises is changed by the bureau only."),
                )  # fmt: skip

    def _deal(self, entry, values) -> Deal:
        """By its contract number, else the only deal in force of the project."""
        number, name = values.get("number"), values.get("project")
        deal = self.by_number.get(match_key(number)[:60]) if number else None
        same = self.by_project.get(match_key(name)[:160], []) if name else []
        if deal is None and not number and len(same) == 1:
            return same[0]
        if deal is None and not number and len(same) > 1:
            self.refuse(entry, "project", _("Several deals; give the contract number."))
        if deal is None:
            key = "number" if number else "project"
            self.refuse(entry, key, _("There is no deal in force of this number or project."))
        return deal

    def _department(self, entry, name):
        department = self.directory.department(name) if name else None
        if name and department is None:
            self.refuse(
                entry, "department",
                _("There is no unit “%(name)s”; the closest is “%(closest)s”."),
                name=name, closest=self.directory.closest_department(name),
            )  # fmt: skip
        return department
