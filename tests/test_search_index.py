"""The search index is in step with the records, whichever way they are written."""

import pytest
from django.core.management import CommandError, call_command
from django.db import connection, models
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra.django import TestCase

from crm import clearing, sample
from crm.facts import load
from crm.models import Company, CompanyName, Contact, Deal, Project, Trip, search_index
from crm.models.finding import FindableQuerySet, out_of_step
from crm.models.writing import add_all, change_all
from crm.names import match_key
from crm.pinyin import search_text
from tests import make

pytestmark = pytest.mark.django_db

FINDABLE = (Company, CompanyName, Contact, Project, Deal, Trip)


def found(text: str) -> list[str]:
    return sorted(Company.objects.found_by(text).values_list("name", flat=True))


def in_step() -> bool:
    return search_index.drift(connection) == {} and not any(map(out_of_step, FINDABLE))


def test_every_model_with_a_search_is_indexed_and_the_other_way_round():
    searched = {
        model._meta.db_table
        for model in Company._meta.apps.get_app_config("crm").get_models()
        if issubclass(model._default_manager._queryset_class, FindableQuerySet)
    }
    assert searched == set(search_index.INDEXED)


def test_a_saved_record_is_found_and_a_renamed_one_by_its_new_name_only():
    firm = make.company(name="昆仑云图科技有限公司")
    assert found("云图") == ["昆仑云图科技有限公司"]
    firm.name = "江河绿能有限公司"
    firm.save(update_fields=["name"])
    assert (found("云图"), found("lvneng")) == ([], ["江河绿能有限公司"])
    assert in_step()


def test_an_update_of_many_rows_takes_their_sounds_along():
    make.company(name="甲一科技有限公司")
    make.company(name="甲二科技有限公司")
    Company.objects.filter(name__startswith="甲").filter(name__contains="二").update(
        name="摩尔线程"
    )
    assert (found("甲二"), found("mexc")) == ([], ["摩尔线程"])
    assert in_step()


def test_bulk_update_takes_the_sounds_along():
    firm = make.company(name="甲一科技有限公司")
    firm.name = "摩尔线程"
    Company.objects.bulk_update([firm], ["name"])
    assert found("mexc") == ["摩尔线程"]
    assert in_step()


def test_rows_made_in_bulk_are_found():
    Company.objects.bulk_create([Company(name="浪潮算力有限公司", name_key="浪潮算力有限公司")])
    assert found("lcsl") == ["浪潮算力有限公司"]
    assert in_step()


def test_the_paths_of_imports_keep_it_in_step():
    bureau = make.user("bureau")
    firm = Company(name="九州未来科技有限公司")
    add_all(Company, [firm], by=bureau)
    assert found("jzwl") == ["九州未来科技有限公司"]
    firm.name = "新华三技术有限公司"
    change_all(Company, [firm], {"name"}, by=bureau)
    assert (found("jzwl"), found("xhs")) == ([], ["新华三技术有限公司"])
    assert in_step()


def test_a_deleted_row_leaves_the_index():
    other = make.company_name(name="海之星")
    assert found("海之星")
    other.delete()
    assert found("海之星") == []
    firm = make.company(name="独行科技")
    Company._base_manager.filter(pk=firm.pk)._raw_delete("default")
    assert in_step()


def test_an_archived_firm_is_still_found():
    firm = make.company(name="昆仑云图科技有限公司")
    firm.archive(by=make.user("bureau"))
    assert found("云图") == ["昆仑云图科技有限公司"]
    assert in_step()


@pytest.mark.slow
def test_facts_and_sample_are_in_step_before_and_after_clearing():
    load()
    sample.load()
    assert in_step()
    clearing.clear()
    assert in_step()


def test_raw_sql_is_noticed_and_repaired():
    firm = make.company(name="昆仑云图科技有限公司")
    with connection.cursor() as cursor:
        cursor.execute("UPDATE crm_company SET name = '江河绿能' WHERE id = %s", [firm.pk])
    with pytest.raises(CommandError, match="1"):
        call_command("rebuild_search", check=True)
    call_command("rebuild_search", verbosity=0)
    call_command("rebuild_search", check=True)
    assert found("jhln") == ["江河绿能"]


