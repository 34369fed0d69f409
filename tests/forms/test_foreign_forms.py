"""What XLSForm and XForms allow and our own forms do not need: forms written for other tools are taken as they are."""

from __future__ import annotations

import io

import pytest
from pyxform.xls2xform import convert

from fieldsvc.xlsform import compile_form
from fieldsvc.xlsform.compile import Compiled
from tests.forms.both import recalculated
from tests.forms.forms import compiled, markdown, node, refused

SURVEY = "| survey |\n| | type | name | label |\n| | text | a | 甲 |\n"


def doubts(form: Compiled) -> list[tuple[str, str | None, int | None]]:
    return [(one.code, one.sheet, one.row) for one in form.warnings]


def computed(form: Compiled, answers: dict[str, str], **context: str) -> dict[str, str | None]:
    found = recalculated(
        form.definition, answers, {"now": 0, "utc_offset": 480, "seed": "1", "preloads": {}, **context}
    )
    return {ref.rpartition("/")[2]: value for ref, value in found.items()}


def test_a_form_without_settings_takes_its_id_from_the_file_and_says_so() -> None:
    form = compile_form(SURVEY, "water_check.md")
    named = (form.definition["form"], form.definition["title"], form.definition["version"])
    assert named == ("water_check", {"zh": "water_check"}, 1)
    assert doubts(form) == [
        ("form-id-missing", "settings", 2),
        ("title-missing", "settings", 2),
        ("version-missing", "settings", 2),
    ]


def test_what_the_settings_say_is_kept_and_only_the_rest_is_supplied() -> None:
    form = compile_form(SURVEY + "\n| settings |\n| | id_string |\n| | wells |\n", "water_check.md")
    assert (form.definition["form"], form.definition["title"]) == ("wells", {"zh": "wells"})
    assert [code for code, *_ in doubts(form)] == ["title-missing", "version-missing"]


def test_a_file_whose_name_can_be_no_id_needs_one() -> None:
    assert [one.code for one in refused(SURVEY, "饮水 2.md")] == ["form-id-invalid"]


def test_a_log_of_the_visit_has_no_effect_and_is_a_doubt() -> None:
    source = markdown([{"type": "audit", "name": "audit"}, {"type": "text", "name": "a", "relevant": "nope()"}])
    assert [(one.code, one.row) for one in refused(source)] == [("unknown-function", 3)]
    form = compile_form(markdown([{"type": "audit", "name": "audit"}, {"type": "text", "name": "a"}]), "trial.md")
    assert [each["name"] for each in form.definition["nodes"]] == ["a"]
    assert ("type-unrecorded", "survey", 2) in doubts(form)


@pytest.mark.parametrize("more", [{"type": "background-audio", "parameters": "quality=low"}, {"trigger": "${a}"}])
def test_what_would_be_recorded_in_the_background_stays_blank_and_may_still_be_named(more: dict[str, str]) -> None:
    rows = [
        {"type": "text", "name": "a"},
        {"type": "background-geopoint", "name": "rec", **more},
        {"type": "calculate", "name": "heard", "calculation": "if(${rec} = '', 'no', 'yes')"},
    ]
    form = compile_form(markdown(rows), "trial.md")
    assert ("type-unrecorded", "survey", 3) in doubts(form)
    assert computed(form, {"a": "x"})["heard"] == "no"


@pytest.mark.parametrize("kind", ["simserial", "get subscriber id"])
def test_what_no_browser_tells_stays_blank_and_may_still_be_named(kind: str) -> None:
    rows = [
        {"type": kind, "name": "card"},
        {"type": "calculate", "name": "known", "calculation": "if(${card} = '', 'no', 'yes')"},
    ]
    form = compile_form(markdown(rows), "trial.md")
    assert ("type-unrecorded", "survey", 2) in doubts(form)
    assert computed(form, {})["known"] == "no"


def test_quotes_of_a_word_processor_in_an_expression_are_plain_quotes() -> None:
    rows = [{"type": "text", "name": "a"}, {"type": "text", "name": "b", "relevant": "${a} = ‘有’"}]
    assert node(compiled(rows), "/data/b")["relevant"] == ["=", ["p", "/", [["c", "data"], ["c", "a"]]], ["s", "有"]]


def test_null_in_an_expression_is_blank_and_a_doubt() -> None:
    rows = [
        {"type": "integer", "name": "months"},
        {"type": "calculate", "name": "days", "calculation": "if(${months} > 0, ${months} * 30, null)"},
    ]
    form = compile_form(markdown(rows), "trial.md")
    assert ("null-unknown", "survey", 3) in doubts(form)
    assert computed(form, {"months": "0"})["days"] is None


def test_a_choice_s_words_are_found_by_its_itext_id_in_the_language_of_the_form() -> None:
    asked = "jr:itext(instance('yn')/root/item[name = ${a}]/itextId)"
    choices = [
        {"list_name": "yn", "name": "yes", "label::中文 (zh)": "是", "label::English (en)": "Yes"},
        {"list_name": "yn", "name": "no", "label::中文 (zh)": "否", "label::English (en)": "No"},
    ]
    rows = [{"type": "select_one yn", "name": "a"}, {"type": "calculate", "name": "said", "calculation": asked}]
    form = compile_form(markdown(rows, choices=choices), "trial.md")
    assert computed(form, {"a": "no"})["said"] == "否"
    assert computed(form, {"a": "no"}, language="en")["said"] == "No"


def test_an_xform_without_a_default_namespace_is_the_same_form() -> None:
    xml = convert(io.BytesIO(markdown([{"type": "select_one yn", "name": "a"}]).encode()), file_type=".md").xform
    bare = xml.replace('xmlns="http://www.w3.org/2002/xforms"', "").replace("<root>", '<root xmlns="">')
    assert bare != xml
    assert compile_form(bare, "a.xml").definition == compile_form(xml, "a.xml").definition


@pytest.mark.parametrize(
    ("declared", "kind"), [("integer", "int"), ("long", "int"), ("double", "decimal"), ("float", "decimal")]
)
def test_an_xform_may_name_its_numbers_as_xml_schema_does(declared: str, kind: str) -> None:
    xml = convert(io.BytesIO(markdown([{"type": "integer", "name": "a"}]).encode()), file_type=".md").xform
    form = compile_form(xml.replace('type="int"', f'type="xsd:{declared}"'), "a.xml").definition
    assert node(form, "/data/a")["type"] == kind


def test_an_old_workbook_is_read_as_one_whatever_it_is_called() -> None:
    # The readers' own complaint shows that they were asked: a zip that is none says "zip".
    [told] = refused(bytes.fromhex("d0cf11e0a1b11ae1") + b"\0" * 600, "form.xlsx")
    assert (told.code, told.detail) == ("form-unreadable", "CompDocError")
