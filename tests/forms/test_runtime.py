"""The server judges what a phone sent: it agrees with an honest one, and is not upset by any other."""

from __future__ import annotations

import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from fieldsvc.xlsform import effects_of, judge, validate
from fieldsvc.xlsform.runtime import recalculated
from tests.forms.forms import compiled
from tests.forms.vectors import DEFINITIONS, VECTORS, read

VISIT = read(DEFINITIONS / "visit.json")
CONTEXT = {"now": 1_795_327_200_000, "utc_offset": 480, "seed": 7}
PHOTO = {"sha256": "a" * 64, "bytes": 41_000, "type": "image/jpeg"}


def answers(name: str) -> Any:
    return read(VECTORS / "forms" / f"{name}.json")["expected"]["answers"]


def declared(name: str) -> Any:
    changes = read(VECTORS / "forms" / f"{name}.json")["expected"]["changes"]
    return [{**change, "id": change["id"] or f"made-{number}"} for number, change in enumerate(changes)]


def kinds(*args: Any) -> list[tuple[str, str]]:
    return [(violation.ref, violation.kind) for violation in validate(*args)]


def test_an_honest_visit_has_nothing_to_say_against_it() -> None:
    assert validate(VISIT, answers("visit-members"), CONTEXT, declared("visit-members")) == []


def test_judging_is_validating_and_deriving_at_once() -> None:
    args = (VISIT, answers("visit-members"), CONTEXT, declared("visit-members")[1:])
    judgement = judge(*args)
    assert judgement.violations == validate(*args)
    assert judgement.effects == effects_of(*args)


def test_what_the_form_does_not_have_is_named() -> None:
    given = {**answers("visit-nothing-changed"), "bonus": "1"}
    given["visit"] = {**given["visit"], "_id": "x"}
    assert set(kinds(VISIT, given, CONTEXT)) == {("/data/bonus", "unknown"), ("/data/visit/_id", "unknown")}


@pytest.mark.parametrize("items", ["text", {"a": 1}, [1], [{"need": "x"}], [{"_id": "1"}, {"_id": "1"}]])
def test_a_repeat_of_another_shape_is_named(items: Any) -> None:
    given = {**answers("visit-nothing-changed"), "needs": items}
    assert any(ref.startswith("/data/needs") and kind == "type" for ref, kind in kinds(VISIT, given, CONTEXT))


def test_a_value_for_an_irrelevant_question_is_not_judged() -> None:
    given = {**answers("visit-nothing-changed"), "water": {"water_safe": "maybe"}}
    assert kinds(VISIT, given, CONTEXT) == []


def test_what_is_irrelevant_writes_nothing() -> None:
    given = {**answers("visit-nothing-changed"), "corrections": {"phone": "13900000001"}}
    [effect] = effects_of(VISIT, given, CONTEXT, declared("visit-nothing-changed"))
    assert effect.changes == {"last_visit": "2026-11-22"}


def test_a_blanked_answer_clears_and_an_absent_one_says_nothing() -> None:
    given = answers("visit-corrections")
    [effect] = effects_of(VISIT, given, CONTEXT, declared("visit-corrections"))
    assert effect.changes["hamlet"] is None
    assert "address" not in effect.changes


def test_a_calculation_the_phone_made_otherwise_is_a_doubt_not_an_error() -> None:
    given = {**answers("visit-nothing-changed"), "last_visit": "2020-01-01"}
    [violation] = validate(VISIT, given, CONTEXT)
    assert (violation.ref, violation.level, violation.kind) == ("/data/last_visit", "soft", "calculate")


def test_the_server_writes_what_it_computes_not_what_the_phone_says() -> None:
    given = {**answers("visit-nothing-changed"), "last_visit": "2020-01-01"}
    [effect] = effects_of(VISIT, given, CONTEXT, declared("visit-nothing-changed"))
    assert effect.changes["last_visit"] == "2026-11-22"


def test_calculations_are_known_by_their_places() -> None:
    assert recalculated(VISIT, answers("visit-money"), CONTEXT)["/data/spend_total"] == "1195.3"


