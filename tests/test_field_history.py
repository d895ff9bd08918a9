"""Who changed what, from what to what: recorded by every door, append-only, read in scope."""

from decimal import Decimal

import pytest
from django.db import DatabaseError, connection, transaction

from crm.access import Role
from crm.field_history import changes_of, described, page_of
from crm.models import Assessment, Company, FieldChange, StaleRecord
from crm.models.writing import change_all
from tests import make

pytestmark = pytest.mark.django_db


def lines(record, user) -> list[tuple]:
    """(field, from, to) as the reader sees them, newest first."""
    rows = described(list(changes_of(record, user)), user)
    return [(row["field"], row["before"], row["after"]) for row in rows]


def edit(row, by, **values):
    for name, value in values.items():
        setattr(row, name, value)
    row.save_as(by)
    return row


def bureau():
    return make.user(Role.BUREAU)


def test_a_save_keeps_who_changed_which_field_from_what_to_what():
    user, project = bureau(), make.project(planned_yuan=Decimal(300_000_000))
    edit(project, user, planned_yuan=Decimal(500_000_000), summary="扩建")
    change = FieldChange.objects.filter(field="summary").get()
    assert (change.by, change.model, change.record_id) == (user, "project", project.pk)
    assert set(lines(project, user)) == {
        ("计划投资", "3亿元", "5亿元"), ("内容概述", "建设算力中心", "扩建"),
    }  # fmt: skip


def test_a_save_that_changes_nothing_leaves_no_line():
    project = make.project()
    project.save_as(bureau())
    assert FieldChange.objects.count() == 0


def test_a_new_record_has_no_changes_yet():
    user = bureau()
    make.project()
    Company(name="新企业有限公司").save_as(user)
    assert FieldChange.objects.count() == 0


def test_a_refused_save_leaves_no_line():
    project = make.project()
    stale = type(project).objects.get(pk=project.pk)
    project.save()
    stale.summary = "晚了一步"
    with pytest.raises(StaleRecord):
        stale.save_as(bureau())
    assert FieldChange.objects.count() == 0


def test_a_reason_is_kept_with_the_change():
    user, firm = bureau(), make.company()
    firm.main_business = "算力"
    firm.save_as(user, reason="年报更正")
    assert described(changes_of(firm, user), user)[0]["why"] == "年报更正"


def test_archiving_and_bringing_back_are_changes():
    user, firm = bureau(), make.company()
    firm.archive(by=user)
    firm.restore(by=user)
    assert [(c.field, bool(c.before), bool(c.after)) for c in FieldChange.objects.all()] == [
        ("archived_at", True, False), ("archived_at", False, True),
    ]  # fmt: skip


def test_rows_changed_together_are_kept_in_one_insert(django_assert_max_num_queries):
    user = bureau()
    firms = [make.company() for _ in range(30)]
    for firm in firms:
        firm.main_business = "云计算"
    with transaction.atomic(), django_assert_max_num_queries(8):
        change_all(Company, firms, {"main_business"}, by=user)
    changes = FieldChange.objects.filter(field="main_business", source="bulk")
    assert changes.count() == 30


@pytest.mark.parametrize("sql", ["UPDATE crm_fieldchange SET after = 'x'",
                                 "DELETE FROM crm_fieldchange"])  # fmt: skip
def test_the_database_refuses_to_change_the_history(sql):
    edit(make.company(), bureau(), main_business="云计算")
    with pytest.raises(DatabaseError), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(sql)
    assert FieldChange.objects.get().after == "云计算"


def test_a_linked_row_is_named_as_the_reader_may_see_it():
    team = make.team()
    secret = make.project(is_confidential=True, code_name="昆仑", name="绝密工程", team=team)
    visit = make.visit(project=secret, company=secret.lead_investor, task_force=team)
    edit(visit, bureau(), project=None)
    officer = make.user(Role.OFFICER, team=team)
    assert lines(visit, officer) == [("项目", "昆仑", "")]
    assert lines(visit, bureau()) == [("项目", "绝密工程", "")]


