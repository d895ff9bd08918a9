"""Pictures and PDF files are shown to the right people, and can do nothing in the browser."""

import pytest
from django.core.files.base import ContentFile

from crm.access import Role
from crm.models import Attachment
from tests import make

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("throw_files_away")]
CONTENT = {"jpg": b"\xff\xd8\xff\xe0....", "png": b"\x89PNG\r\n\x1a\n....", "pdf": b"%PDF-1.7",
           "docx": b"PK\x03\x04...."}  # fmt: skip


def attached(suffix: str, **owner) -> Attachment:
    row = Attachment(
        file=ContentFile(CONTENT[suffix], name=f"现场.{suffix}"), **owner or {"trip": make.trip()}
    )
    row.save()
    return row


@pytest.fixture
def bureau(client):
    client.force_login(make.user(Role.BUREAU))
    return client


@pytest.mark.parametrize(("suffix", "kind"), [("jpg", "image/jpeg"), ("png", "image/png")])
def test_a_picture_is_served_as_what_it_is_and_in_a_sandbox(bureau, suffix, kind):
    answer = bureau.get(f"/files/{attached(suffix).pk}/picture/")

    policy = answer["Content-Security-Policy"]
    assert answer["Content-Type"] == kind
    assert answer["X-Content-Type-Options"] == "nosniff"
    assert "sandbox" in policy and "default-src 'none'" in policy and "script-src" not in policy
    assert answer["Content-Disposition"].startswith("inline")


def test_a_pdf_may_be_framed_by_our_own_page_only_and_runs_no_script(bureau):
    answer = bureau.get(f"/files/{attached('pdf').pk}/document/")

    assert answer["Content-Type"] == "application/pdf"
    assert answer["X-Frame-Options"] == "SAMEORIGIN"
    assert "frame-ancestors 'self'" in answer["Content-Security-Policy"]
    assert "script-src" not in answer["Content-Security-Policy"]


@pytest.mark.parametrize(
    ("suffix", "piece"), [("jpg", "/picture/"), ("pdf", "/document/"), ("docx", "无法在此预览")]
)
def test_each_kind_has_its_preview(bureau, suffix, piece):
    file = attached(suffix)

    page = bureau.get(f"/files/{file.pk}/view/")

    assert piece in page.content.decode()
    assert "frame-src 'self'" in page["Content-Security-Policy"]


def test_the_files_of_a_record_can_be_leafed_through(bureau):
    trip = make.trip()
    first, second, third = (attached("jpg", trip=trip) for _ in range(3))
    attached("jpg")

    context = bureau.get(f"/files/{second.pk}/view/").context

    assert (context["previous"], context["following"], context["count"]) == (first, third, 3)


def test_what_cannot_be_shown_is_not_served_inline(bureau):
    word, pdf, picture = attached("docx"), attached("pdf"), attached("jpg")
    for file in (word, pdf):
        assert bureau.get(f"/files/{file.pk}/picture/").status_code == 404
    for file in (word, picture):
        assert bureau.get(f"/files/{file.pk}/document/").status_code == 404


@pytest.mark.parametrize("view", ["view", "picture", "document"])
def test_files_of_records_one_may_not_open_do_not_exist(client, view):
    secret = make.project(is_confidential=True, code_name="代号青松")
    file = attached("pdf" if view == "document" else "jpg", project=secret)
    client.force_login(make.user(Role.LEADER))
    assert client.get(f"/files/{file.pk}/{view}/").status_code == 404


@pytest.mark.parametrize("view", ["view", "picture", "document"])
def test_archived_files_and_strangers_get_nothing(client, view):
    file = attached("pdf" if view == "document" else "jpg")
    stranger = client.get(f"/files/{file.pk}/{view}/", follow=True)
    client.force_login(make.user(Role.BUREAU))
    Attachment.objects.filter(pk=file.pk).update(archived_at=file.created_at)

    assert "id_password" in stranger.content.decode()
    assert client.get(f"/files/{file.pk}/{view}/").status_code == 404


def test_pictures_of_a_record_stand_beside_their_names(bureau):
    trip = make.trip()
    picture, word = attached("jpg", trip=trip), attached("docx", trip=trip)

    page = bureau.get(f"/crm/trip/{trip.pk}/change/").content.decode()

    assert f'src="/files/{picture.pk}/picture/"' in page
    assert f'href="/files/{word.pk}/"' in page
