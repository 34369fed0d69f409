"""Which parts of the phone app a form asks for, by its types, its appearances, its functions and its wording."""

from __future__ import annotations

from pathlib import Path

import pytest

from fieldsvc.xlsform import FormProblems, compile_form
from fieldsvc.xlsform.parts import FUNCTION_PARTS, NAMES
from tests.forms.forms import Row, compiled, markdown, node

PARTS = Path(__file__).parents[2] / "fieldsvc" / "static" / "parts"


@pytest.mark.parametrize(
    ("row", "part"),
    [
        ({"type": "image", "appearance": "signature"}, "signature"),
        ({"type": "geopoint"}, "position"),
        ({"type": "image"}, "camera"),
        ({"type": "integer", "appearance": "counter"}, "counter"),
        ({"type": "range", "parameters": "start=0 end=10 step=1"}, "range"),
        ({"type": "range", "parameters": "start=0 end=2 step=0.5"}, "range"),
        ({"type": "rank yn"}, "rank"),
        ({"type": "select_one yn", "appearance": "likert"}, "likert"),
        ({"type": "text", "appearance": "masked"}, "masked"),
        ({"type": "integer", "appearance": "thousands-sep"}, "money"),
        ({"type": "decimal", "appearance": "thousands-sep"}, "money"),
        ({"type": "date", "appearance": "year"}, "dates"),
        ({"type": "date", "appearance": "month-year"}, "dates"),
        ({"type": "dateTime"}, "dates"),
        ({"type": "geotrace"}, "trace"),
        ({"type": "geoshape"}, "trace"),
        ({"type": "barcode"}, "barcode"),
        ({"type": "file"}, "file"),
        ({"type": "image", "appearance": "annotate"}, "camera"),
        ({"type": "video"}, "file"),
    ],
)
def test_a_rare_question_names_the_part_that_answers_it(row: Row, part: str) -> None:
    definition = compiled([{"name": "q", **row}])
    assert node(definition, "/data/q")["part"] == part
    assert definition["uses"] == [part]


def test_sound_names_the_part_that_phones_have_long_had_and_uses_the_recorder_beside_it() -> None:
    definition = compiled([{"type": "audio", "name": "q"}])
    assert node(definition, "/data/q")["part"] == "file"
    assert definition["uses"] == ["file", "recorder"]


def test_a_drawing_is_made_on_white_or_over_the_photo_of_another_question() -> None:
    marks = {"type": "image", "name": "marks", "appearance": "annotate", "bind::fs:over": "photo"}
    definition = compiled(
        [{"type": "image", "name": "photo"}, marks, {"type": "image", "name": "plan", "appearance": "draw"}]
    )
    parts = [node(definition, f"/data/{name}")["part"] for name in ("photo", "marks", "plan")]
    assert parts == ["camera", "sketch", "sketch"]
    assert definition["uses"] == ["camera", "signature", "sketch"]


@pytest.mark.parametrize("over", ["nothing", "words", "marks"])
def test_what_is_drawn_over_must_be_a_photo_beside_it(over: str) -> None:
    marks = {"type": "image", "name": "marks", "appearance": "annotate", "bind::fs:over": over}
    with pytest.raises(FormProblems) as refused:
        compiled([{"type": "text", "name": "words"}, marks])
    assert [(one.code, one.column, one.row) for one in refused.value.problems] == [("unknown-node", "bind::fs:over", 3)]


def test_an_ordinary_question_asks_for_nothing() -> None:
    rows = [
        {"type": "text", "name": "a", "appearance": "multiline"},
        {"type": "integer", "name": "b"},
        {"type": "select_multiple yn", "name": "c", "appearance": "minimal"},
        {"type": "date", "name": "e"},
        {"type": "calculate", "name": "f", "calculation": "1 + 1"},
    ]
    assert "uses" not in compiled(rows)


@pytest.mark.parametrize(("call", "part"), [("digest('a', 'MD5')", "digest"), ("sqrt(4)", "mathematics")])
def test_a_rare_function_is_asked_for_by_its_name(call: str, part: str) -> None:
    assert compiled([{"type": "calculate", "name": "q", "calculation": call}])["uses"] == [part]


@pytest.mark.parametrize(
    ("label", "marked"),
    [
        ("看清**承重墙**", True),
        ("有没有*裂缝*，漏不漏雨", True),
        ("- 先问好", True),
        ("见 [办法](https://example.org)", True),
        ("长*宽*高", False),
        ("a_b_c", False),
        ("面积（平方米）", False),
    ],
)
def test_marks_in_a_label_ask_for_the_part_that_draws_them(label: str, marked: bool) -> None:
    definition = compile_form(markdown([{"type": "text", "name": "q", "label": label}]), "f.md").definition
    assert ("markdown" in definition.get("uses", [])) is marked


def test_every_part_that_a_form_can_name_is_a_module_of_the_phone_app() -> None:
    files = {path.stem for path in PARTS.glob("*.js")}
    assert {*NAMES, *FUNCTION_PARTS.values()} - files == set()


def test_a_part_brings_the_parts_it_is_built_upon() -> None:
    uses = compiled([{"type": "calculate", "name": "q", "calculation": "extract-signed('a', 'b')"}])["uses"]
    assert uses == ["digest", "signed", "texts"]
