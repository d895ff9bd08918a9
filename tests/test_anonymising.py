"""A contact anonymised on request: nothing names the person any more, nothing else is lost."""

import io
import json

import openpyxl
import pytest
from django.apps import apps
from django.contrib.admin.models import CHANGE, LogEntry
from django.contrib.contenttypes.models import ContentType
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import DatabaseError, connection, transaction
from django.utils import timezone

from crm import bequeathing, merging, models  # noqa: F401 - the app as it runs
from crm.access import Role
from crm.anonymising import anonymise, attachments_of
from crm.ledgers import jobs
from crm.models import search_index
from crm.models.audit import Action

from . import make

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("throw_files_away")]
NAME, FORMER, MOBILE, PHONE, POST = (
    "欧阳慕容雪",
    "上官雪儿",
    "13655557777",
    "0971-8765432",
    "首席雪域官",
)
SPELT = (NAME, FORMER, MOBILE, "136 5555 7777", PHONE, "09718765432", POST)


@pytest.fixture
def world():
    """Somebody who is named in every kind of place."""
    team, bureau = make.team(), make.user(Role.BUREAU)
    officer = make.user(Role.TEAM_LEAD, team=team)
    firm = make.company(owning_team=team, name="雪域科技有限公司")
    person = make.contact(company=firm, name=FORMER, mobile=MOBILE, position=POST)
    person.name, person.phone, person.note = NAME, PHONE, f"又名{FORMER}"
    person.save_as(officer, reason=f"{NAME}来电更正")
    project = make.project(team=team, lead_investor=firm, contact=person)
    project.content = f"由{NAME}牵头，电话 136 5555 7777"
    project.save_as(officer)
    visit = make.visit(
        company=firm, task_force=team, project=project, their_people=[person],
        content=f"{NAME}（{MOBILE}）介绍了方案", their_people_text=f"{NAME}等3人",
    )  # fmt: skip
    note = models.Note.write(firm, f"请回电 {NAME} {PHONE}", by=officer)
    make.request(company=firm, task_force=team, content=f"{NAME}提出用地")
    make.merge(
        kind="contact", keeper_id=person.pk, loser_id=0, loser_name=f"{FORMER} {POST}",
        journal={"loser": [{"name": FORMER}, {"name": FORMER}]},
    )  # fmt: skip
    models.ExportLog.objects.create(user=bureau, row_count=1, query=f"q={NAME}", kind="contacts")
    LogEntry.objects.create(
        user=officer, content_type=ContentType.objects.get_for_model(models.Contact),
        object_id=person.pk, object_repr=f"{NAME} {POST}", action_flag=CHANGE,
    )  # fmt: skip
    person.world = {"bureau": bureau, "officer": officer, "visit": visit, "note": note,
                    "firm": firm, "project": project}  # fmt: skip
    return person


def ledger(rows) -> bytes:
    book = openpyxl.Workbook()
    book.active.append(["企业名称", "姓名", "职务", "手机"])
    for row in rows:
        book.active.append(row)
    target = io.BytesIO()
    book.save(target)
    return target.getvalue()


def kept_texts() -> dict[str, list[str]]:
    """Whatever any table of any app holds, as texts: JSON decoded, plans and all."""
    found = {}
    for model in apps.get_models():
        for row in model._base_manager.all().values():
            texts = [json.dumps(v, ensure_ascii=False) if isinstance(v, dict | list) else str(v)
                     for v in row.values()]  # fmt: skip
            found.setdefault(model._meta.label, []).extend(texts)
    return found


def naming_person() -> set[tuple[str, str]]:
    return {
        (label, word) for label, texts in kept_texts().items() for text in texts
        for word in SPELT if word in text
    }  # fmt: skip


def test_after_it_no_table_holds_a_name_or_a_number_of_the_person(world):
    assert {label for label, _word in naming_person()} >= {
        "crm.Contact", "crm.FieldChange", "crm.Visit", "crm.Note", "crm.Project", "crm.Merge",
        "crm.ExportLog", "crm.Request", "admin.LogEntry",
    }  # fmt: skip

    done = anonymise(world, by=world.world["bureau"], reason=f"{NAME}本人 2026-11-20 来函")

    assert naming_person() == set()
    assert done.reason == f"匿名联系人{world.pk}本人 2026-11-20 来函"
    assert done.found["visit"] == 1


def test_the_record_and_every_count_stay(world):
    before = {m._meta.label: m._base_manager.count() for m in apps.get_models()}
    anonymise(world, by=world.world["bureau"], reason="本人申请")

    after = {m._meta.label: m._base_manager.count() for m in apps.get_models()}
    added = {label: after[label] - n for label, n in before.items() if after[label] != n}
    noted = ("crm.Erasure", "crm.AuditEntry", "crm.FieldChange", "crm.FeedEntry")
    assert added == dict.fromkeys(noted, 1)
    world.refresh_from_db()
    assert (world.name, world.mobile, world.company) == (
        f"匿名联系人{world.pk}", "", world.world["firm"],
    )  # fmt: skip
    assert list(world.world["visit"].their_people.all()) == [world]
    visit = models.Visit.objects.get()
    assert visit.content == f"匿名联系人{world.pk}（***）介绍了方案"
    assert visit.version == world.world["visit"].version + 1


