"""Every trap of the trade in one year, every figure worked out by hand beside it.

Joint projects, estimates and unknown amounts, money and contracts of other years, several deals for
one project, a framework that a contract replaced, a void contract, a project in the bin, one handed
on after its signing, and confidential ones, which count for everybody.
"""

from datetime import date
from decimal import Decimal
from fractions import Fraction

import pytest

from crm import indicators as ind
from crm.access import Role
from crm.indicators import Scope, whole_city
from crm.models import StageRule
from crm.periods import Period

from . import make

pytestmark = pytest.mark.django_db
T = Period.year(2024)
YI = Decimal(100_000_000)


def planned(project, yuan, precision=""):
    type(project).objects.filter(pk=project.pk).update(
        planned_yuan=yuan, planned_precision=precision if yuan else "undetermined"
    )
    return project


def credit(project, **percents):
    project.credit_shares.all().delete()
    for team, percent in percents.values():
        make.credit_share(project=project, task_force=team, percent=Decimal(percent))


@pytest.fixture
def teams():
    one, two = make.team(name="甲专班"), make.team(name="乙专班")
    _joint(one, two)
    _confidential(one)
    _of_another_year(two)
    _framework(two)
    _handed_on(one, two)
    _pool(one, two)
    _gone(two)
    return one, two


def _joint(one, two):
    """50 : 50. 4亿 in May, 1亿 more in August, 9亿 next year; 1.5亿 arrived, 3亿 next year."""
    row = make.project(stage="signed", on=date(2024, 5, 8), team=one)
    row.deals.update(amount_yuan=4 * YI)
    make.deal(project=row, kind="supplement", signed_on=date(2024, 8, 1), amount_yuan=YI)
    make.deal(project=row, signed_on=date(2025, 2, 1), amount_yuan=9 * YI)
    planned(make.bring_to(row, "landed", on=date(2024, 9, 1)), 10 * YI)
    credit(row, one=(one, "50"), two=(two, "50"))
    for month, yuan, origin in ((6, YI, "outside"), (7, YI / 2, "inside")):
        make.arrival(project=row, month=date(2024, month, 1), amount_yuan=yuan, origin=origin,
                     state="confirmed")  # fmt: skip
    make.arrival(project=row, month=date(2025, 1, 1), amount_yuan=3 * YI, state="confirmed")
    make.arrival(project=row, month=date(2024, 8, 1), amount_yuan=7 * YI)  # not confirmed


def _confidential(one):
    """Signed for an amount that is not known."""
    row = make.project(
        stage="signed", on=date(2024, 6, 1), team=one, is_confidential=True, code_name="代号甲"
    )
    planned(row, None).deals.update(amount_yuan=None)
    credit(row, one=(one, "100"))


def _of_another_year(two):
    """Signed in 2023 for 2亿; 0.3亿 of it arrived in 2024."""
    row = planned(make.project(stage="building", on=date(2023, 5, 1), team=two), 2 * YI)
    row.deals.update(amount_yuan=2 * YI)
    credit(row, two=(two, "100"))
    make.arrival(project=row, month=date(2024, 3, 1), amount_yuan=3 * YI / 10, origin="outside",
                 state="confirmed")  # fmt: skip


def _framework(two):
    """A framework of 8亿 in February, replaced by a contract of 6亿 in October; filed since."""
    row = planned(make.project(stage="reserve", on=date(2024, 2, 1), team=two), 6 * YI)
    old = make.deal(project=row, kind="framework", signed_on=date(2024, 2, 1), amount_yuan=8 * YI)
    make.bring_to(row, "signed", on=date(2024, 10, 1))
    row.deals.filter(kind="contract").update(amount_yuan=6 * YI, replaces=old)
    type(old).objects.filter(pk=old.pk).update(status="replaced")
    type(row).objects.filter(pk=row.pk).update(filed_on=date(2024, 11, 1))
    credit(row, two=(two, "100"))


def _handed_on(one, two):
    """In reserve since 2023, signed in November by one team and handed on to the other later."""
    row = planned(make.project(stage="reserve", on=date(2023, 6, 1), team=two), YI / 2)
    make.bring_to(row, "signed", on=date(2024, 11, 1))
    row.deals.update(amount_yuan=YI / 2)
    credit(row, two=(two, "100"))
    type(row).objects.filter(pk=row.pk).update(lead_team=one)


def _pool(one, two):
    """An estimate, an unknown amount of a confidential project, and one in reserve since 2023."""
    planned(make.project(stage="reserve", on=date(2024, 3, 1), team=two), 5 * YI, "about")
    planned(
        make.project(stage="reserve", on=date(2024, 4, 1), team=one, is_confidential=True,
                     code_name="代号乙"), None,
    )  # fmt: skip
    planned(make.project(stage="reserve", on=date(2023, 7, 1), team=two), YI * 7 / 10)


