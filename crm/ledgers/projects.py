"""储备项目台账 and 在建/投产项目台账: projects with their investors, at the ledger's stage."""

from functools import cached_property

from django.utils.translation import gettext_lazy as _
from import_export.fields import Field

from crm import stages
from crm.duplicates import foreseen
from crm.models import (
    Assessment,
    Company,
    ComputeCapacity,
    Contact,
    FactorNeeds,
    Project,
    ProjectInvestor,
)
from crm.models.conflicts import rivals_of
from crm.names import match_key
from crm.periods import today
from crm.stages import Stage

from .companies import People
from .directory import chunks
from .resource import Ledger
from .widgets import (
    ChoiceWidget,
    ContactWidget,
    DateWidget,
    FirmsWidget,
    MoneyWidget,
    NameWidget,
    PhoneWidget,
    QuantityWidget,
    TextWidget,
)

RESULTS = {
    "有条件通过": "conditional", "有条件": "conditional", "原则通过": "conditional",
    "不通过": "failed", "未通过": "failed", "不予通过": "failed", "通过": "passed",
    "同意": "passed", "已通过": "passed",
}  # fmt: skip
STAGES = {
    "已投产": Stage.PRODUCING, "投产": Stage.PRODUCING, "上线运营": Stage.PRODUCING,
    "未开工": Stage.SIGNED, "在建": Stage.BUILDING, "已开工": Stage.BUILDING,
    "建设中": Stage.BUILDING, "已落地": Stage.LANDED, "落地": Stage.LANDED,
}  # fmt: skip


