"""Credit shares and totals of money arrived in the ledger of signed projects."""

from datetime import date
from decimal import Decimal

import pytest

from crm.access import Role
from crm.ledgers.credit import split_shares
from crm.models import Arrival, CreditShare, Project
from tests import make
from tests.ledger_importing import imported, numbers

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("throw_files_away")]

HEAD = ["项目名称", "投资主体", "签约时间", "签约金额（万元）", "协议类型", "首谈单位", "落地单位",
        "分成比例", "到位资金累计（万元）"]  # fmt: skip


@pytest.fixture
def bureau():
    for number, numeral in enumerate("一二三", start=301):
        make.team(number=number, name=f"招商{numeral}专班")
    return make.user(Role.BUREAU)


def signed(bureau, first=None, landing=None, share=None, arrived=None):
    row = ["示例项目", "示例投资有限公司", "2024-07-21", 10_000, "正式合同", first, landing, share,
           arrived]  # fmt: skip
    return imported(bureau, "deals", [HEAD, row])


def shares() -> dict[str, Decimal]:
    rows = CreditShare.objects.values_list("task_force__name", "percent")
    return dict(rows.order_by("part"))


def messages(job) -> list[str]:
    return [problem["column"] for row in job.rows.all() for problem in row.problems]


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("50:50", [("", 50), ("", 50)]),
        ("6：4", [("", 60), ("", 40)]),
        ("首谈60%，落地40%", [("首谈", 60), ("落地", 40)]),
        ("招商一专班70%、招商二专班30%", [("招商一专班", 70), ("招商二专班", 30)]),
        ("五五开", None),
        ("60:50", None),
    ],
)
def test_shares_are_read_where_they_are_clear(text, found):
    assert split_shares(text) == found


def test_first_talks_and_landing_share_the_credit(bureau):
    signed(bureau, "招商一专班", "招商二专班", "60:40")

    assert shares() == {"招商一专班": Decimal(60), "招商二专班": Decimal(40)}
    assert Project.objects.get().lead_team.name == "招商二专班"


def test_without_a_ratio_half_and_half_is_taken_with_a_warning(bureau):
    job = signed(bureau, "招商一专班", "招商二专班")

    assert (set(shares().values()), messages(job)) == ({Decimal(50)}, ["分成比例"])


def test_one_unit_for_both_has_all_of_it(bureau):
    signed(bureau, "招商一专班", "招商一专班")

    assert shares() == {"招商一专班": Decimal(100)}


@pytest.mark.parametrize(
    ("first", "share"), [("市工信局", "50:50"), ("招商一专班", "五五开"), (None, "50:50")]
)
def test_what_is_not_clear_is_told_and_not_taken_over(bureau, first, share):
    job = signed(bureau, first, "招商二专班", share)

    assert (shares(), len(messages(job)), job.state) == ({}, 1, "done")


def test_shares_on_record_are_left(bureau):
    signed(bureau, "招商一专班", "招商二专班", "60:40")

    job = signed(bureau, "招商一专班", "招商二专班", "50:50")

    assert (shares()["招商一专班"], messages(job)) == (Decimal(60), ["分成比例"])


def test_the_same_shares_again_are_no_change(bureau):
    signed(bureau, "招商一专班", "招商二专班", "60:40")

    job = signed(bureau, "招商一专班", "招商二专班", "招商一专班60%、招商二专班40%")

    assert (numbers(job, "unchanged"), messages(job)) == ([2], [])


def test_a_total_of_money_arrived_is_compared_and_not_taken_over(bureau):
    job = signed(bureau, "招商一专班", None, None, 500)

    assert (Arrival.objects.count(), messages(job)) == (0, ["到位资金累计（万元）"])


def test_a_total_that_agrees_says_nothing(bureau):
    signed(bureau, "招商一专班")
    make.arrival(project=Project.objects.get(), month=date(2024, 8, 1),
                 amount_yuan=Decimal(5_000_000))  # fmt: skip

    assert messages(signed(bureau, "招商一专班", None, None, 500)) == []
