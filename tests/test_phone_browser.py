"""On the road, in a real Chromium: the connection breaks, the session ends, a tap comes twice."""

import pytest

from crm.sample import PASSWORD
from tests.daily.job_01_log_a_visit import picture

pytestmark = [pytest.mark.browser, pytest.mark.slow]

SMALL = """
    Array.from(document.querySelectorAll('button, .button, input, select, .m-chip > span, nav a'))
        .filter(each => each.offsetParent && !['hidden', 'checkbox', 'radio'].includes(each.type))
        .filter(each => each.getBoundingClientRect().height < 44)
        .map(each => each.outerHTML)
"""


@pytest.fixture
def phone(open_page):
    """Signed in on the page of today, on a narrow screen."""

    def opened(width=390):
        page = open_page("/login/?next=/m/", width=width, height=844)
        page.fill("#id_username", "officer")
        page.fill("#id_password", PASSWORD)
        page.click("#login-form button")
        page.wait_for_url("**/m/")
        return page

    return opened


def write(page, firm: str, said: str) -> str:
    """Fill in the sheet; returns the firm. Without a connection there are chips only."""
    page.click(".m-log")
    if firm:
        page.fill("[name=firm_name]", firm)
        page.click("#firm-found .m-chip")
    else:
        page.click("#firm-chips .m-chip")
    page.fill("#id_content", said)
    chosen = page.locator("#firm-chips :checked + span")
    return chosen.get_attribute("title") or chosen.inner_text()


def logged(page, said: str) -> int:
    page.goto("/m/")
    return page.locator(f".m-line:has-text('{said}')").count()


def test_an_entry_made_without_a_connection_is_sent_once_with_its_photo(phone):
    page = phone()
    page.context.set_offline(True)
    firm = write(page, "", "断网时记下的走访")
    photo = {"name": "IMG.png", "mimeType": "image/png", "buffer": picture(2400, 1800)}
    page.set_input_files("#id_photos", photo)
    page.wait_for_selector(".m-photo img")
    page.click("#visit-form [type=submit]")
    page.wait_for_selector("#outbox li")
    assert page.locator("#outbox .m-count").inner_text() == "1"
    assert page.locator("[data-count]").inner_text() == "1"

    page.context.set_offline(False)
    page.wait_for_selector(".messagelist .success")

    assert firm in page.locator(".messagelist").inner_text()
    assert page.locator("#outbox").is_hidden()
    assert logged(page, "断网时记下的走访") == 1
    page.click(".m-card:has-text('断网时记下的走访') a")
    page.wait_for_selector("a:has-text('IMG.jpg')", state="attached")


def test_an_answer_that_was_lost_leads_to_no_second_visit(phone):
    page = phone()
    lost = []

    def lose_the_first_answer(route):
        if route.request.method == "POST" and not lost:
            lost.append(route.fetch())  # the server has it, the phone does not learn of it
            route.abort()
        else:
            route.continue_()

    page.route("**/m/visits/new/", lose_the_first_answer)
    write(page, "示例天枢算力科技", "应答丢失的走访")
    page.click("#visit-form [type=submit]")
    page.wait_for_selector("#outbox li")
    page.click("#outbox .m-send")
    page.wait_for_selector("#outbox", state="hidden")

    assert lost[0].ok
    assert logged(page, "应答丢失的走访") == 1


def test_a_session_that_ended_asks_to_sign_in_and_then_sends(phone):
    page = phone(width=360)
    write(page, "示例智源数据服务", "登录过期时的走访")
    page.context.clear_cookies(name="sessionid")
    page.click("#visit-form [type=submit]")
    page.click("#outbox .m-sign-in")
    page.fill("#id_username", "officer")
    page.fill("#id_password", PASSWORD)
    page.click("#login-form button")
    page.wait_for_selector(".messagelist .success")

    assert logged(page, "登录过期时的走访") == 1


def test_what_was_typed_is_back_when_the_page_was_closed_in_between(phone):
    page = phone()
    firm = write(page, "示例远图储能", "拍照时被系统关闭")
    page.wait_for_timeout(400)
    page.reload()
    page.wait_for_selector(".m-restored", state="attached")
    page.click(".m-log")

    assert page.input_value("#id_content") == "拍照时被系统关闭"
    assert firm.startswith(page.locator("#firm-chips :checked + span").inner_text())


def test_a_refused_entry_stays_in_the_form_with_the_reason(phone):
    page = phone(width=360)
    write(page, "示例智源智能制造", "日期写错的走访")
    page.fill("[name=held_on]", "2099-01-01")
    page.click("#visit-form [type=submit]")
    page.wait_for_selector("[data-errors=held_on] .errorlist")

    assert page.input_value("#id_content") == "日期写错的走访"
    assert page.evaluate("document.documentElement.scrollWidth") <= 360


@pytest.mark.parametrize("width", [390, 360])
def test_every_target_is_large_enough_for_a_thumb(phone, width):
    page = phone(width=width)
    for path in ("/m/", "/m/visits/new/", "/m/firms/", "/m/projects/", "/m/follow-ups/"):
        page.goto(path)
        assert page.evaluate(SMALL) == []
        assert page.evaluate("document.documentElement.scrollWidth") <= width
