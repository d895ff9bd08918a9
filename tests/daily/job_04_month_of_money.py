from tests.daily.counting import DESK, PHONE, job

AMOUNTS = ("350", "1200", "80.5", "460", "35", "2600", "900", "70", "815", "42")


@job(4, on=(DESK, PHONE))
def ten_projects_get_this_months_money_by_keyboard(people):
    hand = people("bureau")
    money = "#entry td:nth-of-type(4) input[data-key]"

    with hand.at_work():
        hand.click("a[href='/entry/arrivals/']")
        hand.page.wait_for_selector(f"{money}:focus")
        for amount in AMOUNTS:
            hand.type(amount)
            hand.press("Enter")
        done = f"{money}[data-state=saved], {money}[data-state=warned]"
        hand.page.wait_for_function(
            "([done, count]) => document.querySelectorAll(done).length >= count",
            arg=[done, len(AMOUNTS)],
        )

    hand.page.reload()
    written = hand.page.locator(money).evaluate_all("all => all.map(cell => cell.value)")
    assert written[: len(AMOUNTS)] == ["350", "1,200", *AMOUNTS[2:5], "2,600", *AMOUNTS[6:]]
