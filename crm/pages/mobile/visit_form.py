"""The form of a visit on a phone: few fields, most of them filled in, rules as everywhere."""

from datetime import timedelta

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from crm.forms import DateInput, RecordForm
from crm.models import Company, Project, TaskForce, Trip, Visit
from crm.names import clean_text
from crm.periods import today

SHOWN_PROJECTS = 6


def projects_of(firm, user):
    """Active projects of the firm that are open to the user."""
    rows = Project.objects.live().open_to(user).active().filter(lead_investor=firm)
    return list(rows.order_by("-reported_on", "-id")[:SHOWN_PROJECTS])


class VisitForm(RecordForm):
    """Either ``company`` is chosen or ``firm_name`` written; a name nobody knows is a new firm."""

    firm_name = forms.CharField(label=_("company name"), max_length=120, required=False)
    next_in = forms.TypedChoiceField(
        choices=[(1, "1"), (3, "3"), (7, "7")], coerce=int, required=False, empty_value=None
    )
    photos = forms.Field(label=_("photos"), required=False)

    class Meta:
        model = Visit
        fields = (
            "company", "project", "mode", "held_on", "content", "outcome", "next_step",
            "next_step_on", "task_force", "trip",
        )  # fmt: skip
        widgets = {"held_on": DateInput, "next_step_on": DateInput}

    def __init__(self, *args, user, **kwargs):
        self.user = user
        kwargs["initial"] = {
            "held_on": today(),
            "task_force": user.team,
            **(kwargs.get("initial") or {}),
        }
        super().__init__(*args, **kwargs)
        self.fields["company"].required = False
        self.fields["company"].queryset = Company.objects.live().open_to(user)
        self.fields["project"].queryset = Project.objects.live().open_to(user)
        self.fields["trip"].queryset = Trip.objects.live().open_to(user)
        self.fields["task_force"].queryset = TaskForce.objects.current().own_of(user)
        self.fields["task_force"].required = user.team is None

    @property
    def asks_team(self) -> bool:
        """Whoever belongs to one task force files under it without being asked."""
        return self.user.team is None or len(self.user.team_ids) > 1

    def chosen_firm(self) -> Company | None:
        value = str(self["company"].value() or "")
        if not (value.isascii() and value.isdecimal() and len(value) < 12):
            return None
        return self.fields["company"].queryset.filter(pk=value).first()

    def clean(self):
        cleaned = super().clean()
        cleaned["task_force"] = cleaned.get("task_force") or self.user.team
        self._take_firm(cleaned)
        self._take_next_step(cleaned)
        self._take_trip(cleaned)
        return cleaned

    def _get_validation_exclusions(self):
        """A firm that is entered with the visit has no key yet."""
        excluded = super()._get_validation_exclusions()
        firm = self.cleaned_data.get("company")
        return excluded | ({"company"} if firm and firm.pk is None else set())

    def _take_firm(self, cleaned):
        if cleaned.get("company") or "company" in self.errors:
            return
        name = clean_text(cleaned.get("firm_name") or "")
        if not name:
            self.add_error("company", _("Choose a firm or write its name."))
            return
        try:
            cleaned["company"] = self._firm_named(name)
        except ValidationError as error:
            self.add_error("company", ValidationError(error.messages))

    def _firm_named(self, name: str) -> Company:
        """The firm of this name, or a new one; raises when it is another task force's."""
        known = list(Company.objects.live().visible_to(self.user).named(name)[:2])
        if len(known) == 1 and known[0].is_open:
            return known[0]
        if known:
            teams = "、".join(str(firm.owning_team) for firm in known if firm.owning_team)
            raise ValidationError(
                _("“%(name)s” is a firm of %(team)s; ask them to log the visit."),
                params={"name": name, "team": teams or "—"},
            )
        firm = Company(name=name)
        firm.validate_for(self.user)
        return firm

    def _take_next_step(self, cleaned):
        """A quick pick counts from today; without words the step is to call again."""
        days = cleaned.get("next_in")
        if days and not cleaned.get("next_step_on"):
            cleaned["next_step_on"] = today() + timedelta(days=days)
        if cleaned.get("next_step_on") and not cleaned.get("next_step"):
            cleaned["next_step"] = str(_("Call again"))

    def _take_trip(self, cleaned):
        """The trip under way counts where we went there on one of its days."""
        trip, day = cleaned.get("trip"), cleaned.get("held_on")
        is_out = cleaned.get("mode") == Visit.Mode.OUTBOUND
        if not (trip and day and is_out and trip.started_on <= day <= trip.ended_on):
            cleaned["trip"] = None
        if is_out and cleaned.get("company") and cleaned["company"].region_id:
            self.instance.city = cleaned["company"].region
