"""The feed of changes: nothing is skipped, nothing is told that the account may not hear of."""

import threading
from datetime import timedelta

import pytest
from django.db import connection, transaction
from django.utils import timezone

from crm.access import Role
from crm.following import MODELS
from crm.models import Company, Deal, FeedEntry, Project, feed_triggers
from crm.models.api_tokens import ApiKind
from crm.models.writing import add_all, change_all
from crm.periods import today
from crm.stages import Stage

from . import make
from .asking import System

pytestmark = pytest.mark.django_db


class Follower(System):
    """A system that keeps the cursor of its last answer."""

    def __init__(self, *args, **values):
        super().__init__(*args, **values)
        self.cursor = self.get("changes/").json()["cursor"]

    def news(self, more: str = "") -> list[tuple]:
        answer = self.get(f"changes/?since={self.cursor}{more}")
        assert answer.status_code == 200, answer.content
        self.cursor = answer.json()["cursor"]
        return [(c["kind"], c["id"], c["action"]) for c in answer.json()["changes"]]


def test_whatever_happens_to_a_row_is_told_once_and_in_order():
    follower, by = Follower(), make.keeper()
    firm = Company(name="新企业")
    firm.save_as(by)
    firm.note = "变更"
    firm.save_as(by)
    firm.archive(by=by)
    firm.restore(by=by)
    key = firm.pk
    firm.delete()
    expected = ["gone", "gone", "gone", "gone", "gone"]
    assert follower.news() == [("companies", key, action) for action in expected]
    assert follower.news() == []


def test_a_row_that_is_there_is_told_with_what_happened_and_its_version():
    follower, firm = Follower(), make.company()
    firm.note = "变更"
    firm.save_as(make.keeper())
    answer = follower.get(f"changes/?since={follower.cursor}").json()
    assert [(c["action"], c["version"]) for c in answer["changes"]] == [
        ("created", 2), ("changed", 2),
    ]  # fmt: skip
    assert answer["cursor"] == answer["changes"][-1]["cursor"]
    firm.archive(by=make.keeper())
    firm.restore(by=make.keeper())
    assert [action for *_, action in follower.news()][2:] == ["archived", "restored"]


def test_every_kind_is_followed():
    follower = Follower()
    make.contact()
    make.visit(project=make.project(park=make.park(), segment=make.segment()))
    make.deal(), make.arrival(), make.follow_up(), make.request(), make.region()
    assert {kind for kind, *_ in follower.news("&limit=200")} == set(MODELS)
    assert set(MODELS) == set(ApiKind) - {ApiKind.PEOPLE}


@pytest.mark.parametrize(
    "write",
    [lambda rows, by: change_all(Company, rows, {"note"}, by=by),
     lambda rows, by: Company.objects.update(note="x"),
     lambda rows, by: Company.objects.bulk_update(rows, ["note"])],
)  # fmt: skip
def test_changes_of_many_rows_at_once_are_told_too(write):
    rows, follower = [make.company(), make.company()], Follower()
    for row in rows:
        row.note = "y"
    with transaction.atomic():
        write(rows, make.keeper())
    assert follower.news() == [("companies", row.pk, "changed") for row in rows]


def test_rows_that_come_with_a_ledger_are_told_too():
    follower, rows = Follower(), [Company(name="甲"), Company(name="乙")]
    with transaction.atomic():
        add_all(Company, rows, by=make.keeper())
    assert follower.news() == [("companies", row.pk, "created") for row in rows]


def test_a_move_is_told():
    project = make.project(stage=Stage.NEGOTIATING)
    follower = Follower()
    project.move_to(Stage.LEAD, by=make.keeper(), on=today(), reason="测试")
    assert follower.news("&kind=projects") == [("projects", project.pk, "changed")]


# -- who hears -------------------------------------------------------------------------------------


