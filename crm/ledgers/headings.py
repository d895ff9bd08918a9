"""What a heading means: the fields it may stand for and the unit it names."""

import re
import unicodedata
from dataclasses import dataclass
from functools import lru_cache

from .synonyms import AMBIGUOUS, FIELDS, Heading

__all__ = ["FIELDS", "Heading", "Option", "label", "normal", "options", "unit_of"]

EXACT = 1000
UNREAD = 400  # a column we take nothing from leaves its heading to one that we read
LONGEST = 30
_MONEY_UNITS = {"亿": "亿元", "万": "万元"} | {unit: unit for unit in ("亿元", "万元", "元")}
_UNITS = (
    "亿元|万元|元|亿|万|PFLOPS|P|MW|兆瓦|KW|万千瓦|千瓦|千瓦时|亩|M2|平方米|万平方米|公顷|%|人次|人|个|家"
    "|项|台|架|吨标准煤|必填|选填|可不填|如有"
)
_BRACKETED = re.compile(
    rf"[(\[【](?:单位|人民币|金额|[:,/、])*(?:{_UNITS})(?:[/、,或;](?:{_UNITS}))*[)\]】]"
)
_TRAILING = re.compile("(?<=.)[/,、:]?(亿元|万元)$")
_SILENT = re.compile(r"[\s*:★☆▲△#]+")
_UNIT = re.compile(
    r"(?:[(\[【](?:单位|人民币|金额|[:,、\s])*|[/,、:\s])(亿元|万元|元|亿|万)(?=[)\]】/、,;\s]|$)"
    r"|(?<=.)(亿元|万元)$"
)
_FOREIGN = re.compile("美元|美金|欧元|港元|港币|日元|英镑|外币")
# A heading is about its last word: 投资方联系电话 is a telephone, 资金到位率 no money.
_LAST_WORDS = tuple(
    "电话 方式 地址 所在地 时间 日期 时限 职务 编号 代码 类型 性质 规模 人数 数量 个数 率 比例 占比"
    " 年份 领导 单位 金额 负责人 联系人 责任人 对接人 面积 名称 简介".split()
)
_SHORT_BUT_CLEAR = {"专班", "园区", "电话", "成效", "固投", "简称", "备注", "手机"}
MONEY = {
    "planned", "fixed_assets", "amount", "outside", "revenue", "arrived", "arrived_total",
    "arrived_year", "arrived_outside", "year_plan", "month_done", "total_done",
}  # fmt: skip
# Such a word beside 投资额 and the like says that only a part is meant.
_PART = re.compile(
    "设备|土建|完成|年度|本年|当年|今年|累计|本月|其中|[一二三四五首]期|到位|剩余|新增|省外|省内"
    "|银行|贷款|财政|补助|自筹|上年|增资|每|亩均"
)
_WHOLE = {"合计", "小计", "总额", "金额", "总计", "总投资", "总数", "总量"}
# Columns that every ledger may have and that say nothing to us.
IGNORED = {"序号", "编号", "填报单位", "填报时间", "填报人", "错误原因", "NO.", "NO", "序", "行号"}


@dataclass(frozen=True, order=True)
class Option:
    """A field a heading may stand for. From ``EXACT - UNREAD`` - 99 on it is a listed synonym."""

    score: int
    key: str

    @property
    def is_exact(self) -> bool:
        return self.score > EXACT // 2


def normal(text) -> str:
    """The form in which headings are compared and remembered.

    NFKC, upper case, without blanks, line breaks, colons, stars and units. Idempotent.
    """
    return _normal(str(text)[:400])


@lru_cache(maxsize=4096)
def _normal(text: str) -> str:
    while (shorter := _stripped(text)) != text:  # what is taken out can leave new forms behind
        text = shorter
    return text


def _stripped(text: str) -> str:
    plain = _SILENT.sub("", unicodedata.normalize("NFKC", text).upper())
    return _TRAILING.sub("", _BRACKETED.sub("", plain))


def unit_of(text) -> str:
    """The money unit in a heading: 投资额（万元） → 万元; "" when it names none."""
    found = _UNIT.search(unicodedata.normalize("NFKC", str(text)).strip())
    return _MONEY_UNITS[found[1] or found[2]] if found else ""


def label(kind: str, key: str) -> str:
    return next((h.label for h in FIELDS.get(kind, ()) if h.key == key), key)


def is_read(kind: str, key: str | None) -> bool:
    """Whether the ledger takes something over from the column."""
    return any(h.key == key and h.is_read for h in FIELDS[kind])


def asked(kind: str, levels: tuple[str, ...]) -> tuple[str, ...]:
    """Fields between which only a person can choose; "" stands for none. () for clear headings."""
    plain = normal("".join(levels))
    if listed := AMBIGUOUS.get(kind, {}).get(plain):
        return listed
    best = next(iter(options(kind, levels)), None)
    if best is None or best.is_exact or best.key not in MONEY:
        return ()
    return ("", best.key) if _PART.search(_beside(kind, plain, best.key)) else ()


def _beside(kind: str, plain: str, key: str) -> str:
    """What a heading says besides the longest synonym of the field."""
    words = (word for word, found in _synonyms(kind).items() if any(o.key == key for o in found))
    return plain.replace(max((w for w in words if w in plain), key=len, default=""), "", 1)


def options(kind: str, levels: tuple[str, ...]) -> list[Option]:
    """Fields the heading may stand for, the best first.

    ``levels`` are the headings above one another: of 总投资 / 合计 the upper one decides, else all
    together, else the lowest. A sum in foreign currency is no amount in yuan: no field.
    """
    whole = "".join(levels)
    if _FOREIGN.search(unicodedata.normalize("NFKC", whole)):
        return []
    found = list(_options(kind, normal(whole)))
    if len(levels) > 1:
        found += [Option(o.score - 40, o.key) for o in _options(kind, normal(levels[-1]))]
        if normal(levels[-1]) in _WHOLE:
            upper = normal("".join(levels[:-1]))
            found += [Option(o.score - 50, o.key) for o in _options(kind, upper)]
    found.sort(reverse=True)
    exact = [option for option in found if option.is_exact]
    return exact or found[:1]


@lru_cache(maxsize=8192)
def _options(kind: str, plain: str) -> tuple[Option, ...]:
    if not plain or plain in IGNORED or len(plain) > LONGEST:
        return ()
    exact = _synonyms(kind).get(plain)
    if exact:
        return exact
    contained = (
        Option(10 * len(word) - len(plain) + 5 * plain.endswith(word), option.key)
        for word, meanings in _synonyms(kind).items()
        if word in plain and _is_about(plain, word)
        for option in meanings
    )
    return tuple(contained)


def _is_about(plain: str, word: str) -> bool:
    """Whether a heading that contains a synonym means the same."""
    if len(word) < 3 and not (word in _SHORT_BUT_CLEAR and plain.endswith(word)):
        return False
    if len(word) * 5 < len(plain) * 2:
        return False
    return plain.endswith(word) or not plain.endswith(_LAST_WORDS)


@lru_cache(maxsize=16)
def _synonyms(kind: str) -> dict[str, tuple[Option, ...]]:
    """Normalised synonym → its meanings; the further left in the table, the surer."""
    found: dict[str, list[Option]] = {}
    for heading in FIELDS[kind]:
        start = EXACT if heading.is_read else EXACT - UNREAD
        for place, word in enumerate(dict.fromkeys(map(normal, heading.synonyms))):
            found.setdefault(word, []).append(Option(start - place, heading.key))
    return {word: tuple(meanings) for word, meanings in found.items()}
