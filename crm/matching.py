"""What somebody types to find a name, and where it stands in the name."""

import re
from enum import IntEnum

from crm.names import match_key
from crm.pinyin import syllables

LONGEST_TYPED = 60
SHORTEST_TAIL = 4  # digits of a telephone number
_SPOKEN_DIGITS = str.maketrans(
    dict(zip("0123456789", "ling yi er san si wu liu qi ba jiu".split(), strict=True))
)
_BESIDE_PHONE = re.compile(r"[\s()+-]")


class Place(IntEnum):
    """How well a name answers, the best first."""

    EXACT = 0
    START = 1
    WORD = 2
    INSIDE = 3


def typed(text: str) -> list[str]:
    """The compared forms of what was typed: as it is, and for xinhua3 also xinhuasan."""
    key = match_key(text)[:LONGEST_TYPED].replace("ü", "v")
    forms = [key]
    if re.fullmatch(r"[a-z]+[0-9]+[a-z0-9]*", key):
        forms.append(key.translate(_SPOKEN_DIGITS))
    return [form for form in forms if form]


def phone_tail(text: str) -> str:
    """The digits of a telephone number or of its end; "" when it is none or too short."""
    digits = _BESIDE_PHONE.sub("", match_key(text))
    return digits if digits.isdecimal() and len(digits) >= SHORTEST_TAIL else ""


def place(key: str, names: list[str], *, sounds: str = "", cores: list[str] = ()) -> Place:
    """The best place of ``key`` among the compared names and their sounds.

    ``sounds`` are pinyin words; the beginning of a core, or after a bracket, begins a word.
    """
    words = [*names, *sounds.split()]
    if key in words:
        return Place.EXACT
    if any(word.startswith(key) for word in words):
        return Place.START
    later = any(f"{mark}{key}" in name for name in names for mark in "(·-")
    if later or any(core.startswith(key) for core in cores):
        return Place.WORD
    return Place.INSIDE


def pieces(title: str, keys: list[str]) -> list[tuple[str, bool]]:
    """The title in pieces, each with whether it is what was typed, by letter or by sound."""
    for key in keys:
        span = _span(title, key) or _span_by_sound(title, key)
        if span:
            start, end = span
            parts = [(title[:start], False), (title[start:end], True), (title[end:], False)]
            return [part for part in parts if part[0]]
    return [(title, False)]


def _span(title: str, key: str) -> tuple[int, int] | None:
    forms = [match_key(character) for character in title]
    return _where("".join(forms), key, forms, range(len(title)))


def _span_by_sound(title: str, key: str) -> tuple[int, int] | None:
    """The characters whose pinyin or initials are what was typed."""
    if not key.isascii():
        return None
    spoken = [i for i, c in enumerate(title) if match_key(c) not in ("", "(", ")", "·")]
    for reading in syllables(title):
        if len(reading) > len(spoken):
            return None
        for parts in (reading, [syllable[0] for syllable in reading]):
            if span := _where("".join(parts), key, parts, spoken):
                return span
    return None


def _where(text: str, key: str, parts, positions) -> tuple[int, int] | None:
    """From the place in the joined parts to the characters that they stand for."""
    at = text.find(key)
    if at < 0:
        return None
    origin = [position for part, position in zip(parts, positions, strict=False) for _ in part]
    return (origin[at], origin[at + len(key) - 1] + 1) if at + len(key) <= len(origin) else None
