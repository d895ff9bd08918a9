"""Exact decimals: what goes in comes out, and sums are exact on both databases."""

from decimal import Decimal

import pytest
from django.core.exceptions import ValidationError
from django.core.management.color import no_style
from django.db import connection
from django.db.models import F, Sum
from django.forms import DecimalField, modelform_factory
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra.django import TestCase

from crm.models import Arrival, CreditShare, FactorNeeds
from crm.models.fields import ExactField, PercentField, YuanField
from crm.money import MAX_YUAN
from crm.periods import today

from . import make

CENT = Decimal("0.01")
amounts = st.decimals(min_value=0, max_value=MAX_YUAN, places=2)


def stored(**values):
    return Arrival.objects.get(pk=make.arrival(**values).pk)


@pytest.mark.django_db
def test_a_hundred_thousandths_of_a_yuan_add_up_exactly():
    project = make.project()
    first = today().replace(day=1)
    Arrival.objects.bulk_create(
        Arrival(project=project, amount_yuan=CENT, month=first.replace(year=1500 + n))
        for n in range(1, 301)
    )
    total = Arrival.objects.aggregate(total=Sum("amount_yuan"))["total"]
    assert total == Decimal("3.00")
    assert type(total) is Decimal


@pytest.mark.django_db
def test_big_and_small_amounts_add_up_exactly():
    project = make.project()
    first = today().replace(day=1)
    values = [MAX_YUAN, CENT, CENT, Decimal("8862000000.01")]
    for n, amount in enumerate(values, start=1):
        make.arrival(project=project, amount_yuan=amount, month=first.replace(year=2000 + n))
    assert Arrival.objects.aggregate(t=Sum("amount_yuan"))["t"] == sum(values)


@pytest.mark.django_db
def test_the_sum_of_no_rows_is_unknown():
    assert Arrival.objects.aggregate(t=Sum("amount_yuan"))["t"] is None


@pytest.mark.django_db
def test_money_is_whole_fen_in_the_table():
    make.arrival(amount_yuan=Decimal("70.05"))
    with connection.cursor() as cursor:
        cursor.execute("SELECT amount_fen FROM crm_arrival")
        assert cursor.fetchone() == (7005,)


@pytest.mark.django_db
def test_unknown_is_null_and_never_zero():
    project = make.project(planned_yuan=None)
    project.refresh_from_db()
    assert project.planned_yuan is None


@pytest.mark.django_db
def test_lookups_take_yuan():
    arrival = make.arrival(amount_yuan=Decimal("100000000"))
    find = Arrival.objects.filter
    assert list(find(amount_yuan=100_000_000)) == [arrival]
    assert list(find(amount_yuan__gte=Decimal("100000000.00"))) == [arrival]
    assert list(find(amount_yuan__in=["100000000"])) == [arrival]
    assert list(find(amount_yuan__lt=Decimal("99999999.99"))) == []
    assert list(find(amount_yuan=F("amount_yuan"))) == [arrival]


@pytest.mark.django_db
def test_each_field_keeps_its_own_number_of_places():
    needs = make.factor_needs(load_mw=Decimal("6.125"), green_power_share=80)
    needs = FactorNeeds.objects.get(pk=needs.pk)
    assert (str(needs.load_mw), str(needs.green_power_share)) == ("6.125", "80.00")


class RoundTrip(TestCase):
    """Any amount that the field accepts comes back from the database as it was."""

    @given(amount=amounts.filter(bool))
    @settings(max_examples=50, deadline=None)
    def test_an_amount_survives_the_database(self, amount):
        assert stored(amount_yuan=amount).amount_yuan == amount

    @given(parts=st.lists(st.integers(min_value=1, max_value=2000), min_size=1, max_size=8))
    @settings(max_examples=30, deadline=None)
    def test_percents_add_up_in_the_database_as_on_paper(self, parts):
        percents = [Decimal(n) / 100 for n in parts]
        project = make.project()
        for percent in percents:
            make.credit_share(project=project, percent=percent)
        shares = CreditShare.objects.filter(project=project)
        assert shares.aggregate(t=Sum("percent"))["t"] == sum(percents)


