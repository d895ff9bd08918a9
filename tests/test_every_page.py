"""Every page as every role, wide, zoomed and narrow: policy, console, requests, words, width, axe.

Every account fetches every page it can reach. Each page is drawn once, half of them in dark mode,
and on the second database only a few are; CRM_CRAWL=all draws every page as every role.
"""

import os
from collections import Counter

import pytest
from axe_playwright_python.sync_playwright import Axe
from django.db import connection

from crm import sample
from tests.crawling import Crawl, routes_without_arguments, untranslated

NAMES = [username for username, *_rest in sample.ACCOUNTS]
# Who writes most comes first and has most pages drawn.
ACCOUNTS = sorted(NAMES, key=lambda name: (name != "bureau", name != "officer"))
DRAWN = Counter()
FEW = {"admin:index", "admin:crm_project_changelist", "admin:crm_project_change", "crm_board"}
SERIOUS = ("serious", "critical")


def may_draw(name: str, times: int) -> bool:
    if os.environ.get("CRM_CRAWL") == "all":
        return True
    return times == 0 and (connection.vendor == "sqlite" or name in FEW)


def axe_faults(page, path: str) -> list[str]:
    """What axe finds, in light or dark mode by turns."""
    page.emulate_media(color_scheme="dark" if DRAWN.total() % 2 else "light")
    found = Axe().run(page, options={"resultTypes": ["violations"]}).response["violations"]
    return [
        f"{path}: axe {each['id']} {each['nodes'][0]['target']}"
        for each in found
        if each["impact"] in SERIOUS
    ]


@pytest.mark.browser
@pytest.mark.slow
@pytest.mark.parametrize("username", ACCOUNTS)
def test_no_page_of_this_account_has_a_fault(chromium, served, username):
    context = chromium.new_context(
        base_url=served, locale="zh-CN", timezone_id="Asia/Shanghai", accept_downloads=True
    )  # fmt: skip
    page = context.new_page()
    page.goto("/login/")
    page.fill("#id_username", username)
    page.fill("#id_password", sample.PASSWORD)
    page.click("#login-form button")
    page.wait_for_url("**/")

    crawl = Crawl(page, {*ACCOUNTS, "article", *" ".join(ACCOUNTS).replace("_", " ").split()},
                  axe_faults, drawn=DRAWN, may_draw=may_draw)  # fmt: skip
    crawl.run()
    context.close()

    assert not crawl.faults, "\n" + "\n".join(crawl.faults)
    assert len(crawl.seen) >= len(routes_without_arguments())


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("共 3 条 rows left", ["rows left"]),
        ("按 Enter 保存为 Excel 文件", []),
        ("officer 登录", []),
        ("见 https://example.com/some-path 和 someone@example.com", []),
        ("PUE ≤ 1.2，XN-2024-0001", []),
    ],
)
def test_english_words_are_found_and_names_are_not(text, found):
    assert untranslated(text, {"officer"}) == found


def test_the_crawl_knows_the_routes_of_the_site():
    assert {"/", "/crm/project/", "/bin/", "/entry/arrivals/"} <= set(routes_without_arguments())
