"""A form that cannot work is refused before anybody carries it into a village, with the place of every mistake."""

from __future__ import annotations

import io
import zipfile

import pytest

from fieldsvc.xlsform import compile_form
from tests.forms.forms import Row, markdown, refused, spreadsheet

AGE = {"type": "integer", "name": "age"}


@pytest.mark.parametrize(
    ("row", "code", "column"),
    [
        ({"type": "text", "name": "x", "relevant": "nope(1)"}, "unknown-function", "relevant"),
        ({"type": "text", "name": "x", "relevant": "if(1)"}, "wrong-arguments", "relevant"),
        ({"type": "text", "name": "x", "constraint": "/data/nobody > 1"}, "unknown-node", "constraint"),
        ({"type": "text", "name": "x", "required": "../nobody = 1"}, "unknown-node", "required"),
        ({"type": "calculate", "name": "x", "calculation": "//age"}, "expression-unsupported", "calculation"),
        ({"type": "calculate", "name": "x", "calculation": "1 + "}, "expression-syntax", "calculation"),
        ({"type": "calculate", "name": "x", "calculation": "${x} + 1"}, None, None),
        ({"type": "text", "name": "x", "constraint": "regex(., '(?<=a)b')"}, "regex-unsupported", "constraint"),
        ({"type": "text", "name": "x", "constraint": "regex(., '(')"}, "regex-unsupported", "constraint"),
        ({"type": "text", "name": "x", "relevant": "${x} = 1"}, "cycle", "relevant"),
        ({"type": "text", "name": "x", "bind::fs:soft": "nope()"}, "unknown-function", "bind::fs:soft"),
        ({"type": "select_one yn", "name": "x", "choice_filter": "/data/nobody = 1"}, "unknown-node", "choice_filter"),
        (
            {"type": "calculate", "name": "x", "calculation": "jr:choice-name('a', '${age}')"},
            "list-missing",
            "calculation",
        ),
    ],
)
def test_a_mistake_is_named_with_its_row_and_column(row: Row, code: str | None, column: str | None) -> None:
    found = refused(markdown([AGE, row]))
    if code is None:
        assert found == []
        return
    [only] = found
    assert (only.code, only.sheet, only.row, only.column) == (code, "survey", 3, column)
    assert only.ref == "/data/x"


@pytest.mark.parametrize(
    ("row", "column", "detail"),
    [
        ({"relevant": "${safe} = 'yess'"}, "relevant", "yess → yes?"),
        ({"relevant": "${safe} = '' or ${safe} != 'no'"}, None, None),
        ({"relevant": 'selected(${safe}, "nein")'}, "relevant", "nein"),
        ({"bind::fs:soft": "not(selected(${safe}, 'yes no'))"}, None, None),
        ({"type": "select_one yn", "default": "maybe"}, "default", "maybe"),
        ({"type": "select_one yn", "default": "yes"}, None, None),
        ({"type": "select_one yn", "default": "if(${safe} = '', 'yes', 'no')"}, None, None),
        ({"type": "integer", "default": "-3"}, None, None),
        ({"type": "decimal", "default": ".5"}, None, None),
        ({"type": "date", "default": "today() - 3"}, None, None),
        ({"type": "select_one yn", "choice_filter": "name = ${safe} or true() and label != 'kind'"}, None, None),
        ({"type": "select_one yn", "choice_filter": "name = current()/../safe"}, None, None),
    ],
)
def test_a_code_that_no_choice_has_is_doubted_where_it_is_named(
    row: Row, column: str | None, detail: str | None
) -> None:
    rows = [
        {"type": "select_one yn", "name": "safe", "label": "饮水"},
        {"type": "text", "name": "x", "label": "甲", **row},
    ]
    found = compile_form(markdown(rows), "trial.md").warnings
    assert [(one.code, one.row, one.column, one.detail) for one in found] == (
        [("choice-code-unknown", 3, column, detail)] if column else []
    )


def test_a_choice_called_other_by_the_form_itself_is_no_unknown_code() -> None:
    rows = [
        {"type": "select_one yn or_other", "name": "safe", "label": "饮水"},
        {"type": "text", "name": "x", "label": "甲", "relevant": "${safe} = 'other'"},
    ]
    assert [one.code for one in compile_form(markdown(rows), "trial.md").warnings] == []


def test_all_mistakes_are_named_at_once() -> None:
    rows = [
        {"type": "text", "name": "a", "relevant": "nope()"},
        {"type": "text", "name": "b", "constraint": "1 +"},
        {"type": "text", "name": "c", "required": "/data/z = 1"},
    ]
    assert [problem.row for problem in refused(markdown(rows))] == [2, 3, 4]


