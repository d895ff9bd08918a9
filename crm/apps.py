"""The one application."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class CrmConfig(AppConfig):
    name = "crm"
    verbose_name = _("Investment promotion")

    def ready(self):
        from crm.auditing import connect  # noqa: PLC0415 - models are there only now

        connect()
