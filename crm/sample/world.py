"""What the sample rows hang on, and the words they are made of."""

from decimal import Decimal

from crm.models import Park, Region, Segment, TaskForce

YI = Decimal(100_000_000)
CITIES = ("440100", "320100", "440300", "330100", "510100", "420100", "310000", "110000", "610100")
PREFIXES = "云岭 江河 启明 远图 星汉 北辰 智源 海纳 青禾 天枢 瀚川 恒宇".split()
SURNAMES = "赵钱孙李周吴郑王冯陈褚卫"


class World:
    """Rows made so far; every step leaves here what the next ones need."""

    def __init__(self):
        self.teams = list(TaskForce.objects.order_by("number"))
        self.segments = list(Segment.objects.all())
        self.parks = list(Park.objects.all())
        self.cities = {r.code: r for r in Region.objects.filter(code__in=CITIES)}
        self.departments, self.users = [], {}
        self.firms, self.contacts, self.trips, self.projects = [], [], [], []

    def marked(self, **values) -> dict:
        """What every sample row carries, and the values given."""
        bureau = self.users["bureau"]
        return {"is_sample": True, "created_by": bureau, "updated_by": bureau, **values}
