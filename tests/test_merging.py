"""Merging two records: values chosen, children moved, nothing forgotten, all of it undoable."""

from datetime import timedelta

import pytest
from django.apps import apps
from django.core.exceptions import ImproperlyConfigured, PermissionDenied, ValidationError
from django.utils import timezone

from crm import merging
from crm.access import Role
from crm.models import Company, CompanyName, Contact, FieldChange, Merge, Project, StaleRecord
from crm.models.merges import UNDO_DAYS
from tests import make

pytestmark = pytest.mark.django_db

# What a merge writes beside the rows themselves; compared rows leave these columns out.
NOT_COMPARED = {"version", "updated_at", "updated_by_id"}


@pytest.fixture
def bureau():
    return make.user(Role.BUREAU)


def everything() -> dict:
    """Every row of every table of ours but histories, by table and key."""
    kept = {"FieldChange", "Merge", "StatusChange", "User", "Notice", "AuditEntry", "FeedEntry"}
    return {
        (model.__name__, row["id"]): {k: v for k, v in row.items() if k not in NOT_COMPARED}
        for model in apps.get_app_config("crm").get_models(include_auto_created=True)
        if model.__name__ not in kept
        for row in model._base_manager.values()
    }


def two_firms():
    team = make.team()
    keeper = make.company(name="昆仑云图科技有限公司", owning_team=team)
    loser = make.company(
        name="昆仑云图", uscc=make.uscc(), main_business="智算", segments=[make.segment()],
        owning_team=team,
    )  # fmt: skip
    for day, firm in enumerate((keeper, loser), start=10):
        make.contact(company=firm, is_primary=True)
        make.visit(company=firm, task_force=team, held_on=make.days_ago(day))
        make.company_mark(company=firm)
    make.company_name(company=loser, name="云图")
    make.company(name="云图子公司", parent=loser)
    make.project(lead_investor=loser, team=team)
    make.follow_up(company=loser)
    make.request(company=loser)
    make.alliance_membership(company=loser)
    return keeper, loser


@pytest.mark.parametrize("model", merging.RELATIONS, ids=lambda model: model.__name__)
def test_every_relation_is_listed(model):
    assert merging.unlisted(model) == set(), (
        f"A merge of {model.__name__} would leave these rows behind, or lists what is gone. Say in "
        "crm.merging.RELATIONS whether they move to the kept record (MOVED) or stay (KEPT)."
    )


def test_a_merge_refuses_a_relation_nobody_listed(bureau, monkeypatch):
    keeper, loser = two_firms()
    relations = {k: v for k, v in merging.RELATIONS[Company].items() if k != "visit.company"}
    monkeypatch.setitem(merging.RELATIONS, Company, relations)
    before = everything()
    with pytest.raises(ImproperlyConfigured, match=r"visit\.company"):
        merging.merge(loser, into=keeper, by=bureau, reason="重复")
    assert everything() == before


def test_children_move_and_the_loser_stays_findable_as_a_former_name(bureau):
    keeper, loser = two_firms()
    merging.merge(loser, into=keeper, by=bureau, reason="重复", take={"uscc", "main_business"})
    code = loser.uscc
    keeper, loser = Company.objects.get(pk=keeper.pk), Company.objects.get(pk=loser.pk)
    assert loser.archived_at is not None
    assert keeper.main_business == "智算"
    assert keeper.uscc is not None
    assert code is None
    for rows in (keeper.contacts, keeper.visits, keeper.led_projects, keeper.follow_ups,
                 keeper.requests, keeper.subsidiaries, keeper.segments):  # fmt: skip
        assert rows.exists()
    assert Company.objects.live().found_by("昆仑云图").get() == keeper
    former = keeper.other_names.get(kind=CompanyName.Kind.FORMER)
    assert former.name == "昆仑云图"
    assert keeper.contacts.filter(is_primary=True).count() == 1


def test_what_the_keeper_has_already_stays_with_the_loser_and_is_listed(bureau):
    keeper, loser = two_firms()
    done = merging.merge(loser, into=keeper, by=bureau, reason="重复")
    assert {row["kind"] for row in done.journal["left"]} == {"资质标签"}
    assert loser.marks.count() == 1


