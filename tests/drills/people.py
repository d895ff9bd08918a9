"""People who work with a served system: sign in, read forms, send them; several at a time."""

import http.client
import threading
import time
import uuid
from dataclasses import dataclass
from http.cookies import SimpleCookie
from urllib.parse import urlencode, urlsplit

from tests.forms import form_of

PASSWORD = "zhaoshang-2024"
NO_ANSWER = (OSError, http.client.HTTPException)


@dataclass(frozen=True)
class Answer:
    """``content`` is bytes, as in Django's test client."""

    status: int
    content: bytes
    location: str = ""


class Person:
    """One signed-in session; raises one of NO_ANSWER when no whole answer came."""

    def __init__(self, address: str, name: str):
        self.place, self.cookies, self.name = urlsplit(address).netloc, SimpleCookie(), name
        page = self.get("/login/")
        self.post("/login/", form_of(page) | {"username": name, "password": PASSWORD})
        if "sessionid" not in self.cookies:
            raise RuntimeError(f"{name} could not sign in")

    def get(self, path: str) -> Answer:
        return self._ask("GET", path, None, {})

    def post(self, path: str, form: dict, **headers) -> Answer:
        token = self.cookies["csrftoken"].value
        body = urlencode(form | {"csrfmiddlewaretoken": token}, doseq=True)
        kind = {"Content-Type": "application/x-www-form-urlencoded", "X-CSRFToken": token}
        return self._ask("POST", path, body, kind | headers)

    def send_file(self, path: str, form: dict, name: str, file: bytes) -> Answer:
        """A form with a file in the field of this name."""
        mark = uuid.uuid4().hex
        parts = [
            f'--{mark}\r\nContent-Disposition: form-data; name="{key}"\r\n\r\n{value}\r\n'.encode()
            for key, value in form.items()
        ]
        head = (
            f'--{mark}\r\nContent-Disposition: form-data; name="{name}"; filename="a.png"\r\n\r\n'
        )
        body = b"".join([*parts, head.encode(), file, f"\r\n--{mark}--\r\n".encode()])
        kind = {"Content-Type": f"multipart/form-data; boundary={mark}",
                "X-CSRFToken": self.cookies["csrftoken"].value}  # fmt: skip
        return self._ask("POST", path, body, kind)

    def _ask(self, method, path, body, headers) -> Answer:
        line = http.client.HTTPConnection(self.place, timeout=60)
        cookies = "; ".join(f"{key}={kept.value}" for key, kept in self.cookies.items())
        try:
            line.request(method, path, body, {"Cookie": cookies, **headers})
            answer = line.getresponse()
            content = answer.read()
        finally:
            line.close()
        for cookie in answer.headers.get_all("Set-Cookie", []):
            self.cookies.load(cookie)
        return Answer(answer.status, content, answer.headers.get("Location", ""))


def at_once(*acts) -> list:
    """Do several things in the same moment; what each gives, or the exception it ends with."""
    start, results = threading.Barrier(len(acts)), [None] * len(acts)

    def run(place, act):
        start.wait()
        try:
            results[place] = act()
        except Exception as error:  # noqa: BLE001 - the drill judges it
            results[place] = error

    threads = [threading.Thread(target=run, args=each) for each in enumerate(acts)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return results


def visit_of(entry: dict, token: str) -> dict:
    """A visit to a firm that nobody knew: firm, visit and who was there are written together."""
    return entry | {"token": token, "content": token, "firm_name": f"演练{token}有限公司"}


class Load:
    """Officers log visits without a pause, each with a token of its own.

    ``insists``: like the phone, send an entry again until it is answered; else go on to the next.
    """

    def __init__(self, people: list[Person], entry: dict, *, insists: bool):
        self.entry = entry
        self.insists, self.stopped = insists, threading.Event()
        self.taken, self.unanswered, self.refused, self.wrong = [], [], [], []
        self.threads = [threading.Thread(target=self._work, args=(each,)) for each in people]

    def __enter__(self):
        for thread in self.threads:
            thread.start()
        return self

    def __exit__(self, *error):
        self.stopped.set()
        for thread in self.threads:
            thread.join()

    def wait_for_more(self, count: int = 3, limit: float = 60) -> float:
        """Seconds until so many more entries were taken; raises TimeoutError after the limit."""
        wanted, start = len(self.taken) + count, time.monotonic()
        while len(self.taken) < wanted:
            if time.monotonic() - start > limit:
                raise TimeoutError(f"nothing was taken for {limit} s; {self.wrong[:3]}")
            time.sleep(0.02)
        return time.monotonic() - start

    def _work(self, person: Person) -> None:
        while not self.stopped.is_set():
            self._send(person, str(uuid.uuid4()))

    def _send(self, person: Person, token: str) -> None:
        form = visit_of(self.entry, token)
        while True:
            try:
                answer = person.post("/m/visits/new/", form, Accept="application/json")
            except NO_ANSWER:
                kept = self.unanswered
                time.sleep(0.05)
            else:
                kept = self.taken if answer.status == 200 else self.refused
                if answer.status not in (200, 503):
                    self.wrong.append(f"{answer.status}: {answer.content.decode()[:200]}")
            if kept is self.taken or not self.insists or self.stopped.is_set():
                kept.append(token)
                return
