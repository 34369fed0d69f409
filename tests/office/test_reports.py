"""A report is counted by village, frozen at a cut-off, and what comes later stands beside it as +n."""

from __future__ import annotations

import io
import re
import zipfile
from collections.abc import Callable
from dataclasses import replace
from datetime import datetime

import pytest
from docx import Document
from openpyxl import load_workbook

from fieldsvc.services.context import Context
from fieldsvc.services.reports import figures, freezing, schedule
from fieldsvc.services.reports.figures import Village, doubts
from fieldsvc.store.tables import AreaRow, AuditRow, ReportRow, SubmissionRow
from tests.office.desk import Desk, text
from tests.office.district import FEED, District
from tests.office.ledger_world import add_houses, keep_houses
from tests.office.moments import Moments
from tests.office.test_papers import pages_of


@pytest.fixture
def month(district: District, moments: Moments, desk_of: Callable[[str], Desk]) -> Desk:
    """November is over: two of three households were visited, one of them twice, and houses were worked on."""
    keep_houses(district)
    homes = [district.household(name, district.upper, helper=district.li) for name in ("陈一", "陈二", "陈三")]
    for home in (homes[0], homes[0], homes[1]):
        district.visit(home, district.li)
    add_houses(district)
    moments.later(days=20)
    return desk_of("S01")


def comes_late(district: District, ctx: Context, name: str) -> None:
    """A phone comes down from the mountain in December with a visit made in November."""
    visit = district.visit(district.household(name, district.upper), district.li)
    with ctx.db.write() as session:
        row = session.get(SubmissionRow, (FEED, visit))
        assert row is not None
        row.month = 202611


def test_an_open_report_counts_by_village_and_says_that_it_is_not_published(month: Desk) -> None:
    page = text(month.opens("/office/reports/2026-11"))
    assert "岩寺镇2026年11月通报" in page
    assert "尚未发布，数字截至 2026-12-12" in page
    assert "已走访农户 33.3 %（2/6）" in page
    assert "上村 5 2 3" in page
    assert "下村 1 0 0" in page
    assert "远村" not in page


def test_a_published_number_never_changes_and_what_comes_later_stands_beside_it(
    month: Desk, district: District, ctx: Context
) -> None:
    assert month.sends("/office/reports/2026-11").status_code == 302
    comes_late(district, ctx, "陈四")
    page = text(month.opens("/office/reports/2026-11"))
    assert "截止 2026-12-12 " in page
    assert "王审核 发布" in page
    assert "上村 5 +1 2 +1 3 +1" in page
    assert "已走访农户 33.3 %（2/6）" in page
    assert "2026年11月 岩寺镇" in text(month.opens("/office/reports"))
    with ctx.db.read() as session:
        [entry] = session.query(AuditRow).filter_by(action="publish").all()
    assert entry.thing == f"report:{district.east}:2026-11"


def test_a_period_that_is_not_over_or_is_published_is_not_published(month: Desk) -> None:
    assert month.sends("/office/reports/2026-12", area=area_of(month)).status_code == 412
    assert month.sends("/office/reports/2026-11").status_code == 302
    assert month.sends("/office/reports/2026-11", area=area_of(month)).status_code == 412


def area_of(desk: Desk) -> str:
    """The area that the report of October, which nobody published, is about."""
    return desk.opens("/office/reports/2026-10").split('name="area" value="')[1].split('"')[0]


def test_quarter_and_week_count_the_same_visits(month: Desk) -> None:
    assert "上村 5 2 3" in text(month.opens("/office/reports/2026-Q4"))
    assert "上村 5 2 3" in text(month.opens("/office/reports/2026-W47"))
    assert "上村 5 0 0" in text(month.opens("/office/reports/2026-W46"))


def test_the_pdf_can_be_read_and_the_workbook_calculated_with(month: Desk, district: District, ctx: Context) -> None:
    month.sends("/office/reports/2026-11")
    comes_late(district, ctx, "陈四")
    assert month.asks("/office/reports/2026-11/pdf") == 200
    assert month.last is not None
    said = "".join(pages_of(month.last.data))
    assert "岩寺镇2026年11月通报" in said
    assert "33.3" in said
    assert month.asks("/office/reports/2026-11/xlsx") == 200
    book = load_workbook(io.BytesIO(month.last.data))
    assert [cell.value for cell in book.worksheets[0][2]][:4] == ["岩寺镇 上村", 5, 2, 3]
    assert [cell.value for cell in book.worksheets[1][2]][:4] == ["岩寺镇 上村", 1, 1, 1]
    assert len(book.worksheets[0]._charts) == 1
    with zipfile.ZipFile(io.BytesIO(month.last.data)) as archive:
        chart = archive.read("xl/charts/chart1.xml").decode()
    assert chart.count('<delete val="0"') == 2, "without a word about it Excel draws no axis, and no village has a name"
    assert chart.count('<overlay val="0"') == 2
    assert "<cat><strRef>" in chart


