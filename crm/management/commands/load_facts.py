"""``manage.py load_facts``: reference data and the article's facts, without sample rows."""

from django.core.management import BaseCommand

from crm import facts


class Command(BaseCommand):
    help = "Load reference data and the facts of the article; adds only what is missing."

    def handle(self, **options):
        facts.load()
