"""Background work: queued in the database, run by a worker, told to the system administrator."""

import pytest
from django.core.management import call_command
from django.test import override_settings
from django_tasks_db.models import DBTaskResult

from crm.access import Role
from crm.ledgers import jobs
from crm.models import ImportJob
from tests import make
from tests.ledger_files import workbook

WITH_WORKER = override_settings(
    WORKER=True, IMPORTS_IN_OWN_PROCESS=True,
    TASKS={"default": {"BACKEND": "django_tasks_db.DatabaseBackend"}},
)  # fmt: skip


@pytest.fixture(autouse=True)
def _own_folder(settings, tmp_path, monkeypatch):
    settings.MEDIA_ROOT = tmp_path
    monkeypatch.setattr(jobs, "SMALL", 0)


@pytest.fixture
def uploaded(real_transactions):
    data = workbook({"台账": [["企业名称"], ["青海星火新能源有限公司"]]})
    return jobs.upload(make.keeper(), "companies", data, "企业.xlsx")


def work() -> None:
    call_command("db_worker", batch=True, interval=0, startup_delay=False, verbosity=0)


@WITH_WORKER
def test_a_worker_runs_the_step_of_an_import_that_a_page_queued(uploaded):
    assert jobs.start(uploaded, ImportJob.Step.CHECK)
    assert ImportJob.objects.get().is_running

    work()

    job = ImportJob.objects.get()
    assert (job.state, job.is_running) == (ImportJob.State.CHECKED, False)
    assert DBTaskResult.objects.get().status == "SUCCESSFUL"


@WITH_WORKER
def test_a_step_that_was_taken_away_meanwhile_is_not_run(uploaded):
    jobs.start(uploaded, ImportJob.Step.CHECK)
    ImportJob.objects.update(runner="somebody else")

    work()

    assert ImportJob.objects.get().state == ImportJob.State.UPLOADED


@pytest.mark.django_db
def test_the_system_administrator_sees_tasks_without_their_contents(client):
    task = make.background_task(traceback="ValueError: 绝密 13800138000")
    client.force_login(make.user(Role.SYSTEM_ADMIN))

    text = client.get("/jobs/").content.decode()

    assert "ValueError" in text
    assert "导入的一步" in text
    assert "绝密" not in text
    assert str(task.args_kwargs["args"][2]) not in text


@pytest.mark.django_db
def test_the_page_says_that_nothing_was_queued(client):
    client.force_login(make.user(Role.SYSTEM_ADMIN))

    assert "还没有任务" in client.get("/jobs/").content.decode()
