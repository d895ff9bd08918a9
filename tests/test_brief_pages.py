"""The one-pagers in a real browser: one phone screen, one sheet of A4."""

import re

import pytest

pytestmark = [pytest.mark.browser, pytest.mark.slow]


def signed_in(open_page, path: str, **size):
    page = open_page("/login/", **size)
    page.fill("#id_username", "bureau")
    page.fill("#id_password", "zhaoshang-2024")
    page.click("#login-form button")
    page.wait_for_url("**/")
    page.goto(path)
    return page


def brief_of(page, model: str) -> str:
    """Address of the one-pager of the first row of a list."""
    address = page.locator("#result_list tbody th a").first.get_attribute("href")
    key = re.search(rf"/{model}/(\d+)/", address)[1]
    return f"/{model}/{key}/brief/"


@pytest.mark.parametrize(
    ("model", "query"),
    [("project", "stage=building"), ("project", "stage=reserve"), ("company", "")],
)
def test_one_page_is_one_screen_on_a_phone_and_one_sheet_of_a4(open_page, model, query):
    page = signed_in(open_page, f"/crm/{model}/?{query}", width=390, height=844)

    page.goto(brief_of(page, model))

    width, bottom = page.evaluate(
        "[document.documentElement.scrollWidth,"
        " document.querySelector('.brief').getBoundingClientRect().bottom]"
    )
    assert (width, bottom <= 844) == (390, True)
    sheet = page.pdf(prefer_css_page_size=True)
    assert len(re.findall(rb"/Type\s*/Page\b", sheet)) == 1
    assert re.search(rb"/MediaBox\s*\[0 0 59[45][.\d]* 84[12]", sheet)
