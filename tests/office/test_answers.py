"""Answers of rare questions in the office: in the form's words, never as codes or as what a program would print."""

from __future__ import annotations

from typing import Any

from fieldsvc.office.answers import Reader

DIGEST = "a" * 64


def text(kind: str, value: Any, label: str = "问题") -> tuple[str, str]:
    """Label and answer of one question of this type."""
    node = {"name": "q", "kind": "question", "type": kind, "label": {"zh": label}, "choices": "needs"}
    needs = [{"value": "road", "label": {"zh": "修路"}}, {"value": "water", "label": {"zh": "饮水"}}]
    definition = {"root": "/data", "default_language": "zh", "nodes": [node], "choices": {"needs": needs}}
    [section] = Reader(definition, "zh").sections({"q": value})
    [line] = section.lines
    return line.label, line.text


def test_a_ranking_reads_as_the_choices_in_their_order() -> None:
    assert text("rank", "water road")[1] == "饮水、修路"


def test_a_code_is_read_as_text_and_a_photographed_one_as_its_photo() -> None:
    assert text("barcode", "SB-0412")[1] == "SB-0412"
    assert text("barcode", {"sha256": DIGEST, "bytes": 9, "type": "image/jpeg"})[1] == DIGEST


def test_marks_of_a_label_are_not_printed() -> None:
    assert text("string", "好", "# 先看**承重墙**，3 * 4")[0] == "先看承重墙，3 * 4"


def test_a_choice_is_told_with_its_picture_in_the_order_of_the_list() -> None:
    node = {"name": "q", "kind": "question", "type": "select_multiple", "label": {"zh": "屋顶"}, "choices": "roofs"}
    roofs = [{"value": code, "label": {"zh": code}, "image": code * 8} for code in ("tile", "thatch")]
    definition = {"root": "/data", "default_language": "zh", "nodes": [node], "choices": {"roofs": roofs}}
    [section] = Reader(definition, "zh").sections({"q": "thatch tile"})
    assert section.lines[0].pictures == ("tile" * 8, "thatch" * 8)
    [masked] = Reader(definition, "zh", masked={"/data/q"}).sections({"q": "thatch"})
    assert masked.lines[0].pictures == ()


def test_a_choice_of_a_list_the_county_keeps_is_read_by_its_words_in_either_language() -> None:
    node = {"name": "q", "kind": "question", "type": "select_multiple", "label": {"zh": "政策"}, "choices": "policies"}
    rows = [{"name": "p1", "label": "生猪保险", "label::en": "Pig insurance"}, {"name": "p2", "label": "农机补贴"}]
    definition = {"root": "/data", "default_language": "zh", "nodes": [node], "instances": {"policies": rows}}

    def told(language: str) -> str:
        [section] = Reader(definition, language).sections({"q": "p1 p2 gone"})
        return section.lines[0].text

    assert told("zh") == "生猪保险、农机补贴、gone", "a code that was taken out of the list since is shown as it is"
    assert told("en") == "Pig insurance, 农机补贴, gone"
