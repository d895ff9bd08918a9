"""The side doors of the permission matrix: what lists, boxes, files and forged forms would tell.

A confidential project with everything around it, and people who have nothing to do with it. Each
door is tried as each of them: no canary in the answer, no count that gives an answer away, nothing
written that was not allowed.
"""

import io
import re
import zipfile

import pytest
from django.apps import apps
from django.contrib import admin
from django.forms import ModelChoiceField
from django.test import RequestFactory

from crm.access import TEAM_ROLES, Role, permissions_of
from crm.models.ledgers import LedgerKind
from crm.reports.registry import DOCUMENTS, REPORTS
from tests import make
from tests.forms import form_of
from tests.test_matrix import counted, nothing_written  # noqa: F401 - counted is a fixture
from tests.test_matrix_pages import CANARIES, CODE_NAME, secret, state, told  # noqa: F401 - a fixture

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("counted", "throw_files_away")]

AROUND = "project company contact visit deal arrival followup request stageproposal trip".split()


@pytest.fixture
def outsiders(secret):  # noqa: F811
    """One who works for another task force, and one who reads the whole city."""
    return [make.user(Role.TEAM_LEAD, team=make.team()), make.user(Role.LEADER)]


def lists_of(user) -> list[str]:
    codes = permissions_of(user.role)
    return [name for name in AROUND if f"view_{name}" in codes]


def hidden_in(name: str) -> list[str]:
    """What somebody might ask about columns that no list shows: lookups over fields and links."""
    model = apps.get_model("crm", name)
    asked = []
    for field in model._meta.concrete_fields:
        if field.is_relation:
            asked += [f"{field.name}__pk__gt=0", f"{field.name}__id__lt=0"]
        else:
            asked += [f"{field.name}__startswith=绝", f"{field.name}__isnull=1"]
    return [*asked, "created_by__password__startswith=a", "pk__in=999999"]


def test_no_lookup_in_an_address_answers_yes_or_no(client, secret, outsiders):  # noqa: F811
    for user in outsiders:
        client.force_login(user)
        for name in lists_of(user):
            plain = client.get(f"/crm/{name}/?all=1")
            asked = client.get(f"/crm/{name}/?all=1&{'&'.join(hidden_in(name))}")
            assert plain.status_code == asked.status_code == 200, (user.role, name)
            counts = [answer.context["cl"].result_count for answer in (plain, asked)]
            assert counts[0] == counts[1], f"{user.role} {name}"
            assert not told(asked), f"{user.role} {name}"


def test_no_search_finds_a_hidden_word_and_no_order_follows_one(client, secret, outsiders):  # noqa: F811
    for user in outsiders:
        client.force_login(user)
        for name in lists_of(user):
            for query in ("q=绝密&all=1", "q=13900009999&all=1", "o=1.2.3.-4.5.6.7.99.x&all=1"):
                answer = client.get(f"/crm/{name}/?{query}")
                assert answer.status_code == 200, (user.role, name, query)
                seen = CODE_NAME in answer.content.decode() and query.startswith("q=")
                others = [canary for canary in told(answer) if canary not in query]
                assert not seen and not others, f"{user.role} {name} {query}"
        for path in (
            "/search/?q=绝密雪豹",
            "/search/quick/?q=绝密雪豹",
            "/m/firms/?q=绝密会谈",
            "/m/projects/?q=绝密雪豹",
            "/similar/projects/?name=绝密雪豹智算工程",
        ):
            answer = client.get(path)
            assert CODE_NAME not in answer.content.decode(), f"{user.role} {path}"
            assert not told(answer) or "q=" in path, f"{user.role} {path}"


def test_no_filter_names_what_its_key_leads_to(client, secret, outsiders):  # noqa: F811
    """A chip above the list says what was chosen: never the name of a closed row."""
    for user in outsiders:
        client.force_login(user)
        for name in lists_of(user):
            filterset = admin.site._registry[apps.get_model("crm", name)].filterset_class
            keys = {}
            for key, asked in filterset.base_filters.items() if filterset else ():
                model = getattr(getattr(asked, "queryset", None), "model", None)
                row = secret.rows.get(model._meta.model_name) if model else secret.project
                keys[key] = row.pk if row else 1
            for key, value in keys.items():
                answer = client.get(f"/crm/{name}/?all=1&{key}={value}")
                assert answer.status_code == 200, (user.role, name, key)
                assert not told(answer), f"{user.role} {name} {key}"


def choices() -> list[tuple[str, str]]:
    """Every (kind, field) whose choices somebody may ask for."""
    found = []
    for model, page in admin.site._registry.items():
        for owner in (page, *(inline for inline in page.inlines)):
            kind = (owner.model if owner is not page else model)._meta.model_name
            found += [(kind, field) for field in owner.autocomplete_fields]
    return sorted(set(found))


