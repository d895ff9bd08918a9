"""Headings of the ledgers about partners: guests, promises, the alliance, universities."""

from django.utils.translation import gettext_lazy as _

from .heading_words import FIRM, NOTE, PROJECT, TEAM, h, needed, unread

INVITATIONS = (
    needed(
        "to",
        _("invited to (event or trip)"),
        "活动/批次 活动名称 活动 邀请活动 参加活动 活动或批次 批次 外出批次 推介会名称",
    ),
    h("company", _("company name"), f"{FIRM} 邀请企业 嘉宾单位 参会企业 参会单位 受邀企业"),
    h("guest", _("guest"), "嘉宾 嘉宾姓名 姓名 参会人员 受邀嘉宾 姓名及职务 参会人"),
    h("people_count", _("number of people"), "人数 参会人数 到会人数"),
    h("state", _("attendance"), "参会情况 到会情况 状态 是否参会 出席情况 邀请情况"),
    h("team", _("invited by"), f"邀请单位 邀请专班 {TEAM}"),
    h("note", _("note"), NOTE),
)

COMMITMENTS = (
    h("project", _("project name"), PROJECT),
    h("number", _("contract number"), "合同号 合同编号 协议编号 协议号 合同(协议)编号"),
    needed("side", _("promised by"), "承诺方 履约方 承诺主体 责任方 履约主体"),
    h("kind", _("kind of commitment"), "承诺类别 类别 承诺类型 事项类别 条款类别"),
    needed("content", _("commitment"),
            "承诺事项 承诺内容 约定事项 履约事项 事项 条款内容 约定内容"),
    h("amount", _("amount promised"), "承诺金额 约定金额 金额 补助金额 奖补金额"),
    h("department", _("responsible unit"),
       "责任单位 牵头单位 承办单位 责任部门 落实单位 牵头部门"),
    h("due_on", _("due"),
       "到期日 完成期限 截止时间 完成时限 时限 到期时间 约定时间 履约时限 截止日期"),
    h("fulfilled_on", _("kept on"),
       "履行日期 兑现日期 履约时间 完成时间 履行时间 兑现时间 完成日期"),
    unread("state", _("state of keeping"), "履约状态 状态 履约情况 履行状态 是否履行"),
    h("result", _("how it was kept"), "履行情况 兑现情况 落实情况 完成情况 进展情况"),
    h("disputed_on", _("disputed since"), "争议时间 争议日期 争议起始时间 提出争议日期"),
    h("dispute", _("what is disputed"), "争议事项 争议内容 争议 争议情况"),
    h("settled_on", _("dispute settled on"), "争议解决日期 解决时间 争议解决时间"),
    h("settlement", _("how it was settled"), "解决情况 争议处理 处理结果 争议解决情况"),
    unread("note", _("note"), NOTE),
)  # fmt: skip

REFERRALS = (
    needed("introduced_on", _("introduced on"), "引荐日期 引荐时间 日期 推荐时间 时间"),
    needed("member", _("alliance member"), "联盟成员 引荐单位 成员单位 推荐单位 联盟成员单位"),
    h("person", _("introduced by (person)"), "引荐人 推荐人 联络员 联系人"),
    needed("company", _("firm introduced"), f"被引荐企业 引荐企业 推荐企业 {FIRM}"),
    h("project", _("project introduced"), f"引荐项目 推荐项目 {PROJECT}"),
    h("team", _("taken up by"), f"承接专班 {TEAM}"),
    h("note", _("note"), NOTE),
)

MEETINGS = (
    needed("name", _("meeting"), "会议名称 会议 名称 会议主题 主题 联盟会议"),
    needed("held_on", _("date"), "会议日期 会议时间 日期 时间 召开时间 召开日期"),
    h("place", _("place"), "会议地点 地点 召开地点"),
    h("agenda", _("agenda"), "会议议题 议题 议程 会议议程 主要议题"),
    h("summary", _("what was agreed"), "议定事项 会议纪要 纪要 会议成果 主要成果 达成共识"),
    h(
        "came",
        _("members that came"),
        "参会成员 参会单位 参会成员单位 到会成员 出席单位 到会单位 参加单位",
    ),
    h("excused", _("members that sent regrets"), "请假成员 请假单位 请假成员单位 缺席单位"),
)

AGREEMENTS = (
    needed("name", _("agreement"), "协议名称 协议 合作协议 名称 合作协议名称 培养协议"),
    needed(
        "institution",
        _("partner institution"),
        "合作院校 院校 高校 学校 合作高校 院校名称 合作单位 培养院校 科研院所 合作院所",
    ),
    h("company", _("firm that takes part"), f"参与企业 合作企业 共建企业 {FIRM}"),
    h("signed_on", _("signed on"), "签订日期 签约日期 签订时间 签约时间 签署时间 签署日期"),
    h("valid_until", _("valid until"), "有效期至 到期日 有效期 截止日期 到期时间 终止日期"),
    h("content", _("what was agreed"), "协议内容 合作内容 主要内容 约定内容 内容"),
    h("source", _("source sentence"), "来源 依据 出处"),
)

PROGRAMMES = (
    needed(
        "name",
        _("programme"),
        "培养项目 项目名称 联合培养项目 名称 订单班 班级名称 培养班 班级 专业 专业名称",
    ),
    needed(
        "institution",
        _("partner institution"),
        "合作院校 院校 高校 学校 合作高校 院校名称 培养院校 合作单位 合作院所",
    ),
    h("agreement", _("training agreement"), "依据协议 培养协议 合作协议 协议名称 协议"),
    h("field", _("field of training"), "培养方向 专业方向 方向 人才类别 培养领域 人才方向"),
    h("level", _("level"), "培养层次 层次 学历层次 学历"),
    h("company", _("firm that takes part"), f"参与企业 合作企业 用人单位 订单企业 {FIRM}"),
    h("year", _("year"), "年度 年份 学年 统计年度 届别"),
    h("in_training", _("in training"), "在培人数 在读人数 在校人数 培养人数 在训人数 人数"),
    h("finished", _("finishing"), "当年结业 结业人数 毕业人数 当年毕业 完成培养 结业"),
    h("stayed", _("of which stayed here"), "其中留宁 留宁人数 留宁 留青人数 本地就业 留宁就业"),
    h("note", _("note"), NOTE),
)
