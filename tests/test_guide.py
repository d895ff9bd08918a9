"""Help in the app: a guide in the reader's language and the keys, for everybody who signs in."""

import pytest

from crm.access import Role
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
