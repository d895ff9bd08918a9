from tests.daily.counting import DESK, PHONE, job

DEVICES = {DESK: "电脑上", PHONE: "手机上"}

OWN = "/crm/project/?stage=negotiating&mine=on"


@job(13, on=(DESK, PHONE))
def the_slower_one_sees_what_the_faster_one_wrote_and_loses_nothing(people):
    faster, slower = people("officer"), people("officer")
    theirs, mine = (f"{who}的一位在{DEVICES[faster.device]}写下的内容" for who in "快慢")
    faster.open(OWN)
    faster.click("#result_list tbody th a")
    faster.page.wait_for_selector("#id_summary")
    slower.open(faster.page.url)
    faster.page.fill("#id_summary", theirs)
    faster.click("[name=_continue]")
    faster.page.wait_for_selector(".messagelist")

    with slower.at_work():
        slower.page.fill("#id_summary", mine)
        slower.click("[name=_continue]")
        slower.page.wait_for_selector(".conflict")

    assert theirs in slower.page.locator(".conflict").inner_text()
    assert slower.page.input_value("#id_summary") == mine
