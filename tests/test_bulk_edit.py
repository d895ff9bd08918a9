"""Many rows changed at once: looked at first, under every rule of a single change, taken back."""

from datetime import timedelta
from decimal import Decimal

import pytest
from django.core.exceptions import PermissionDenied
from django.utils import timezone

from crm.access import Role
from crm.models import ChangeSet, FieldChange, Project
from crm.pages.bulk import BulkForm
from crm.rewriting import ARCHIVE, carry_out, fingerprint, plan, undo
from tests import make

pytestmark = pytest.mark.django_db


@pytest.fixture
def bureau():
    return make.user(Role.BUREAU)


def changed(rows, values, *, by) -> ChangeSet:
    return carry_out([plan(rows, values, by=by)], by=by, kind="bulk", label="测试", back_to="/")


def seen(user):
    return Project.objects.visible_to(user).order_by("pk")


def leaders(*projects) -> list[str]:
    return [Project.objects.get(pk=project.pk).sponsoring_leader for project in projects]


# -- the work --------------------------------------------------------------------------------------


def test_a_plan_says_what_would_change_and_writes_nothing(bureau):
    one, two = make.project(sponsoring_leader="甲"), make.project(sponsoring_leader="乙")

    made = plan(seen(bureau), {"sponsoring_leader": "乙"}, by=bureau)

    assert [change.row for change in made.changes] == [one]
    assert made.unchanged == 1
    assert made.steps("sponsoring_leader") == [
        {"label": "包联领导", "before": "甲", "after": "乙", "count": 1}
    ]
    assert leaders(one, two) == ["甲", "乙"]


def test_rows_that_are_not_the_users_are_left_out_by_their_code_name(bureau):
    reader = make.user(Role.OFFICER, team=make.team())
    shared = make.project(is_confidential=True, code_name="代号青松", name="绝密工程")
    make.credit_share(project=shared, task_force=reader.team, percent=Decimal(50))

    made = plan(seen(reader), {"sponsoring_leader": "乙"}, by=reader)

    assert made.changes == []
    assert made.left_out == [{"name": "代号青松", "reason": "不在您的修改权限内"}]


def test_a_row_that_would_break_a_rule_is_left_out_with_the_reason(bureau):
    trip, other = make.trip(), make.trip()
    rows = type(trip).objects.visible_to(bureau).order_by("pk")

    made = plan(rows, {"ended_on": trip.started_on - timedelta(days=1)}, by=bureau)

    assert made.changes == []
    assert len(made.left_out) == 2
    assert "最后一天" in made.left_out[0]["reason"] or made.left_out[0]["reason"]
    assert other.started_on == trip.started_on


def test_the_field_history_says_that_it_was_changed_with_others_and_taken_back(bureau):
    one = make.project(sponsoring_leader="甲")

    undo(changed(seen(bureau), {"sponsoring_leader": "丙"}, by=bureau), by=bureau)

    kept = FieldChange.objects.filter(model="project", record_id=one.pk).order_by("id")
    assert [(row.before, row.after, row.source) for row in kept] == [
        ("甲", "丙", "bulk"), ("丙", "甲", "undo"),
    ]  # fmt: skip


def test_a_change_raises_the_version_and_can_be_taken_back(bureau):
    one, two = make.project(sponsoring_leader="甲"), make.project(sponsoring_leader="")

    done = changed(seen(bureau), {"sponsoring_leader": "丙"}, by=bureau)
    after = leaders(one, two)
    count = undo(done, by=bureau)

    assert (after, count) == (["丙", "丙"], 2)
    assert leaders(one, two) == ["甲", ""]
    assert Project.objects.get(pk=one.pk).version == one.version + 2


def test_what_somebody_changed_since_is_not_taken_back(bureau):
    one, two = make.project(sponsoring_leader="甲"), make.project(sponsoring_leader="甲")
    done = changed(seen(bureau), {"sponsoring_leader": "丙"}, by=bureau)
    other = Project.objects.get(pk=two.pk)
    other.sponsoring_leader = "丁"
    other.save_as(make.user(Role.BUREAU))

    assert undo(done, by=bureau) == 1
    assert leaders(one, two) == ["甲", "丁"]
    done.refresh_from_db()
    assert done.not_undone == [{"name": two.name, "reason": "已被他人修改"}]


def test_dates_links_and_the_archive_come_back_as_they_were(bureau):
    park, day = make.park(), make.days_ago(-30)
    project = make.project(park=park, planned_signing_on=day)
    values = {"park": make.park(), "planned_signing_on": None}

    first = changed(seen(bureau), values, by=bureau)
    second = changed(seen(bureau), {ARCHIVE: timezone.now()}, by=bureau)
    archived = Project.objects.get(pk=project.pk).archived_at
    undo(second, by=bureau)
    undo(first, by=bureau)

    project.refresh_from_db()
    assert archived is not None
    assert (project.park, project.planned_signing_on, project.archived_at) == (park, day, None)


@pytest.mark.parametrize("days", [0, 31])
def test_a_change_is_taken_back_once_by_its_maker_within_30_days(bureau, days):
    make.project()
    done = changed(seen(bureau), {"sponsoring_leader": "丙"}, by=bureau)
    ChangeSet.objects.filter(pk=done.pk).update(made_at=timezone.now() - timedelta(days=days))
    if days == 0:
        undo(done, by=bureau)

    with pytest.raises(PermissionDenied):
        undo(done, by=bureau)
    with pytest.raises(PermissionDenied):
        undo(done, by=make.user(Role.BUREAU))


