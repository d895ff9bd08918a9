"""Pinyin of names, with every reading a polyphone has in names, for search and for sorting."""

import unicodedata
from collections.abc import Iterator
from functools import lru_cache
from itertools import product

from pypinyin import Style, lazy_pinyin, load_phrases_dict, load_single_dict

from crm.names import match_key

MOST_READINGS = 16
LONGEST_NAME = 40
LONGEST_TEXT = 1000
_TONES = "\u0304\u0301\u030c\u0300"
# Readings that occur in names; the dictionary's rare ones (能 as xiong) would only find too much.
_POLYPHONES = {
    entry[0]: tuple(entry[1:].split("/"))
    for entry in (
        "阿a/e 柏bai/bo 薄bao/bo 堡bao/pu/bu 参can/shen 藏zang/cang 查cha/zha 长chang/zhang "
        "朝chao/zhao 车che/ju 重chong/zhong 仇qiu/chou 传chuan/zhuan 单dan/shan 弹dan/tan "
        "调diao/tiao 都du/dou 番fan/pan 佛fo/fu 盖gai/ge 给ji/gei 莞guan/wan 行hang/xing "
        "会hui/kuai 降jiang/xiang 角jiao/jue 解jie/xie 卡ka/qia 壳ke/qiao 乐le/yue 六liu/lu "
        "率lv/shuai 绿lv/lu 秘mi/bi 牟mou/mu 朴pu/piao 铅qian/yan 覃qin/tan 区qu/ou "
        "晟sheng/cheng 盛sheng/cheng 莘shen/xin 宿su/xiu 拓tuo/ta 尉wei/yu 厦xia/sha 校xiao/jiao "
        "曾zeng/ceng 翟zhai/di 仔zi/zai"
    ).split()
}
# What the dictionary reads differently from the people of the trade.
load_single_dict(
    {ord("长"): "cháng,zhǎng", ord("曾"): "zēng,céng", ord("厦"): "xià", ord("晟"): "shèng"}
)
load_phrases_dict(
    {
        "朝阳": [["cháo"], ["yáng"]],
        "厦工": [["xià"], ["gōng"]],
        "单县": [["shàn"], ["xiàn"]],
        "单氏": [["shàn"], ["shì"]],
        "仇氏": [["qiú"], ["shì"]],
        "区氏": [["ōu"], ["shì"]],
        "解氏": [["xiè"], ["shì"]],
        "查氏": [["zhā"], ["shì"]],
        "盖氏": [["gě"], ["shì"]],
        "朴氏": [["piáo"], ["shì"]],
        "什邡": [["shí"], ["fāng"]],
    }
)


def sort_key(name: str) -> str:
    """The likeliest reading with tones, for sorting names as a Chinese reader expects."""
    key, parts = match_key(name)[:LONGEST_NAME], []
    was_letter = False
    for character, syllable in zip(key, _spoken(key), strict=True):
        is_letter = syllable == character
        if is_letter and was_letter:
            parts[-1] += character
        else:
            parts.append(_with_digit(syllable))
        was_letter = is_letter
    return " ".join(parts)


@lru_cache(maxsize=2_000)
def _spoken(key: str) -> tuple[str, ...]:
    """One entry for each character: its syllable with its tone mark, or a letter as it is."""
    return tuple(lazy_pinyin(key, style=Style.TONE, errors=list))


@lru_cache(maxsize=4_000)
def _with_digit(syllable: str) -> str:
    """lǜ → lv4. pypinyin does the same conversion for every character of every name anew."""
    plain = unicodedata.normalize("NFD", syllable).replace("u\u0308", "v")
    tone = next((str(n) for n, mark in enumerate(_TONES, start=1) if mark in plain), "")
    return "".join(c for c in plain if c not in _TONES) + tone


def _without_tone(syllable: str) -> str:
    return syllable if len(syllable) == 1 else _with_digit(syllable).rstrip("1234")


def search_text(name: str) -> str:
    """Full pinyin and initials of every reading, separated by blanks; lower case, no tones.

    The likeliest reading comes first; of the others as many as fit into LONGEST_TEXT characters.
    Letters and digits of the name (H3C) stand as they are in both.
    """
    words: dict[str, None] = {}
    for full, initials in readings(name):
        words |= {full: None, initials: None}
        if len(text := " ".join(words)) > LONGEST_TEXT:
            return text[:LONGEST_TEXT].rpartition(" ")[0]
    return " ".join(words)


def readings(name: str) -> Iterator[tuple[str, str]]:
    """(full pinyin, initials) of at most MOST_READINGS readings, the likeliest first."""
    for reading in syllables(name):
        yield "".join(reading), "".join(syllable[0] for syllable in reading)


def syllables(name: str) -> Iterator[tuple[str, ...]]:
    """The same readings, one entry for each character that is no bracket or middle dot."""
    key = match_key(name).translate(str.maketrans("", "", "()·"))[:LONGEST_NAME]
    best = [_without_tone(syllable) for syllable in _spoken(key)]
    yield from product(*_choices(key, best))


def _choices(key: str, best: list[str]) -> list[tuple[str, ...]]:
    """What each character may be read as, so that there are never too many combinations."""
    choices, combinations = [], 1
    for character, likeliest in zip(key, best, strict=True):
        others = [r for r in _POLYPHONES.get(character, ()) if r != likeliest]
        if combinations * (len(others) + 1) > MOST_READINGS:
            others = []
        combinations *= len(others) + 1
        choices.append((likeliest, *others))
    return choices
