"""Every column of every kind of ledger, with all the ways offices head it; the usual one first.

Synonyms are compared in the form of ``headings.normal``. Of two columns of a sheet that could be
the same, the one whose heading stands further left in this table is taken.
"""

from django.utils.translation import gettext_lazy as _

from . import partner_synonyms as partners
from .heading_words import FIRM, NOTE, PROJECT, TEAM, Heading, h, needed, unread

_INVESTOR = (
    "投资方 投资主体 投资单位 投资商 客商 投资企业 签约企业 投资方名称 投资企业名称 投资公司 投资人"
    " 投资者 投资方(企业) 意向企业 意向投资方 意向投资企业 项目单位 项目业主 业主单位 项目投资方"
    " 项目投资主体 投资方全称 企业名称 单位名称 公司名称 客商名称 企业全称 单位全称"
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
_CODE = "项目编号 系统编号 项目编码 系统项目编号"
_CITY = "城市 所在城市 拜访城市 地点 拜访地点 企业所在地 所在地 走访地点 企业所在城市 会谈地点"
_HEAD = "带队领导 我方带队 带队人 领队 带队 带队领导及职务 带队负责人 我方带队领导"

_COMPANIES = (
    needed("name", _("company name"), f"{FIRM} 名称"),
    h("uscc", _("unified social credit code"),
       "统一社会信用代码 信用代码 社会信用代码 统一信用代码 统一社会信用码 企业信用代码 税号"),
    h("short_name", _("short name"), "简称 企业简称 公司简称"),
    h("region", _("home region"),
       "总部所在地 注册地 所在地 企业所在地 总部 注册地址 总部地址 所在城市 地区 总部城市 所在地区"
       " 所在省市 注册所在地 企业地址 地址 省份 所在省份 所属省份 来源省份 省市"),
    h("parent", _("group parent"), "所属集团 集团 母公司 上级单位 控股股东 上级公司 集团公司"),
    h("industry", _("industry"), "行业 所属行业 行业类别 国民经济行业 行业分类 行业领域"),
    h("segment", _("chain segments"), _SEGMENT),
    h("ownership", _("ownership"), "企业性质 企业类型 性质 所有制 经济类型 所有制性质 公司性质"),
    h("marks", _("marks"), "资质标签 资质 标签 企业资质 荣誉资质 企业标签 资质荣誉 企业荣誉"),
    h("main_business", _("main business"),
       "主营业务 主营 经营范围 主要业务 主营产品 主要产品 企业简介 主营业务及产品"),
    h("revenue", _("last year's revenue"),
       "上年营收 营业收入 营收 上年度营收 年营收 上年营业收入 上年度营业收入 年营业收入"),
    h("contact", _("contact"), _CONTACT),
    h("position", _("position"), "职务 职位 联系人职务"),
    h("phone", _("contact phone"), _PHONE),
    h("team", _("owning task force"), TEAM),
    h("leader", _("sponsoring leader"), _LEADER),
    h("tier", _("target tier"), "目标等级 等级 重点等级 企业等级 分类 目标分级 优先级"),
    unread("state", _("state of contact"), "对接状态 对接情况 对接进展 对接进展情况 当前状态"),
    h("note", _("note"), NOTE),
)  # fmt: skip

_CONTACTS = (
    needed("company", _("company name"), f"{FIRM} 工作单位 所在单位 所属企业 所属单位"),
    needed("name", _("full name"), "姓名 联系人 联系人姓名 对接人"),
    h("position", _("position"), "职务 职位 岗位 联系人职务"),
    h("section", _("section"), "部门 所在部门 科室 处室"),
    h("phone", _("telephone"), "联系电话 电话 座机 办公电话 联系方式 固定电话 电话号码"),
    h("mobile", _("mobile"), "手机 手机号 手机号码 移动电话"),
    h("note", _("note"), NOTE),
)

_VISITS = (
    needed("held_on", _("date"),
            "日期 拜访日期 拜访时间 走访时间 时间 走访日期 会谈时间 会谈日期 对接时间 对接日期"
            " 来访时间 来访日期 洽谈时间 接待时间 考察时间"),
    h("mode", _("how"), "方式 拜访方式 对接方式 形式 类型 拜访形式 洽谈方式 招商方式"),
    h("city", _("city"), _CITY),
    needed("company", _("company name"),
            f"{FIRM} 拜访企业 走访企业 拜访单位 对接企业 拜访企业名称 来访企业 走访企业名称"
            " 洽谈企业 来访单位 对接企业名称"),
    h("their_people", _("their people"),
       "对方人员 对方人员及职务 对方参会人员 对接人 联系人 对方代表 企业代表 企业参会人员"
       " 对方参加人员 企业负责人 企业对接人 对方陪同人员 企业参加人员 对方人员(职务)"),
    h("position", _("position"), "职务 职位 对方职务"),
    h("phone", _("contact phone"), _PHONE),
    h("delegation_head", _("head of delegation"), _HEAD),
    h("our_people", _("our people"),
       "我方人员 参加人员 参会人员 我方参会人员 陪同人员 我方参加人员 随行人员 参与人员 成员"
       " 同行人员 走访人员 拜访人员 我方参与人员"),
    h("content", _("what was talked about"),
       "洽谈内容 会谈情况 会谈内容 拜访内容 洽谈情况 对接内容 主要内容 拜访情况 交流内容 内容"
       " 对接情况 走访情况 情况 洽谈事项 会谈纪要 座谈内容"
       " 座谈情况 交流情况 走访内容 主要洽谈内容 沟通情况"),
    h("wants", _("intention and requests"),
       "意向/诉求 诉求 意向 企业诉求 投资意向 意向诉求 意向及诉求 企业意向 合作意向 意向、诉求"),
    h("outcome", _("outcome"), "成效 拜访成效 取得成效 结果 拜访结果 洽谈结果 取得成果 成果"),
    h("next_step", _("next step"),
       "下一步 下一步工作 下步打算 下一步及责任人 下一步工作及完成时限 下一步计划 下一步打算"
       " 后续工作 下步工作 下一步工作计划 下一步工作打算 下步计划 下一步举措 下一步安排"),
    h("next_step_on", _("next follow-up"),
       "下次跟进时间 跟进时间 完成时限 下次跟进日期 下次对接时间 跟进日期"),
    unread("next_step_owner", _("who does it"), "责任人 跟进人 下一步责任人 跟进责任人"),
    h("team", _("task force"), TEAM),
    h("trip", _("trip batch"), "外出批次 批次 外出招商批次 出访批次"),
    h("note", _("note"), NOTE),
)  # fmt: skip

_PROJECTS = (
    needed("name", _("project name"), PROJECT),
    needed("investor", _("investor"), _INVESTOR),
    h("content", _("content and scale"), _CONTENT),
    needed("planned", _("planned investment"), f"计划投资 {_TOTAL}"),
    h("fixed_assets", _("of which fixed assets (ledger)"),
       "其中固投 固定资产投资 固投 其中固定资产投资 固定资产投资额 其中固定资产 固定资产"
       " 其中固定资产投资额 计划固定资产投资"),
    h("segment", _("chain segments"), _SEGMENT),
    h("park", _("intended site"), _PARK),
    h("land", _("land or hall"),
       "用地/厂房 用地 用地面积 用地需求 厂房 占地面积 用地厂房 用地(亩) 厂房面积 用地情况"
       " 用地、厂房 厂房需求 土地需求"),
    h("energy", _("energy use (load)"),
       "用能 用能需求 用电 用电需求 能耗 用电负荷 能耗需求 年用电量 用电量 用能情况"),
    h("compute", _("compute scale (P)"),
       "算力规模 算力 规划算力 算力规模P 算力需求 规划算力规模 规划P"),
    h("team", _("first reporting task force"), TEAM),
    h("reported_on", _("first reported on"),
       "首报时间 首次报送时间 报送时间 上报时间 首报日期 首次上报时间 入库时间"),
    h("progress", _("progress of the project"), _PROGRESS),
    h("assessment", _("result of the assessment"),
       "研判结果 研判意见 研判 预审结果 评估结果 研判结论 预审意见 研判情况"),
    h("planned_signing", _("planned signing date"),
       "计划签约时间 拟签约时间 预计签约时间 计划签约 预计签约 拟签约日期 计划签约月份"),
    h("problems", _("problems"), _PROBLEMS),
    h("leader", _("sponsoring leader"), _LEADER),
    h("contact", _("contact"), _CONTACT),
    h("phone", _("contact phone"), _PHONE),
    h("note", _("note"), NOTE),
    h("code", _("project number"), _CODE),
)  # fmt: skip

_DEALS = (
    needed("project", _("project name"), PROJECT),
    needed("investor", _("investing party"), _INVESTOR),
    h("party", _("signing party"), "签约主体 签约方 签约单位 乙方 签约双方 签约方名称 签约公司"),
    h("number", _("contract number"), "合同号 合同编号 协议编号 协议号 合同(协议)编号 协议书编号"),
    h("kind", _("kind of agreement"),
       "协议类型 合同类型 协议性质 签约类型 合同性质 签约性质 协议类别 签约形式"),
    needed("signed_on", _("date of signing"),
            "签约时间 签订时间 协议签订时间 签约日期 签订日期 合同签订时间 签约年月 时间"),
    h("event", _("signing event"), "签约活动 签约场合 活动 签约平台 签约活动名称 签约会"),
    needed("amount", _("amount signed"),
            "签约金额 签约总金额 签约额 合同金额 合同额 协议金额"
            " 协议投资额 协议总投资额 协议总投资 协议投资"
            f" 签约投资额 签约总投资 {_TOTAL} 计划投资"),
    h("outside", _("of which from outside the province"),
       "其中省外 省外资金 其中省外资金 省外 签约金额其中省外 引进省外资金"),
    h("content", _("content of the works"), _CONTENT),
    h("park", _("park of landing"), _PARK),
    h("segment", _("chain segments"), _SEGMENT),
    h("project_company", _("registered company"),
       "注册公司 项目公司 注册公司名称 项目公司名称 落地企业 注册公司/时间 注册企业 落地公司"),
    h("registered_on", _("date of registration"),
       "注册时间 注册日期 公司注册时间 项目公司注册时间"),
    h("filing_code", _("filing code"),
       "备案代码 项目代码 备案编码 立项代码 备案号 项目备案代码 立项备案代码"),
    h("arrived_total", _("money arrived in all"),
       "到位资金累计 累计到位资金 累计到位 到位资金 到位资金总额 已到位资金 到位资金合计"),
    unread("arrived_year", _("money arrived this year"),
            "到位资金当年 当年到位资金 本年到位资金 当年到位 到位资金本年 本年度到位资金"),
    unread("arrived_outside", _("money arrived from outside the province"),
            "到位资金其中省外 省外到位资金 到位省外资金 到位资金省外 其中省外到位资金"),
    h("progress", _("stage of progress"), f"进展阶段 {_PROGRESS} 开工情况 项目阶段 形象进度 阶段"),
    h("first_team", _("unit of the first talks"), "首谈单位 首谈专班 首谈 首报首谈单位"),
    h("landing_team", _("unit of the landing"), "落地单位 落地专班"),
    h("share", _("shares of the credit"), "分成比例 分成 业绩分成 分成比"),
    h("leader", _("sponsoring leader"), _LEADER),
    h("team", _("lead task force"), TEAM),
    h("note", _("note"), NOTE),
    h("code", _("project number"), _CODE),
)  # fmt: skip

_BUILDING = (
    needed("name", _("project name"), PROJECT),
    h("investor", _("constructing unit"), f"建设单位 {_INVESTOR} 建设主体 实施单位 业主"),
    h("planned", _("total investment"), f"{_TOTAL} 计划投资"),
    unread("year_plan", _("planned this year"),
            "年度计划投资 年度计划 本年计划投资 年度投资计划"
            " 当年计划投资 本年度计划投资 年计划投资"),
    unread("month_done", _("done this month"),
            "本月完成 本月完成投资 当月完成投资 当月完成 本月完成投资额"),
    unread("total_done", _("done in all"),
            "累计完成 累计完成投资 累计完成投资额 开工以来累计完成投资 开工累计完成投资 完成投资"),
    unread("arrived", _("money arrived"), "到位资金 累计到位资金 资金到位 已到位资金 累计到位"),
    needed("started_on", _("date of the start"),
            "开工时间 实际开工时间 开工日期 动工时间 开工年月 开工(上线)时间"),
    unread("planned_completion", _("planned completion"),
            "计划竣工 计划竣工时间 预计竣工时间 竣工时间 拟竣工时间 计划完工时间 建成时间"),
    h("produced_on", _("date of production"),
       "投产/上线时间 投产时间 上线时间 投产上线时间 竣工投产时间 投产日期 上线日期 点亮上线时间"),
    h("progress", _("visible progress"), f"形象进度 {_PROGRESS} 工程进度 建设进度 建设进展"),
    unread("filing", _("filing"), "手续办理备案 备案 备案情况 立项备案 项目备案 备案代码"),
    unread("land", _("land"), "手续办理用地 用地 用地手续 土地 土地手续 手续办理土地"),
    unread("planning", _("planning permit"), "手续办理规划 规划 规划许可 规划手续 规划许可证"),
    unread("environment", _("environment review"), "手续办理环评 环评 环评手续 环境影响评价"),
    unread("energy_review", _("energy-saving review"), "手续办理节能 节能 节能审查 能评"),
    unread("permit", _("construction permit"), "手续办理施工许可 施工许可 施工许可证"),
    unread("statistics", _("in the statistics"), "入统 入统情况 是否入统 入库入统 入统时间"),
    h("compute_planned", _("planned P"),
       "算力规模规划P 规划P 规划算力 规划算力P 规划算力规模 算力规模规划 算力规模"),
    h("compute_online", _("online P"),
       "算力规模已上线P 已上线P 已上线算力 上线P 已上线算力P 算力规模已上线 上线算力 已投运算力"),
    h("racks", _("racks"), "机架 机架数 标准机架 机架规模 机柜 机柜数 机架数量"),
    h("load_mw", _("power load (MW)"), "用电负荷 负荷 用电负荷MW 电力负荷 用电容量"),
    unread("problems", _("problems"), _PROBLEMS),
    h("team", _("responsible unit"), TEAM),
    unread("note", _("note"), NOTE),
    h("code", _("project number"), _CODE),
)  # fmt: skip

_ARRIVALS = (
    needed("project", _("project name"), PROJECT),
    needed("month", _("month of arrival"),
            "到位月份 月份 月 到位时间 到资时间 资金到位时间 到位日期 到账时间 时间"),
    needed("amount", _("amount arrived"),
            "到位金额 到位资金 本月到位资金 本月到位金额 当月到位资金 到位资金额 到资额 到资金额"
            " 到账金额 金额 实际到位资金"),
    h("origin", _("origin of the money"), "资金来源 来源 省内/省外 省内外 省外/省内 资金性质"),
    h("evidence", _("evidence"), "佐证材料 凭证 到位凭证 证明材料 依据 到资凭证 佐证"),
    unread("note", _("note"), NOTE),
    h("code", _("project number"), _CODE),
)  # fmt: skip

_TRIPS = (
    h("name", _("trip batch"), "批次 外出批次 活动名称 名称 外出招商批次 外出招商活动"),
    needed("dates", _("first and last day"),
            "起止时间 时间 外出时间 日期 起止日期 活动时间 外出日期 招商时间 出访时间"),
    needed("cities", _("destination"),
            "目的地 城市 前往城市 地点 外出地点 目的城市 招商地点 前往地点 外出城市 活动地点"),
    h("head", _("head of delegation"), _HEAD),
    unread("people", _("people of the trip"),
            "人员 随行人员 参加人员 参与人员 成员 同行人员 外出人员"),
    h("people_count", _("number of people"), "人数 外出人数 参加人数 批次人数"),
    h("kind", _("kind of activity"), "活动类型 类型 招商方式 活动形式 招商形式"),
    unread("firms", _("firms met"),
       "拜访企业 拜访企业数 拜访企业名称 走访企业 对接企业 拜访企业情况"),
    unread("leads", _("new leads"), "新增线索 线索 新增线索数 新增项目线索"),
    unread("signed", _("what was signed"), "签约情况 签约 签约项目 签约项目情况"),
    h("purpose", _("purpose"), "目的 出行目的 外出目的 招商目的 任务 主要任务 外出任务"),
    h("cost", _("cost"), "费用 招商经费 经费 活动经费 支出 花费 差旅费用 外出费用"),
    h("summary", _("main results"), "主要成效 成效 工作成效 取得成效 活动成效 招商成效 成果"),
    h("team", _("task force"), TEAM),
    h("note", _("note"), NOTE),
)  # fmt: skip

_EVENTS = (
    needed("name", _("event name"), "活动名称 名称 活动 招商活动 招商活动名称"),
    h("kind", _("kind of event"), "活动类型 类型 活动形式"),
    h("dates", _("dates of the event"), "活动时间 起止时间 时间 日期 举办时间 举办日期 活动日期"),
    h("region", _("place of the event"), "活动地点 城市 地点 举办地点 举办城市 目的地"),
    h("host", _("host"), "主办单位 主办方 承办单位 主办 举办单位 责任单位"),
    h("purpose", _("purpose of the event"), "目的 活动目的 任务 活动任务"),
    h("cost", _("cost"), "费用 活动费用 活动经费 经费 支出 花费"),
    h("summary", _("what the event was about"), "活动内容 主要成效 内容 成效 简介 活动成效"),
    unread("note", _("note"), NOTE),
)

_REQUESTS = (
    needed("raised_on", _("raised on"),
            "提出日期 提出时间 诉求时间 日期 反映时间 反映日期 收到时间 登记时间 诉求提出时间"),
    needed("subject", _("company or project"),
            "企业/项目 企业(项目)名称 企业或项目 企业项目 诉求企业 诉求主体 企业(项目)"
            f" 企业、项目 提出企业 诉求单位 {FIRM} 项目名称 项目 投资方 投资企业"),
    h("source", _("source"), "来源 诉求来源 问题来源"),
    h("category", _("category"), "类别 诉求类别 类型 诉求类型 问题类别 问题类型 诉求分类"),
    needed("content", _("content of the request"),
            "诉求内容 问题内容 诉求事项 具体诉求 诉求 内容 问题 诉求/问题 诉求及问题 存在问题"
            " 反映问题 企业诉求 需协调事项 诉求问题"),
    needed("department", _("responsible unit"),
            "责任单位 牵头单位 承办单位 责任部门 办理单位 主办单位 牵头部门 责任处室 牵头责任单位"),
    unread("co_departments", _("supporting units"), "协办 协办单位 配合单位 协办部门 配合部门"),
    h("due_on", _("deadline"), "办结时限 完成时限 时限 办理时限 要求办结时间 限办时间"),
    h("progress", _("progress"), "进展 办理进展 进展情况 办理情况 办理进展情况 目前进展 解决情况"),
    unread("state", _("state of the request"), "状态 办理状态 办结状态 是否办结"),
    h("closed_on", _("date of closing"), "办结时间 完成时间 办结日期 实际办结时间 完成日期"),
    h("supervision", _("supervision"), "督办级别 督办 督办层级"),
    h("team", _("task force"), "专班 对接专班 招商专班 提出专班 责任专班 牵头专班"),
    unread("note", _("note"), NOTE),
)  # fmt: skip

_DATA_CENTRES = (
    needed("name", _("data centre"),
            "数据中心 数据中心名称 名称 算力中心 算力中心名称 项目名称 中心名称"),
    h("park", _("park"), "园区 所在园区 落地园区 建设地点 地点 位置"),
    h("operator", _("operator"), "运营单位 运营商 运营主体 建设单位 运营企业 业主单位"),
    h("state", _("state"), "状态 建设状态 运行状态 进展阶段"),
    h("phase", _("phase"), "期次 分期 期别"),
    h("kind", _("kind of compute"), "算力类型 类型 算力种类"),
    h("precision", _("precision"), "计算精度 精度 算力精度"),
    h("planned_p", _("planned (P)"), "规划算力 规划算力(P) 规划P 规划规模 算力规模 设计算力"),
    h("online_p", _("online (P)"), "已上线算力 在线算力 已上线P 上线算力 已投运算力 在线P"),
    h("building_p", _("under construction (P)"), "在建算力 在建P 建设中算力"),
    h("reserved_p", _("reserved (P)"), "预留算力 预留P 储备算力"),
    unread("by_kind", _("compute by kind"), "分类型算力"),
    h("racks", _("racks"), "机架 机架数 标准机架"),
    h("it_load_mw", _("IT load (MW)"), "IT负荷 用电负荷 IT负荷(MW) 负荷"),
    h("pue", "PUE", "PUE PUE值 电能利用效率 能效"),
    h("green", _("green power share (%)"), "绿电占比 绿电比例 绿电占比(%)"),
    h("planned_live", _("planned go-live"), "计划上线 计划上线时间 计划投运时间 预计上线时间"),
    h("live", _("actual go-live"), "实际上线 实际上线时间 上线时间 投运时间 点亮时间"),
    h("source", _("source"), "来源 数据来源 出处"),
)  # fmt: skip

_CHAINS = (
    needed("chain", _("industry chain"),
            "产业链 产业链名称 所属产业链 链条 产业链条 链名称 链条名称 重点产业链"),
    needed("name", _("chain segment"),
            "环节 产业链环节 环节名称 链条环节 所属环节 细分环节 关键环节 细分领域 产业环节"),
    h("position", _("place in the chain"),
       "上中下游 链上位置 上下游 所处位置 环节位置 位置 上/中/下游 产业链位置 所属位置"),
    h("sequence", _("order of the segment"), "环节顺序 顺序 排序 环节序号 次序 环节排序"),
    h("description", _("description"),
       "环节说明 环节描述 环节简介 主要内容 主要产品 核心产品 环节内容 说明"),
    h("firms", _("firms of the segment"),
       "代表企业(含目标企业) 重点企业(含目标企业)"
       " 链上企业 重点企业 代表企业 链上重点企业 龙头企业 主要企业 骨干企业 企业名单 目标企业"
       f" 代表性企业 {FIRM}"),
    unread("count", _("number of firms"), "企业数 企业数量 企业家数 链上企业数"),
    h("source", _("source"), "来源 资料来源 出处 信息来源 依据"),
    unread("note", _("note"), "备注 备注说明 附注"),
)  # fmt: skip

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
    "invitations": partners.INVITATIONS,
    "commitments": partners.COMMITMENTS,
    "referrals": partners.REFERRALS,
    "meetings": partners.MEETINGS,
    "agreements": partners.AGREEMENTS,
    "programmes": partners.PROGRAMMES,
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
