"""Where the choices of a question come from, whatever tool wrote the form, and in which order they stand."""

from __future__ import annotations

from typing import Any

import pytest

from fieldsvc.xlsform import compile_form
from tests.forms.both import recalculated, validate
from tests.forms.forms import compiled, markdown, node, refused

CONTEXT = {"now": 1_795_327_200_000, "utc_offset": 480, "seed": 7}
PLAIN = """<h:html xmlns="http://www.w3.org/2002/xforms" xmlns:h="http://www.w3.org/1999/xhtml"
 xmlns:jr="http://openrosa.org/javarosa"><h:head><h:title>井 / Well</h:title><model>
 <itext><translation lang="中文 (zh)" default="true()"><text id="good"><value>好</value></text></translation>
 <translation lang="English (en)"><text id="good"><value>Good</value></text></translation></itext>
 <instance><data id="well" version="2"><state/><name/></data></instance>
 <bind nodeset="/data/state" type="string" required="true()"/>
 <bind nodeset="/data/name" calculate="jr:choice-name(/data/state, '/data/state')"/>
 </model></h:head><h:body><select1 ref="/data/state"><label>现状</label>
 <item><label ref="jr:itext('good')"/><value>good</value></item><item><label>差</label><value>bad</value></item>
 </select1></h:body></h:html>"""


def test_choices_written_into_the_question_are_a_list_like_any_other() -> None:
    form: Any = compile_form(PLAIN, "well.xml").definition
    assert form["choices"] == {
        "/data/state": [
            {"value": "good", "label": {"zh": "好", "en": "Good"}},
            {"value": "bad", "label": {"zh": "差"}},
        ]
    }
    assert recalculated(form, {"state": "good"}, CONTEXT) == {"/data/name": "好"}
    assert [each.kind for each in validate(form, {"state": "dry", "name": "dry"}, CONTEXT)] == ["choice"]


def test_other_is_said_in_the_language_of_the_form() -> None:
    form = compiled([{"type": "select_one yn or_other", "name": "well"}])
    assert form["choices"]["yn"][-1] == {"value": "other", "label": {"zh": "其他"}}
    assert node(form, "/data/well_other")["label"] == {"zh": "请说明"}


@pytest.mark.parametrize(
    ("parameters", "seed"),
    [
        ("randomize=true", None),
        ("randomize=true, seed=42", ["n", "42"]),
        ("randomize=true, seed=${number}", ["p", "/", [["c", "data"], ["c", "number"]]]),
    ],
)
def test_an_order_by_chance_keeps_where_its_seed_comes_from(parameters: str, seed: Any) -> None:
    survey = [{"type": "integer", "name": "number"}, {"type": "select_one yn", "name": "a", "parameters": parameters}]
    found = node(compiled(survey), "/data/a")
    assert (found["parameters"], found.get("seed")) == ({"randomize": "true"}, seed)


def test_the_name_of_a_choice_among_items_is_the_choice_itself() -> None:
    survey = [
        {"type": "begin repeat", "name": "well"},
        {"type": "text", "name": "place"},
        {"type": "end repeat"},
        {"type": "select_one ${place}", "name": "worst"},
        {"type": "calculate", "name": "said", "calculation": "jr:choice-name(${worst}, '${worst}')"},
    ]
    answers = {"well": [{"_id": "1", "place": "村口"}], "worst": "村口"}
    assert recalculated(compiled(survey), answers, CONTEXT) == {"/data/said": "村口"}


def test_the_name_of_a_choice_comes_from_the_column_its_question_shows() -> None:
    survey = [
        {"type": "select_one_from_file firms.csv", "name": "firm", "parameters": "value=code, label=title"},
        {"type": "calculate", "name": "said", "calculation": "jr:choice-name(${firm}, '${firm}')"},
    ]
    rows = [{"name": "1", "code": "f1", "title": "茶厂"}, {"name": "2", "code": "f2", "title": "电站"}]
    form = compiled(survey)
    assert form["reads"] == {"firms": ["code", "title"]}
    given = {"firm": "f2"}
    assert recalculated(form, given, {**CONTEXT, "instances": {"firms": rows}}) == {"/data/said": "电站"}


def test_what_was_last_saved_is_the_answer_of_the_last_visit() -> None:
    survey = [{"type": "text", "name": "a", "default": "${last-saved#a}"}]
    assert node(compiled(survey), "/data/a")["prefill"] == {"property": "/data/a"}


REPEAT = [{"type": "text", "name": "b"}, {"type": "end repeat"}]


@pytest.mark.parametrize(
    ("survey", "ref"),
    [
        ([{"type": "begin repeat", "name": "r", "repeat_count": "count(${b})"}, *REPEAT], "/data/r"),
        ([{"type": "begin repeat", "name": "r", "repeat_count": "count(${r}) + 1"}, *REPEAT], "/data/r"),
        ([{"type": "text", "name": "a", "relevant": "${a} = ''"}], "/data/a"),
    ],
)
def test_a_circle_is_named_where_it_closes(survey: list[dict[str, str]], ref: str) -> None:
    assert [each.code for each in refused(markdown(survey))] == ["cycle"]


def test_a_count_within_items_of_another_repeat_is_no_circle() -> None:
    survey = [
        {"type": "integer", "name": "rooms"},
        {"type": "begin repeat", "name": "room", "repeat_count": "${rooms}"},
        {"type": "integer", "name": "beds"},
        {"type": "begin repeat", "name": "bed", "repeat_count": "${beds}"},
        {"type": "text", "name": "who"},
        {"type": "end repeat"},
        {"type": "end repeat"},
        {"type": "calculate", "name": "all", "calculation": "count(${bed}) + count(${room})"},
    ]
    assert refused(markdown(survey)) == []
