"""Columns of the ledgers: what they mean, and all the ways offices head them."""

import re
import unicodedata
from dataclasses import dataclass

from django.utils.translation import gettext_lazy as _

_BRACKETED_UNIT = re.compile(
    r"[(（\[【](?:单位[:：]?)?(亿元|万元|元|P|MW|亩|㎡|平方米|%|人|个)[^)）\]】]*[)）\]】]"
)


EXACT = 1000


@dataclass(frozen=True)
class Heading:
    """A column: its key, how it is called on our pages, and its synonyms in ledgers."""

    key: str
    label: str
    synonyms: tuple[str, ...]
    needed: bool = False


def normal(text) -> str:
    """NFKC, upper case, without blanks, line breaks, stars and bracketed units."""
    plain = unicodedata.normalize("NFKC", str(text)).upper()
    plain = _BRACKETED_UNIT.sub("", plain)
    return re.sub(r"[\s*＊:：]+", "", plain)


def unit_of(text) -> str:
    """The money unit in a heading: 投资额（万元） → 万元; "" when it names none."""
    plain = unicodedata.normalize("NFKC", str(text))
    match = re.search(r"[(\[【](?:单位:?)?\s*(亿元|万元|元|亿|万)[^)\]】]*[)\]】]", plain)
    return {"亿": "亿元", "万": "万元"}.get(match[1], match[1]) if match else ""


def _h(key, label, synonyms, needed=False):
    return Heading(key, label, tuple(synonyms.split()), needed)


_TEAM = "专班 对接专班 招商专班 责任专班 牵头专班 承办专班 首报专班 首报单位 责任单位 牵头单位 承办单位 所属专班 专班名称 落地单位"  # noqa: E501
_INVESTOR = "投资方 投资主体 投资单位 投资商 客商 投资企业 签约企业 投资方名称 投资人 企业名称 公司名称 客商名称 投资公司 意向企业"  # noqa: E501
_CONTENT = "内容及规模 内容 建设内容 建设内容及规模 项目概况 项目简介 项目内容 主要建设内容 建设规模 建设规模及内容 投资内容"  # noqa: E501
_PLANNED = "计划投资 总投资 计划总投资 投资金额 协议投资额 协议总投资额 总投资额 投资额 计划投资额 拟投资额 投资总额 意向投资 签约金额 总投资合计 计划总投资额"  # noqa: E501
_PARK = "拟选址 园区 落地园区 落户园区 拟落户园区 项目选址 建设地点 选址 拟落地园区 拟选址园区 落地地点 所在园区"  # noqa: E501
_LEADER = "包联领导 包抓领导 挂点领导 责任领导 联系领导 包保领导 市级包联领导"
_PHONE = "联系电话 联系方式 手机 电话 手机号 手机号码 联系人电话 电话号码"
_PROGRESS = "进展情况 项目进展 进度 目前进展 推进情况 进度、备注 当前进展 最新进展 工作进展 进展阶段 开工情况 形象进度 进展"  # noqa: E501
_SEGMENT = "产业链 产业链环节 环节 链条环节 所属产业链 产业类别 所属产业 产业链条"
_NOTE = "备注 备注说明 说明 附注"
_CODE = "系统编号 项目编号 项目编码"
_NAME = "项目名称 名称 项目 签约项目 储备项目 项目名"

