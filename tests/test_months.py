"""A frozen month never moves; corrections show in the next one, once, with their rows."""

from datetime import date
from decimal import Decimal
from fractions import Fraction
from io import BytesIO

import openpyxl
import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.core.management import CommandError, call_command
from django.db import DatabaseError, connection, transaction
from django.test.utils import CaptureQueriesContext

from crm import freezing, indicators
from crm.access import Role
from crm.indicators import whole_city
from crm.models import FrozenMonth, FrozenRow
from crm.periods import Period

from . import make

pytestmark = pytest.mark.django_db
YI = Decimal(100_000_000)
MAY, JUNE, JULY = (Period.month(2024, month) for month in (5, 6, 7))


@pytest.fixture
def bureau():
    return make.user(Role.BUREAU, full_name="赵科长")


@pytest.fixture
def project():
    """Signed on 8 May 2024 for 4亿; 1亿 of it arrived and was confirmed in May."""
    row = make.project(name="甲项目", stage="signed", on=date(2024, 5, 8))
    row.deals.update(amount_yuan=4 * YI)
    make.arrival(project=row, month=date(2024, 5, 1), amount_yuan=YI, state="confirmed")
    return row


def deal(day: date, yuan=YI, **more):
    return make.deal(signed_on=day, amount_yuan=yuan, project=make.project(on=day), **more)


def told(corrections):
    return {(c.key, c.of_month.month, c.kind, c.count, c.yuan) for c in corrections}


def kept(month: Period, key: str, span="month"):
    return freezing.kept_figures(FrozenMonth.objects.get(month=month.start), span)[key]


# -- what is kept ----------------------------------------------------------------------------------


def test_a_frozen_month_keeps_every_figure_of_month_and_year(bureau, project):
    freezing.freeze(MAY, by=bureau)

    for span, period in (("month", MAY), ("year", Period.year_to_date(MAY.cut))):
        now = {key: find(whole_city(), period) for key, find in indicators.REGISTRY.items()}
        then = freezing.kept_figures(FrozenMonth.objects.get(), span)
        assert then.keys() == now.keys()
        for key, figure in now.items():
            same = (figure.value, figure.numerator, figure.denominator, figure.unknown, figure.text)
            old = then[key]
            assert (old.value, old.numerator, old.denominator, old.unknown, old.text) == same, key
            assert (old.parts, old.kind, old.as_of) == (
                dict(figure.parts),
                figure.kind,
                figure.as_of,
            )


def test_rates_come_back_as_exact_shares(bureau, project):
    deal(date(2024, 5, 9)), deal(date(2024, 5, 10))
    freezing.freeze(MAY, by=bureau)

    assert kept(MAY, "fulfilment_rate").value == Fraction(1, 3)


def test_figures_of_teams_and_targets_are_kept(bureau, project):
    team = project.lead_team
    make.target(year=2024, indicator="signed_yuan", value=8 * YI, task_force=team)
    make.target(year=2024, indicator="signed_yuan", value=9 * YI, month=5)
    frozen = freezing.freeze(MAY, by=bureau)

    rows = freezing.kept_team_rows(frozen, "signed_yuan")
    assert [(row.team_id, row.team, row.value) for row in rows] == [(team.pk, str(team), 4 * YI)]
    assert freezing.kept_target(frozen, "signed_yuan", team_id=team.pk) == 8 * YI
    assert freezing.kept_target(frozen, "signed_yuan", month=5) == 9 * YI
    assert freezing.kept_target(frozen, "signed_yuan") is None


def test_the_rows_behind_the_main_figures_are_kept_with_their_names(bureau, project):
    make.project(name="乙储备", stage="reserve", on=date(2024, 5, 20), planned_yuan=3 * YI)

    freezing.freeze(MAY, by=bureau)

    rows = FrozenRow.objects.values_list("key", "label", "amount_yuan", "kind")
    assert set(rows) == {
        ("deals_signed", "甲项目", None, "own"), ("signed_yuan", "甲项目", 4 * YI, "own"),
        ("arrived_yuan", "甲项目", YI, "own"), ("reserve_projects", "乙储备", 3 * YI, "own"),
    }  # fmt: skip


def test_a_frozen_month_does_not_move(bureau, project):
    freezing.freeze(MAY, by=bureau)

    project.deals.update(amount_yuan=9 * YI)
    project.arrivals.update(state="rejected")
    deal(date(2024, 5, 30), 5 * YI)

    assert [kept(MAY, key).value for key in freezing.FLOWS] == [1, 4 * YI, YI]


