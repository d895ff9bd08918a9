"""Firms: names and codes, finding them, marks, contacts and their phones."""

import pytest
from django.core.exceptions import ValidationError

from crm.access import Role
from crm.models import Company, Contact
from crm.periods import today

from . import make

pytestmark = pytest.mark.django_db


def test_a_firm_that_an_officer_enters_belongs_to_the_officers_team():
    team = make.team()
    firm = Company(name="九州未来信息科技有限公司")
    firm.save_as(make.user(team=team))
    firm.refresh_from_db()
    assert firm.owning_team == team


def test_a_firm_that_the_bureau_enters_is_free_to_claim():
    firm = Company(name="九州未来信息科技有限公司")
    firm.save_as(make.keeper())
    assert firm.owning_team is None


def test_an_officer_claims_a_free_firm_and_others_cannot_claim_it_after():
    mine, theirs = make.team(), make.team()
    firm = make.company()
    firm.owning_team = mine
    firm.save_as(make.user(team=mine))
    editable = Company.objects.editable_by(make.user(team=theirs))
    assert list(editable) == []


@pytest.mark.parametrize(
    "written",
    [
        "青海昆仑（西宁）算力有限公司",
        "青海昆仑(西宁)算力有限公司",
        " 青海昆仑（西宁）算力 有限公司",
    ],
)
def test_a_name_is_in_the_register_once_however_it_is_written(written):
    make.company(name="青海昆仑（西宁）算力有限公司")
    with pytest.raises(ValidationError, match="同名企业"):
        Company(name=written).save_as(make.keeper())


@pytest.mark.parametrize(
    ("code", "part"),
    [("91630100123456789X", "校验码"), ("9163010012345678", "18"), ("91630100I23456789X", "I")],
)
def test_a_wrong_credit_code_is_refused_and_the_mistake_named(code, part):
    with pytest.raises(ValidationError) as refusal:
        Company(name="新公司", uscc=code).save_as(make.keeper())
    assert part in refusal.value.message_dict["uscc"][0]
    assert not Company.objects.exists()


def test_a_credit_code_is_kept_in_its_one_form():
    code = make.uscc()
    firm = Company(name="新公司", uscc=f" {code.lower()} ")
    firm.save_as(make.keeper())
    assert firm.uscc == code


def test_a_credit_code_belongs_to_one_firm():
    code = make.uscc()
    make.company(uscc=code)
    with pytest.raises(ValidationError, match="已被其他企业使用"):
        Company(name="另一公司", uscc=code).save_as(make.keeper())


def test_a_firm_is_not_registered_in_the_future():
    with pytest.raises(ValidationError) as refusal:
        Company(name="新公司", registered_on=make.days_ago(-1)).save_as(make.keeper())
    assert list(refusal.value.message_dict) == ["registered_on"]


@pytest.mark.parametrize(
    "text", ["新华三", "xinhuasan", "xhs", "新华三技术有限公司", "XHS", "华三通信", "h3c", "9163"]
)
def test_a_firm_is_found_by_any_of_its_names_pinyin_initials_and_code(text):
    firm = make.company(name="新华三技术有限公司", uscc=make.uscc())
    make.company(name="摩尔线程智能科技有限公司")
    make.company_name(company=firm, name="华三通信", kind="former")
    make.company_name(company=firm, name="H3C")
    assert list(Company.objects.found_by(text)) == [firm]


@pytest.mark.parametrize("text", ["", "  ", "不存在的公司"])
def test_a_search_without_a_hit_finds_nothing(text):
    make.company()
    assert list(Company.objects.found_by(text)) == []


def test_a_firm_is_recognised_by_its_former_name():
    firm = make.company(name="新华三技术有限公司")
    make.company_name(company=firm, name="杭州华三通信技术有限公司", kind="former")
    make.company_name(company=firm, name="杭州华三通信技术有限公司", kind="alias")
    assert list(Company.objects.named("杭州华三通信技术有限公司")) == [firm]
    assert list(Company.objects.named("华三")) == []


def test_a_firm_goes_by_its_short_name_where_it_has_one():
    firm = make.company(name="中国联合网络通信有限公司")
    assert firm.short_name == "中国联合网络通信有限公司"
    make.company_name(company=firm, name="网通", kind="former")
    make.company_name(company=firm, name="中国联通", kind="short")
    assert firm.short_name == "中国联通"


def test_key_firms_are_those_with_a_tier():
    make.company()
    key = make.company(key_tier="A")
    assert list(Company.objects.key_companies()) == [key]


def test_firms_are_listed_in_the_order_of_their_pinyin():
    for name in ("浙江公司", "阿里巴巴", "华为技术"):
        make.company(name=name)
    assert [str(c) for c in Company.objects.all()] == ["阿里巴巴", "华为技术", "浙江公司"]


def test_renaming_a_firm_renames_what_is_searched():
    firm = make.company(name="旧名字")
    firm.name = "新名字"
    firm.save_as(make.keeper())
    assert list(Company.objects.found_by("xinmingzi")) == [firm]
    assert list(Company.objects.found_by("jiumingzi")) == []


# -- contacts --------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("role", "mobile", "phone"),
    [
        (Role.OFFICER, "13812345678", "0971-6123456"),
        (Role.BUREAU, "13812345678", "0971-6123456"),
        (Role.LEADER, "138****5678", None),
        (Role.STATISTICIAN, "138****5678", None),
    ],
)
def test_phones_are_masked_for_who_does_not_work_with_the_firm(role, mobile, phone):
    contact = make.contact(mobile="13812345678", phone="0971-6123456")
    reader = make.user(role)
    assert contact.mobile_for(reader) == mobile
    shown = contact.phone_for(reader)
    assert shown == phone if phone else ("*" in shown and shown != contact.phone)


def test_a_mobile_number_is_kept_in_its_one_form():
    contact = Contact(company=make.company(), name="王伟", mobile="138 1234 5678")
    contact.save_as(make.keeper())
    assert contact.mobile == "13812345678"


@pytest.mark.parametrize(("field", "value"), [("mobile", "12345"), ("phone", "abc")])
def test_what_is_no_phone_number_is_refused_by_field(field, value):
    contact = Contact(company=make.company(), name="王伟", **{field: value})
    with pytest.raises(ValidationError) as refusal:
        contact.save_as(make.keeper())
    assert list(refusal.value.message_dict) == [field]


def test_a_firm_has_one_main_contact_until_that_one_leaves():
    first = make.contact(is_primary=True)
    second = Contact(company=first.company, name="李娜", is_primary=True)
    with pytest.raises(ValidationError, match="已有主要联系人"):
        second.save_as(make.keeper())
    first.has_left = True
    first.save_as(make.keeper())
    second.save_as(make.keeper())
    assert Contact.objects.filter(is_primary=True, has_left=False).get() == second


def test_a_mark_is_kept_with_year_and_list():
    mark = make.company_mark(mark="global_500", year=2024, list_name="财富")
    assert str(mark) == "世界500强"


def test_an_alliance_member_that_left_joined_before():
    member = make.alliance_membership(joined_on=make.days_ago(10))
    member.left_on = today()
    member.save_as(make.keeper())
    assert str(member) == member.company.name