@given(amount=amounts)
def test_text_and_number_read_the_same(amount):
    field = YuanField()
    assert field.to_python(str(amount)) == field.to_python(amount) == amount


@pytest.mark.parametrize("text", ["NaN", "Infinity", "-Infinity", "sNaN", "abc", "1,5", "亿"])
def test_what_is_no_number_is_refused(text):
    with pytest.raises(ValidationError) as refusal:
        YuanField().to_python(text)
    assert refusal.value.code == "invalid"
    assert text in refusal.value.messages[0]


@pytest.mark.parametrize(("places", "text"), [(2, "0.001"), (0, "1.5"), (3, "1e-4")])
def test_more_places_than_are_kept_are_refused_not_rounded(places, text):
    with pytest.raises(ValidationError) as refusal:
        ExactField(places=places).to_python(text)
    assert refusal.value.code == "places"


@pytest.mark.parametrize("text", ["1e9999999", "9" * 40, "9" * 22, "-" + "9" * 17])
def test_a_number_that_fits_no_table_is_refused(text):
    for field in (YuanField(), ExactField(places=3)):
        with pytest.raises(ValidationError):
            field.clean(text, None)


@pytest.mark.parametrize("blank", [None, ""])
def test_blank_is_unknown(blank):
    assert YuanField().to_python(blank) is None


@pytest.mark.parametrize(
    ("field", "value"),
    [
        (YuanField(), "-0.01"),
        (YuanField(), MAX_YUAN + CENT),
        (PercentField(), "100.01"),
        (PercentField(), "-1"),
        (ExactField(low=1, high=3), "0.99"),
    ],
)
def test_values_outside_the_bounds_are_refused(field, value):
    with pytest.raises(ValidationError):
        field.clean(value, None)


def test_a_field_without_bounds_takes_any_number():
    assert ExactField(places=3).clean("-12.345", None) == Decimal("-12.345")


def test_the_bounds_themselves_are_allowed():
    assert YuanField().clean(MAX_YUAN, None) == MAX_YUAN
    assert PercentField().clean("100", None) == 100


def test_a_form_asks_for_decimals_with_the_right_places():
    form = modelform_factory(FactorNeeds, fields=["load_mw"])()
    field = form.fields["load_mw"]
    assert (type(field), field.decimal_places) == (DecimalField, 3)


@pytest.mark.django_db
def test_a_form_keeps_the_exact_value():
    form = modelform_factory(Arrival, fields=["amount_yuan"])({"amount_yuan": "0.10"})
    assert form.is_valid()
    assert form.cleaned_data == {"amount_yuan": Decimal("0.10")}


def test_serialised_money_is_plain_digits():
    field = Arrival._meta.get_field("amount_yuan")
    big = Arrival(amount_yuan=Decimal("8862000000.00"))
    assert field.value_to_string(big) == "8862000000.00"
    assert field.value_to_string(Arrival()) == ""


@pytest.mark.parametrize("name", ["amount_yuan", "outside_yuan"])
def test_the_column_says_fen(name):
    field = YuanField(name=name)
    field.set_attributes_from_name(name)
    assert field.column == name.removesuffix("_yuan") + "_fen"


def test_a_migration_can_build_the_field_again():
    field = ExactField(places=3, low=0, high="9.5")
    _, path, args, kwargs = field.deconstruct()
    again = ExactField(*args, **kwargs)
    assert path == "crm.models.fields.ExactField"
    assert (again.places, again.low, again.high) == (3, 0, "9.5")


@pytest.mark.django_db
def test_the_database_column_is_a_whole_number():
    kind = Arrival._meta.get_field("amount_yuan").db_type(connection)
    assert kind == "bigint"
    assert connection.ops.sequence_reset_sql(no_style(), []) == []
