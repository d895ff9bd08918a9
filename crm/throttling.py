"""How wrong passwords are counted: five for an account, fifty for an address."""

from axes.handlers.database import AxesDatabaseHandler
from django.conf import settings

ADDRESS_SHARE = 10


class Throttle(AxesDatabaseHandler):
    """A whole office sits behind one address, so that it may fail ten times as often."""

    def get_failures(self, request, credentials=None) -> int:
        by_account, by_address = (
            sum(attempts.values_list("failures_since_start", flat=True))
            for attempts in self.get_user_attempts(request, credentials)
        )
        return max(by_account, by_address // ADDRESS_SHARE)


def address_of(request) -> str:
    """Where a request comes from; behind our proxy the last address that it wrote down."""
    forwarded = request.META.get("HTTP_X_FORWARDED_FOR", "")
    if settings.BEHIND_PROXY and forwarded:
        return forwarded.rpartition(",")[2].strip()
    return request.META.get("REMOTE_ADDR", "")
