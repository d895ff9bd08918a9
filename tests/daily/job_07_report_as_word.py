import zipfile

import docx

from tests.daily.counting import DESK, job


def taken(people, selector: str) -> tuple[list[str], list[str]]:
    """The report of a bureau's two clicks from home: its paragraphs and the parts of the file."""
    hand = people("bureau")

    with hand.at_work():
        hand.click(".rail a[href='/reports/']")
        with hand.page.expect_download() as download:
            hand.click(selector)
        path = download.value.path()

    document = docx.Document(path)
    assert document.tables
    return [paragraph.text for paragraph in document.paragraphs], zipfile.ZipFile(path).namelist()


@job(7, on=DESK, variant="month")
def the_bureau_takes_the_months_report_as_word(people):
    text, parts = taken(people, "#take-monthly")

    assert text[0] == "全市招商引资工作情况通报"
    assert "word/charts/chart1.xml" in parts


@job(7, on=DESK, variant="week")
def the_bureau_takes_the_weeks_report_as_word(people):
    text, parts = taken(people, "#take-weekly")

    assert text[0] == "全市招商引资工作周报"
    assert "word/charts/chart1.xml" in parts