def test_nobody_hears_of_rows_outside_the_accounts_scope():
    team = make.team()
    officer, leader = Follower(account=make.user(team=team)), Follower(account=make.user("leader"))
    own = make.project(team=team, lead_investor=make.company(owning_team=team))
    foreign = make.project(team=make.team())
    deal = make.deal(project=foreign)
    Deal.objects.filter(pk=deal.pk).delete()
    heard = officer.news("&kind=projects&kind=deals&kind=contacts")
    assert {line[:2] for line in heard} == {("projects", own.pk)}
    heard = leader.news("&kind=projects&kind=deals&limit=200")
    assert {("projects", own.pk), ("projects", foreign.pk), ("deals", deal.pk)} == {
        line[:2] for line in heard
    }


def test_whoever_a_project_is_taken_from_hears_once_that_it_is_gone():
    old, new = make.team(), make.team()
    project = make.project(team=old)
    before, after = (Follower(account=make.user(team=team)) for team in (old, new))
    project.lead_team = new
    project.save_as(make.keeper())
    project.summary = "移交后"
    project.save_as(make.keeper())
    assert before.news() == [("projects", project.pk, "gone")]
    assert after.news() == [("projects", project.pk, "changed")] * 2


def test_a_park_hears_when_a_project_goes_elsewhere():
    here, there = make.park(), make.park()
    project = make.project(park=here, stage=Stage.RESERVE)
    followers = [Follower(account=make.user(Role.PARK, park=park)) for park in (here, there)]
    project.park = there
    project.save_as(make.keeper())
    assert [f.news("&kind=projects") for f in followers] == [
        [("projects", project.pk, "gone")], [("projects", project.pk, "changed")],
    ]  # fmt: skip


def test_parts_of_a_record_that_were_removed_are_gone_for_whoever_may_open_it():
    team = make.team()
    project = make.project(team=team)
    deal = make.deal(project=project)
    inside, outside = (Follower(account=make.user(team=t)) for t in (team, make.team()))
    Deal.objects.filter(pk=deal.pk).delete()
    assert inside.news() == [("deals", deal.pk, "gone")]
    assert outside.news() == []


def test_a_reference_row_that_was_removed_is_gone_for_everybody():
    park = make.park()
    followers = [Follower(account=make.user(role)) for role in ("officer", "bureau")]
    followers.append(Follower(account=make.user(Role.PARK, park=make.park())))
    followers[0].news(), followers[1].news()
    key = park.pk
    park.delete()
    assert [f.news("&kind=parks") for f in followers] == [[("parks", key, "gone")]] * 3


def test_a_firm_that_was_removed_is_gone_for_readers_of_the_register():
    firm = make.company()
    followers = [Follower(account=make.user(role)) for role in ("officer", "park")]
    key = firm.pk
    firm.delete()
    assert [f.news("&kind=companies") for f in followers] == [[("companies", key, "gone")], []]


def test_the_feed_holds_no_content_and_only_kinds_of_the_token():
    system = System(reads=["projects"], writes=[])
    follower = Follower(token=system.token)
    make.project(name="绝密雪豹", is_confidential=True, code_name="昆仑")
    text = follower.get(f"changes/?since={follower.cursor}").content.decode()
    assert not {"绝密雪豹", "昆仑"} & set(text.split('"'))
    assert {kind for kind, *_ in follower.news()} == {"projects"}


# -- cursors ---------------------------------------------------------------------------------------


def test_a_long_feed_is_read_in_pieces():
    follower = Follower()
    rows = [make.region() for _ in range(5)]
    pieces = [follower.news("&limit=2&kind=regions") for _ in range(3)]
    assert [len(piece) for piece in pieces] == [2, 2, 1]
    assert [key for piece in pieces for _, key, _ in piece] == [row.pk for row in rows]


def test_the_answer_says_whether_more_is_waiting():
    follower = Follower()
    make.region(), make.region()
    path = f"changes/?since={follower.cursor}"
    assert follower.get(f"{path}&limit=1").json()["has_more"] is True
    assert follower.get(f"{path}&limit=2").json()["has_more"] is False


@pytest.mark.parametrize(
    ("query", "field"),
    [("since=x", "since"), ("since=", "since"), ("since=MQ", "since"), ("kind=people", "kind"),
     ("limit=0", "limit"), ("typo=1", "typo")],
)  # fmt: skip
def test_a_parameter_that_cannot_be_read_is_named(query, field):
    answer = System().get(f"changes/?{query}")
    assert answer.status_code == 400
    assert list(answer.json()["fields"]) == [field]


