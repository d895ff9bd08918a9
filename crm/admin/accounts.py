"""Accounts: the system administrator makes them, the security administrator gives the role."""

from axes.models import AccessAttempt
from axes.utils import reset
from django.contrib import admin, messages
from django.contrib.auth.admin import UserAdmin
from django.contrib.auth.forms import AdminPasswordChangeForm, BaseUserCreationForm
from django.contrib.auth.models import Group
from django.core.exceptions import PermissionDenied
from django.utils.translation import gettext_lazy as _
from django_otp.plugins.otp_static.models import StaticDevice
from django_otp.plugins.otp_totp.models import TOTPDevice
from django_tasks_db.models import DBTaskResult

from crm import second_factor
from crm.access import BUSINESS_ROLES, permissions_of
from crm.auditing import audit
from crm.models import SecondFactorRule, User
from crm.models.audit import Action

from .base import ScopedAdmin, is_choosing

# Roles decide; there are no groups to hand out. Everybody keeps their own second factor. What works
# in the background has a page of ours.
admin.site.unregister([Group, TOTPDevice, StaticDevice, DBTaskResult])


UNSPOKEN = {"role", "password", "password1", "password2", "usable_password"}


class GivenPassword:
    """A password that somebody else gives is replaced by the owner at the first sign-in."""

    def save(self, commit=True):
        user = self.user if hasattr(self, "user") else self.instance
        user.must_change_password = True
        return super().save(commit)


class GivenPasswordForm(GivenPassword, AdminPasswordChangeForm):
    pass


class AccountCreationForm(GivenPassword, BaseUserCreationForm):
    """A new account has no role, so it can do nothing until it is given one."""

    class Meta:
        model = User
        fields = ("username", "full_name", "department", "park")


@admin.register(User)
class AccountAdmin(UserAdmin):
    """Two administrators, each with its own part; nobody changes what they may do themselves."""

    add_form = AccountCreationForm
    change_password_form = GivenPasswordForm
    list_display = ("username", "full_name", "role", "department", "park", "is_active")
    list_select_related = ("department", "park")
    list_filter = ()
    filter_horizontal = ()
    search_fields = ("username", "full_name")
    ordering = ("username",)
    autocomplete_fields = ("department", "park")
    actions = ("unlock", "reset_second_factor")
    fieldsets = (
        (None, {"fields": ("username", "password", "is_active")}),
        (_("Person"), {"fields": ("full_name", "email", "department", "park")}),
        (_("Role"), {"fields": ("role",)}),
        (_("Use"), {"fields": ("last_login", "date_joined")}),
    )
    add_fieldsets = (
        (
            None,
            {"fields": ("username", "full_name", "department", "park",
                        "password1", "password2")},
        ),
    )  # fmt: skip
    readonly_fields = ("last_login", "date_joined")

    def get_queryset(self, request):
        rows = User.objects.visible_to(request.user)
        return rows.working() if is_choosing(request) else rows

    def lookup_allowed(self, lookup, value, request=None):
        return False

    def has_view_permission(self, request, obj=None):
        """Administrators and the auditor see accounts; colleagues are names to choose from."""
        may_choose = is_choosing(request) and request.user.role in BUSINESS_ROLES
        return may_choose or "view_user" in permissions_of(request.user.role)

    def has_add_permission(self, request):
        return "add_user" in permissions_of(request.user.role)

    def has_change_permission(self, request, obj=None):
        codes = permissions_of(request.user.role)
        if obj is not None and obj.pk == request.user.pk:
            return False
        return "change_user" in codes or "set_role" in codes

    def has_delete_permission(self, request, obj=None):
        return False

    def get_readonly_fields(self, request, obj=None):
        """The role is the security administrator's, everything else the system administrator's."""
        fields = set(super().get_readonly_fields(request, obj))
        codes = permissions_of(request.user.role)
        if "set_role" not in codes:
            fields.add("role")
        if "change_user" not in codes:
            fields |= {"username", "password", "is_active", "full_name", "email", "department",
                       "park"}  # fmt: skip
        return sorted(fields)

    def user_change_password(self, request, id, form_url=""):
        if "change_user" not in permissions_of(request.user.role):
            raise PermissionDenied
        answer = super().user_change_password(request, id, form_url)
        if request.method == "POST" and answer.status_code == 302:
            audit(request, Action.PASSWORD_GIVEN, self.get_object(request, id))
        return answer

    def save_model(self, request, obj, form, change):
        """The role is noted from what to what; of the rest, which fields were changed."""
        super().save_model(request, obj, form, change)
        if "role" in form.changed_data:
            before = form.initial.get("role", "")
            audit(request, Action.ROLE_GIVEN, obj, before=before, after=obj.role)
        if fields := [name for name in form.changed_data if name not in UNSPOKEN]:
            audit(request, Action.ACCOUNT_CHANGED, obj, fields=fields, is_active=obj.is_active)

    # -- locks: the security administrator's ---------------------------------------------------

    def get_actions(self, request):
        may = "unlock_account" in permissions_of(request.user.role)
        return super().get_actions(request) if may else {}

    @admin.action(description=_("Unlock after wrong passwords"))
    def unlock(self, request, queryset):
        names = list(queryset.values_list("username", flat=True))
        for name in AccessAttempt.objects.filter(username__in=names).values_list(
            "username", flat=True
        ):
            reset(username=name)
        for user in queryset:
            audit(request, Action.UNLOCKED, user)
        self.message_user(request, _("Unlocked: %(names)s.") % {"names": "、".join(names)})

    @admin.action(description=_("Reset the second factor (lost phone)"))
    def reset_second_factor(self, request, queryset):
        for user in queryset.exclude(pk=request.user.pk):
            second_factor.remove(user)
            audit(request, Action.FACTOR_REMOVED, user)
        if queryset.filter(pk=request.user.pk).exists():
            text = _("Your own second factor is reset by another security administrator.")
            self.message_user(request, text, messages.WARNING)
        self.message_user(request, _("They set up a new one when they next sign in."))


@admin.register(SecondFactorRule)
class SecondFactorRuleAdmin(ScopedAdmin):
    """Which roles sign in with a second factor."""

    list_display = ("role", "is_required")
    actions = None

    def save_model(self, request, obj, form, change):
        super().save_model(request, obj, form, change)
        audit(request, Action.RULE_CHANGED, obj, role=obj.role, is_required=obj.is_required)
