"""The few shapes that charts are made of: SVG as text, every value escaped, colours by class.

Lengths are units of the view box; a chart grows and shrinks with the room it is given.
"""

import unicodedata
from collections.abc import Iterable
from decimal import Decimal

from django.utils.html import conditional_escape, format_html, format_html_join, mark_safe
from django.utils.safestring import SafeString

FONT = 12
LINE = 18
NOTHING: SafeString = mark_safe("")


def element(name: str, content: object = "", **attributes) -> SafeString:
    """``<name …>content</name>``; ``class_`` is the class, ``_`` in a name becomes ``-``."""
    given = (
        (key.rstrip("_").replace("_", "-"), number(v)) for key, v in attributes.items() if v != ""
    )
    return format_html(
        "<{0}{1}>{2}</{0}>",
        name,
        format_html_join("", ' {}="{}"', given),
        conditional_escape(content),
    )


def number(value) -> str:
    """Lengths with at most two places; text as it is."""
    if isinstance(value, str | int):
        return str(value)
    return f"{float(value):.2f}".rstrip("0").rstrip(".")


def joined(parts: Iterable) -> SafeString:
    return format_html_join("", "{}", ((part,) for part in parts))


def words(x, y, text: str, class_: str = "", anchor: str = "") -> SafeString:
    """A line of text; ``y`` is its base line, ``anchor`` start, middle or end."""
    return element("text", text, x=x, y=y, class_=class_, text_anchor=anchor)


def box(x, y, width, height, class_: str, *, round_: float = 2) -> SafeString:
    return element(
        "rect", x=x, y=y, width=max(width, 0), height=max(height, 0), rx=round_, class_=class_
    )


def rule(x1, y1, x2, y2, class_: str) -> SafeString:
    return element("line", x1=x1, y1=y1, x2=x2, y2=y2, class_=class_)


def marked(
    content: SafeString, title: str, url: str = "", class_: str = "chart-mark"
) -> SafeString:
    """What belongs to one value, with its title for pointers and readers; perhaps a link."""
    inside = joined([element("title", title), content])
    return (
        element("a", inside, href=url, class_=class_)
        if url
        else element("g", inside, class_=class_)
    )


def canvas(
    width, height, body: Iterable, *, kind: str, title: str, description: str = ""
) -> SafeString:
    """The whole chart; ``title`` and ``description`` are read out, headings are the page's."""
    head = [element("title", title)]
    if description:
        head.append(element("desc", description))
    return element(
        "svg", joined([*head, *body]), class_=f"chart chart-{kind}", role="group",
        viewBox=f"0 0 {number(width)} {number(height)}", aria_label=title,
    )  # fmt: skip


def text_width(text: str, size: float = FONT) -> float:
    """About how wide a text is drawn: a Chinese character is as wide as it is high."""
    return sum(size if unicodedata.east_asian_width(sign) in "WF" else size * 0.58 for sign in text)


def shortened(text: str, room: float, size: float = FONT) -> str:
    """As much of the text as fits into the room, with … where some is left out."""
    if text_width(text, size) <= room:
        return text
    while text and text_width(text, size) > room - size:
        text = text[:-1]
    return f"{text.rstrip()}…"


def share(value, longest) -> Decimal:
    """Part of the longest value, 0 where there is nothing to compare with."""
    return (
        Decimal(value.numerator if hasattr(value, "numerator") else value) / Decimal(longest)
        if longest
        else Decimal(0)
    )
