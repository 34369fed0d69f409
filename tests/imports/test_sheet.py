"""Uploaded sheets: what is read as what, and what is refused before it costs anything."""

from __future__ import annotations

import io
import zipfile
from datetime import datetime

import pytest

from fieldsvc.problems import Problem, SheetMerged, SheetTooLarge, SheetUnreadable
from fieldsvc.services.imports.sheet import MOST_ROWS, open_table
from tests.imports.sheets_made import csv, xls, xlsx

HEADINGS = ("户编号", "户主姓名", "联系电话")


def read(data: bytes, name: str = "sheet.xlsx") -> list[list[str]]:
    return [cells for _, cells in open_table(data, name).rows]


def test_headings_are_found_below_a_title_that_spans_the_sheet() -> None:
    table = open_table(
        xlsx(("某县农户信息表",), (None, "单位：元"), HEADINGS, ("1", "甲", "2"), merged="A1:C1"), "a.xlsx"
    )
    assert table.headings == list(HEADINGS)
    assert list(table.rows) == [(4, ["1", "甲", "2"])]


def test_long_numbers_stay_whole_and_one_that_excel_has_rounded_is_marked() -> None:
    rows = read(xlsx(HEADINGS, ("990000195210142325", 42.0, 990000195210142325), ("0012", 1.5, datetime(2026, 3, 1))))
    assert rows[0][:2] == ["990000195210142325", "42"]
    assert rows[0][2].endswith("≈")
    assert rows[1] == ["0012", "1.5", "2026-03-01"]


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030"])
def test_text_is_read_in_the_encodings_of_old_and_new_excel(encoding: str) -> None:
    assert read(csv(HEADINGS, ("001", "𠮷田", "138"), encoding=encoding), "a.csv") == [["001", "𠮷田", "138"]]


def test_empty_rows_and_columns_without_a_heading_are_left_out() -> None:
    table = open_table(
        xlsx((*HEADINGS, None), ("1", "甲", None, "x"), (None, None, None, "y"), ("2", None, None)), "a.xlsx"
    )
    assert list(table.rows) == [(2, ["1", "甲", ""]), (4, ["2", "", ""])]


def test_merged_cells_below_the_headings_are_refused_and_named() -> None:
    with pytest.raises(SheetMerged) as refused:
        open_table(xlsx(HEADINGS, ("1", "甲", "2"), (None, "乙", "3"), merged="A2:A3"), "a.xlsx")
    assert refused.value.details == {"row": 3}


def bomb() -> bytes:
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("xl/sharedStrings.xml", b" " * 61_000_000)
    return file.getvalue()


def with_doctype() -> bytes:
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w") as archive:
        archive.writestr("xl/workbook.xml", '<?xml version="1.0"?><!DOCTYPE a [<!ENTITY b "c">]><a>&b;</a>')
    return file.getvalue()


@pytest.mark.parametrize(
    ("data", "name", "problem"),
    [
        (b"", "a.xlsx", SheetUnreadable),
        (b"PK\x03\x04 cut", "a.xlsx", SheetUnreadable),
        (b"\xd0\xcf\x11\xe0 cut", "a.xls", SheetUnreadable),
        (b"a,b", "a.docx", SheetUnreadable),
        (b"\xff\xff\xff", "a.csv", SheetUnreadable),
        (b"\r\n\r\n", "a.csv", SheetUnreadable),
        (bomb(), "a.xlsx", SheetTooLarge),
        (with_doctype(), "a.xlsx", SheetUnreadable),
        (b"x" * 20_000_001, "a.csv", SheetTooLarge),
    ],
    ids=["empty", "cut", "cut xls", "another kind", "no encoding", "no headings", "bomb", "doctype", "large"],
)
def test_what_must_not_be_opened_is_refused_with_a_remedy(data: bytes, name: str, problem: type[Problem]) -> None:
    with pytest.raises(problem):
        open_table(data, name)


def test_a_sheet_of_more_rows_than_a_county_has_is_refused_while_it_is_read() -> None:
    table = open_table(b"a,b\n" + b"1,2\n" * (MOST_ROWS + 1), "a.csv")
    with pytest.raises(SheetTooLarge):
        list(table.rows)


def test_an_old_excels_sheet_is_read_with_its_chinese_words_and_long_numbers() -> None:
    data = xls(
        ("户编号", "户主", "人口", "证件号码"), ("001", "陈一", 4, "990000195102142325"), ("002", "欧阳二", 2.5, 1e17)
    )
    table = open_table(data, "旧表.xls")
    assert table.headings == ["户编号", "户主", "人口", "证件号码"]
    assert list(table.rows) == [
        (2, ["001", "陈一", "4", "990000195102142325"]),
        (3, ["002", "欧阳二", "2.5", "100000000000000000≈"]),
    ]


def test_a_text_of_an_old_office_is_read_in_its_own_encoding() -> None:
    table = open_table(csv(("户编号", "户主"), ("001", "䶮一"), encoding="gb18030"), "旧表.csv")
    assert list(table.rows) == [(2, ["001", "䶮一"])], "a character that only GB18030 has"