def test_phones_are_masked_for_readers_who_may_not_see_them():
    contact = make.contact(mobile="13800001111")
    edit(contact, bureau(), mobile="13911112222")
    assert lines(contact, make.user(Role.LEADER)) == [("手机", "138****1111", "139****2222")]
    assert lines(contact, bureau()) == [("手机", "13800001111", "13911112222")]


def test_what_changed_in_the_parts_of_a_record_stands_with_it():
    user, project = bureau(), make.project()
    edit(make.assessment(project=project), user, result=Assessment.Result.CONDITIONAL)
    edit(make.assessment(), user, result=Assessment.Result.CONDITIONAL)
    assert [
        (row["record"], row["field"]) for row in described(changes_of(project, user), user)
    ] == [("研判", "结果")]


def test_parts_a_role_does_not_work_with_stay_out_of_its_history():
    user = bureau()
    deal = make.deal(project=make.project())
    edit(deal, user, place="西宁")
    project, unit = deal.project, make.department()
    make.request(project=project, department=unit)
    assert lines(project, make.user(Role.DEPARTMENT, department=unit)) == []


def test_older_changes_come_on_the_next_page(client):
    user, firm = bureau(), make.company()
    for turn in range(52):
        edit(firm, user, main_business=f"业务{turn}")
    rows, onward = page_of(changes_of(firm, user), "")
    rest, end = page_of(changes_of(firm, user), str(onward))
    assert ([r.after for r in rows][:1], len(rows), len(rest), end) == (["业务51"], 50, 2, None)
    client.force_login(user)
    page = client.get(f"/crm/company/{firm.pk}/history/?before={onward}").content.decode()
    assert ("业务0" in page, "业务51" in page) == (True, False)


@pytest.mark.parametrize("before", ["x", "-1", "9" * 30, "٣"])
def test_a_forged_place_in_the_history_shows_its_beginning(client, before):
    user, firm = bureau(), make.company()
    edit(firm, user, main_business="云计算")
    client.force_login(user)
    assert (
        "云计算" in client.get(f"/crm/company/{firm.pk}/history/?before={before}").content.decode()
    )


def test_the_history_of_a_closed_record_does_not_exist(client):
    project = make.project(is_confidential=True, code_name="昆仑")
    edit(project, bureau(), summary="绝密内容")
    client.force_login(make.user(Role.LEADER))
    answer = client.get(f"/crm/project/{project.pk}/history/", follow=True)
    assert "绝密内容" not in answer.content.decode()


def test_a_part_taken_out_and_a_changed_link_to_many_are_recorded(client):
    user, firm = bureau(), make.company()
    name, segment = make.company_name(company=firm, name="旧简称"), make.segment(name="液冷")
    client.force_login(user)
    page = client.get(f"/crm/company/{firm.pk}/change/")
    sent = {}
    for form in [page.context["adminform"].form, *page.context["inline_admin_formsets"]]:
        sent |= fields_of(getattr(form, "formset", form))
    prefix = next(k for k in sent if k.endswith("-id") and str(sent[k]) == str(name.pk))
    sent |= {"segments": [segment.pk], prefix.replace("-id", "-DELETE"): "on"}
    answer = client.post(f"/crm/company/{firm.pk}/change/", sent)
    assert answer.status_code == 302, answer.context["errors"]
    assert set(lines(firm, user)) == {("其他名称", "旧简称", ""), ("产业链环节", "", str(segment))}


def fields_of(form) -> dict:
    """What a browser would send of a form or formset without touching anything."""
    forms = [form.management_form, *form.forms] if hasattr(form, "management_form") else [form]
    values = {}
    for each in forms:
        for bound in each:
            value = bound.value()
            if value is not None and value is not False and not hasattr(value, "url"):
                values[bound.html_name] = value
    return values
