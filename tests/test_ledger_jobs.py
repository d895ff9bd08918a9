"""An import as a job: all or nothing, once, undone, failed, and how it tells that it lives."""

import pytest
from django.contrib.admin.models import LogEntry
from django.db import DatabaseError, transaction
from django.utils import timezone

from crm.ledgers import jobs
from crm.models import Company, Deal, ImportJob, Project, StageMove
from crm.models.imports import SILENCE
from tests import make
from tests.ledger_importing import SAMPLES, bureau, checked, city, imported, sample
from tests.ledger_samples import RESERVE, workbook

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("throw_files_away")]
FIXTURES = (bureau, city)  # asked for by name


# -- the job ---------------------------------------------------------------------------------------


def test_bad_rows_stop_the_whole_ledger_unless_they_are_left_out(bureau):
    job = sample(bureau, "projects")
    assert jobs.start(job, "commit")
    assert (job.state, Project.objects.count()) == ("checked", 0)


def test_a_commit_replayed_writes_once(bureau):
    job = sample(bureau, "deals")
    again = ImportJob.objects.get(pk=job.pk)
    assert jobs.start(job, "commit")
    assert not jobs.start(again, "commit")
    assert Deal.objects.count() == 4


def test_a_commit_after_the_data_changed_shows_the_new_plan_first(bureau):
    job = checked(bureau, "companies", [["企业名称", "主营业务"], ["示例竞速有限公司", "芯片"]])
    make.company(name="示例竞速有限公司", main_business="别人先写的")
    jobs.start(job, "commit")
    assert (job.state, job.counts["changed"], job.message != "") == ("checked", 1, True)
    assert Company.objects.get().main_business == "别人先写的"


def test_every_row_leaves_a_line_in_its_records_history(bureau):
    jobs.start(sample(bureau, "deals"), "commit")
    lines = LogEntry.objects.filter(content_type__model="deal")
    assert lines.count() == 4
    assert "签约项目台账.xlsx" in lines[0].change_message


def test_an_undo_leaves_what_somebody_worked_on_and_says_so(bureau):
    job = imported(bureau, "companies", [["企业名称"], ["示例甲有限公司"], ["示例乙有限公司"]])
    touched = Company.objects.get(name="示例甲有限公司")
    touched.main_business = "后来补的"
    touched.save_as(bureau)
    jobs.start(job, "undo")
    assert list(Company.objects.values_list("name", flat=True)) == ["示例甲有限公司"]
    assert [left["label"] for left in job.left] == ["示例甲有限公司"]


def test_an_undo_keeps_a_firm_that_others_refer_to(bureau):
    job = imported(bureau, "companies", [["企业名称"], ["示例甲有限公司"]])
    make.visit(company=Company.objects.get())
    jobs.start(job, "undo")
    assert (Company.objects.count(), len(job.left)) == (1, 1)


def test_the_history_of_an_import_cannot_be_deleted_while_it_is_not_being_undone(bureau):
    jobs.start(sample(bureau, "deals"), "commit")
    with pytest.raises(DatabaseError), transaction.atomic():
        StageMove.objects.all()._raw_delete("default")


def test_an_interrupted_step_reads_failed_and_can_be_started_again(bureau):
    job = jobs.upload(bureau, "companies", workbook([["企业名称"], ["示例有限公司"]]), "a.xlsx")
    job.begin("check")
    ImportJob.objects.update(heartbeat_at=timezone.now() - timezone.timedelta(seconds=40))
    assert ImportJob.objects.fail_stalled() == 1
    job.refresh_from_db()
    assert job.state == "failed"
    assert jobs.start(job, "check")
    assert job.state == "checked"


def test_a_file_without_headings_fails_with_a_sentence(bureau):
    job = checked(bureau, "projects", [["没有", "表头"], ["甲", "乙"]])
    assert job.state == "failed"
    assert job.message


def test_a_corrected_column_is_remembered_for_the_next_file_of_that_shape(bureau):
    rows = [["企业名称", "干什么的"], ["示例记忆有限公司", "造芯片"]]
    job = checked(bureau, "companies", rows)
    jobs.start(job, "check", mapping={"干什么的": "main_business", "企业名称": "name"})
    assert job.counts["new"] == 1
    second = checked(bureau, "companies", rows)
    assert {c["field"] for c in second.layout["columns"]} == {"name", "main_business"}


# -- a plan that was kept, and its signs of life ---------------------------------------------------


def test_a_commit_reads_the_file_no_second_time(bureau):
    job = sample(bureau, "projects")
    job.file.storage.delete(job.file.name)

    jobs.start(job, "commit", leaves_out_bad=True)

    assert (job.state, job.counts["created"], hasattr(job, "plan")) == ("done", 6, False)


def test_a_plan_is_made_anew_when_its_tables_changed(bureau):
    job = sample(bureau, "companies")
    make.company(name="别的企业")

    jobs.start(job, "commit", leaves_out_bad=True)

    assert (job.state, job.counts["created"]) == ("done", 1)


def test_a_commit_says_how_far_it_is_while_nobody_sees_its_rows(bureau, monkeypatch):
    monkeypatch.setattr("crm.ledgers.committing.TELL_SECONDS", 0)
    told = []
    monkeypatch.setattr(ImportJob, "tell", lambda job, *rows: told.append(rows))

    imported(bureau, "projects", SAMPLES["projects"][1], leaves_out_bad=True)

    done, totals = zip(*told, strict=True)
    assert (list(done), len(set(totals)), done[-1]) == (sorted(done), 1, totals[-1])


def test_a_running_step_that_was_heard_lately_is_not_stalled(bureau, settings, tmp_path):
    settings.DATA_DIR = tmp_path
    job = checked(bureau, "projects", RESERVE)
    job.begin("commit")
    long_ago = timezone.now() - 2 * SILENCE
    ImportJob.objects.filter(pk=job.pk).update(heartbeat_at=long_ago)
    job.refresh_from_db()

    (tmp_path / "running").mkdir()
    (tmp_path / "running" / str(job.pk)).write_text(f"{job.runner} 3 7")

    assert (job.progress, job.is_stalled, ImportJob.objects.fail_stalled()) == ((3, 7), False, 0)


def test_a_running_step_that_fell_silent_reads_failed(bureau, settings, tmp_path):
    settings.DATA_DIR = tmp_path
    job = checked(bureau, "projects", RESERVE)
    job.begin("commit")
    ImportJob.objects.filter(pk=job.pk).update(heartbeat_at=timezone.now() - 2 * SILENCE)

    ImportJob.objects.fail_stalled()

    job.refresh_from_db()
    assert (job.state, job.is_running) == ("failed", False)
