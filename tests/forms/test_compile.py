"""What a clerk writes in a spreadsheet becomes what phones and server run."""

from __future__ import annotations

import json

import pytest
from pyxform.xls2xform import convert

from fieldsvc.forms import form_sources
from fieldsvc.xlsform import compile_form
from fieldsvc.xlsform.parse import parse
from tests.forms.both import validate
from tests.forms.forms import SETTINGS, compiled, markdown, node, refused, spreadsheet
from tests.forms.vectors import DEFINITIONS, read

KINDS = read(DEFINITIONS / "kinds.json")


@pytest.mark.parametrize(
    ("ref", "kind", "type_"),
    [
        ("/data/start", "calculate", "dateTime"),
        ("/data/hello", "note", "string"),
        ("/data/name", "question", "string"),
        ("/data/numbers/age", "question", "int"),
        ("/data/numbers/area", "question", "decimal"),
        ("/data/numbers/score", "question", "int"),
        ("/data/numbers/half", "calculate", "string"),
        ("/data/numbers/shown_half", "question", "string"),
        ("/data/day", "question", "date"),
        ("/data/hour", "question", "time"),
        ("/data/moment", "question", "dateTime"),
        ("/data/province", "question", "select_one"),
        ("/data/visited", "question", "select_multiple"),
        ("/data/order", "question", "rank"),
        ("/data/sure", "question", "trigger"),
        ("/data/photo", "question", "image"),
        ("/data/sign", "question", "signature"),
        ("/data/voice", "question", "audio"),
        ("/data/code", "question", "barcode"),
        ("/data/place", "question", "geopoint"),
    ],
)
def test_every_type_of_question_has_its_kind(ref: str, kind: str, type_: str) -> None:
    found = node(KINDS, ref)
    assert (found["kind"], found["type"]) == (kind, type_)


def test_groups_and_repeats_hold_their_questions() -> None:
    assert node(KINDS, "/data/numbers")["kind"] == "group"
    repeats = read(DEFINITIONS / "repeats.json")
    assert node(repeats, "/data/hazard/fix")["kind"] == "repeat"
    assert node(repeats, "/data/room")["count"] == parse("/data/rooms")


def test_texts_come_in_every_language_that_was_written_and_no_other() -> None:
    name = node(KINDS, "/data/name")
    assert name["label"] == {"zh": "姓名", "en": "Name"}
    assert name["hint"] == {"zh": "全名", "en": "Full name"}
    assert name["guidance"] == {"zh": "按身份证填写"}
    assert name["messages"] == {"required": {"zh": "请写姓名"}}
    assert KINDS["title"] == {"zh": "题型", "en": "Kinds"}


def test_a_form_says_in_its_settings_that_it_is_a_visit() -> None:
    settings = {"form_title": "检查", "form_id": "f", "version": "1"}

    def visit(**more: str) -> object:
        source = markdown([{"type": "text", "name": "q"}], settings=[{**settings, **more}])
        return compile_form(source, "f.md").definition.get("visit")

    assert (visit(visit="yes"), visit(visit="no"), visit()) == (True, None, None)


def test_a_form_stands_under_the_theme_of_its_settings() -> None:
    settings = [{"form_title": "检查", "form_id": "f", "version": "1", "theme": "住房"}]
    source = markdown([{"type": "text", "name": "q"}], settings=settings)
    assert compile_form(source, "f.md").definition["theme"] == {"zh": "住房"}


def test_a_value_stands_in_a_label_as_an_expression() -> None:
    assert node(KINDS, "/data/hello")["label"]["zh"] == ["你好，", {"$": parse("/data/name")}]


def test_a_filter_tests_a_row_and_its_list_keeps_the_column_it_tests() -> None:
    city = node(KINDS, "/data/city")
    assert (city["choices"], city["filter"]) == ("city", parse("province = /data/province"))
    assert KINDS["choices"]["city"][0] == {"value": "hs", "label": {"zh": "黄山", "en": "Huangshan"}, "province": "ah"}


def test_a_choice_name_is_looked_up_in_the_list_of_its_question() -> None:
    assert node(KINDS, "/data/province_name")["calculate"] == [
        "f",
        "jr:choice-name",
        parse("/data/province"),
        ["s", "province"],
    ]


