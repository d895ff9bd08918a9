"""The one application."""

from django.apps import AppConfig
from django.db.models.signals import post_migrate
from django.utils.translation import gettext_lazy as _


class CrmConfig(AppConfig):
    name = "crm"
    verbose_name = _("Investment promotion")

    def ready(self):
        """A table that a migration rebuilds on SQLite loses what keeps its search index."""
        from crm.models import search_index  # noqa: PLC0415 - models load after their application

        post_migrate.connect(search_index.keep, sender=self)
