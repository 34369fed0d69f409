"""What many forms share is written once: named rules with their messages, choice lists, tables split for reading."""

from __future__ import annotations

from typing import Any

import pytest

from fieldsvc.xlsform import FormProblems, compile_form
from fieldsvc.xlsform.compile import walk
from fieldsvc.xlsform.library import Library, read_library
from fieldsvc.xlsform.named_rules import UnknownRule, expanded
from tests.forms.both import validate

RULES = """
[adult]
with = ["age"]
means = "{age} >= @grown"
zh = "未成年"
en = "Under age"
[grown]
means = "18"
[circle]
means = "@circle"
"""
CHOICES = '[colour]\nred = { zh = "红", en = "Red", warm = "yes" }\nblue = { zh = "蓝", en = "Blue" }\n'
LIBRARY = read_library(RULES, CHOICES)
CONTEXT: dict[str, Any] = {"now": 1_795_327_200_000, "utc_offset": 480, "seed": 7}


def form(survey: str, library: Library = LIBRARY) -> Any:
    settings = "\n| settings |\n| | form_title | form_id | version | namespaces |\n"
    return compile_form(
        f'| survey |\n{survey}\n{settings}| | 试 / Try | try | 1 | fs="urn:fieldsvc:forms" |\n', "try.md", library
    ).definition


@pytest.mark.parametrize(
    ("text", "means"),
    [
        ("@grown", "18"),
        ("${a} > @grown", "${a} > (18)"),
        ("@adult(${a} + 1)", "(${a} + 1) >= (18)"),
        ("not(@adult(${a})) and 1", "not((${a} >= (18))) and 1"),
        ("'@grown' = .", "'@grown' = ."),
        ("@adult(if(${a} = ',', 1, 2))", "(if(${a} = ',', 1, 2)) >= (18)"),
    ],
)
def test_a_call_becomes_what_its_rule_means(text: str, means: str) -> None:
    assert expanded(text, LIBRARY.rules) == means


@pytest.mark.parametrize("text", ["@nobody", "@adult", "@adult(1, 2)", "@circle", "@adult(1"])
def test_a_call_that_means_nothing_is_not_guessed_at(text: str) -> None:
    with pytest.raises(UnknownRule):
        expanded(text, LIBRARY.rules)


def test_a_rule_brings_its_message_and_the_form_may_say_it_otherwise() -> None:
    definition = form(
        "| | type | name | label::中文 (zh) | label::English (en) | constraint | bind::fs:soft | bind::fs:soft-zh |\n"
        "| | integer | one | 甲 | A | @adult(.) | | |\n"
        "| | integer | two | 乙 | B | | @adult(.) | 太小 |\n"
    )
    found = validate(definition, {"one": "3", "two": "4"}, CONTEXT)
    assert [(each.ref, each.level, dict(each.message)) for each in found] == [
        ("/data/one", "hard", {"zh": "未成年", "en": "Under age"}),
        ("/data/two", "soft", {"zh": "太小", "en": "Under age"}),
    ]


def test_a_list_the_form_does_not_write_is_the_shared_one_with_all_its_columns() -> None:
    definition = form(
        "| | type | name | label::中文 (zh) | label::English (en) | relevant |\n"
        "| | select_one colour | colour | 颜色 | Colour | |\n"
        "| | text | why | 原因 | Why | instance('colour')/root/item[name = ${colour}]/warm = 'yes' |\n"
    )
    assert definition["choices"]["colour"] == [
        {"value": "red", "label": {"zh": "红", "en": "Red"}, "warm": "yes"},
        {"value": "blue", "label": {"zh": "蓝", "en": "Blue"}},
    ]


def test_a_list_that_is_only_looked_things_up_in_is_there_too() -> None:
    definition = form(
        "| | type | name | calculation |\n| | calculate | warm | instance('colour')/root/item[1]/warm |\n"
    )
    assert [row["value"] for row in definition["choices"]["colour"]] == ["red", "blue"]


def test_an_unknown_rule_is_named_with_its_cell() -> None:
    with pytest.raises(FormProblems) as refused:
        form("| | type | name | label | constraint |\n| | text | a | 甲 | |\n| | text | b | 乙 | @nobody |\n")
    [only] = refused.value.problems
    assert (only.code, only.row, only.column, only.detail) == ("rule-unknown", 3, "constraint", "@nobody")


def test_a_sheet_may_come_in_several_tables_with_text_between_them() -> None:
    definition = form(
        "| | type | name | label |\n| | text | a | 甲 |\n\nThe second page.\n\n| survey |\n"
        "| | type | name | label | required |\n|---|---|---|---|---|\n| | text | b | 乙 | yes |\n"
    )
    assert [(each["name"], "required" in each) for each in walk(definition["nodes"])] == [("a", False), ("b", True)]