@pytest.mark.parametrize("model", [FrozenMonth, FrozenRow])
@pytest.mark.parametrize("change", ["update", "delete"])
def test_the_database_refuses_to_change_what_is_frozen(bureau, project, model, change):
    freezing.freeze(MAY, by=bureau)
    rows = model._base_manager.all()

    with pytest.raises(DatabaseError), transaction.atomic():
        rows.update(is_sample=True) if change == "update" else rows._raw_delete(rows.db)

    assert model._base_manager.filter(is_sample=False).exists()


# -- who and in what order -------------------------------------------------------------------------


@pytest.mark.parametrize("role", [role for role in Role if role != Role.BUREAU])
def test_only_the_bureau_freezes(role):
    with pytest.raises(PermissionDenied):
        freezing.freeze(MAY, by=make.user(role))


def test_who_and_when_stand_with_the_month(bureau):
    frozen = freezing.freeze(MAY, by=bureau, note=" 月报口径 ")

    assert (frozen.by, frozen.note, frozen.key, frozen.is_sample) == (
        bureau,
        "月报口径",
        "2024-05",
        False,
    )


@pytest.mark.parametrize("month", [MAY, Period.month(2024, 4), JULY])
def test_months_are_frozen_in_order_and_once(bureau, month):
    freezing.freeze(MAY, by=bureau)

    with pytest.raises(ValidationError):
        freezing.freeze(month, by=bureau)
    assert freezing.next_month() == JUNE


def test_the_database_keeps_the_order_too(bureau):
    freezing.freeze(MAY, by=bureau)

    with pytest.raises(DatabaseError), transaction.atomic():
        FrozenMonth.objects.create(month=JULY.start, by=bureau, figures={})
    with pytest.raises(DatabaseError), transaction.atomic():
        FrozenMonth.objects.create(month=date(2024, 4, 1), by=bureau, figures={})


def test_the_year_goes_over_in_order(bureau):
    freezing.freeze(Period.month(2024, 12), by=bureau)

    freezing.freeze(Period.month(2025, 1), by=bureau)

    assert freezing.next_month() == Period.month(2025, 2)


def test_a_month_that_is_not_over_stays_open(bureau):
    current = Period.month(make.today().year, make.today().month)

    with pytest.raises(ValidationError):
        freezing.freeze(current, by=bureau)
    with pytest.raises(ValidationError):
        freezing.freeze(Period.year(2024), by=bureau)


# -- corrections -----------------------------------------------------------------------------------


def test_nothing_waits_where_nothing_is_frozen_or_changed(bureau, project):
    assert freezing.pending() == []
    freezing.freeze(MAY, by=bureau)
    assert (freezing.pending(), freezing.since_frozen(FrozenMonth.objects.get())) == ([], [])


def test_a_deal_entered_late_is_a_late_entry(bureau, project):
    freezing.freeze(MAY, by=bureau)

    deal(date(2024, 5, 30), 5 * YI)

    assert told(freezing.pending()) == {
        ("deals_signed", 5, "late", 1, 0), ("signed_yuan", 5, "late", 1, 5 * YI),
    }  # fmt: skip


def test_a_void_deal_and_rejected_money_are_reversals(bureau, project):
    freezing.freeze(MAY, by=bureau)

    project.deals.update(status="void")
    project.arrivals.update(state="rejected")

    assert told(freezing.pending()) == {
        ("deals_signed", 5, "reversal", -1, 0), ("signed_yuan", 5, "reversal", -1, -4 * YI),
        ("arrived_yuan", 5, "reversal", -1, -YI),
    }  # fmt: skip


@pytest.mark.parametrize(
    ("yuan", "kind", "change"),
    [(5 * YI, "late", YI), (YI, "reversal", -3 * YI), (None, "reversal", -4 * YI)],
)
def test_another_amount_is_the_difference(bureau, project, yuan, kind, change):
    freezing.freeze(MAY, by=bureau)

    project.deals.update(amount_yuan=yuan)

    assert told(freezing.pending()) == {("signed_yuan", 5, kind, 0, change)}


