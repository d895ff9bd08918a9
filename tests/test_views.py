"""Files follow the scope of their record; monitors get a plain answer."""

import pytest

from tests import make

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("throw_files_away")]


def test_a_file_is_downloaded_by_whoever_may_open_its_record(client):
    team = make.team()
    attachment = make.attachment(project=make.project(team=team))
    client.force_login(make.user(team=team))
    answer = client.get(f"/files/{attachment.pk}/")
    assert answer.status_code == 200
    assert answer["Content-Disposition"].startswith("attachment")
    assert answer["X-Content-Type-Options"] == "nosniff"


def test_a_file_of_another_team_does_not_exist(client):
    attachment = make.attachment(project=make.project(team=make.team()))
    client.force_login(make.user(team=make.team()))
    assert client.get(f"/files/{attachment.pk}/").status_code == 404


def test_a_file_asks_for_a_login_first(client):
    attachment = make.attachment(project=make.project(team=make.team()))
    path = f"/files/{attachment.pk}/"
    assert client.get(path).url == f"/login/?next={path}"


def test_the_process_and_the_database_are_reported(client):
    answers = [client.get(path) for path in ("/healthz", "/readyz")]
    assert [(a.status_code, a.content) for a in answers] == [(200, b"ok"), (200, b"ok")]


def test_the_machine_itself_reads_counts_of_pages_and_of_waiting_work(client):
    client.get("/healthz")
    answer = client.get("/metrics")

    text = answer.content.decode()
    assert answer.status_code == 200
    assert 'view="crm_alive"' in text
    assert "crm_messages_due 0.0" in text
    assert "crm_imports_failed 0.0" in text


@pytest.mark.parametrize(
    "asked", [{"REMOTE_ADDR": "10.1.2.3"}, {"HTTP_X_FORWARDED_FOR": "10.1.2.3"}]
)
def test_nobody_else_reads_them(client, asked):
    assert client.get("/metrics", **asked).status_code == 404


def test_a_request_is_one_line_with_its_page_and_nothing_about_the_person(client, caplog):
    user = make.keeper()
    client.force_login(user)
    with caplog.at_level("INFO", logger="crm.requests"):
        answer = client.get("/crm/company/?q=13800138000", headers={"X-Request-ID": "f" * 32})

    line = next(record for record in caplog.records if record.name == "crm.requests")
    assert (line.page, line.status, line.user_id) == ("admin:crm_company_changelist", 200, user.pk)
    assert not any("13800138000" in str(value) for value in vars(line).values())
    assert answer["X-Request-ID"] == "f" * 32