def test_the_history_says_who_merged_what_and_why(bureau):
    keeper, loser = two_firms()
    visit = loser.visits.get()
    merging.merge(loser, into=keeper, by=bureau, reason="重复登记", take={"main_business"})
    told = FieldChange.objects.filter(source="merge", reason="重复登记", by=bureau)
    assert told.filter(model="company", record_id=keeper.pk, field="main_business").exists()
    assert told.filter(model="visit", record_id=visit.pk, field="company").exists()


def test_an_undone_merge_leaves_every_row_as_it_was(bureau):
    keeper, loser = two_firms()
    before = everything()
    done = merging.merge(
        loser, into=keeper, by=bureau, reason="重复", take={"uscc", "name", "main_business"}
    )
    assert merging.undo(done, by=bureau) == []
    assert everything() == before


def test_an_undone_merge_of_people_leaves_every_row_as_it_was(bureau):
    firm = make.company()
    keeper, loser = make.contact(company=firm), make.contact(company=firm, note="备注")
    make.visit(company=firm, their_people=[keeper, loser])
    make.visit(company=firm, their_people=[loser], mode="inbound")
    make.project(lead_investor=firm, contact=loser)
    before = everything()
    done = merging.merge(loser, into=keeper, by=bureau, reason="同一人", take={"note"})
    assert keeper.visits.count() == 2
    assert Contact.objects.get(pk=keeper.pk).note == "备注"
    merging.undo(done, by=bureau)
    assert everything() == before


def test_an_undone_merge_of_projects_leaves_every_row_as_it_was(bureau):
    team = make.team()
    firm = make.company(owning_team=team)
    keeper = make.project(lead_investor=firm, team=team)
    loser = make.project(lead_investor=firm, team=team)
    make.deal(project=loser)
    make.arrival(project=loser)
    make.arrival(project=keeper)
    make.visit(project=loser, company=firm)
    make.phase(project=loser)
    make.credit_share(project=loser, task_force=team)
    before = everything()
    done = merging.merge(loser, into=keeper, by=bureau, reason="同一项目", take={"summary"})
    assert Project.objects.get(pk=loser.pk).status == "merged"
    assert (keeper.deals.count(), keeper.arrivals.count()) == (1, 1)
    merging.undo(done, by=bureau)
    assert everything() == before
    assert [change.to_status for change in loser.status_changes.all()] == ["merged", "active"]


def test_undo_leaves_what_somebody_touched_since_and_lists_it(bureau):
    keeper, loser = two_firms()
    visit = loser.visits.get()
    done = merging.merge(loser, into=keeper, by=bureau, reason="重复", take={"main_business"})
    visit.refresh_from_db()
    visit.content = "合并后补记"
    visit.save_as(bureau)
    keeper.refresh_from_db()
    keeper.main_business = "改过"
    keeper.save_as(bureau)
    left = merging.undo(done, by=bureau)
    visit.refresh_from_db()
    keeper.refresh_from_db()
    assert (visit.company, keeper.main_business) == (keeper, "改过")
    assert {row["id"] for row in left} == {visit.pk, keeper.pk}
    assert Merge.objects.get().left == left


def test_undo_ends_after_its_days_and_happens_once(bureau):
    keeper, loser = two_firms()
    done = merging.merge(loser, into=keeper, by=bureau, reason="重复")
    Merge.objects.update(at=timezone.now() - timedelta(days=UNDO_DAYS, seconds=1))
    with pytest.raises(ValidationError):
        merging.undo(done, by=bureau)
    Merge.objects.update(at=timezone.now())
    merging.undo(done, by=bureau)
    with pytest.raises(ValidationError):
        merging.undo(done, by=bureau)


def test_undo_says_when_another_firm_took_the_name(bureau):
    keeper, loser = two_firms()
    done = merging.merge(loser, into=keeper, by=bureau, reason="重复")
    make.company(name="昆仑云图")
    before = everything()
    with pytest.raises(ValidationError, match="名称或代码"):
        merging.undo(done, by=bureau)
    assert everything() == before


@pytest.mark.parametrize("role", [role for role in Role if role != Role.BUREAU])
def test_only_the_bureau_merges_and_takes_back(bureau, role):
    keeper, loser = two_firms()
    user = make.user(role)
    with pytest.raises(PermissionDenied):
        merging.merge(loser, into=keeper, by=user, reason="重复")
    done = merging.merge(loser, into=keeper, by=bureau, reason="重复")
    with pytest.raises(PermissionDenied):
        merging.undo(done, by=user)


