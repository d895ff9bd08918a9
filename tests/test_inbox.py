"""Inbox, morning mail and outbox: told once, in the reader's scope, never lost."""

import json
import threading
from datetime import datetime, timedelta
from http.server import BaseHTTPRequestHandler, HTTPServer

import pytest
from django.core import mail
from django.core.exceptions import ValidationError
from django.core.management import call_command
from django.utils import timezone

from crm.access import Role
from crm.delivery import send_due, signed
from crm.digests import make_digests
from crm.models import Directive, FollowUp, Note, Notice, Outgoing, Robot
from crm.models.outbox import BACKOFF, check_address
from crm.periods import today
from crm.reminders import remind
from tests import make

pytestmark = pytest.mark.django_db
SECRET = {"is_confidential": True, "code_name": "昆仑", "name": "绝密工程"}


def at(hour: int, minute: int = 0, *, day: int = 0) -> datetime:
    """A moment of today (or so many days later) in the city's time."""
    zone = timezone.get_default_timezone()
    date = today() + timedelta(days=day)
    return datetime(date.year, date.month, date.day, hour, minute, tzinfo=zone)


# -- the inbox -------------------------------------------------------------------------------------


def test_something_is_told_once_per_key_and_never_to_oneself():
    one, other, project = make.user(), make.user(), make.project()
    for _turn in range(2):
        Notice.objects.tell([one, other, one], "mention", project, by=one, key="k")
    assert [notice.recipient for notice in Notice.objects.all()] == [other]


def test_the_bell_counts_what_is_unread_and_opening_marks_it(client):
    user, project = make.user(Role.BUREAU), make.project(name="智算一期")
    notice = make.notice(recipient=user, about=project)
    client.force_login(user)
    page = client.get("/inbox/").content.decode()
    answer = client.post(f"/inbox/{notice.pk}/")
    assert ("智算一期" in page, "1 条未读" in page) == (True, True)
    assert answer.url == f"/crm/project/{project.pk}/change/#timeline"
    assert Notice.objects.unread().count() == 0


def test_what_is_no_longer_open_to_the_reader_is_not_named(client):
    team = make.team()
    officer = make.user(Role.OFFICER, team=team)
    secret = make.project(team=team, **SECRET)
    notice = make.notice(recipient=officer, about=secret)
    client.force_login(officer)
    page = client.get("/inbox/").content.decode()
    answer = client.post(f"/inbox/{notice.pk}/")
    assert ("绝密" in page, "不对您开放" in page, answer.url) == (False, True, "/inbox/")


def test_somebody_elses_notice_is_not_there(client):
    notice = make.notice()
    client.force_login(make.user(Role.BUREAU))
    assert client.post(f"/inbox/{notice.pk}/").status_code == 404
    client.post("/inbox/read/")
    assert Notice.objects.unread().count() == 1


def test_all_are_marked_as_read_and_older_ones_come_on_the_next_page(client):
    user, project = make.user(Role.BUREAU), make.project()
    for _n in range(45):
        make.notice(recipient=user, about=project)
    client.force_login(user)
    first = client.get("/inbox/")
    second = client.get(f"/inbox/?before={first.context['onward']}")
    assert (len(first.context["rows"]), len(second.context["rows"])) == (40, 5)
    client.post("/inbox/read/")
    assert (Notice.objects.unread().count(), client.get("/inbox/?show=all").status_code) == (0, 200)


@pytest.mark.parametrize(
    "maker", [make.follow_up, make.request, make.directive, make.proposal, make.visit]
)
def test_every_kind_of_record_is_reached_from_its_notice(client, maker):
    user = make.user(Role.BUREAU)
    notice = make.notice(recipient=user, about=maker())
    client.force_login(user)
    assert client.post(f"/inbox/{notice.pk}/", follow=True).status_code == 200


