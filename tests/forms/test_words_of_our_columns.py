"""The columns and settings that only this project has: a word that they do not know is named, never passed over."""

from __future__ import annotations

import re

import pytest

from fieldsvc.services.form_alone import check
from fieldsvc.xlsform import FormProblem, compile_form
from fieldsvc.xlsform.slots_named import check_slots
from tests.forms.forms import SETTINGS, Row, markdown, refused, spreadsheet

CHINESE = re.compile(r"[\u4e00-\u9fff]")
ABOUT = {**SETTINGS, "subject_dataset": "households"}


def photo(**columns: str) -> list[Row]:
    return [{"type": "image", "name": "wall", **{f"bind::fs:{key}": value for key, value in columns.items()}}]


def place(found: FormProblem) -> tuple[str, str | None, int | None, str | None, str]:
    return found.code, found.sheet, found.row, found.column, found.detail


@pytest.mark.parametrize(
    ("column", "value", "detail"),
    [
        ("stamp", "tiem place", "tiem → time?; time, place, number"),
        ("stamp", "名字", "名字; time, place, number"),
        ("position", "on", "on; yes, no"),
        ("max-kb", "big", "big; 300"),
        ("soft-reason", "maybe", "maybe; yes, no"),
    ],
)
def test_a_word_that_a_column_does_not_know_is_a_mistake_at_its_cell(column: str, value: str, detail: str) -> None:
    rows = [{**photo(**{column: value})[0], "bind::fs:soft": ". != ''"}]
    for found in (refused(markdown(rows)), refused(spreadsheet(rows), "trial.xlsx")):
        [only] = found
        assert place(only) == ("word-unknown", "survey", 2, f"bind::fs:{column}", detail)
        assert CHINESE.search(only.sentence("zh"))
        assert not CHINESE.search(only.sentence("en").replace(value, ""))


@pytest.mark.parametrize("stamp", ["time place number", "number", "time  place"])
def test_the_words_of_a_stamp_are_taken(stamp: str) -> None:
    assert refused(markdown(photo(stamp=stamp))) == []


@pytest.mark.parametrize(("written", "asked"), [("yes", True), ("true()", True), ("no", False), ("false", False)])
def test_a_photo_that_says_no_is_not_asked_where_it_was_taken(written: str, asked: bool) -> None:
    [node] = compile_form(markdown(photo(position=written)), "trial.md").definition["nodes"]
    assert ("position" in node.get("parameters", {})) is asked


@pytest.mark.parametrize("visit", ["maybe", "是", "visit"])
def test_a_form_that_is_perhaps_a_visit_is_refused(visit: str) -> None:
    [only] = refused(markdown([{"type": "text", "name": "a"}], settings=[{**SETTINGS, "visit": visit}]))
    assert place(only) == ("word-unknown", "settings", 2, "visit", f"{visit}; yes, no")


@pytest.mark.parametrize(("visit", "counts"), [("yes", True), ("True", True), ("no", False), ("false()", False)])
def test_a_form_says_whether_it_is_a_visit(visit: str, counts: bool) -> None:
    made = compile_form(markdown([{"type": "text", "name": "a"}], settings=[{**SETTINGS, "visit": visit}]), "a.md")
    assert made.definition.get("visit", False) is counts


XFORM = """<h:html xmlns="http://www.w3.org/2002/xforms" xmlns:h="http://www.w3.org/1999/xhtml"
 xmlns:fs="urn:fieldsvc:forms"><h:head><h:title>试用</h:title><model>
 <instance><data id="trial" version="1" fs:visit="maybe"><wall/></data></instance>
 <bind nodeset="/data/wall" type="binary" fs:stamp="tiem"/></model></h:head>
 <h:body><upload ref="/data/wall" mediatype="image/*"><label>墙面</label></upload></h:body></h:html>"""


def test_a_ready_xform_is_asked_the_same() -> None:
    found = refused(XFORM, "trial.xml")
    assert {(one.code, one.ref, one.detail) for one in found} == {
        ("word-unknown", None, "maybe; yes, no"),
        ("word-unknown", "/data/wall", "tiem → time?; time, place, number"),
    }