def test_a_deal_that_moves_to_another_frozen_month_leaves_one_and_joins_the_other(bureau, project):
    freezing.freeze(MAY, by=bureau), freezing.freeze(JUNE, by=bureau)

    project.deals.update(signed_on=date(2024, 6, 3))

    assert told(freezing.pending()) == {
        ("deals_signed", 5, "reversal", -1, 0), ("signed_yuan", 5, "reversal", -1, -4 * YI),
        ("deals_signed", 6, "late", 1, 0), ("signed_yuan", 6, "late", 1, 4 * YI),
    }  # fmt: skip


def test_the_next_frozen_month_reports_each_correction_once(bureau, project):
    freezing.freeze(MAY, by=bureau)
    deal(date(2024, 5, 30), 5 * YI)

    june = freezing.freeze(JUNE, by=bureau)

    late = june.rows.exclude(kind="own").values_list("key", "of_month", "kind", "amount_yuan")
    assert set(late) == {
        ("deals_signed", MAY.start, "late", None), ("signed_yuan", MAY.start, "late", 5 * YI),
    }  # fmt: skip
    assert freezing.pending() == []
    may = FrozenMonth.objects.get(month=MAY.start)
    assert len(freezing.since_frozen(may)) == 2  # the month itself still shows what differs now


def test_own_figures_and_corrections_add_up_to_the_year(bureau, project):
    freezing.freeze(MAY, by=bureau)
    deal(date(2024, 5, 30), 5 * YI), deal(date(2024, 6, 2), 2 * YI)
    project.deals.update(amount_yuan=3 * YI)
    corrections = sum(c.yuan for c in freezing.pending())
    freezing.freeze(JUNE, by=bureau)

    parts = kept(MAY, "signed_yuan").value + kept(JUNE, "signed_yuan").value + corrections
    assert kept(JUNE, "signed_yuan", "year").value == parts == 10 * YI


def test_a_correction_that_is_taken_back_is_reported_as_such(bureau, project):
    freezing.freeze(MAY, by=bureau)
    late = deal(date(2024, 5, 30), 5 * YI)
    freezing.freeze(JUNE, by=bureau)

    late.status = "void"
    late.save()

    assert told(freezing.pending()) == {
        ("deals_signed", 5, "reversal", -1, 0), ("signed_yuan", 5, "reversal", -1, -5 * YI),
    }  # fmt: skip
    freezing.freeze(JULY, by=bureau)
    assert freezing.pending() == []


def test_what_belongs_to_an_open_month_is_no_correction(bureau, project):
    freezing.freeze(MAY, by=bureau)

    deal(date(2024, 6, 2))

    assert freezing.pending() == []


def test_the_pool_as_frozen_differs_from_the_pool_now_but_is_no_correction(bureau):
    row = make.project(stage="reserve", on=date(2024, 5, 20), planned_yuan=3 * YI)
    frozen = freezing.freeze(MAY, by=bureau)

    row.planned_yuan = 4 * YI
    row.save()

    assert told(freezing.since_frozen(frozen)) == {("reserve_projects", 5, "late", 0, YI)}
    assert freezing.pending() == []


# -- pages and command -----------------------------------------------------------------------------


def test_the_bureau_freezes_on_the_page(client, bureau, project):
    client.force_login(bureau)
    page = client.get("/months/?month=2024-05").content.decode()
    assert ("4亿元" in page, "冻结2024年5月" in page) == (True, True)

    answer = client.post("/months/", {"month": "2024-05", "note": "月报"}, follow=True)

    assert answer.redirect_chain[0][0] == "/months/2024-05/"
    page = client.get("/months/").content.decode()
    assert ("赵科长" in page, "冻结2024年6月" in page) == (True, True)


@pytest.mark.parametrize("month", ["2024-07", "x", "2024-05"])
def test_what_cannot_be_frozen_is_said_in_words(client, bureau, month):
    freezing.freeze(MAY, by=bureau)
    client.force_login(bureau)

    page = client.post("/months/", {"month": month}, follow=True)

    assert (FrozenMonth.objects.count(), "messagelist" in page.content.decode()) == (1, True)


def test_the_month_shows_the_rows_that_explain_the_difference(client, bureau, project):
    freezing.freeze(MAY, by=bureau)
    project.deals.update(amount_yuan=9 * YI)
    freezing.freeze(JUNE, by=bureau)
    project.deals.update(status="void")
    client.force_login(bureau)

    may = client.get("/months/2024-05/").context
    june = client.get("/months/2024-06/").context

    assert [(t.what, t.project, t.before, t.after, t.change) for t in june["here"]] == [
        ("签约金额", "甲项目", "4亿元", "9亿元", "+5亿元")
    ]
    assert [(t.what, t.kind_label, t.change) for t in may["since"]] == [
        ("签约项目数", "核减", "−1"), ("签约金额", "核减", "−4亿元"),
    ]  # fmt: skip
    moved = {row.label for row in may["compared"] if row.month_moved}
    assert "签约金额" in moved and "外出招商批次" not in moved
    assert "3 条有变动" not in client.get("/months/").content.decode()


