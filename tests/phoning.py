"""What tests of the phone pages share: an officer's phone, a firm, and an entry as it is typed."""

import uuid

import pytest

from crm.periods import today
from tests import make

SEND, JSON = "/m/visits/new/", {"Accept": "application/json"}


@pytest.fixture
def team():
    return make.team()


@pytest.fixture
def officer(team):
    return make.user(team=team)


@pytest.fixture
def firm(team):
    return make.company(owning_team=team, region=make.region())


@pytest.fixture
def phone(client, officer):
    client.force_login(officer)
    return client


def entry(**values) -> dict:
    return {
        "token": str(uuid.uuid4()), "mode": "outbound", "held_on": today().isoformat(),
        "outcome": "interested", "content": "谈了电价", **values,
    }  # fmt: skip


def text_of(answer) -> str:
    return answer.content.decode()