def test_what_cannot_be_merged_is_refused_with_words(bureau):
    keeper, loser = two_firms()
    with pytest.raises(ValidationError):
        merging.merge(keeper, into=keeper, by=bureau, reason="重复")
    with pytest.raises(ValidationError):
        merging.merge(make.project(), into=keeper, by=bureau, reason="重复")
    with pytest.raises(ValidationError):
        merging.merge(loser, into=keeper, by=bureau, reason=" ")
    with pytest.raises(ValidationError):
        merging.merge(make.contact(), into=make.contact(), by=bureau, reason="重复")
    secret = make.project(is_confidential=True, code_name="青松")
    with pytest.raises(ValidationError):
        merging.merge(secret, into=make.project(), by=bureau, reason="重复")
    loser.archive(by=bureau)
    with pytest.raises(ValidationError):
        merging.merge(loser, into=keeper, by=bureau, reason="重复")


def test_a_record_changed_meanwhile_is_not_merged(bureau):
    keeper, loser = two_firms()
    Company.objects.filter(pk=loser.pk).update(version=9)
    with pytest.raises(StaleRecord):
        merging.merge(loser, into=keeper, by=bureau, reason="重复")


def test_a_parent_merged_into_its_child_leaves_no_circle(bureau):
    parent = make.company()
    child = make.company(parent=parent)
    merging.merge(parent, into=child, by=bureau, reason="重复")
    child.refresh_from_db()
    assert child.parent is None


# -- pages -----------------------------------------------------------------------------------------


def test_the_bureau_chooses_compares_merges_and_takes_back(client, bureau):
    keeper, loser = two_firms()
    client.force_login(bureau)
    base = f"/merges/company/{loser.pk}/"
    assert f"{base}into/{keeper.pk}/" in client.get(base).content.decode()
    page = client.get(f"{base}into/{keeper.pk}/").content.decode()
    assert "智算" in page
    form = {"keeper_version": keeper.version, "loser_version": loser.version,
            "value_main_business": "loser", "reason": "重复"}  # fmt: skip
    assert client.post(f"{base}into/{keeper.pk}/", form | {"reason": ""}).status_code == 422
    assert client.post(f"{base}into/{keeper.pk}/", form | {"loser_version": 9}).status_code == 422
    assert client.post(f"{base}into/{keeper.pk}/", form).status_code == 302
    keeper.refresh_from_db()
    assert keeper.main_business == "智算"
    assert "已并入" in client.get(f"/crm/company/{loser.pk}/change/").content.decode()
    assert "昆仑云图" in client.get("/merges/").content.decode()
    client.post(f"/merges/{Merge.objects.get().pk}/undo/")
    client.post(f"/merges/{Merge.objects.get().pk}/undo/")
    loser.refresh_from_db()
    assert loser.archived_at is None


@pytest.mark.parametrize("kind", ["contact", "project"])
def test_people_and_projects_have_the_same_pages(client, bureau, kind):
    firm = make.company()
    one = make.contact(company=firm) if kind == "contact" else make.project(lead_investor=firm)
    two = make.contact(company=firm) if kind == "contact" else make.project(lead_investor=firm)
    client.force_login(bureau)
    assert f"into/{two.pk}/" in client.get(f"/merges/{kind}/{one.pk}/").content.decode()
    assert client.get(f"/merges/{kind}/{one.pk}/into/{two.pk}/").status_code == 200
    assert client.get(f"/merges/{kind}/{one.pk}/into/{one.pk}/").status_code == 404
    assert client.get(f"/merges/nothing/{one.pk}/").status_code == 404


@pytest.mark.parametrize("role", [Role.OFFICER, Role.LEADER, Role.PARK])
def test_nobody_else_opens_the_pages(client, role):
    firm, other = make.company(), make.company()
    client.force_login(make.user(role))
    for path in ("/merges/", f"/merges/company/{firm.pk}/",
                 f"/merges/company/{firm.pk}/into/{other.pk}/"):  # fmt: skip
        assert client.get(path).status_code == 403
