"""Runs one step of an import that was begun on a page; started by the site itself."""

from django.core.management.base import BaseCommand

from crm.ledgers.jobs import run_step
from crm.models import ImportJob


class Command(BaseCommand):
    help = "Run a step of an import that was begun."

    def add_arguments(self, parser):
        parser.add_argument("job", type=int)
        parser.add_argument("step", choices=ImportJob.Step.values)
        parser.add_argument("runner")

    def handle(self, *, job, step, runner, **options):
        run_step.call(job, step, runner)
