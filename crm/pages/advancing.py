"""What a move still asks for: a form for just that, saved and moved in one transaction."""

from django import forms
from django.core.exceptions import ValidationError
from django.db import transaction
from django.forms import modelform_factory
from django.utils.translation import gettext_lazy as _

from crm import stages
from crm.access import permissions_of
from crm.forms import DateInput, RecordForm, formfield_for
from crm.models import (
    Assessment,
    Contact,
    CreditShare,
    Deal,
    DealParty,
    Park,
    Project,
    Segment,
    TaskForce,
    User,
    Visit,
)
from crm.periods import today
from crm.stages import CONFIRMED_STAGES, Step

# Fields of the project that a requirement is filled in with, by the requirement's key.
FIELDS = {
    "firm": ("lead_investor",),
    "source": ("source",),
    "content": ("summary",),
    "contact": ("contact",),
    "name": ("name",),
    "segment": ("segment",),
    "planned": ("planned_yuan",),
    "site": ("park", "site_text"),
    "planned_amount": ("planned_yuan",),
    "planned_signing": ("planned_signing_on",),
    "owner": ("owner",),
    "next_step": ("next_step", "next_step_on"),
    "landing": ("project_company", "filing_code", "site_secured_on"),
    "start": ("started_on",),
    "start_evidence": ("start_evidence", "start_note"),
    "production": ("produced_on",),
    "production_evidence": ("production_note",),
}
# Choices among all firms need a search box, which only a page of its own has.
SEARCHED = frozenset({"lead_investor", "project_company"})
# What a part begins with says nothing yet.
PRESET = frozenset({"mode", "held_on", "task_force"})
# Fields of the contract, likewise; they are asked together, of the contract in force or a new one.
OF_CONTRACT = {
    "deal": ("number",),
    "deal_amount": ("amount_yuan",),
    "deal_date": ("signed_on",),
    "fair_competition": ("has_support_clause", "fair_review_no"),
}


class WhenForm(RecordForm):
    """The date and reason of a move, and the project's own fields that were missing for it."""

    on = forms.DateField(
        label=_("date of the event"), widget=DateInput,
        help_text=_("the day it really happened; statistics use it"),
    )  # fmt: skip
    reason = forms.CharField(label=_("reason"), max_length=300, required=False)


