"""A household's file: what is missing in it, and its documents as PDF, masked as their purpose asks."""

from __future__ import annotations

import io
from collections.abc import Callable

import pytest
from pypdf import PdfReader
from sqlalchemy import select

from fieldsvc.forms import datasets
from fieldsvc.papers import Heading, Paper, Picture, Pictures, Signatures, Text, draw, font
from fieldsvc.papers.lines import broken
from fieldsvc.services import published
from fieldsvc.services.context import Context
from fieldsvc.services.dossier import archive, documents
from fieldsvc.store.tables import AuditRow
from tests.office.desk import Desk, text
from tests.office.district import District
from tests.office.test_household_page import in_slots
from tests.support.shipped import dataset

KINDS = ("plans", "plan_measures", "income_statements", "housing_cases", "housing_payments", archive.EXEMPTIONS)


@pytest.fixture
def home(district: District, ctx: Context) -> str:
    """𬱖's household, whose name is in the second plane, with a plan for this year and last, and a renovation."""
    console = district.actor(district.person("孙管理", "A01", role="administrator", area=district.county))
    for name in KINDS:
        definition = dataset(name)
        published.publish_dataset(ctx, console, definition, digest=definition["version"])
    home = district.household(
        "陈𬱖", district.upper, helper=district.li, head_name="陈𬱖", phone="13900000000", people="4"
    )
    district.member(home, "陈小一", full_name="陈小一", id_no="990000201001011234")
    for year in ("2025", "2026"):
        district.record(home, "plans", f"{year} 年", year=year, goals=f"{year}年目标")
        district.record(home, "plan_measures", "养鸡", plan=year, item=f"{year}年养鸡")
    return home


def pages_of(data: bytes) -> list[str]:
    """What each page says, without the gaps a reader guesses between characters."""
    pages = PdfReader(io.BytesIO(data)).pages
    return ["".join(page.extract_text().replace("\0", "").split()) for page in pages]


def prints(desk: Desk, home: str, name: str) -> str:
    """Everything the printed document says."""
    answer = desk.client.get(f"/office/households/{home}/archive/{name}.pdf")
    assert answer.status_code == 200
    assert answer.mimetype == "application/pdf"
    return "".join(pages_of(answer.data))


def test_the_file_says_which_of_its_eighteen_items_are_there(desk: Desk, home: str, district: District) -> None:
    page = text(desk.opens(f"/office/households/{home}/archive"))
    assert "已有 5.6 %（1/18）" in page
    assert "一户一策精准脱贫计划 系统生成" in page
    assert "培训证书 缺" in page
    assert "档案材料" in desk.opens(f"/office/households/{home}")


def test_a_photographed_paper_is_filed_in_its_item(desk: Desk, home: str, district: District, ctx: Context) -> None:
    in_slots(ctx, proof="training")
    visit = district.visit(home, district.li)
    district.photo(visit, home, "/data/proof", "a" * 64)
    page = text(desk.opens(f"/office/households/{home}/archive"))
    assert "培训证书 已归档" in page
    assert "扶贫手册 系统生成" in page, "a visit is a page of the handbook"


def test_an_item_that_does_not_apply_needs_a_reason_and_can_be_taken_back(desk: Desk, home: str) -> None:
    where = f"/office/households/{home}/archive"
    assert desk.sends(f"{where}/exempt", where, slot="loan", reason=" ").status_code == 422
    assert desk.sends(f"{where}/exempt", where, slot="loan", reason="没有贷款").status_code == 302
    page = desk.opens(where)
    assert "不适用 没有贷款" in text(page)
    assert "（1/17）" in text(page)
    record = page.split('name="exemption" value="')[1].split('"')[0]
    assert desk.sends(f"{where}/exempt", where, slot="loan", exemption=record).status_code == 302
    assert "（1/18）" in text(desk.opens(where))


def test_the_bundle_has_cover_handbook_plans_and_visits_with_numbered_pages(
    desk: Desk, home: str, district: District
) -> None:
    district.visit(home, district.li)
    data = desk.client.get(f"/office/households/{home}/archive/archive.pdf").data
    pages = pages_of(data)
    assert ["贫困户精准扶贫档案" in pages[0], "扶贫手册" in pages[1], "走访记录与照片" in pages[-1]] == [True] * 3
    assert sum("精准脱贫计划" in page and "年目标" in page for page in pages) == 2
    assert f"1/{len(pages)}" in pages[0]
    assert "王审核于2026-11-22" in pages[0]
    assert "陈𬱖" in pages[0], "a rare character is text like any other"
    for hidden in ("13900000000", "990000201001011234"):
        assert all(hidden not in page for page in pages)
    assert data.startswith(b"%PDF")


def test_a_page_of_the_handbook_tells_each_visit_as_its_form_composed_it(
    desk: Desk, home: str, district: District
) -> None:
    told = "2026年11月22日入户走访，见到户主。家庭情况无变化。"
    district.visit(home, district.li, {"visit": {"met": "head"}, "handbook": told})
    district.visit(home, district.li, {"visit": {"met": "head"}})
    said = prints(desk, home, "handbook")
    assert said.count(told) == 1
    assert "李" in said.split(told)[1]


def test_what_hangs_on_a_wall_hides_the_name_and_takes_only_its_years_measures(desk: Desk, home: str) -> None:
    said = prints(desk, home, "plan")
    assert "陈＊" in said
    assert "𬱖" not in said
    first, second = said.split("2026年目标")
    assert ("2025年养鸡" in first, "2026年养鸡" in first) == (True, False)
    assert "2026年养鸡" in second


