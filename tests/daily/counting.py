"""A hand that counts what it does, and the register of jobs."""

import contextlib
import importlib
import pkgutil
import time
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from pathlib import Path

from tests.daily.targets import TARGETS, Target

CLICK_SECONDS = 0.25
KEYS_PER_SECOND = 4


@dataclass(frozen=True)
class Device:
    name: str
    width: int
    height: int
    is_touched: bool = False


DESK = Device("desk", 1440, 900)
PHONE = Device("phone", 390, 844, is_touched=True)


@dataclass
class Count:
    """What a job took: ``app`` are the seconds the browser and the server needed."""

    clicks: int = 0
    keys: int = 0
    app: float = 0.0
    running: bool = False

    @property
    def seconds(self) -> float:
        """With the time a person needs: 250 ms a click, four characters a second."""
        return self.app + self.clicks * CLICK_SECONDS + self.keys / KEYS_PER_SECOND

    def add(self, *, clicks: int = 0, keys: int = 0) -> None:
        if self.running:
            self.clicks += clicks
            self.keys += keys


@dataclass
class Hand:
    """One person at one page. Every act is counted while ``at_work``."""

    page: object
    device: Device
    count: Count = field(default_factory=Count)

    def open(self, path: str) -> None:
        """Where the job starts; never counted."""
        self.page.goto(path)

    @contextlib.contextmanager
    def at_work(self):
        """Count from here; leave it when the person sees the result."""
        begun, self.count.running = time.monotonic(), True
        try:
            yield self
        finally:
            self.count.running = False
            self.count.app += time.monotonic() - begun

    def click(self, selector: str) -> None:
        """A click at a desk, a tap on a phone."""
        self.count.add(clicks=1)
        target = self.page.locator(selector).first
        target.tap() if self.device.is_touched else target.click()

    def choose(self, selector: str, value: str) -> None:
        """A value of a drop-down list: one click opens it, one chooses."""
        self.count.add(clicks=2)
        self.page.locator(selector).first.select_option(value)

    def drag(self, source: str, to: str) -> None:
        """Counts as one click."""
        self.count.add(clicks=1)
        self.page.drag_and_drop(source, to)

    def attach(self, selector: str, file: str | Path | list | dict) -> None:
        """Files for a file field: the tap that opens the system's own picker counts."""
        self.count.add(clicks=1)
        self.page.locator(selector).first.set_input_files(file)

    def type(self, text: str, into: str | None = None) -> None:
        """Characters into the field that has the focus, or a click into another one first."""
        if into is not None:
            self.click(into)
        self.count.add(keys=len(text))
        self.page.keyboard.type(text)

    def press(self, key: str) -> None:
        """One key or combination: ``Tab``, ``Control+k``."""
        self.count.add(keys=1)
        self.page.keyboard.press(key)


@dataclass(frozen=True)
class Job:
    """One way of doing a daily job on one device."""

    number: int
    variant: str
    device: Device
    target: Target
    act: Callable

    def __str__(self):
        variant = f" ({self.variant})" if self.variant else ""
        return f"{self.number} {self.target.name}{variant}, {self.device.name}"


_JOBS: list[Job] = []


def job(number: int, *, on=DESK, variant: str = "", **other):
    """Registers a function as a daily job; ``other`` are targets that differ from the table's."""

    def register(act):
        target = replace(TARGETS[number], **other)
        devices = (on,) if isinstance(on, Device) else on
        _JOBS.extend(Job(number, variant, device, target, act) for device in devices)
        return act

    return register


def all_jobs() -> list[Job]:
    """The jobs of every ``job_*.py`` in this folder, by number."""
    package = importlib.import_module("tests.daily")
    for module in pkgutil.iter_modules(package.__path__):
        if module.name.startswith("job_"):
            importlib.import_module(f"tests.daily.{module.name}")
    return sorted(_JOBS, key=lambda job: job.number)


@dataclass(frozen=True)
class Outcome:
    job: Job
    count: Count
    fault: str = ""

    @property
    def is_frugal(self) -> bool:
        """Within the clicks and keys, whatever the machine's speed."""
        target, count = self.job.target, self.count
        keys_met = target.keys is None or count.keys <= target.keys
        return not self.fault and count.clicks <= target.clicks and keys_met

    @property
    def is_met(self) -> bool:
        limit = self.job.target.seconds
        return self.is_frugal and (limit is None or self.count.seconds <= limit)


def do(browser, address: str, job: Job) -> Outcome:
    """Do one job in sessions of its own; what goes wrong is in the outcome."""
    hands = []

    def people(username: str) -> Hand:
        context = browser.new_context(
            base_url=address, locale="zh-CN", timezone_id="Asia/Shanghai", accept_downloads=True,
            viewport={"width": job.device.width, "height": job.device.height},
            is_mobile=job.device.is_touched, has_touch=job.device.is_touched,
        )  # fmt: skip
        hands.append(Hand(_signed_in(context.new_page(), username), job.device))
        return hands[-1]

    fault = ""
    try:
        job.act(people)
    except Exception as error:  # noqa: BLE001 - the table shows every job
        fault = f"{type(error).__name__}: {error}".strip()
    taken = Count(
        sum(hand.count.clicks for hand in hands),
        sum(hand.count.keys for hand in hands),
        sum(hand.count.app for hand in hands),
    )
    for hand in hands:
        hand.page.context.close()
    return Outcome(job, taken, fault)


def _signed_in(page, username: str):
    from crm.sample import PASSWORD  # its tables need a Django that is set up

    page.goto("/login/")
    page.fill("#id_username", username)
    page.fill("#id_password", PASSWORD)
    page.click("#login-form button")
    page.wait_for_url("**/")
    return page
