"""A person's open work goes to a successor: seen first, by kind, and taken back."""

import pytest

from crm.access import Role
from crm.bequeathing import hand_over_plans, work_of
from crm.models import ChangeSet, FollowUp, Project
from crm.rewriting import carry_out, undo
from tests import make

pytestmark = pytest.mark.django_db


@pytest.fixture
def team():
    return make.team()


@pytest.fixture
def lead(team):
    return make.user(Role.TEAM_LEAD, team=team)


@pytest.fixture
def leaver(team):
    return make.user(Role.OFFICER, team=team, full_name="离任者")


@pytest.fixture
def successor(team):
    return make.user(Role.OFFICER, team=team, full_name="接任者")


def owner_of(row):
    return type(row).objects.get(pk=row.pk).owner


def hand_over(leaver, successor, *, by) -> ChangeSet:
    plans = hand_over_plans(leaver, successor, ["projects", "follow_ups"], by=by)
    return carry_out(plans, by=by, kind="hand_over", label="移交", back_to="/")


def test_open_projects_and_follow_ups_change_hands_and_come_back(team, lead, leaver, successor):
    project = make.project(team=team, owner=leaver)
    task = make.follow_up(task_force=team, owner=leaver)

    done = hand_over(leaver, successor, by=lead)
    after = (owner_of(project), owner_of(task))
    undo(done, by=lead)

    assert after == (successor, successor)
    assert done.counts() == [{"name": "跟进", "count": 1}, {"name": "项目", "count": 1}]
    assert (owner_of(project), owner_of(task)) == (leaver, leaver)


def test_what_is_over_stays_with_whoever_did_it(team, lead, leaver, successor):
    lost = make.project(team=team, owner=leaver, status="lost")
    done = make.follow_up(task_force=team, owner=leaver, done_on=make.days_ago(1))
    archived = make.project(team=team, owner=leaver)
    archived.archive(by=lead)

    hand_over(leaver, successor, by=lead)

    assert {owner_of(row) for row in (lost, done, archived)} == {leaver}


def test_nobody_learns_of_a_confidential_project_by_inheriting_it(team, leaver, successor):
    bureau = make.user(Role.BUREAU)
    secret = make.project(team=team, owner=leaver, is_confidential=True, code_name="代号青松")
    known = make.project(team=team, owner=leaver, is_confidential=True, code_name="代号白杨",
                         confidants=[successor])  # fmt: skip

    done = hand_over(leaver, successor, by=bureau)

    assert (owner_of(secret), owner_of(known)) == (leaver, successor)
    assert done.left_out == [{"name": secret.name, "reason": "接任者无权查看"}]


def test_a_team_lead_sees_and_moves_the_own_teams_work_only(team, lead, leaver, successor):
    elsewhere = make.project(team=make.team(), owner=leaver)
    make.project(team=team, owner=leaver)

    counted = {item["kind"].key: item["count"] for item in work_of(leaver, seen_by=lead)}
    hand_over(leaver, successor, by=lead)

    assert (counted["projects"], counted["follow_ups"]) == (1, 0)
    assert owner_of(elsewhere) == leaver


def test_a_follow_up_of_a_project_closed_to_the_successor_stays(team, leaver, successor):
    secret = make.project(team=team, owner=leaver, is_confidential=True, code_name="代号青松")
    task = make.follow_up(task_force=team, owner=leaver, project=secret)

    hand_over(leaver, successor, by=make.user(Role.BUREAU))

    assert FollowUp.objects.get(pk=task.pk).owner == leaver


def test_a_successor_of_another_team_takes_along_what_the_person_entered(team, leaver):
    other = make.team()
    heir, bureau = make.user(Role.OFFICER, team=other), make.user(Role.BUREAU)
    rows = [
        make.company(owning_team=team, created_by=leaver),
        make.trip(
            task_force=team,
            started_on=make.days_ago(-3),
            ended_on=make.days_ago(-5),
            created_by=leaver,
        ),
        make.request(task_force=team, created_by=leaver),
    ]
    stays = make.trip(task_force=team, created_by=leaver)

    plans = hand_over_plans(leaver, heir, ["firms", "trips", "requests"], by=bureau)
    carry_out(plans, by=bureau, kind="hand_over", label="移交", back_to="/")

    for row in (*rows, stays):
        row.refresh_from_db()
    firm, trip, request = rows
    assert {firm.owning_team, trip.task_force, request.task_force} == {other}
    assert stays.task_force == team


def test_within_the_team_firms_and_trips_stay_what_they_are(team, lead, leaver, successor):
    make.company(owning_team=team, created_by=leaver)

    [made] = hand_over_plans(leaver, successor, ["firms"], by=lead)

    assert (len(made.changes), made.unchanged) == (0, 1)


def test_the_next_step_of_a_visit_goes_to_the_successor(team, lead, leaver, successor):
    visit = make.visit(
        task_force=team, next_step="寄资料", next_step_on=make.days_ago(-2),
        next_step_owner=leaver,
    )  # fmt: skip

    plans = hand_over_plans(leaver, successor, ["next_steps"], by=lead)
    carry_out(plans, by=lead, kind="hand_over", label="移交", back_to="/")

    visit.refresh_from_db()
    assert visit.next_step_owner == successor


# -- the pages -------------------------------------------------------------------------------------


def test_four_clicks_preview_counts_and_hand_over(client, team, lead, leaver, successor):
    project = make.project(team=team, owner=leaver)
    client.force_login(lead)
    data = {"successor": successor.pk, "kinds": ["projects", "follow_ups"]}

    looked = client.post(f"/people/{leaver.pk}/", data)
    untouched = owner_of(project)
    done = client.post(
        f"/people/{leaver.pk}/", data | {"confirmed": looked.context["state"]}, follow=True
    )

    assert (looked.context["total"], untouched) == (1, leaver)
    assert owner_of(project) == successor
    assert "撤回" in done.content.decode()


def test_work_that_came_since_the_look_is_looked_at_again(client, team, lead, leaver, successor):
    make.project(team=team, owner=leaver)
    client.force_login(lead)
    data = {"successor": successor.pk, "kinds": ["projects"]}
    looked = client.post(f"/people/{leaver.pk}/", data)
    make.project(team=team, owner=leaver)

    again = client.post(f"/people/{leaver.pk}/", data | {"confirmed": looked.context["state"]})

    assert "请重新核对" in again.content.decode()
    assert Project.objects.filter(owner=successor).count() == 0


def test_the_list_counts_each_persons_open_work(client, team, lead, leaver):
    make.project(team=team, owner=leaver)
    client.force_login(lead)

    people = client.get("/people/").context["people"]

    counts = {row["user"]: [each["count"] for each in row["counts"]] for row in people}
    assert counts == {leaver: [1, 0, 0, 0, 0, 0], lead: [0] * 6}


def test_people_of_other_teams_do_not_exist_for_a_team_lead(client, lead):
    stranger = make.user(Role.OFFICER, team=make.team())
    client.force_login(lead)
    assert client.get(f"/people/{stranger.pk}/").status_code == 404


def test_a_successor_has_to_be_chosen(client, lead, leaver):
    client.force_login(lead)
    page = client.post(f"/people/{leaver.pk}/", {"kinds": ["projects"]})
    assert "successor" in page.context["form"].errors


@pytest.mark.parametrize("role", [Role.OFFICER, Role.LEADER, Role.SYSTEM_ADMIN])
def test_others_hand_nothing_over(client, role):
    client.force_login(make.user(role))
    assert client.get("/people/").status_code == 403
