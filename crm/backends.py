"""Login and permissions: what an account may do follows from its role alone."""

from django.conf import settings
from django.contrib.auth.backends import ModelBackend

from crm.access import permissions_of


class RoleBackend(ModelBackend):
    """Permissions from the table in ``crm.access``; sample accounts only log in to a demo."""

    def user_can_authenticate(self, user):
        allowed = super().user_can_authenticate(user) and bool(user.role)
        return allowed and (settings.DEMO or not user.is_sample)

    def get_user(self, user_id):
        """A session dies with the role, the account, or the end of the demo."""
        user = super().get_user(user_id)
        return user if user and self.user_can_authenticate(user) else None

    def get_all_permissions(self, user_obj, obj=None):
        if not user_obj.is_active or user_obj.is_anonymous:
            return set()
        return {f"crm.{code}" for code in permissions_of(user_obj.role)}

    get_user_permissions = get_all_permissions

    def get_group_permissions(self, user_obj, obj=None):
        return set()

    def has_perm(self, user_obj, perm, obj=None):
        return perm in self.get_all_permissions(user_obj)

    def has_module_perms(self, user_obj, app_label):
        return app_label == "crm" and bool(permissions_of(getattr(user_obj, "role", "")))
