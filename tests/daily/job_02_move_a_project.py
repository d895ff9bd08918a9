from tests.daily.counting import DESK, PHONE, job

CARD = "#column-negotiating .project-card[data-moves]"


def nearly_ready(hand) -> str:
    """The officer's project in talks that lacks only what fits on the small form."""
    hand.open("/board/?mine=on")
    hand.page.wait_for_selector(CARD)
    return hand.page.locator(CARD).first.get_attribute("data-id")


def fill_in(page) -> None:
    """What the project lacks for the reserve pool, outside the counted work."""
    page.select_option("#board-dialog [name=park]", index=1)
    page.fill("#board-dialog [name=planned_signing_on]", "2027-03-01")
    page.fill("#board-dialog [name=next_step]", "签约前会商")
    page.fill("#board-dialog [name=next_step_on]", "2027-01-15")


def ready(hand) -> str:
    """The same project with nothing missing: moved once, and taken back."""
    key = nearly_ready(hand)
    page = hand.page
    page.locator(f"[data-id='{key}'] .mover").click()
    page.locator("#board-menu [data-stage=reserve]").click()
    page.wait_for_selector(f"#board-dialog[open], #column-reserve [data-id='{key}']")
    if page.locator("#board-dialog[open]").count():
        fill_in(page)
        page.locator("#board-dialog .primary").click()
    page.wait_for_selector(f"#column-reserve [data-id='{key}']")
    page.locator("#board-toast .button").click()
    page.wait_for_selector(f"#column-negotiating [data-id='{key}']")
    return key


def moved(hand, key) -> None:
    hand.page.wait_for_selector(f"#column-reserve [data-id='{key}']")


def take_back(hand, key) -> None:
    """So that the next way of doing it finds what this one found."""
    hand.page.locator("#board-toast .button").click()
    hand.page.wait_for_selector(f"#column-negotiating [data-id='{key}']")


@job(2, variant="two required things missing", clicks=8, seconds=15)
def an_officer_fills_in_what_is_missing_and_moves_the_card(people):
    hand = people("officer")
    key = nearly_ready(hand)
    with hand.at_work():
        hand.drag(f"[data-id='{key}']", "#column-reserve .cards")
        hand.page.wait_for_selector("#board-dialog[open]")
        hand.choose("#board-dialog [name=park]", "1")
        hand.page.fill("#board-dialog [name=planned_signing_on]", "2027-03-01")
        hand.type("会商", into="#board-dialog [name=next_step]")
        hand.page.fill("#board-dialog [name=next_step_on]", "2027-01-15")
        hand.click("#board-dialog .primary")
        moved(hand, key)
    take_back(hand, key)


@job(2, variant="drag")
def an_officer_drags_a_card(people):
    hand = people("officer")
    key = ready(hand)
    with hand.at_work():
        hand.drag(f"[data-id='{key}']", "#column-reserve .cards")
        moved(hand, key)
    take_back(hand, key)


@job(2, on=(DESK, PHONE), variant="menu")
def an_officer_moves_a_card_by_its_menu(people):
    hand = people("officer")
    key = ready(hand)
    with hand.at_work():
        hand.click(f"[data-id='{key}'] .mover")
        hand.click("#board-menu [data-stage=reserve]")
        moved(hand, key)
    take_back(hand, key)


@job(2, variant="keys", clicks=0)
def an_officer_moves_a_card_by_keys_alone(people):
    hand = people("officer")
    key = ready(hand)
    hand.page.locator(f"[data-id='{key}'] .name a").first.focus()
    with hand.at_work():
        hand.press("Shift+ArrowRight")
        moved(hand, key)
        hand.press("z")
        hand.page.wait_for_selector(f"#column-negotiating [data-id='{key}']")