def test_a_workbook_says_what_all_villages_come_to_and_until_when_they_were_counted(month: Desk) -> None:
    assert month.asks("/office/reports/2026-11/xlsx") == 200
    assert month.last is not None
    last = list(load_workbook(io.BytesIO(month.last.data)).worksheets[0].values)[-4:]
    assert last[0][:4] == ("合计", 6, 2, 3)
    assert [str(row[0])[:20] for row in last[1:]] == [
        "岩寺镇2026年11月通报",
        "尚未发布，数字截至 2026-12-12",
        "已走访农户 33.3 %（2/6）",
    ]


def test_the_document_can_be_changed_before_it_is_signed(month: Desk) -> None:
    assert month.asks("/office/reports/2026-11/docx") == 200
    assert month.last is not None
    with zipfile.ZipFile(io.BytesIO(month.last.data)) as archive:
        said = archive.read("word/document.xml").decode()
        foot = archive.read("word/footer1.xml").decode()
    for words in ("岩寺镇2026年11月通报", "33.3", "岩寺镇 上村", "填报人：", "仿宋"):
        assert words in said + archive_styles(month.last.data), words
    assert "王审核" in foot


def test_the_document_has_headings_a_table_head_on_every_page_and_letters_that_word_knows_are_chinese(
    month: Desk,
) -> None:
    month.asks("/office/reports/2026-11/docx")
    assert month.last is not None
    book = Document(io.BytesIO(month.last.data))
    assert [each.text for each in book.paragraphs if each.style and each.style.name == "Heading 1"] == [
        "岩寺镇2026年11月通报"
    ]
    assert all(table.rows[0]._tr.xpath("w:trPr/w:tblHeader") for table in book.tables)
    assert not any(table.rows[1]._tr.xpath("w:trPr/w:tblHeader") for table in book.tables)
    for name in ("Normal", "Heading 1", "Heading 2"):
        [face] = book.styles[name].element.xpath("w:rPr/w:rFonts")
        assert list(face.values()) == ["仿宋"]
    assert set(book.styles.element.xpath(".//w:lang/@w:eastAsia")) == {"zh-CN"}
    assert book.sections[0].footer.paragraphs[0]._p.xpath("w:fldSimple/@w:instr") == ["PAGE", "NUMPAGES"]
    assert book.core_properties.comments == ""


def test_a_village_whose_name_is_a_formula_or_cannot_be_written_is_only_text_in_either_file(
    month: Desk, district: District, ctx: Context
) -> None:
    with ctx.db.write() as session:
        session.query(AreaRow).filter_by(id=district.east).update({"name": "=1+1\x0b镇"})
        session.query(AreaRow).filter_by(id=district.upper).update({"name": "=2+2\x0b村"})
    month.sends("/office/reports/2026-11")
    comes_late(district, ctx, "陈四")
    assert month.asks("/office/reports/2026-11/xlsx") == 200
    assert month.last is not None
    for sheet in load_workbook(io.BytesIO(month.last.data)).worksheets:
        cell = sheet["A2"]
        assert (cell.data_type, str(cell.value).endswith("=2+2村")) == ("s", True)
    assert month.asks("/office/reports/2026-11/docx") == 200
    with zipfile.ZipFile(io.BytesIO(month.last.data)) as archive:
        assert "=1+1镇 =2+2村" in archive.read("word/document.xml").decode()


def archive_styles(data: bytes) -> str:
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        return archive.read("word/styles.xml").decode()


@pytest.fixture
def scheduled(ctx: Context) -> Context:
    """A county whose towns' reports are published by themselves."""
    return replace(ctx, settings=replace(ctx.settings, report_levels="town"))


def test_at_the_cut_off_reports_of_the_set_levels_are_published_by_themselves_and_only_once(
    month: Desk, scheduled: Context, district: District
) -> None:
    # 12 December: the cut-offs of November (3 December) and of the week that ended on 6 December have passed.
    number = schedule.publish(scheduled)
    assert number > 0
    page = text(month.opens("/office/reports/2026-11"))
    assert "到时自动发布" in page
    assert "上村 5 2 3" in page
    assert schedule.publish(scheduled) == 0
    comes_late(district, scheduled, "陈四")
    assert "上村 5 +1 2 +1 3 +1" in text(month.opens("/office/reports/2026-11"))
    shelf = text(month.opens("/office/reports"))
    assert "2026年11月 岩寺镇" in shelf
    assert "歙县" not in shelf


