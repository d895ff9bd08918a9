"""The one write rule: whoever writes through ``save_as`` writes what is theirs, or nothing."""

import pytest
from django.core.exceptions import PermissionDenied, ValidationError

from crm.access import Role
from crm.models import Company, CreditShare, FollowUp, Park, Project, Region, StaleRecord, Visit
from crm.periods import today

from . import make

pytestmark = pytest.mark.django_db


@pytest.fixture
def team():
    return make.team()


@pytest.fixture
def officer(team):
    return make.user(team=team)


def snapshot():
    return {
        model.__name__: list(model.objects.order_by("pk").values())
        for model in (Company, Project, Visit, FollowUp, CreditShare)
    }


def refused(error, act):
    """The act is refused and the tables stand as they stood."""
    before = snapshot()
    with pytest.raises(error) as refusal:
        act()
    assert snapshot() == before
    return refusal.value


# -- who -------------------------------------------------------------------------------------------


def test_saving_records_who_wrote(officer, team):
    visit = Visit(company=make.company(owning_team=team), task_force=team)
    visit.save_as(officer)
    visit.refresh_from_db()
    assert (visit.created_by, visit.updated_by, visit.version) == (officer, officer, 1)


def test_changing_records_who_changed_and_raises_the_version(officer, team):
    visit = make.visit(task_force=team)
    visit.content = "洽谈算力中心选址"
    visit.save_as(officer)
    visit.refresh_from_db()
    assert (visit.created_by, visit.updated_by, visit.version) == (None, officer, 2)


@pytest.mark.parametrize(
    "role", sorted({*Role.values, ""} - {Role.OFFICER, Role.TEAM_LEAD, Role.BUREAU})
)
def test_other_roles_log_no_visit(role, team):
    company = make.company()
    person = make.user(role, team=team)
    refused(PermissionDenied, lambda: Visit(company=company, task_force=team).save_as(person))


def test_a_visit_is_not_logged_for_another_team(officer):
    company, other = make.company(), make.team()
    refused(PermissionDenied, lambda: Visit(company=company, task_force=other).save_as(officer))


def test_another_teams_row_is_not_changed(officer):
    visit = make.visit()
    visit.content = "改写"
    refused(PermissionDenied, lambda: visit.save_as(officer))


def test_an_own_row_is_not_given_to_another_team(officer, team):
    visit = make.visit(task_force=team)
    visit.task_force = make.team()
    refused(PermissionDenied, lambda: visit.save_as(officer))


def test_a_project_is_not_filed_under_another_team(officer, team):
    project = make.project(team=team)
    project.lead_team = make.team()
    refusal = refused(ValidationError, lambda: project.save_as(officer))
    assert list(refusal.message_dict) == ["lead_team"]


def test_reference_data_is_kept_by_the_bureau_alone(officer):
    refused(PermissionDenied, lambda: Park(name="南川工业园区").save_as(officer))
    Park(name="南川工业园区").save_as(make.keeper())
    assert Park.objects.get().updated_by == make.keeper()


def test_a_closed_account_writes_nothing(team):
    visit = make.visit(task_force=team)
    closed = make.user(team=team, is_active=False)
    refused(PermissionDenied, lambda: visit.save_as(closed))


# -- links -----------------------------------------------------------------------------------------


def test_a_forged_link_to_another_teams_project_is_refused_by_field(officer, team):
    other = make.project()
    visit = Visit(company=make.company(), task_force=team, project=other)
    refusal = refused(ValidationError, lambda: visit.save_as(officer))
    assert list(refusal.message_dict) == ["project"]
    assert other.name not in str(refusal)


def test_a_link_to_a_row_that_does_not_exist_reads_just_the_same(officer, team):
    messages = []
    for project_id in (make.project().pk, 999_999):
        visit = Visit(company=make.company(), task_force=team, project_id=project_id)
        messages.append(refused(ValidationError, lambda v=visit: v.save_as(officer)).message_dict)
    assert messages[0] == messages[1]


def test_a_secret_project_of_the_own_team_cannot_be_linked_by_who_is_not_told(officer, team):
    secret = make.project(team=team, is_confidential=True, code_name="昆仑")
    visit = Visit(company=make.company(), task_force=team, project=secret)
    refused(ValidationError, lambda: visit.save_as(officer))


def test_a_link_that_was_there_before_is_left_alone(officer, team):
    visit = make.visit(task_force=team, project=make.project(team=team))
    Company.objects.update(owning_team=make.team())
    visit.content = "补充纪要"
    visit.save_as(officer)
    assert Visit.objects.get().content == "补充纪要"


# -- only what is touched --------------------------------------------------------------------------