def test_no_choice_box_offers_a_closed_row(client, secret, outsiders):  # noqa: F811
    for user in outsiders:
        client.force_login(user)
        for kind, field in choices():
            for term in ("绝密", ""):
                asked = f"app_label=crm&model_name={kind}&field_name={field}&term={term}"
                answer = client.get(f"/autocomplete/?{asked}")
                assert answer.status_code in (200, 403), (user.role, kind, field)
                assert not told(answer), f"{user.role} {kind}.{field} {term}"


def choosable(user) -> list[tuple[str, str]]:
    """Every (kind, field) with a box of choices on a form that the account may fill in."""
    request = RequestFactory().get("/")
    request.user = user
    found = []
    for page in admin.site._registry.values():
        if not page.has_add_permission(request):
            continue
        for owner in (page, *page.get_inline_instances(request)):
            kind, shut = owner.opts.model_name, owner.get_readonly_fields(request)
            found += [(kind, field) for field in owner.autocomplete_fields if field not in shut]
    return sorted(set(found))


@pytest.mark.parametrize("role", Role)
def test_every_choice_box_of_a_form_answers_whoever_may_fill_it_in(client, role):
    user = make.user(role, team=make.team() if role in TEAM_ROLES else None)
    client.force_login(user)
    refused = [
        (kind, field) for kind, field in choosable(user)
        if client.get("/autocomplete/", {"app_label": "crm", "model_name": kind,
                                         "field_name": field, "term": ""}).status_code != 200
    ]  # fmt: skip
    assert refused == []


# -- forged forms ----------------------------------------------------------------------------------


def links_in(answer) -> dict[str, type]:
    """The boxes of a page's forms, inlines included, that hold the key of a row."""
    forms = [answer.context["adminform"].form]
    for inline in answer.context["inline_admin_formsets"]:
        forms += [*inline.formset.forms, inline.formset.empty_form]
    return {
        form.add_prefix(name): field.queryset.model
        for form in forms
        for name, field in form.fields.items()
        if isinstance(field, ModelChoiceField) and name != "id"
    }


def test_no_forged_key_in_a_new_record_is_taken(client, secret, outsiders):  # noqa: F811
    """Each link of each form is set to the secret's row of that kind, all else being right."""
    for user in outsiders:
        client.force_login(user)
        for name in AROUND:
            if f"add_{name}" not in permissions_of(user.role):
                continue
            path = f"/crm/{name}/add/"
            page = client.get(path)
            if page.status_code != 200:
                continue
            for box, model in links_in(page).items():
                row = secret.rows.get(model._meta.model_name)
                if row is None or "__prefix__" in box or model._meta.model_name == "company":
                    continue
                with nothing_written(f"{user.role} {name} {box}"):
                    answer = client.post(path, form_of(page) | {box: row.pk})
                assert answer.status_code == 200, f"{user.role} {name} {box}"
                assert not told(answer), f"{user.role} {name} {box}"


def test_no_forged_key_in_a_line_of_a_record_is_taken(client, secret):  # noqa: F811
    """New lines of one's own project that name rows of a firm nobody knows of, or another's."""
    team = make.team()
    lead, own = make.user(Role.TEAM_LEAD, team=team), make.project(team=team)
    client.force_login(lead)
    path = f"/crm/project/{own.pk}/change/"
    page = client.get(path)
    before = [*_parts(own), *state(secret)]
    for box, model in links_in(page).items():
        row = secret.rows.get(model._meta.model_name)
        if row is None or model._meta.model_name in ("company", "user"):
            continue
        forged = form_of(page)
        if "__prefix__" in box:
            prefix = box.split("-")[0]
            forged |= {box.replace("__prefix__", "0"): row.pk, f"{prefix}-TOTAL_FORMS": "1"}
        else:
            forged |= {box: row.pk}
        answer = client.post(path, forged)
        assert answer.status_code == 200, f"{box} was taken"
        assert not told(answer), box
    assert [*_parts(own), *state(secret)] == before


def _parts(project) -> list:
    own = type(project)._base_manager.filter(pk=project.pk).values().get()
    own.pop("updated_at")
    return [own, *project.investors.values_list("pk", flat=True)]


