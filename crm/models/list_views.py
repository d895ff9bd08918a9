"""How people keep their lists: saved views, chosen columns, the view a list opens with."""

from urllib.parse import parse_qsl, urlencode

from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from crm.access import BUSINESS_ROLES, Role

from .base import Record, ScopedQuerySet, nothing, where

# What says where in a list one is, not what the list shows.
PLACE = {"p", "all", "view", "e", "_popup", "_to_field", "_changelist_filters"}


def normal_query(query: str) -> str:
    """A list's address as a view keeps it: sorted, without the page and without empty values."""
    pairs = parse_qsl(query.lstrip("?"))
    return urlencode(sorted(pair for pair in pairs if pair[0] not in PLACE))


class SavedViewQuerySet(ScopedQuerySet):
    """One's own views, the team's, and those that are for everyone."""

    @classmethod
    def visible_q(cls, user, at=""):
        if user.role not in BUSINESS_ROLES:
            return nothing(at)
        of_team = where(at, audience="team", task_force__in=user.team_ids)
        return where(at, owner=user.pk) | where(at, audience="all") | of_team

    @classmethod
    def editable_q(cls, user, at=""):
        own = where(at, owner=user.pk)
        return own | where(at, audience="all") if user.role == Role.BUREAU else own

    def of_page(self, model_name: str):
        return self.filter(page=model_name)


class SavedView(Record):
    """A named list: its filters, order and columns, as the address that shows it."""

    class Audience(models.TextChoices):
        MINE = "mine", _("only me")
        TEAM = "team", _("my task force")
        ALL = "all", _("everyone")

    owner = models.ForeignKey(
        "crm.User", models.CASCADE, related_name="saved_views", verbose_name=_("owner")
    )
    page = models.CharField(_("list"), max_length=40)
    name = models.CharField(_("name of the view"), max_length=40)
    query = models.CharField(_("address"), max_length=2000, blank=True)
    audience = models.CharField(
        _("for whom"), max_length=4, choices=Audience.choices, default=Audience.MINE
    )
    task_force = models.ForeignKey(
        "crm.TaskForce", models.CASCADE, null=True, blank=True, related_name="+",
        verbose_name=_("task force"),
    )  # fmt: skip

    objects = SavedViewQuerySet.as_manager()

    class Meta:
        verbose_name = _("saved view")
        verbose_name_plural = _("saved views")
        ordering = ["page", "audience", "name", "id"]
        constraints = [
            models.UniqueConstraint(
                name="saved_view_name_once",
                fields=["owner", "page", "name"],
                violation_error_message=_("You already have a view of this name."),
            ),
            models.CheckConstraint(
                name="saved_view_of_team_has_team",
                condition=~Q(audience="team") | ~Q(task_force=None),
                violation_error_message=_("Only a member of a task force shares with it."),
            ),
        ]

    def __str__(self):
        return self.name

    def clean(self):
        self.query = normal_query(self.query)

    def validate_for(self, user, *, without=frozenset()):
        if self.audience == self.Audience.ALL and user.role != Role.BUREAU:
            message = _("Only the bureau makes views for everyone.")
            raise ValidationError({"audience": message})
        super().validate_for(user, without=without)


class ListLayoutQuerySet(ScopedQuerySet):
    @classmethod
    def visible_q(cls, user, at=""):
        return where(at, owner=user.pk) if user.role else nothing(at)

    @classmethod
    def editable_q(cls, user, at=""):
        return cls.visible_q(user, at)


class ListLayout(models.Model):
    """The columns one person sees in a list, and the view it opens with."""

    owner = models.ForeignKey("crm.User", models.CASCADE, related_name="+", verbose_name=_("owner"))
    page = models.CharField(_("list"), max_length=40)
    columns = models.JSONField(_("columns"), default=list, blank=True)
    opens_with = models.ForeignKey(
        SavedView, models.SET_NULL, null=True, blank=True, related_name="+",
        verbose_name=_("opens with"),
    )  # fmt: skip

    objects = ListLayoutQuerySet.as_manager()

    class Meta:
        verbose_name = _("layout of a list")
        verbose_name_plural = _("layouts of lists")
        constraints = [
            models.UniqueConstraint(
                name="list_layout_once",
                fields=["owner", "page"],
                violation_error_message=_("This list has a layout already."),
            )
        ]

    def __str__(self):
        return self.page
