"""The score of a task force: what it counts, from when a weight holds, who sees whose points."""

from datetime import date

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from crm import indicators as ind
from crm.indicators import Scope, whole_city
from crm.periods import Period

from . import make
from .figures import MAY, YUAN, T, city, joint

pytestmark = pytest.mark.django_db


def test_a_score_is_weights_times_capped_rates_plus_bonus_less_penalty():
    one, two = make.team(name="甲"), make.team(name="乙")
    make.score_rule(indicator="signed_yuan", weight=YUAN(60), cap=YUAN("1.2"))
    make.score_rule(indicator="trips", weight=YUAN(40), cap=YUAN(1))
    make.target(year=2024, indicator="signed_yuan", task_force=one, value=YUAN(50))
    make.target(year=2024, indicator="trips", task_force=one, value=YUAN(4))
    make.target(year=2024, indicator="trips", task_force=two, value=YUAN(1))
    joint(YUAN(100), (one, "80"), (two, "20"), team=one)
    make.trip(task_force=one, joint_teams=[two], started_on=MAY, ended_on=MAY)
    make.score_adjustment(task_force=one, on=MAY, points=YUAN("2.5"))
    make.score_adjustment(task_force=one, on=MAY, points=YUAN("-1"))
    make.score_adjustment(task_force=one, on=date(2025, 1, 1), points=YUAN(9))

    first, second = ind.team_scores(whole_city(), T)

    # 甲: 60 × min(1.2, 80/50) + 40 × min(1, 1/4) + 2.5 − 1; 乙: no target for money, 40 × 1
    assert (first.team, first.points, first.without_target) == ("甲", YUAN("83.5"), 0)
    assert (second.team, second.points, second.without_target) == ("乙", 40, 1)
    figure = ind.figure_of("team_score", whole_city().of(one), T)
    assert (figure.text, figure.parts["bonus"], figure.parts["penalty"]) == (
        "83.50", YUAN("2.5"), YUAN(-1),
    )  # fmt: skip
    assert city("team_score").value is None


def test_a_weight_holds_from_its_first_day_to_its_last():
    team = make.team()
    make.target(year=2024, indicator="trips", task_force=team, value=YUAN(1))
    make.trip(task_force=team, started_on=date(2024, 1, 2), ended_on=date(2024, 1, 2))
    make.score_rule(
        indicator="trips", weight=YUAN(10), valid_from=date(2024, 1, 1),
        valid_until=date(2024, 6, 30),
    )  # fmt: skip
    make.score_rule(indicator="trips", weight=YUAN(30), valid_from=date(2024, 7, 1))
    make.score_rule(
        indicator="trips", weight=YUAN(99), valid_from=date(2024, 2, 1), is_disabled=True
    )

    points = [
        ind.team_scores(whole_city(), Period.year_to_date(cut))[0].points
        for cut in (date(2024, 6, 30), date(2024, 7, 1))
    ]
    assert points == [10, 30]


def test_scores_ask_as_much_for_many_teams_as_for_few():
    make.score_rule()

    def asked():
        with CaptureQueriesContext(connection) as captured:
            ind.team_scores(whole_city(), T)
        return len(captured)

    make.team()
    few = asked()
    for _ in range(8):
        make.score_adjustment(on=MAY)
    assert asked() == few


def test_points_of_other_teams_are_not_shown_to_an_officer():
    own, other = make.team(), make.team()
    make.score_adjustment(task_force=other, on=MAY, points=YUAN(7))
    scope = Scope(make.user(team=own))

    assert [s.points for s in ind.team_scores(scope, T) if s.team_id == other.pk] == [0]
