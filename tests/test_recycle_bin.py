"""What was archived can be brought back, and goes for good after 90 days if nothing needs it."""

from datetime import timedelta
from io import StringIO

import pytest
from django.core.files.base import ContentFile
from django.core.management import call_command
from django.utils import timezone

from crm.access import Role
from crm.emptying import days_left, empty
from crm.models import Attachment, Company, Contact, Project, Visit
from tests import make

pytestmark = pytest.mark.django_db


def archived(row, *, days: int = 0):
    moment = timezone.now() - timedelta(days=days)
    type(row).objects.filter(pk=row.pk).update(archived_at=moment)
    row.refresh_from_db()
    return row


def test_an_archived_record_is_in_the_bin_and_comes_back(client):
    bureau = make.user(Role.BUREAU)
    visit = make.visit()
    visit.archive(by=bureau)
    client.force_login(bureau)

    page = client.get("/bin/").content.decode()
    client.post(f"/bin/visit/{visit.pk}/restore/")

    assert str(visit.company) in page
    assert Visit.objects.get(pk=visit.pk).archived_at is None
    assert "回收站是空的" in client.get("/bin/?kind=visit").content.decode()


def test_a_team_lead_finds_the_own_teams_records_only(client):
    team = make.team()
    own, other = archived(make.visit(task_force=team)), archived(make.visit())
    client.force_login(make.user(Role.TEAM_LEAD, team=team))

    rows = client.get("/bin/?kind=visit").context["rows"]

    assert [item["row"].pk for item in rows] == [own.pk]
    assert client.post(f"/bin/visit/{other.pk}/restore/").status_code == 404


def test_a_record_that_exists_again_stays_in_the_bin(client):
    visit = archived(make.visit())
    make.visit(company=visit.company, task_force=visit.task_force, held_on=visit.held_on)
    client.force_login(make.user(Role.BUREAU))

    page = client.post(f"/bin/visit/{visit.pk}/restore/", follow=True).content.decode()

    assert "已有相同的记录" in page
    assert Visit.objects.get(pk=visit.pk).archived_at is not None


@pytest.mark.parametrize("role", [Role.OFFICER, Role.LEADER, Role.AUDITOR])
def test_others_have_no_bin(client, role):
    client.force_login(make.user(role))
    assert client.get("/bin/").status_code == 403


def test_kinds_that_have_no_bin_do_not_exist(client):
    client.force_login(make.user(Role.BUREAU))
    assert client.get("/bin/?kind=user").status_code == 404
    assert client.post("/bin/user/1/restore/").status_code == 404


def test_after_90_days_what_nothing_refers_to_is_removed():
    old, young = archived(make.contact(), days=91), archived(make.contact(), days=89)

    assert empty() == {"联系人": {"removed": 1, "kept": 0}}
    assert list(Contact.objects.all()) == [young]
    assert (days_left(old), days_left(young)) == (0, 1)


def test_what_others_refer_to_stays():
    firm = archived(make.company(), days=100)
    make.visit(company=firm)
    project = archived(make.project(), days=100)

    empty()

    assert Company.objects.filter(pk=firm.pk).exists()
    assert Project.objects.filter(pk=project.pk).exists()


def test_a_firm_goes_with_its_archived_contacts():
    firm = archived(make.company(), days=100)
    archived(make.contact(company=firm), days=100)
    make.company_name(company=firm)

    empty()

    assert not Company.objects.filter(pk=firm.pk).exists()


def test_the_file_of_a_removed_attachment_is_removed(
    settings, tmp_path, django_capture_on_commit_callbacks
):
    settings.MEDIA_ROOT = tmp_path
    row = Attachment(company=make.company(), file=ContentFile(b"%PDF-1.7", name="a.pdf"))
    row.save()
    archived(row, days=100)

    with django_capture_on_commit_callbacks(execute=True):
        empty()

    assert not Attachment.objects.exists()
    assert [path for path in tmp_path.rglob("*") if path.is_file()] == []


def test_a_dry_run_counts_and_removes_nothing():
    archived(make.contact(), days=100)
    printed = StringIO()

    call_command("empty_bin", dry_run=True, stdout=printed)
    call_command("empty_bin", stdout=printed)

    assert printed.getvalue().splitlines() == [
        "联系人: 1 removed, 0 kept", "Nothing was removed (dry run).",
        "联系人: 1 removed, 0 kept", "The bin is emptied.",
    ]  # fmt: skip
