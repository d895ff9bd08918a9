"""Files follow the scope of their record; monitors get a plain answer."""

import pytest

from tests import make

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _own_folder(settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path


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
