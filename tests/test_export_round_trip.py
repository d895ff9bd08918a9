"""What was taken out comes in again without a change."""

import pytest
from django.db.models import F

from crm import models
from crm.ledgers.headings import FIELDS
from crm.ledgers.kinds import LEDGERS
from crm.ledgers.layout import understand
from crm.ledgers.reading import read
from crm.ledgers.sheets import SHEETS
from tests import make
from tests.ledger_exports import (
    exported,
    fill_up,
    rows_of,
)

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize("format", ["xlsx", "csv"])
@pytest.mark.parametrize("kind", SHEETS)
def test_an_import_recognises_every_column_of_an_export(kind, format):
    fill_up()
    layout = understand(read(exported(kind, format=format), f"台账.{format}"), kind)
    known = {column.key for column in FIELDS[kind]}
    written = [column.key for column in SHEETS[kind].columns]

    assert [(c.heading, c.field) for c, key in zip(layout.columns[1:], written, strict=True)
            if key in known and c.field != key] == []  # fmt: skip
    assert layout.unit == ("万元" if format == "xlsx" and SHEETS[kind].has_money else "")
    assert len(layout.lines) == rows_of(kind, make.user("bureau")).count()


def as_ledgers_know_it():
    """People by name instead of by account, a summary from the content, events with a last day."""
    for visit in models.Visit.objects.filter(their_people__isnull=False):
        met = visit.their_people.get().name
        models.Visit.objects.filter(pk=visit.pk).update(their_people_text=met)
        visit.their_people.clear()
        visit.our_people.clear()
    models.Visit.objects.update(our_people_text="李四、王六")
    models.Project.objects.filter(content__gt="").update(summary="建设万卡集群")
    models.Event.objects.update(ended_on=F("started_on"))


@pytest.mark.parametrize("format", ["xlsx", "csv"])
@pytest.mark.parametrize("kind", SHEETS)
def test_an_export_taken_in_again_changes_nothing(kind, format):
    fill_up()
    as_ledgers_know_it()
    user = make.user("bureau")
    book = read(exported(kind, user, format=format), f"台账.{format}")
    entries = LEDGERS[kind](understand(book, kind), user).plan()

    assert [(e.verdict, e.changes, e.problems) for e in entries if e.changes or e.is_bad] == []


def test_the_record_of_an_export_names_its_report_in_words():
    log = make.export_log(kind="", report="targets", row_count=3)
    other = make.export_log(kind="", report="something-new", row_count=1)

    assert (str(log), str(other)) == ("目标任务完成情况 3", "something-new 1")
