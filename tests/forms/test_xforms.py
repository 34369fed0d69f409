"""XForms written by hand or by other tools, which name their nodes and time their actions in more ways than pyxform."""

from __future__ import annotations

from typing import Any

import pytest

from fieldsvc.xlsform import compile_form
from fieldsvc.xlsform.parse import parse
from fieldsvc.xlsform.paths import rooted
from tests.forms.forms import node, refused

FORM = """<h:html xmlns="http://www.w3.org/2002/xforms" xmlns:h="http://www.w3.org/1999/xhtml"
 xmlns:jr="http://openrosa.org/javarosa">
 <h:head><h:title>By hand</h:title><model>
  <itext><translation lang="en">
   <text id="area"><value form="short">Area</value><value form="long">Area of the room</value></text>
  </translation></itext>
  <instance>
   <data id="hand" version="1"><house><grade/><rooms/></house><room><use/><area/></room><twice/></data>
  </instance>
  <instance id="grades">LIST</instance>
  <bind id="g" nodeset="/data/house/grade" type="select1" required="true()"/>
  <bind nodeset="/data/house/rooms" type="int"/>
  <bind nodeset="/data/room/area" type="decimal"/>
  <bind nodeset="twice" type="int"/>
 </model></h:head>
 <h:body>
  <group ref="/data/house"><label>House</label>
   <select1 bind="g"><label>Grade</label>
    <itemset nodeset="instance('grades')/ROWS[poor = 'no']"><value ref="name"/><label ref="label"/></itemset>
   </select1>
   <input ref="rooms"><label>Rooms</label>
    <setvalue event="EVENTS" ref="../../twice" value="../house/rooms * 2"/>
   </input>
  </group>
  <group><label>Room</label><repeat nodeset="/data/room">
   <input ref="current()/use"><label>Use</label></input>
   <input ref="../room/area">
    <label ref='jr:itext("area")'/><hint>In <output ref="../use"/></hint>
   </input>
  </repeat></group>
 </h:body></h:html>"""
BOTH = "odk-instance-first-load xforms-value-changed"


def written(events: str = BOTH, rows: str = "root/item", listed: str = "") -> str:
    """The form with these events of its action, and its list under these names or as `listed`."""
    top, row = rows.split("/")
    cells = "<name>b</name><label>B</label><poor>no</poor>"
    filled = FORM.replace("LIST", listed or f"<{top}><{row}>{cells}</{row}></{top}>")
    return filled.replace("ROWS", rows).replace("EVENTS", events)


def by_hand(events: str = BOTH) -> Any:
    return compile_form(written(events), "hand.xml").definition


def test_a_control_names_its_node_from_the_group_around_it_or_through_a_bind() -> None:
    form = by_hand()
    asked = ("/data/house/grade", "/data/house/rooms", "/data/room/use", "/data/room/area")
    assert [node(form, ref)["label"]["en"] for ref in asked] == ["Grade", "Rooms", "Use", "Area of the room"]
    assert node(form, "/data/house/grade")["required"] == ["f", "true"]
    assert {node(form, ref)["kind"] for ref in asked} == {"question"}
    assert node(form, "/data/twice")["type"] == "int"


def test_a_text_in_a_long_and_a_short_form_alone_is_the_long_one_and_the_first_language_the_default() -> None:
    form = by_hand()
    assert (form["languages"], form["default_language"]) == (["en"], "en")
    assert node(form, "/data/room/area")["label"] == {"en": "Area of the room"}


def test_a_value_in_a_text_may_be_named_by_ref() -> None:
    use = ["p", ".", [["..", ""], ["c", "use"]]]
    assert node(by_hand(), "/data/room/area")["hint"] == {"en": ["In ", {"$": use}]}


def test_a_group_without_a_node_gives_the_repeat_in_it_its_words() -> None:
    assert node(by_hand(), "/data/room")["label"] == {"en": "Room"}


def test_an_action_may_fill_in_a_value_at_the_beginning_and_with_every_change() -> None:
    form = by_hand()
    relative = ["*", ["p", ".", [["..", ""], ["c", "house"], ["c", "rooms"]]], ["n", "2"]]
    from_root = ["*", ["p", "/", [["c", "data"], ["c", "house"], ["c", "rooms"]]], ["n", "2"]]
    assert node(form, "/data/twice")["default"] == relative
    assert node(form, "/data/house/rooms")["triggers"] == [{"target": "/data/twice", "value": from_root}]


