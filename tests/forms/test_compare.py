"""The differences of two versions, as the stories of a clerk who changed a form."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Any, cast

import pytest

from fieldsvc.forms import datasets
from fieldsvc.services.definitions import properties_of
from fieldsvc.xlsform.compare import compare, removed_codes
from fieldsvc.xlsform.compare_texts import RULES, SENTENCES
from fieldsvc.xlsform.compile import compile_form
from fieldsvc.xlsform.compile_nodes import KNOWN
from fieldsvc.xlsform.definition import Definition
from fieldsvc.xlsform.kinds import called
from fieldsvc.xlsform.records import Datasets, check_records, new_properties
from tests.forms.forms import SETTINGS, Row, compiled, markdown

PHONE = {"type": "text", "name": "phone", "label": "电话"}
SAFE = {"type": "select_one yn", "name": "safe", "label": "饮水安全"}
DATASETS: Datasets = {
    "households": {
        "phone": {"type": "string", "label": {"zh": "联系电话", "en": "Phone"}},
        "people": {"type": "int", "label": {"zh": "人口", "en": "People"}},
    }
}
SUBJECT = {"type": "hidden", "name": "household", "bind::fs:prefill": "__id"}
ENTITIES = [{"list_name": "households", "entity_id": "${household}"}]


def form(*rows: Row, **sheets: Sequence[Row]) -> Definition:
    return cast(Definition, compiled(rows, **sheets))


def told(old: Definition, new: Definition, used: Any = None) -> list[str]:
    return [one.sentence("zh") for one in compare(old, new, DATASETS, used)]


def test_nothing_changed_is_nothing_to_tell() -> None:
    assert told(form(PHONE, SAFE), form(PHONE, SAFE)) == []


@pytest.mark.parametrize(
    ("old", "new", "sentence"),
    [
        ([PHONE], [PHONE, SAFE], "新增题目：“饮水安全”（safe）"),
        ([PHONE, SAFE], [PHONE], "去掉题目：“饮水安全”（safe）；已收到的答案仍然保留"),
        (
            [PHONE, SAFE],
            [{**PHONE, "name": "mobile"}, SAFE],
            "“电话”（mobile）的名称由 phone 改为 mobile；导出时是另一列",
        ),
        (
            [PHONE],
            [{**PHONE, "type": "integer"}],
            "“电话”（phone）的题型由 文本 改为 整数；新旧答案不能放在一起统计",
        ),
        ([PHONE], [{**PHONE, "label": "手机"}], "“手机”（phone）：题目文字由“电话”改为“手机”"),
        ([PHONE], [{**PHONE, "required": "yes"}], "“电话”（phone）新增必填要求：一律如此"),
        (
            [PHONE, {**SAFE, "relevant": "${phone} = ''"}],
            [PHONE, {**SAFE, "relevant": "${phone} != ''"}],
            "“饮水安全”（safe）的显示条件由 ${phone} = '' 改为 ${phone} != ''",
        ),
        (
            [{**PHONE, "bind::fs:soft": ". != ''"}],
            [PHONE],
            "“电话”（phone）去掉提醒：. != ''",
        ),
        (
            [PHONE, SAFE],
            [PHONE, {"type": "begin group", "name": "water", "label": "饮水"}, SAFE, {"type": "end group"}],
            "“饮水安全”（safe）移到了“饮水”（water）",
        ),
    ],
    ids=["added", "removed", "renamed", "retyped", "relabelled", "required", "condition", "doubt", "moved"],
)
def test_what_happened_to_a_question_is_told_in_words(old: list[Row], new: list[Row], sentence: str) -> None:
    assert sentence in told(form(*old), form(*new))


def test_a_moved_or_renamed_question_is_not_told_as_lost() -> None:
    found = compare(form(PHONE, SAFE), form({**PHONE, "name": "mobile"}, SAFE), DATASETS)
    assert [one.kind for one in found] == ["question-renamed"]


def test_a_code_that_was_used_is_told_with_how_often() -> None:
    fewer = [{"list_name": "yn", "name": "yes", "label": "是"}, {"list_name": "yn", "name": "part", "label": "部分"}]
    old, new = form(SAFE), form(SAFE, choices=fewer)
    assert removed_codes(old, new) == {"/data/safe": {"no"}}
    assert told(old, new, {"/data/safe": {"no": 37}}) == [
        "“饮水安全”（safe）新增选项：“部分”（part）",
        "“饮水安全”（safe）去掉选项：“否”（no）；已有 37 份答案用过这个代码",
    ]
    assert told(old, new)[1] == "“饮水安全”（safe）去掉选项：“否”（no）"


def test_a_code_with_other_words_is_a_warning_because_old_answers_would_mean_something_else() -> None:
    other = [{"list_name": "yn", "name": "yes", "label": "不安全"}, {"list_name": "yn", "name": "no", "label": "否"}]
    [found] = compare(form(SAFE), form(SAFE, choices=other), DATASETS)
    assert found.kind == "choice-relabelled"
    assert found.grave


def saving(**properties: str) -> Definition:
    rows = [SUBJECT, *({**PHONE, "name": name, "save_to": to} for name, to in properties.items())]
    return form(*rows, entities=ENTITIES)


def test_a_new_property_is_told_with_what_happens_when_two_people_change_it() -> None:
    old, new = saving(phone="phone"), saving(phone="phone", clan="clan")
    assert told(old, new) == [
        "新增题目：“电话”（clan）",
        "households 新增项目“电话”（clan）：两人同时改成不同的值时，由人审定",
    ]
    added = new_properties(new, DATASETS)["households"]["clan"]
    assert (added["type"], added["policy"], added["label"]["zh"]) == ("string", "review", "电话")


def test_a_property_that_is_no_longer_filled_keeps_its_values() -> None:
    assert told(saving(phone="phone"), form(SUBJECT, {**PHONE, "name": "phone"}, entities=ENTITIES)) == [
        "“电话”（phone）不再写入 households 的“联系电话”（phone）；档案里现有的值不变"
    ]


def test_a_type_that_does_not_fit_the_record_is_refused_with_its_row() -> None:
    rows = [SUBJECT, {"type": "date", "name": "people", "save_to": "people"}]
    found, doubts = check_records(compile_form(markdown(rows, entities=ENTITIES), "x.md"), DATASETS)
    assert [(one.code, one.row, one.column, one.detail) for one in found] == [
        ("property-type", 3, "save_to", "date ≠ whole number")
    ]
    assert "（日期 ≠ 整数）" in found[0].sentence("zh")
    assert doubts == []


def test_a_property_that_no_phone_writes_is_doubted_where_a_form_saves_to_it() -> None:
    known = {"households": {**DATASETS["households"], "hh_no": {"type": "string", "policy": "server"}}}
    rows = [SUBJECT, {"type": "text", "name": "number", "save_to": "hh_no"}]
    found, doubts = check_records(compile_form(markdown(rows, entities=ENTITIES), "x.md"), known)
    assert found == []
    assert [(one.code, one.row, one.column, one.detail) for one in doubts] == [
        ("property-closed", 3, "save_to", "hh_no")
    ]


def test_a_dataset_nobody_knows_is_refused_with_the_one_that_was_probably_meant() -> None:
    settings = [{**SETTINGS, "subject_dataset": "households"}]
    entities = [{"list_name": "household", "label": "'x'"}]
    source = markdown([PHONE | {"save_to": "phone"}], entities=entities, settings=settings)
    found, _ = check_records(compile_form(source, "x.md"), DATASETS)
    assert [(one.code, one.sheet, one.detail) for one in found] == [
        ("dataset-unknown", "entities", "household → households?")
    ]


def test_a_misspelled_property_prefill_and_target_are_doubts_with_the_likely_name() -> None:
    place = {"type": "geopoint", "name": "place", "label": "定位", "bind::fs:target": "hom_gps"}
    rows = [SUBJECT, PHONE | {"save_to": "phon", "bind::fs:prefill": "phonee"}, place]
    found, doubts = check_records(compile_form(markdown(rows, entities=ENTITIES), "x.md"), DATASETS)
    assert found == []
    assert [(one.code, one.row, one.detail) for one in doubts] == [
        ("property-new", 3, "phon → phone?"),
        ("prefill-unknown", 3, "phonee → phone?"),
        ("target-unknown", 4, "hom_gps"),
    ]


def test_every_type_of_question_and_property_is_called_by_the_word_of_the_spreadsheets_author() -> None:
    kept = {body["type"] for one in datasets().values() for body in properties_of(one)}
    for kind in {*KNOWN, *kept, "note", "calculate", "group", "repeat"}:
        assert re.fullmatch(r"[\u4e00-\u9fff]+", called(kind)["zh"]), kind
        assert "_" not in called(kind)["en"]


def test_a_slider_instead_of_a_number_is_no_other_type_and_a_note_instead_of_a_question_is() -> None:
    people = {"type": "integer", "name": "people", "label": "人口"}
    slider = {**people, "type": "range", "parameters": "start=1 end=9 step=1"}
    assert not [one for one in told(form(people), form(slider)) if "题型" in one]
    [said] = [one for one in told(form(people), form({**people, "type": "note"})) if "题型" in one]
    assert said.startswith("“人口”（people）的题型由 整数 改为 说明文字")


def test_the_records_a_form_is_about_are_called_by_their_title() -> None:
    old = form(PHONE, settings=[{**SETTINGS, "subject_dataset": "households"}])
    new = form(PHONE, settings=[{**SETTINGS, "subject_dataset": "plans"}])
    titles = {"households": {"zh": "农户", "en": "Households"}}
    [change] = compare(old, new, DATASETS, titles=titles)
    assert change.sentence("zh") == "这张表原来填“农户”，现在填“plans”"


def test_every_difference_can_be_told_in_both_languages() -> None:
    values = {name: {"zh": "甲", "en": "a"} for name in ("what", "old", "new", "code", "count", "rule", "dataset")}
    for zh, en, _ in SENTENCES.values():
        assert zh.format_map({name: said["zh"] for name, said in values.items()})
        assert en.format_map({name: said["en"] for name, said in values.items()})
    assert all(zh and en for zh, en in RULES.values())