@pytest.mark.skipif("connection.vendor != 'sqlite'")
def test_an_entry_that_is_not_the_rows_is_noticed_on_sqlite():
    firm = make.company(name="昆仑云图科技有限公司")
    with connection.cursor() as cursor:
        cursor.execute("DELETE FROM crm_company_pairs WHERE rowid = %s", [firm.pk])
        assert search_index.drift(connection) == {"crm_company": 1}
        cursor.execute("INSERT INTO crm_company_pairs(rowid, pairs) VALUES (987654, 'x')")
    assert search_index.drift(connection) == {"crm_company": 2}


@pytest.mark.skipif("connection.vendor != 'sqlite'")
def test_a_table_that_a_migration_rebuilt_is_taken_in_again():
    firm = make.company(name="昆仑云图科技有限公司")
    with connection.cursor() as cursor:
        cursor.execute("DROP TRIGGER crm_company_pairs_update")
        cursor.execute("UPDATE crm_company SET name_key = '江河' WHERE id = %s", [firm.pk])
    search_index.keep()
    assert search_index.drift(connection) == {}
    with connection.cursor() as cursor:
        cursor.execute("UPDATE crm_company SET name_key = '河江' WHERE id = %s", [firm.pk])
    assert search_index.drift(connection) == {}


@pytest.mark.skipif("connection.vendor != 'postgresql'")
def test_a_lost_index_is_noticed_on_postgresql():
    make.company()
    with connection.cursor() as cursor:
        cursor.execute("DROP INDEX crm_company_pairs")
    assert search_index.drift(connection) == {"crm_company": 1}
    search_index.rebuild(connection)
    assert search_index.drift(connection) == {}


@pytest.mark.parametrize(
    "rows",
    [
        Company.objects.found_by("万卡"),
        Contact.objects.found_by("万卡"),
        Trip.objects.found_by("万卡"),
    ],
    ids=["company", "contact", "trip"],
)
def test_the_database_answers_from_the_index(rows):
    plan = rows.explain()
    table = rows.model._meta.db_table
    if connection.vendor == "sqlite":
        assert f"SCAN {table}_pairs VIRTUAL TABLE INDEX" in plan
        assert f"SCAN {table}\n" not in plan
        return
    # Few rows: the planner is kept from reading them all, by whatever way.
    with connection.cursor() as cursor:
        for way in ("seqscan", "indexscan", "indexonlyscan"):
            cursor.execute(f"SET LOCAL enable_{way} = off")
    assert f"Bitmap Index Scan on {table}_pairs" in rows.explain()


class AnyName(TestCase):
    """Properties over random names, each example rolled back."""

    @settings(max_examples=40)
    @given(
        name=st.text(alphabet="青海新华三重庆单氏长H3c%_'\"\\·（）-é𠮷 ", min_size=1, max_size=30),
        start=st.integers(0, 29), length=st.integers(2, 8),
    )  # fmt: skip
    def test_every_part_of_a_name_finds_it_and_nothing_else_does(self, name, start, length):
        if not match_key(name):
            return
        firm = make.company(name=name)
        key = match_key(match_key(name)[start : start + length])
        expected = [firm] if len(key) > 1 and key in match_key(name) else []
        if expected:
            self.assertEqual(list(Company.objects.filter(pk=firm.pk).found_by(key)), expected)
        for sound in search_text(name).split():
            if len(sound) > 1 and sound == match_key(sound):
                self.assertTrue(Company.objects.filter(pk=firm.pk).found_by(sound).exists())
        self.assertFalse(Company.objects.filter(pk=firm.pk).found_by("从未有过").exists())

    @settings(max_examples=20)
    @given(st.lists(st.text(alphabet="青海新华三重庆单氏H3c", min_size=1, max_size=8), max_size=4))
    def test_any_sequence_of_names_leaves_the_index_in_step(self, names):
        firm = make.company(name="起始")
        for number, name in enumerate(names):
            if number % 2:
                Company.objects.filter(pk=firm.pk).update(name=name)
            else:
                firm.refresh_from_db()
                firm.name = name
                firm.save()
        self.assertEqual(search_index.drift(connection), {})
        self.assertEqual(out_of_step(Company), [])


def test_a_count_of_a_search_is_the_number_of_rows():
    firm = make.company(name="昆仑云图科技有限公司")
    make.company_name(company=firm, name="云图")
    assert Company.objects.found_by("云图").aggregate(n=models.Count("pk")) == {"n": 1}