def test_an_acceptance_shows_the_case_its_payments_and_places_to_sign(
    desk: Desk, home: str, district: District
) -> None:
    district.record(home, "housing_cases", "重建", grade="D", subsidy="40000", completed_on="2026-11-02")
    district.record(home, "housing_payments", "", amount="20000")
    said = prints(desk, home, "acceptance")
    for words in ("竣工验收表", "40000", "20000", "11月2日", "验收人（签字）"):
        assert words in said


def test_unmasked_needs_a_reason_and_is_on_record_and_never_what_is_public(desk: Desk, home: str, ctx: Context) -> None:
    where = f"/office/households/{home}/archive"
    assert desk.sends(f"{where}/archive.pdf", where, full="1", reason="").status_code == 422
    shown = "".join(pages_of(desk.sends(f"{where}/handbook.pdf", where, full="1", reason="本人申请").data))
    assert "13900000000" in shown
    assert "990000201001011234" in shown
    assert "𬱖" not in "".join(pages_of(desk.sends(f"{where}/plan.pdf", where, full="1", reason="x").data))
    with ctx.db.read() as session:
        details = [row.detail for row in session.scalars(select(AuditRow).where(AuditRow.action == "view"))]
    assert {"document": "handbook", "full": True, "reason": "本人申请"} in details
    assert "打印材料" in desk.opens(f"/office/households/{home}/viewers")


def test_another_town_prints_nothing_and_nobody_prints_what_is_not_there(
    desk: Desk, desk_of: Callable[[str], Desk], home: str
) -> None:
    other = desk_of("S02")
    for path in ("archive", "archive/archive.pdf", "archive/cover.pdf"):
        assert other.asks(f"/office/households/{home}/{path}") == 404
    assert desk.asks(f"/office/households/{home}/archive/nothing.pdf") == 404
    assert desk.asks(f"/office/households/{home}/archive/acceptance.pdf") == 422
    assert (
        other.sends(f"/office/households/{home}/archive/exempt", "/office/", slot="loan", reason="x").status_code == 404
    )


def test_a_character_the_font_has_not_is_named_below() -> None:
    face = font.file()
    (page,) = pages_of(draw([Paper("x", [Text("王𪚥")], "foot", "〓 {codes}")], 0, face))
    assert "王〓" in page
    assert "U+2A6A5" in page


def test_the_same_paper_is_the_same_file() -> None:
    paper = Paper("x", [Text("王")], "foot")
    assert draw([paper], 0, font.file()) == draw([paper], 0, font.file())


def test_every_template_names_properties_that_there_are() -> None:
    known = datasets()
    for template in documents.templates().values():
        for block in template.blocks:
            for kind, about in (("values", "households"), ("members", "members"), ("record", template.of)):
                assert set(block.get(kind, ())) <= set(known[about]["properties"] if about else ()), template.name
            if "records" in block:
                assert set(block["columns"]) <= set(known[block["records"]]["properties"]), template.name
    codes = {slot["code"] for slot in archive.slots()}
    assert len(codes) == 18
    assert {one.archive for one in documents.templates().values()} - {None} <= codes


def test_a_line_begins_with_no_closing_mark_and_breaks_in_no_number() -> None:
    def wide(one: str) -> float:
        return 1 if one.isascii() else 2

    assert broken("人均纯收入目标（元）", 18, wide) == "人均纯收入目标\n（元）"
    assert broken("房屋 C 级。", 9, wide) == "房屋 C \n级。"
    assert broken("2026年12月20日", 13, wide) == "2026年12月\n20日"
    assert broken("收入 12120 元", 8, wide) == "收入 \n12120 元"
    assert broken("990000201001011234", 8, wide) == "99000020\n10010112\n34", (
        "what fits on no line breaks where it is full"
    )
    assert broken("）））））", 4, wide) == "））\n））\n）"
    assert broken("一行\n另一行", 20, wide) == "一行\n另一行"
    assert broken("", 20, wide) == ""


def test_what_hangs_on_a_wall_is_written_larger_and_every_paper_says_the_year_of_its_days(
    desk: Desk, district: District, home: str
) -> None:
    district.record(
        home, "housing_cases", "重建", stage="completed", appraised_on="2026-08-15", completed_on="2026-11-01"
    )
    assert documents.templates()["plan"].scale > documents.templates()["acceptance"].scale == 1
    said = prints(desk, home, "acceptance")
    assert "2026年8月15日" in said
    assert "2026年11月1日" in said


def test_the_places_to_sign_stay_on_one_page_and_a_heading_goes_with_its_photos() -> None:
    labels = ["户主（签字）", "验收人（签字）", "乡镇（盖章）", "日期"]
    texts = [Text("\n".join(["一行"] * lines)) for lines in range(30, 46)]
    photos = [Heading("改造前后照片"), Pictures([Picture(None, "改造前")])]
    # A file of each: to read the font and to write what is used of it takes longer than all the pages.
    signed = pages_of(draw([Paper("表", [text, Signatures(labels)], "") for text in texts], 0, font.file("")))
    pictured = pages_of(draw([Paper("表", [text, *photos], "") for text in texts], 0, font.file("")))
    assert [sum(label in page for page in signed) for label in labels] == [len(texts)] * len(labels)
    assert sum("改造前后照片" in page for page in pictured) == len(texts)
    split = sum(0 < sum(label in page for label in labels) < len(labels) for page in signed)
    alone = sum(("改造前后照片" in page) != ("改造前" in page.replace("改造前后照片", "")) for page in pictured)
    assert (split, alone) == (0, 0)
