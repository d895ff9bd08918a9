"""Every column of every kind of ledger, with all the ways offices head it; the usual one first.

Synonyms are compared in the form of ``headings.normal``. Of two columns of a sheet that could be
the same, the one whose heading stands further left in this table is taken.
"""

from dataclasses import dataclass

from django.utils.translation import gettext_lazy as _


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


def _h(key: str, label: str, synonyms: str) -> Heading:
    return Heading(key, label, tuple(synonyms.split()))


def _needed(key: str, label: str, synonyms: str) -> Heading:
    return Heading(key, label, tuple(synonyms.split()), needed=True)


def _unread(key: str, label: str, synonyms: str) -> Heading:
    return Heading(key, label, tuple(synonyms.split()), is_read=False)


_FIRM = (
    "企业名称 单位名称 公司名称 客商名称 企业全称 单位全称"
    " 公司全称 企业 单位 公司 客商 企业(单位)名称"
    " 企业(单位) 单位(企业)名称 企业名"
)
_INVESTOR = (
    "投资方 投资主体 投资单位 投资商 客商 投资企业 签约企业 投资方名称 投资企业名称 投资公司 投资人"
    " 投资者 投资方(企业) 意向企业 意向投资方 意向投资企业 项目单位 项目业主 业主单位 项目投资方"
    " 项目投资主体 投资方全称 企业名称 单位名称 公司名称 客商名称 企业全称 单位全称"
)
_PROJECT = (
    "项目名称 项目 名称 项目全称 项目名 意向项目 签约项目 储备项目 在谈项目 投资项目 招商项目"
)
_CONTENT = (
    "内容及规模 建设内容及规模 建设内容 内容 项目概况 项目简介 项目内容 主要建设内容 建设规模及内容"
    " 建设规模 主要内容 投资内容 合作内容 项目情况 项目基本情况 项目建设内容 建设内容和规模"
    " 主要建设内容及规模 规模及内容 项目建设内容及规模"
)
_TOTAL = (
    "总投资 计划总投资 计划总投资额 总投资额 投资总额 项目总投资 投资金额 投资额 计划投资额"
    " 协议总投资额 协议总投资 协议投资额 协议投资 拟投资额 拟投资 预计投资 预计总投资 意向投资"
    " 意向投资额 签约金额 投资规模"
)
_PARK = (
    "园区 落地园区 落户园区 拟落户园区 拟落地园区 拟选址 项目选址 建设地点 选址 拟选址园区 意向园区"
    " 意向选址 落地地点 落户地点 所在园区 所属园区 建设地址 项目地点 项目地址 拟落地"
)
_LEADER = "包联领导 包抓领导 挂点领导 责任领导 联系领导 包保领导 市级包联领导 市级领导 牵头领导"
_TEAM = (
    "专班 对接专班 招商专班 责任专班 牵头专班 承办专班 首报专班 所属专班 专班名称 责任单位 牵头单位"
    " 承办单位 首报单位 对接单位 落实单位 责任(牵头)单位 牵头责任单位"
)
_PHONE = (
    "联系电话 联系方式 电话 手机 手机号 手机号码 电话号码 联系人电话 联系手机 联系人联系方式"
    " 联系人手机 对方联系方式 对方电话"
)
_CONTACT = (
    "联系人 联系人及电话 联系人及联系方式 联系人姓名 企业联系人 对接人 联系人(电话) 联系人、电话"
    " 联系人/电话 项目联系人 企业对接人 联系人及职务 企业负责人 联系人电话及姓名"
)
_PROGRESS = (
    "进展情况 项目进展 进度 目前进展 推进情况 进度、备注"
    " 当前进展 最新进展 工作进展 进展 项目进展情况"
    " 项目进度 推进进展 目前进展情况 当前进展情况 洽谈进展"
    " 对接情况 项目推进情况 工作进展情况 前期进展"
)
_SEGMENT = (
    "产业链 产业链环节 环节 链条环节 所属产业链 产业链条 产业类别 所属产业 产业 产业类型 产业方向"
    " 产业领域 所属环节 产业链(环节)"
)
_PROBLEMS = (
    "存在问题 存在困难和问题 存在的问题 问题 困难问题 存在困难 存在问题及困难 需协调事项"
    " 需协调解决的问题 需协调问题 存在问题和困难 存在的困难和问题"
    " 需协调解决事项 堵点难点 存在困难及问题"
    " 需市级协调解决的问题 需要协调解决的问题 需市级协调事项 需协调解决的困难问题 需要协调的事项"
)
_NOTE = "备注 备注说明 说明 附注 其他 备注信息"
_CODE = "项目编号 系统编号 项目编码 系统项目编号"
_CITY = "城市 所在城市 拜访城市 地点 拜访地点 企业所在地 所在地 走访地点 企业所在城市 会谈地点"
_HEAD = "带队领导 我方带队 带队人 领队 带队 带队领导及职务 带队负责人 我方带队领导"

