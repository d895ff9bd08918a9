"""邀请名单: who is invited to an event or a trip, and who came."""

from django.utils.translation import gettext_lazy as _
from import_export.fields import Field

from crm.models import Invitation, Trip
from crm.names import match_key

from .resource import Ledger
from .widgets import ChoiceWidget, NameWidget, QuantityWidget, TextWidget

STATES = {
    "未到": "absent", "未参会": "absent", "缺席": "absent", "未到会": "absent",
    "谢绝": "declined", "不参加": "declined", "已到": "came", "到会": "came",
    "已参会": "came", "参会": "came", "出席": "came",
    "确认": "confirmed", "已确认": "confirmed", "已邀请": "invited", "邀请": "invited",
}  # fmt: skip


class InvitationLedger(Ledger):
    kind, model = "invitations", Invitation
    looks_at = (Trip, Invitation)
    label_field = "company"
    fields_of_columns = {"task_force": "team", "event": "to", "trip": "to"}

    to = Field(column_name="to", widget=TextWidget(120))
    company = Field(column_name="company", widget=NameWidget(120))
    guest = Field(column_name="guest", widget=TextWidget(120))
    people_count = Field(column_name="people_count", widget=QuantityWidget("parse_count"))
    state = Field(column_name="state", widget=ChoiceWidget(STATES, contains=True))
    team = Field(column_name="team", widget=TextWidget(120))
    note = Field(column_name="note", widget=TextWidget(200))

    def needed(self):
        return ("to",)

    def look_up(self, rows):
        self.look_up_firms(row["company"] for row in rows if row.get("company"))
        trips = Trip.objects.live().open_to(self.user)
        self.trips = {match_key(trip.name): trip for trip in trips}
        known = Invitation.objects.live().visible_to(self.user)
        self.writable = set(known.editable_by(self.user).values_list("pk", flat=True))
        self.invitations = {_key(row, row.company_id): row for row in known}

    def take(self, entry, values):
        name, guest = values.get("company"), values.get("guest") or ""
        entry.label = name or guest
        if not entry.label:
            self.refuse(entry, "company", _("A guest is a firm or a name."))
        event = self.directory.event(values["to"])
        trip = None if event else self.trips.get(match_key(values["to"]))
        if event is None and trip is None:
            self.refuse(entry, "to", _("There is no event or trip of this name."))
        firm = self._firm(entry, name) if name else None
        team = self.team_named(entry, "team", values.get("team"))
        new = Invitation(event=event, trip=trip, company=firm, guest=guest, task_force=team)
        key = _key(new, firm and (firm.pk or id(firm)))
        invitation = self.invitations.get(key, new)
        self.put(
            entry, invitation, state=values.get("state"), note=values.get("note"),
            people_count=values.get("people_count"),
        )  # fmt: skip
        self.settle(entry, self.invitations, key, invitation, _("invitation"), entry.label)
        if entry.changes and invitation.pk is not None and invitation.pk not in self.writable:
            self.clash(entry, "to", invitation.task_force)

    def _firm(self, entry, name):
        """Any firm of the register may be invited; an unknown one is entered."""
        known = self.find_firm(entry, "company", name, None)
        return known or self.firm(entry, "company", name)


def _key(row, firm) -> tuple:
    return row.event_id, row.trip_id, firm, match_key(row.guest)