def test_no_action_reaches_a_row_by_its_key(client, secret, outsiders):  # noqa: F811
    for user in outsiders:
        client.force_login(user)
        for name in lists_of(user):
            row, page = secret.rows.get(name), client.get(f"/crm/{name}/?all=1")
            if row is None:
                continue
            form = page.context["cl"].model_admin.get_actions(page.wsgi_request)
            for action in [*form, "delete_selected", "archive", "bring_back", "move_onward"]:
                with nothing_written(f"{user.role} {action} {name}"):
                    answer = client.post(
                        f"/crm/{name}/?all=1",
                        {"action": action, "_selected_action": [row.pk], "index": "0"},
                    )
                assert answer.status_code in (200, 302), (user.role, name, action)
                assert not told(answer), f"{user.role} {action} {name}"


def test_no_popup_and_no_other_key_opens_a_row(client, secret, outsiders):  # noqa: F811
    for user in outsiders:
        client.force_login(user)
        for name, row in secret.rows.items():
            if name not in AROUND or name == "company":
                continue
            for page in (
                "change/?_popup=1",
                "change/?_to_field=name",
                "delete/?_popup=1",
                "history/?_popup=1",
            ):
                denied_or_plain(
                    client, f"/crm/{name}/{row.pk}/{page}", f"{user.role} {name} {page}"
                )
            denied_or_plain(client, f"/crm/{name}/add/?project={secret.project.pk}&_popup=1", name)


def denied_or_plain(client, path: str, what: str) -> None:
    answer = client.get(path, follow=True)
    assert answer.status_code < 500, what
    assert not told(answer), what


# -- files -----------------------------------------------------------------------------------------


def words_in(answer) -> str:
    """Everything a file says, those that are zip archives unpacked."""
    content = answer.getvalue()
    if not content.startswith(b"PK"):
        return content.decode(errors="replace")
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        return "".join(archive.read(name).decode(errors="replace") for name in archive.namelist())


def takers() -> list:
    """One of each role that takes files out and is not in the know."""
    team = make.team()
    people = [make.user(role, team=team) for role in (Role.OFFICER, Role.TEAM_LEAD)]
    return [*people, make.user(Role.STATISTICIAN), make.user(Role.LEADER)]


def test_no_file_that_is_taken_out_names_the_secret(client, secret):  # noqa: F811
    register = {"绝密投资人"}  # the firm's own name stands in the register of firms
    assert not register & set(CANARIES)
    for user in takers():
        client.force_login(user)
        paths = [f"/crm/importjob/export/{kind}/?format=csv&all=1" for kind in LedgerKind.values]
        paths += [f"/reports/{name}/?format={ending}" for name in REPORTS for ending in ("csv",)]
        paths += [f"/papers/{name}/?format=docx" for name in DOCUMENTS] + ["/targets/export/"]
        for path in paths:
            answer = client.get(path)
            assert answer.status_code < 500, (user.role, path)
            text = words_in(answer)
            assert not [c for c in CANARIES if c in text], f"{user.role} {path}"


def test_the_calendar_and_the_feeds_of_others_hold_nothing_of_it(client, secret, outsiders):  # noqa: F811
    for user in outsiders:
        client.force_login(user)
        for path in (
            "/calendar/",
            "/calendar/calendar.ics",
            "/m/",
            "/todo/",
            "/",
            "/inbox/",
            "/changes/",
            "/claims/",
            "/bin/",
            "/months/",
            "/board/",
            "/requests/",
            "/entry/arrivals/",
            "/people/",
            "/merges/",
        ):
            answer = client.get(path)
            assert answer.status_code < 500, (user.role, path)
            assert not told(answer), f"{user.role} {path}"


# -- accounts --------------------------------------------------------------------------------------


@pytest.mark.parametrize("role", Role.values)
def test_no_role_raises_itself_or_writes_more_of_an_account_than_its_part(client, db, role):
    person, other = make.user(role), make.user(Role.OFFICER, team=make.team())
    client.force_login(person)
    sent = {
        "username": "forged",
        "role": "bureau",
        "is_active": "on",
        "is_superuser": "on",
        "is_staff": "on",
        "password": "x",
        "must_change_password": "",
        "email": "a@b.cn",
    }
    for user in (person, other):
        before = type(user).objects.filter(pk=user.pk).values().get()
        for page in ("change", "password", "delete", "history"):
            answer = client.post(f"/crm/user/{user.pk}/{page}/", sent)
            assert answer.status_code < 500, (page, answer.status_code)
        after = type(user).objects.filter(pk=user.pk).values().get()
        changed = {name for name in before if before[name] != after[name]} - {"last_login"}
        allowed = {
            "system_admin": {"username", "email", "full_name", "department_id", "park_id"},
            "security_admin": {"role"},
        }
        mine = set() if user == person else allowed.get(role, set())
        assert changed <= mine, f"{role} changed {changed - mine}"
    assert re.match(r"user-\d+", type(person).objects.get(pk=person.pk).username)
