"""Names of firms and people: what is compared is normalised, what is shown is only cleaned."""

import re
import unicodedata
from functools import lru_cache

LONGEST = 400
# Control characters, zero-width and bidirectional marks, blank fillers, lone surrogates: never part
# of a name.
_INVISIBLE = re.compile(
    "[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\u00ad\u061c\u115f\u1160\u180e\u200b-\u200f"
    "\u2028-\u202e\u2060-\u206f\u3164\ufeff\uffa0\ufff9-\ufffb\ud800-\udfff"
    "\U000e0000-\U000e007f]"
)
# Which form of a character is drawn does not make another name.
_VARIANTS = re.compile("[\ufe00-\ufe0f\U000e0100-\U000e01ef]")
_ONE_FORM = str.maketrans(
    "（［【〔〈《「『{[" + "）］】〕〉》」』}]" + "•‧∙⋅・" + "–—−‐‑―",
    "(" * 10 + ")" * 10 + "·" * 5 + "-" * 6,
)
_LEGAL_FORMS = tuple(
    "股份有限公司 有限责任公司 股份合作公司 有限公司 股份公司 集团公司 集团 公司 合伙企业 "
    "co.,ltd. co.,ltd co.ltd. co.ltd co.,limited limited ltd. ,ltd ,inc. ,inc inc.".split()
)
# Without its place such a name says nothing: 青海大学 is not a candidate for 南京大学.
_MARKS = ("<super>", "<sub>", "<circle>", "<fraction>")
_GENERIC = set(
    "大学 学院 医院 银行 证券 保险 信托 科技 实业 投资 控股 钢铁 机场 电力 能源 发展 建设 汽车 "
    "石化 移动 联通 电信 电网".split()
)
_PROVINCES = (
    "北京 天津 上海 重庆 河北 山西 辽宁 吉林 黑龙江 江苏 浙江 安徽 福建 江西 山东 河南 湖北 湖南 "
    "广东 海南 四川 贵州 云南 陕西 甘肃 青海 台湾 内蒙古 广西 西藏 宁夏 新疆 香港 澳门"
).split()
_LONG_NAMES = {
    "内蒙古自治区": "内蒙古",
    "广西壮族自治区": "广西",
    "西藏自治区": "西藏",
    "宁夏回族自治区": "宁夏",
    "新疆维吾尔自治区": "新疆",
    "香港特别行政区": "香港",
    "澳门特别行政区": "澳门",
    "海北藏族自治州": "海北",
    "黄南藏族自治州": "黄南",
    "海南藏族自治州": "海南",
    "果洛藏族自治州": "果洛",
    "玉树藏族自治州": "玉树",
    "海西蒙古族藏族自治州": "海西",
    "大通回族土族自治县": "大通",
}
# Provincial capitals, all of Qinghai, Xining's districts, and the cities investors come from.
_CITIES = (
    "石家庄 唐山 秦皇岛 邯郸 保定 张家口 廊坊 太原 大同 呼和浩特 包头 鄂尔多斯 沈阳 大连 鞍山 "
    "长春 哈尔滨 大庆 南京 无锡 徐州 常州 苏州 南通 扬州 镇江 盐城 泰州 杭州 宁波 温州 嘉兴 湖州 "
    "绍兴 金华 台州 合肥 芜湖 福州 厦门 泉州 宁德 南昌 九江 赣州 济南 青岛 淄博 烟台 潍坊 威海 "
    "临沂 郑州 洛阳 武汉 宜昌 襄阳 长沙 株洲 湘潭 广州 深圳 珠海 汕头 佛山 东莞 中山 惠州 南宁 "
    "柳州 海口 三亚 成都 绵阳 宜宾 贵阳 遵义 昆明 拉萨 西安 咸阳 宝鸡 榆林 兰州 嘉峪关 酒泉 天水 "
    "银川 中卫 石嘴山 乌鲁木齐 克拉玛依 昌吉 西宁 海东 格尔木 德令哈"
).split()
_PREFECTURES = "海北 黄南 海南 果洛 玉树 海西".split()
_DISTRICTS = "城东区 城中区 城西区 城北区 湟中区 湟源县 大通县".split()
# Every spelling → the name without 省, 市, 州.
_PLACES = _LONG_NAMES | {
    spelling + ending: spelling
    for spellings, endings in (
        (_PROVINCES, ("", "省", "市")),
        (_CITIES, ("", "市")),
        (_PREFECTURES, ("", "州")),
        (_DISTRICTS, ("",)),
    )
    for spelling in spellings
    for ending in endings
}
_LONGEST_PLACE = max(map(len, _PLACES))
_BRANCH = re.compile(r"(分公司|分院|分中心|办事处|代表处|分部)$")
_NOTE = re.compile(r"\(([^()]{1,20})\)")
_SHORTEST_CORE = 2


