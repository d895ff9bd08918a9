"""Request-wide behaviour of our own."""

import logging
import time
from http import HTTPStatus

from django.conf import settings
from django.utils import translation
from django.utils.translation import get_supported_language_variant

from crm.auditing import audit_denial
from crm.pages.signed_in import turned_away

API = "/api/v1/"
requests_log = logging.getLogger("crm.requests")


def logged_requests(get_response):
    """One line a request: which page, who by number, how long; no address, no query, no name."""

    def middleware(request):
        begun = time.perf_counter()
        response = get_response(request)
        match, user = request.resolver_match, getattr(request, "user", None)
        requests_log.info(
            "request",
            extra={
                "method": request.method,
                "page": match.view_name if match else "",
                "status": response.status_code,
                "milliseconds": round((time.perf_counter() - begun) * 1000),
                "user_id": user.pk if user else None,
            },
        )
        return response

    return middleware


def chosen_language(get_response):
    """Chinese for everybody who has not chosen otherwise, whatever language the browser asks for.

    Django's LocaleMiddleware would give an English browser on a bureau's machine English pages.
    """

    def middleware(request):
        language = _chosen(request)
        with translation.override(language):
            request.LANGUAGE_CODE = language
            response = get_response(request)
            if hasattr(response, "render") and not response.is_rendered:
                response.render()
            response.headers.setdefault("Content-Language", language)
        return response

    return middleware


def _chosen(request) -> str:
    if request.path_info.startswith(API):
        return translation.get_language_from_request(request)  # a system has no cookie
    wanted = request.COOKIES.get(settings.LANGUAGE_COOKIE_NAME, "")
    try:
        return get_supported_language_variant(wanted)
    except LookupError:
        return settings.LANGUAGE_CODE


def guarded_session(get_response):
    """Ends old sessions, and sends people to what they have to do before anything else."""

    def middleware(request):
        return turned_away(request) or get_response(request)

    return middleware


def noted_denials(get_response):
    """Every "you may not" is in the audit trail, and what an account asked for and is not there."""

    def middleware(request):
        response = get_response(request)
        status, user = response.status_code, request.user
        if status == HTTPStatus.FORBIDDEN or (
            status == HTTPStatus.NOT_FOUND and user.is_authenticated
        ):
            audit_denial(request)
        return response

    return middleware