@pytest.mark.parametrize(
    ("said", "meant"),
    [
        (".", "/data/room/use"),
        ("../area + 1", "/data/room/area + 1"),
        ("current()/../area", "/data/room/area"),
        ("count(../../room[area > current()/../area])", "count(/data/room[area > /data/room/area])"),
        ("concat(/data/a, -../../b, 'x')", "concat(/data/a, -/data/b, 'x')"),
        ("instance('l')/root/item[name = current()/.]/label", "instance('l')/root/item[name = /data/room/use]/label"),
    ],
)
def test_a_path_from_one_node_is_written_from_the_root_to_stand_at_another(said: str, meant: str) -> None:
    assert rooted(parse(said), "/data/room/use") == parse(meant)


@pytest.mark.parametrize(("event", "key"), [("odk-new-repeat", "default"), ("xforms-value-changed", "triggers")])
def test_an_action_of_one_event_happens_then_alone(event: str, key: str) -> None:
    form = by_hand(event)
    assert ("default" in node(form, "/data/twice")) == (key == "default")
    assert ("triggers" in node(form, "/data/house/rooms")) == (key == "triggers")


@pytest.mark.parametrize(
    ("spelled", "key"),
    [
        ("xforms-ready", "default"),
        ("jr-insert", "default"),
        ("xforms-value-changed", "triggers"),
    ],
)
def test_an_event_may_be_spelled_as_in_xforms_itself(spelled: str, key: str) -> None:
    source = written(spelled).replace(" event=", ' xmlns:ev="http://www.w3.org/2001/xml-events" ev:event=')
    form = compile_form(source, "hand.xml").definition
    assert ("default" in node(form, "/data/twice")) == (key == "default")
    assert ("triggers" in node(form, "/data/house/rooms")) == (key == "triggers")


ACTION = '<setvalue event="EVENTS" ref="../../twice" value="../house/rooms * 2"/>'


@pytest.mark.parametrize(
    ("action", "code", "ref"),
    [
        ('<setvalue event="odk-first-load" ref="/data/twice"/>', "action-event", "/data/twice"),
        ('<setvalue ref="/data/twice" value="1+1"/>', "action-event", "/data/twice"),
        (f'<setvalue event="{BOTH}" ref="/data/thrice"/>', "action-target", "/data/thrice"),
        (f'<setvalue event="{BOTH}" ref="/data/house"/>', "action-target", "/data/house"),
        (f'<setvalue event="{BOTH}" bind="nope"/>', "action-target", None),
        (f'<setvalue event="{BOTH}"/>', "action-target", None),
    ],
)
def test_an_action_that_would_come_to_nothing_is_a_mistake_and_shown_as_it_stands(
    action: str, code: str, ref: str | None
) -> None:
    [told] = refused(written().replace(ACTION.replace("EVENTS", BOTH), action), "hand.xml")
    assert (told.code, told.ref, told.detail) == (code, ref, action.replace("/>", ">"))


def test_several_actions_may_share_the_event_of_the_action_around_them() -> None:
    plain = ACTION.replace("EVENTS", BOTH)
    bare = plain.replace(f'event="{BOTH}" ', "")
    held = f'<action event="{BOTH}"><action>{bare}</action></action>'
    assert compile_form(written().replace(plain, held), "hand.xml").definition == by_hand()


def test_an_event_inside_an_action_that_has_one_is_a_mistake() -> None:
    plain = ACTION.replace("EVENTS", BOTH)
    [told] = refused(written().replace(plain, f'<action event="odk-new-repeat">{plain}</action>'), "hand.xml")
    assert (told.code, told.ref) == ("action-event", "/data/twice")


def test_of_two_values_for_one_node_at_the_opening_none_is_lost_in_silence() -> None:
    one, other = (f'<setvalue event="{event}" ref="/data/twice" value="{{}}"/>' for event in ("xforms-ready", BOTH))
    at = "<label>Rooms</label>"
    [told] = refused(written("xforms-value-changed").replace(at, at + one.format(1) + other.format(2)), "hand.xml")
    assert (told.code, told.ref) == ("node-twice", "/data/twice")
    assert not refused(written("xforms-value-changed").replace(at, at + one.format(1) + other.format(1)), "hand.xml")


@pytest.mark.parametrize("name", ["insert", "delete", "message", "setfocus"])
def test_an_action_that_does_something_else_is_a_mistake(name: str) -> None:
    action = f'<{name} event="xforms-value-changed" nodeset="/data/room"/>'
    [told] = refused(written().replace("<label>Rooms</label>", "<label>Rooms</label>" + action), "hand.xml")
    assert (told.code, told.detail) == ("action-unsupported", action.replace("/>", ">"))


