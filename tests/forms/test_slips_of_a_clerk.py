"""What a clerk who knows Excel better than XLSForm writes: each slip is told at its cell, in Chinese and in English.

pyxform has words of its own for many of them, in English and often without the cell; none may reach a clerk as it is.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from typing import Any

import pytest

from fieldsvc.services.form_alone import check
from fieldsvc.xlsform.problems import FormProblem
from tests.forms.forms import SETTINGS, YES_NO, Row, spreadsheet

CHINESE = re.compile(r"[\u4e00-\u9fff]")
#: Three words in a row that no cell of these forms holds.
PROSE = re.compile(r"[A-Za-z]{2,} [a-z]{2,} [a-z]{2,}")
ABOUT = {**SETTINGS, "subject_dataset": "households"}
SAFE = {"type": "select_one yn", "name": "safe"}
TEXT = {"type": "text", "name": "why"}


def asked(**row: str) -> list[Row]:
    return [{"name": "x", **row}]


def cell(column: str, text: str, **row: str) -> list[Row]:
    """Two questions to speak of, and in row 4 the cell."""
    return [SAFE, TEXT, {"type": "calculate" if column == "calculation" else "text", "name": "x", column: text, **row}]


def named(found: FormProblem) -> str:
    return " ".join(str(part or "-") for part in (found.code, found.sheet, found.row, found.column))


SLIPS: list[tuple[str, Sequence[Row], Mapping[str, Any], str]] = [
    ("a type in capitals", asked(type="Text"), {}, "type-unsupported survey 2 type"),
    ("a select without its list", asked(type="select_one"), {}, "list-missing survey 2 type"),
    ("Chinese for yes", asked(type="text", required="是"), {}, "word-unknown survey 2 required"),
    ("Y for yes", asked(type="text", readonly="Y"), {}, "word-unknown survey 2 readonly"),
    ("two equal signs", cell("relevant", "${safe} == 'yes'"), {}, "expression-foreign survey 4 relevant"),
    ("unequal as in Excel", cell("relevant", "${safe} <> 'yes'"), {}, "expression-foreign survey 4 relevant"),
    ("two ampersands", cell("relevant", "${safe} = 'a' && ${safe} = 'b'"), {}, "expression-foreign survey 4 relevant"),
    ("two strokes", cell("relevant", "${safe} = 'a' || ${safe} = 'b'"), {}, "expression-foreign survey 4 relevant"),
    (
        "AND in capitals",
        cell("relevant", "${safe} = 'a' AND ${safe} = 'b'"),
        {},
        "expression-foreign survey 4 relevant",
    ),
    ("texts joined as in Excel", cell("calculation", "${why} & '元'"), {}, "expression-foreign survey 4 calculation"),
    ("IF in capitals", cell("calculation", "IF(${safe} = 'yes', 1, 0)"), {}, "unknown-function survey 4 calculation"),
    ("a trigger by its name alone", cell("calculation", "1", trigger="why"), {}, "expression-syntax survey 4 trigger"),
    (
        "a step of nothing",
        asked(type="range", parameters="start=1 end=5 step=0"),
        {},
        "parameters-invalid survey 2 parameters",
    ),
    (
        "a range the wrong way round",
        asked(type="range", parameters="start=9 end=1 step=1"),
        {},
        "parameters-invalid survey 2 parameters",
    ),
    (
        "a parameter nobody knows",
        asked(type="image", parameters="max_pixels=800"),
        {},
        "parameters-invalid survey 2 parameters",
    ),
    ("parameters without a key", asked(type="range", parameters="1 5"), {}, "parameters-invalid survey 2 parameters"),
    ("rows that are no number", asked(type="text", parameters="rows=x"), {}, "parameters-invalid survey 2 parameters"),
    (
        "an accuracy in words",
        asked(type="geopoint", parameters="capture-accuracy=fine"),
        {},
        "parameters-invalid survey 2 parameters",
    ),
    (
        "perhaps shuffled",
        asked(type="select_one yn", parameters="randomize=maybe"),
        {},
        "parameters-invalid survey 2 parameters",
    ),
    (
        "a seed without shuffling",
        asked(type="select_one yn", parameters="seed=1"),
        {},
        "parameters-invalid survey 2 parameters",
    ),
    (
        "sound of a quality nobody knows",
        asked(type="audio", parameters="quality=best"),
        {},
        "parameters-invalid survey 2 parameters",
    ),
    ("a list file without its ending", asked(type="select_one_from_file members"), {}, "list-file survey 2 type"),
    ("a list file of Excel", asked(type="select_one_from_file members.xlsx"), {}, "list-file survey 2 type"),
    (
        "other beside a filter",
        asked(type="select_one yn or_other", choice_filter="name != 'x'"),
        {},
        "choice-other survey 2 choice_filter",
    ),
    ("a picture's column misspelled", [{**TEXT, "media::picture": "a.png"}], {}, "heading-wrong survey 1 -"),
    (
        "a choice's heading with a blank",
        asked(type="select_one yn"),
        {"choices": [{**YES_NO[0], "户 类": "1"}]},
        "heading-wrong choices 1 -",
    ),
    ("no name column at all", [{"type": "text", "label": "甲"}], {}, "heading-missing survey 1 -"),
    (
        "a repeat counted in words",
        [{"type": "begin repeat", "name": "r", "repeat_count": "三"}, TEXT, {"type": "end repeat"}],
        {},
        "unknown-node survey 2 repeat_count",
    ),
    (
        "a number of items at a group",
        [{"type": "begin group", "name": "g", "repeat_count": "3"}, TEXT, {"type": "end group"}],
        {},
        "repeat-count survey 2 repeat_count",
    ),
    (
        "an appearance misspelled",
        asked(type="text", appearance="mutliline"),
        {},
        "appearance-unknown survey 2 appearance",
    ),
    ("a time that no clock shows", asked(type="time", default="25:00"), {}, "default-unfit survey 2 default"),
    (
        "a repeat called as the form",
        [{"type": "begin repeat", "name": "data"}, TEXT, {"type": "end repeat"}],
        {},
        "name-duplicate survey 2 name",
    ),
    (
        "two repeats of one name",
        [
            {"type": "begin group", "name": "g"},
            {"type": "begin repeat", "name": "r"},
            TEXT,
            {"type": "end repeat"},
            {"type": "end group"},
            {"type": "begin repeat", "name": "r"},
            {"type": "text", "name": "b"},
            {"type": "end repeat"},
        ],
        {},
        "name-duplicate survey 7 name",
    ),
    (
        "a record in a question that is no repeat",
        [{**TEXT, "save_to": "phone"}],
        {"entities": [{"list_name": "households", "label": "${why}", "repeat": "${why}"}]},
        "entity-invalid entities 2 repeat",
    ),
    (
        "a record in a repeat by its name alone",
        [{**TEXT, "save_to": "phone"}],
        {"entities": [{"list_name": "households", "label": "${why}", "repeat": "why"}]},
        "entity-invalid entities 2 repeat",
    ),
    (
        "a second row of settings",
        [TEXT],
        {"settings": [ABOUT, {**ABOUT, "form_id": "second"}]},
        "settings-twice settings 3 -",
    ),
]


@pytest.mark.parametrize(("survey", "others", "expected"), [one[1:] for one in SLIPS], ids=[one[0] for one in SLIPS])
def test_a_slip_is_told_at_its_cell_in_both_languages(
    survey: Sequence[Row], others: Mapping[str, Any], expected: str
) -> None:
    found = check(spreadsheet(survey, **{"settings": [ABOUT], **others}), "trial.xlsx")
    told = [*found.problems, *(one for one in found.warnings if one.code != "list-unused")]
    assert [named(one) for one in told] == [expected]
    [only] = told
    assert CHINESE.search(only.sentence("zh"))
    assert only.sentence("zh").endswith(only.remedy["zh"])
    assert not PROSE.search(only.sentence("zh")), only.sentence("zh")


def test_a_language_without_its_code_is_doubted_at_its_heading() -> None:
    rows = [{"type": "text", "name": "a", "label::中文": "甲", "label::English (en)": "A", "label": ""}]
    rows = [{key: value for key, value in row.items() if value} for row in rows]
    found = check(spreadsheet(rows, settings=[{**ABOUT, "default_language": "中文"}], choices=[]), "trial.xlsx")
    assert [named(one) for one in found.warnings] == ["language-code survey 1 label::中文"]


@pytest.mark.parametrize(
    ("column", "text"),
    [
        ("relevant", "${why} = 'AT&T && co || == <>'"),
        ("calculation", "if(${why} != '', 'A AND B', 'x')"),
        ("constraint", "regex(., '(a|b)')"),
        ("constraint", ". >= 0 and . <= 9"),
    ],
)
def test_what_stands_in_quotes_or_means_something_here_is_no_slip(column: str, text: str) -> None:
    found = check(
        spreadsheet([TEXT, *asked(type="text", **{column: text})], settings=[ABOUT], choices=[]), "trial.xlsx"
    )
    assert [named(one) for one in (*found.problems, *found.warnings)] == []
