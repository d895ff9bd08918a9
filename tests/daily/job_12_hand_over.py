from tests.daily.counting import DESK, PHONE, job


@job(12, on=(DESK, PHONE))
def the_bureau_hands_all_of_a_persons_projects_to_a_successor(people):
    hand = people("bureau")
    hand.open("/people/")
    rows = hand.page.locator("#content tbody tr")
    busiest = rows.nth(0).locator("th a")
    successor = "示例·孙副科长" if "孙" not in busiest.inner_text() else "示例·赵科长"
    hand.open(busiest.get_attribute("href"))

    with hand.at_work():
        value = hand.page.locator(f"#id_successor option:has-text('{successor}')")
        hand.choose("#id_successor", value.get_attribute("value"))
        hand.click(".hand-over .primary")
        hand.page.wait_for_selector(".counted b")
        planned = int(hand.page.locator(".counted b").first.inner_text())
        hand.click(".hand-over .primary")
        hand.page.wait_for_url("**/changes/*/")

    done = hand.page.locator(".counted").inner_text()
    assert planned >= 40
    assert str(planned) in done