def test_an_old_fault_in_another_field_does_not_stop_a_repair():
    firm = make.company()
    Company.objects.update(uscc="9163000000000000X0")
    firm = Company.objects.get()
    firm.note = "代码待核"
    firm.save_as(make.keeper())
    assert Company.objects.get().note == "代码待核"


def test_the_faulty_field_itself_has_to_be_right_once_it_is_touched():
    make.company()
    Company.objects.update(uscc="9163000000000000X0")
    firm = Company.objects.get()
    firm.uscc = "9163000000000000X1"
    refusal = refused(ValidationError, lambda: firm.save_as(make.keeper()))
    assert list(refusal.message_dict) == ["uscc"]


def test_an_old_date_in_the_future_does_not_stop_a_repair_either():
    visit = make.visit(held_on=make.days_ago(-3))
    visit.content = "更正"
    visit.save_as(make.keeper())
    assert Visit.objects.get().content == "更正"


def test_touched_are_the_fields_that_differ_from_the_stored_row():
    visit = make.visit()
    visit.content, visit.wants = "更正", ""
    assert visit.touched_fields() == {"content"}
    assert visit.touches("content", "held_on")
    assert not visit.touches("held_on")


def test_every_field_of_a_new_row_is_touched():
    visit = Visit()
    assert visit.stored() == {}
    assert visit.touched_fields() == {f.name for f in Visit._meta.concrete_fields}


def test_after_saving_nothing_is_touched():
    visit = make.visit()
    visit.content = "更正"
    visit.save_as(make.keeper())
    assert visit.touched_fields() == set()


def test_a_row_that_is_gone_has_no_stored_values():
    park = make.park()
    Park.objects.filter(pk=park.pk).delete()
    assert park.stored() == {}


# -- lost updates ----------------------------------------------------------------------------------


def test_the_second_of_two_editors_is_told_and_overwrites_nothing(officer, team):
    pk = make.visit(task_force=team).pk
    first, second = Visit.objects.get(pk=pk), Visit.objects.get(pk=pk)
    first.content = "甲的纪要"
    first.save_as(officer)
    second.wants = "乙的诉求"
    refused(StaleRecord, lambda: second.save_as(officer))
    assert Visit.objects.get().content == "甲的纪要"


def test_a_row_that_was_taken_out_meanwhile_is_not_written_back():
    share = make.credit_share()
    copy = CreditShare.objects.get()
    share.delete()
    copy.percent = 50
    refused((StaleRecord, PermissionDenied), lambda: copy.save_as(make.keeper()))


def test_saving_a_few_fields_raises_the_version_too():
    visit = make.visit()
    visit.content = "更正"
    visit.save(update_fields=["content"])
    visit.refresh_from_db()
    assert (visit.content, visit.version) == ("更正", 2)


def test_what_belongs_to_the_same_act_is_not_left_half_done(officer):
    """The follow-up of a visit is written first and goes with the visit that is refused."""
    visit = Visit(
        company=make.company(), task_force=make.team(), next_step="回访", next_step_on=today()
    )
    refused(PermissionDenied, lambda: visit.save_as(officer))


# -- parts and archive -----------------------------------------------------------------------------


def test_a_part_is_taken_out_by_whoever_edits_the_whole(officer, team):
    share = make.credit_share(project=make.project(team=team), task_force=team)
    assert share.check_delete_by(officer) is None


def test_a_part_of_another_team_is_not_taken_out(officer):
    with pytest.raises(PermissionDenied):
        make.credit_share().check_delete_by(officer)


def test_a_record_is_never_taken_out(officer, team):
    with pytest.raises(PermissionDenied):
        make.project(team=team).check_delete_by(officer)


def test_archiving_takes_a_record_out_of_the_lists_and_restoring_brings_it_back(team):
    lead = make.user(Role.TEAM_LEAD, team=team)
    visit = make.visit(task_force=team)
    visit.archive(by=lead)
    assert list(Visit.objects.live()) == []
    visit.restore(by=lead)
    assert list(Visit.objects.live()) == [visit]
    assert visit.updated_by == lead


def test_an_officer_does_not_archive(officer, team):
    visit = make.visit(task_force=team)
    refused(PermissionDenied, lambda: visit.archive(by=officer))


def test_a_lead_does_not_archive_another_teams_record(team):
    visit = make.visit()
    lead = make.user(Role.TEAM_LEAD, team=team)
    refused(PermissionDenied, lambda: visit.archive(by=lead))


def test_disabled_reference_data_stays_but_is_no_longer_offered():
    make.region(name="旧区", is_disabled=True)
    current = make.region(name="城西区")
    assert list(Region.objects.current()) == [current]
    assert str(current) == "城西区"
