"""What Excel does to a form behind its author's back, and what an attacker would send: refused, in bounded memory."""

from __future__ import annotations

import io
import tracemalloc
import zipfile
from collections.abc import Callable
from datetime import date
from typing import Any

import pytest
from openpyxl import Workbook, load_workbook

from fieldsvc.xlsform import compile_form
from fieldsvc.xlsform.spreadsheet import MOST_ROWS
from tests.forms.forms import refused, spreadsheet

AGE = {"type": "integer", "name": "age"}


def changed(change: Callable[[Workbook], None]) -> bytes:
    """A good workbook after somebody worked on it."""
    book = load_workbook(io.BytesIO(spreadsheet([AGE, {"type": "select_one yn", "name": "safe"}])))
    change(book)
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def repacked(change: Callable[[str, bytes], bytes], data: bytes | None = None) -> bytes:
    """A good workbook whose inner files were changed by hand."""
    out = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(data or spreadsheet([AGE]))) as old, zipfile.ZipFile(out, "w") as new:
        for item in old.infolist():
            new.writestr(item.filename, change(item.filename, old.read(item)))
    return out.getvalue()


def places(data: bytes) -> list[tuple[Any, ...]]:
    return [(one.code, one.sheet, one.row, one.column) for one in refused(data, "trial.xlsx")]


def merge(book: Workbook) -> None:
    book["choices"].merge_cells("A2:A3")


def formula(book: Workbook) -> None:
    book["survey"]["C2"] = '=HYPERLINK("http://example.org","x")'


def a_date(book: Workbook) -> None:
    book["survey"]["D1"] = "default"
    book["survey"]["D2"] = date(2026, 11, 22)


def renamed(book: Workbook) -> None:
    book["choices"].title = "choice"


def no_survey(book: Workbook) -> None:
    book["survey"].title = "suvrey"


def heading_twice(book: Workbook) -> None:
    book["survey"]["D1"] = "name"


def no_headings(book: Workbook) -> None:
    book["survey"]["A2"] = "年龄"
    book["survey"].delete_rows(1)


def empty_survey(book: Workbook) -> None:
    book["survey"].delete_rows(1, 9)


@pytest.mark.parametrize(
    ("change", "expected"),
    [
        (merge, ("cell-merged", "choices", 2, None)),
        (formula, ("cell-formula", "survey", 2, "name")),
        (a_date, ("cell-date", "survey", 2, "default")),
        (renamed, ("sheet-missing", "choices", None, None)),
        (no_survey, ("sheet-missing", "survey", None, None)),
        (heading_twice, ("heading-duplicate", "survey", 1, "name")),
        (no_headings, ("heading-missing", "survey", 1, None)),
        (empty_survey, ("sheet-empty", "survey", None, None)),
    ],
    ids=lambda value: getattr(value, "__name__", ""),
)
def test_what_happens_to_spreadsheets_is_named_with_its_place(
    change: Callable[[Workbook], None], expected: tuple[Any, ...]
) -> None:
    assert expected in places(changed(change))


def test_blanks_around_text_numbers_and_empty_rows_do_no_harm_and_rows_keep_their_numbers() -> None:
    def untidy(book: Workbook) -> None:
        sheet = book["survey"]
        sheet["C2"] = "  age \u00a0"
        sheet.insert_rows(3, amount=2)
        book["settings"]["C2"] = 7

    assert compile_form(changed(untidy), "trial.xlsx").definition["version"] == 7

    def wrong(book: Workbook) -> None:
        untidy(book)
        book["survey"]["B5"] = "select_one nowhere"

    assert ("list-missing", "survey", 5, "type") in places(changed(wrong))


def test_a_hidden_sheet_and_an_unknown_column_are_doubts_and_no_mistakes() -> None:
    def hide(book: Workbook) -> None:
        book["choices"].sheet_state = "hidden"
        book["survey"]["D1"] = "relevent"
        book["survey"]["D2"] = "1 = 1"

    compiled = compile_form(changed(hide), "trial.xlsx")
    assert [(one.code, one.detail) for one in compiled.warnings] == [
        ("heading-unknown", "relevent → relevant?"),
        ("sheet-hidden", ""),
    ]


