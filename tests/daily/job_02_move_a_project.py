from tests.daily.counting import DESK, PHONE, job

CARD = "#column-negotiating .project-card[data-moves]"


FORM, PARK = "#board-dialog[open]", "#board-dialog [name=park]"
TRIED = 10  # cards at most


def nearly_ready(hand) -> str:
    """A project of the officer in talks that lacks only what fits on the small form."""
    keys = cards(hand)
    return next(key for key in keys if lacks_little(hand, key))


def cards(hand) -> list[str]:
    hand.open("/board/?mine=on")
    hand.page.wait_for_selector(CARD)
    found = hand.page.locator(CARD).evaluate_all("all => all.map(card => card.dataset.id)")
    return found[:TRIED]


def lacks_little(hand, key) -> bool:
    """Whether the small form asks for the park; afterwards the card is where it was."""
    page = hand.page
    to_reserve(page, key)
    if not page.locator(FORM).count():
        take_back(hand, key)
        return False
    asked = page.locator(PARK).count() == 1
    page.keyboard.press("Escape")
    page.wait_for_selector("#board-dialog", state="hidden")
    return asked


def to_reserve(page, key) -> None:
    page.locator(f"[data-id='{key}'] .mover").click()
    page.locator("#board-menu [data-stage=reserve]").click()
    page.wait_for_selector(f"{FORM}, #column-reserve [data-id='{key}']")


def fill_in(page) -> None:
    """What the project lacks for the reserve pool, outside the counted work."""
    page.select_option(PARK, index=1)
    page.fill("#board-dialog [name=planned_signing_on]", "2027-03-01")
    page.fill("#board-dialog [name=next_step]", "签约前会商")
    page.fill("#board-dialog [name=next_step_on]", "2027-01-15")


def ready(hand) -> str:
    """A project with nothing missing: moved once, and taken back."""
    key = cards(hand)[0]
    page = hand.page
    to_reserve(page, key)
    if page.locator(FORM).count():
        fill_in(page)
        page.locator("#board-dialog .primary").click()
        moved(hand, key)
    take_back(hand, key)
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
        park = hand.page.locator(f"{PARK} option").nth(1).get_attribute("value")
        hand.choose(PARK, park)
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
