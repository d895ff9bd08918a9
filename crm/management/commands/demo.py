"""``manage.py demo``: prepare a database with the facts and sample rows, then serve it.

``manage.py`` itself compiles the translations before, when Django has not read them yet.
"""

import hashlib
import os
from pathlib import Path

from django.conf import settings
from django.contrib.auth import get_user_model
from django.core.management import BaseCommand, CommandError, call_command
from django.db import connection
from django.db.migrations.executor import MigrationExecutor

from config import environment
from crm import facts, sample


class Command(BaseCommand):
    help = "Prepare a demo with the facts and sample data, then serve it."
    requires_system_checks = []

    def add_arguments(self, parser):
        parser.add_argument("--prepare", action="store_true", help="prepare and stop")

    def handle(self, *, prepare, **options):
        if not settings.DEMO:
            raise CommandError("The demo runs with CRM_DEMO=1 only; its passwords are known.")
        port = environment.integer("PORT", default=8000, low=1)
        collect_static()
        migrate()
        refuse_real_use()
        facts.load()
        sample.load()
        if not prepare:
            self.serve(os.environ.get("CRM_DEMO_ADDRESS", "127.0.0.1"), port)

    def serve(self, address: str, port: int):
        self.stdout.write(f"\n招商引资 CRM  http://{address}:{port}/\n\n")
        for username, role, name, password in sample.ACCOUNTS:
            self.stdout.write(f"  {username:<16} {password:<16} {role.label}  {name}")
        self.stdout.write("")
        self.stdout.flush()
        os.environ["DJANGO_RUNSERVER_HIDE_WARNING"] = "true"
        call_command("runserver", f"{address}:{port}", use_reloader=False)


def migrate() -> None:
    """Bring the database up to date; quick when nothing is pending."""
    executor = MigrationExecutor(connection)
    if executor.migration_plan(executor.loader.graph.leaf_nodes()):
        call_command("migrate", interactive=False, verbosity=0)


def refuse_real_use() -> None:
    """Raise CommandError where people log in but no sample account is: not a demo's database."""
    accounts = get_user_model().objects.filter(is_active=True)
    people = [user for user in accounts if user.has_usable_password()]
    if people and not any(user.is_sample for user in people):
        raise CommandError(
            "This database is in real use; the demo would add accounts with known passwords."
        )


def collect_static() -> None:
    """Collect static files when ours, or the packages that bring some, changed since last time."""
    mark = Path(settings.STATIC_ROOT) / ".fingerprint"
    fingerprint = _static_fingerprint()
    if mark.exists() and mark.read_text(encoding="ascii") == fingerprint:
        return
    call_command("collectstatic", interactive=False, verbosity=0)
    mark.write_text(fingerprint, encoding="ascii")


def _static_fingerprint() -> str:
    files = sorted(path for path in (settings.BASE_DIR / "crm" / "static").rglob("*.*"))
    state = hashlib.sha256((settings.BASE_DIR / "requirements.txt").read_bytes())
    for path in files:
        state.update(f"{path} {path.stat().st_mtime_ns}\n".encode())
    return state.hexdigest()