def test_the_bureau_hears_of_a_proposal_and_the_proposer_of_its_decision():
    bureau, officer = make.keeper(), make.user(Role.OFFICER, team=make.team())
    project = make.project(stage="reserve", team=officer.team)
    make.complete(project, "signed")
    project.refresh_from_db()
    project.propose("signed", by=officer, on=today()).confirm(by=bureau)
    kinds = list(Notice.objects.values_list("recipient__username", "kind"))
    assert ("keeper", "proposal") in kinds
    assert (officer.username, "decided") in kinds


def test_whoever_becomes_responsible_for_a_project_hears_of_it():
    officer, project = make.user(Role.OFFICER, team=make.team()), make.project()
    project.owner = officer
    project.save_as(make.user(Role.BUREAU))
    assert [n.kind for n in Notice.objects.filter(recipient=officer)] == ["assigned"]


def test_a_follow_up_is_reminded_of_on_its_day_and_once():
    item = make.follow_up(due_on=today() + timedelta(days=3), remind_on=today())
    make.follow_up(due_on=today() + timedelta(days=1))
    make.follow_up(due_on=today(), done_on=today())
    for _turn in range(2):
        remind(today())
    assert [(n.kind, n.record_id) for n in Notice.objects.all()] == [("follow_up", item.pk)]


def test_a_reminder_after_the_day_it_is_due_is_refused():
    item = FollowUp(task_force=make.team(), owner=make.user(), what="x", due_on=today(),
                    remind_on=today() + timedelta(days=1))  # fmt: skip
    with pytest.raises(ValidationError):
        item.save_as(make.user(Role.BUREAU))


# -- the mail of the morning -----------------------------------------------------------------------


def reader(**values):
    return make.user(Role.BUREAU, email="reader@example.com", **values)


def told(user, hours: datetime, **values):
    return make.notice(recipient=user, at=hours, **values)


def digests_at(moment) -> int:
    count = make_digests(moment)
    send_due(timezone.now() + timedelta(minutes=1))
    return count


def test_before_half_past_eight_todays_digest_is_not_due():
    user = reader()
    told(user, at(8, 0))
    assert (digests_at(at(8, 29)), len(mail.outbox)) == (0, 0)
    assert (digests_at(at(8, 30)), len(mail.outbox)) == (1, 1)


def test_a_digest_is_sent_once_however_often_the_command_runs():
    user = reader()
    told(user, at(8, 0))
    assert [digests_at(at(hour)) for hour in (9, 9, 10, 20)] == [1, 0, 0, 0]
    assert len(mail.outbox) == 1
    assert mail.outbox[0].extra_headers["Message-ID"].startswith(f"<digest-{user.pk}-{today()}@")


def test_a_missed_morning_is_caught_up_and_nothing_is_told_twice():
    user = reader()
    first = told(user, at(7, 0, day=-2), about=make.project(name="前天的项目"))
    told(user, at(7, 0), about=make.project(name="今天的项目"))
    digests_at(at(9))
    told(user, at(12, 0), about=make.project(name="午后的项目"))
    digests_at(at(9, day=1))
    texts = [message.body for message in mail.outbox]
    found = [[name in text for name in ("前天", "今天的", "午后")] for text in texts]
    assert found == [[True, True, False], [False, False, True]]
    first.refresh_from_db()
    assert first.digest.day == today()


def test_a_digest_names_no_secret_and_nothing_that_is_closed_to_the_reader():
    user = reader()
    told(user, at(7), about=make.project(**SECRET))
    officer = make.user(Role.OFFICER, team=make.team(), email="o@example.com")
    told(officer, at(7), about=make.project(name="别队的项目"))
    digests_at(at(9))
    text = "".join(message.body for message in mail.outbox)
    assert ("昆仑" in text, "绝密" in text, "别队" in text) == (True, False, False)


@pytest.mark.parametrize("values", [{"gets_digest": False}, {"email": ""}, {"is_active": False}])
def test_who_wants_no_mail_gets_none(values):
    user = make.user(Role.BUREAU, **({"email": "a@example.com"} | values))
    told(user, at(7))
    assert digests_at(at(9)) == 0


