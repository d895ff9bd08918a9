"""联盟会议台账: meetings of the alliance, what was agreed, and which members came."""

from django.utils.translation import gettext_lazy as _
from import_export.fields import Field

from crm.models import AllianceMeeting, AllianceMembership, MeetingAttendance
from crm.names import match_key

from .resource import Ledger
from .widgets import DateWidget, FirmsWidget, TextWidget

State = MeetingAttendance.State
COLUMNS = {"came": State.CAME, "excused": State.EXCUSED}


class MeetingLedger(Ledger):
    kind, model = "meetings", AllianceMeeting
    looks_at = (AllianceMembership, AllianceMeeting, MeetingAttendance)

    name = Field(column_name="name", widget=TextWidget(120))
    held_on = Field(column_name="held_on", widget=DateWidget())
    place_of_it = Field(column_name="place", widget=TextWidget(120))
    agenda = Field(column_name="agenda", widget=TextWidget(one_line=False))
    summary = Field(column_name="summary", widget=TextWidget(one_line=False))
    came = Field(column_name="came", widget=FirmsWidget())
    excused = Field(column_name="excused", widget=FirmsWidget())

    def needed(self):
        return ("name", "held_on")

    def look_up(self, rows):
        named = (row[key] or [] for row in rows for key in COLUMNS if row.get(key))
        self.look_up_firms(name for names in named for name in names)
        members = AllianceMembership.objects.live().visible_to(self.user)
        self.members = {row.company_id: row for row in members}
        known = AllianceMeeting.objects.live().visible_to(self.user)
        self.meetings = {(match_key(row.name), row.held_on): row for row in known}
        rows = MeetingAttendance.objects.filter(meeting__in=known.values("pk"))
        self.attendance = {(row.meeting_id, row.membership_id): row for row in rows}

    def take(self, entry, values):
        self.only_by_keepers(entry, "name")
        key = (match_key(values["name"]), values["held_on"])
        new = AllianceMeeting(name=values["name"], held_on=values["held_on"])
        row = self.meetings.get(key, new)
        texts = {name: values.get(name) for name in ("place", "agenda", "summary")}
        self.put(entry, row, **texts)
        self.settle(entry, self.meetings, key, row, _("alliance meeting"), row.name)
        for column, state in COLUMNS.items():
            for name in values.get(column) or []:
                self._put_member(entry, row, column, name, state)

    def _put_member(self, entry, meeting, column: str, name: str, state) -> None:
        firm = self.find_firm(entry, column, name, None)
        member = firm and self.members.get(firm.pk)
        if member is None:
            text = _("“%(name)s” is no member of the alliance; left out.") % {"name": name}
            self.warn(entry, column, text)
            return
        key = (meeting.pk or id(meeting), member.pk)
        row = self.attendance.get(key)
        is_new = row is None
        row = row or MeetingAttendance(meeting=meeting, membership=member)
        if is_new:
            row.state = state
            entry.change(_("attendance of a member"), "", f"{name}：{state.label}")
            self.add(entry, row)
            self.workspace.remember(self.attendance, key, row)
        else:
            self.put(entry, row, state=state)
            self.check(row)
