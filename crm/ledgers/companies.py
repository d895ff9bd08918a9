"""企业库/重点企业清单: firms with their names, marks, segments and a contact."""

from django.utils.translation import gettext_lazy as _
from import_export.fields import Field

from crm.models import Company, CompanyMark, CompanyName, Contact
from crm.names import match_key

from .directory import chunks
from .resource import Ledger
from .widgets import (
    ChoicesWidget,
    ChoiceWidget,
    CodeWidget,
    ContactWidget,
    MoneyWidget,
    NameWidget,
    PhoneWidget,
    TextWidget,
)

OWNERSHIP = {
    "央企": "central", "中央企业": "central", "国企": "state", "国有企业": "state",
    "地方国企": "state", "国有": "state", "国有控股": "state", "民企": "private",
    "民营企业": "private", "民营": "private", "私营企业": "private", "外资": "foreign",
    "外资企业": "foreign", "外企": "foreign", "港澳台": "foreign", "合资": "mixed",
    "混合": "mixed", "混合所有制": "mixed", "事业单位": "public", "高校": "public",
}  # fmt: skip
MARKS = {
    "世界500强": "global_500", "世界五百强": "global_500", "中国500强": "china_500",
    "中国五百强": "china_500", "民营500强": "private_500", "民企500强": "private_500",
    "中国民营500强": "private_500", "上市": "listed", "上市公司": "listed", "上市企业": "listed",
    "链主": "chain_leader", "链主企业": "chain_leader", "头部": "head", "头部企业": "head",
    "龙头": "industry_leader", "龙头企业": "industry_leader", "行业龙头": "industry_leader",
    "专精特新": "specialised", "专精特新企业": "specialised", "小巨人": "specialised",
    "专精特新小巨人": "specialised", "独角兽": "unicorn", "独角兽企业": "unicorn",
}  # fmt: skip
TIERS = {
    "A": "A", "A类": "A", "A级": "A", "一类": "A", "B": "B", "B类": "B", "B级": "B", "二类": "B",
    "C": "C", "C类": "C", "C级": "C", "三类": "C",
}  # fmt: skip


class People:
    """Ledgers that name a person of a firm."""

    def look_up_people(self, firms) -> None:
        self.people = {}
        for part in chunks({firm.pk for firm in firms if firm.pk}):
            for person in Contact.objects.live().filter(company__in=part):
                self.people[(person.company_id, match_key(person.name))] = person

    def person(self, entry, firm, name, *, position=None, phone=None) -> Contact | None:
        """The person of the firm, made when unknown; without a name there is none."""
        if not name:
            return None
        key = (firm.pk or id(firm), match_key(name))
        person = self.people.get(key)
        is_mobile = bool(phone) and phone.isdigit() and len(phone) == 11
        numbers = {"mobile" if is_mobile else "phone": phone or ""}
        if person is None:
            person = self.add(entry, Contact(
                company=firm, name=name[:60], position=(position or "")[:60], **numbers
            ))  # fmt: skip
            self.workspace.remember(self.people, key, person)
            entry.change(_("contact"), "", str(person))
        else:
            self.put(entry, person, position=(position or "")[:60], **numbers)
            self.check(person)
        return person


