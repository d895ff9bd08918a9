"""What was done can be seen afterwards, by whom and from where, and cannot be edited away."""

import io
import threading
from datetime import timedelta

import openpyxl
import pytest
from django.core.management import CommandError, call_command
from django.db import IntegrityError, connection, transaction
from django.db.utils import DatabaseError
from django.test import Client
from django.utils import timezone

from crm import merging, rewriting
from crm.access import Role
from crm.models import AuditEntry, Company, User, guarded_tables
from crm.models.audit import Action
from crm.periods import today
from tests import make
from tests.forms import form_of

PASSWORD = "Qinghai-2026-lake"


@pytest.fixture
def auditor(db):
    return make.user(Role.AUDITOR)


def entries(*actions) -> list[tuple]:
    rows = AuditEntry.objects.order_by("number")
    if actions:
        rows = rows.filter(action__in=actions)
    return [(row.action, row.name, row.details) for row in rows]


def sign_in(client, username, password):
    return client.post("/login/", {"username": username, "password": password})


# -- what is noted ---------------------------------------------------------------------------------


def test_signing_in_and_out_is_noted_with_the_address(client, db):
    user = make.user(Role.LEADER, password=PASSWORD)
    sign_in(client, user.username, PASSWORD)
    client.post("/logout/")

    assert entries() == [("signed_in", user.username, {}), ("signed_out", user.username, {})]
    assert {row.address for row in AuditEntry.objects.all()} == {"127.0.0.1"}


def test_a_failed_sign_in_is_noted_and_what_was_typed_for_a_name_is_not_kept(client, db):
    user = make.user(Role.LEADER, password=PASSWORD)
    sign_in(client, user.username, "wrong")
    sign_in(client, "my-secret-password", "oops")

    assert entries() == [("sign_in_failed", user.username, {}), ("sign_in_failed", "?", {})]
    assert not AuditEntry.objects.filter(detail__contains="secret").exists()


def test_a_lock_is_noted(client, db):
    user = make.user(Role.LEADER, password=PASSWORD)
    for _ in range(5):
        sign_in(client, user.username, "wrong")

    assert entries(Action.LOCKED) == [("locked", user.username, {})]


def test_a_denial_is_noted_with_what_was_asked_for(client, db):
    user = make.user(Role.LEADER)
    client.force_login(user)
    assert client.get("/crm/user/").status_code == 403

    assert entries(Action.DENIED) == [
        ("denied", user.username, {"method": "GET", "path": "/crm/user/"})
    ]


def test_a_role_is_noted_from_what_to_what(client, db):
    user, boss = make.user(Role.OFFICER), make.user(Role.SECURITY_ADMIN)
    client.force_login(boss)
    client.post(f"/crm/user/{user.pk}/change/", {"role": "leader"})

    assert entries(Action.ROLE_GIVEN) == [
        ("role_given", boss.username, {"before": "officer", "after": "leader"})
    ]
    assert AuditEntry.objects.get(action=Action.ROLE_GIVEN).about_id == user.pk


def test_what_the_system_administrator_changes_is_noted_without_the_password(client, db):
    user, boss = make.user(Role.OFFICER), make.user(Role.SYSTEM_ADMIN)
    client.force_login(boss)
    data = {"username": user.username, "full_name": "改了名", "is_active": "", "email": ""}
    client.post(f"/crm/user/{user.pk}/change/", data)
    given = {"password1": "Given-2026-x", "password2": "Given-2026-x", "usable_password": "true"}
    client.post(f"/crm/user/{user.pk}/password/", given)

    assert [action for action, *_ in entries()][1:] == ["account_changed", "password_given"]
    details = entries(Action.ACCOUNT_CHANGED)[0][2]
    assert details == {"fields": ["is_active", "full_name"], "is_active": False}
    assert not AuditEntry.objects.filter(detail__contains="Given").exists()


