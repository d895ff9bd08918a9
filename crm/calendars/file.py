"""An iCalendar file (RFC 5545) that Outlook, a phone or WPS opens: all-day events, stable UIDs.

It leaves the building: no names of confidential projects or of what concerns them, no telephone
numbers, nothing that was said.
"""

import re
from datetime import UTC, timedelta

from django.utils.translation import gettext as _
from icalendar import Calendar, Event

from .days import KINDS, Entry

ZONE = "Asia/Shanghai"
REFRESHED = "PT1H"
# A run of digits long enough to be called, however it is broken up.
_NUMBER = re.compile(r"\+?\d(?:[\s\-–()（）.]*\d){6,}")


def as_ics(entries: list[Entry], *, host: str, url_of) -> bytes:
    """The entries as a file. ``url_of`` makes the address where the reader signs in to see more."""
    calendar = Calendar()
    calendar.add("prodid", "-//Investment promotion CRM//Calendar//ZH")
    calendar.add("version", "2.0")
    calendar.add("method", "PUBLISH")
    calendar.add("x-wr-calname", _("Investment promotion"))
    calendar.add("x-wr-timezone", ZONE)
    calendar.add("x-published-ttl", REFRESHED)
    for entry in entries:
        calendar.add_component(_event(entry, host, url_of))
    return calendar.to_ical()


def _event(entry: Entry, host: str, url_of) -> Event:
    event = Event()
    event.add("uid", f"{entry.kind}-{entry.key}@{host}")
    event.add("dtstamp", entry.changed_at.astimezone(UTC))
    event.add("last-modified", entry.changed_at.astimezone(UTC))
    event.add("sequence", entry.version)
    event.add("dtstart", entry.first)
    event.add("dtend", entry.last + timedelta(days=1))  # the day after the last one
    event.add("summary", without_numbers(("✓ " if entry.is_done else "") + entry.plain))
    event.add("categories", [str(KINDS[entry.kind].label)])
    event.add("transp", "TRANSPARENT")
    event.add("url", url_of(entry))
    if entry.is_secret:
        event.add("class", "PRIVATE")
    return event


def without_numbers(text: str) -> str:
    """The text with every telephone number struck out; years and amounts stay."""
    return _NUMBER.sub("***", text)
