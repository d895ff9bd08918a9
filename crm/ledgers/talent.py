"""人才合作协议台账、联合培养项目台账: agreements with universities, programmes and their years."""

from django.utils.translation import gettext_lazy as _
from import_export.fields import Field

from crm.models import Institution, Programme, TrainingAgreement, TrainingYear
from crm.models.talent import TrainingField
from crm.names import match_key

from .resource import Ledger
from .widgets import (
    ChoiceWidget,
    DateWidget,
    NameWidget,
    QuantityWidget,
    TextWidget,
    YearWidget,
)

FIELDS = {
    "运维": "operation", "运营": "operation", "电力": "power", "暖通": "power", "制冷": "power",
    "储能": "power", "供配电": "power", "网络": "platform", "平台": "platform",
    "调度": "platform", "云计算": "platform", "人工智能": "algorithm", "大模型": "algorithm",
    "算法": "algorithm", "数据": "data", "标注": "data", "制造": "manufacturing",
    "安装": "manufacturing", "其他": "other",
}  # fmt: skip
LEVELS = {
    "研究生": "master", "硕士": "master", "博士": "master", "本科": "bachelor",
    "高职": "vocational", "专科": "vocational", "职业": "vocational", "中职": "vocational",
    "短训": "course", "培训": "course", "短期": "course",
}  # fmt: skip

# What a programme is taken to be where its ledger does not say.
USUAL = {"field": TrainingField.OTHER, "level": Programme.Level.VOCATIONAL}


class WithInstitution(Ledger):
    """What is agreed with a university or institute; one that is not listed yet is entered."""

    def look_up(self, rows):
        self.look_up_firms(row["company"] for row in rows if row.get("company"))
        known = Institution.objects.live().visible_to(self.user)
        self.institutions = {match_key(row.name): row for row in known}
        agreements = TrainingAgreement.objects.live().visible_to(self.user)
        self.agreements = {(row.institution_id, match_key(row.name)): row for row in agreements}

    def institution(self, entry, name: str) -> Institution:
        key = match_key(name)
        row = self.institutions.get(key)
        if row is None:
            row = Institution(name=name)
            entry.change(_("partner institution"), "", name)
            self.add(entry, row)
            self.workspace.remember(self.institutions, key, row)
        return row

    def partner(self, entry, name: str | None):
        """The firm that takes part; an unknown one is entered."""
        if not name:
            return None
        known = self.find_firm(entry, "company", name, None)
        return known or self.firm(entry, "company", name)


class AgreementLedger(WithInstitution):
    kind, model = "agreements", TrainingAgreement
    looks_at = (Institution, TrainingAgreement)

    name = Field(column_name="name", widget=TextWidget(160))
    institution_name = Field(column_name="institution", widget=TextWidget(120))
    company = Field(column_name="company", widget=NameWidget(120))
    signed_on = Field(column_name="signed_on", widget=DateWidget())
    valid_until = Field(column_name="valid_until", widget=DateWidget(planned=True))
    content = Field(column_name="content", widget=TextWidget(one_line=False))
    source = Field(column_name="source", widget=TextWidget(one_line=False))

    def needed(self):
        return ("name", "institution")

    def take(self, entry, values):
        self.only_by_keepers(entry, "name")
        institution = self.institution(entry, values["institution"])
        key = (institution.pk or id(institution), match_key(values["name"]))
        new = TrainingAgreement(name=values["name"], institution=institution)
        row = self.agreements.get(key, new)
        self.put(
            entry, row, company=self.partner(entry, values.get("company")),
            **{name: values.get(name) for name in ("signed_on", "valid_until", "content",
                                                   "source")},
        )  # fmt: skip
        self.settle(entry, self.agreements, key, row, _("training agreement"), row.name)


class ProgrammeLedger(WithInstitution):
    """A row for each programme and year; rows of the same programme add their years to it."""

    kind, model = "programmes", Programme
    looks_at = (Institution, TrainingAgreement, Programme, TrainingYear)

    name = Field(column_name="name", widget=TextWidget(120))
    institution_name = Field(column_name="institution", widget=TextWidget(120))
    agreement = Field(column_name="agreement", widget=TextWidget(160))
    training = Field(column_name="field", widget=ChoiceWidget(FIELDS, contains=True))
    level = Field(column_name="level", widget=ChoiceWidget(LEVELS, contains=True))
    company = Field(column_name="company", widget=NameWidget(120))
    year = Field(column_name="year", widget=YearWidget())
    in_training = Field(column_name="in_training", widget=QuantityWidget("parse_count"))
    finished = Field(column_name="finished", widget=QuantityWidget("parse_count"))
    stayed = Field(column_name="stayed", widget=QuantityWidget("parse_count"))
    note = Field(column_name="note", widget=TextWidget(300))

    def needed(self):
        return ("name", "institution")

    def look_up(self, rows):
        super().look_up(rows)
        known = Programme.objects.live().visible_to(self.user)
        self.programmes = {(row.institution_id, match_key(row.name)): row for row in known}
        years = TrainingYear.objects.filter(programme__in=known.values("pk"))
        self.years = {(row.programme_id, row.year): row for row in years}

    def take(self, entry, values):
        self.only_by_keepers(entry, "name")
        institution = self.institution(entry, values["institution"])
        key = (institution.pk or id(institution), match_key(values["name"]))
        new = Programme(name=values["name"], institution=institution, **USUAL)
        row = self.programmes.get(key, new)
        if row is new:
            self._say_what_is_taken(entry, values)
        self.put(
            entry, row, field=values.get("field"), level=values.get("level"),
            agreement=self._agreement(entry, key, values.get("agreement")),
            company=self.partner(entry, values.get("company")), note=values.get("note"),
        )  # fmt: skip
        self.settle(entry, self.programmes, key, row, _("joint programme"), row.name)
        self._put_year(entry, row, values)

    def _say_what_is_taken(self, entry, values) -> None:
        for name, usual in USUAL.items():
            if not values.get(name):
                what = Programme._meta.get_field(name).verbose_name
                words = {"what": what, "value": usual.label}
                self.warn(entry, name, _("%(what)s is not given: “%(value)s” is taken.") % words)

    def _agreement(self, entry, key, name: str | None):
        row = self.agreements.get((key[0], match_key(name))) if name else None
        if name and row is None:
            self.warn(entry, "agreement", _("No agreement of this name with it; left out."))
        return row

    def _put_year(self, entry, programme, values) -> None:
        """People of a year; without a year nobody knows of when they are."""
        people = {name: values.get(name) for name in ("in_training", "finished", "stayed")}
        given = any(number is not None for number in people.values())
        if not values.get("year"):
            if given:
                self.refuse(entry, "year", _("People in training need their year."))
            return
        if not given:
            return
        key = (programme.pk or id(programme), values["year"])
        row = self.years.get(key)
        is_new = row is None
        row = row or TrainingYear(programme=programme, year=values["year"])
        self.put(entry, row, **people)
        if is_new:
            self.add(entry, row)
            self.workspace.remember(self.years, key, row)
        else:
            self.check(row)
