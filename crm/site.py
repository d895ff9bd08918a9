"""Our admin site."""

from django.contrib import admin


class CrmAdminSite(admin.AdminSite):
    """The site people work in."""