def test_the_fingerprint_tells_another_version_of_a_row(bureau):
    project = make.project()
    before = fingerprint([plan(seen(bureau), {"sponsoring_leader": "丙"}, by=bureau)])
    project.save()

    assert fingerprint([plan(seen(bureau), {"sponsoring_leader": "丙"}, by=bureau)]) != before


def test_a_row_changed_between_plan_and_writing_is_left_out(bureau):
    project = make.project()
    made = plan(seen(bureau), {"sponsoring_leader": "丙"}, by=bureau)
    Project.objects.get(pk=project.pk).save()

    done = carry_out([made], by=bureau, kind="bulk", label="测试", back_to="/")

    assert done.counts() == []
    assert done.left_out == [{"name": project.name, "reason": "已被他人修改"}]


# -- the page --------------------------------------------------------------------------------------


def confirmed(client, url: str, data: dict):
    """Look, then do, as the page's own button does."""
    looked = client.post(url, data)
    state = looked.context["state"]
    return client.post(url, data | {"confirmed": state}, follow=True)


def test_the_filters_of_the_list_say_which_rows_change(client, bureau):
    mine, other = make.project(stage="negotiating"), make.project()
    client.force_login(bureau)

    answer = confirmed(client, "/bulk/project/?stage=negotiating", {"sponsoring_leader": "丙"})

    assert leaders(mine, other) == ["丙", ""]
    assert "撤回" in answer.content.decode()


def test_ticked_rows_come_from_the_list_as_a_signed_word(client, bureau):
    one, two = make.project(), make.project()
    client.force_login(bureau)
    answer = client.post(
        "/crm/project/", {"action": "change_many", "_selected_action": [two.pk], "index": 0}
    )

    confirmed(client, answer.url, {"sponsoring_leader": "丙"})

    assert leaders(one, two) == ["", "丙"]
    assert client.get("/bulk/project/?rows=1").status_code == 404


def test_all_rows_of_the_filter_are_meant_when_the_list_says_so(client, bureau):
    make.project()
    client.force_login(bureau)
    sent = {"action": "change_many", "_selected_action": [1], "select_across": "1", "index": 0}

    assert client.post("/crm/project/?stage=lead", sent).url == "/bulk/project/?stage=lead"


def test_what_changed_since_the_look_is_shown_again(client, bureau):
    project = make.project()
    client.force_login(bureau)
    looked = client.post("/bulk/project/", {"sponsoring_leader": "丙"})
    project.save()

    data = {"sponsoring_leader": "丙", "confirmed": looked.context["state"]}
    again = client.post("/bulk/project/", data)

    assert "请重新核对" in again.content.decode()
    assert leaders(project) == [""]


def test_a_page_of_the_form_says_when_nothing_was_filled_in(client, bureau):
    make.project()
    client.force_login(bureau)

    page = client.post("/bulk/project/", {}).content.decode()

    assert "请填写要修改的内容" in page


def test_a_filter_that_cannot_be_read_changes_nothing(client, bureau):
    client.force_login(bureau)
    assert client.get("/bulk/project/?cut=gestern").status_code == 404


@pytest.mark.parametrize("name", ["project", "company", "contact", "visit", "trip", "followup",
                                  "request", "deal"])  # fmt: skip
def test_every_kind_has_its_form(client, bureau, name):
    client.force_login(bureau)
    assert client.get(f"/bulk/{name}/").status_code == 200


@pytest.mark.parametrize(
    ("role", "code"), [(Role.LEADER, 403), (Role.STATISTICIAN, 403), (Role.SYSTEM_ADMIN, 403)]
)
def test_readers_and_administrators_change_nothing(client, role, code):
    client.force_login(make.user(role))
    assert client.get("/bulk/project/").status_code == code


def test_kinds_without_bulk_edit_do_not_exist(client, bureau):
    client.force_login(bureau)
    assert client.get("/bulk/user/").status_code == 404


def test_a_value_can_be_emptied_and_a_yes_or_no_set(bureau):
    form = BulkForm({"empty_park": "on", "source": "event"}, model=Project, user=bureau)
    contact = BulkForm({"has_left": "1"}, model=type(make.contact()), user=bureau)

    assert form.is_valid() and form.values() == {"park": None, "source": "event"}
    assert contact.is_valid() and contact.values() == {"has_left": True}


def test_only_those_who_archive_may_archive_in_bulk():
    assert ARCHIVE not in BulkForm(model=Project, user=make.user(Role.OFFICER)).fields
    assert ARCHIVE in BulkForm(model=Project, user=make.user(Role.BUREAU)).fields


def test_changes_are_seen_and_taken_back_by_their_maker_only(client, bureau):
    project = make.project(sponsoring_leader="甲")
    done = changed(seen(bureau), {"sponsoring_leader": "丙"}, by=bureau)
    client.force_login(make.user(Role.BUREAU))
    stranger = client.post(f"/changes/{done.pk}/undo/").status_code
    client.force_login(bureau)

    answer = client.post(f"/changes/{done.pk}/undo/", follow=True)

    assert stranger == 404
    assert leaders(project) == ["甲"]
    assert "已撤回" in answer.content.decode()
    assert done.label in client.get("/changes/").content.decode()


def test_1500_rows_are_changed_in_one_go(client, bureau):
    firm = make.company()
    make.models.Contact.objects.bulk_create(
        make.models.Contact(company=firm, name=f"联系人{n}") for n in range(1500)
    )
    client.force_login(bureau)

    confirmed(client, "/bulk/contact/", {"introduced_by": "商会"})

    assert make.models.Contact.objects.filter(introduced_by="商会").count() == 1500