def test_parameters_reach_the_question_they_were_written_for() -> None:
    assert node(KINDS, "/data/photo")["parameters"] == {"max-pixels": "1200"}
    assert node(KINDS, "/data/numbers/score")["parameters"] == {"start": "0", "end": "10", "step": "1"}
    assert node(KINDS, "/data/visited")["parameters"] == {"randomize": "true"}
    assert node(KINDS, "/data/visited")["seed"] == parse("3")


def test_defaults_are_fixed_or_computed() -> None:
    assert node(KINDS, "/data/province")["default"] == "ah"
    assert node(KINDS, "/data/day")["default"] == parse("today() - 1")


def test_soft_rules_have_messages_and_say_whether_they_need_a_reason() -> None:
    [rule] = node(KINDS, "/data/name")["soft"]
    assert rule["message"] == {"zh": "姓名太短", "en": "Too short"}
    assert rule["reason"] is False
    assert node(KINDS, "/data/numbers/age")["soft"][0]["reason"] is True


def test_a_question_may_have_several_soft_rules_and_parameters_of_its_own() -> None:
    definition = compiled(
        [
            {
                "type": "image",
                "name": "photo",
                "bind::fs:slot": "before",
                "bind::fs:soft": "${n} > 1",
                "bind::fs:soft2": "${n} > 2",
                "bind::fs:soft-zh2": "第二条",
            },
            {"type": "integer", "name": "n"},
        ]
    )
    photo = node(definition, "/data/photo")
    assert photo["parameters"] == {"slot": "before"}
    assert [rule["message"] for rule in photo["soft"]] == [{}, {"zh": "第二条"}]
    assert photo["soft"][1]["test"] == parse("/data/n > 2")


def test_an_entity_in_a_repeat_is_declared_as_seen_from_its_item() -> None:
    definition = compiled(
        [
            {"type": "begin repeat", "name": "member"},
            {"type": "text", "name": "full", "save_to": "full_name"},
            {"type": "end repeat"},
        ],
        entities=[{"list_name": "members", "label": "${full}", "create_if": "${full} != 'x'", "repeat": "${member}"}],
    )
    [entity] = definition["entities"]
    assert entity == {
        "dataset": "members",
        "path": "/data/member",
        "saves": {"full_name": "/data/member/full"},
        "create": parse("./full != 'x'".replace("./", "")),
        "label": parse("full"),
    }


def test_the_subject_is_the_dataset_updated_by_the_id_the_form_was_opened_for() -> None:
    survey = [
        {"type": "hidden", "name": "village", "bind::fs:prefill": "__id"},
        {"type": "text", "name": "road", "save_to": "road"},
    ]
    definition = compiled(survey, entities=[{"list_name": "villages", "label": "", "entity_id": "${village}"}])
    assert definition["subject_dataset"] == "villages"
    assert definition["entities"][0]["id"] == parse("/data/village")


def test_a_trigger_stands_at_the_question_that_pulls_it() -> None:
    repeats = read(DEFINITIONS / "repeats.json")
    assert node(repeats, "/data/rooms")["triggers"] == [{"target": "/data/asked_at", "value": ["f", "now"]}]


@pytest.mark.parametrize(
    ("calculation", "uses"), [("digest(${a}, 'MD5')", "digest"), ("checklist(1, 2, ${a} = 'x')", "checklists")]
)
def test_a_form_with_rare_functions_says_so(calculation: str, uses: str) -> None:
    survey = [{"type": "text", "name": "a"}, {"type": "calculate", "name": "b", "calculation": calculation}]
    assert compiled(survey)["uses"] == [uses]
    assert "uses" not in compiled(survey[:1])


SURVEY = [
    {"type": "select_one yn", "name": "well", "required": "yes", "bind::fs:soft": ". = 'yes'"},
    {"type": "integer", "name": "people", "relevant": "${well} = 'yes'", "constraint": ". > 0"},
]


def test_a_spreadsheet_and_markdown_compile_to_the_same_form() -> None:
    written = compile_form(markdown(SURVEY), "a.md")
    assert compile_form(spreadsheet(SURVEY), "a.xlsx").digest == written.digest


