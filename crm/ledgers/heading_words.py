"""What a heading is, and the names that several ledgers give to the same column."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Heading:
    """A column: its key, how our pages call it, its synonyms.

    ``is_read``: False where we understand the column but take nothing over from it, because the
    figure comes from another ledger or is worked out by us.
    """

    key: str
    label: str
    synonyms: tuple[str, ...]
    needed: bool = False
    is_read: bool = True


def h(key: str, label: str, synonyms: str) -> Heading:
    return Heading(key, label, tuple(synonyms.split()))


def needed(key: str, label: str, synonyms: str) -> Heading:
    return Heading(key, label, tuple(synonyms.split()), needed=True)


def unread(key: str, label: str, synonyms: str) -> Heading:
    return Heading(key, label, tuple(synonyms.split()), is_read=False)


FIRM = (
    "企业名称 单位名称 公司名称 客商名称 企业全称 单位全称"
    " 公司全称 企业 单位 公司 客商 企业(单位)名称"
    " 企业(单位) 单位(企业)名称 企业名"
)
PROJECT = "项目名称 项目 名称 项目全称 项目名 意向项目 签约项目 储备项目 在谈项目 投资项目 招商项目"
TEAM = (
    "专班 对接专班 招商专班 责任专班 牵头专班 承办专班 首报专班 所属专班 专班名称 责任单位 牵头单位"
    " 承办单位 首报单位 对接单位 落实单位 责任(牵头)单位 牵头责任单位"
)
NOTE = "备注 备注说明 说明 附注 其他 备注信息"
