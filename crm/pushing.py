"""Changes on their way to other systems: queued in the outbox, signed, and sent to listed hosts.

A push says what happened and where to read it, never what is in the row: the receiver asks the API
with its token. Whatever could not be delivered is found in the feed by the same cursors.
"""

import hashlib
import hmac
import ipaddress
import json
from datetime import datetime
from functools import partial
from urllib.parse import urlsplit

from django.db import transaction

from crm.cursors import sealed
from crm.following import Told, kinds_told, told_since
from crm.models import ApiAnswer, FeedEntry, Outgoing, PushHost, Subscription
from crm.models.feed import FeedGone
from crm.posting import NotDelivered, post

BATCH = 100  # changes in one push
MOST_BATCHES = 50  # pushes queued for one subscription at a time


def tell_systems(moment: datetime) -> int:
    """Queue what is new for other systems, and forget what is kept for them no longer."""
    FeedEntry.objects.forget_old(moment)
    ApiAnswer.objects.forget_old(moment)
    return queue_pushes()


def queue_pushes() -> int:
    """Queue what happened since each subscription last heard; returns how many pushes."""
    return sum(_queue_for(row) for row in Subscription.objects.working() if row.token.is_valid())


def _queue_for(row: Subscription) -> int:
    with transaction.atomic():
        held = Subscription.objects.select_for_update().get(pk=row.pk)
        kinds = kinds_told(row.token, held.kinds)
        for count in range(MOST_BATCHES):
            told = _next(held, row.token, kinds)
            if told.news:
                _queue(held, told)
            if (told.position, told.stamp) != (held.position, held.stamp):
                held.go_on_from(told.position, told.stamp)
            if not told.has_more:
                return count + bool(told.news)
    return MOST_BATCHES


def _next(row: Subscription, token, kinds) -> Told:
    """What is behind the place where it stands; from now on where that place is gone."""
    try:
        return told_since(row.position, row.stamp, token, kinds=kinds, limit=BATCH)
    except FeedGone:
        return Told([], *FeedEntry.objects.place_of_end(), has_more=False)


def _queue(row: Subscription, told: Told) -> None:
    """Under a name of its place in the feed: the same changes are never queued twice."""
    name = f"push-{row.pk}-{told.position}-{told.stamp}"
    since = sealed(row.position, row.stamp)
    Outgoing.objects.queue(name, subscription=row, body=body_of(told, since=since))


def body_of(told: Told, *, since: str) -> str:
    """``since`` is the ``cursor`` of the push before; if it is another, something is missing."""
    changes = [
        {"kind": line.kind, "id": line.record_id, "action": line.action, "cursor": line.cursor}
        for line in told.news
    ]
    return json.dumps({"since": since, "changes": changes, "cursor": told.cursor})


def signature(secret: str, stamp: str, body: str) -> str:
    """``sha256=…`` over the time and the body, so that an old push cannot be played again."""
    mac = hmac.new(secret.encode(), f"{stamp}.{body}".encode(), hashlib.sha256)
    return f"sha256={mac.hexdigest()}"


def push(message: Outgoing, moment: datetime) -> None:
    """One POST to a host that is listed at this moment; raises NotDelivered."""
    row = message.subscription
    if not row.is_active or row.archived_at or not row.token.is_valid():
        raise NotDelivered("this push is switched off")
    if not PushHost.objects.allows(row.url):
        raise NotDelivered("this host is not listed")
    stamp = str(int(moment.timestamp()))
    headers = {
        "Content-Type": "application/json",
        "X-CRM-Message": message.message_id,
        "X-CRM-Timestamp": stamp,
        "X-CRM-Signature": signature(row.secret, stamp, message.body),
    }
    check = partial(_check_peer, urlsplit(row.url).hostname)
    status, _answer = post(row.url, message.body.encode(), headers, check)
    if not 200 <= status < 300:
        raise NotDelivered(f"HTTP {status}")


def _check_peer(host: str, address: str) -> None:
    """A listed name that leads into this machine itself, or to nobody's address, is refused.

    An address that was listed as such is what the administrator meant.
    """
    peer = ipaddress.ip_address(address)
    is_nobodys = peer.is_loopback or peer.is_link_local or peer.is_multicast or peer.is_unspecified
    if is_nobodys and not _is_address(host):
        raise NotDelivered("this name leads to an address that is not pushed to")


def _is_address(host: str) -> bool:
    try:
        ipaddress.ip_address(host)
    except ValueError:
        return False
    return True
