"""Builds the search index anew, or says what in it is out of step."""

from django.core.management.base import BaseCommand, CommandError
from django.db import connection, transaction
from django.utils.translation import gettext as _

from crm.models import Company, CompanyName, Contact, Deal, Project, Trip, search_index
from crm.models.finding import derive_again, out_of_step

FINDABLE = (Company, CompanyName, Contact, Project, Deal, Trip)


class Command(BaseCommand):
    help = _("Rebuild the search index from the records; --check only compares.")

    def add_arguments(self, parser):
        parser.add_argument("--check", action="store_true", help=_("change nothing, only compare"))

    def handle(self, *args, check, **options):
        if check:
            self._check()
            return
        with transaction.atomic():
            for model in FINDABLE:
                keys = list(model._base_manager.values_list("pk", flat=True))
                self._say(model, derive_again(model, keys))
            search_index.rebuild(connection)
        self.stdout.write(self.style.SUCCESS(_("The search index is built anew.")))

    def _say(self, model, count):
        if count:
            line = _("%(kind)s: %(count)s repaired") % {
                "kind": model._meta.verbose_name_plural, "count": count,
            }  # fmt: skip
            self.stdout.write(line)

    def _check(self):
        wrong = {str(m._meta.verbose_name_plural): len(out_of_step(m)) for m in FINDABLE}
        wrong |= {f"{table}_pairs": n for table, n in search_index.drift(connection).items()}
        wrong = {name: count for name, count in wrong.items() if count}
        if wrong:
            found = "、".join(f"{name} {count}" for name, count in wrong.items())
            raise CommandError(
                _("Out of step: %(found)s. Run rebuild_search to repair it.") % {"found": found}
            )
        self.stdout.write(self.style.SUCCESS(_("The search index is in step with the records.")))
