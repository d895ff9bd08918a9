"""The daily jobs over the demo: done in full, within their clicks and keys."""

import pytest

from tests.daily.counting import DESK, Count, Hand, Job, Outcome, all_jobs, do, job
from tests.daily.targets import Target


@pytest.mark.browser
@pytest.mark.slow
@pytest.mark.parametrize("daily", all_jobs(), ids=str)
def test_a_daily_job_is_done_within_its_clicks(chromium, served, daily):
    outcome = do(chromium, served, daily)

    assert outcome.fault == ""
    assert outcome.is_frugal, f"{outcome.count} against {daily.target}"


class Keyboard:
    def __init__(self):
        self.typed = []

    def type(self, text):
        self.typed.append(text)

    press = type


class Page:
    def __init__(self):
        self.keyboard = Keyboard()


def test_only_what_is_done_at_work_is_counted():
    hand = Hand(Page(), DESK)
    hand.type("before")
    with hand.at_work():
        hand.type("four")
        hand.press("Enter")
    hand.press("Tab")

    assert hand.page.keyboard.typed == ["before", "four", "Enter", "Tab"]
    assert (hand.count.clicks, hand.count.keys) == (0, 5)
    assert hand.count.seconds >= 5 / 4


def outcome(**count) -> Outcome:
    target = Target("test", clicks=2, seconds=3, keys=4)
    return Outcome(Job(99, "", DESK, target, job), Count(**count))


def test_a_job_is_missed_by_one_click_one_key_or_the_time():
    assert outcome(clicks=2, keys=4, app=1.4).is_met
    assert not outcome(clicks=3, keys=4).is_met
    assert not outcome(clicks=2, keys=5).is_met
    assert not outcome(clicks=2, keys=4, app=1.6).is_met
    assert outcome(clicks=2, keys=4, app=1.6).is_frugal
