"""An account stays its owner's: wrong passwords, second factor, old passwords, sessions."""

import time

import pytest
from axes.models import AccessAttempt
from django.contrib.auth.password_validation import validate_password
from django.contrib.sessions.models import Session
from django.core.cache import cache
from django.core.exceptions import ValidationError
from django.test import Client
from django_otp.oath import TOTP
from django_otp.plugins.otp_static.models import StaticToken

from crm import second_factor
from crm.access import Role
from crm.models import OldPassword, SecondFactorRule, SignIn, User
from tests import make

pytestmark = pytest.mark.django_db
PASSWORD = "Qinghai-2026-lake"


@pytest.fixture(autouse=True)
def rules_are_looked_up_afresh():
    cache.clear()
    yield
    cache.clear()


@pytest.fixture
def officer():
    return make.user(Role.OFFICER, team=make.team(), password=PASSWORD)


def sign_in(client, user, password=PASSWORD, **more):
    data = {"username": user.username, "password": password}
    return client.post("/login/", data, **more)


def code_of(user, *, later: int = 0) -> str:
    """The six digits that the app shows; ``later`` steps of 30 seconds ahead."""
    device = second_factor.device_of(user) or second_factor.device_to_confirm(user)
    totp = TOTP(device.bin_key, device.step, device.t0, device.digits, device.drift)
    totp.time = time.time() + later * device.step
    return f"{totp.token():06d}"


def with_app(user) -> list[str]:
    """Set up the app; returns the recovery codes."""
    codes = second_factor.confirm(user, code_of(user))
    assert codes
    device = second_factor.device_of(user)
    device.last_t = -1  # the same half minute may be used again by the next test step
    device.throttling_failure_count = 0
    device.save()
    return codes


def require(role) -> None:
    SecondFactorRule.objects.create(role=role, is_required=True)


# -- wrong passwords -------------------------------------------------------------------------------


def test_five_wrong_passwords_lock_the_account_for_everybody(client, officer):
    answers = [sign_in(client, officer, "wrong").status_code for _ in range(5)]
    assert answers == [200, 200, 200, 200, 429]

    locked = sign_in(Client(), officer)
    assert locked.status_code == 429
    assert "密码错误次数过多" in locked.content.decode()
    assert sign_in(Client(), make.user(Role.OFFICER, password=PASSWORD)).status_code == 302


def test_an_account_that_does_not_exist_is_locked_alike(client):
    nobody = User(username="nobody")

    assert [sign_in(client, nobody, "wrong").status_code for _ in range(5)][-1] == 429


def test_an_address_may_fail_ten_times_as_often_as_an_account(client, officer):
    for number in range(49):
        sign_in(client, User(username=f"guess{number}"), "wrong")
    assert sign_in(client, User(username="guess49"), "wrong").status_code == 429

    assert sign_in(Client(), officer).status_code == 429
    assert sign_in(Client(), officer, REMOTE_ADDR="10.9.8.7").status_code == 302


def test_a_right_password_forgets_the_wrong_ones(client, officer):
    for _ in range(4):
        sign_in(client, officer, "wrong")
    assert sign_in(client, officer).status_code == 302

    assert AccessAttempt.objects.count() == 0


def test_behind_our_proxy_the_address_it_wrote_down_counts(client, officer, settings):
    settings.BEHIND_PROXY = True
    sign_in(client, officer, "wrong", HTTP_X_FORWARDED_FOR="1.2.3.4, 10.0.0.7")

    assert AccessAttempt.objects.get().ip_address == "10.0.0.7"


def test_without_a_proxy_the_header_is_not_believed(client, officer):
    sign_in(client, officer, "wrong", HTTP_X_FORWARDED_FOR="1.2.3.4")

    assert AccessAttempt.objects.get().ip_address == "127.0.0.1"


def test_the_security_administrator_unlocks_an_account(client, officer):
    for _ in range(5):
        sign_in(Client(), officer, "wrong")
    client.force_login(make.user(Role.SECURITY_ADMIN))
    client.post("/crm/user/", {"action": "unlock", "_selected_action": [officer.pk]})

    assert sign_in(Client(), officer).status_code == 302


@pytest.mark.parametrize("role", [Role.SYSTEM_ADMIN, Role.AUDITOR])
def test_no_other_administrator_unlocks(client, officer, role):
    for _ in range(5):
        sign_in(Client(), officer, "wrong")
    client.force_login(make.user(role))
    client.post("/crm/user/", {"action": "unlock", "_selected_action": [officer.pk]})

    assert sign_in(Client(), officer).status_code == 429


# -- passwords -------------------------------------------------------------------------------------


@pytest.mark.parametrize("weak", ["qinghai-lake", "QINGHAILAKE", "20262026", "Qinghailake", "Ab1-"])
def test_a_weak_password_is_refused(weak):
    with pytest.raises(ValidationError):
        validate_password(weak)


