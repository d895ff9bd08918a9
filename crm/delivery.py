"""Sending the outbox: mails through Django's mail settings, group messages to robots' webhooks.

Each message is leased to one sender, sent, and marked in a transaction of its own. A gateway that
is down costs nothing but a later attempt. A sender that is killed between the gateway's answer and
the mark leaves a message that is sent again under the same message id, so that mail servers and
readers see it is the same one.
"""

import base64
import hashlib
import hmac
import http.client
import json
import smtplib
from datetime import datetime
from urllib.parse import quote_plus, urlsplit

from django.conf import settings
from django.core.exceptions import ValidationError
from django.core.mail import EmailMessage

from crm.models import Outgoing, Robot
from crm.models.outbox import check_address
from crm.posting import NotDelivered, post
from crm.pushing import push

FAILURES = (NotDelivered, OSError, smtplib.SMTPException, http.client.HTTPException)


def send_due(moment: datetime) -> dict[str, int]:
    """Send what is due; returns how many were sent and how many wait for another attempt."""
    done = {"sent": 0, "failed": 0}
    while batch := Outgoing.objects.take(moment):
        for message in batch:
            try:
                deliver(message, moment)
            except FAILURES as why:
                message.mark_failed(moment, f"{type(why).__name__}: {why}")
                done["failed"] += 1
            else:
                message.mark_sent(moment)
                done["sent"] += 1
    return done


def deliver(message: Outgoing, moment: datetime) -> None:
    if message.subscription is not None:
        push(message, moment)
        return
    if message.robot is not None:
        _post(message.robot, message.body, moment)
        return
    if not message.recipient.email:
        raise NotDelivered("no address")
    host = settings.DEFAULT_FROM_EMAIL.rpartition("@")[2].strip("> ") or "localhost"
    EmailMessage(
        message.subject, message.body, to=[message.recipient.email],
        headers={"Message-ID": f"<{message.message_id}@{host}>"},
    ).send()  # fmt: skip


def _post(robot: Robot, text: str, moment: datetime) -> None:
    """Robots answer with ``errcode`` 0 when they took it."""
    try:
        check_address(robot.url)  # the list of allowed places may have changed since it was saved
    except ValidationError as error:
        raise NotDelivered(" ".join(error.messages)) from error
    body = json.dumps({"msgtype": "text", "text": {"content": text}}, ensure_ascii=False)
    headers = {"Content-Type": "application/json; charset=utf-8"}
    _check(*post(signed(robot, moment), body.encode(), headers))


def _check(status: int, body: bytes) -> None:
    if status != http.HTTPStatus.OK:
        raise NotDelivered(f"HTTP {status}")
    try:
        code = json.loads(body).get("errcode")
    except (ValueError, AttributeError) as error:
        raise NotDelivered("unreadable answer") from error
    if code != 0:
        raise NotDelivered(f"errcode {code}")


def signed(robot: Robot, moment: datetime) -> str:
    """The address; DingTalk's carries the time in milliseconds and an HMAC of it."""
    if robot.maker != Robot.Maker.DINGTALK or not robot.secret:
        return robot.url
    stamp = str(int(moment.timestamp() * 1000))
    mac = hmac.new(robot.secret.encode(), f"{stamp}\n{robot.secret}".encode(), hashlib.sha256)
    sign = quote_plus(base64.b64encode(mac.digest()))
    joint = "&" if urlsplit(robot.url).query else "?"
    return f"{robot.url}{joint}timestamp={stamp}&sign={sign}"
