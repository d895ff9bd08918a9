"""The one-pagers in a real browser: one phone screen, one sheet of A4."""

import re

import pytest

pytestmark = [pytest.mark.browser, pytest.mark.slow]

# As much as can ever stand there: each fact and line too long, each block full.
FULL = """() => {
  const say = (text, times) => text.repeat(times);
  document.querySelector('.brief h1').textContent = say('零碳产业园建设', 6);
  const facts = document.querySelector('.brief-facts');
  while (facts.children.length < 6) { facts.prepend(facts.firstElementChild.cloneNode(true)); }
  facts.querySelectorAll('dd').forEach(each => { each.textContent = say('很长的内容', 30); });
  document.querySelectorAll('.brief section').forEach((section, place) => {
    section.querySelectorAll('ul, p').forEach(each => each.remove());
    const line = place === 1 ? '至少一次走访或洽谈记录' : say('四十四个字以内的内容', 4);
    const item = `<li>${line} <small>2026-11-01 · 某某局</small></li>`;
    section.insertAdjacentHTML('beforeend', `<ul>${say(item, [1, 4, 3, 3][place])}</ul>`);
  });
}"""
BOTTOM = "document.querySelector('.brief').getBoundingClientRect().bottom"


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

    width, bottom = page.evaluate(f"[document.documentElement.scrollWidth, {BOTTOM}]")
    assert (width, bottom <= 844) == (390, True)
    if model == "project":
        page.evaluate(FULL)
        assert page.evaluate(BOTTOM) <= 844
        page.reload()
    sheet = page.pdf(prefer_css_page_size=True)
    assert len(re.findall(rb"/Type\s*/Page\b", sheet)) == 1
    assert re.search(rb"/MediaBox\s*\[0 0 59[45][.\d]* 84[12]", sheet)


def test_a_list_is_printed_across_on_a4_without_rail_and_buttons(open_page):
    page = signed_in(open_page, "/crm/project/")

    page.emulate_media(media="print")

    seen = [page.locator(part).first.is_visible() for part in (".rail", ".topbar", "#result_list")]
    assert seen == [False, False, True]
    sheet = page.pdf(prefer_css_page_size=True)
    assert re.search(rb"/MediaBox\s*\[0 0 84[12][.\d]* 59[45]", sheet)