def clean_text(text: str) -> str:
    """Text fit to be shown and stored: NFC, nothing invisible, blanks at the ends removed.

    Line breaks and tabs inside stay. Never raises; idempotent.
    """
    return unicodedata.normalize("NFC", _INVISIBLE.sub("", str(text))).strip()


def has_marks(text: str) -> bool:
    """Whether NFKC would make digits of footnote marks in the text: 70① must not become 701."""
    return any(unicodedata.decomposition(c).startswith(_MARKS) for c in text)


def match_key(name: str) -> str:
    """The form in which names are compared, at most LONGEST characters.

    NFKC, lower case, one kind of bracket, dash and middle dot, no blanks. Idempotent; never raises.
    Two firms with the same key carry the same name, however it was typed.
    """
    return _match_key(str(name)[:LONGEST])


@lru_cache(maxsize=20_000)
def _match_key(key: str) -> str:
    while (folded := _folded(key)) != key:  # folding can yield what folds once more
        key = folded
    return key


def _folded(key: str) -> str:
    key = _VARIANTS.sub("", _INVISIBLE.sub("", key))
    key = unicodedata.normalize("NFKC", key).casefold().translate(_ONE_FORM)
    return re.sub(r"\s+", "", key)[:LONGEST]


def is_branch(name: str) -> bool:
    """A branch is a firm of its own with a parent."""
    return bool(_BRANCH.search(match_key(name)))


def place_of(name: str) -> str:
    """Leading or bracketed province, city or district without 省, 市, 州; "" when there is none.

    The first counts: 青海省西宁市… is 青海.
    """
    key = match_key(name)
    spellings = map(_leading_place, [key, *_NOTE.findall(key)])
    return next((_PLACES[spelling] for spelling in spellings if spelling), "")


def core_name(name: str) -> str:
    """The name without leading places, bracketed notes and legal form, for finding candidates.

    Only for a name of nothing at all it is "". A branch keeps its ending. Equal cores are a
    question, never proof: the firms' places (``place_of``) may differ.
    """
    key = match_key(name)
    core = _NOTE.sub("", key) or key
    if not is_branch(core):
        core = _without_legal_form(core)
    while place := _leading_place(core):
        rest = core.removeprefix(place)
        if len(rest) < _SHORTEST_CORE or rest in _GENERIC:
            break
        core = rest
    return core


def brief_name(name: str) -> str:
    """The name as it is written, without its legal form, for where there is little room."""
    for form in _LEGAL_FORMS:
        shorter = name[: -len(form)] if name.lower().endswith(form) else ""
        if len(shorter) >= _SHORTEST_CORE:
            return brief_name(shorter.rstrip("（( ").rstrip("，, "))
    return name


def _without_legal_form(key: str) -> str:
    for form in _LEGAL_FORMS:
        shorter = key.removesuffix(form)
        if shorter != key and len(shorter) >= _SHORTEST_CORE:
            return _without_legal_form(shorter)
    return key


def _leading_place(key: str) -> str:
    """The longest spelling of a place that the key begins with."""
    lengths = range(_LONGEST_PLACE, 1, -1)
    return next((key[:length] for length in lengths if key[:length] in _PLACES), "")


def mask_phone(number: str) -> str:
    """138****5678; of a landline the area code and the last two digits; "" stays "".

    Of numbers too short for that nothing is shown.
    """
    if re.fullmatch(r"1[0-9]{10}", number):
        return f"{number[:3]}****{number[-4:]}"
    if len(number) < 7:
        return "*" * len(number)
    head = number[: number.index("-") + 1] if "-" in number[:5] else number[:2]
    return f"{head}{'*' * (len(number) - len(head) - 2)}{number[-2:]}"
