"""Find anything: the database's time for an answer, at 20,000 firms and, on PostgreSQL, a million.

What is asked is what makes an index sweat: words that most names have, sounds inside a name, two
characters, initials, a code, and what nobody is called.
"""

import time
from collections.abc import Iterator

from django.db import connection

from crm import searching
from crm.generated.words import BRAND_FIRST, BRAND_SECOND, TRADES
from crm.models import Company, search_index
from crm.pinyin import search_text
from tests import make
from tests.bench.figures import Figure

FIRMS = 20_000
SEATS = (
    "北京 上海 深圳 广州 杭州 苏州 南京 成都 武汉 西安 合肥 无锡 长沙 青岛 宁波 厦门 郑州 重庆 "
    "天津 兰州 银川 西宁 海东 格尔木 济南 沈阳 大连 长春 哈尔滨 石家庄 太原 呼和浩特 南宁 海口 "
    "贵阳 昆明 拉萨 乌鲁木齐 福州 南昌 东莞 佛山 珠海 惠州 中山 嘉兴 绍兴 温州 金华"
).split()
ASKED = {
    "a firm": "星源光伏", "most names": "科技", "the legal form": "有限公司",
    "two characters": "曙能", "initials": "xyzn", "initials of many": "kj",
    "pinyin": "xingyuanzhineng", "inside": "yuanguangfu", "polyphone": "chongqinghua",
    "nobody": "qwzxq", "a code": "91630",
}  # fmt: skip
MOST_MS, ROUNDS = 150, 5


def measure(is_quick: bool) -> Iterator[Figure]:
    reader = make.user("leader")
    Company.objects.bulk_create(_firms(), batch_size=1_000)
    few = _answers(reader)
    worst = max(few, key=few.get)
    yield Figure(f"search, slowest answer of {FIRMS:,} ({worst})", few[worst], MOST_MS, "ms",
                 at_most=1)  # fmt: skip
    if connection.vendor != "postgresql":
        return
    seats = SEATS[:9] if is_quick else SEATS
    _grow(seats)
    many = _answers(reader)
    worst, count = max(many, key=many.get), Company.objects.count()
    yield Figure(f"search, slowest answer of {count:,} ({worst})", many[worst], MOST_MS, "ms",
                 at_most=1)  # fmt: skip
    yield Figure(f"search, all answers of {count:,} against {FIRMS:,}",
                 sum(many.values()), sum(few.values()), "ms", at_most=2)  # fmt: skip


def _firms() -> list[Company]:
    names = (
        f"{first}{second}{trade}有限公司"
        for trade, *_rest in TRADES for second in BRAND_SECOND for first in BRAND_FIRST
    )  # fmt: skip
    return [Company(name=name) for name, _n in zip(names, range(FIRMS), strict=False)]


def _grow(seats: list[str]) -> None:
    """Each firm once more in each of these cities, written and indexed by the database alone."""
    search_index.drop(connection)
    own = {
        "name": "seat || name", "name_key": "seat || name_key", "uscc": "NULL",
        "search_text": "full_sound || split_part(search_text, ' ', 1) || ' ' || "
                       "initials || split_part(search_text, ' ', 2)",
    }  # fmt: skip
    columns = [field.column for field in Company._meta.concrete_fields if field.name != "id"]
    sounds = [search_text(seat).split()[:2] for seat in seats]
    with connection.cursor() as cursor:
        cursor.execute("SET statement_timeout = 0")
        cursor.execute(
            f"INSERT INTO crm_company ({', '.join(columns)}) "
            f"SELECT {', '.join(own.get(column, column) for column in columns)} FROM crm_company, "
            "unnest(%s::text[], %s::text[], %s::text[]) AS more(seat, full_sound, initials)",
            [seats, *map(list, zip(*sounds, strict=True))],
        )
    search_index.create(connection)


def _answers(reader) -> dict[str, float]:
    """Milliseconds in the database for each question, the best of some rounds."""
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE")
    found = {name: min(_spent(reader, text) for _round in range(ROUNDS))
             for name, text in ASKED.items()}  # fmt: skip
    return {name: 1_000 * seconds for name, seconds in found.items()}


def _spent(reader, text: str) -> float:
    spent = 0.0

    def timed(execute, *args):
        nonlocal spent
        start = time.perf_counter()
        try:
            return execute(*args)
        finally:
            spent += time.perf_counter() - start

    with connection.execute_wrapper(timed):
        searching.find(reader, text)
    return spent
