"""Files: what may be kept, under which name, and for which record."""

import pytest
from django.core.exceptions import PermissionDenied, ValidationError

from crm.models import Attachment
from crm.models.attachments import MAX_BYTES, SIGNATURES, check_file, random_path

from . import make

pytestmark = pytest.mark.django_db
PNG, JPEG = b"\x89PNG\r\n\x1a\n....", b"\xff\xd8\xff\xe0...."
OLE, ZIP = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1....", b"PK\x03\x04...."
HTML, EXE = b"<!doctype html><script>alert(1)</script>", b"MZ\x90\x00\x03"


@pytest.fixture(autouse=True)
def media(settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path
    return tmp_path


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("纪要.pdf", b"%PDF-1.7"),
        ("现场.JPG", JPEG),
        ("现场.jpeg", JPEG),
        ("图.png", PNG),
        ("方案.docx", ZIP),
        ("台账.xlsx", ZIP),
        ("台账.xls", OLE),
        ("方案.wps", OLE),
        ("方案.wps", ZIP),
        ("公文.ofd", ZIP),
    ],
)
def test_the_usual_documents_and_photos_are_kept(name, content):
    assert check_file(make.upload(name, content)) is None


@pytest.mark.parametrize(
    "name",
    ["页面.html", "页面.htm", "图.svg", "工具.exe", "宏.xlsm", "脚本.js", "无扩展名", "a.pdf.html"],
)
def test_other_kinds_are_refused_and_the_allowed_ones_named(name):
    with pytest.raises(ValidationError) as refusal:
        check_file(make.upload(name, b"%PDF-1.7"))
    assert ".pdf" in refusal.value.messages[0]


@pytest.mark.parametrize("suffix", sorted(SIGNATURES))
@pytest.mark.parametrize("content", [HTML, EXE, b"", b"<svg xmlns="], ids=repr)
def test_a_renamed_file_is_found_out_by_its_content(suffix, content):
    with pytest.raises(ValidationError):
        check_file(make.upload(f"文件{suffix}", content))


def test_a_file_that_is_too_large_is_refused_with_the_limit():
    file = make.upload()
    file.size = MAX_BYTES + 1
    with pytest.raises(ValidationError, match="20"):
        check_file(file)


def test_checking_leaves_the_file_to_be_read_from_its_beginning():
    file = make.upload(content=b"%PDF-1.7")
    check_file(file)
    assert file.read() == b"%PDF-1.7"


def test_the_stored_name_cannot_be_guessed_and_the_given_name_is_kept(media):
    first, second = make.attachment(), make.attachment()
    assert (first.filename, str(first)) == ("纪要.pdf", "纪要.pdf")
    assert first.file.name != second.file.name
    assert "纪要" not in first.file.name
    assert first.file.name.endswith(".pdf")


@pytest.mark.parametrize("name", ["../../etc/passwd.pdf", "..\\..\\boot.pdf", "a/b/c.PDF"])
def test_a_path_in_the_name_leads_nowhere(name, media):
    path = random_path(None, name)
    assert path.startswith("attachments/")
    assert ".." not in path
    assert path.endswith(".pdf")


def test_a_title_stands_for_the_file_name():
    assert str(make.attachment(title="开工现场")) == "开工现场"


def test_a_very_long_name_is_cut_not_refused():
    row = make.attachment(file=make.upload("长" * 150 + ".pdf"))
    assert len(row.filename) <= 200


def test_saving_again_keeps_the_name_that_was_given():
    row = make.attachment()
    row.title = "会议纪要"
    row.save_as(make.keeper())
    assert Attachment.objects.get().filename == "纪要.pdf"


def test_an_officer_attaches_to_an_own_record_only(media):
    team = make.team()
    officer = make.user(team=team)
    Attachment(visit=make.visit(task_force=team), file=make.upload()).save_as(officer)
    with pytest.raises(ValidationError) as refusal:
        Attachment(visit=make.visit(), file=make.upload()).save_as(officer)
    assert list(refusal.value.message_dict) == ["visit"]


def test_a_reader_of_the_whole_city_attaches_nothing():
    with pytest.raises(PermissionDenied):
        Attachment(visit=make.visit(), file=make.upload()).save_as(make.user("leader"))


def test_a_forbidden_file_is_not_even_stored(media):
    team = make.team()
    row = Attachment(visit=make.visit(task_force=team), file=make.upload("a.pdf", HTML))
    with pytest.raises(ValidationError) as refusal:
        row.save_as(make.user(team=team))
    assert list(refusal.value.message_dict) == ["file"]
    assert list(media.rglob("*.pdf")) == []


def test_the_page_of_a_file_that_is_gone_says_so(client):
    attachment = make.attachment()
    Attachment.objects.filter(pk=attachment.pk).update(file="gone.png")
    client.force_login(make.user("bureau"))

    answer = client.get(f"/files/{attachment.pk}/view/")

    assert answer.status_code == 200
    assert "服务器上找不到这个文件" in answer.content.decode()