def _gone(two):
    """A void contract, a project in the bin and one that was lost: none is in any figure."""
    void = planned(make.project(stage="negotiating", on=date(2024, 5, 1), team=two), None)
    make.deal(project=void, signed_on=date(2024, 5, 2), amount_yuan=3 * YI, status="void")
    make.project(stage="signed", on=date(2024, 5, 3), team=two).archive(by=make.keeper())
    lost = planned(make.project(on=date(2024, 5, 4), team=two), None)
    lost.set_status("lost", by=make.keeper(), on=date(2024, 6, 1), reason="落户外地")


# By hand: signed are the joint (4 + 1), the confidential (unknown), the framework's (6) and the one
# handed on (0.5); reported in the year: joint, confidential, framework's, two of the pool, the void
# contract's and the lost one; in reserve on 1 January: the one handed on and the one that stayed.
BY_HAND = {
    "deals_signed": 4,
    "deals_signed_with_framework": 4,
    "signed_yuan": YI * 23 / 2,
    "signed_yuan_with_framework": YI * 23 / 2,
    "big_deals": 3,
    "arrived_yuan": YI * 9 / 5,
    "arrival_rate": Fraction(15, 115),
    "leads_new": 7,
    "negotiating_new": 6,
    "reserve_new": 5,
    "reserve_projects": 3,
    "reserve_planned_yuan": YI * 57 / 10,
    "reserve_conversion": Fraction(1, 2),
    "fulfilment_rate": Fraction(2, 4),
    "landing_rate": Fraction(1, 4),
    "start_rate": Fraction(0),
    "production_rate": Fraction(0),
    "signing_days": Fraction(243, 2),  # of 0, 0, 243 and 519 days
    "pace": Fraction(1),
}


def test_every_figure_is_the_one_worked_out_by_hand_for_every_reader_of_the_city(teams):
    readers = [whole_city()] + [
        Scope(make.user(role)) for role in (Role.LEADER, Role.STATISTICIAN, Role.BUREAU)
    ]
    for scope in readers:
        assert {key: ind.REGISTRY[key](scope, T).value for key in BY_HAND} == BY_HAND


def test_what_is_unknown_estimated_or_from_outside_stands_beside(teams):
    figures = {key: ind.REGISTRY[key](whole_city(), T) for key in BY_HAND}

    assert (figures["signed_yuan"].unknown, figures["big_deals"].unknown) == (1, 1)
    pool = figures["reserve_planned_yuan"]
    assert (pool.unknown, pool.precision, pool.text) == (1, "about", "约5.7亿元")
    money = figures["arrived_yuan"].parts
    assert (money["outside"], money["inside"]) == (YI * 13 / 10, YI / 2)
    assert money["own_signings"] == YI * 3 / 2


def test_the_weighted_pipeline_is_each_stage_by_its_likelihood(teams):
    weights = {stage: Decimal(n) / 100 for stage, n in StageRule.likelihood_by_stage().items()}
    by_hand = {
        "reserve": YI * 57 / 10,
        "signed": YI * 13 / 2,
        "landed": 10 * YI,
        "building": 2 * YI,
    }

    expected = sum(yuan * weights[stage] for stage, yuan in by_hand.items())
    assert ind.weighted_pipeline_yuan(whole_city(), T).value == expected


def test_task_forces_have_their_shares_and_add_up_to_the_city(teams):
    """The one handed on stays with who signed it."""
    found = {
        key: {row.team: row.value for row in ind.BY_TEAM[key](whole_city(), T)}
        for key in ("deals_signed", "signed_yuan", "arrived_yuan")
    }

    assert found == {
        "deals_signed": {"甲专班": Decimal("1.5"), "乙专班": Decimal("2.5")},
        "signed_yuan": {"甲专班": YI * 5 / 2, "乙专班": 9 * YI},
        "arrived_yuan": {"甲专班": YI * 3 / 4, "乙专班": YI * 21 / 20},
    }
    for key, rows in found.items():
        assert sum(rows.values()) == BY_HAND[key]


def test_the_next_year_has_its_own_money_and_no_project_twice(teams):
    year = Period.year(2025)

    assert ind.deals_signed(whole_city(), year).value == 0
    assert ind.signed_yuan(whole_city(), year).value == 9 * YI
    assert ind.arrived_yuan(whole_city(), year).value == 3 * YI
    assert ind.landing_rate(whole_city(), year).value is None


def test_a_foreign_amount_counts_as_converted_on_its_day(teams):
    make.deal(
        project=make.project(on=date(2024, 3, 1)), signed_on=date(2024, 3, 2), currency="USD",
        original_amount=Decimal(30_000_000), exchange_rate=Decimal("7.1"),
        rate_on=date(2024, 3, 2), amount_yuan=Decimal(213_000_000),
    )  # fmt: skip

    assert ind.signed_yuan(whole_city(), T).value == YI * 23 / 2 + Decimal(213_000_000)