def test_nothing_is_published_by_itself_unless_the_county_says_so(ctx: Context, month: Desk) -> None:
    assert schedule.publish(ctx) == 0


def test_sums_in_doubt_wait_for_a_person_at_the_cut_off(
    scheduled: Context, month: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(figures, "doubts", lambda _: [("上村", "negative")])
    assert schedule.publish(scheduled) == 0
    assert "尚未发布" in text(month.opens("/office/reports/2026-11"))


def test_the_cut_off_of_a_period_is_some_days_after_its_end() -> None:
    def names(*moment: int) -> list[str]:
        return [period.name for period in schedule.due(datetime(*moment))]

    assert names(2026, 12, 3, 7) == ["2026-W48", "2026-10", "2026-Q3"]
    assert names(2026, 12, 3, 8) == ["2026-W48", "2026-11", "2026-Q3"]
    assert names(2027, 1, 5, 8) == ["2026-W53", "2026-12", "2026-Q4"]
    assert names(2026, 11, 30, 11) == ["2026-W47", "2026-10", "2026-Q3"]


def test_amounts_are_exact_and_dates_decide_what_belongs(month: Desk, district: District) -> None:
    home = district.household("陈九", district.lower)
    for day, amount in (("2026-11-30", "0.10"), ("2026-11-01", "0.20"), ("2026-12-01", "5"), ("2026-11-02", "甲")):
        district.record(home, "housing_payments", "", paid_on=day, amount=amount)
    assert month.asks("/office/reports/2026-11/xlsx") == 200
    assert month.last is not None
    [heads, _, lower, *_] = list(load_workbook(io.BytesIO(month.last.data)).worksheets[0].values)
    assert lower[heads.index("拨付资金（元）")] == 0.3
    assert lower[heads.index("危房改造开工")] == 0


def test_sums_that_cannot_be_right_are_said_before_anything_is_published() -> None:
    sound = Village("a", "上村", "岩寺镇", {"households": 3, "visited": 2, "visits": 2})
    odd = Village("b", "下村", "岩寺镇", {"households": 1, "visited": 2, "visits": 1, "paid": -1})
    assert doubts([sound]) == []
    assert [code for _, code in doubts([odd])] == ["more-visited-than-there", "more-visited-than-visits", "negative"]


def test_whoever_answers_for_several_towns_chooses_one(
    month: Desk, district: District, desk_of: Callable[[str], Desk]
) -> None:
    assert '<select name="area">' not in month.opens("/office/reports/2026-11"), "a town has one report"
    district.person("县审核", "S09", role="supervisor", area=district.county)
    page = desk_of("S09").opens("/office/reports/2026-11")
    assert [one in page for one in (f'value="{district.east}"', f'value="{district.west}"')] == [True, True]
    assert f'<option value="{district.upper}"' not in page


def test_published_reports_of_years_are_paged_each_once_also_those_of_one_cut_off(
    month: Desk, ctx: Context, monkeypatch: pytest.MonkeyPatch, district: District
) -> None:
    monkeypatch.setattr(freezing, "PAGE", 4)
    kept = [(f"{year}-{number:02}", number // 3) for year in (2024, 2025) for number in range(1, 6)]
    with ctx.db.write() as session:
        for period, cut_off in kept:
            values = {"period": period, "cut_off_at": cut_off, "figures": [], "frozen_by_id": ""}
            session.add(ReportRow(feed_id=FEED, area_id=district.east, **values))
    seen: list[str] = []
    address: str | None = "/office/reports"
    pages = 0
    while address:
        page = month.opens(address)
        pages += 1
        seen += re.findall(r'href="/office/reports/([0-9-]+)\?area=', page)
        found = re.search(r'href="([^"]+)" rel="next"', page)
        address = found[1].replace("&amp;", "&") if found else None
    assert (sorted(seen), pages) == (sorted(period for period, _ in kept), 3)
    assert month.asks("/office/reports?after=nonsense") == 200


def test_another_towns_report_and_what_is_no_period_are_not_found(month: Desk, district: District) -> None:
    for path in (f"2026-11?area={district.far}", "2026-13", "2026-11/doc", f"2026-11/pdf?area={district.far}"):
        assert month.asks(f"/office/reports/{path}") == 404
    assert month.sends("/office/reports/2026-11", area=district.far).status_code == 404