@pytest.mark.parametrize("strong", ["Qinghai2026", "qinghai-2026", "QINGHAI-2026", PASSWORD])
def test_three_kinds_of_characters_are_enough(strong):
    validate_password(strong)


def test_the_last_five_passwords_are_not_used_again(officer):
    for number in range(5):
        officer.set_password(f"Another-{number}-lake")
        officer.save()

    for old in (f"Another-{number}-lake" for number in range(5)):
        with pytest.raises(ValidationError):
            validate_password(old, officer)
    validate_password(PASSWORD, officer)  # the sixth last
    assert OldPassword.objects.filter(user=officer).count() == 5


def test_a_given_password_is_replaced_at_the_first_sign_in(client, officer):
    client.force_login(make.user(Role.SYSTEM_ADMIN))
    given = {"password1": "Given-2026-x", "password2": "Given-2026-x", "usable_password": "true"}
    client.post(f"/crm/user/{officer.pk}/password/", given)
    own = Client()
    sign_in(own, officer, "Given-2026-x")

    assert own.get("/crm/project/").url == "/password_change/"
    mine = {"old_password": "Given-2026-x", "new_password1": "Mine-2026-xy",
            "new_password2": "Mine-2026-xy"}  # fmt: skip
    assert own.post("/password_change/", mine).status_code == 302
    assert own.get("/crm/project/").status_code == 200


def test_an_old_password_has_to_be_changed(client, officer, settings):
    sign_in(client, officer)
    assert client.get("/").status_code == 200
    User.objects.filter(pk=officer.pk).update(password_changed_at="2026-01-01T00:00:00+08:00")

    assert client.get("/").url == "/password_change/"
    settings.PASSWORD_DAYS = 0
    assert client.get("/").status_code == 200


# -- the second factor -----------------------------------------------------------------------------


def test_setting_up_the_app_takes_a_right_code_and_gives_recovery_codes(client, officer):
    client.force_login(officer)
    page = client.get("/account/second-factor/").content.decode()
    assert "<svg" in page
    assert " style=" not in page.partition("<svg")[2].partition("</svg>")[0]
    assert client.post("/account/second-factor/", {"code": "000000"}).status_code == 400
    assert second_factor.device_of(officer) is None
    second_factor.device_to_confirm(officer).throttle_reset()

    answer = client.post("/account/second-factor/", {"code": code_of(officer)})

    assert len(answer.context["codes"]) == 10
    assert second_factor.device_of(officer) is not None
    assert client.get("/").status_code == 200


def test_signing_in_then_asks_for_the_code_before_anything_is_shown(client, officer):
    with_app(officer)
    sign_in(client, officer)
    for path in ("/", "/crm/project/", "/crm/company/autocomplete/", "/account/", "/files/1/"):
        assert client.get(path).url == "/account/verify/"
    assert client.post("/account/verify/", {"code": "000000"}).status_code == 400
    device = second_factor.device_of(officer)
    device.throttle_reset()

    assert client.post("/account/verify/", {"code": code_of(officer)}).url == "/"
    assert client.get("/crm/project/").status_code == 200


def test_a_code_is_good_for_once(client, officer):
    with_app(officer)
    code = code_of(officer)
    assert second_factor.verify(officer, code)
    assert not second_factor.verify(officer, code)


def test_wrong_codes_are_slowed_down(client, officer):
    with_app(officer)
    sign_in(client, officer)
    client.post("/account/verify/", {"code": "000000"})

    answer = client.post("/account/verify/", {"code": code_of(officer)})

    assert answer.status_code == 400
    assert "稍候" in answer.content.decode()


def test_a_recovery_code_is_good_for_once_and_is_stored_as_a_hash_only(client, officer):
    codes = with_app(officer)
    assert not set(codes) & set(StaticToken.objects.values_list("token", flat=True))

    assert second_factor.verify(officer, f"{codes[0][:4]}-{codes[0][4:8]}-{codes[0][8:]}")
    assert not second_factor.verify(officer, codes[0])
    assert second_factor.recovery_codes_left(officer) == 9


def test_a_role_that_needs_it_sets_it_up_before_anything_else(client, officer):
    require(Role.OFFICER)
    client.force_login(officer)

    assert client.get("/crm/project/").url == "/account/second-factor/"
    assert client.get("/account/second-factor/").status_code == 200
    other = Client()
    other.force_login(make.user(Role.LEADER))
    assert other.get("/").status_code == 200


def test_a_rule_also_reaches_those_who_are_signed_in(client, officer):
    client.force_login(officer)
    assert client.get("/").status_code == 200
    boss = Client()
    boss.force_login(make.user(Role.SECURITY_ADMIN))
    rule = {"role": Role.OFFICER.value, "is_required": "on"}

    assert boss.post("/crm/secondfactorrule/add/", rule).status_code == 302
    assert client.get("/").url == "/account/second-factor/"


def test_whoever_only_knows_the_password_cannot_replace_the_app(client, officer):
    with_app(officer)
    sign_in(client, officer)

    assert client.get("/account/second-factor/").url == "/account/verify/"
    assert client.post("/account/second-factor/", {"code": "1"}).url == "/account/verify/"


