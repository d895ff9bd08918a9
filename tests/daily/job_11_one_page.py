from tests.daily.counting import PHONE, job


@job(11, on=PHONE)
def a_leader_reads_one_project_on_one_screen(people):
    hand = people("leader")
    hand.open("/crm/project/?q=青海图灵小镇")
    name = hand.page.locator("#result_list tbody th a").first
    title, address = name.inner_text(), name.get_attribute("href")
    hand.open(address.partition("?")[0])

    with hand.at_work():
        hand.click("a[href$='/brief/']")
        hand.page.wait_for_selector(".brief")
        hand.page.wait_for_load_state()  # with its style: what is measured is what is seen

    fits = hand.page.evaluate(
        "[document.documentElement.scrollWidth <= innerWidth,"
        " document.querySelector('.brief').getBoundingClientRect().bottom <= innerHeight]"
    )
    assert fits == [True, True], fits
    heading = hand.page.locator(".brief h1").inner_text()
    assert heading in title, (heading, title)
    figures = hand.page.locator(".brief-figures dd")
    assert all(figures.all_inner_texts()) and figures.count() == 4
