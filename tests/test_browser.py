"""The jobs the product exists for, done by hand in a real Chromium, at a desk and on a phone."""

import openpyxl
import pytest

from crm.sample import PASSWORD

pytestmark = [pytest.mark.browser, pytest.mark.slow]

DESK, PHONE = 1440, 390
WIDTHS = pytest.mark.parametrize("width", [DESK, PHONE], ids=["desk", "phone"])


@pytest.fixture
def signed_in(open_page):
    """Opens the workbench as one of the sample accounts."""

    def sign_in(username, **size):
        page = open_page("/login/", **size)
        page.fill("#id_username", username)
        page.fill("#id_password", PASSWORD)
        page.click("#login-form button")
        page.wait_for_url("**/")
        return page

    return sign_in


def choose(page, field: str, text: str):
    """Pick the first row that a choice box finds."""
    page.click(f"#id_{field} + .select2 .select2-selection")
    page.fill(".select2-search__field >> visible=true", text)
    page.click(".select2-results__option--highlighted:not(.loading-results)")


def nearly_ready(page) -> None:
    """Open the officer's own project that lacks little for the reserve pool."""
    page.goto("/crm/project/?stage=negotiating&mine=on")
    links = page.eval_on_selector_all("#result_list tbody th a", "all => all.map(a => a.href)")
    for link in links:
        page.goto(link)
        if 1 <= page.locator("#gate li").count() <= 3:
            return
    pytest.fail("no project of the officer is nearly ready")


@WIDTHS
def test_an_officer_logs_a_visit_and_its_next_step(signed_in, width):
    page = signed_in("officer", width=width)
    page.goto("/crm/visit/add/")
    choose(page, "company", "示例云岭")
    page.fill("#id_content", f"在宽度 {width} 的页面上记录的拜访")
    page.fill("#id_next_step", "寄送政策汇编")
    page.fill("#id_next_step_on", "2099-01-01")
    page.select_option("#id_mode", "outbound" if width == DESK else "online")
    page.click("[name=_save]")
    assert "成功" in page.locator(".messagelist").inner_text()
    page.goto("/crm/followup/?mine=on&q=寄送政策汇编")
    assert "寄送政策汇编" in page.locator("#result_list").inner_text()


@WIDTHS
def test_a_visit_in_the_future_is_refused_and_what_was_typed_stays(signed_in, width):
    page = signed_in("officer", width=width)
    page.goto("/crm/visit/add/")
    choose(page, "company", "示例云岭")
    page.fill("#id_held_on", "2099-01-01")
    page.fill("#id_content", "还没有发生")
    page.click("[name=_save]")
    assert "2099-01-01" in page.locator(".field-held_on .errorlist").inner_text()
    assert page.input_value("#id_content") == "还没有发生"


def test_an_officer_fills_in_what_is_missing_and_moves_a_project(signed_in):
    page = signed_in("officer", width=DESK)
    nearly_ready(page)
    page.click("#gate .button.primary")
    choose(page, "park", "南川")
    page.fill("#id_planned_signing_on", "2027-03-01")
    page.fill("#id_next_step", "签约前会商")
    page.fill("#id_next_step_on", "2027-01-15")
    page.click(".submit-row .primary")
    assert "储备" in page.locator(".messagelist").inner_text()
    assert "储备" in page.locator(".steps .now").inner_text()
    assert "在谈 → 储备" in page.locator("#timeline").inner_text()


def test_a_phone_shows_what_a_project_lacks_without_sideways_scroll(signed_in):
    page = signed_in("officer", width=PHONE)
    page.goto("/crm/project/?stage=lead&mine=on")
    page.click("#result_list tbody th a >> nth=0")
    page.wait_for_selector("#gate li")
    assert sideways(page) == 0


@WIDTHS
def test_the_pipeline_report_is_downloaded_and_opens(signed_in, tmp_path, width):
    page = signed_in("bureau", width=width)
    page.goto("/crm/project/?stood_in=reserve&cut=2024-12-31")
    with page.expect_download() as download:
        page.click("text=导出项目进展表")
    download.value.save_as(tmp_path / "pipeline.xlsx")
    sheet = openpyxl.load_workbook(tmp_path / "pipeline.xlsx").active
    numbers = [cell.value for cell in sheet["A"] if isinstance(cell.value, int)]
    assert numbers == list(range(1, 73))


def test_the_workbench_shows_the_published_figures_and_their_rows(signed_in):
    page = signed_in("leader", width=DESK)
    figures = page.locator("#content").inner_text()
    assert all(figure in figures for figure in ("17", "88.62", "72", "44", "108"))
    page.click(".card >> nth=0 >> .figure a")
    page.wait_for_selector("#result_list tbody tr")
    page.wait_for_load_state()
    assert page.locator("#result_list tbody tr").count() == 17


def test_two_people_editing_one_project_lose_nothing(signed_in):
    first, second = signed_in("bureau", width=DESK), signed_in("bureau2", width=DESK)
    for page in (first, second):
        page.goto("/crm/project/?q=青海图灵小镇")
        page.click("#result_list tbody th a >> nth=0")
    first.fill("#id_summary", "第一位的修改")
    first.click("[name=_continue]")
    second.fill("#id_summary", "第二位的修改")
    second.click("[name=_continue]")
    assert "第一位的修改" in second.locator(".conflict").inner_text()
    assert second.input_value("#id_summary") == "第二位的修改"


def test_search_is_one_key_away(signed_in):
    page = signed_in("officer", width=DESK)
    page.keyboard.press("Control+k")
    page.keyboard.type("xhs")
    page.get_by_text("新华三集团").first.wait_for()
    page.keyboard.press("Enter")
    page.wait_for_url("**/crm/company/*/change/")
    assert "新华三集团" in page.locator("h1").inner_text()


def sideways(page) -> int:
    """How many pixels wider than the window the page is."""
    return page.evaluate("document.documentElement.scrollWidth - window.innerWidth")


def test_a_second_person_sees_a_moved_card_without_reloading(signed_in):
    first, second = signed_in("bureau", width=DESK), signed_in("bureau2", width=DESK)
    for page in (first, second):
        page.goto("/board/")
    card = first.locator("#column-negotiating .project-card[data-moves]").first
    key = card.get_attribute("data-id")
    card.locator(".mover").click()
    first.click("#board-menu [data-stage=lead]")
    first.fill("#board-dialog [name=reason]", "尚未明确项目")
    first.click("#board-dialog .primary")
    first.wait_for_selector(f"#column-lead [data-id='{key}']")
    second.evaluate("document.dispatchEvent(new Event('visibilitychange'))")
    second.wait_for_selector(f"#column-lead [data-id='{key}']")
    first.click("#board-toast .button")
    first.wait_for_selector(f"#column-negotiating [data-id='{key}']")


def test_the_board_works_without_scripts(signed_in, served):
    page = signed_in("bureau", width=DESK)
    context = page.context.browser.new_context(
        base_url=served, locale="zh-CN", java_script_enabled=False,
        storage_state=page.context.storage_state(),
    )  # fmt: skip
    plain = context.new_page()
    plain.goto("/board/")
    plain.click("#column-reserve .project-card .mover >> nth=0")
    assert "/move/" in plain.url
    assert plain.locator("form.record").count() == 1
    context.close()