@pytest.mark.parametrize(
    "change",
    [
        {"dataset": "villages"},
        {"path": "/data/visit"},
        {"id": "h-2"},
        {"id": ""},
        {"id": 7},
        {"create": True},
    ],
)
def test_an_entity_entry_that_does_not_match_the_form_has_no_effect(change: dict[str, Any]) -> None:
    entries = [{**declared("visit-nothing-changed")[0], **change}]
    given = answers("visit-nothing-changed")
    assert effects_of(VISIT, given, CONTEXT, entries) == []
    assert {kind for _, kind in kinds(VISIT, given, CONTEXT, entries)} == {"entity"}


def test_a_new_member_has_the_id_of_its_item() -> None:
    effects = effects_of(VISIT, answers("visit-members"), CONTEXT, declared("visit-members"))
    assert [(effect.id, effect.create, effect.label) for effect in effects] == [
        ("made-0", True, "张小宝"),
        ("id-1", True, "张小宝"),
        ("m-2", False, None),
        ("h-1", False, None),
    ]


def test_versions_come_from_the_entry_of_the_operation() -> None:
    entry = {**declared("visit-nothing-changed")[0], "base_version": 5, "trunk_version": 3, "branch_id": "b"}
    [effect] = effects_of(VISIT, answers("visit-nothing-changed"), CONTEXT, [entry])
    assert (effect.base_version, effect.trunk_version, effect.branch_id) == (5, 3, "b")


def test_a_list_the_server_does_not_hold_is_not_held_against_the_phone() -> None:
    given = answers("visit-members")
    given["member_changes"][1]["member"] = "m-9"
    assert validate(VISIT, given, CONTEXT) == []
    held = {**CONTEXT, "instances": {"members": [{"name": "m-2", "label": "王小五"}]}}
    assert kinds(VISIT, given, held) == [("/data/member_changes[2]/member", "choice")]


def test_a_photo_is_a_digest_with_a_size() -> None:
    survey = [{"type": "image", "name": "photo"}]
    digest = "a" * 64
    for wrong in ("photo.jpg", {"sha256": "a" * 63, "bytes": 1}, {"sha256": digest}, {"sha256": digest, "bytes": True}):
        assert kinds(compiled(survey), {"photo": wrong}, CONTEXT) == [("/data/photo", "type")]
    assert kinds(compiled(survey), {"photo": PHOTO}, CONTEXT) == []


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | st.text(max_size=8),
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(st.sampled_from(["visit", "needs", "need", "_id", "met", "evidence", "photos", "x"]), inner)
    ),
    max_leaves=12,
)


@given(given_answers=JSON, context=JSON, entries=st.lists(st.dictionaries(st.sampled_from(["id", "path"]), JSON)))
def test_no_answers_whatever_upset_the_server(given_answers: Any, context: Any, entries: Any) -> None:
    judge(VISIT, given_answers, context if isinstance(context, dict) else {}, entries)


@given(st.data())
def test_a_real_visit_with_one_strange_value_is_judged_like_any_other(data: st.DataObject) -> None:
    given_answers = json.loads(json.dumps(answers("visit-members")))
    place = data.draw(st.sampled_from(["household", "visit", "member_changes", "visit_role", "started_at"]))
    given_answers[place] = data.draw(JSON)
    judge(VISIT, given_answers, CONTEXT, declared("visit-members"))


def test_a_photographed_code_writes_nothing_to_the_record_and_clears_nothing() -> None:
    survey = [
        {"type": "hidden", "name": "household", "bind::fs:prefill": "__id"},
        {"type": "barcode", "name": "meter", "save_to": "meter_no"},
    ]
    form = compiled(survey, entities=[{"list_name": "households", "entity_id": "${household}"}])
    given = [{"household": "h1", "meter": each} for each in (PHOTO, "SB-1", None)]
    told = [
        {"dataset": "households", "id": "h1", "path": "/data", "base_version": 1, "trunk_version": 1, "branch_id": "b"}
    ]
    found = [effect.changes for each in given for effect in effects_of(form, each, CONTEXT, told)]
    assert found == [{}, {"meter_no": "SB-1"}, {"meter_no": None}]
