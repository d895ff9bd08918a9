"""``set_target``: set, take back and list targets; one by one or from a CSV file."""

import csv
from pathlib import Path

from django.core.exceptions import PermissionDenied, ValidationError
from django.core.management import BaseCommand, CommandError
from django.db import transaction
from django.db.models import Q
from django.utils.translation import gettext as _

from crm.models import Park, Target, TaskForce, User
from crm.models.targets import parse_value
from crm.periods import parse_year, today

COLUMNS = ("year", "month", "indicator", "team", "park", "value")


def year_argument(text: str | None) -> int:
    """The year given, this year without one; raises CommandError for what is no year."""
    if not text:
        return today().year
    try:
        return parse_year(text).start.year
    except ValidationError as error:
        raise CommandError(" ".join(error.messages)) from error


class Command(BaseCommand):
    help = (
        "Set targets: --indicator NAME --value 11亿元 [--year] [--month] [--team|--park], or --csv "
        f"FILE with the columns {', '.join(COLUMNS)}; an empty value takes the target back. "
        "--list prints them."
    )

    def add_arguments(self, parser):
        parser.add_argument("--list", action="store_true", help="print the targets of the year")
        parser.add_argument("--csv", type=Path, help="all rows of this file, or none of them")
        parser.add_argument("--year", help="calendar year; default: this year")
        parser.add_argument("--month", help="1 to 12; default: the whole year")
        parser.add_argument("--indicator", choices=Target.Indicator.values)
        parser.add_argument("--team", help="number or name of a task force; default: the city")
        parser.add_argument("--park", help="name of a park")
        parser.add_argument("--value", help="e.g. 11亿元 or 20; empty to take it back")
        parser.add_argument("--as", dest="username", help="account that sets them (needed to set)")

    def handle(self, **options):
        if options["list"]:
            return self._print(options)
        if options["csv"]:
            rows = _rows_of(options["csv"])
        elif options["indicator"] and options["value"] is not None:
            rows = [(0, {column: options[column] or "" for column in COLUMNS})]
        else:
            raise CommandError("Give --list, --csv FILE, or --indicator and --value.")
        count = _set_all(rows, by=account_argument(options["username"]))
        self.stdout.write(_("%(count)s of %(all)s changed") % {"count": count, "all": len(rows)})
        return None

    def _print(self, options):
        year = year_argument(options["year"])
        rows = Target.objects.live().filter(year=year).select_related("task_force", "park")
        for target in rows:
            self.stdout.write(f"{target}: {target.text}")


def account_argument(username: str | None) -> User:
    user = User.objects.filter(username=username, is_active=True).first()
    if user is None:
        raise CommandError("Say with --as which active account does it.")
    return user


def _rows_of(path: Path) -> list[tuple[int, dict]]:
    """(line, values by column) of a CSV file in UTF-8 or GB 18030."""
    try:
        content = path.read_bytes()
    except OSError as error:
        raise CommandError(f"{path}: {error.strerror}") from error
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError:
        text = content.decode("gb18030", errors="replace")
    reader = csv.DictReader(text.splitlines())
    if missing := {"indicator", "value"} - set(reader.fieldnames or ()):
        raise CommandError(f"{path}: no column {', '.join(sorted(missing))}")
    return [(line, dict(row)) for line, row in enumerate(reader, start=2)]


def _set_all(rows, *, by) -> int:
    """Write every row, or nothing and say of each bad one what is wrong."""
    faults, count = [], 0
    with transaction.atomic():
        for line, row in rows:
            try:
                count += _set(row, by)
            except ValidationError as error:
                faults.append(_at(line) + " ".join(error.messages))
            except PermissionDenied:
                faults.append(_at(line) + _("This target is not yours to set."))
        if faults:
            raise CommandError("\n".join(faults))
    return count


def _at(line: int) -> str:
    return f"{line}: " if line else ""


def _set(row: dict, by) -> bool:
    given = {column: (row.get(column) or "").strip() for column in COLUMNS}
    indicator, month = given["indicator"], given["month"]
    if indicator not in Target.Indicator.values:
        known = ", ".join(Target.Indicator.values)
        message = _("“%(text)s” is not an indicator with a target; there are: %(known)s.")
        raise ValidationError(message, params={"text": indicator[:40], "known": known})
    if month and not month.isdecimal():
        raise ValidationError(_("A month is a number from 1 to 12."))
    return Target.put(
        year_argument(given["year"]),
        indicator, parse_value(indicator, given["value"]), by=by,
        month=int(month) if month else None,
        task_force=_team(given["team"]), park=_park(given["park"]),
    )  # fmt: skip


def _team(text: str) -> TaskForce | None:
    rows = TaskForce.objects.live()
    return _one(rows, Q(number=text) if text.isdecimal() else Q(name=text), text)


def _park(text: str) -> Park | None:
    return _one(Park.objects.live(), Q(name=text) | Q(short_name=text), text)


def _one(rows, condition: Q, text: str):
    """The row named, None for no name; raises ValidationError for an unknown one."""
    if not text:
        return None
    row = rows.filter(condition).first()
    if row is None:
        raise ValidationError(_("“%(text)s” is not known."), params={"text": text[:40]})
    return row
