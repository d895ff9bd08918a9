"""The one application."""

from django.apps import AppConfig
from django.db.models.signals import post_migrate, pre_migrate
from django.utils.translation import gettext_lazy as _


class CrmConfig(AppConfig):
    name = "crm"
    verbose_name = _("Investment promotion")

    def ready(self):
        """Sign-ins are noted; rebuilt tables get back their search index, guards and feed."""
        from crm.auditing import connect  # noqa: PLC0415 - models load after their application
        from crm.models import feed_triggers, guarded_tables, search_index  # noqa: PLC0415

        connect()
        # A table that a migration rebuilds on SQLite loses its triggers.
        post_migrate.connect(search_index.keep, sender=self)
        post_migrate.connect(guarded_tables.keep, sender=self)
        post_migrate.connect(feed_triggers.keep, sender=self)
        pre_migrate.connect(feed_triggers.lower_for_migrating, sender=self)