# -- it cannot be edited away ----------------------------------------------------------------------


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE crm_auditentry SET detail = '{}'",
        "UPDATE crm_auditentry SET at = at",
        "DELETE FROM crm_auditentry",
    ],
)
def test_the_database_itself_refuses_to_change_an_entry(db, statement):
    make.audit_entry(path="/x/")

    with pytest.raises(DatabaseError), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(statement)

    assert AuditEntry.objects.count() == 1


def without_guard(statement: str, *values) -> None:
    """What somebody with the database in their hands might do."""
    with connection.schema_editor() as editor:
        guarded_tables.lower_guards(editor)
    with connection.cursor() as cursor:
        for single in statement.split(";"):
            cursor.execute(single, values)
    with connection.schema_editor() as editor:
        guarded_tables.raise_guards(editor)


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE crm_auditentry SET detail = '{}' WHERE number = 3",
        "UPDATE crm_auditentry SET name = 'somebody' WHERE number = 3",
        "UPDATE crm_auditentry SET digest = previous WHERE number = 3",
        "DELETE FROM crm_auditentry WHERE number = 3",
        "DELETE FROM crm_auditentry WHERE number = 1",
        "UPDATE crm_auditentry SET number = 9 WHERE number = 3;"
        "UPDATE crm_auditentry SET number = 3 WHERE number = 4;"
        "UPDATE crm_auditentry SET number = 4 WHERE number = 9",  # two changed places
    ],
)
def test_verifying_finds_where_the_trail_was_tampered_with(real_transactions, statement):
    for number in range(5):
        make.audit_entry(path=f"/{number}/")
    call_command("verify_audit")
    without_guard(statement)

    place = 1 if statement.endswith("= 1") else 3
    with pytest.raises(CommandError, match=rf"broken at no\. {place}"):
        call_command("verify_audit")


def test_an_end_that_was_cut_off_is_found_by_what_a_backup_noted(real_transactions, tmp_path):
    for number in range(3):
        make.audit_entry(path=f"/{number}/")
    call_command("backup", "--output", str(tmp_path), stdout=io.StringIO())
    call_command("verify_audit", "--from", str(tmp_path))
    without_guard("DELETE FROM crm_auditentry WHERE number = 3")

    call_command("verify_audit")
    with pytest.raises(CommandError, match="a backup noted are gone"):
        call_command("verify_audit", "--from", str(tmp_path))


def test_an_entry_forged_into_the_trail_is_found(db):
    make.audit_entry()
    last = make.audit_entry()
    AuditEntry.objects.create(
        number=3, at=timezone.now(), action="exported", previous=last.digest, digest="0" * 64
    )

    assert AuditEntry.objects.verified().broken_at == 3


def test_two_entries_cannot_take_the_same_place(db):
    first = make.audit_entry()

    with pytest.raises(IntegrityError), transaction.atomic():
        AuditEntry(number=first.number, at=first.at, action="denied").save(force_insert=True)


