"""A file that leaves the office is called by what is in it, and can be read and printed as it comes."""

from __future__ import annotations

import io
from pathlib import Path
from urllib.parse import quote

from flask import Response
from openpyxl import load_workbook

from fieldsvc import sheets
from fieldsvc.office.downloads import named
from tests.office.desk import Desk
from tests.office.district import District


def called(desk: Desk) -> str:
    """How the last answer says that it starts to be saved: the name for whoever reads more than ASCII."""
    assert desk.last is not None
    return desk.last.headers["Content-Disposition"].split("filename*=UTF-8''")[1]


def test_files_are_called_by_what_they_hold_and_under_which_filter(desk: Desk, district: District) -> None:
    home = district.household("陈一", district.upper, helper=district.li, hh_no="0001")
    district.visit(home, district.li)
    desk.sends("/office/ledgers/requests", format="csv", month="202611", area=district.upper)
    assert called(desk) == quote("诉求台账 2026年11月 上村.csv")
    desk.sends("/office/export", form="visit", format="xlsx", contents="labels", month="202611")
    assert called(desk) == quote("入户走访记录 2026年11月.xlsx")
    desk.asks("/office/reports/2026-10/docx")
    assert called(desk) == quote("岩寺镇2026年10月通报.docx")
    desk.asks(f"/office/households/{home}/archive/handbook.pdf")
    assert called(desk) == quote("扶贫手册页 0001.pdf"), "a number and nobody's name"


def test_no_name_of_a_file_holds_what_a_computer_does_not_take() -> None:
    said = named(Response(), 'a/b\\c:d"e\r\nSet-Cookie: x', "上村.", ending="csv").headers["Content-Disposition"]
    assert said == f"attachment; filename=\"fieldsvc.csv\"; filename*=UTF-8''{quote('a b c d e Set-Cookie x 上村.csv')}"
    long = named(Response(), "村" * 200, ending="csv").headers["Content-Disposition"]
    assert long.endswith(f"{quote('村' * 80)}.csv")


def test_a_sheet_has_columns_as_wide_as_its_words_and_its_headings_on_every_page(tmp_path: Path) -> None:
    path = tmp_path / "sheet.xlsx"
    row = {"村": "岩寺镇上村第三村民小组", "备注": "长" * 500}
    sheets.write(path, ["村", "备注"], [row] * 300)
    sheet = load_workbook(io.BytesIO(path.read_bytes())).active
    assert sheet is not None
    assert (sheet.column_dimensions["A"].width, sheet.column_dimensions["B"].width) == (24, 42)
    assert (sheet.print_title_rows, sheet.page_setup.orientation, sheet["A1"].font.b) == ("$1:$1", "landscape", True)
    assert sheet.max_row == 301
