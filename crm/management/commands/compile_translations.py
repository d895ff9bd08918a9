"""``manage.py compile_translations``: like compilemessages, where gettext is not installed."""

from pathlib import Path

from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po
from django.conf import settings
from django.core.management import BaseCommand


class Command(BaseCommand):
    help = "Compile the translations that changed."
    requires_system_checks = []

    def handle(self, **options):
        compile_translations()


def compile_translations() -> None:
    """Compile every catalogue that is newer than its compiled form."""
    for folder in settings.LOCALE_PATHS:
        for source in Path(folder).rglob("*.po"):
            compiled = source.with_suffix(".mo")
            if compiled.exists() and compiled.stat().st_mtime >= source.stat().st_mtime:
                continue
            with source.open("rb") as text, compiled.open("wb") as binary:
                write_mo(binary, read_po(text))