class Advance:
    """One person moving one project to one stage: what has to be asked, and the doing of it."""

    def __init__(self, project, target: str, *, user, data=None, field_for=None):
        """``field_for`` makes form fields with search boxes; without it choices are short lists."""
        self.field_for = field_for
        self.project, self.target, self.user = project, target, user
        self.is_forward = stages.position(target) > stages.position(project.stage)
        self.lacking = project.missing_for(target) if self.is_forward else []
        self.keys = {requirement.key for requirement in self.lacking}
        self.codes = permissions_of(user.role)
        self.is_proposal = not project.may_move_to(target, by=user)
        self.may_override = "jump_stage" in self.codes
        self.form = self._form(data)
        self.parts = self._parts(data)

    def is_allowed(self) -> bool:
        """Whether the role may make this move or at least propose it."""
        one_step = stages.step(self.project.stage, self.target) is Step.FORWARD
        may_propose = "propose_stage" in self.codes and one_step
        return not self.is_proposal or (may_propose and self.project.is_editable_by(self.user))

    def asks_nothing(self) -> bool:
        """Whether one click is enough: nothing missing, no reason and no second person needed."""
        kind = stages.step(self.project.stage, self.target)
        plain = kind is Step.FORWARD and self.target not in CONFIRMED_STAGES
        return plain and not self.lacking and not self.is_proposal

    @property
    def elsewhere(self) -> list:
        """Requirements that are not filled in here but on a page of their own."""
        here = {*FIELDS, *OF_CONTRACT, "deal_parties", "assessment", "contact_record", "credit"}
        if self.field_for is None:
            here -= {"firm"}
        return [requirement for requirement in self.lacking if requirement.key not in here]

    def day(self):
        """The date to begin with: what the papers say where that can be, else today."""
        on = self.project.evidence_day(self.target)
        return on if on and self.project.stage_since <= on <= today() else today()

    # -- what is asked -------------------------------------------------------------------------

    def _form(self, data):
        asked = [name for key in FIELDS if key in self.keys for name in FIELDS[key]]
        if self.field_for is None:
            asked = [name for name in asked if name not in SEARCHED]
        form_class = self._form_class(Project, asked, WhenForm)
        form = form_class(data, instance=self.project, initial={"on": self.day()})
        if not self._reason_matters():
            del form.fields["reason"]
        return form

    def _reason_matters(self) -> bool:
        plain = stages.step(self.project.stage, self.target) is Step.FORWARD
        alone = self.may_override and (self.lacking or self.target in CONFIRMED_STAGES)
        return not plain or self.is_proposal or bool(alone)

    def _parts(self, data) -> list:
        """Forms of the rows around the project that are missing, in the order they are asked."""
        project, parts = self.project, []
        contract = project.contract() or Deal(project=project)
        if "contact_record" in self.keys:
            visit = Visit(
                project=project, company=project.lead_investor, task_force=project.lead_team
            )
            parts.append(self._part(visit, ("mode", "held_on", "content"), _("visit"), data))
        if "assessment" in self.keys:
            row = Assessment(project=project)
            parts.append(self._part(row, ("held_on", "result", "note"), _("assessment"), data))
        if names := [name for key in OF_CONTRACT if key in self.keys for name in OF_CONTRACT[key]]:
            parts.append(self._part(contract, names, _("contract"), data))
        if "deal_parties" in self.keys:
            parts.append(self._part(DealParty(deal=contract), ("name",), _("party"), data))
        if "credit" in self.keys:
            share = CreditShare(project=project, task_force=project.lead_team)
            names = ("task_force", "percent")
            parts.append(self._part(share, names, _("credit share"), data))
        return parts

    def _part(self, row, names, title, data):
        """A part nobody wrote into is left out: what is then missing the move itself says."""
        prefix = row._meta.model_name
        given = data is not None and any(
            data.get(f"{prefix}-{name}", "") not in ("", "unknown")
            for name in names
            if name not in PRESET
        )
        form_class = self._form_class(type(row), names, RecordForm)
        form = form_class(data if given else None, instance=row, prefix=prefix)
        form.use_required_attribute = False
        form.title = title
        return form

    def _form_class(self, model, names, base):
        bound = type("Form", (base,), {"user": self.user})
        return modelform_factory(
            model, form=bound, fields=names, formfield_callback=self.field_for or self._short_field
        )

    def _short_field(self, db_field, **kwargs):
        if field := formfield_for(db_field):
            return field
        if db_field.get_internal_type() == "DateField":
            kwargs["widget"] = DateInput
        if db_field.related_model is not None:
            kwargs["queryset"] = self._choices(db_field.name)
        return db_field.formfield(**kwargs)

    def _choices(self, name: str):
        """Short lists to choose from: the people and places that are likely for this project."""
        project, user = self.project, self.user
        members = User.objects.working().filter(memberships__left_on=None)
        return {
            "contact": Contact.objects.open_to(user)
            .live()
            .filter(company=project.lead_investor_id),
            "segment": Segment.objects.open_to(user).current().select_related("chain"),
            "park": Park.objects.open_to(user).current(),
            "owner": members.filter(memberships__task_force=project.lead_team_id).distinct(),
            "task_force": TaskForce.objects.open_to(user).current(),
        }[name]

    # -- doing it ------------------------------------------------------------------------------

    def at_once(self):
        """The move that asks nothing, dated by its papers or today; returns the history row."""
        return self.project.move_to(self.target, by=self.user, on=self.day())

    def carry_out(self):
        """Save what was filled in and move (or propose), all or nothing.

        Returns the history row or the proposal; None when the forms now carry the errors.
        Raises StaleRecord when somebody else was faster.
        """
        given = [self.form, *(part for part in self.parts if part.is_bound)]
        if [form for form in given if not form.is_valid()]:
            return None
        values = {"by": self.user, "on": self.form.cleaned_data["on"]}
        values["reason"] = self.form.cleaned_data.get("reason", "")
        act = self.project.propose if self.is_proposal else self.project.move_to
        try:
            with transaction.atomic():
                self._save()
                return act(self.target, **values)
        except ValidationError as error:
            self._explain(error)
            self.project.refresh_from_db()
            return None

    def _save(self):
        if self.project.touched_fields():
            self.project.save_as(self.user)
        for part in self.parts:
            row = part.instance
            if not part.is_bound or (isinstance(row, DealParty) and row.deal.pk is None):
                continue
            if isinstance(row, DealParty):
                row.deal = row.deal  # its key is known only now
            row.save_as(self.user)

    def _explain(self, error):
        """Put a model's error where the person looks: at the field, else at the top."""
        if not hasattr(error, "error_dict"):
            self.form.add_error(None, error)
            return
        for name, found in error.error_dict.items():
            self.form.add_error(name if name in self.form.fields else None, found)
