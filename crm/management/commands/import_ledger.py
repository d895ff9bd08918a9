"""``import_ledger KIND FILE``: a ledger from a file, under the same rules as on the page."""

import json
import sys
from pathlib import Path

from django.core.exceptions import PermissionDenied
from django.core.management.base import BaseCommand, CommandError
from django.utils.translation import gettext as _

from crm.access import Role
from crm.ledgers import jobs
from crm.ledgers.book import UnusableFile
from crm.ledgers.guards import MAX_UPLOAD
from crm.models import ImportJob, ImportRow, User
from crm.models.ledgers import LedgerKind

Step, State, Verdict = ImportJob.Step, ImportJob.State, ImportRow.Verdict
UNUSABLE = 2


class Command(BaseCommand):
    help = "Import a ledger (xlsx, xls, csv). Exit code 0: all rows went in; 1: rows were rejected; 2: the file is unusable."  # noqa: E501

    def add_arguments(self, parser):
        parser.add_argument("kind", choices=LedgerKind.values)
        parser.add_argument("file", type=Path)
        parser.add_argument("--dry-run", action="store_true", help="check only, write nothing")
        parser.add_argument("--skip-errors", action="store_true", help="leave out rejected rows")
        parser.add_argument("--as", dest="user", help="account to act as; default: the bureau")
        parser.add_argument("--json", action="store_true", help="print the result as JSON")

    def handle(self, *, kind, file, user, dry_run, skip_errors, **options):
        ImportJob.objects.fail_stalled()
        job = self._uploaded(self._user(user), kind, file)
        self._run(job, Step.CHECK)
        rejected = job.rows.filter(verdict__in=[Verdict.ERROR, Verdict.CONFLICT]).exists()
        if not dry_run and (skip_errors or not rejected):
            self._run(job, Step.COMMIT, leaves_out_bad=skip_errors)
        if options["json"]:
            self.stdout.write(json.dumps(_report(job), ensure_ascii=False, indent=1))
        else:
            self._tell(job)
        if rejected:
            sys.exit(1)

    def _user(self, name) -> User:
        if name:
            found = User.objects.filter(username=name, is_active=True).first()
            if found is None:
                raise CommandError(_("There is no account “%(name)s”.") % {"name": name},
                                   returncode=UNUSABLE)  # fmt: skip
            return found
        bureau = User.objects.filter(role=Role.BUREAU, is_active=True).order_by("pk").first()
        if bureau is None:
            raise CommandError(_("There is no account of the bureau; name one with --as."),
                               returncode=UNUSABLE)  # fmt: skip
        return bureau

    def _uploaded(self, user, kind, file: Path) -> ImportJob:
        try:
            if file.stat().st_size > MAX_UPLOAD:
                limit = MAX_UPLOAD // 1024**2
                raise UnusableFile(_("The file is larger than %(limit)s MB.") % {"limit": limit})
            return jobs.upload(user, kind, file.read_bytes(), file.name)
        except OSError as error:
            raise CommandError(
                _("The file “%(file)s” cannot be opened.") % {"file": file}, returncode=UNUSABLE
            ) from error
        except UnusableFile as error:
            raise CommandError(str(error), returncode=UNUSABLE) from error
        except PermissionDenied as error:
            message = _("This account may not import ledgers.")
            raise CommandError(message, returncode=UNUSABLE) from error

    def _run(self, job, step, **values) -> None:
        """Run a step in this process; raises CommandError with the job's own sentence."""
        if job.begin(step, **values):
            jobs.run(job, step)
        if job.state == State.FAILED:
            raise CommandError(job.message, returncode=UNUSABLE)

    def _tell(self, job) -> None:
        for row in job.rows.exclude(problems=[]):
            for problem in row.problems:
                where = "，".join(filter(None, [str(row.number), problem["column"]]))
                value = f"“{problem['value']}”：" if problem["value"] else ""
                self.stdout.write(f"{where}：{value}{problem['message']}")
        counts = _report(job)
        names = ("rows", "created", "updated", "unchanged", "skipped")
        self.stdout.write("  ".join(f"{name}: {counts[name]}" for name in names))


def _report(job) -> dict:
    """The result for programs; created and updated are counted from the database after a commit."""
    rows, counts = job.rows, job.counts
    problems = list(rows.exclude(problems=[]).values_list("number", "problems"))
    told = {
        level: [
            {"row": number, **{key: problem[key] for key in ("column", "value", "message")}}
            for number, found in problems for problem in found if problem["level"] in levels
        ]
        for level, levels in (("errors", {"error", "conflict"}), ("warnings", {"warning"}))
    }  # fmt: skip
    return {
        "kind": job.kind,
        "file": job.file_name,
        "rows": counts["rows"],
        "created": counts.get("created", counts["new"]),
        "updated": counts.get("updated", counts["changed"]),
        "unchanged": counts["unchanged"],
        "skipped": counts["skipped"],
        **told,
        "totals": {"money_yuan": counts["money_yuan"]},
    }