_COMPANIES = (
    _needed("name", _("company name"), f"{_FIRM} 名称"),
    _h("uscc", _("unified social credit code"),
       "统一社会信用代码 信用代码 社会信用代码 统一信用代码 统一社会信用码 企业信用代码 税号"),
    _h("short_name", _("short name"), "简称 企业简称 公司简称"),
    _h("region", _("home region"),
       "总部所在地 注册地 所在地 企业所在地 总部 注册地址 总部地址 所在城市 地区 总部城市 所在地区"
       " 所在省市 注册所在地 企业地址 地址"),
    _h("parent", _("group parent"), "所属集团 集团 母公司 上级单位 控股股东 上级公司 集团公司"),
    _h("industry", _("industry"), "行业 所属行业 行业类别 国民经济行业 行业分类 行业领域"),
    _h("segment", _("chain segments"), _SEGMENT),
    _h("ownership", _("ownership"), "企业性质 企业类型 性质 所有制 经济类型 所有制性质 公司性质"),
    _h("marks", _("marks"), "资质标签 资质 标签 企业资质 荣誉资质 企业标签 资质荣誉 企业荣誉"),
    _h("main_business", _("main business"),
       "主营业务 主营 经营范围 主要业务 主营产品 主要产品 企业简介 主营业务及产品"),
    _h("revenue", _("last year's revenue"),
       "上年营收 营业收入 营收 上年度营收 年营收 上年营业收入 上年度营业收入 年营业收入"),
    _h("contact", _("contact"), _CONTACT),
    _h("position", _("position"), "职务 职位 联系人职务"),
    _h("phone", _("contact phone"), _PHONE),
    _h("team", _("owning task force"), _TEAM),
    _h("leader", _("sponsoring leader"), _LEADER),
    _h("tier", _("target tier"), "目标等级 等级 重点等级 企业等级 分类 目标分级 优先级"),
    _unread("state", _("state of contact"), "对接状态 对接情况 对接进展 对接进展情况 当前状态"),
    _h("note", _("note"), _NOTE),
)  # fmt: skip

_CONTACTS = (
    _needed("company", _("company name"), f"{_FIRM} 工作单位 所在单位 所属企业 所属单位"),
    _needed("name", _("full name"), "姓名 联系人 联系人姓名 对接人"),
    _h("position", _("position"), "职务 职位 岗位 联系人职务"),
    _h("section", _("section"), "部门 所在部门 科室 处室"),
    _h("phone", _("telephone"), "联系电话 电话 座机 办公电话 联系方式 固定电话 电话号码"),
    _h("mobile", _("mobile"), "手机 手机号 手机号码 移动电话"),
    _h("note", _("note"), _NOTE),
)

