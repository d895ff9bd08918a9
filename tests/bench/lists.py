"""Lists, their deep pages and filters, record pages, choice boxes: small and large, beside a floor.

The floor of a list is a bare ModelAdmin with the same columns of the same rows, without scope,
filters, links and layout; of a record page the same admin's form. Both are whole requests in one
process. The same rows are then asked for at the large size: growth is ours large over ours small.
"""

import os
from collections.abc import Iterator

from django.contrib import admin
from django.contrib.auth.models import AnonymousUser
from django.core.management import call_command
from django.db import connection
from django.test import Client, RequestFactory
from django.urls import reverse

from crm.generated import Size, generate
from crm.models import Company, Deal, Project, User, Visit
from crm.periods import today
from tests.bench.figures import Figure, alternate, seconds

SMALL = Size(1_000, 300, 1_000)
LARGE = Size(100_000, 50_000, 1_000_000)
QUICK_LARGE = Size(10_000, 3_000, 60_000)
MODELS = {"visits": Visit, "projects": Project, "firms": Company, "deals": Deal}
AGAINST_FLOOR, GROWTH, ROUNDS = 1.5, 1.3, 7


class Everybody(AnonymousUser):
    """Passes every question of the bare admin."""

    is_active = is_staff = is_superuser = True

    def has_perm(self, *_args, **_kwargs):
        return True

    def has_module_perms(self, *_args):
        return True


def measure(quick: bool) -> Iterator[Figure]:
    call_command("demo", "--prepare", verbosity=0)
    generate(SMALL, seed=2, until=today())
    small, floors, counts = _measured(quick)
    for name, taken in small.items():
        if floor := floors.get(name):
            yield _against_floor(name, SMALL, taken, floor, counts[name])
    size = QUICK_LARGE if quick else _large()
    generate(size, seed=3, until=today())
    large, floors, counts = _measured(quick)
    for name, taken in large.items():
        if floor := floors.get(name):
            yield _against_floor(name, size, taken, floor, counts[name])
        yield Figure(f"{name}, {size.visits:,} visits against {SMALL.visits:,}", taken, small[name],
                     "ms", at_most=GROWTH, queries=counts[name])  # fmt: skip


def _large() -> Size:
    """BENCH_VISITS sets another large size, where the machine has less room or time."""
    visits = int(os.environ.get("BENCH_VISITS", LARGE.visits))
    return Size(visits // 10, visits // 20, visits)


def _against_floor(name, size, taken, floor, queries) -> Figure:
    return Figure(f"{name}, {size.visits:,} visits, against a bare ModelAdmin", taken, floor, "ms",
                  at_most=AGAINST_FLOOR, queries=queries)  # fmt: skip


def _measured(quick: bool) -> tuple[dict, dict, dict]:
    """Milliseconds of ours and of the floor by page, and the queries of ours."""
    client = Client(SERVER_NAME="127.0.0.1")
    client.force_login(User.objects.get(username="bureau"))
    ours, floors, counts = {}, {}, {}
    for name, address, bare in _pages():
        counts[name] = _queries(lambda address=address: _asked(client, address))
        ways = {"ours": lambda address=address: 1000 * seconds(lambda: _asked(client, address))}
        if bare:
            bare()
            ways["floor"] = lambda bare=bare: 1000 * seconds(bare)
        found = alternate(3 if quick else ROUNDS, ways)
        ours[name] = found["ours"]
        if bare:
            floors[name] = found["floor"]
    return ours, floors, counts


def _pages():
    """Name, address and the bare page with the same rows, None where there is none."""
    for name, model in MODELS.items():
        address = reverse(f"admin:crm_{model._meta.model_name}_changelist")
        yield f"list of {name}", address, _bare_list(model)
        if name in ("visits", "firms"):
            yield f"list of {name}, page 15", f"{address}?p=15", None
        row = model.objects.live().order_by("pk").last()
        change = reverse(f"admin:crm_{model._meta.model_name}_change", args=[row.pk])
        yield f"record page of {name}", change, None
    yield "list of visits, filtered", f"{reverse('admin:crm_visit_changelist')}?q=光伏", None
    yield "search", f"{reverse('crm_search_quick')}?q=xnkj", None
    choices = "?app_label=crm&model_name=visit&field_name=company&term=xny"
    yield "choices of firms", reverse("admin:autocomplete") + choices, None
    yield "board", reverse("crm_board"), None
    yield "home", reverse("admin:index"), None


def _bare_list(model):
    """A list as Django makes it from a few lines: our columns that are fields, fifty rows."""
    ours = admin.site._registry[model]
    fields = {field.name for field in model._meta.concrete_fields}
    columns = [name for name in ours.list_display if name in fields]
    spare = sorted(fields - {*columns, "content", "search_text"})
    shown = [*columns, *spare[: len(ours.list_display) - len(columns)]]
    linked = [name for name in shown if model._meta.get_field(name).is_relation]
    options = {
        "list_display": shown, "list_select_related": linked, "list_per_page": ours.list_per_page,
        "ordering": model._meta.ordering, "show_full_result_count": False,
    }  # fmt: skip
    bare = type("Bare", (admin.ModelAdmin,), options)(model, admin.AdminSite(name="admin"))
    request = RequestFactory().get("/")
    request.user, request.session = Everybody(), {}
    return lambda: bare.changelist_view(request).render()


def _queries(act) -> int:
    count = 0

    def counted(execute, *args):
        nonlocal count
        count += 1
        return execute(*args)

    act()
    with connection.execute_wrapper(counted):
        act()
    return count


def _asked(client: Client, address: str) -> None:
    answer = client.get(address)
    if answer.status_code != 200:
        raise AssertionError(f"{address}: {answer.status_code}")