def test_a_quiet_morning_sends_nothing_and_read_notices_are_not_repeated():
    user = reader()
    told(user, at(7), read_at=at(7, 30))
    assert (digests_at(at(9)), Outgoing.objects.count()) == (0, 0)


def test_the_digest_counts_what_is_due():
    user = reader()
    make.follow_up(owner=user, due_on=make.days_ago(1))
    make.follow_up(owner=user, due_on=today())
    digests_at(at(9))
    assert "超期跟进 1 项" in mail.outbox[0].body
    assert "今天到期 1 项" in mail.outbox[0].body


def test_the_preference_is_a_tick(client):
    user = reader()
    client.force_login(user)
    client.post("/inbox/preferences/", {})
    user.refresh_from_db()
    assert user.gets_digest is False


def test_the_commands_say_what_they_did(capsys):
    make.outgoing(recipient=reader())
    call_command("send_digests")
    call_command("send_outbox")
    assert capsys.readouterr().out.splitlines() == [
        "digests 0, sent 1, to try again 0", "sent 0, to try again 0",
    ]  # fmt: skip


# -- the outbox ------------------------------------------------------------------------------------


@pytest.fixture
def gateway(settings):
    """A robot's server; ``answers`` are (status, body) for the next requests."""
    received, answers = [], []

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self):
            length = int(self.headers["Content-Length"])
            received.append((self.path, json.loads(self.rfile.read(length))))
            status, body = answers.pop(0) if answers else (200, b'{"errcode": 0}')
            self.send_response(status)
            if status == 302:
                self.send_header("Location", "http://127.0.0.1:1/")
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, *arguments):
            """Quiet."""

    server = HTTPServer(("127.0.0.1", 0), Handler)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    origin = f"http://127.0.0.1:{server.server_port}"
    settings.WEBHOOK_ORIGINS = [origin]
    server.received, server.answers, server.origin = received, answers, origin
    yield server
    server.shutdown()
    server.server_close()


def robot(gateway, **values):
    return make.robot(url=f"{gateway.origin}/send?key=1", **values)


def test_a_directive_reaches_the_group_once(gateway):
    robot(gateway)
    row = Directive(text="绝密内容", leader="张市长", project=make.project(**SECRET))
    row.save_as(make.user(Role.BUREAU))
    row.save_as(make.user(Role.BUREAU))
    now = timezone.now()
    assert [send_due(now)["sent"] for _turn in range(2)] == [1, 0]
    text = gateway.received[0][1]["text"]["content"]
    assert ("昆仑" in text, "绝密" in text) == (True, False)


def test_mentions_and_assignments_are_not_repeated_in_groups(gateway):
    robot(gateway, kinds=["mention", "assigned"])
    make.user(Role.LEADER, full_name="王强")
    Note.write(make.project(), "@王强", by=make.user(Role.BUREAU))
    assert Outgoing.objects.count() == 0


def test_a_robot_of_a_task_force_hears_of_its_own_matters_only(gateway):
    team = make.team()
    robot(gateway, task_force=team)
    for task_force in (team, make.team()):
        Directive(text="抓紧", leader="张市长", task_force=task_force).save_as(
            make.user(Role.BUREAU)
        )
    assert Outgoing.objects.count() == 1


@pytest.mark.parametrize(
    "answer",
    [(500, b""), (200, b'{"errcode": 93000}'), (200, b"<html>"), (302, b""), (200, b"[]")],
)
def test_a_message_the_gateway_refused_is_tried_again_later(gateway, answer):
    message = make.outgoing(robot=robot(gateway))
    gateway.answers.append(answer)
    now = timezone.now()
    assert send_due(now) == {"sent": 0, "failed": 1}
    assert send_due(now) == {"sent": 0, "failed": 0}
    assert send_due(now + timedelta(minutes=2)) == {"sent": 1, "failed": 0}
    message.refresh_from_db()
    assert (message.attempts, message.last_error) == (1, "")