_VISITS = (
    _needed("held_on", _("date"),
            "日期 拜访日期 拜访时间 走访时间 时间 走访日期 会谈时间 会谈日期 对接时间 对接日期"
            " 来访时间 来访日期 洽谈时间 接待时间 考察时间"),
    _h("mode", _("how"), "方式 拜访方式 对接方式 形式 类型 拜访形式 洽谈方式 招商方式"),
    _h("city", _("city"), _CITY),
    _needed("company", _("company name"),
            f"{_FIRM} 拜访企业 走访企业 拜访单位 对接企业 拜访企业名称 来访企业 走访企业名称"
            " 洽谈企业 来访单位 对接企业名称"),
    _h("their_people", _("their people"),
       "对方人员 对方人员及职务 对方参会人员 对接人 联系人 对方代表 企业代表 企业参会人员"
       " 对方参加人员 企业负责人 企业对接人 对方陪同人员 企业参加人员 对方人员(职务)"),
    _h("position", _("position"), "职务 职位 对方职务"),
    _h("phone", _("contact phone"), _PHONE),
    _h("delegation_head", _("head of delegation"), _HEAD),
    _h("our_people", _("our people"),
       "我方人员 参加人员 参会人员 我方参会人员 陪同人员 我方参加人员 随行人员 参与人员 成员"
       " 同行人员 走访人员 拜访人员 我方参与人员"),
    _h("content", _("what was talked about"),
       "洽谈内容 会谈情况 会谈内容 拜访内容 洽谈情况 对接内容 主要内容 拜访情况 交流内容 内容"
       " 对接情况 走访情况 情况 洽谈事项 会谈纪要 座谈内容"
       " 座谈情况 交流情况 走访内容 主要洽谈内容 沟通情况"),
    _h("wants", _("intention and requests"),
       "意向/诉求 诉求 意向 企业诉求 投资意向 意向诉求 意向及诉求 企业意向 合作意向 意向、诉求"),
    _h("outcome", _("outcome"), "成效 拜访成效 取得成效 结果 拜访结果 洽谈结果 取得成果 成果"),
    _h("next_step", _("next step"),
       "下一步 下一步工作 下步打算 下一步及责任人 下一步工作及完成时限 下一步计划 下一步打算"
       " 后续工作 下步工作 下一步工作计划 下一步工作打算 下步计划 下一步举措 下一步安排"),
    _h("next_step_on", _("next follow-up"),
       "下次跟进时间 跟进时间 完成时限 下次跟进日期 下次对接时间 跟进日期"),
    _unread("next_step_owner", _("who does it"), "责任人 跟进人 下一步责任人 跟进责任人"),
    _h("team", _("task force"), _TEAM),
    _h("trip", _("trip batch"), "外出批次 批次 外出招商批次 出访批次"),
    _h("note", _("note"), _NOTE),
)  # fmt: skip

_PROJECTS = (
    _needed("name", _("project name"), _PROJECT),
    _needed("investor", _("investor"), _INVESTOR),
    _h("content", _("content and scale"), _CONTENT),
    _needed("planned", _("planned investment"), f"计划投资 {_TOTAL}"),
    _h("fixed_assets", _("of which fixed assets (ledger)"),
       "其中固投 固定资产投资 固投 其中固定资产投资 固定资产投资额 其中固定资产 固定资产"
       " 其中固定资产投资额 计划固定资产投资"),
    _h("segment", _("chain segments"), _SEGMENT),
    _h("park", _("intended site"), _PARK),
    _h("land", _("land or hall"),
       "用地/厂房 用地 用地面积 用地需求 厂房 占地面积 用地厂房 用地(亩) 厂房面积 用地情况"
       " 用地、厂房 厂房需求 土地需求"),
    _h("energy", _("energy use (load)"),
       "用能 用能需求 用电 用电需求 能耗 用电负荷 能耗需求 年用电量 用电量 用能情况"),
    _h("compute", _("compute scale (P)"),
       "算力规模 算力 规划算力 算力规模P 算力需求 规划算力规模 规划P"),
    _h("team", _("first reporting task force"), _TEAM),
    _h("reported_on", _("first reported on"),
       "首报时间 首次报送时间 报送时间 上报时间 首报日期 首次上报时间 入库时间"),
    _h("progress", _("progress of the project"), _PROGRESS),
    _h("assessment", _("result of the assessment"),
       "研判结果 研判意见 研判 预审结果 评估结果 研判结论 预审意见 研判情况"),
    _h("planned_signing", _("planned signing date"),
       "计划签约时间 拟签约时间 预计签约时间 计划签约 预计签约 拟签约日期 计划签约月份"),
    _h("problems", _("problems"), _PROBLEMS),
    _h("leader", _("sponsoring leader"), _LEADER),
    _h("contact", _("contact"), _CONTACT),
    _h("phone", _("contact phone"), _PHONE),
    _h("note", _("note"), _NOTE),
    _h("code", _("project number"), _CODE),
)  # fmt: skip

