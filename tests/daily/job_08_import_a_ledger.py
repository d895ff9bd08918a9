import io

import openpyxl

from tests.daily.counting import DESK, job
from tests.daily.messy_ledger import KNOWN, ROWS, WRONG, messy_ledger

NAME = "2026年储备项目台账（汇总）.xlsx"
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


def counts(page) -> dict[str, int]:
    """The tabs of the check page: what → how many."""
    tabs = (text.split() for text in page.locator(".ledger-tabs a").all_inner_texts())
    return {what: int(number) for what, number in tabs}


@job(8, on=DESK)
def the_bureau_takes_a_messy_ledger_in_and_back_out(people):
    hand = people("bureau")
    page = hand.page
    hand.open("/crm/project/")
    before = page.locator(".page-head .sub").first.inner_text()

    with hand.at_work():
        hand.click(".tools a[href^='/crm/importjob/new/']")
        hand.attach("#id_file", {"name": NAME, "mimeType": XLSX, "buffer": messy_ledger()})
        page.wait_for_selector(".ledger-tabs")
        found, read = counts(page), page.locator(".ledger-read").inner_text()
        hand.click(".tools button.primary")
        page.wait_for_selector(".ledger-result")
        with page.expect_download() as download:
            hand.click(".tools a[href$='/bad/']")
        bad = openpyxl.load_workbook(io.BytesIO(download.value.path().read_bytes())).active
        hand.click(".ledger-result button")
        page.wait_for_selector(".ledger-result.undone")

    assert (found["新增"], found["更新"], found["错误"]) == (ROWS - len(WRONG), 1, len(WRONG))
    assert found["跳过"] == 15
    assert "3–4" in read
    assert "旧数据" in read
    assert "有限公司、" not in read.partition("新企业")[2].replace("号有限公司", "")
    reasons = [row[-1].value for row in bad.iter_rows() if row[-1].value]
    assert len(reasons) == len(WRONG) + 1
    hand.open("/crm/project/")
    assert page.locator(".page-head .sub").first.inner_text() == before


@job(8, on=DESK, variant="cell by cell")
def the_bureau_sees_what_changes_in_each_cell(people):
    hand = people("bureau")
    hand.open("/crm/project/")

    with hand.at_work():
        hand.click(".tools a[href^='/crm/importjob/new/']")
        hand.attach("#id_file", {"name": NAME, "mimeType": XLSX, "buffer": messy_ledger()})
        hand.click(".ledger-tabs a[href='?tab=changed']")
        change = hand.page.locator("tr", has_text=KNOWN[0]).locator(".ledger-change")
        change.first.wait_for()

    assert KNOWN[2] in change.first.locator("ins").inner_text()
