"""What a drill found: how often it was tried, and how often something was lost, doubled or half."""

from collections import Counter
from dataclasses import dataclass

from django.core.management import CommandError, call_command
from django.db import connection


@dataclass
class Outcome:
    """One line of the table; ``misses`` are promises that were broken, in words."""

    fault: str
    repeats: int
    misses: list[str]
    note: str = ""

    def as_json(self) -> dict:
        return {**vars(self), "database": connection.vendor}


def misses_of(load, *, unanswered_is_undone: bool = False) -> list[str]:
    """What is wrong with the visits that officers logged while something went wrong."""
    from crm.models import Company, Submission, Visit

    connection.close()
    sent = {*load.taken, *load.unanswered, *load.refused}
    visits = Counter(Visit.objects.filter(content__in=sent).values_list("content", flat=True))
    people = Visit.our_people.through.objects.filter(visit__content__in=sent)
    whole = Counter(people.values_list("visit__content", flat=True))
    kept = {str(token) for token in Submission.objects.filter(token__in=sent)
            .exclude(url="").values_list("token", flat=True)}  # fmt: skip
    found = [f"taken and lost: {token}" for token in load.taken if not visits[token]]
    found += [f"doubled: {token}" for token, count in visits.items() if count > 1]
    found += [f"half: {token}" for token in visits.keys() ^ (kept & sent)]
    found += [f"half: {token}" for token in visits if whole[token] != 1]
    names = Company.objects.filter(name__in=[f"演练{token}有限公司" for token in sent])
    firms = set(names.values_list("name", flat=True))
    found += [f"half: {name}" for name in firms ^ {f"演练{token}有限公司" for token in visits}]
    found += [f"refused and done: {token}" for token in load.refused if visits[token]]
    if unanswered_is_undone:
        found += [f"no answer, but done: {token}" for token in load.unanswered if visits[token]]
    return found + load.wrong[:5] + damage()


def damage() -> list[str]:
    """What the database itself and the audit trail have to say."""
    found = []
    if connection.vendor == "sqlite":
        with connection.cursor() as cursor:
            cursor.execute("PRAGMA integrity_check")
            found = [f"integrity: {line}" for (line,) in cursor.fetchall() if line != "ok"]
    try:
        call_command("verify_audit", stdout=_Nowhere())
    except CommandError as error:
        found.append(str(error))
    return found


class _Nowhere:
    def write(self, text):
        """Said to nobody."""