_DEALS = (
    _needed("project", _("project name"), _PROJECT),
    _needed("investor", _("investing party"), _INVESTOR),
    _h("party", _("signing party"), "签约主体 签约方 签约单位 乙方 签约双方 签约方名称 签约公司"),
    _h("number", _("contract number"), "合同号 合同编号 协议编号 协议号 合同(协议)编号 协议书编号"),
    _h("kind", _("kind of agreement"),
       "协议类型 合同类型 协议性质 签约类型 合同性质 签约性质 协议类别 签约形式"),
    _needed("signed_on", _("date of signing"),
            "签约时间 签订时间 协议签订时间 签约日期 签订日期 合同签订时间 签约年月 时间"),
    _h("event", _("signing event"), "签约活动 签约场合 活动 签约平台 签约活动名称 签约会"),
    _needed("amount", _("amount signed"),
            "签约金额 签约总金额 签约额 合同金额 合同额 协议金额"
            " 协议投资额 协议总投资额 协议总投资 协议投资"
            f" 签约投资额 签约总投资 {_TOTAL} 计划投资"),
    _h("outside", _("of which from outside the province"),
       "其中省外 省外资金 其中省外资金 省外 签约金额其中省外 引进省外资金"),
    _h("content", _("content of the works"), _CONTENT),
    _h("park", _("park of landing"), _PARK),
    _h("segment", _("chain segments"), _SEGMENT),
    _h("project_company", _("registered company"),
       "注册公司 项目公司 注册公司名称 项目公司名称 落地企业 注册公司/时间 注册企业 落地公司"),
    _h("registered_on", _("date of registration"),
       "注册时间 注册日期 公司注册时间 项目公司注册时间"),
    _h("filing_code", _("filing code"),
       "备案代码 项目代码 备案编码 立项代码 备案号 项目备案代码 立项备案代码"),
    _h("arrived_total", _("money arrived in all"),
       "到位资金累计 累计到位资金 累计到位 到位资金 到位资金总额 已到位资金 到位资金合计"),
    _unread("arrived_year", _("money arrived this year"),
            "到位资金当年 当年到位资金 本年到位资金 当年到位 到位资金本年 本年度到位资金"),
    _unread("arrived_outside", _("money arrived from outside the province"),
            "到位资金其中省外 省外到位资金 到位省外资金 到位资金省外 其中省外到位资金"),
    _h("progress", _("stage of progress"), f"进展阶段 {_PROGRESS} 开工情况 项目阶段 形象进度 阶段"),
    _h("first_team", _("unit of the first talks"), "首谈单位 首谈专班 首谈 首报首谈单位"),
    _h("landing_team", _("unit of the landing"), "落地单位 落地专班"),
    _h("share", _("shares of the credit"), "分成比例 分成 业绩分成 分成比"),
    _h("leader", _("sponsoring leader"), _LEADER),
    _h("team", _("lead task force"), _TEAM),
    _h("note", _("note"), _NOTE),
    _h("code", _("project number"), _CODE),
)  # fmt: skip

_BUILDING = (
    _needed("name", _("project name"), _PROJECT),
    _h("investor", _("constructing unit"), f"建设单位 {_INVESTOR} 建设主体 实施单位 业主"),
    _h("planned", _("total investment"), f"{_TOTAL} 计划投资"),
    _unread("year_plan", _("planned this year"),
            "年度计划投资 年度计划 本年计划投资 年度投资计划"
            " 当年计划投资 本年度计划投资 年计划投资"),
    _unread("month_done", _("done this month"),
            "本月完成 本月完成投资 当月完成投资 当月完成 本月完成投资额"),
    _unread("total_done", _("done in all"),
            "累计完成 累计完成投资 累计完成投资额 开工以来累计完成投资 开工累计完成投资 完成投资"),
    _unread("arrived", _("money arrived"), "到位资金 累计到位资金 资金到位 已到位资金 累计到位"),
    _needed("started_on", _("date of the start"),
            "开工时间 实际开工时间 开工日期 动工时间 开工年月 开工(上线)时间"),
    _unread("planned_completion", _("planned completion"),
            "计划竣工 计划竣工时间 预计竣工时间 竣工时间 拟竣工时间 计划完工时间 建成时间"),
    _h("produced_on", _("date of production"),
       "投产/上线时间 投产时间 上线时间 投产上线时间 竣工投产时间 投产日期 上线日期 点亮上线时间"),
    _h("progress", _("visible progress"), f"形象进度 {_PROGRESS} 工程进度 建设进度 建设进展"),
    _unread("filing", _("filing"), "手续办理备案 备案 备案情况 立项备案 项目备案 备案代码"),
    _unread("land", _("land"), "手续办理用地 用地 用地手续 土地 土地手续 手续办理土地"),
    _unread("planning", _("planning permit"), "手续办理规划 规划 规划许可 规划手续 规划许可证"),
    _unread("environment", _("environment review"), "手续办理环评 环评 环评手续 环境影响评价"),
    _unread("energy_review", _("energy-saving review"), "手续办理节能 节能 节能审查 能评"),
    _unread("permit", _("construction permit"), "手续办理施工许可 施工许可 施工许可证"),
    _unread("statistics", _("in the statistics"), "入统 入统情况 是否入统 入库入统 入统时间"),
    _h("compute_planned", _("planned P"),
       "算力规模规划P 规划P 规划算力 规划算力P 规划算力规模 算力规模规划 算力规模"),
    _h("compute_online", _("online P"),
       "算力规模已上线P 已上线P 已上线算力 上线P 已上线算力P 算力规模已上线 上线算力 已投运算力"),
    _h("racks", _("racks"), "机架 机架数 标准机架 机架规模 机柜 机柜数 机架数量"),
    _h("load_mw", _("power load (MW)"), "用电负荷 负荷 用电负荷MW 电力负荷 用电容量"),
    _unread("problems", _("problems"), _PROBLEMS),
    _h("team", _("responsible unit"), _TEAM),
    _unread("note", _("note"), _NOTE),
    _h("code", _("project number"), _CODE),
)  # fmt: skip

