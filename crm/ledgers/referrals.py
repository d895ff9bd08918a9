"""引荐台账: which member of the alliance introduced which firm, and who took it up."""

from django.utils.translation import gettext_lazy as _
from import_export.fields import Field

from crm.models import AllianceMembership, Introduction, Project
from crm.names import match_key

from .directory import chunks
from .resource import Ledger
from .widgets import DateWidget, NameWidget, TextWidget


class ReferralLedger(Ledger):
    kind, model = "referrals", Introduction
    looks_at = (AllianceMembership, Introduction, Project)
    label_field = "company"
    fields_of_columns = {"task_force": "team", "membership": "member"}

    introduced_on = Field(column_name="introduced_on", widget=DateWidget())
    member = Field(column_name="member", widget=NameWidget(120))
    person = Field(column_name="person", widget=TextWidget(60))
    company = Field(column_name="company", widget=NameWidget(120))
    project = Field(column_name="project", widget=NameWidget(160))
    team = Field(column_name="team", widget=TextWidget(120))
    note = Field(column_name="note", widget=TextWidget(300))

    def needed(self):
        return ("introduced_on", "member", "company")

    def look_up(self, rows):
        self.look_up_firms(
            row[key] for row in rows for key in ("company", "member") if row.get(key)
        )
        members = AllianceMembership.objects.live().visible_to(self.user)
        self.members = {row.company_id: row for row in members.select_related("company")}
        self.projects = {}
        for part in chunks({match_key(row["project"])[:160] for row in rows if row.get("project")}):
            own = Project.objects.live().open_to(self.user).filter(name_key__in=part)
            self.projects |= {project.name_key: project for project in own}
        known = Introduction.objects.live().visible_to(self.user)
        self.writable = set(known.editable_by(self.user).values_list("pk", flat=True))
        self.introductions = {(row.membership_id, row.company_id): row for row in known}

    def take(self, entry, values):
        firm = self.find_firm(entry, "company", values["company"], None)
        firm = firm or self.firm(entry, "company", values["company"])
        member = self._member(entry, values["member"])
        team = self.team_named(entry, "team", values.get("team")) or firm.owning_team
        if team is None:
            self.refuse(entry, "team", _("An introduction is taken up by a task force."))
        new = Introduction(
            membership=member, company=firm, task_force=team,
            introduced_on=values["introduced_on"],
        )  # fmt: skip
        key = (member.pk, firm.pk or id(firm))
        row = self.introductions.get(key, new)
        self.put(
            entry, row, introduced_on=values["introduced_on"], person=values.get("person"),
            project=self._project(entry, values.get("project")), note=values.get("note"),
        )  # fmt: skip
        self.settle(entry, self.introductions, key, row, _("introduction"), entry.label)
        if entry.changes and row.pk is not None and row.pk not in self.writable:
            self.clash(entry, "company", row.task_force)

    def _member(self, entry, name) -> AllianceMembership:
        firm = self.find_firm(entry, "member", name, None)
        member = firm and self.members.get(firm.pk)
        if member is None:
            self.refuse(entry, "member", _("There is no member of the alliance of this name."))
        return member

    def _project(self, entry, name) -> Project | None:
        project = self.projects.get(match_key(name)[:160]) if name else None
        if name and project is None:
            self.warn(entry, "project", _("No project of this name is open to you; left out."))
        return project