def test_a_confidential_project_stands_under_its_code_name(client, bureau):
    secret = make.project(
        name="绝密雪豹",
        code_name="代号青松",
        is_confidential=True,
        stage="signed",
        on=date(2024, 5, 8),
    )
    freezing.freeze(MAY, by=bureau)
    secret.deals.update(status="void")
    client.force_login(make.user(Role.LEADER))

    for path in ("/months/", "/months/2024-05/"):
        page = client.get(path).content.decode()
        assert "绝密雪豹" not in page
    assert "代号青松" in page
    client.force_login(make.user(Role.STATISTICIAN))
    book = openpyxl.load_workbook(BytesIO(client.get("/months/2024-05/export/").content))
    cells = {str(cell.value) for sheet in book for row in sheet for cell in row}
    assert ("绝密雪豹" in cells, "代号青松" in cells) == (False, True)


def test_the_workbook_has_figures_rows_and_corrections(client, bureau, project):
    freezing.freeze(MAY, by=bureau)
    deal(date(2024, 5, 30), 5 * YI)
    client.force_login(bureau)

    book = openpyxl.load_workbook(BytesIO(client.get("/months/2024-05/export/").content))

    assert book.sheetnames == ["指标", "指标明细", "本月上报的补报与核减", "冻结后的变动"]
    signed = next(r for r in book["指标"].iter_rows(values_only=True) if r[0] == "签约金额")
    assert signed[1:3] == ("4亿元", "9亿元")
    changed = [r[2] for r in book["冻结后的变动"].iter_rows(min_row=4, values_only=True)]
    assert changed[:2] == ["签约项目数", "签约金额"]


@pytest.mark.parametrize("role", [r for r in Role if r not in (Role.BUREAU, Role.STATISTICIAN)])
def test_who_does_not_read_the_whole_city_gets_no_frozen_month(client, bureau, role):
    freezing.freeze(MAY, by=bureau)
    client.force_login(make.user(role))
    expected = 200 if role == Role.LEADER else 403

    assert client.get("/months/").status_code == expected
    assert client.get("/months/2024-05/").status_code == expected
    assert client.get("/months/2024-05/export/").status_code == 403
    assert client.post("/months/", {"month": "2024-06"}).status_code == 403


@pytest.mark.parametrize("key", ["2024-06", "2024-13", "maj"])
def test_a_month_that_is_not_frozen_has_no_page(client, bureau, key):
    freezing.freeze(MAY, by=bureau)
    client.force_login(bureau)
    assert client.get(f"/months/{key}/").status_code == 404


def test_the_page_asks_as_much_for_many_months(client, bureau, project):
    client.force_login(bureau)
    freezing.freeze(MAY, by=bureau), freezing.freeze(JUNE, by=bureau)

    def asked():
        client.get("/months/")
        with CaptureQueriesContext(connection) as captured:
            client.get("/months/")
        return len(captured)

    few = asked()
    for month in (7, 8, 9):
        freezing.freeze(Period.month(2024, month), by=bureau)
    assert asked() == few


def test_the_command_freezes_in_order_and_lists(bureau, capsys):
    call_command("freeze_month", "2024-05", username=bureau.username)
    call_command("freeze_month", username=bureau.username, note="第二个")
    call_command("freeze_month", "--list")

    listed = capsys.readouterr().out.splitlines()[-2:]
    assert [line.split()[0] for line in listed] == ["2024-05", "2024-06"]


def test_the_command_says_why_not(bureau):
    with pytest.raises(CommandError):
        call_command("freeze_month", username=bureau.username)
    with pytest.raises(CommandError):
        call_command("freeze_month", "2024-05", username=make.user(Role.LEADER).username)
    with pytest.raises(CommandError):
        call_command("freeze_month", "2024-05")
    call_command("freeze_month", "2024-05", username=bureau.username)
    with pytest.raises(CommandError):
        call_command("freeze_month", "2024-07", username=bureau.username)