def test_the_app_is_removed_with_a_code_unless_the_role_needs_it(client, officer):
    with_app(officer)
    sign_in(client, officer)
    client.post("/account/verify/", {"code": code_of(officer)})
    require(Role.OFFICER)
    cache.clear()
    assert client.post("/account/second-factor/remove/", {"code": "1"}).status_code == 403
    SecondFactorRule.objects.all().delete()
    cache.clear()

    client.post("/account/second-factor/remove/", {"code": "999999"})
    assert second_factor.device_of(officer) is not None
    second_factor.device_of(officer).throttle_reset()
    client.post("/account/second-factor/remove/", {"code": code_of(officer, later=1)})
    assert second_factor.device_of(officer) is None


def test_new_recovery_codes_end_the_old_ones(client, officer):
    old = with_app(officer)
    sign_in(client, officer)
    client.post("/account/verify/", {"code": code_of(officer)})

    wrong = client.post("/account/second-factor/codes/", {"code": "999999"})
    assert wrong.status_code == 302
    second_factor.device_of(officer).throttle_reset()
    answer = client.post("/account/second-factor/codes/", {"code": code_of(officer, later=1)})

    assert not set(answer.context["codes"]) & set(old)
    assert not second_factor.verify(officer, old[0])


def test_the_security_administrator_resets_a_lost_phone_but_not_their_own(client, officer):
    boss = make.user(Role.SECURITY_ADMIN)
    with_app(officer)
    client.force_login(boss)
    client.get("/")
    with_app(boss)
    chosen = {"action": "reset_second_factor", "_selected_action": [officer.pk, boss.pk]}
    client.post("/crm/user/", chosen)

    assert second_factor.device_of(officer) is None
    assert second_factor.device_of(boss) is not None


# -- sessions --------------------------------------------------------------------------------------


def test_a_session_left_alone_is_closed(client, officer, settings):
    client.force_login(officer)
    client.get("/")
    session = client.session
    session["seen"] -= settings.SESSION_IDLE_SECONDS + 1
    session.save()

    answer = client.get("/crm/project/")

    assert answer.url.startswith("/login/?next=/crm/project/")
    assert SignIn.objects.get().end == SignIn.End.IDLE
    assert client.get("/crm/project/").url.startswith("/login/")


def test_a_session_ends_after_its_longest_time_however_busy(client, officer, settings):
    client.force_login(officer)
    client.get("/")
    session = client.session
    session["since"] -= settings.SESSION_COOKIE_AGE + 1
    session.save()

    assert client.get("/").url.startswith("/login/")
    assert SignIn.objects.get().end == SignIn.End.EXPIRED


def test_what_a_page_asks_by_itself_keeps_no_session_alive(client, officer):
    client.force_login(officer)
    client.get("/")
    session = client.session
    session["seen"] -= 100
    session.save()

    client.get("/", headers={"x-background": "1"})
    assert client.session["seen"] == session["seen"]
    client.get("/")
    assert client.session["seen"] > session["seen"]


def test_people_see_where_they_are_signed_in_and_end_it_there(client, officer):
    other = Client(headers={"user-agent": "另一台电脑"})
    for one in (client, other):
        one.force_login(officer)
        one.get("/")
    page = client.get("/account/").content.decode()
    assert "另一台电脑" in page

    row = SignIn.objects.get(program="另一台电脑")
    client.post(f"/account/sign-ins/{row.pk}/end/")

    assert other.get("/").url.startswith("/login/")
    assert client.get("/").status_code == 200


def test_nobody_ends_the_session_of_somebody_else(client, officer):
    other = Client()
    other.force_login(make.user(Role.LEADER))
    other.get("/")
    client.force_login(officer)

    assert client.post(f"/account/sign-ins/{SignIn.objects.get().pk}/end/").status_code == 404
    assert other.get("/").status_code == 200


@pytest.mark.parametrize(
    "change", [{"role": Role.LEADER}, {"is_active": False}, {"role": ""}, {"password": "x"}]
)
def test_sessions_die_with_role_password_and_account(client, officer, change):
    client.force_login(officer)
    assert client.get("/").status_code == 200
    User.objects.filter(pk=officer.pk).update(**change)

    assert client.get("/").url.startswith("/login/")


def test_logging_out_is_noted(client, officer):
    client.force_login(officer)
    client.get("/")
    client.post("/logout/")

    assert SignIn.objects.get().end == SignIn.End.LOGGED_OUT
    assert not Session.objects.exists()


def test_setting_up_the_app_ends_the_other_sessions(client, officer):
    other = Client()
    for one in (client, other):
        one.force_login(officer)
        one.get("/")
    client.get("/account/second-factor/")
    client.post("/account/second-factor/", {"code": code_of(officer)})

    assert client.get("/").status_code == 200
    assert other.get("/").url.startswith("/login/")
