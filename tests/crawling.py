"""Walks through every page that a person can reach, and notes what is wrong with each.

Where to go comes from the address book of the site itself (each route without arguments) and from
the links on the pages (one example of each route with arguments): a new page is found by itself.
"""

import re
from collections import Counter
from dataclasses import dataclass, field
from urllib.parse import urlsplit

from django.urls import NoReverseMatch, Resolver404, get_resolver, resolve, reverse

# A desktop, the same at 200 % (half as many of the page's own pixels), and a small phone.
WIDE, ZOOMED, NARROW = ({"width": w, "height": h} for w, h in ((1440, 900), (720, 450), (360, 780)))
# Routes that do something else than show a page of ours: sign out, change the language, files.
NOT_PAGES = {
    "admin:logout", "admin:login", "admin:jsi18n", "admin:autocomplete", "admin:view_on_site",
    "set_language", "crm_download", "crm_alive", "crm_ready", "crm_metrics", "crm_csp_report",
}  # fmt: skip
# Words that are the same in Chinese: names of keys, units, formats, products.
ENGLISH = set(
    "ctrl enter tab esc shift alt excel wps word pdf xlsx xls docx pptx csv zip ofd ics png jpg "
    "jpeg crm pue mw gpu cpu efops eflops pflops tbps gbps english url id ip api http https www "
    "wecom dingtalk admin totp authenticator app et doc ppt smtp webhook json utf gdp tce kwh "
    "outlook like gecko mozilla headless applewebkit khtml "
    "postgre sqlite python "
    "ical txt mb kb ppm sha iphone android safari chrome edge windows linux macos cny usd".split()
)
WORDS = re.compile(r"(?<![A-Za-z0-9])[A-Za-z][a-z]{2,}(?:[ '-]+[A-Za-z][a-z]+)*")

LOOK = """() => {
  const shown = document.body.innerText;
  const said = [...document.querySelectorAll('[title], [aria-label], [placeholder]')]
    .filter(e => !e.closest('[lang=en], [data-other-language]'))
    .flatMap(e => [e.title, e.getAttribute('aria-label'), e.getAttribute('placeholder')]);
  const other = [...document.querySelectorAll(
    '[lang=en], code, pre, kbd, .field-key, .field-stage, .field-username, .field-password,' +
    '.field-detail_shown, .field-query, [data-other-language]')]
    .map(e => e.innerText).filter(Boolean).sort((one, two) => two.length - one.length);
  return { shown, said: said.filter(Boolean).join('\\n'), other,
           links: [...document.querySelectorAll('a[href]')]
             .map(a => new URL(a.getAttribute('href'), location.href).href) };
}"""
LINKS = re.compile(r"""<a[^>]*\shref="([^"#]+)""")
SIDEWAYS = "document.documentElement.scrollWidth - window.innerWidth"


def routes_without_arguments() -> list[str]:
    """The address of each route that needs nothing to be found."""
    found = []
    for name in _names(get_resolver(), ""):
        if name not in NOT_PAGES:
            try:
                found.append(reverse(name))
            except NoReverseMatch:
                continue
    return sorted(set(found))


def _names(resolver, prefix: str):
    for pattern in resolver.url_patterns:
        if hasattr(pattern, "url_patterns"):
            space = f"{pattern.namespace}:" if pattern.namespace else ""
            yield from _names(pattern, prefix + space)
        elif pattern.name:
            yield prefix + pattern.name


@dataclass
class Crawl:
    """One person's way through the site; ``known`` are words of the data, such as user names."""

    page: object
    known: set[str]
    examine: object = None  # a further look at each page drawn: (page, path) → list of faults
    examining: bool = False
    drawn: Counter = field(default_factory=Counter)  # how often each route was drawn, by anybody
    may_draw: object = lambda name, times: True  # whether a route drawn so often is drawn again
    faults: list[str] = field(default_factory=list)
    seen: dict[str, str] = field(default_factory=dict)

    def run(self) -> None:
        host = urlsplit(self.page.url).netloc
        self._listen(host)
        waiting = ["/", *routes_without_arguments()]
        while waiting:
            path = waiting.pop(0)
            name = _name_of(path)
            if name and name not in self.seen and name not in NOT_PAGES:
                self.seen[name] = path
                waiting += self._visit(path, host)

    def _listen(self, host: str) -> None:
        def fault(text):
            if self.examining:  # what axe itself does to the page is not the page's doing
                return
            self.faults.append(f"{urlsplit(self.page.url).path}: {text}")

        self.page.on("dialog", lambda dialog: dialog.accept())
        self.page.on(
            "console",
            lambda m: m.type != "error" or "Failed to load resource" in m.text or fault(m.text),
        )
        self.page.on("pageerror", lambda error: fault(error))
        self.page.on("response", lambda r: r.status < 500 or fault(f"{r.status} {r.url}"))
        self.page.on(
            "request",
            lambda r: urlsplit(r.url).netloc in (host, "") or fault(f"foreign request {r.url}"),
        )

    def _visit(self, path: str, host: str) -> list[str]:
        """Fetch one page, draw it if it is its turn; the links it leads on to."""
        fetched = self.page.request.get(path)
        if fetched.status >= 500:
            self.faults.append(f"{path}: {fetched.status}")
        text = fetched.text() if "text/html" in fetched.headers.get("content-type", "") else ""
        if not fetched.ok or "<html" not in text:
            return []  # a file, a fragment, or not for this account
        name = _name_of(path)
        if not self.may_draw(name, self.drawn[name]):
            return [urlsplit(link).path for link in LINKS.findall(text) if link.startswith("/")]
        self.drawn[name] += 1
        return self._draw(path, host, fetched)

    def _draw(self, path: str, host: str, fetched) -> list[str]:
        """The page in the browser: what is said on it, what axe finds, how wide it is.

        It is drawn from what was fetched: the server makes each page once.
        """
        self.page.set_viewport_size(WIDE)
        self.page.route(fetched.url, lambda route: route.fulfill(response=fetched), times=1)
        self.page.goto(fetched.url, wait_until="load")
        looked = self.page.evaluate(LOOK)
        self._check_words(path, looked)
        if self.examine:
            self.examining = True
            self.faults += self.examine(self.page, path)
            self.examining = False
        for size in (WIDE, ZOOMED, NARROW):
            self.page.set_viewport_size(size)
            self._check_width(path, size["width"])
        return [urlsplit(link).path for link in looked["links"] if urlsplit(link).netloc == host]

    def _check_width(self, path: str, width: int) -> None:
        if (over := self.page.evaluate(SIDEWAYS)) > 0:
            self.faults.append(f"{path}: {over} px sideways at {width}")

    def _check_words(self, path: str, looked: dict) -> None:
        text = f"{looked['shown']}\n{looked['said']}"
        for other in looked["other"]:
            text = re.sub(rf"(?<![A-Za-z]){re.escape(other)}(?![A-Za-z])", " ", text)
        self.faults += [f"{path}: “{words}”" for words in untranslated(text, self.known)]


def untranslated(text: str, known: set[str]) -> list[str]:
    """English words in a Chinese text that are neither data nor the same in Chinese."""
    found = []
    for match in WORDS.finditer(re.sub(r"\S+@\S+|https?://\S+|\S*[._/]\S*", " ", text)):
        words = re.split(r"[ '-]+", match[0].lower())
        if any(word not in ENGLISH and word not in known for word in words):
            found.append(match[0])
    return sorted(set(found))


def _name_of(path: str) -> str | None:
    try:
        return resolve(path).view_name
    except Resolver404:
        return None