def test_a_cursor_of_a_database_since_restored_is_refused():
    make.region()
    follower = Follower()
    FeedEntry.objects.update(at=timezone.now() + timedelta(seconds=1))
    answer = follower.get(f"changes/?since={follower.cursor}")
    assert (answer.status_code, answer.json()["code"]) == (410, "cursor_gone")


def test_what_is_too_old_is_forgotten_and_its_cursors_with_it():
    early = Follower()
    make.region(), make.region()
    middle = early.get(f"changes/?since={early.cursor}&limit=1").json()["cursor"]
    late = Follower(token=early.token)
    assert FeedEntry.objects.forget_old(timezone.now()) == 0
    removed = FeedEntry.objects.forget_old(timezone.now() + timedelta(days=91))
    assert removed == FeedEntry.objects.place_of_end()[0] - 1
    for cursor, status in ((early.cursor, 410), (middle, 410), (late.cursor, 200)):
        assert early.get(f"changes/?since={cursor}").status_code == status
    region = make.region()
    assert late.news() == [("regions", region.pk, "created")]


# -- writers at the same time ----------------------------------------------------------------------


@pytest.mark.slow
def test_a_slow_transaction_is_not_skipped(real_transactions):
    """Its lines have lower keys than those of a faster one, which were read before it ended."""
    if connection.vendor == "sqlite":
        pytest.skip("SQLite has one writer at a time")
    follower, written, read = Follower(), threading.Event(), threading.Event()

    def slowly():
        with transaction.atomic():
            make.region(name="慢")
            written.set()
            read.wait(10)
        connection.close()

    writer = threading.Thread(target=slowly)
    writer.start()
    assert written.wait(10)
    fast = make.region(name="快")
    first = follower.news("&kind=regions")
    read.set()
    writer.join()
    second = follower.news("&kind=regions")
    assert first == [("regions", fast.pk, "created")]
    assert [line[0] for line in second] == ["regions"]
    assert second[0][1] < fast.pk


def test_many_writers_and_readers_lose_and_repeat_nothing(real_transactions):
    follower, rows = Follower(), []

    def write(count=15):
        rows.extend(make.region(code=f"{threading.get_ident() % 900 + 100}{n:03}").pk
                    for n in range(count))  # fmt: skip
        if connection.vendor != "sqlite":
            connection.close()

    if connection.vendor == "sqlite":  # the tests' SQLite lives in one connection
        write()
    writers = [threading.Thread(target=write) for _ in range(3) if connection.vendor != "sqlite"]
    [writer.start() for writer in writers]
    heard = []
    while any(writer.is_alive() for writer in writers):
        heard += follower.news("&kind=regions")
    heard += follower.news("&kind=regions&limit=200")
    assert sorted(key for _, key, _ in heard) == sorted(rows)


# -- the triggers ----------------------------------------------------------------------------------


def test_triggers_that_a_migration_lost_come_back(real_transactions):
    with connection.schema_editor() as editor:
        feed_triggers.lower_all(editor)
    make.region()
    assert FeedEntry.objects.count() == 0
    feed_triggers.keep()
    make.region()
    assert FeedEntry.objects.count() == 1


def test_on_sqlite_a_migrate_lowers_them_first(real_transactions):
    feed_triggers.lower_for_migrating(plan=())
    make.region()
    assert FeedEntry.objects.count() == 1
    feed_triggers.lower_for_migrating(plan=[("0001_initial", False)])
    make.region()
    assert FeedEntry.objects.count() == (1 if connection.vendor == "sqlite" else 2)
    feed_triggers.keep()


def test_the_tables_followed_are_those_of_the_kinds():
    assert {told.kind: table for table, told in feed_triggers.TABLES.items()} == {
        kind: model._meta.db_table for kind, model in MODELS.items()
    }
    assert Project._meta.db_table in feed_triggers.TABLES