_ARRIVALS = (
    _needed("project", _("project name"), _PROJECT),
    _needed("month", _("month of arrival"),
            "到位月份 月份 月 到位时间 到资时间 资金到位时间 到位日期 到账时间 时间"),
    _needed("amount", _("amount arrived"),
            "到位金额 到位资金 本月到位资金 本月到位金额 当月到位资金 到位资金额 到资额 到资金额"
            " 到账金额 金额 实际到位资金"),
    _h("origin", _("origin of the money"), "资金来源 来源 省内/省外 省内外 省外/省内 资金性质"),
    _h("evidence", _("evidence"), "佐证材料 凭证 到位凭证 证明材料 依据 到资凭证 佐证"),
    _unread("note", _("note"), _NOTE),
    _h("code", _("project number"), _CODE),
)  # fmt: skip

_TRIPS = (
    _h("name", _("trip batch"), "批次 外出批次 活动名称 名称 外出招商批次 外出招商活动"),
    _needed("dates", _("first and last day"),
            "起止时间 时间 外出时间 日期 起止日期 活动时间 外出日期 招商时间 出访时间"),
    _needed("cities", _("destination"),
            "目的地 城市 前往城市 地点 外出地点 目的城市 招商地点 前往地点 外出城市 活动地点"),
    _h("head", _("head of delegation"), _HEAD),
    _unread("people", _("people of the trip"),
            "人员 随行人员 参加人员 参与人员 成员 同行人员 外出人员"),
    _h("people_count", _("number of people"), "人数 外出人数 参加人数 批次人数"),
    _h("kind", _("kind of activity"), "活动类型 类型 招商方式 活动形式 招商形式"),
    _unread("firms", _("firms met"),
       "拜访企业 拜访企业数 拜访企业名称 走访企业 对接企业 拜访企业情况"),
    _unread("leads", _("new leads"), "新增线索 线索 新增线索数 新增项目线索"),
    _unread("signed", _("what was signed"), "签约情况 签约 签约项目 签约项目情况"),
    _h("purpose", _("purpose"), "目的 出行目的 外出目的 招商目的 任务 主要任务 外出任务"),
    _h("cost", _("cost"), "费用 招商经费 经费 活动经费 支出 花费 差旅费用 外出费用"),
    _h("summary", _("main results"), "主要成效 成效 工作成效 取得成效 活动成效 招商成效 成果"),
    _h("team", _("task force"), _TEAM),
    _h("note", _("note"), _NOTE),
)  # fmt: skip

_EVENTS = (
    _needed("name", _("event name"), "活动名称 名称 活动 招商活动 招商活动名称"),
    _h("kind", _("kind of event"), "活动类型 类型 活动形式"),
    _h("dates", _("dates of the event"), "活动时间 起止时间 时间 日期 举办时间 举办日期 活动日期"),
    _h("region", _("place of the event"), "活动地点 城市 地点 举办地点 举办城市 目的地"),
    _h("host", _("host"), "主办单位 主办方 承办单位 主办 举办单位 责任单位"),
    _h("purpose", _("purpose of the event"), "目的 活动目的 任务 活动任务"),
    _h("cost", _("cost"), "费用 活动费用 活动经费 经费 支出 花费"),
    _h("summary", _("what the event was about"), "活动内容 主要成效 内容 成效 简介 活动成效"),
    _unread("note", _("note"), _NOTE),
)