def test_a_ready_xform_compiles_like_the_sheets_it_came_from() -> None:
    text = markdown(SURVEY)
    xform = convert(xlsform=text, file_type=".md").xform
    assert compile_form(xform, "a.xml").definition == compile_form(text, "a.md").definition


@pytest.mark.parametrize("name", sorted(form_sources()))
def test_a_shipped_form_is_small_enough_for_2g(name: str) -> None:
    brotli = pytest.importorskip("brotli")
    source = form_sources()[name]
    text = json.dumps(compile_form(source.read_bytes(), source.name).definition, ensure_ascii=False)
    # Registration is the largest: it asks for what a member gets of the state. The first sync has a budget of its own.
    assert len(brotli.compress(text.encode())) < 9500


def test_a_soft_message_is_filled_with_answers_of_the_same_item() -> None:
    form = compiled(
        [
            {"type": "integer", "name": "rooms"},
            {"type": "begin repeat", "name": "person"},
            {
                "type": "integer",
                "name": "age",
                "bind::fs:soft": ". < 100",
                "bind::fs:soft-zh": "${age} 岁？全户 ${rooms} 间房",
                "bind::fs:soft-en": "More than a hundred",
            },
            {"type": "end repeat"},
        ]
    )
    answers = {"rooms": "3", "person": [{"_id": "a", "age": "40"}, {"_id": "b", "age": "101"}]}
    [doubt] = validate(form, answers, {"now": 0, "utc_offset": 480, "seed": 7})
    assert doubt.ref == "/data/person[2]/age"
    assert doubt.message == {"zh": "101 岁？全户 3 间房", "en": "More than a hundred"}


def test_a_soft_message_that_names_no_question_is_refused() -> None:
    [found] = refused(
        markdown([{"type": "integer", "name": "a", "bind::fs:soft": ". < 1", "bind::fs:soft-zh": "${b}"}])
    )
    assert (found.code, found.row, found.detail) == ("unknown-node", 2, "${b}")


def test_the_name_of_a_choice_can_name_a_record() -> None:
    form = compiled(
        [{"type": "select_one yn", "name": "safe"}],
        entities=[{"list_name": "checks", "label": "jr:choice-name(${safe}, '${safe}')"}],
    )
    assert form["entities"][0]["label"] == [
        "f",
        "jr:choice-name",
        ["p", "/", [["c", "data"], ["c", "safe"]]],
        ["s", "yn"],
    ]


def test_a_repeat_nobody_may_add_to_has_the_items_its_form_brings() -> None:
    xml = """<h:html xmlns:h="http://www.w3.org/1999/xhtml" xmlns="http://www.w3.org/2002/xforms"
    xmlns:jr="http://openrosa.org/javarosa"><h:head><h:title>t</h:title><model><instance><data id="x" version="1">
    <r jr:template=""><a/></r><r><a/></r><r><a/></r></data></instance><bind nodeset="/data/r/a" type="string"/></model>
    </h:head><h:body><group ref="/data/r"><repeat nodeset="/data/r" jr:noAddRemove="true()"><input
    ref="/data/r/a"><label>a</label></input></repeat></group></h:body></h:html>"""
    assert node(compile_form(xml, "x.xml").definition, "/data/r")["count"] == ["n", "2"]


def test_version_is_the_one_that_the_settings_name() -> None:
    rows = [
        {"type": "calculate", "name": "whole", "calculation": "concat('v', version())"},
        {"type": "note", "name": "told", "label": "第 ${whole} 版", "relevant": "version() != ''"},
    ]
    whole, told = compiled(rows, settings=[{**SETTINGS, "version": "2026112601"}])["nodes"]
    assert whole["calculate"] == ["f", "concat", ["s", "v"], ["s", "2026112601"]]
    assert told["relevant"] == ["!=", ["s", "2026112601"], ["s", ""]]


def test_version_takes_no_argument() -> None:
    [only] = refused(markdown([{"type": "calculate", "name": "whole", "calculation": "version('1')"}]))
    assert (only.code, only.row, only.column) == ("unknown-function", 2, "calculation")
