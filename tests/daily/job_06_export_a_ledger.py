import io

import openpyxl

from tests.daily.counting import DESK, job


def taken(people, kind: str):
    """The sheet of a ledger two clicks away from the projects, and how many rows are due."""
    hand = people("bureau")
    hand.open("/crm/project/")

    with hand.at_work():
        hand.click(f".tools a[href^='/crm/importjob/export/{kind}/']")
        with hand.page.expect_download() as download:
            hand.click(".ledger-out .primary")
        path = download.value.path()

    due = int("".join(filter(str.isdigit, hand.page.locator(".page-head .sub").inner_text())))
    return openpyxl.load_workbook(io.BytesIO(path.read_bytes())).active, due


def is_ready_to_print(page) -> bool:
    setup = page.page_setup
    return (setup.orientation, str(setup.paperSize)) == ("landscape", "9") and page.print_title_rows


@job(6, on=DESK, variant="reserve")
def the_bureau_takes_the_reserve_ledger_out(people):
    page, due = taken(people, "projects")

    column = [page.cell(row, 1).value for row in range(1, page.max_row + 1)]
    assert page["A1"].value.endswith("储备项目台账")
    assert any("单位：万元" in str(cell.value) for row in page["1:3"] for cell in row)
    assert "A1" in page.merged_cells
    assert [value for value in column if isinstance(value, int)] == list(range(1, due + 1))
    assert "合计" in column
    assert is_ready_to_print(page)


@job(6, on=DESK, variant="building and producing")
def the_bureau_takes_the_building_ledger_out(people):
    page, due = taken(people, "building")

    headings = {str(cell.value) for row in page["1:4"] for cell in row}
    numbers = [page.cell(row, 1).value for row in range(1, page.max_row + 1)]
    assert {"手续办理", "到位资金", "施工许可"} <= headings
    assert sum(isinstance(value, int) for value in numbers) == due
    assert is_ready_to_print(page)
