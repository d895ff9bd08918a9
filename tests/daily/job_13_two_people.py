from tests.daily.counting import DESK, PHONE, job

OWN = "/crm/project/?stage=negotiating&mine=on"


@job(13, on=(DESK, PHONE))
def the_slower_one_sees_what_the_faster_one_wrote_and_loses_nothing(people):
    faster, slower = people("officer"), people("officer")
    faster.open(OWN)
    faster.click("#result_list tbody th a")
    faster.page.wait_for_selector("#id_summary")
    slower.open(faster.page.url)
    faster.page.fill("#id_summary", "快的一位写下的内容")
    faster.click("[name=_continue]")
    faster.page.wait_for_selector(".messagelist")

    with slower.at_work():
        slower.page.fill("#id_summary", "慢的一位写下的内容")
        slower.click("[name=_continue]")
        slower.page.wait_for_selector(".conflict")

    assert "快的一位写下的内容" in slower.page.locator(".conflict").inner_text()
    assert slower.page.input_value("#id_summary") == "慢的一位写下的内容"
