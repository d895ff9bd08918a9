"""Names of firms and people: what is compared is normalised, what is shown is only cleaned."""

import re
import unicodedata

LONGEST = 400
# Control characters, zero-width and bidirectional marks, lone surrogates: never part of a name.
_INVISIBLE = re.compile(
    "[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\u00ad\u061c\u180e\u200b-\u200f\u2028-\u202e"
    "\u2060-\u206f\ufeff\ufff9-\ufffb\ud800-\udfff]"
)
_BRACKETS = (
    str.maketrans("（［【〔〈《「『{[", "(((((((((("),
    str.maketrans("）］】〕〉》」』}]", "))))))))))"),
)
_LEGAL_FORMS = (
    "(集团)股份有限公司", "集团股份有限公司", "(集团)有限责任公司", "集团有限责任公司",
    "(集团)有限公司", "集团有限公司", "股份有限公司", "有限责任公司", "有限公司", "股份公司",
    "集团公司", "(集团)", "集团", "公司",
)  # fmt: skip
_PROVINCES = (
    "北京 天津 上海 重庆 河北 山西 辽宁 吉林 黑龙江 江苏 浙江 安徽 福建 江西 山东 河南 湖北 湖南 "
    "广东 海南 四川 贵州 云南 陕西 甘肃 青海 台湾 内蒙古 广西 西藏 宁夏 新疆 香港 澳门"
).split()
_LONG_PROVINCES = (
    "内蒙古自治区 广西壮族自治区 西藏自治区 宁夏回族自治区 新疆维吾尔自治区 香港特别行政区 "
    "澳门特别行政区"
).split()
_CITIES = (
    "石家庄 唐山 秦皇岛 邯郸 保定 张家口 廊坊 太原 大同 呼和浩特 包头 鄂尔多斯 沈阳 大连 鞍山 "
    "长春 "
    "吉林 哈尔滨 大庆 南京 无锡 徐州 常州 苏州 南通 扬州 镇江 盐城 泰州 杭州 宁波 温州 嘉兴 "
    "湖州 "
    "绍兴 金华 台州 合肥 芜湖 福州 厦门 泉州 宁德 南昌 九江 赣州 济南 青岛 淄博 烟台 潍坊 威海 "
    "临沂 "
    "郑州 洛阳 武汉 宜昌 襄阳 长沙 株洲 湘潭 广州 深圳 珠海 汕头 佛山 东莞 中山 惠州 南宁 柳州 "
    "海口 "
    "三亚 成都 绵阳 宜宾 贵阳 遵义 昆明 拉萨 西安 咸阳 兰州 西宁 海东 海北 黄南 海南 果洛 玉树 "
    "海西 "
    "格尔木 德令哈 银川 乌鲁木齐 克拉玛依"
).split()
_PLACES = sorted(
    {
        *_LONG_PROVINCES,
        *(f"{name}{ending}" for name in _PROVINCES for ending in ("省", "市", "")),
        *(f"{name}{ending}" for name in _CITIES for ending in ("市", "州", "")),
    },
    key=len,
    reverse=True,
)
_BRANCH = re.compile(r"(分公司|分院|分中心|办事处|代表处|分部)$")
_NOTE = re.compile(r"\(([^()]{1,20})\)")
_SHORTEST_CORE = 2


def clean_text(text: str) -> str:
    """Text fit to be shown and stored: NFC, nothing invisible, blanks at the ends removed."""
    return unicodedata.normalize("NFC", _INVISIBLE.sub("", str(text))).strip()


def match_key(name: str) -> str:
    """The form in which names are compared: NFKC, one kind of bracket, no blanks, lower case.

    Idempotent. Two firms with the same key carry the same name, however it was typed.
    """
    key = _INVISIBLE.sub("", str(name)[:LONGEST])
    for _ in range(2):  # folding can produce characters that normalise once more
        key = unicodedata.normalize("NFKC", unicodedata.normalize("NFKC", key).casefold())
    for table in _BRACKETS:
        key = key.translate(table)
    return re.sub(r"\s+", "", _INVISIBLE.sub("", key))


def is_branch(name: str) -> bool:
    """A branch is a firm of its own with a parent."""
    return bool(_BRANCH.search(match_key(name)))


def place_of(name: str) -> str:
    """Leading or bracketed province or city of a name, "" when it names none."""
    key = match_key(name)
    bracketed = [note for note in _NOTE.findall(key) if _leading_place(note)]
    place = _leading_place(key) or (_leading_place(bracketed[0]) if bracketed else "")
    return place.rstrip("省市州") if len(place) > _SHORTEST_CORE else place


def core_name(name: str) -> str:
    """The name without leading place, bracketed note and legal form, for finding candidates.

    Equal cores are a question, never proof: 中国移动青海公司 and 中国移动浙江公司 differ.
    """
    key = match_key(name)
    core = _without_legal_form(key)
    core = _NOTE.sub("", core) or core
    place = _leading_place(core)
    while place and len(core) - len(place) >= _SHORTEST_CORE:
        core = core.removeprefix(place)
        place = _leading_place(core)
    return core or key


def _without_legal_form(key: str) -> str:
    for form in _LEGAL_FORMS:
        shorter = key.removesuffix(form)
        if shorter != key and len(shorter) >= _SHORTEST_CORE:
            return _without_legal_form(shorter)
    return key


def _leading_place(key: str) -> str:
    return next((place for place in _PLACES if key.startswith(place)), "")


def mask_phone(number: str) -> str:
    """138****5678; of a landline the area code and the last two digits; "" stays ""."""
    if len(number) <= 4:
        return "*" * len(number)
    if re.fullmatch(r"1[0-9]{10}", number):
        return f"{number[:3]}****{number[-4:]}"
    head = number[: number.index("-") + 1] if "-" in number[:5] else number[:2]
    tail = number[-2:]
    return f"{head}{'*' * (len(number) - len(head) - len(tail))}{tail}"
