"""The mail of the morning: what is new in the inbox and what is due, once a day to each person.

A digest covers everything that no digest before it covered, so a missed morning is caught up with
the next one. The row of the day and the message in the outbox are written together: a second run
on the same day finds the row and does nothing.
"""

from datetime import date, datetime, time, timedelta

from django.conf import settings
from django.db import IntegrityError, transaction
from django.utils import timezone, translation
from django.utils.translation import gettext as _

from crm import agenda
from crm.access import permissions_of
from crm.models import Digest, Notice, Outgoing, User
from crm.models.notices import public_label, records_of

AT = time(8, 30)
MOST_LINES = 40


def day_due(moment: datetime) -> date:
    """The day whose digest is due at a moment: from 8:30 on today's, before it yesterday's."""
    local = timezone.localtime(moment)
    return local.date() if local.time() >= AT else local.date() - timedelta(days=1)


def cutoff(day: date) -> datetime:
    """8:30 of the day in the city's time: what is told later belongs to the next digest."""
    return datetime.combine(day, AT, tzinfo=timezone.get_default_timezone())


def make_digests(moment: datetime) -> int:
    """Queue the digests that are due; returns how many mails that are."""
    day = day_due(moment)
    people = User.objects.working().filter(gets_digest=True).exclude(email="")
    waiting = people.exclude(pk__in=Digest.objects.filter(day=day).values("recipient"))
    return sum(_make(user, day) for user in waiting.order_by("pk"))


def _make(user, day: date) -> bool:
    try:
        with transaction.atomic():
            digest = Digest.objects.create(recipient=user, day=day)
            notices = Notice.objects.filter(recipient=user, digest=None, at__lt=cutoff(day))
            lines = _lines(user, notices, day)
            notices.update(digest=digest)
            if lines:
                _queue(user, day, lines)
    except IntegrityError:  # another run made it at the same moment
        return False
    return bool(lines)


def _queue(user, day: date, lines: list[str]) -> None:
    with translation.override(settings.LANGUAGE_CODE):
        subject = _("Investment promotion: %(day)s") % {"day": day}
        end = [f"{settings.SITE_URL}/inbox/"] if settings.SITE_URL else []
        body = "\n".join([_("Good morning, %(name)s.") % {"name": user}, "", *lines, "", *end])
    Outgoing.objects.queue(
        f"digest-{user.pk}-{day}", recipient=user, subject=subject, body=body
    )  # fmt: skip


def _lines(user, notices, day: date) -> list[str]:
    """What the mail says; names are those that may leave the system, in the scope of now."""
    with translation.override(settings.LANGUAGE_CODE):
        unread = list(notices.unread().order_by("-id")[:MOST_LINES])
        records = records_of(unread, user)
        told = [
            f"· {notice.get_kind_display()}：{public_label(record)}"
            for notice in unread
            if (record := records.get((notice.model, notice.record_id))) is not None
        ]
        return [*_due_lines(user, day), *told]


def _due_lines(user, day: date) -> list[str]:
    if "view_todo" not in permissions_of(user.role):
        return []
    counts = agenda.counts(user, day)
    words = {"overdue": _("overdue: %(count)s"), "today": _("due today: %(count)s")}
    return [f"· {text % {'count': counts[key]}}" for key, text in words.items() if counts[key]]
