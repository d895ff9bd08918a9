"""Phone numbers are masked until somebody who works with the firm asks; each look is noted."""

import time

import pytest

from crm.access import Role
from crm.models import AuditEntry
from crm.models.audit import Action
from tests import make

pytestmark = pytest.mark.django_db
NUMBER, MASKED = "13812345678", "138****5678"


@pytest.fixture
def contact():
    team = make.team()
    firm = make.company(owning_team=team)
    contact = make.contact(company=firm, mobile=NUMBER)
    contact.reader = make.user(Role.OFFICER, team=team)
    return contact


def pages(contact) -> list[str]:
    return [
        "/crm/contact/", f"/crm/contact/{contact.pk}/change/",
        f"/crm/company/{contact.company_id}/change/",
    ]  # fmt: skip


def looks() -> list[tuple]:
    rows = AuditEntry.objects.filter(action=Action.REVEALED)
    return list(rows.values_list("by", "about", "about_id"))


def test_numbers_are_masked_everywhere_until_they_are_asked_for(client, contact):
    client.force_login(contact.reader)
    for page in pages(contact):
        text = client.get(page).content.decode()
        assert NUMBER not in text, page
        assert MASKED in text, page
    assert looks() == []


def test_asking_shows_the_number_for_a_while_and_is_noted_once(client, contact):
    client.force_login(contact.reader)
    for _ in range(2):
        answer = client.post(f"/contacts/{contact.pk}/phones/")
        assert answer.url == f"/crm/contact/{contact.pk}/change/"

    assert f'value="{NUMBER}"' in client.get(answer.url).content.decode()
    assert NUMBER in client.get("/crm/contact/").content.decode()
    assert looks() == [(contact.reader.pk, "contact", contact.pk)]
    session = client.session
    session["phones"] = {str(contact.pk): int(time.time()) - 601}
    session.save()
    assert NUMBER not in client.get(answer.url).content.decode()


def test_saving_the_page_keeps_a_number_that_was_not_shown(client, contact):
    client.force_login(contact.reader)
    data = {"company": contact.company_id, "name": "改名", "record_version": contact.version}
    assert client.post(f"/crm/contact/{contact.pk}/change/", data).status_code == 302

    contact.refresh_from_db()
    assert (contact.name, contact.mobile) == ("改名", NUMBER)


def test_only_so_many_numbers_an_hour(client, contact, settings):
    settings.PHONES_PER_HOUR = 2
    client.force_login(contact.reader)
    others = [make.contact(company=contact.company, mobile="13900000000") for _ in range(2)]
    for other in others:
        client.post(f"/contacts/{other.pk}/phones/")

    client.post(f"/contacts/{contact.pk}/phones/")

    assert NUMBER not in client.get("/crm/contact/").content.decode()
    assert len(looks()) == 2


@pytest.mark.parametrize("role", [Role.LEADER, Role.STATISTICIAN])
def test_who_reads_masked_numbers_only_cannot_ask(client, contact, role):
    client.force_login(make.user(role))
    assert client.post(f"/contacts/{contact.pk}/phones/").status_code == 403
    for page in pages(contact):
        assert NUMBER not in client.get(page).content.decode()
    assert looks() == []


def test_nobody_asks_for_a_number_outside_their_scope(client, contact):
    client.force_login(make.user(Role.OFFICER, team=make.team()))
    assert client.post(f"/contacts/{contact.pk}/phones/").status_code == 404
    assert looks() == []


def test_asking_leads_back_to_the_page_but_never_to_another_site(client, contact):
    client.force_login(contact.reader)
    path = f"/contacts/{contact.pk}/phones/"
    assert client.post(f"{path}?next=/crm/contact/%3Fq=x").url == "/crm/contact/?q=x"
    away = client.post(f"{path}?next=https://evil.example/").url
    assert away == f"/crm/contact/{contact.pk}/change/"


def test_a_link_does_not_reveal(client, contact):
    client.force_login(contact.reader)
    assert client.get(f"/contacts/{contact.pk}/phones/").status_code == 405