def test_a_sheet_that_claims_a_million_rows_costs_nothing() -> None:
    def far(book: Workbook) -> None:
        book["survey"]["A1048576"] = "x"

    data = changed(far)
    tracemalloc.start()
    assert compile_form(data, "trial.xlsx").definition["nodes"]
    assert tracemalloc.get_traced_memory()[1] < 30_000_000
    tracemalloc.stop()


def test_a_survey_with_more_rows_than_anybody_would_answer_is_refused_before_it_is_read() -> None:
    book = Workbook(write_only=True)
    sheet = book.create_sheet("survey")
    sheet.append(["type", "name", "label"])
    for number in range(MOST_ROWS["survey"] + 5):
        sheet.append(["text", f"q{number}", "甲"])
    out = io.BytesIO()
    book.save(out)
    tracemalloc.start()
    assert places(out.getvalue()) == [("form-too-large", "survey", None, None)]
    assert tracemalloc.get_traced_memory()[1] < 30_000_000
    tracemalloc.stop()


def test_a_form_in_markdown_has_the_same_bound() -> None:
    rows = "\n".join(f"| | text | q{number} | 甲 |" for number in range(MOST_ROWS["survey"] + 5))
    [found] = refused(f"| survey |\n| | type | name | label |\n{rows}", "long.md")
    assert (found.code, found.sheet) == ("form-too-large", "survey")


LAUGHS = b'<!DOCTYPE x [<!ENTITY a "ha"><!ENTITY b "&a;&a;&a;&a;&a;&a;&a;&a;">]>'


@pytest.mark.parametrize("encoding", ["utf-8", "utf-16-le"])
def test_a_workbook_with_entities_inside_is_refused_unread(encoding: str) -> None:
    def laugh(name: str, data: bytes) -> bytes:
        return LAUGHS.decode().encode(encoding) + data if name.startswith("xl/worksheets") else data

    assert {code for code, *_ in places(repacked(laugh))} == {"xml-unsafe"}


def test_a_zip_that_lies_about_its_size_is_refused() -> None:
    data = bytearray(repacked(lambda _, inner: inner, spreadsheet([AGE])))
    at = data.index(b"PK\x01\x02")
    data[at + 24 : at + 28] = (10).to_bytes(4, "little")
    assert {code for code, *_ in places(bytes(data))} == {"form-unreadable"}


XFORM = """<h:html xmlns:h="http://www.w3.org/1999/xhtml" xmlns="http://www.w3.org/2002/xforms"><h:head><h:title>x</h:title>
<model><instance><data id="x">{}</data></instance></model></h:head><h:body/></h:html>"""


@pytest.mark.parametrize(
    ("data", "name", "code"),
    [
        (LAUGHS.decode() + XFORM.format("&b;"), "laughs.xml", "xml-unsafe"),
        ('<!DOCTYPE h SYSTEM "http://127.0.0.1/x.dtd">' + XFORM.format("<a/>"), "external.xml", "xml-unsafe"),
        (XFORM.format("<a>"), "broken.xml", "form-unreadable"),
        (XFORM.format("<a/>").replace("<h:body/>", ""), "bodyless.xml", "form-unreadable"),
        ("| survey |\n| | type | name | label |\n| | text | a | 甲 |".encode("gb18030"), "gbk.md", "form-unreadable"),
        (b"\xff\xfe|\x00", "utf16.md", "form-unreadable"),
        (b"", "empty.xlsx", "form-unreadable"),
        (b"", "empty.xml", "form-unreadable"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 600, "locked.xlsx", "form-unreadable"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 600, "old.xls", "form-unreadable"),
        (b"x", "form.docx", "form-unreadable"),
    ],
    ids=lambda value: value if isinstance(value, str) and "." in value[-5:] else "",
)
def test_files_that_are_no_forms_are_refused_with_a_problem(data: bytes | str, name: str, code: str) -> None:
    [found] = refused(data, name)
    assert found.code == code
    assert found.remedy["zh"]
    assert found.remedy["en"]
