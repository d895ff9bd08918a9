"""``manage.py demo``: prepare a database with the facts and sample rows, then serve it."""

import hashlib
import os
from pathlib import Path

from django.conf import settings
from django.core.management import BaseCommand, CommandError, call_command
from django.db import connection
from django.db.migrations.executor import MigrationExecutor

from crm import facts, sample
from crm.management.commands.compile_translations import compile_translations


class Command(BaseCommand):
    help = "Prepare a demo with the facts and sample data, then serve it."
    requires_system_checks = []

    def add_arguments(self, parser):
        parser.add_argument("--prepare", action="store_true", help="prepare and stop")

    def handle(self, *, prepare, **options):
        if not settings.DEMO:
            raise CommandError("The demo runs with CRM_DEMO=1 only; its passwords are known.")
        compile_translations()
        collect_static()
        migrate()
        facts.load()
        sample.load()
        if not prepare:
            self.serve()

    def serve(self):
        host = os.environ.get("HOST", "127.0.0.1")
        port = os.environ.get("PORT", "8000")
        self.stdout.write(f"\n招商引资 CRM  http://{host}:{port}/\n\n")
        for username, role, name, password in sample.ACCOUNTS:
            self.stdout.write(f"  {username:<16} {password:<20} {role:<16} {name}")
        self.stdout.write("\n", ending="")
        self.stdout.flush()
        os.environ["DJANGO_RUNSERVER_HIDE_WARNING"] = "true"
        call_command("runserver", f"{host}:{port}", use_reloader=False)


def migrate() -> None:
    """Bring the database up to date; quick when nothing is pending."""
    executor = MigrationExecutor(connection)
    if executor.migration_plan(executor.loader.graph.leaf_nodes()):
        call_command("migrate", interactive=False, verbosity=0)


def collect_static() -> None:
    """Collect static files when any of ours changed since the last time."""
    own = Path(settings.BASE_DIR) / "crm" / "static"
    files = sorted(path for path in own.rglob("*") if path.is_file())
    state = "".join(f"{path}{path.stat().st_mtime_ns}" for path in files)
    fingerprint = hashlib.sha256(state.encode()).hexdigest()
    mark = Path(settings.STATIC_ROOT) / ".fingerprint"
    if mark.exists() and mark.read_text(encoding="ascii") == fingerprint:
        return
    call_command("collectstatic", interactive=False, verbosity=0)
    mark.write_text(fingerprint, encoding="ascii")