@pytest.mark.parametrize("beside", ['<bind nodeset="twice" type="int"/>', "<label>House</label>"])
def test_an_action_that_waits_for_an_answer_stands_in_a_question(beside: str) -> None:
    action = '<setvalue event="xforms-value-changed" ref="/data/twice" value="1"/>'
    [told] = refused(written().replace(beside, beside + action), "hand.xml")
    assert (told.code, told.ref) == ("action-unasked", "/data/twice")


def test_a_question_may_be_called_as_an_action_is() -> None:
    form = compile_form(written().replace("<twice/>", "<twice/><setvalue/>"), "hand.xml").definition
    assert node(form, "/data/setvalue")["kind"] == "calculate"


def test_an_action_that_records_in_the_background_is_a_doubt_and_no_question() -> None:
    odk = 'xmlns:odk="http://www.opendatakit.org/xforms"'
    action = f'<odk:setgeopoint {odk} event="xforms-value-changed" ref="/data/twice"/>'
    form = compile_form(written().replace("<label>Rooms</label>", "<label>Rooms</label>" + action), "hand.xml")
    assert [(one.code, one.ref, one.detail) for one in form.warnings] == [
        ("type-unrecorded", "/data/twice", "setgeopoint")
    ]
    assert node(form.definition, "/data/twice")["kind"] == "calculate"


@pytest.mark.parametrize(
    ("beside", "again", "ref", "what"),
    [
        ('<input ref="../room/area">', '<input ref="/data/room/area"><label>Again</label></input>', None, "input"),
        ("<group><label>Room</label>", '<group ref="/data/house"><label>Again</label></group>', "/data/house", "group"),
        ("<group><label>Room</label>", '<repeat nodeset="/data/room"/>', "/data/room", "repeat"),
        ('<bind nodeset="twice" type="int"/>', '<bind nodeset="/data/twice" required="1"/>', "/data/twice", "bind"),
    ],
)
def test_of_two_that_stand_for_one_node_none_is_lost_in_silence(
    beside: str, again: str, ref: str | None, what: str
) -> None:
    [told] = refused(written().replace(beside, again + beside), "hand.xml")
    assert (told.code, told.ref, told.detail) == ("node-twice", ref or "/data/room/area", what)


def test_what_stands_there_twice_word_for_word_is_the_same_form() -> None:
    bind = '<bind nodeset="twice" type="int"/>'
    assert compile_form(written().replace(bind, bind + bind), "hand.xml").definition == by_hand()


def test_a_repeat_without_a_group_around_it_takes_nothing_from_the_body() -> None:
    around = written().replace("<h:body>", '<h:body class="pages">').replace("<group><label>Room</label>", "")
    form = compile_form(around.replace("</repeat></group>", "</repeat>"), "hand.xml").definition
    assert not {"label", "parameters", "appearance"} & {*node(form, "/data/room")}


def test_the_rows_of_a_list_may_have_any_name() -> None:
    assert compile_form(written(rows="grades/grade"), "hand.xml").definition == by_hand()


@pytest.mark.parametrize(
    "listed",
    [
        "<root><item><name>b</name><item><name>c</name></item></item></root>",
        "<root><good><name>a</name></good><poor><name>c</name></poor></root>",
    ],
    ids=["rows in rows", "rows of two kinds"],
)
def test_a_list_that_is_no_table_is_a_mistake_and_not_silently_empty(listed: str) -> None:
    told = [(one.code, one.detail) for one in refused(written(listed=listed), "hand.xml")]
    assert ("expression-unsupported", "instance('grades')") in told


def test_a_question_that_the_form_has_no_place_for_is_a_mistake() -> None:
    [told] = refused(written().replace('ref="rooms"', 'ref="halls"').replace("../house/rooms", "1"), "hand.xml")
    assert (told.code, told.ref) == ("unknown-node", "/data/house/halls")


@pytest.mark.parametrize(
    ("was", "said", "code"),
    [
        ('id="hand"', 'id="visit/1"', "form-id-invalid"),
        ('id="hand"', 'id="visit.trial"', "form-id-invalid"),
        ('version="1"', 'version="1/2"', "version-invalid"),
    ],
)
def test_an_id_or_version_that_no_phone_could_fetch_or_that_is_of_a_trial_is_a_mistake(
    was: str, said: str, code: str
) -> None:
    told = refused(written().replace(was, said, 1), "hand.xml")
    assert [(one.code, one.detail) for one in told] == [(code, said.split('"')[1])]


def test_a_hand_written_form_may_leave_out_its_id_and_version_as_a_spreadsheet_may() -> None:
    form = compile_form(written().replace('<data id="hand" version="1">', "<data>"), "wells.xml")
    assert (form.definition["form"], form.definition["version"]) == ("wells", 1)
    assert [one.code for one in form.warnings] == ["form-id-missing", "version-missing"]