@pytest.mark.parametrize("column", ["slot", "ghost"])
def test_a_slot_nobody_has_named_is_doubted(column: str) -> None:
    made = compile_form(markdown(photo(**{column: "befor"})), "trial.md")
    assert [place(one) for one in check_slots(made, {"before", "after"})] == [
        ("slot-unknown", "survey", 2, f"bind::fs:{column}", "befor → before?")
    ]
    assert check_slots(made, {"befor"}) == []


def test_a_ghost_may_be_a_slot_that_the_form_has_itself() -> None:
    rows = [*photo(slot="well"), {"type": "image", "name": "again", "bind::fs:ghost": "well"}]
    made = compile_form(markdown(rows), "trial.md")
    assert [one.column for one in check_slots(made, {"before"})] == ["bind::fs:slot"]


def test_the_check_on_a_laptop_knows_the_slots_of_this_release() -> None:
    found = check(spreadsheet(photo(slot="befor"), settings=[ABOUT], choices=[]), "trial.xlsx")
    assert found.problems == []
    assert [place(one) for one in found.warnings] == [("slot-unknown", "survey", 2, "bind::fs:slot", "befor → before?")]


@pytest.mark.parametrize("column", ["bind::fs:stmap", "bind::fs:gohst", "bind::fs:positon", "bind::fs:targt"])
def test_a_column_of_ours_that_is_misspelled_is_doubted(column: str) -> None:
    doubts = compile_form(markdown([{**photo()[0], column: "x"}]), "trial.md").warnings
    assert ("heading-unknown", "survey", 1) in [(one.code, one.sheet, one.row) for one in doubts]


@pytest.mark.parametrize("column", ["bind::fs:stamp", "bind::fs:max-kb", "bind::fs:over", "bind::fs:my-own"])
def test_a_column_of_ours_that_is_right_or_somebodys_own_is_not(column: str) -> None:
    value = {"bind::fs:stamp": "time", "bind::fs:max-kb": "300", "bind::fs:over": "wall"}.get(column, "x")
    rows = [*photo(), {"type": "image", "name": "cracks", "appearance": "annotate", column: value}]
    doubts = compile_form(markdown(rows), "trial.md").warnings
    assert "heading-unknown" not in [one.code for one in doubts]


def test_a_message_without_its_rule_is_doubted() -> None:
    rows = [{"type": "text", "name": "a", "bind::fs:soft2": ". != ''", "bind::fs:soft-zh": "请核对"}]
    doubts = compile_form(markdown(rows), "trial.md").warnings
    assert [place(one) for one in doubts if one.code == "soft-missing"] == [
        ("soft-missing", "survey", 2, "bind::fs:soft-zh", "bind::fs:soft")
    ]


@pytest.mark.parametrize("written", [None, 'fs="urn:fieldsvc:form"', 'odk="http://www.opendatakit.org/xforms"'])
def test_our_columns_without_the_cell_that_switches_them_on_are_a_mistake(written: str | None) -> None:
    settings = {key: value for key, value in SETTINGS.items() if key != "namespaces"}
    if written:
        settings["namespaces"] = written
    rows = [{"type": "text", "name": "a", "bind::fs:prefill": "phone"}]
    for found in (
        refused(markdown(rows, settings=[settings])),
        refused(spreadsheet(rows, settings=[settings]), "a.xlsx"),
    ):
        [only] = found
        assert (only.code, only.sheet, only.row, only.column) == ("namespace-missing", "settings", 2, "namespaces")
        assert 'fs="urn:fieldsvc:forms"' in only.remedy["zh"]


@pytest.mark.parametrize(
    "written", ["fs=urn:fieldsvc:forms", "fs=“urn:fieldsvc:forms”", 'x="y" fs="urn:fieldsvc:forms"']
)
def test_the_cell_may_be_written_in_other_quotes(written: str) -> None:
    rows = [{"type": "text", "name": "a", "bind::fs:prefill": "phone"}]
    [node] = compile_form(markdown(rows, settings=[{**SETTINGS, "namespaces": written}]), "a.md").definition["nodes"]
    assert node["prefill"] == {"property": "phone"}
