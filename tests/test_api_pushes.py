"""Changes pushed to other systems: signed, without content, only to hosts that were listed."""

import hashlib
import hmac
import json
import ssl
import threading
from datetime import UTC, datetime, timedelta
from http.server import BaseHTTPRequestHandler, HTTPServer
from io import StringIO
from ipaddress import ip_address

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID
from django.core.exceptions import ValidationError
from django.core.management import call_command
from django.utils import timezone

from crm.access import Role
from crm.delivery import send_due
from crm.models import ApiToken, AuditEntry, FeedEntry, Outgoing, PushHost, Subscription
from crm.posting import NotDelivered
from crm.pushing import _check_peer, queue_pushes

from . import make
from .asking import System

pytestmark = pytest.mark.django_db
SECRET = {"is_confidential": True, "code_name": "昆仑", "name": "绝密雪豹智算工程"}


@pytest.fixture(scope="module")
def certificate(tmp_path_factory):
    """A certificate for 127.0.0.1 and localhost, and its key, in one file."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "localhost")])
    names = [x509.DNSName("localhost"), x509.IPAddress(ip_address("127.0.0.1"))]
    now = datetime.now(UTC)
    made = (
        x509.CertificateBuilder().subject_name(name).issuer_name(name).public_key(key.public_key())
        .serial_number(1).not_valid_before(now - timedelta(days=1))
        .not_valid_after(now + timedelta(days=1))
        .add_extension(x509.SubjectAlternativeName(names), critical=False)
        .sign(key, hashes.SHA256())
    )  # fmt: skip
    form = serialization.Encoding.PEM
    private = key.private_bytes(
        form, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    )
    path = tmp_path_factory.mktemp("tls") / "both.pem"
    path.write_bytes(private + made.public_bytes(form))
    return path


@pytest.fixture(scope="module")
def listening(certificate):
    """A receiving system; ``got`` holds what came, ``status`` is what it answers."""

    class Receiver(BaseHTTPRequestHandler):
        def do_POST(self):
            body = self.rfile.read(int(self.headers["Content-Length"])).decode()
            self.server.got.append((self.path, self.headers, body))
            self.send_response(self.server.status)
            self.send_header("Location", "https://127.0.0.1:1/elsewhere")
            self.end_headers()

        def log_message(self, *args):
            """Nothing on the terminal."""

    server = HTTPServer(("127.0.0.1", 0), Receiver)
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(certificate)
    server.socket = context.wrap_socket(server.socket, server_side=True)
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    yield server
    server.shutdown()


@pytest.fixture
def receiver(listening, certificate, monkeypatch):
    """The receiving system, trusted, listed, subscribed to projects and deals."""
    monkeypatch.setenv("SSL_CERT_FILE", str(certificate))
    listening.got, listening.status = [], 200
    origin = f"https://127.0.0.1:{listening.server_port}"
    make.push_host(origin=origin)
    token = make.api_token(account=make.user(Role.STATISTICIAN))
    kinds = ["projects", "deals"]
    make.subscription(token=token, url=f"{origin}/crm?a=1", kinds=kinds)
    return listening


def send() -> dict:
    queue_pushes()
    return send_due(timezone.now())


# -- what is sent ----------------------------------------------------------------------------------


def test_a_push_says_what_happened_and_nothing_that_is_in_the_row(receiver):
    project = make.project(**SECRET)
    deal = make.deal(project=project)
    assert send() == {"sent": 1, "failed": 0}
    [(path, headers, body)] = receiver.got
    pushed = json.loads(body)
    heard = {(line["kind"], line["id"], line["action"]) for line in pushed["changes"]}
    assert path == "/crm?a=1"
    assert {("projects", project.pk, "created"), ("deals", deal.pk, "created")} <= heard
    assert {tuple(sorted(line)) for line in pushed["changes"]} == {
        ("action", "cursor", "id", "kind"),
    }  # fmt: skip
    assert not {"绝密", "昆仑", "secret"} & set(body.split('"'))
    assert headers["Content-Type"] == "application/json"


def test_the_receiver_can_check_who_sent_it_and_when(receiver):
    make.project()
    send()
    [(_path, headers, body)] = receiver.got
    row, stamp = Subscription.objects.get(), headers["X-CRM-Timestamp"]
    mac = hmac.new(row.secret.encode(), f"{stamp}.{body}".encode(), hashlib.sha256)
    assert headers["X-CRM-Signature"] == f"sha256={mac.hexdigest()}"
    assert abs(int(stamp) - timezone.now().timestamp()) < 60


def test_pushes_follow_each_other_without_a_gap_and_each_once(receiver):
    for _ in range(2):
        make.project()
        assert send()["sent"] == 1
        assert send()["sent"] == 0
    first, second = (json.loads(body) for _path, _headers, body in receiver.got)
    assert second["since"] == first["cursor"]
    ids = {headers["X-CRM-Message"] for _path, headers, _body in receiver.got}
    assert len(ids) == 2


def test_the_cursor_of_a_push_is_one_of_the_feed(receiver):
    make.project()
    send()
    pushed = json.loads(receiver.got[0][2])
    system = System()
    assert system.get(f"changes/?since={pushed['cursor']}").json()["changes"] == []
    told = system.get(f"changes/?since={pushed['since']}&kind=projects").json()["changes"]
    assert [line["cursor"] for line in told] == [line["cursor"] for line in pushed["changes"]]


def test_nothing_is_pushed_of_rows_that_the_account_does_not_see(receiver):
    team = make.team()
    row = Subscription.objects.get()
    row.token = make.api_token(account=make.user(team=team))
    row.save_as(make.security_admin())
    make.project(team=make.team())
    assert send() == {"sent": 0, "failed": 0}
    make.project(team=team)
    assert send()["sent"] == 1


def test_many_changes_go_in_pieces(receiver, monkeypatch):
    monkeypatch.setattr("crm.pushing.BATCH", 2)
    monkeypatch.setattr("crm.pushing.MOST_BATCHES", 2)
    projects = [make.project() for _ in range(5)]
    keys = []
    while send()["sent"]:
        continue
    for _path, _headers, body in receiver.got:
        keys += [line["id"] for line in json.loads(body)["changes"]]
    assert sorted(set(keys)) == [project.pk for project in projects]


def test_who_was_away_too_long_sees_the_gap(receiver):
    make.project()
    send()
    cursor = json.loads(receiver.got[0][2])["cursor"]
    FeedEntry.objects.update(at=timezone.now() + timedelta(seconds=5))
    make.project()
    assert send() == {"sent": 0, "failed": 0}
    make.project()
    assert send()["sent"] == 1
    assert json.loads(receiver.got[1][2])["since"] != cursor


# -- what is not sent ------------------------------------------------------------------------------


@pytest.mark.parametrize("status", [301, 302, 400, 500])
def test_whoever_does_not_take_it_is_asked_again_later(receiver, status):
    receiver.status = status
    make.project()
    assert send() == {"sent": 0, "failed": 1}
    message = Outgoing.objects.get()
    assert (message.last_error, message.attempts) == (f"NotDelivered: HTTP {status}", 1)
    assert len(receiver.got) == 1
    receiver.status = 204
    assert send_due(timezone.now() + timedelta(minutes=2)) == {"sent": 1, "failed": 0}


def unlist():
    PushHost.objects.get().take_off(by=make.security_admin())


def ended(field):
    row = Subscription.objects.get()
    if field == "token":
        row.token.revoke(by=make.security_admin())
    elif field == "account":
        type(row.token.account).objects.filter(pk=row.token.account_id).update(is_active=False)
    else:
        Subscription.objects.update(is_active=False)


@pytest.mark.parametrize("end", ["token", "account", "is_active"])
def test_what_is_queued_stays_here_when_the_right_ends(receiver, end):
    make.project()
    queue_pushes()
    ended(end)
    assert send_due(timezone.now()) == {"sent": 0, "failed": 1}
    make.project()
    assert queue_pushes() == 0
    assert receiver.got == []


def test_a_host_that_is_taken_off_the_list_is_not_called(receiver):
    make.project()
    queue_pushes()
    unlist()
    assert send_due(timezone.now()) == {"sent": 0, "failed": 1}
    assert receiver.got == []
    with pytest.raises(ValidationError):
        PushHost.objects.get().take_off(by=make.security_admin())


def test_a_receiver_that_nobody_vouches_for_gets_nothing(receiver, monkeypatch):
    monkeypatch.delenv("SSL_CERT_FILE")
    make.project()
    assert send() == {"sent": 0, "failed": 1}
    assert "CERTIFICATE" in Outgoing.objects.get().last_error
    assert receiver.got == []


def test_a_listed_name_that_leads_into_this_machine_is_not_called(receiver):
    origin = f"https://localhost:{receiver.server_port}"
    make.push_host(origin=origin)
    row = Subscription.objects.get()
    row.url = f"{origin}/crm"
    row.save_as(make.security_admin())
    make.project()
    assert send() == {"sent": 0, "failed": 1}
    assert "leads to" in Outgoing.objects.get().last_error
    assert receiver.got == []


@pytest.mark.parametrize(
    ("host", "address"),
    [("a.example", "127.0.0.1"), ("a.example", "::1"), ("a.example", "169.254.169.254"),
     ("a.example", "::"), ("a.example", "224.0.0.1")],
)  # fmt: skip
def test_names_of_nobodys_address_are_refused(host, address):
    with pytest.raises(NotDelivered):
        _check_peer(host, address)


@pytest.mark.parametrize(
    ("host", "address"), [("a.example", "10.1.2.3"), ("127.0.0.1", "127.0.0.1"), ("::1", "::1")]
)
def test_addresses_of_the_intranet_and_those_listed_as_such_are_called(host, address):
    assert _check_peer(host, address) is None


# -- who says where to -----------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("url", "field"),
    [("http://a.example/x", "url"), ("https://b.example/x", "url"),
     ("https://a.example:1/x", "url"),
     ("https://u:p@a.example/x", "url"), ("https://a.example/x#y", "url"), ("nonsense", "url"),
     ("https://a.example.evil.example/", "url"), ("file:///etc/passwd", "url")],
)  # fmt: skip
def test_only_a_listed_https_address_can_be_subscribed(url, field):
    make.push_host(origin="https://a.example")
    with pytest.raises(ValidationError) as refusal:
        make.subscription(url=url)
    assert field in refusal.value.message_dict
    make.subscription(url="https://A.example/x")


@pytest.mark.parametrize("origin", ["http://a.example", "https://a.example/path", "a.example", ""])
def test_a_host_is_listed_by_its_name_alone(origin):
    with pytest.raises(ValidationError):
        make.push_host(origin=origin)


def test_a_push_hears_no_more_than_its_token_reads():
    token = make.api_token(reads=["projects"], writes=[])
    for kinds in (["deals"], [], "projects"):
        with pytest.raises(ValidationError):
            make.subscription(token=token, kinds=kinds)
    dead = make.api_token()
    ApiToken.objects.filter(pk=dead.pk).update(expires_on=make.days_ago(1))
    with pytest.raises(ValidationError):
        make.subscription(token=ApiToken.objects.get(pk=dead.pk))


def test_the_key_is_shown_once_and_every_rule_is_noted(client):
    client.force_login(make.security_admin())
    client.post("/crm/pushhost/add/", {"origin": "https://data.example/"})
    token = make.api_token()
    sent = {"name": "数据平台", "token": token.pk, "url": "https://data.example/in",
            "kinds": ["projects"], "is_active": "on"}  # fmt: skip
    page = client.post("/crm/subscription/add/", sent).content.decode()
    row = Subscription.objects.get()
    assert row.secret in page
    assert row.secret not in client.get(f"/crm/subscription/{row.pk}/change/").content.decode()
    assert "启用" in client.get("/crm/subscription/").content.decode()
    noted = AuditEntry.objects.filter(action="rule_changed")
    assert {"https://data.example", None} == {entry.details.get("host") for entry in noted}


def test_what_was_given_up_is_sent_again_when_the_administrator_says_so(client):
    row = make.subscription()
    make.outgoing(subscription=row, recipient=None, given_up_at=timezone.now(), attempts=9)
    client.force_login(make.security_admin())
    client.post("/crm/subscription/", {"action": "send_again", "_selected_action": row.pk})
    message = Outgoing.objects.get()
    assert (message.given_up_at, message.attempts) == (None, 0)


def test_a_host_is_taken_off_the_list_on_its_page(client):
    host = make.push_host()
    client.force_login(make.security_admin())
    client.post("/crm/pushhost/", {"action": "take_off", "_selected_action": host.pk})
    assert PushHost.objects.get().archived_at is not None
    assert client.get("/crm/pushhost/").status_code == 200


def test_a_push_at_rest_says_so(client):
    row = make.subscription()
    row.token.revoke(by=make.security_admin())
    client.force_login(make.security_admin())
    assert "未推送" in client.get("/crm/subscription/").content.decode()


def test_the_command_queues_and_forgets():
    make.subscription()
    make.project()
    make.api_answer(made_at=timezone.now() - timedelta(days=31))
    call_command("send_outbox", stdout=StringIO())
    assert Outgoing.objects.filter(subscription__isnull=False).count() == 1
    assert System().token.answers.count() == 0
