"""Which columns of the ledgers each role may take out: the security administrator's page."""

from django.contrib import messages
from django.db import transaction
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from crm.access import NUMBERS, PHONE_READERS
from crm.auditing import audit
from crm.ledgers.sheets import SHEETS
from crm.models import ExportRule
from crm.models.audit import Action
from crm.models.export_rules import TAKERS
from crm.models.ledgers import LedgerKind

from .frame import in_frame, page


@page("change_exportrule")
@require_http_methods(["GET", "HEAD", "POST"])
def export_rules(request):
    """One kind of ledger at a time: a line for each column, a box for each role."""
    wanted = request.POST.get("kind") or request.GET.get("kind")
    kind = wanted if wanted in SHEETS else next(iter(SHEETS))
    rules = {rule.role: rule for rule in ExportRule.objects.filter(kind=kind)}
    if request.method == "POST":
        _save(request, kind, rules)
        return redirect(f"{reverse('crm_export_rules')}?kind={kind}")
    context = {
        "title": _("Export columns"), "kind": kind, "roles": [role.label for role in TAKERS],
        "kinds": [(key, LedgerKind(key).label) for key in SHEETS], "lines": _lines(kind, rules),
        "seen": _seen(rules),
    }  # fmt: skip
    return in_frame(request, "crm/export_rules.html", context)


def _lines(kind: str, rules: dict) -> list[dict]:
    return [
        {"label": column.label, "group": column.group,
         "boxes": [_box(role, column.key, rules) for role in TAKERS]}
        for column in SHEETS[kind].columns
    ]  # fmt: skip


def _box(role, key: str, rules: dict) -> dict:
    withheld = key in rules[role].withheld if role in rules else False
    return {
        "value": f"{role.value}:{key}", "role": role.label, "checked": not withheld,
        "fixed": _is_fixed(role, key),
    }  # fmt: skip


def _is_fixed(role, key: str) -> bool:
    """Numbers that the role reads masked are never taken out, whatever is chosen here."""
    return key in NUMBERS and role not in PHONE_READERS


def _seen(rules: dict) -> str:
    """What the page was made from, so that nobody overwrites a colleague unseen."""
    return ",".join(f"{role}:{rule.version}" for role, rule in sorted(rules.items()))


def _save(request, kind: str, rules: dict) -> None:
    if request.POST.get("seen", "") != _seen(rules):
        text = _("Somebody else changed these rules meanwhile; nothing was saved. Look again.")
        messages.error(request, text)
        return
    taken = set(request.POST.getlist("take"))
    keys = [column.key for column in SHEETS[kind].columns]
    chosen = {role: _withheld(role, keys, taken) for role in TAKERS}
    if any(len(withheld) == len(keys) for withheld in chosen.values()):
        messages.error(request, _("Leave each role at least one column; nothing was saved."))
        return
    with transaction.atomic():
        changed = [_set(request, kind, role, rules.get(role), chosen[role]) for role in TAKERS]
    text = _("Saved; it holds from the next export on.") if any(changed) else _("No change.")
    messages.success(request, text)


def _withheld(role, keys: list[str], taken: set[str]) -> list[str]:
    free = [key for key in keys if not _is_fixed(role, key)]
    return [key for key in free if f"{role.value}:{key}" not in taken]


def _set(request, kind: str, role, rule: ExportRule | None, withheld: list[str]) -> bool:
    """Keep what the role may not take out; says whether that is news."""
    rule = rule or ExportRule(role=role, kind=kind)
    before, rule.withheld = rule.withheld, withheld
    if before == withheld:
        return False
    rule.save_as(request.user)
    audit(request, Action.RULE_CHANGED, rule, role=role.value, kind=kind, before=before,
          after=withheld)  # fmt: skip
    return True
