import re

from tests.daily.counting import DESK, PHONE, job


@job(5, on=(DESK, PHONE))
def a_leader_reads_count_and_amount_and_the_list_agrees(people):
    hand = people("leader")
    with hand.at_work():
        hand.open("/")
        hand.page.wait_for_selector("[data-figure=deals_signed]")
    count = hand.page.locator("[data-figure=deals_signed] .figure").inner_text()
    amount = hand.page.locator("[data-figure=signed_yuan] .figure").inner_text()
    number = int(re.search("[0-9]+", count)[0])
    assert "亿元" in amount or "万元" in amount

    hand.page.locator("[data-figure=deals_signed] .figure a").click()
    hand.page.wait_for_selector("#result_list")
    listed = hand.page.locator(".page-head .sub").inner_text()
    assert str(number) in re.findall("[0-9]+", listed)
