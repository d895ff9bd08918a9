from tests.daily.counting import DESK, PHONE, job

ANSWERED = "dialog.palette .hit.chosen"


@job(3, on=DESK, variant="keys")
def a_firm_is_found_by_its_initials_without_the_mouse(people):
    hand = people("officer")
    hand.open("/")

    with hand.at_work():
        hand.press("Control+k")
        hand.type("xhs")
        hand.press("Enter")
        hand.page.wait_for_url("**/crm/company/*/change/", wait_until="domcontentloaded")

    assert "新华三" in hand.page.locator("h1").inner_text()


@job(3, on=(DESK, PHONE), variant="box")
def a_firm_is_found_by_two_characters_from_the_box(people):
    hand = people("leader")
    hand.open("/crm/visit/")

    with hand.at_work():
        hand.type("摩尔", into=".topbar .find input")
        hand.page.wait_for_selector(f"{ANSWERED} mark")
        hand.press("Enter")
        hand.page.wait_for_url("**/crm/*/*/change/", wait_until="domcontentloaded")

    assert "摩尔" in hand.page.locator("h1").inner_text()
