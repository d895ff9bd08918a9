"""Who sees what of an export."""

import io
import zipfile
from datetime import date
from decimal import Decimal

import pytest
from django.utils.translation import gettext as _

from crm import models
from crm.ledgers.exporting import export
from crm.ledgers.sheets import SHEETS
from tests import make
from tests.ledger_exports import PHONE, exported, full_project, json_of, only

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize("role", ["bureau", "statistician", "leader"])
def test_phones_stay_in_the_house_for_whoever_does_not_work_with_the_firm(role):
    project = full_project()
    make.visit(
        company=project.lead_investor, project=project, held_on=date(2024, 5, 2),
        their_people=[project.contact],
    )  # fmt: skip
    user = make.user(role)

    kinds = ("projects", "visits", "companies", "contacts")
    texts = {kind: exported(kind, user, format="csv").decode() for kind in kinds}

    may = role == "bureau"
    assert {kind: PHONE in text for kind, text in texts.items()} == dict.fromkeys(kinds, may)
    assert [kind for kind, text in texts.items() if PHONE[-4:] in text and not may] == []


def test_a_team_reads_the_people_of_its_own_and_of_free_firms_only():
    own, other = make.team(), make.team()
    user = make.user("team_lead", team=own)
    firms = [make.company(owning_team=own), make.company(), make.company(owning_team=other)]
    for firm in firms:
        person = make.contact(company=firm, name=f"联系人{firm.pk}", mobile=PHONE)
        make.project(team=own, lead_investor=firm, contact=person)

    rows = json_of("projects", user)["rows"]

    assert [row["phone"] for row in rows] == [PHONE, PHONE, None]
    assert [row["contact"] for row in rows][2] is None


def test_a_closed_firm_shows_the_public_part_of_the_register():
    team = make.team(name="招商二专班")
    firm = make.company(name="外队企业", owning_team=team, note="机密", revenue_yuan=100)
    make.contact(company=firm, name="王五")
    row = only("companies", make.user("team_lead", team=make.team()))
    shown = {key for key, value in row.items() if value != _("confidential")}

    assert shown == {"name", "uscc", "region", "segment", "team"}
    assert (row["name"], row["team"]) == ("外队企业", "招商二专班")


@pytest.fixture
def secret():
    """A confidential project with a deal, money and a visit."""
    project = make.project(
        stage="building", on=date(2024, 5, 1), name="秘密工程", is_confidential=True,
        code_name="代号甲", planned_yuan=Decimal(500_000_000), fixed_assets_yuan=Decimal(7_000_000),
        lead_investor=make.company(name="秘密投资方"), content="秘密内容",
    )  # fmt: skip
    make.arrival(project=project, amount_yuan=Decimal(10_000), month=date(2024, 6, 1))
    make.request(project=project, content="秘密诉求")
    return project


@pytest.mark.parametrize(
    ("kind", "key", "shown"),
    [
        ("projects", "name", {"name": "代号甲", "planned": "50000.00"}),
        ("building", "name", {"name": "代号甲", "planned": "50000.00"}),
        ("deals", "project", {"project": "代号甲", "amount": "30000.00"}),
        ("arrivals", "project", {"project": "代号甲", "amount": "1.00"}),
    ],
)
def test_a_closed_project_shows_its_code_name_and_amount_only(secret, kind, key, shown):
    row = only(kind, make.user("leader"))

    assert {k: v for k, v in row.items() if v != _("confidential")} == shown
    assert only(kind, make.user("bureau"))[key] == "秘密工程"


@pytest.mark.parametrize("kind", SHEETS)
@pytest.mark.parametrize("format", ["xlsx", "csv", "json"])
def test_nothing_secret_is_in_a_closed_row(secret, kind, format):
    data = exported(kind, make.user("leader"), format=format)
    if format == "xlsx":
        data = zipfile.ZipFile(io.BytesIO(data)).read("xl/worksheets/sheet1.xml")
    text = data.decode()

    assert [word for word in ("秘密工程", "秘密内容", "秘密诉求") if word in text] == []


def test_a_total_tells_nothing_that_its_rows_hide(secret):
    make.project(fixed_assets_yuan=Decimal(10_000), planned_yuan=Decimal(20_000))
    totals = json_of("projects", make.user("leader"))["totals"]

    assert totals == {"planned": "50002.00", "fixed_assets": "1.00"}


def test_closed_rows_are_counted_in_a_note(secret):
    (note,) = json_of("projects", make.user("leader"))["notes"]

    assert "1" in note


def test_rows_that_were_not_scoped_are_scoped_here():
    make.project(team=make.team(), name="外专班项目")
    user = make.user("team_lead", team=make.team())
    target = io.BytesIO()

    assert export("projects", models.Project.objects.all(), user, format="json", to=target) == 0