_REQUESTS = (
    _needed("raised_on", _("raised on"),
            "提出日期 提出时间 诉求时间 日期 反映时间 反映日期 收到时间 登记时间 诉求提出时间"),
    _needed("subject", _("company or project"),
            "企业/项目 企业(项目)名称 企业或项目 企业项目 诉求企业 诉求主体 企业(项目)"
            f" 企业、项目 提出企业 诉求单位 {_FIRM} 项目名称 项目 投资方 投资企业"),
    _h("source", _("source"), "来源 诉求来源 问题来源"),
    _h("category", _("category"), "类别 诉求类别 类型 诉求类型 问题类别 问题类型 诉求分类"),
    _needed("content", _("content of the request"),
            "诉求内容 问题内容 诉求事项 具体诉求 诉求 内容 问题 诉求/问题 诉求及问题 存在问题"
            " 反映问题 企业诉求 需协调事项 诉求问题"),
    _needed("department", _("responsible unit"),
            "责任单位 牵头单位 承办单位 责任部门 办理单位 主办单位 牵头部门 责任处室 牵头责任单位"),
    _unread("co_departments", _("supporting units"), "协办 协办单位 配合单位 协办部门 配合部门"),
    _h("due_on", _("deadline"), "办结时限 完成时限 时限 办理时限 要求办结时间 限办时间"),
    _h("progress", _("progress"), "进展 办理进展 进展情况 办理情况 办理进展情况 目前进展 解决情况"),
    _unread("state", _("state of the request"), "状态 办理状态 办结状态 是否办结"),
    _h("closed_on", _("date of closing"), "办结时间 完成时间 办结日期 实际办结时间 完成日期"),
    _h("supervision", _("supervision"), "督办级别 督办 督办层级"),
    _h("team", _("task force"), "专班 对接专班 招商专班 提出专班 责任专班 牵头专班"),
    _unread("note", _("note"), _NOTE),
)  # fmt: skip

_DATA_CENTRES = (
    _needed("name", _("data centre"),
            "数据中心 数据中心名称 名称 算力中心 算力中心名称 项目名称 中心名称"),
    _h("park", _("park"), "园区 所在园区 落地园区 建设地点 地点 位置"),
    _h("operator", _("operator"), "运营单位 运营商 运营主体 建设单位 运营企业 业主单位"),
    _h("state", _("state"), "状态 建设状态 运行状态 进展阶段"),
    _h("phase", _("phase"), "期次 分期 期别"),
    _h("kind", _("kind of compute"), "算力类型 类型 算力种类"),
    _h("precision", _("precision"), "计算精度 精度 算力精度"),
    _h("planned_p", _("planned (P)"), "规划算力 规划算力(P) 规划P 规划规模 算力规模 设计算力"),
    _h("online_p", _("online (P)"), "已上线算力 在线算力 已上线P 上线算力 已投运算力 在线P"),
    _h("building_p", _("under construction (P)"), "在建算力 在建P 建设中算力"),
    _h("reserved_p", _("reserved (P)"), "预留算力 预留P 储备算力"),
    _unread("by_kind", _("compute by kind"), "分类型算力"),
    _h("racks", _("racks"), "机架 机架数 标准机架"),
    _h("it_load_mw", _("IT load (MW)"), "IT负荷 用电负荷 IT负荷(MW) 负荷"),
    _h("pue", "PUE", "PUE PUE值 电能利用效率 能效"),
    _h("green", _("green power share (%)"), "绿电占比 绿电比例 绿电占比(%)"),
    _h("planned_live", _("planned go-live"), "计划上线 计划上线时间 计划投运时间 预计上线时间"),
    _h("live", _("actual go-live"), "实际上线 实际上线时间 上线时间 投运时间 点亮时间"),
    _h("source", _("source"), "来源 数据来源 出处"),
)  # fmt: skip