def test_the_audit_trail_holds_and_says_who_did_it_why_without_the_person(world):
    anonymise(world, by=world.world["bureau"], reason=f"应{NAME}要求")

    verdict = models.AuditEntry.objects.verified()
    entry = models.AuditEntry.objects.get(action=Action.ANONYMISED)
    assert verdict.broken_at is None
    assert (entry.by, entry.about_id) == (world.world["bureau"], world.pk)
    assert entry.details["reason"] == f"应匿名联系人{world.pk}要求"


def test_search_finds_the_person_no_longer(world):
    assert models.Contact.objects.all().answers_to(NAME)[0].exists()
    anonymise(world, by=world.world["bureau"], reason="本人申请")

    contacts = models.Contact.objects.all()
    assert [pk for keys in contacts.answers_to(NAME) for pk in keys] == []
    assert not contacts.with_number_ending("7777", reader=world.world["bureau"]).exists()
    assert search_index.drift(connection) == {}


def test_a_namesake_of_another_firm_keeps_the_name_but_not_a_shared_number(world):
    other = make.visit(company=make.company(), content=f"{NAME}在别处，{MOBILE}")
    anonymise(world, by=world.world["bureau"], reason="本人申请")

    other.refresh_from_db()
    assert other.content == f"{NAME}在别处，***"


def test_imports_forget_the_person_and_the_file_goes(world, django_capture_on_commit_callbacks):
    firm = world.world["firm"]
    rows = [[firm.name, NAME, POST, MOBILE], [firm.name, "王五", "经理", "13811112222"]]
    job = jobs.upload(world.world["officer"], "contacts", ledger(rows), "联系人.xlsx")
    jobs.start(job, models.ImportJob.Step.CHECK)
    name, storage = job.file.name, job.file.storage
    assert job.rows.count() == 2

    with django_capture_on_commit_callbacks(execute=True):
        anonymise(world, by=world.world["bureau"], reason="本人申请")

    job.refresh_from_db()
    assert naming_person() == set()
    assert (job.state, storage.exists(name)) == (models.ImportJob.State.FAILED, False)
    assert not models.ImportPlan.objects.filter(job=job).exists()
    assert jobs.start(job, models.ImportJob.Step.CHECK)
    job.refresh_from_db()
    assert "已删除" in job.message


def test_a_merge_and_its_people_go_together_and_it_cannot_be_taken_back(world):
    bureau = world.world["bureau"]
    twin = make.contact(company=world.company, name=f"{NAME}儿", mobile=MOBILE)
    done = merging.merge(
        twin, into=models.Contact.objects.get(pk=world.pk), by=bureau, reason="同一人"
    )

    anonymise(models.Contact.objects.get(pk=world.pk), by=bureau, reason="本人申请")

    assert naming_person() == set()
    assert models.Erasure.objects.count() == 2
    with pytest.raises(ValidationError):
        merging.undo(done, by=bureau)


# -- who, and only once ----------------------------------------------------------------------------


@pytest.mark.parametrize("role", [role for role in Role if role != Role.BUREAU])
def test_only_the_bureau_may(world, role):
    with pytest.raises(PermissionDenied):
        anonymise(world, by=make.user(role), reason="本人申请")
    assert models.Contact.objects.get(pk=world.pk).name == NAME


def test_a_reason_is_needed_and_twice_is_refused(world):
    bureau = world.world["bureau"]
    with pytest.raises(ValidationError):
        anonymise(world, by=bureau, reason="  ")
    anonymise(world, by=bureau, reason="本人申请")
    with pytest.raises(ValidationError):
        anonymise(models.Contact.objects.get(pk=world.pk), by=bureau, reason="再次")


def test_without_an_erasure_the_database_refuses_to_blacken_a_history(world):
    change = models.FieldChange.objects.filter(model="contact").first()
    for rows, values in (
        (models.FieldChange.objects.filter(pk=change.pk), {"before": ""}),
        (models.Note.objects.all(), {"text": "别的"}),
    ):
        with pytest.raises(DatabaseError), transaction.atomic():
            rows.update(**values)


def test_while_one_is_under_way_only_texts_may_change(world):
    make.erasure(contact_key=1, finished_at=None)
    models.FieldChange.objects.update(before="***")
    for rows, values in (
        (models.FieldChange.objects.all(), {"field": "phone"}),
        (models.FieldChange.objects.all(), {"record_id": 0}),
        (models.Note.objects.all(), {"created_at": timezone.now()}),
    ):
        with pytest.raises(DatabaseError), transaction.atomic():
            rows.update(**values)


# -- the page --------------------------------------------------------------------------------------


def test_the_page_lists_files_asks_twice_and_then_says_when_it_was_done(client, world):
    file = make.attachment(company=world.world["firm"], title="名片照片")
    client.force_login(world.world["bureau"])
    path = f"/contacts/{world.pk}/anonymise/"
    assert path in client.get(f"/crm/contact/{world.pk}/change/").content.decode()
    assert "名片照片" in client.get(path).content.decode()
    assert list(attachments_of(world)) == [file]

    assert client.post(path, {"reason": "本人申请"}).status_code == 400
    assert client.post(path, {"sure": "on"}).status_code == 400
    answer = client.post(path, {"reason": "本人申请", "sure": "on"}, follow=True)

    assert f"匿名联系人{world.pk}" in answer.content.decode()
    again = client.get(path).content.decode()
    assert "本人申请" in again
    assert "textarea" not in again
    history = client.get(f"/crm/contact/{world.pk}/history/").content.decode()
    assert [word for word in SPELT if word in history] == []