def test_a_gateway_that_is_down_harms_nothing_and_is_given_up_in_the_end(settings):
    settings.WEBHOOK_ORIGINS = ["http://127.0.0.1:1"]
    message = make.outgoing(robot=make.robot(url="http://127.0.0.1:1/send"))
    now = timezone.now()
    for minutes in (0, *BACKOFF):
        now += timedelta(minutes=minutes)
        send_due(now)
    message.refresh_from_db()
    assert (message.attempts, message.given_up_at, message.sent_at) == (
        len(BACKOFF) + 1, now, None,
    )  # fmt: skip
    assert send_due(now + timedelta(days=9)) == {"sent": 0, "failed": 0}


def test_what_somebody_else_is_sending_is_left_alone(gateway):
    make.outgoing(robot=robot(gateway))
    now = timezone.now()
    assert (len(Outgoing.objects.take(now)), send_due(now)["sent"]) == (1, 0)
    assert send_due(now + timedelta(minutes=6))["sent"] == 1


def test_a_message_is_queued_once_by_its_id():
    user = make.user()
    for _turn in range(3):
        Outgoing.objects.queue("same", recipient=user, body="x")
    assert Outgoing.objects.count() == 1


def test_a_mail_without_an_address_waits():
    message = make.outgoing(recipient=make.user(email=""))
    assert send_due(timezone.now())["failed"] == 1
    message.refresh_from_db()
    assert "no address" in message.last_error


@pytest.mark.parametrize(
    "url",
    ["http://169.254.169.254/latest", "https://localhost/", "file:///etc/passwd", "",
     "https://qyapi.weixin.qq.com@evil.example/", "https://qyapi.weixin.qq.com.evil.example/",
     "http://qyapi.weixin.qq.com/", "https://qyapi.weixin.qq.com:8443/", "gopher://x"],
)  # fmt: skip
def test_only_allowed_places_are_called(url):
    with pytest.raises(ValidationError):
        check_address(url)
    make.outgoing(robot=make.robot(url=url))
    assert send_due(timezone.now()) == {"sent": 0, "failed": 1}


def test_allowed_places_are_accepted():
    check_address("https://oapi.dingtalk.com/robot/send?access_token=1")


def test_the_address_of_dingtalk_carries_the_time_and_its_signature():
    ding = Robot(maker="dingtalk", url="https://oapi.dingtalk.com/robot/send?access_token=1",
                 secret="SEC-test")  # fmt: skip
    moment = datetime(2026, 11, 25, 8, 30, tzinfo=timezone.get_default_timezone())
    # printf '1795566600000\nSEC-test' | openssl dgst -sha256 -hmac SEC-test -binary | base64
    assert signed(ding, moment) == f"{ding.url}&timestamp=1795566600000&sign={SIGNATURE}"


SIGNATURE = "u82X2vMOtBf8zFYoMwJ7TOgZiSbjbFGjYofa%2FKTT44k%3D"


def test_wecom_needs_no_signature():
    wecom = Robot(maker="wecom", url="https://qyapi.weixin.qq.com/send?key=1", secret="x")
    assert signed(wecom, timezone.now()) == wecom.url


def test_the_system_administrator_sets_up_a_robot_and_an_officer_does_not(client):
    client.force_login(make.user(Role.SYSTEM_ADMIN))
    sent = {"name": "一专班群", "maker": "wecom", "is_active": "on", "kinds": ["directive"],
            "url": "https://qyapi.weixin.qq.com/cgi-bin/webhook/send?key=1"}  # fmt: skip
    client.post("/crm/robot/add/", sent)
    client.post("/crm/robot/add/", sent | {"name": "坏地址", "url": "http://10.0.0.1/"})
    assert [(row.name, row.kinds) for row in Robot.objects.all()] == [("一专班群", ["directive"])]
    client.force_login(make.user(Role.OFFICER))
    assert client.get("/crm/robot/").status_code == 403
