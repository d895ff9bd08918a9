"""The permission matrix: every address × every role × whose record × GET, POST and forged POST.

What is expected comes from two tables only: the roles' permissions (``crm.access``) and whose rows
each role sees, opens and edits (``SCOPE`` of tests/scope). Addresses that follow no pattern
stand in ``PAGES``; one that is listed nowhere fails. A denial tells nothing and writes nothing: it
is judged by the statements sent to the database, those of a transaction rolled back included.
"""

import re
from collections import Counter
from contextlib import contextmanager

import pytest
from django.contrib import admin
from django.core.signals import request_finished
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from crm.access import Role, permissions_of
from tests.scope import SCOPE
from tests.scope.tables import READERS, lines
from tests.scope.world import world  # noqa: F401 - a fixture

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("counted", "throw_files_away")]
_checks = Counter()

REGISTERED = {model._meta.model_name: model for model in admin.site._registry}
CASES = [
    pytest.param(model, maker, lines(table)[name], id=f"{model.__name__} {name}")
    for model, (rows, table) in SCOPE.items()
    for name, maker in rows.items()
    if model._meta.model_name in REGISTERED and model._meta.model_name != "user"
]
WRITES = re.compile(r'^\s*(?:INSERT INTO|UPDATE|DELETE FROM)\s+"?(\w+)', re.IGNORECASE)
# Noted about any request: they are no answer to it.
NOTED = {"crm_auditentry", "crm_signin", "django_session"}
# Pages that show the same whatever is sent to them.
ONLY_READS = "/crm/importjob/"
# Kinds whose page shows a public part to whoever may list the row.
PUBLIC_PART = {"company": "v"}
DENIED = (302, 403, 404, 405)
FORGED = {"id": "1", "version": "0", "stage": "producing", "status": "merged", "owner": "1",
          "lead_team": "1", "task_force": "1", "is_sample": "on", "archived_at": "",
          "name": "伪造", "_save": "1", "post": "yes"}  # fmt: skip


@pytest.fixture
def counted(record_property):
    """How many answers the test judged goes into its report; see the line after all tests."""
    _checks.clear()

    def counting(sender, **about):
        _checks["answers"] += 1

    request_finished.connect(counting)
    yield
    request_finished.disconnect(counting)
    record_property("checks", _checks["answers"])


@contextmanager
def nothing_written(what: str):
    with CaptureQueriesContext(connection) as captured:
        yield
    tables = {found[1] for query in captured if (found := WRITES.match(query["sql"]))}
    assert tables <= NOTED, f"{what} wrote to {tables - NOTED}"


def denied(client, method: str, path: str, secret: str, what: str) -> None:
    with nothing_written(what):
        answer = getattr(client, method)(path, FORGED if method == "post" else None)
    only_reads = path.startswith(ONLY_READS) and answer.status_code == 200
    assert answer.status_code in DENIED or only_reads, f"{what}: {answer.status_code}"
    assert not secret or secret not in answer.content.decode(), f"{what} tells {secret}"


def allowed(client, method: str, path: str, what: str) -> None:
    answer = getattr(client, method)(path, FORGED if method == "post" else None)
    assert answer.status_code not in (401, 403, 404), f"{what}: {answer.status_code}"
    assert answer.status_code < 500, f"{what}: {answer.status_code}"


# -- records: whose is it, and what may the role do ------------------------------------------------


@pytest.mark.parametrize(("model", "maker", "expected"), CASES)
def test_a_record_answers_to_those_who_may_and_to_nobody_else(
    client, world, model, maker, expected  # noqa: F811
):  # fmt: skip
    row, name = maker(world), model._meta.model_name
    secret = str(row) if len(str(row)) > 3 else ""
    for role in Role.values:
        client.force_login(world.people[role])
        letters, codes = expected.get(role, "-"), permissions_of(role)
        if role not in READERS:  # administrators: every row of what is their part
            letters = "voe" if f"view_{name}" in codes else "-"
        may_view = f"view_{name}" in codes
        reads = may_view and (PUBLIC_PART.get(name, "o") in letters)
        for page, may in (("change", reads), ("history", may_view and "o" in letters)):
            path, what = reverse(f"admin:crm_{name}_{page}", args=[row.pk]), f"{role} {page}"
            if may:
                allowed(client, "get", path, what)
            else:
                denied(client, "get", path, "" if reads else secret, what)
        change = reverse(f"admin:crm_{name}_change", args=[row.pk])
        if not ("e" in letters and f"change_{name}" in codes):
            denied(client, "post", change, "" if reads else secret, f"{role} forged change")
        for method in ("get", "post"):
            path = reverse(f"admin:crm_{name}_delete", args=[row.pk])
            denied(client, method, path, "" if reads else secret, f"{role} {method} delete")


@pytest.mark.parametrize("role", Role.values)
@pytest.mark.parametrize("name", sorted(set(REGISTERED) - {"user"}))
def test_lists_and_new_records_answer_by_the_role(client, world, role, name):  # noqa: F811
    client.force_login(world.people[role])
    codes, path = permissions_of(role), reverse(f"admin:crm_{name}_changelist")
    if f"view_{name}" in codes:
        allowed(client, "get", path, "list")
        allowed(client, "get", f"{path}?o=-1&q=%E6%B5%8B&p=99&id__gt=0&e=1", "list with guesses")
    else:
        denied(client, "get", path, "", "list")
        denied(client, "post", path, "", "action")
    if f"add_{name}" in codes and admin.site._registry[REGISTERED[name]].has_add_permission(
        _asked_by(world.people[role])
    ):
        allowed(client, "get", f"{path}add/", "new")
    else:
        denied(client, "get", f"{path}add/", "", "new")
        denied(client, "post", f"{path}add/", "", "forged new")


def _asked_by(user):
    return type("Request", (), {"user": user, "path": "/"})()