def test_a_circle_of_calculations_is_found() -> None:
    rows = [
        {"type": "calculate", "name": "a", "calculation": "${c} + 1"},
        {"type": "calculate", "name": "b", "calculation": "${a} + 1"},
        {"type": "calculate", "name": "c", "calculation": "${b} + 1"},
    ]
    assert [problem.code for problem in refused(markdown(rows))] == ["cycle"]


def test_a_group_shown_by_its_own_question_is_a_circle() -> None:
    rows = [
        {"type": "begin group", "name": "g", "relevant": "${inner} = 'yes'"},
        {"type": "select_one yn", "name": "inner"},
        {"type": "end group"},
    ]
    assert "cycle" in {problem.code for problem in refused(markdown(rows))}


def test_a_running_total_over_the_item_before_is_no_circle() -> None:
    rows = [
        {"type": "begin repeat", "name": "r"},
        {"type": "integer", "name": "n"},
        {
            "type": "calculate",
            "name": "total",
            "calculation": "${n} + coalesce(indexed-repeat(${total}, ${r}, position(..) - 1), 0)",
        },
        {"type": "end repeat"},
    ]
    assert refused(markdown(rows)) == []


def test_a_reference_to_nowhere_keeps_its_row() -> None:
    [only] = refused(markdown([AGE, {"type": "text", "name": "x", "relevant": "${nobody} = 1"}]))
    assert only.code == "unknown-node"
    assert (only.row, only.column) == (3, "relevant")
    assert "nobody" in only.detail


def test_a_choice_code_with_a_blank_is_refused() -> None:
    choices = [{"list_name": "yn", "name": "not sure", "label": "?"}]
    found = refused(markdown([{"type": "select_one yn", "name": "x"}], choices=choices))
    assert [(problem.code, problem.sheet, problem.row) for problem in found] == [("choice-code", "choices", 2)]


XFORM = (
    '<h:html xmlns:h="http://www.w3.org/1999/xhtml" xmlns="http://www.w3.org/2002/xforms"><h:head><h:title>&a;</h:title>'
    '<model><instance><data id="x"/></instance></model></h:head><h:body/></h:html>'
)


@pytest.mark.parametrize(
    "doctype",
    [
        '<!DOCTYPE x [<!ENTITY a "b">]>',
        '<!DOCTYPE x [<!ENTITY a SYSTEM "file:///etc/passwd">]>',
        '<!DOCTYPE x [<!ENTITY b "bbbbbbbb"><!ENTITY a "&b;&b;&b;&b;">]>',
    ],
)
def test_an_xform_with_a_doctype_is_refused(doctype: str) -> None:
    assert [problem.code for problem in refused(doctype + XFORM, "x.xml")] == ["xml-unsafe"]


def test_a_small_file_that_unpacks_to_gigabytes_is_refused_unopened() -> None:
    out = io.BytesIO(spreadsheet([AGE]))
    with zipfile.ZipFile(out, "a", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("xl/bomb.xml", b"0" * 70_000_000)
    assert [problem.code for problem in refused(out.getvalue(), "x.xlsx")] == ["form-too-large"]


@pytest.mark.parametrize(
    ("data", "name"),
    [
        (b"", "x.md"),
        (b"just text", "x.md"),
        (b"not a zip", "x.xlsx"),
        (b"PK\x03\x04 broken", "x.xlsx"),
        (b"\xd0\xcf\x11\xe0", "x.xls"),
        (b"<a/>", "x.xml"),
        (b"<a", "x.xml"),
        (b"%PDF", "x.pdf"),
        (b"\xff\xfe", "x.md"),
    ],
)
def test_a_file_that_is_no_form_is_refused_with_a_problem(data: bytes, name: str) -> None:
    assert {problem.code for problem in refused(data, name)} <= {"form-unreadable", "form-refused"}
    assert refused(data, name)


def test_a_huge_file_is_refused_before_it_is_read() -> None:
    assert [problem.code for problem in refused(b"x" * 5_000_001, "x.md")] == ["form-too-large"]


def test_every_problem_can_be_said_in_both_languages() -> None:
    [only] = refused(markdown([{"type": "text", "name": "x", "relevant": "nope()"}]))
    assert only.sentence("en") == (
        "survey sheet, row 2, relevant column: There is no such function (nope()). "
        "Check the spelling; see the list of functions."
    )
    assert only.sentence("zh") == (
        "survey 表，第 2 行，relevant 列：没有这个函数（nope()）。检查拼写，见表单说明的函数表。"
    )