@pytest.mark.slow
def test_writers_at_the_same_time_make_one_unbroken_chain(real_transactions):
    user = make.user(Role.OFFICER)
    if connection.vendor == "sqlite":
        writers, each = 1, 40  # the tests' SQLite lives in one connection
    else:
        writers, each = 4, 10

    def write():
        for _ in range(each):
            AuditEntry.objects.record(Action.DENIED, by=user)
        connection.close()

    if writers == 1:
        for _ in range(each):
            AuditEntry.objects.record(Action.DENIED, by=user)
    else:
        threads = [threading.Thread(target=write) for _ in range(writers)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()

    verdict = AuditEntry.objects.verified()
    assert (verdict.count, verdict.broken_at) == (40, None)


# -- retention -------------------------------------------------------------------------------------


def aged(entry, days: int) -> None:
    """An entry written so many days ago, as the chain would hold it."""
    entry.at -= timedelta(days=days)
    entry.digest = entry.computed()
    without_guard(
        "UPDATE crm_auditentry SET at = %s, digest = %s WHERE number = %s",
        entry.at, entry.digest, entry.number,
    )  # fmt: skip


def test_only_what_is_older_than_the_retention_is_removed_and_that_is_noted(
    real_transactions, settings
):
    settings.AUDIT_DAYS = 200
    aged(make.audit_entry(), 201)
    make.audit_entry()
    without_guard("UPDATE crm_auditentry SET previous = %s WHERE number = 2",
                  AuditEntry.objects.get(number=1).digest)  # fmt: skip
    second = AuditEntry.objects.get(number=2)
    without_guard("UPDATE crm_auditentry SET digest = %s WHERE number = 2", second.computed())

    assert AuditEntry.objects.purge(on=timezone.now()) == 1

    assert [row.number for row in AuditEntry.objects.order_by("number")] == [2, 3]
    assert entries(Action.PURGED)[0][2]["last_number"] == 1
    assert AuditEntry.objects.verified().broken_at is None


def test_nothing_younger_than_180_days_can_be_removed_whatever_is_set(db, settings):
    settings.AUDIT_DAYS = 0
    make.audit_entry()

    with pytest.raises(DatabaseError), transaction.atomic():
        AuditEntry.objects.purge(on=timezone.now() + timedelta(days=1))


# -- the auditor's page ----------------------------------------------------------------------------


def test_the_auditor_searches_and_reads(client, auditor):
    make.audit_entry(path="/crm/deal/")
    make.audit_entry(path="/crm/visit/")
    client.force_login(auditor)
    page = client.get("/crm/auditentry/", {"q": "deal"}).content.decode()

    assert "/crm/deal/" in page
    assert "/crm/visit/" not in page


def test_the_auditor_exports_what_the_list_shows_and_that_is_noted(client, auditor):
    make.audit_entry(path="/crm/deal/")
    client.force_login(auditor)
    answer = client.get("/audit/export/", {"action": "denied"})
    sheet = openpyxl.load_workbook(io.BytesIO(answer.content)).active

    digests = [cell.value for cell in sheet["I"] if cell.value and len(str(cell.value)) == 64]
    assert digests == list(
        AuditEntry.objects.filter(action="denied").values_list("digest", flat=True)
    )
    assert entries(Action.EXPORTED)[0][2] == {"what": "audit", "query": "action=denied", "rows": 1}


@pytest.mark.parametrize("role", [role for role in Role if role != Role.AUDITOR])
def test_nobody_else_reads_the_trail(client, db, role):
    make.audit_entry(path="/geheim/")
    client.force_login(make.user(role))
    for path in ("/crm/auditentry/", "/crm/auditentry/1/change/", "/audit/export/"):
        answer = client.get(path)
        assert answer.status_code in (302, 403)
        assert b"geheim" not in answer.content


def test_the_auditor_changes_nothing(client, auditor):
    entry = make.audit_entry()
    client.force_login(auditor)
    for path in (f"/crm/auditentry/{entry.number}/change/", "/crm/auditentry/add/"):
        assert client.post(path, {"name": "x"}).status_code == 403
    assert (
        client.post(f"/crm/auditentry/{entry.number}/delete/", {"post": "yes"}).status_code == 403
    )
    assert AuditEntry.objects.get(pk=entry.number).name == entry.name


def test_a_denial_by_the_second_door_is_noted_too(db):
    """Somebody without an account is sent to sign in; that is no denial."""
    assert Client().get("/crm/user/").status_code == 302
    assert User.objects.count() == 0
    assert entries() == []


# -- what the models note themselves: it holds for every door --------------------------------------


def test_a_stage_entered_without_what_it_needs_is_noted(db):
    project, boss = make.project(), make.user(Role.BUREAU)
    project.move_to("reserve", by=boss, on=project.stage_since, reason="先行入库")

    action, name, details = entries(Action.OVERRIDDEN)[0]
    assert (action, name, details["stage"]) == ("overridden", boss.username, "reserve")
    assert "assessment" in details["without"]


def test_a_merge_and_taking_it_back_are_noted(db):
    keeper, loser, boss = make.company(), make.company(), make.user(Role.BUREAU)
    done = merging.merge(loser, into=keeper, by=boss, reason="同一企业")
    merging.undo(done, by=boss)

    assert [row[:2] for row in entries()] == [
        ("merged", boss.username), ("merge_undone", boss.username)
    ]  # fmt: skip


def test_archiving_and_bringing_back_are_noted(db):
    team = make.team()
    firm, lead = make.company(owning_team=team), make.user(Role.TEAM_LEAD, team=team)
    firm.archive(by=lead)
    firm.restore(by=lead)

    rows = AuditEntry.objects.filter(about="company", about_id=firm.pk).order_by("number")
    assert [(row.action, row.by) for row in rows] == [("archived", lead), ("restored", lead)]


def test_a_change_of_many_rows_is_one_entry_and_so_is_taking_it_back(db):
    firms, boss = [make.company() for _ in range(3)], make.user(Role.BUREAU)
    rows = Company.objects.filter(pk__in=[firm.pk for firm in firms]).visible_to(boss)
    plans = [rewriting.plan(rows, {"archived_at": timezone.now()}, by=boss)]
    done = rewriting.carry_out(plans, by=boss, kind="bulk", label="归档", back_to="/")
    rewriting.undo(done, by=boss)

    assert [row[::2] for row in entries()] == [
        ("bulk_changed", {"kind": "bulk", "rows": 3, "left_out": 0}),
        ("bulk_undone", {"rows": 3, "left": 0}),
    ]


def test_emptying_the_bin_is_noted_with_the_number_of_rows(db):
    make.event(archived_at=timezone.now() - timedelta(days=91))
    call_command("empty_bin", "--dry-run", stdout=io.StringIO())
    assert entries(Action.REMOVED) == []
    call_command("empty_bin", stdout=io.StringIO())

    assert entries(Action.REMOVED) == [("removed", "", {"rows": 1, "what": "recycle bin"})]


def test_who_joins_and_leaves_a_task_force_is_noted_for_it_decides_what_they_see(client, db):
    boss, member = make.user(Role.BUREAU), make.user(Role.OFFICER, team=make.team())
    row = member.memberships.get()
    row.left_on = today()
    row.save_as(boss)

    details = entries(Action.MEMBERSHIP_CHANGED)[-1][2]
    assert (details["member"], details["left_on"]) == (member.pk, str(today()))


def test_a_part_that_is_taken_out_is_noted(client, db):
    boss = make.user(Role.BUREAU)
    name = make.company_name(company=make.company())
    client.force_login(boss)
    path = f"/crm/company/{name.company_id}/change/"
    taken = form_of(client.get(path)) | {"other_names-0-DELETE": "on"}
    client.post(path, taken)

    assert [(row[0], row[2]) for row in entries(Action.REMOVED)] == [
        ("removed", {"of": name.company_id})
    ]


def test_whom_a_confidential_project_is_open_to_is_noted(client, db):
    team = make.team()
    project = make.project(team=team, is_confidential=True, code_name="昆仑")
    told, boss = make.user(Role.OFFICER, team=team), make.user(Role.BUREAU)
    client.force_login(boss)
    path = f"/crm/project/{project.pk}/change/"
    client.post(path, form_of(client.get(path)) | {"confidants": [told.pk]})

    assert entries(Action.CIRCLE_CHANGED) == [
        ("circle_changed", boss.username, {"people": [told.pk]})
    ]


def test_what_is_not_there_for_somebody_is_noted_as_asked_for(client, db):
    user, foreign = make.user(Role.OFFICER, team=make.team()), make.deal()
    client.force_login(user)
    paths = [f"/crm/deal/{foreign.pk}/change/", f"/project/{foreign.project_id}/brief/"]
    for path in paths:
        assert client.get(path).status_code in (302, 404)

    assert [row[2]["path"] for row in entries(Action.DENIED)] == paths


def test_an_export_is_noted_with_its_filter_and_its_rows(client, db):
    make.project(stage="reserve")
    boss = make.user(Role.BUREAU)
    client.force_login(boss)
    client.get("/crm/project/export/", {"stage": "reserve"})

    details = entries(Action.EXPORTED)[0][2]
    assert (details["rows"], details["query"]) == (1, "stage=reserve")