FIELDS: dict[str, tuple[Heading, ...]] = {
    "companies": (
        _h(
            "name",
            _("company name"),
            "企业名称 单位名称 公司名称 客商名称 企业全称 单位全称 名称 企业",
            True,
        ),  # noqa: E501
        _h(
            "uscc",
            _("unified social credit code"),
            "统一社会信用代码 信用代码 社会信用代码 统一信用代码 税号",
        ),  # noqa: E501
        _h("short_name", _("short name"), "简称 企业简称 公司简称"),
        _h(
            "region",
            _("home region"),
            "总部所在地 注册地 所在地 企业所在地 总部 注册地址 所在城市 总部地址 地区",
        ),  # noqa: E501
        _h("parent", _("group parent"), "所属集团 集团 母公司 上级单位 控股股东"),
        _h("industry", _("industry"), "行业 所属行业 行业类别 国民经济行业"),
        _h("segment", _("chain segment"), _SEGMENT),
        _h("ownership", _("ownership"), "企业性质 企业类型 性质 所有制 经济类型"),
        _h("marks", _("marks"), "资质标签 资质 标签 企业资质 荣誉资质 企业标签"),
        _h("main_business", _("main business"), "主营业务 主营 经营范围 主要业务 主营产品"),
        _h(
            "revenue",
            _("last year's revenue"),
            "上年营收 营业收入 营收 上年度营收 年营收 上年营业收入",
        ),
        _h("contact", _("contact"), "联系人 对接人 联系人姓名 联系人及电话 企业联系人"),
        _h("position", _("position"), "职务 职位 联系人职务"),
        _h("phone", _("telephone"), _PHONE),
        _h("team", _("task force"), _TEAM),
        _h("leader", _("sponsoring leader"), _LEADER),
        _h("tier", _("key-firm tier"), "目标等级 等级 重点等级 企业等级 分类"),
        _h("note", _("note"), _NOTE + " 对接状态 对接情况 对接进展"),
    ),
    "contacts": (
        _h("company", _("company"), "企业名称 单位名称 公司名称 单位 企业 工作单位", True),
        _h("name", _("full name"), "姓名 联系人 联系人姓名", True),
        _h("section", _("section"), "部门 所在部门 科室"),
        _h("position", _("position"), "职务 职位"),
        _h("mobile", _("mobile"), "手机 手机号 手机号码 移动电话"),
        _h("phone", _("telephone"), "联系电话 电话 座机 办公电话 联系方式"),
        _h("note", _("note"), _NOTE),
    ),
    "visits": (
        _h(
            "held_on",
            _("date"),
            "日期 拜访日期 拜访时间 走访时间 时间 走访日期 会谈时间 对接时间 来访时间",
            True,
        ),  # noqa: E501
        _h("mode", _("how"), "方式 拜访方式 对接方式 形式 类型"),
        _h("city", _("city"), "城市 所在城市 拜访城市 地点 企业所在地 拜访地点 所在地"),
        _h(
            "company",
            _("company"),
            "企业名称 单位名称 公司名称 客商名称 拜访企业 走访企业 企业 拜访单位 对接企业",
            True,
        ),  # noqa: E501
        _h(
            "their_people",
            _("their people"),
            "对方人员 对方人员及职务 对方参会人员 对接人 联系人 对方代表 企业代表",
        ),  # noqa: E501
        _h("position", _("position"), "职务 职位 对方职务"),
        _h("phone", _("telephone"), _PHONE),
        _h("delegation_head", _("head of our side"), "带队领导 我方带队 带队人 领队"),
        _h("our_people", _("our people"), "我方人员 参加人员 参会人员 我方参会人员 陪同人员 成员"),
        _h(
            "content",
            _("what was talked about"),
            "洽谈内容 会谈情况 会谈内容 拜访内容 洽谈情况 对接内容 主要内容 情况",
        ),  # noqa: E501
        _h("wants", _("what they asked for"), "意向/诉求 诉求 意向 企业诉求 投资意向 意向诉求"),
        _h("outcome", _("outcome"), "成效 拜访成效 取得成效 结果 拜访结果"),
        _h(
            "next_step",
            _("next step"),
            "下一步 下一步工作 下步打算 下一步及责任人 下一步工作及完成时限 下一步计划 下一步打算 后续工作",
        ),  # noqa: E501
        _h("next_step_on", _("next step due"), "下次跟进时间 跟进时间 完成时限 下次跟进日期"),
        _h("team", _("task force"), _TEAM),
        _h("trip", _("trip"), "外出批次 批次 外出招商批次"),
        _h("note", _("note"), _NOTE),
    ),
    "projects": (
        _h("name", _("project name"), _NAME, True),
        _h("investor", _("lead investor"), _INVESTOR, True),
        _h("content", _("content and scale"), _CONTENT),
        _h("planned", _("planned investment"), _PLANNED, True),
        _h(
            "fixed_assets",
            _("of which fixed assets"),
            "其中固投 固定资产投资 固投 其中固定资产投资 固定资产投资额 总投资固定资产投资",
        ),  # noqa: E501
        _h("segment", _("chain segment"), _SEGMENT),
        _h("park", _("park"), _PARK),
        _h("land", _("land"), "用地/厂房 用地 用地面积 用地需求 厂房 占地面积 用地厂房"),
        _h("energy", _("energy use"), "用能 用能需求 用电 用电需求 能耗"),
        _h("compute", _("compute (P)"), "算力规模 算力规模(P) 算力 规划算力 算力规模P"),
        _h("team", _("task force"), _TEAM),
        _h("reported_on", _("reported on"), "首报时间 首次报送时间 报送时间 上报时间 首报日期"),
        _h("progress", _("progress"), _PROGRESS),
        _h("assessment", _("assessment"), "研判结果 研判意见 研判 预审结果 评估结果"),
        _h(
            "planned_signing",
            _("planned signing month"),
            "计划签约时间 拟签约时间 预计签约时间 计划签约",
        ),
        _h(
            "problems", _("problems"), "存在问题 存在困难和问题 问题 需协调事项 存在的问题 困难问题"
        ),
        _h("leader", _("sponsoring leader"), _LEADER),
        _h("contact", _("contact"), "联系人 联系人及电话 企业联系人 联系人姓名"),
        _h("phone", _("telephone"), _PHONE),
        _h("note", _("note"), _NOTE),
        _h("code", _("number"), _CODE),
    ),
    "deals": (
        _h("project", _("project name"), _NAME, True),
        _h("investor", _("lead investor"), _INVESTOR, True),
        _h("party", _("party"), "签约主体 签约方 签约单位 乙方"),
        _h("number", _("contract number"), "合同号 合同编号 协议编号 协议号"),
        _h("kind", _("kind of agreement"), "协议类型 合同类型 协议性质 签约类型 合同性质"),
        _h(
            "signed_on",
            _("signed on"),
            "签约时间 签订时间 协议签订时间 签约日期 签订日期 时间",
            True,
        ),
        _h("event", _("signing event"), "签约活动 签约场合 活动 签约平台"),
        _h(
            "amount",
            _("amount"),
            "签约金额 投资额 协议投资额 协议总投资额 总投资 计划总投资 投资金额 合同金额 总投资额 签约额 计划投资",
            True,
        ),  # noqa: E501
        _h(
            "outside",
            _("of which from outside the province"),
            "其中省外 省外资金 其中省外资金 省外",
        ),
        _h("content", _("content and scale"), _CONTENT),
        _h("park", _("park"), _PARK),
        _h("segment", _("chain segment"), _SEGMENT),
        _h("project_company", _("project company"), "注册公司 项目公司 注册公司名称"),
        _h("registered_on", _("registered on"), "注册时间 注册日期"),
        _h("filing_code", _("filing code"), "备案代码 项目代码 备案编码 立项代码"),
        _h("progress", _("progress"), _PROGRESS),
        _h("first_team", _("first report by"), "首谈单位 首谈专班"),
        _h("share", _("share"), "分成比例 分成"),
        _h("leader", _("sponsoring leader"), _LEADER),
        _h("team", _("task force"), _TEAM),
        _h("note", _("note"), _NOTE),
        _h("code", _("number"), _CODE),
    ),
    "building": (
        _h("name", _("project name"), _NAME, True),
        _h("investor", _("lead investor"), "建设单位 " + _INVESTOR),
        _h("planned", _("planned investment"), _PLANNED),
        _h("year_plan", _("planned this year"), "年度计划投资 年度计划 本年计划投资"),
        _h("month_done", _("done this month"), "本月完成 本月完成投资"),
        _h("total_done", _("done in all"), "累计完成 累计完成投资"),
        _h("arrived", _("money arrived"), "到位资金 累计到位资金"),
        _h("started_on", _("actual start"), "开工时间 实际开工时间 开工日期 动工时间", True),
        _h("planned_completion", _("planned completion"), "计划竣工 计划竣工时间 预计竣工时间"),
        _h(
            "produced_on",
            _("production or go-live"),
            "投产/上线时间 投产时间 上线时间 投产上线时间 竣工投产时间",
        ),  # noqa: E501
        _h("progress", _("progress"), _PROGRESS),
        _h("compute_planned", _("planned (P)"), "规划P 算力规模规划P 规划算力 规划算力P"),
        _h("compute_online", _("online (P)"), "已上线P 算力规模已上线P 已上线算力 上线P"),
        _h("racks", _("racks"), "机架 机架数 标准机架"),
        _h("load_mw", _("power load (MW)"), "用电负荷 用电负荷(MW) 负荷 用电负荷MW"),
        _h("problems", _("problems"), "存在问题 问题 存在困难和问题"),
        _h("team", _("task force"), _TEAM),
        _h("note", _("note"), _NOTE),
        _h("code", _("number"), _CODE),
    ),
    "arrivals": (
        _h("project", _("project name"), _NAME, True),
        _h("month", _("month"), "月份 到位月份 月 到位时间 时间 到资时间 资金到位时间", True),
        _h("amount", _("amount"), "到位资金 到位金额 金额 本月到位资金 到位资金额 到资额", True),
        _h("origin", _("origin"), "资金来源 来源 省内/省外 省内外"),
        _h("evidence", _("evidence"), "凭证 到位凭证 佐证材料 证明材料 依据"),
        _h("note", _("note"), _NOTE),
        _h("code", _("number"), _CODE),
    ),
    "trips": (
        _h("name", _("trip"), "批次 外出批次 活动名称 名称 外出招商批次"),
        _h("dates", _("from – to"), "起止时间 时间 外出时间 日期 起止日期", True),
        _h("cities", _("cities"), "目的地 城市 前往城市 地点 外出地点", True),
        _h("head", _("head of delegation"), "带队领导 带队 领队 带队人"),
        _h("people", _("people"), "人员 随行人员 参加人员"),
        _h("people_count", _("number of people"), "人数"),
        _h("kind", _("kind"), "活动类型 类型 招商方式"),
        _h("firms", _("firms visited"), "拜访企业 拜访企业数"),
        _h("leads", _("new leads"), "新增线索"),
        _h("signed", _("signed"), "签约情况"),
        _h("summary", _("results"), "主要成效 成效 工作成效 取得成效"),
        _h("team", _("task force"), _TEAM),
        _h("note", _("note"), _NOTE),
    ),
    "events": (
        _h("name", _("event"), "活动名称 名称 活动", True),
        _h("kind", _("kind"), "活动类型 类型"),
        _h("dates", _("from – to"), "起止时间 活动时间 时间 日期 举办时间"),
        _h("region", _("city"), "城市 地点 举办地点 活动地点"),
        _h("host", _("host"), "主办单位 主办方 承办单位 主办"),
        _h("summary", _("what it was about"), "活动内容 主要成效 内容 成效 简介"),
        _h("note", _("note"), _NOTE),
    ),
    "requests": (
        _h("raised_on", _("raised on"), "提出日期 提出时间 诉求时间 日期 反映时间", True),
        _h(
            "subject",
            _("firm or project"),
            "企业/项目 企业名称 项目名称 企业 项目 诉求企业 企业项目 诉求主体",
            True,
        ),  # noqa: E501
        _h("source", _("source"), "来源 诉求来源"),
        _h("category", _("category"), "类别 诉求类别 类型 诉求类型 问题类别"),
        _h("content", _("request"), "诉求内容 内容 问题 诉求 问题内容 诉求事项", True),
        _h(
            "department",
            _("responsible unit"),
            "责任单位 牵头单位 承办单位 责任部门 办理单位",
            True,
        ),
        _h("co_departments", _("supporting units"), "协办 协办单位 配合单位"),
        _h("due_on", _("due"), "办结时限 完成时限 时限"),
        _h("progress", _("progress"), "进展 办理进展 进展情况 办理情况"),
        _h("state", _("state"), "状态 办理状态"),
        _h("closed_on", _("closed on"), "办结时间 完成时间 办结日期"),
        _h("supervision", _("supervision"), "督办级别 督办"),
        _h("team", _("task force"), "专班 对接专班 招商专班 提出专班"),
        _h("note", _("note"), _NOTE),
    ),
}
# Columns that every ledger may have and that say nothing to us.
IGNORED = {"序号", "编号", "填报单位", "填报时间", "填报人", "错误原因", "NO.", "NO"}


def label(kind: str, key: str) -> str:
    return next((h.label for h in FIELDS.get(kind, ()) if h.key == key), key)


def match(kind: str, text) -> list[tuple[int, str]]:
    """Fields that a heading may mean, the best first: (score, key)."""
    plain = normal(text)
    if not plain or plain in IGNORED:
        return []
    scores = {}
    for heading in FIELDS[kind]:
        for synonym in map(normal, heading.synonyms):
            score = EXACT if plain == synonym else 0
            if not score and len(synonym) > 1 and synonym in plain:
                score = len(synonym) * 10 - len(plain)
            if score > scores.get(heading.key, -99) and score != 0:
                scores[heading.key] = score
    return sorted(((s, key) for key, s in scores.items()), reverse=True)