class ProjectRows(People, Ledger):
    """Ledgers whose rows are about projects: finds them, or makes them with their investors."""

    label_field = "name"
    project_key = "name"
    looks_at = (Contact, Project, ProjectInvestor, FactorNeeds, ComputeCapacity, Assessment)
    fields_of_columns = {
        "planned_yuan": "planned", "fixed_assets_yuan": "fixed_assets", "lead_team": "team",
        "lead_investor": "investor", "sponsoring_leader": "leader", "summary": "content",
        "planned_signing_on": "planned_signing",
    }  # fmt: skip

    def needed(self):
        return ("name", "investor")

    def look_up(self, rows):
        firms = [name for row in rows for name in self._firms_of(row)]
        self.look_up_firms(firms)
        self.look_up_people(self.directory.companies.values())
        self._look_up_projects(rows)

    def _firms_of(self, row) -> list[str]:
        names = row.get("investor") or []
        others = [row.get("party"), row.get("project_company")]
        return [*names, *(name for name in others if name)]

    def _look_up_projects(self, rows) -> None:
        """Projects of these names or numbers, whoever's they are; which are the user's is known."""
        self.by_number, self.by_name = {}, {}
        keys = {match_key(row[self.project_key])[:160] for row in rows if row.get(self.project_key)}
        numbers = {row["code"].upper() for row in rows if row.get("code")}
        linked = ("lead_investor", "lead_team", "park", "segment", "contact")
        found = Project.objects.live().select_related(*linked)
        for part in chunks(keys):
            for project in found.filter(name_key__in=part):
                self.by_name.setdefault(project.name_key, []).append(project)
        for part in chunks(numbers):
            self.by_number |= {p.number: p for p in found.filter(number__in=part)}
        pks = {p.pk for same in self.by_name.values() for p in same}
        pks |= {project.pk for project in self.by_number.values()}
        self.mine = set()
        for part in chunks(pks):
            own = Project.objects.filter(pk__in=part).editable_by(self.user)
            self.mine |= set(own.values_list("pk", flat=True))
        self._look_up_parts(pks)

    def _look_up_parts(self, pks) -> None:
        self.investors, self.needs, self.compute, self.vetted = {}, {}, {}, {}
        for part in chunks(pks):
            for row in ProjectInvestor.objects.filter(project__in=part):
                self.investors[(row.project_id, row.company_id)] = row
            self.needs |= {r.project_id: r for r in FactorNeeds.objects.filter(project__in=part)}
            for row in ComputeCapacity.objects.filter(project__in=part):
                self.compute.setdefault(row.project_id, row)
            for row in Assessment.objects.filter(project__in=part):
                self.vetted.setdefault((row.project_id, row.result), row)

    def find_project(self, entry, name, investor: Company | None, code=None) -> Project | None:
        """By our number, else by name and lead investor; a match of others is a conflict."""
        found = self.by_number.get((code or "").upper())
        if found is None:
            same = self.by_name.get(match_key(name)[:160], [])
            if investor is not None:
                same = [p for p in same if self._is_of(p, investor)]
            if len(same) > 1:
                self.refuse(entry, self.project_key, _("Several projects have this name."))
            found = same[0] if same else None
        if found is not None and not found._state.adding and found.pk not in self.mine:
            self.clash(entry, self.project_key, found.lead_team)
        return found

    @staticmethod
    def _is_of(project, investor) -> bool:
        if investor.pk is None:
            return project.lead_investor is investor
        return project.lead_investor_id == investor.pk

    def project(self, entry, values, *, reported_on=None) -> Project:
        """The row's project with its investors, made when unknown."""
        names = values.get("investor") or []
        name = values[self.project_key]
        investor = self._investor(entry, names[0], name, values.get("code")) if names else None
        project = self.find_project(entry, name, investor, values.get("code"))
        if project is None:
            team = self.team_named(entry, "team", values.get("team"))
            project = Project(name=name, lead_investor=investor, source=Project.Source.LEDGER,
                              lead_team=team, reported_on=reported_on or today())  # fmt: skip
            project.stage_since = project.reported_on
            self._announce(entry, project)
        for other in names[1:]:
            self._joint(entry, project, self.firm(entry, "investor", other))
        return project

    def _investor(self, entry, firm_name, name, code) -> Company:
        """The leading investor; of a project of ours it may be a firm of another team."""
        firm = self.find_firm(entry, "investor", firm_name, None)
        known = [self.by_number.get((code or "").upper()),
                 *self.by_name.get(match_key(name)[:160], [])]  # fmt: skip
        ours = {p.lead_investor_id for p in known if p is not None and p.pk in self.mine}
        if firm is not None and firm.pk is not None and firm.pk in ours:
            return firm
        return self.firm(entry, "investor", firm_name)

    @cached_property
    def rivals(self) -> dict:
        """Projects that are there already, of the firms the ledger names."""
        firms = [firm for firm in self.directory.companies.values() if firm.pk]
        return rivals_of([Project(lead_investor=firm) for firm in firms])

    def _announce(self, entry, project) -> None:
        for note in foreseen(project, self.rivals, by=self.user):
            self.warn(entry, self.project_key, note)
        entry.change(_("project name"), "", project.name)
        entry.change(_("lead investor"), "", str(project.lead_investor or ""))
        entry.change(_("lead task force"), "", str(project.lead_team or ""))

    def keep(self, entry, project) -> None:
        """Put a new project among those to add, once its values are set; check it."""
        if project._state.adding and project not in self.workspace.added[Project]:
            self.add(entry, project)
            same = self.by_name.get(match_key(project.name)[:160], [])
            self.workspace.remember(self.by_name, match_key(project.name)[:160], [*same, project])
        else:
            self.check(project)
        entry.instance = project

    def _joint(self, entry, project, firm) -> None:
        self._part(entry, self.investors, (project.pk or id(project), firm.pk or id(firm)),
                   lambda: ProjectInvestor(project=project, company=firm))  # fmt: skip

    def _part(self, entry, index, key, make):
        if key in index:
            return index[key]
        part = self.add(entry, make())
        self.workspace.remember(index, key, part)
        entry.change(part._meta.verbose_name, "", str(part))
        return part

    def put_place(self, entry, project, values) -> None:
        segment, segment_text = self.place(entry, "segment", "segment", values.get("segment"))
        park, site_text = self.place(entry, "park", "park", values.get("park"))
        self.put(entry, project, segment=segment, segment_text=segment_text, park=park,
                 site_text=site_text[:160])  # fmt: skip

    def put_compute(self, entry, project, *, planned=None, online=None, racks=None) -> None:
        if planned is None and online is None and racks is None:
            return
        part = self._part(
            entry, self.compute, project.pk or id(project),
            lambda: ComputeCapacity(project=project, kind="intelligent"),
        )  # fmt: skip
        self.put(entry, part, planned_p=planned, online_p=online, racks=racks)
        self.check(part)

    def put_needs(self, entry, project, **values) -> None:
        given = {key: value for key, value in values.items() if value is not None}
        if given:
            part = self._part(entry, self.needs, project.pk or id(project),
                              lambda: FactorNeeds(project=project))  # fmt: skip
            self.put(entry, part, **given)
            self.check(part)

    def at_least(self, entry, project, stage, on) -> None:
        """Bring the project to the stage unless it is there or further."""
        if stages.position(project.stage) < stages.position(stage):
            self.enter(entry, project, stage, on)

    @staticmethod
    def stage_in(text: str | None, default: str | None) -> str | None:
        key = match_key(text or "")
        return next((stage for word, stage in STAGES.items() if word in key), default)


