"""What browsers report when a page tries more than the content security policy allows.

Counted and logged without anything personal: the name of the page, the directive, and what kind of
thing was stopped. No address, no account, no query, no part of the page.
"""

import json
import logging
from urllib.parse import urlsplit

from django.http import HttpResponse
from django.urls import Resolver404, resolve
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_POST
from prometheus_client import Counter

log = logging.getLogger("crm.csp")
violations = Counter(
    "crm_csp_violations", "Stopped by the content security policy", ["directive", "page", "blocked"]
)
LONGEST = 8_192
DIRECTIVES = {
    f"{kind}-src{part}"
    for kind in ("default", "script", "style", "img", "font", "connect", "frame", "manifest",
                 "media", "object", "worker", "child")
    for part in ("", "-elem", "-attr")
} | {"base-uri", "form-action", "frame-ancestors"}  # fmt: skip
KINDS = {"inline", "eval", "data", "blob", "self"}


@csrf_exempt
@require_POST
def csp_report(request):
    """From the browser itself, so without a token; whatever is no report is passed over."""
    if int(request.META.get("CONTENT_LENGTH") or 0) <= LONGEST and (said := _said(request.body)):
        violations.labels(**said).inc()
        log.warning("csp %(directive)s on %(page)s: %(blocked)s", said)
    return HttpResponse(status=204)


def _said(body: bytes) -> dict[str, str] | None:
    try:
        report = json.loads(body)["csp-report"]
        told = str(report.get("effective-directive") or report["violated-directive"]).split()[0]
        page, blocked = str(report["document-uri"]), str(report.get("blocked-uri", ""))
        path = urlsplit(page).path
        kind = _kind(blocked, urlsplit(page).netloc)
    except (ValueError, KeyError, TypeError, IndexError, AttributeError, RecursionError):
        return None
    return {
        "directive": told if told in DIRECTIVES else "other", "page": _name(path), "blocked": kind,
    }  # fmt: skip


def _kind(blocked: str, own: str) -> str:
    """inline, eval, data, blob, self, or foreign; never the address."""
    if blocked.partition(":")[0] in KINDS:
        return blocked.partition(":")[0]
    return "self" if urlsplit(blocked).netloc == own else "foreign"


def _name(path: str) -> str:
    """The name of the page in the site, not its address: that may tell of a record."""
    try:
        return resolve(path).url_name or "other"
    except Resolver404:
        return "other"