class CompanyLedger(People, Ledger):
    kind, model = "companies", Company
    looks_at = (CompanyMark, Contact)
    money_field = "revenue"
    fields_of_columns = {"owning_team": "team", "sponsoring_leader": "leader", "key_tier": "tier",
                         "revenue_yuan": "revenue"}  # fmt: skip

    name = Field(column_name="name", widget=NameWidget(120))
    uscc = Field(column_name="uscc", widget=CodeWidget())
    short_name = Field(column_name="short_name", widget=TextWidget(120))
    region = Field(column_name="region", widget=TextWidget(120))
    parent = Field(column_name="parent", widget=NameWidget(120))
    industry = Field(column_name="industry", widget=TextWidget(120))
    segment = Field(column_name="segment", widget=TextWidget(300))
    ownership = Field(column_name="ownership", widget=ChoiceWidget(OWNERSHIP, contains=True))
    marks = Field(column_name="marks", widget=ChoicesWidget(MARKS))
    main_business = Field(column_name="main_business", widget=TextWidget(300))
    revenue = Field(column_name="revenue", widget=MoneyWidget())
    contact = Field(column_name="contact", widget=ContactWidget())
    position = Field(column_name="position", widget=TextWidget(60))
    phone = Field(column_name="phone", widget=PhoneWidget())
    team = Field(column_name="team", widget=TextWidget(120))
    leader = Field(column_name="leader", widget=TextWidget(60))
    tier = Field(column_name="tier", widget=ChoiceWidget(TIERS))
    note = Field(column_name="note", widget=TextWidget(one_line=False))

    def look_up(self, rows):
        names = [row[key] for row in rows for key in ("name", "parent") if row.get(key)]
        self.look_up_firms(names, [row.get("uscc") for row in rows])
        known = {firm for firm in self.directory.companies.values() if firm.pk}
        self.look_up_people(known)
        self._look_up_parts(known)

    def _look_up_parts(self, firms) -> None:
        self.names, self.marks, self.segments = {}, {}, {}
        through = Company.segments.through.objects
        for part in chunks(firm.pk for firm in firms):
            for row in CompanyName.objects.filter(company__in=part):
                self.names[(row.company_id, row.name_key)] = row
            for row in CompanyMark.objects.filter(company__in=part):
                self.marks[(row.company_id, row.mark)] = row
            for company, segment in through.filter(company__in=part).values_list(
                "company", "segment"
            ):
                self.segments[(company, segment)] = True

    def take(self, entry, values):
        name = values["name"]
        firm = self.find_firm(entry, "name", name, values.get("uscc"))
        if firm is not None and not firm._state.adding and not firm.is_open:
            self.clash(entry, "name", firm.owning_team)
        team = values.get("team") and self.team_named(entry, "team", values["team"])
        if firm is None:
            firm = self._new_firm(entry, "name", name, uscc=values.get("uscc"), owning_team=team)
            self.new_record(entry, firm)
        entry.instance = firm
        self._put_values(entry, firm, values, team)
        self._put_parts(entry, firm, values)

    def _put_values(self, entry, firm, values, team) -> None:
        text = values.get("region")
        region = self.directory.region(text) if text else None
        if text and region is None:
            self.warn(entry, "region", _("No region of this name; left out."))
        revenue = values.get("revenue")
        self.put(
            entry, firm, uscc=values.get("uscc"), region=region,
            industry=self._industry(entry, values.get("industry")),
            ownership=values.get("ownership"), main_business=values.get("main_business"),
            revenue_yuan=revenue and revenue.yuan, owning_team=team,
            sponsoring_leader=values.get("leader"), key_tier=values.get("tier"),
            parent=self._parent(entry, firm, values.get("parent")), note=values.get("note"),
        )  # fmt: skip
        self.check(firm)

    def _industry(self, entry, text):
        industry = self.directory.industry(text) if text else None
        if text and industry is None:
            self.warn(entry, "industry", _("No industry of this name in GB/T 4754; left out."))
        return industry

    def _parent(self, entry, firm, name):
        if not name:
            return None
        parent = self.firm(entry, "parent", name)
        return None if parent is firm else parent

    def _put_parts(self, entry, firm, values) -> None:
        owner = firm.pk or id(firm)
        short = values.get("short_name")
        if short and match_key(short) != firm.name_key:
            self._part(entry, self.names, (owner, match_key(short)),
                       lambda: CompanyName(company=firm, kind="short", name=short))  # fmt: skip
        for mark in values.get("marks") or ():
            self._part(entry, self.marks, (owner, mark),
                       lambda mark=mark: CompanyMark(company=firm, mark=mark))  # fmt: skip
        segment, _text = self.place(entry, "segment", "segment", values.get("segment"))
        if segment and (owner, segment.pk) not in self.segments:
            self.workspace.link(firm, "segments", segment)
            self.workspace.remember(self.segments, (owner, segment.pk), True)
            entry.change(_("chain segments"), "", str(segment))
        name, phone = values.get("contact") or (None, None)
        self.person(entry, firm, name, position=values.get("position"),
                    phone=phone or values.get("phone"))  # fmt: skip

    def _part(self, entry, index, key, make) -> None:
        if key in index:
            return
        part = self.add(entry, make())
        self.workspace.remember(index, key, part)
        entry.change(part._meta.verbose_name, "", str(part))


class ContactLedger(People, Ledger):
    kind, model = "contacts", Contact
    looks_at = (Contact,)

    company = Field(column_name="company", widget=NameWidget(120))
    name = Field(column_name="name", widget=ContactWidget())
    section = Field(column_name="section", widget=TextWidget(60))
    position = Field(column_name="position", widget=TextWidget(60))
    phone = Field(column_name="phone", widget=PhoneWidget())
    mobile = Field(column_name="mobile", widget=PhoneWidget())
    note = Field(column_name="note", widget=TextWidget(300))

    def needed(self):
        return ("company", "name")

    def look_up(self, rows):
        self.look_up_firms(row["company"] for row in rows if row.get("company"))
        self.look_up_people(self.directory.companies.values())

    def take(self, entry, values):
        name, phone = values["name"]
        entry.label = name
        firm = self.firm(entry, "company", values["company"])
        known = (firm.pk or id(firm), match_key(name)) in self.people
        phone = values.get("mobile") or phone or values.get("phone")
        person = self.person(entry, firm, name, position=values.get("position"), phone=phone)
        if not known:
            self.new_record(entry, person)
        entry.instance = person
        self.put(entry, person, section=values.get("section"), note=values.get("note"))
        self.check(person)
