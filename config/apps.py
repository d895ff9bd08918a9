"""The default admin site is ours."""

from django.contrib.admin.apps import AdminConfig


class CrmAdminConfig(AdminConfig):
    default_site = "crm.site.CrmAdminSite"