class ProjectLedger(ProjectRows):
    kind, model = "projects", Project
    money_field = "planned"

    name = Field(column_name="name", widget=NameWidget(160))
    investor = Field(column_name="investor", widget=FirmsWidget())
    content = Field(column_name="content", widget=TextWidget(one_line=False))
    planned = Field(column_name="planned", widget=MoneyWidget())
    fixed_assets = Field(column_name="fixed_assets", widget=MoneyWidget())
    segment = Field(column_name="segment", widget=TextWidget(120))
    park = Field(column_name="park", widget=TextWidget(160))
    land = Field(column_name="land", widget=QuantityWidget("parse_area"))
    energy = Field(column_name="energy", widget=TextWidget(200))
    compute = Field(column_name="compute", widget=QuantityWidget("parse_compute_p"))
    team = Field(column_name="team", widget=TextWidget(120))
    reported_on = Field(column_name="reported_on", widget=DateWidget())
    progress = Field(column_name="progress", widget=TextWidget(one_line=False))
    assessment = Field(column_name="assessment", widget=ChoiceWidget(RESULTS, contains=True))
    planned_signing = Field(column_name="planned_signing", widget=DateWidget(planned=True))
    problems = Field(column_name="problems", widget=TextWidget(one_line=False))
    leader = Field(column_name="leader", widget=TextWidget(60))
    contact = Field(column_name="contact", widget=ContactWidget())
    phone = Field(column_name="phone", widget=PhoneWidget())
    note = Field(column_name="note", widget=TextWidget(one_line=False))
    code = Field(column_name="code", widget=TextWidget(20))

    def needed(self):
        return ("name",)

    def take(self, entry, values):
        project = self.project(entry, values, reported_on=values.get("reported_on"))
        if project._state.adding and project.lead_investor is None:
            self.refuse(entry, "investor", _("This cell must be filled in."))
        is_new = project._state.adding and project not in self.workspace.added[Project]
        self._put_values(entry, project, values)
        self.put_place(entry, project, values)
        if is_new:
            self.at_least(entry, project, Stage.RESERVE, project.reported_on)
            self.new_record(entry, project)
        self.keep(entry, project)
        self._put_parts(entry, project, values)

    def _put_values(self, entry, project, values) -> None:
        self.put_amount(entry, project, "planned", values.get("planned"))
        fixed = values.get("fixed_assets")
        content = "\n".join(
            text for key in ("content", "progress", "problems", "note", "energy")
            if (text := self._told(key, values))
        )  # fmt: skip
        if not project.content and content == project.summary:
            content = ""
        summary = (values.get("content") or "").split("\n")[0][:300]
        self.put(
            entry, project, fixed_assets_yuan=fixed and fixed.yuan, content=content,
            summary=summary if not project.summary else None,
            planned_signing_on=values.get("planned_signing"),
            sponsoring_leader=values.get("leader"),
        )  # fmt: skip

    def _told(self, key, values) -> str:
        """Text columns without a field of their own, under their heading."""
        text = values.get(key)
        return text if key == "content" or not text else f"{self.heading(key)}：{text}"

    def _put_parts(self, entry, project, values) -> None:
        self.put_compute(entry, project, planned=values.get("compute"))
        area = values.get("land")
        if area is not None:
            self.put_needs(entry, project, land_mu=area.mu, floor_m2=area.m2)
        if result := values.get("assessment"):
            self._part(
                entry, self.vetted, (project.pk or id(project), result),
                lambda: Assessment(project=project, held_on=today(), result=result,
                                   note=self.file_name[:300]),
            )  # fmt: skip
        name, phone = values.get("contact") or (None, None)
        if name and project.lead_investor:
            phone = phone or values.get("phone")
            person = self.person(entry, project.lead_investor, name, phone=phone)
            self.put(entry, project, contact=person)


class BuildingLedger(ProjectRows):
    """Projects under construction or producing; their dates say which."""

    kind, model = "building", Project
    money_field = "planned"

    name = Field(column_name="name", widget=NameWidget(160))
    investor = Field(column_name="investor", widget=FirmsWidget())
    planned = Field(column_name="planned", widget=MoneyWidget())
    started_on = Field(column_name="started_on", widget=DateWidget())
    produced_on = Field(column_name="produced_on", widget=DateWidget())
    progress = Field(column_name="progress", widget=TextWidget(200))
    team = Field(column_name="team", widget=TextWidget(120))
    compute_planned = Field(column_name="compute_planned", widget=QuantityWidget("parse_compute_p"))
    compute_online = Field(column_name="compute_online", widget=QuantityWidget("parse_compute_p"))
    racks = Field(column_name="racks", widget=QuantityWidget("parse_count"))
    load_mw = Field(column_name="load_mw", widget=QuantityWidget("parse_power_mw"))
    code = Field(column_name="code", widget=TextWidget(20))

    def needed(self):
        return ("name",)

    def take(self, entry, values):
        started = values.get("started_on")
        project = self.project(entry, values, reported_on=started)
        is_new = project._state.adding and project not in self.workspace.added[Project]
        if is_new and not project.lead_investor:
            self.refuse(entry, "name", _("No project of this name; name its investor too."))
        if is_new and not started:
            self.refuse(entry, "started_on", _("This cell must be filled in."))
        self.put_amount(entry, project, "planned", values.get("planned"))
        produced = values.get("produced_on")
        is_news = is_new or any(
            day and day != stored
            for day, stored in ((started, project.started_on), (produced, project.produced_on))
        )
        self.put(entry, project, started_on=started, produced_on=produced,
                 start_note=values.get("progress"))  # fmt: skip
        if is_news and (produced or started):
            stage = Stage.PRODUCING if produced else Stage.BUILDING
            self.at_least(entry, project, stage, produced or started)
        if is_new:
            self.new_record(entry, project)
        self.keep(entry, project)
        self.put_compute(
            entry, project, planned=values.get("compute_planned"),
            online=values.get("compute_online"), racks=values.get("racks"),
        )  # fmt: skip
        self.put_needs(entry, project, load_mw=values.get("load_mw"))
