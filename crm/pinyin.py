"""Pinyin of names, with every reading of a polyphone, for search and for sorting."""

import re
from itertools import product

from pypinyin import Style, lazy_pinyin, load_phrases_dict, pinyin

from crm.names import match_key

MOST_READINGS = 8
LONGEST = 40
# Names that the general dictionaries read wrongly.
load_phrases_dict(
    {
        "厦工": [["xià"], ["gōng"]],
        "厦门": [["xià"], ["mén"]],
        "朝阳区": [["cháo"], ["yáng"], ["qū"]],
        "单县": [["shàn"], ["xiàn"]],
        "单氏": [["shàn"], ["shì"]],
        "重庆": [["chóng"], ["qìng"]],
        "长沙": [["cháng"], ["shā"]],
        "长春": [["cháng"], ["chūn"]],
        "长城": [["cháng"], ["chéng"]],
        "亳州": [["bó"], ["zhōu"]],
        "番禺": [["pān"], ["yú"]],
        "六安": [["lù"], ["ān"]],
        "东莞": [["dōng"], ["guǎn"]],
        "联通": [["lián"], ["tōng"]],
    }
)


def sort_key(name: str) -> str:
    """The best reading, for sorting names as a Chinese reader expects."""
    return " ".join(lazy_pinyin(match_key(name)[:LONGEST], style=Style.TONE3))


def search_text(name: str) -> str:
    """Full pinyin and initials of every reading, separated by blanks; lower case, no tones."""
    key = re.sub(r"[()·]", "", match_key(name))[:LONGEST]
    words: dict[str, None] = {}
    for reading in _readings(key):
        words["".join(reading)] = None
        # Letters and digits of the name itself (H3C) stay whole in the initials.
        words["".join(part if part in key else part[:1] for part in reading)] = None
    return " ".join(words)


def _readings(key: str) -> list[tuple[str, ...]]:
    """The best reading first, then the other combinations, never more than MOST_READINGS."""
    best = tuple(_plain(syllable) for syllable in lazy_pinyin(key))
    alternatives = [_without_repeats(r) for r in pinyin(key, style=Style.NORMAL, heteronym=True)]
    found = {best: None}
    if len(alternatives) == len(best):
        ordered = [
            [first, *(r for r in readings if r != first)]
            for first, readings in zip(best, alternatives, strict=True)
        ]
        for combination in _few(ordered):
            found[combination] = None
    return list(found)


def _few(ordered: list[list[str]]):
    """Combinations of readings; polyphones are limited so that there are never many."""
    limited, combinations = [], 1
    for readings in ordered:
        allowed = readings if combinations * len(readings) <= MOST_READINGS else readings[:1]
        combinations *= len(allowed)
        limited.append(allowed)
    return product(*limited)


def _without_repeats(readings: list[str]) -> list[str]:
    return list(dict.fromkeys(_plain(reading) for reading in readings))


def _plain(syllable: str) -> str:
    return re.sub(r"\s+", "", syllable).lower()
