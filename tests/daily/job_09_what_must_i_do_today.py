from tests.daily.counting import DESK, PHONE, job

MINE = "a[href*='/todo/?done=']"


@job(9, on=(DESK, PHONE))
def a_follow_up_is_done_and_the_next_step_set(people):
    hand = people("officer")
    hand.open("/")
    task = hand.page.locator(MINE).first.inner_text()

    with hand.at_work():
        hand.click(MINE)
        hand.page.wait_for_selector(".act-done[open] input[name=what]:focus")
        hand.type("寄送方案")
        hand.click(".act-done[open] .button.primary")
        hand.page.wait_for_selector(".messagelist")

    assert "寄送方案" in hand.page.locator(".messagelist").inner_text()
    waiting = hand.page.locator(".todo-main > section").all_inner_texts()
    assert any("寄送方案" in text for text in waiting)
    assert task in hand.page.locator(".tasks-done").text_content()
