"""The board: the list's own projects and sums in columns; moved, taken back, live."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from crm.access import Role
from crm.models import Project, StageProposal
from crm.periods import today
from crm.stages import Stage

from . import make

pytestmark = pytest.mark.django_db


@pytest.fixture
def officer(client):
    """An officer signed in; the project team is ``officer.team``."""
    user = make.user(team=make.team())
    client.force_login(user)
    return user


@pytest.fixture
def bureau(client):
    user = make.user(Role.BUREAU)
    client.force_login(user)
    return user


def columns(client, query="") -> dict:
    page = client.get(f"/board/?{query}")
    assert page.status_code == 200
    return {column["figures"].stage: column for column in page.context["columns"]}


def move(client, project, stage, **values):
    """What board.js sends when a card is dropped, or its form when ``on`` is given."""
    project.refresh_from_db()
    data = {"version": project.version, "record_version": project.version} | values
    return client.post(f"/board/{project.pk}/move/?to={stage}", data).json()


def stage_of(project) -> str:
    return Project.objects.get(pk=project.pk).stage


# -- columns ---------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "query", ["", "q=测试项目", "stale=on", "planned_min=2亿元", "status=on_hold"]
)
def test_count_and_sum_of_a_column_are_those_of_the_list(client, bureau, query):
    make.project(stage="reserve", planned_yuan=500_000_000)
    make.project(stage="reserve")
    make.project(stage="reserve", status="on_hold")
    make.project(stage="reserve", is_confidential=True, code_name="代号甲")
    make.project().archive(by=make.keeper())
    make.project()

    for stage, column in columns(client, query).items():
        rows = client.get(column["list_url"]).context["cl"].queryset
        assert column["figures"].count == len(rows), stage
        assert column["figures"].planned_yuan == sum(row.planned_yuan or 0 for row in rows), stage


def test_the_weighted_sum_uses_the_bureaus_likelihood(client, bureau):
    make.project(stage="reserve")
    make.stage_rule(stage=Stage.RESERVE, likelihood=40)

    figures = columns(client)["reserve"]["figures"]
    assert (figures.planned_text, figures.weighted_text) == ("3亿元", "1.2亿元")


def test_a_column_of_unknown_amounts_is_undetermined_not_0(client, bureau):
    make.project()

    figures = columns(client)["lead"]["figures"]
    assert (figures.planned_text, figures.weighted_text) == ("待定", "待定")


def test_only_the_stages_filtered_for_are_columns(client, bureau):
    assert list(columns(client, "stage=lead&stage=reserve")) == ["lead", "reserve"]


def test_a_team_sees_its_own_cards(client, officer):
    own = make.project(team=officer.team)
    make.project()

    cards = columns(client)["lead"]["cards"]
    assert [card["project"].pk for card in cards] == [own.pk]


def test_a_closed_card_shows_code_name_stage_and_amount_only(client):
    client.force_login(make.user(Role.LEADER))
    make.project(
        stage="reserve", is_confidential=True, code_name="代号青松", name="绝密雪豹工程",
        next_step="绝密会谈", next_step_on=make.days_ago(3), owner=make.user(full_name="绝密专员"),
    )  # fmt: skip

    for path in ("/board/", "/board/column/reserve/"):
        page = client.get(path).content.decode()
        assert ("代号青松" in page, "3亿元" in page, "绝密" in page) == (True, True, False)


@pytest.mark.parametrize(
    ("due", "state"),
    [(None, "none"), (-30, "ok"), (-7, "due"), (0, "due"), (1, "overdue")],
)
def test_a_card_says_how_its_next_step_stands(client, bureau, due, state):
    on = None if due is None else make.days_ago(due)
    make.project(next_step="" if on is None else "回访", next_step_on=on)

    assert columns(client)["lead"]["cards"][0]["next"]["state"] == state


def test_a_card_is_stale_when_the_list_says_so(client, bureau):
    make.project(on=make.days_ago(45))
    stale = make.project(on=make.days_ago(46))

    marked = [c["project"].pk for c in columns(client)["lead"]["cards"] if c["is_stale"]]
    assert marked == [stale.pk] == list(Project.objects.stale(today()).values_list("pk", flat=True))


def test_columns_come_page_by_page_without_gap_or_repetition(client, bureau):
    same_day = [make.project(on=make.days_ago(5)).pk for _ in range(23)]
    older = [make.project(on=make.days_ago(day)).pk for day in range(6, 26)]
    column = columns(client)["lead"]
    seen, more = [card["project"].pk for card in column["cards"]], column["more"]
    while more:
        part = client.get(more).context["column"]
        seen, more = seen + [card["project"].pk for card in part["cards"]], part["more"]

    assert seen == [*reversed(same_day), *older]


@pytest.mark.parametrize("after", ["x", "2024-13-01.5", "", "\0"])
def test_a_place_that_is_none_begins_anew(client, bureau, after):
    make.project()

    assert len(client.get("/board/column/lead/", {"after": after}).context["column"]["cards"]) == 1


def test_there_is_no_column_of_another_name(client, bureau):
    assert client.get("/board/column/nowhere/").status_code == 404


def test_roles_without_projects_do_not_get_in(client):
    client.force_login(make.user(Role.AUDITOR))
    assert client.get("/board/").status_code == 403
    client.logout()
    assert client.get("/board/").url.startswith("/login/")


def test_the_board_asks_no_more_queries_for_more_cards(client, bureau):
    def asked():
        with CaptureQueriesContext(connection) as queries:
            client.get("/board/")
        return len(queries)

    make.project(), make.project(stage="reserve")
    asked()  # what is asked once per session is asked by now
    few = asked()
    for _ in range(5):
        make.project(), make.project(stage="reserve")

    assert asked() == few


# -- moving ----------------------------------------------------------------------------------------


def test_a_card_with_nothing_missing_moves_at_once_and_can_be_taken_back(client, officer):
    project = make.project(team=officer.team, on=make.days_ago(9))
    make.complete(project, "negotiating")

    answer = move(client, project, "negotiating")
    assert (answer["state"], answer["stages"]) == ("done", ["lead", "negotiating"])
    assert stage_of(project) == "negotiating"

    undo = client.post(answer["undo"]["url"], {"move": answer["undo"]["move"]}).json()
    assert (undo["state"], stage_of(project)) == ("done", "lead")
    assert project.moves.count() == 3


def test_a_missing_requirement_opens_a_form_of_just_that(client, officer):
    project = make.project(team=officer.team, stage="negotiating")
    make.complete(project, "reserve", without={"assessment", "next_step"})

    answer = move(client, project, "reserve")
    assert answer["state"] == "asked"
    for name in ("next_step", "next_step_on", "assessment-held_on", "assessment-result", "on"):
        assert f'name="{name}"' in answer["html"], name
    for name in ("park", "owner", "planned_yuan", "visit-content"):
        assert f'name="{name}"' not in answer["html"], name


def test_what_was_missing_is_saved_with_the_move(client, officer):
    project = make.project(team=officer.team, stage="negotiating")
    make.complete(project, "reserve", without={"assessment", "next_step"})

    answer = move(
        client, project, "reserve", on=today(), next_step="送合同", next_step_on=make.days_ago(-9),
        **{"assessment-held_on": make.days_ago(2), "assessment-result": "passed",
           "assessment-note": "联审通过"},
    )  # fmt: skip
    assert answer["state"] == "done", answer
    project.refresh_from_db()
    assert (project.stage, project.next_step) == ("reserve", "送合同")
    assert project.assessments.get().created_by == officer


def test_nothing_is_saved_when_something_is_still_missing(client, officer):
    project = make.project(team=officer.team, stage="negotiating")
    make.complete(project, "reserve", without={"assessment", "next_step"})

    answer = move(
        client, project, "reserve", on=today(), next_step="送合同", next_step_on=make.days_ago(-9)
    )
    assert answer["state"] == "asked"
    assert "研判" in answer["html"].partition("errornote")[2].partition("</div>")[0]
    project.refresh_from_db()
    assert (project.stage, project.next_step) == ("negotiating", "")


@pytest.mark.parametrize(
    ("stage", "target", "values"),
    [
        ("lead", "negotiating", {"contact": "contact", "segment": "segment",
                                 "planned_yuan": "3亿元", "visit-mode": "outbound",
                                 "visit-held_on": "2024-05-01", "visit-content": "谈了选址"}),
        ("signed", "landed", {"filing_code": "2024-1", "site_secured_on": "2024-06-01"}),
        ("landed", "building", {"started_on": "2024-06-01", "start_evidence": "permit",
                                "start_note": "施工许可"}),
    ],
)  # fmt: skip
def test_each_stage_asks_for_its_own_things(client, bureau, stage, target, values):
    project = make.project(stage=stage, on=make.days_ago(900))
    given = {
        "contact": make.contact(company=project.lead_investor).pk,
        "segment": make.segment().pk,
    }
    values = {key: given.get(value, value) for key, value in values.items()}

    answer = move(client, project, target, on="2026-06-02", **values)
    assert (answer["state"], stage_of(project)) == ("done", target), answer


def test_a_contract_with_its_party_and_credit_is_entered_with_the_proposal(client, officer):
    project = make.project(team=officer.team, stage="reserve", on=make.days_ago(30))
    answer = move(
        client, project, "signed", on=make.days_ago(3),
        **{"deal-number": "西招2026-1", "deal-amount_yuan": "5亿元",
           "deal-signed_on": make.days_ago(3), "deal-has_support_clause": "false",
           "dealparty-name": "测试签约方", "creditshare-task_force": officer.team.pk,
           "creditshare-percent": "100"},
    )  # fmt: skip

    assert answer["state"] == "done", answer
    assert (stage_of(project), project.proposals.get().state) == ("reserve", "open")
    assert project.deals.get().parties.get().name == "测试签约方"


# -- proposing and deciding ------------------------------------------------------------------------


def proposed(team=None):
    project = make.project(
        stage="reserve", on=make.days_ago(30), **({"team": team} if team else {})
    )
    make.complete(project, "signed", on=make.days_ago(5))
    proposer = make.user(team=project.lead_team)
    return project, project.propose("signed", by=proposer, on=make.days_ago(5))


def test_a_team_proposes_and_withdraws(client, officer):
    project = make.project(team=officer.team, stage="reserve", on=make.days_ago(30))
    make.complete(project, "signed", on=make.days_ago(5))

    answer = move(client, project, "signed", on=make.days_ago(5))
    assert (answer["state"], stage_of(project)) == ("done", "reserve")
    assert "待确认" in client.get("/board/").content.decode()

    client.post(answer["undo"]["url"], {"proposal": answer["undo"]["proposal"]})
    assert StageProposal.objects.get().state == "withdrawn"


def test_the_bureau_is_shown_the_proposal_and_confirms_it(client, bureau):
    project, proposal = proposed()

    assert "提请" in move(client, project, "signed")["html"]
    answer = client.post(
        f"/board/{project.pk}/decide/", {"proposal": proposal.pk, "confirm": "1"}
    ).json()
    assert (answer["state"], stage_of(project)) == ("done", "signed")

    client.post(answer["undo"]["url"], {"move": answer["undo"]["move"]})
    proposal.refresh_from_db()
    assert (stage_of(project), proposal.state) == ("reserve", "open")


def test_the_bureau_declines_with_a_reason_only(client, bureau):
    project, proposal = proposed()
    path, sent = f"/board/{project.pk}/decide/", {"proposal": proposal.pk, "decline": "1"}

    assert client.post(path, sent).json()["state"] == "asked"
    assert client.post(path, sent | {"note": "缺章"}).json()["state"] == "done"
    proposal.refresh_from_db()
    assert (proposal.state, proposal.decision_note) == ("declined", "缺章")


def test_the_bureau_skips_stages_with_a_reason(client, bureau):
    project = make.project()

    assert 'name="reason"' in move(client, project, "signed")["html"]
    answer = move(client, project, "signed", on=today(), reason="签约后补录")
    assert (answer["state"], stage_of(project)) == ("done", "signed")
    assert "deal" in project.moves.last().overridden


# -- what is refused -------------------------------------------------------------------------------


def test_a_stale_card_says_who_was_faster(client, officer):
    project = make.project(team=officer.team)
    make.complete(project, "negotiating")
    old = project.version
    project.summary = "别人改过"
    project.save_as(make.keeper())

    answer = client.post(f"/board/{project.pk}/move/?to=negotiating", {"version": old}).json()
    assert (answer["state"], stage_of(project)) == ("stale", "lead")
    assert "keeper" in answer["message"]


def test_a_card_already_there_is_stale(client, bureau):
    project = make.project(stage="reserve")

    assert move(client, project, "reserve")["state"] == "stale"


@pytest.mark.parametrize(("role", "status"), [(Role.LEADER, 403), (Role.OFFICER, 404)])
def test_who_may_not_write_moves_nothing(client, role, status):
    project = make.project()
    client.force_login(make.user(role, **({"team": make.team()} if role == "officer" else {})))

    for path in ("move/?to=negotiating", "undo/"):
        assert client.post(f"/board/{project.pk}/{path}").status_code == status
    assert stage_of(project) == "lead"


def test_a_team_does_not_decide_its_own_proposal(client, officer):
    project, proposal = proposed(officer.team)

    answer = client.post(f"/board/{project.pk}/decide/", {"proposal": proposal.pk, "confirm": "1"})
    assert (answer.status_code, stage_of(project)) == (403, "reserve")


def test_an_officer_moves_nothing_back(client, officer):
    project = make.project(team=officer.team, stage="negotiating")

    assert move(client, project, "lead")["state"] == "refused"


def test_a_project_on_hold_stays(client, officer):
    project = make.project(team=officer.team, status="on_hold")
    make.complete(project, "negotiating")

    answer = move(client, project, "negotiating")
    assert (answer["state"], stage_of(project)) == ("refused", "lead")
    assert columns(client, "status=on_hold")["lead"]["cards"][0]["moves"] == ""


def test_somebody_elses_move_is_not_taken_back(client, officer):
    project = make.project(team=officer.team, stage="negotiating")
    path = f"/board/{project.pk}/undo/"

    assert client.post(path, {"move": project.moves.last().pk}).json()["state"] == "refused"
    assert client.post(path, {"move": "x"}).status_code == 404
    assert stage_of(project) == "negotiating"


# -- live ------------------------------------------------------------------------------------------


def test_a_stamp_changes_with_a_card_and_only_its_column(client, bureau):
    project, other = make.project(), make.project(stage="reserve")
    before = client.get("/board/stamps/").json()
    project.summary = "改过"
    project.save_as(bureau)

    after = client.get("/board/stamps/").json()
    assert (after["lead"] != before["lead"], after["reserve"]) == (True, before["reserve"])

    make.proposal(project=other)
    assert client.get("/board/stamps/").json()["reserve"] != before["reserve"]


def test_a_stamp_tells_nothing_of_other_teams(client, officer):
    before = client.get("/board/stamps/").json()
    make.project()

    assert client.get("/board/stamps/").json() == before == {}