_CHAINS = (
    _needed("chain", _("industry chain"),
            "产业链 产业链名称 所属产业链 链条 产业链条 链名称 链条名称 重点产业链"),
    _needed("name", _("chain segment"),
            "环节 产业链环节 环节名称 链条环节 所属环节 细分环节 关键环节 细分领域 产业环节"),
    _h("position", _("place in the chain"),
       "上中下游 链上位置 上下游 所处位置 环节位置 位置 上/中/下游 产业链位置 所属位置"),
    _h("sequence", _("order of the segment"), "环节顺序 顺序 排序 环节序号 次序 环节排序"),
    _h("description", _("description"),
       "环节说明 环节描述 环节简介 主要内容 主要产品 核心产品 环节内容 说明"),
    _h("firms", _("firms of the segment"),
       "链上企业 重点企业 代表企业 链上重点企业 龙头企业 主要企业 骨干企业 企业名单 目标企业"
       f" 代表性企业 {_FIRM}"),
    _unread("count", _("number of firms"), "企业数 企业数量 企业家数 链上企业数"),
    _h("source", _("source"), "来源 资料来源 出处 信息来源 依据"),
    _unread("note", _("note"), "备注 备注说明 附注"),
)  # fmt: skip

_INVITATIONS = (
    _needed(
        "to",
        _("invited to (event or trip)"),
        "活动/批次 活动名称 活动 邀请活动 参加活动 活动或批次 批次 外出批次 推介会名称",
    ),
    _h("company", _("company name"), f"{_FIRM} 邀请企业 嘉宾单位 参会企业 参会单位 受邀企业"),
    _h("guest", _("guest"), "嘉宾 嘉宾姓名 姓名 参会人员 受邀嘉宾 姓名及职务 参会人"),
    _h("people_count", _("number of people"), "人数 参会人数 到会人数"),
    _h("state", _("attendance"), "参会情况 到会情况 状态 是否参会 出席情况 邀请情况"),
    _h("team", _("invited by"), f"邀请单位 邀请专班 {_TEAM}"),
    _h("note", _("note"), _NOTE),
)

_COMMITMENTS = (
    _h("project", _("project name"), _PROJECT),
    _h("number", _("contract number"), "合同号 合同编号 协议编号 协议号 合同(协议)编号"),
    _needed("side", _("promised by"), "承诺方 履约方 承诺主体 责任方 履约主体"),
    _h("kind", _("kind of commitment"), "承诺类别 类别 承诺类型 事项类别 条款类别"),
    _needed("content", _("commitment"),
            "承诺事项 承诺内容 约定事项 履约事项 事项 条款内容 约定内容"),
    _h("amount", _("amount promised"), "承诺金额 约定金额 金额 补助金额 奖补金额"),
    _h("department", _("responsible unit"),
       "责任单位 牵头单位 承办单位 责任部门 落实单位 牵头部门"),
    _h("due_on", _("due"),
       "到期日 完成期限 截止时间 完成时限 时限 到期时间 约定时间 履约时限 截止日期"),
    _h("fulfilled_on", _("kept on"),
       "履行日期 兑现日期 履约时间 完成时间 履行时间 兑现时间 完成日期"),
    _unread("state", _("state of keeping"), "履约状态 状态 履约情况 履行状态 是否履行"),
    _h("result", _("how it was kept"), "履行情况 兑现情况 落实情况 完成情况 进展情况"),
    _h("disputed_on", _("disputed since"), "争议时间 争议日期 争议起始时间 提出争议日期"),
    _h("dispute", _("what is disputed"), "争议事项 争议内容 争议 争议情况"),
    _h("settled_on", _("dispute settled on"), "争议解决日期 解决时间 争议解决时间"),
    _h("settlement", _("how it was settled"), "解决情况 争议处理 处理结果 争议解决情况"),
    _unread("note", _("note"), _NOTE),
)  # fmt: skip

_REFERRALS = (
    _needed("introduced_on", _("introduced on"), "引荐日期 引荐时间 日期 推荐时间 时间"),
    _needed("member", _("alliance member"), "联盟成员 引荐单位 成员单位 推荐单位 联盟成员单位"),
    _h("person", _("introduced by (person)"), "引荐人 推荐人 联络员 联系人"),
    _needed("company", _("firm introduced"), f"被引荐企业 引荐企业 推荐企业 {_FIRM}"),
    _h("project", _("project introduced"), f"引荐项目 推荐项目 {_PROJECT}"),
    _h("team", _("taken up by"), f"承接专班 {_TEAM}"),
    _h("note", _("note"), _NOTE),
)

