from tests.daily.counting import DESK, PHONE, job

AMOUNTS = {
    DESK: ("350", "1200", "80.5", "460", "35", "2600", "900", "70", "815", "42"),
    PHONE: ("360", "1300", "81.5", "470", "36", "2700", "910", "71", "825", "43"),
}


@job(4, on=(DESK, PHONE))
def ten_projects_get_this_months_money_by_keyboard(people):
    hand = people("bureau")
    amounts = AMOUNTS[hand.device]
    money = "#entry td:nth-of-type(4) input[data-key]"

    with hand.at_work():
        hand.click("a[href='/entry/arrivals/']")
        hand.page.wait_for_selector(f"{money}:focus")
        for amount in amounts:
            hand.type(amount)
            hand.press("Enter")
        done = f"{money}[data-state=saved], {money}[data-state=warned]"
        hand.page.wait_for_function(
            "([done, count]) => document.querySelectorAll(done).length >= count",
            arg=[done, len(amounts)],
        )

    hand.page.reload()
    written = hand.page.locator(money).evaluate_all("all => all.map(cell => cell.value)")
    assert [amount.replace(",", "") for amount in written[: len(amounts)]] == list(amounts)
