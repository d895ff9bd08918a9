"""Help in the app: a guide in the reader's language and the keys, for everybody who signs in."""

import pytest
from django.apps import apps

from crm.access import Role
from crm.definitions import DEFINITIONS
from crm.models import AuditEntry, Project, User
from tests import make

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize("role", Role.values)
def test_everybody_reads_the_guide_and_the_keys(client, role):
    client.force_login(make.user(role))

    page = client.get("/help/").content.decode()

    assert ("五分钟上手" in page, "Five minutes" in page, 'id="keys"' in page) == (
        True,
        False,
        True,
    )


def test_in_english_it_is_english(client, settings):
    client.force_login(make.user(Role.OFFICER))
    client.cookies[settings.LANGUAGE_COOKIE_NAME] = "en"

    page = client.get("/help/").content.decode()

    assert ("Five minutes" in page, "五分钟上手" in page) == (True, False)


def test_strangers_sign_in_first(client):
    assert "id_password" in client.get("/help/", follow=True).content.decode()


def test_every_page_leads_to_it(client):
    client.force_login(make.user(Role.LEADER))
    assert 'href="/help/"' in client.get("/").content.decode()


# -- what fields and figures mean ------------------------------------------------------------------


def test_every_definition_is_of_a_field_that_there_is():
    known = {
        name: {f.name for f in apps.get_model("crm", name)._meta.fields} for name in DEFINITIONS
    }
    assert {name: set(fields) - known[name] for name, fields in DEFINITIONS.items()} == {
        name: set() for name in DEFINITIONS
    }


@pytest.mark.parametrize("role", [Role.OFFICER, Role.AUDITOR])
def test_the_definitions_name_fields_figures_and_the_stage_that_needs_them(client, role):
    client.force_login(make.user(role))

    page = client.get("/help/definitions/").content.decode()

    assert ("勘察、平整场地、临时便道不算开工" in page, "“储备”起必填" in page) == (True, True)
    assert "履约率" in page


def test_the_same_words_stand_beside_the_field(client):
    client.force_login(make.user(Role.BUREAU))
    page = client.get("/crm/project/add/").content.decode()
    assert "未定写“待定”" in page


# -- clearing the sample data ----------------------------------------------------------------------


@pytest.fixture
def keeper(client):
    user = make.user(Role.SYSTEM_ADMIN)
    client.force_login(user)
    return user


def sample_project():
    return make.project(is_sample=True)


def test_the_page_says_what_goes_and_the_typed_words_clear_it(client, keeper):
    sample_project()
    account = make.user(Role.OFFICER, is_sample=True)
    AuditEntry.objects.record("signed_in", by=account)

    looked = client.get("/sample/clear/").content.decode()
    wrong = client.post("/sample/clear/", {"word": "好"}).content.decode()
    before = Project.objects.filter(is_sample=True).count()
    client.post("/sample/clear/", {"word": "清除示例数据"})

    assert ("<b>1</b> 项目" in looked, "请照原样输入" in wrong, before) == (True, True, 1)
    assert Project.objects.filter(is_sample=True).count() == 0
    closed = User.objects.get(pk=account.pk)  # the audit trail names it
    assert (closed.is_active, closed.is_sample, closed.role) == (False, False, "")
    assert AuditEntry.objects.first().action == "sample_cleared"


def test_in_real_use_nothing_is_cleared(client, keeper):
    sample_project()
    make.visit()

    answer = client.post("/sample/clear/", {"word": "清除示例数据"})

    assert "正式使用" in answer.content.decode()
    assert Project.objects.filter(is_sample=True).count() == 1


def test_a_real_row_on_a_sample_row_keeps_both(client, keeper):
    make.deal(project=sample_project())

    answer = client.post("/sample/clear/", {"word": "清除示例数据"})

    assert answer.status_code == 409
    assert Project.objects.filter(is_sample=True).count() == 1


def test_a_sample_account_that_clears_is_signed_out(client, settings):
    settings.DEMO = True
    sample_project()
    client.force_login(make.user(Role.BUREAU, is_sample=True))

    answer = client.post("/sample/clear/", {"word": "清除示例数据"})

    assert answer["Location"] == "/login/"


def test_without_sample_data_there_is_nothing_to_clear(client, keeper):
    assert "没有示例数据" in client.get("/sample/clear/").content.decode()