_MEETINGS = (
    _needed("name", _("meeting"), "会议名称 会议 名称 会议主题 主题 联盟会议"),
    _needed("held_on", _("date"), "会议日期 会议时间 日期 时间 召开时间 召开日期"),
    _h("place", _("place"), "会议地点 地点 召开地点"),
    _h("agenda", _("agenda"), "会议议题 议题 议程 会议议程 主要议题"),
    _h("summary", _("what was agreed"), "议定事项 会议纪要 纪要 会议成果 主要成果 达成共识"),
    _h(
        "came",
        _("members that came"),
        "参会成员 参会单位 参会成员单位 到会成员 出席单位 到会单位 参加单位",
    ),
    _h("excused", _("members that sent regrets"), "请假成员 请假单位 请假成员单位 缺席单位"),
)

_AGREEMENTS = (
    _needed("name", _("agreement"), "协议名称 协议 合作协议 名称 合作协议名称 培养协议"),
    _needed(
        "institution",
        _("partner institution"),
        "合作院校 院校 高校 学校 合作高校 院校名称 合作单位 培养院校 科研院所 合作院所",
    ),
    _h("company", _("firm that takes part"), f"参与企业 合作企业 共建企业 {_FIRM}"),
    _h("signed_on", _("signed on"), "签订日期 签约日期 签订时间 签约时间 签署时间 签署日期"),
    _h("valid_until", _("valid until"), "有效期至 到期日 有效期 截止日期 到期时间 终止日期"),
    _h("content", _("what was agreed"), "协议内容 合作内容 主要内容 约定内容 内容"),
    _h("source", _("source sentence"), "来源 依据 出处"),
)

_PROGRAMMES = (
    _needed(
        "name",
        _("programme"),
        "培养项目 项目名称 联合培养项目 名称 订单班 班级名称 培养班 班级 专业 专业名称",
    ),
    _needed(
        "institution",
        _("partner institution"),
        "合作院校 院校 高校 学校 合作高校 院校名称 培养院校 合作单位 合作院所",
    ),
    _h("agreement", _("training agreement"), "依据协议 培养协议 合作协议 协议名称 协议"),
    _h("field", _("field of training"), "培养方向 专业方向 方向 人才类别 培养领域 人才方向"),
    _h("level", _("level"), "培养层次 层次 学历层次 学历"),
    _h("company", _("firm that takes part"), f"参与企业 合作企业 用人单位 订单企业 {_FIRM}"),
    _h("year", _("year"), "年度 年份 学年 统计年度 届别"),
    _h("in_training", _("in training"), "在培人数 在读人数 在校人数 培养人数 在训人数 人数"),
    _h("finished", _("finishing"), "当年结业 结业人数 毕业人数 当年毕业 完成培养 结业"),
    _h("stayed", _("of which stayed here"), "其中留宁 留宁人数 留宁 留青人数 本地就业 留宁就业"),
    _h("note", _("note"), _NOTE),
)

FIELDS: dict[str, tuple[Heading, ...]] = {
    "companies": _COMPANIES,
    "contacts": _CONTACTS,
    "visits": _VISITS,
    "projects": _PROJECTS,
    "deals": _DEALS,
    "building": _BUILDING,
    "arrivals": _ARRIVALS,
    "trips": _TRIPS,
    "events": _EVENTS,
    "requests": _REQUESTS,
    "data_centres": _DATA_CENTRES,
    "chains": _CHAINS,
    "invitations": _INVITATIONS,
    "commitments": _COMMITMENTS,
    "referrals": _REFERRALS,
    "meetings": _MEETINGS,
    "agreements": _AGREEMENTS,
    "programmes": _PROGRAMMES,
}

# Headings that, in this kind of ledger, people use for different things: asked once, remembered.
# Until then the first is taken; "" first means that nothing is.
AMBIGUOUS: dict[str, dict[str, tuple[str, ...]]] = {
    "projects": {
        "投资": ("planned", "fixed_assets"),
        "投资额合计": ("planned", "fixed_assets"),
        "资金": ("", "planned"),
    },
    "deals": {
        "到位资金": ("arrived_total", "arrived_year"),
        "省外": ("outside", "arrived_outside"),
        "金额": ("amount", "arrived_total"),
        "投资": ("amount", "outside"),
    },
    "building": {
        "计划投资": ("planned", "year_plan"),
        "投资额": ("planned", "year_plan"),
        "完成投资": ("total_done", "month_done"),
        "完成投资额": ("total_done", "month_done"),
        "投资": ("planned", "year_plan"),
    },
    "arrivals": {
        "累计到位资金": ("", "amount"),
        "累计到位": ("", "amount"),
        "累计到位金额": ("", "amount"),
        "到位资金累计": ("", "amount"),
        "资金": ("amount",),
    },
}
