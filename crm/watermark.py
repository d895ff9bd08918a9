"""Who took something out and when: the line that exported files and printed pages carry."""

from django.utils import timezone
from django.utils.translation import gettext as _


def watermark(user) -> str:
    """E.g. 由 张三（officer）于 2026-11-25 11:20 导出; a command without an account says so."""
    return _("exported by %(who)s at %(when)s") % _who_and_when(user)


def print_mark(user) -> str:
    """The same for a page that may be printed."""
    return _("opened by %(who)s at %(when)s") % _who_and_when(user)


def _who_and_when(user) -> dict[str, str]:
    name, account = str(user), getattr(user, "username", "")
    who = account if name == account else f"{name}（{account}）"
    when = f"{timezone.localtime():%Y-%m-%d %H:%M}"
    return {"who": who if account else _("a command on the server"), "when": when}
