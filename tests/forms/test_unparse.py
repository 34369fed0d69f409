"""A tree written as an expression again is read as the same tree."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from fieldsvc.forms import form_sources
from fieldsvc.xlsform.check import expressions
from fieldsvc.xlsform.compile import walk
from fieldsvc.xlsform.parse import parse
from fieldsvc.xlsform.unparse import unparse
from tests.support.shipped import compiled

VECTORS = sorted((Path(__file__).parents[1] / "vectors").glob("expressions-*.json"))


@pytest.mark.parametrize("path", VECTORS, ids=lambda path: path.stem)
def test_what_was_unparsed_is_parsed_to_the_same_tree(path: Path) -> None:
    for case in json.loads(path.read_text(encoding="utf-8"))["cases"]:
        if isinstance(case.get("tree"), list):
            assert parse(unparse(case["tree"])) == case["tree"]


@pytest.mark.parametrize("form", sorted(form_sources()))
def test_every_expression_of_the_shipped_forms_can_be_shown(form: str) -> None:
    for node in walk(compiled()[form]["nodes"]):
        for _, tree in expressions(node):
            assert parse(unparse(tree)) == tree


def test_a_question_is_shown_as_in_the_spreadsheet() -> None:
    assert unparse(parse("/data/g/met = 'nobody' and count(../r) > 1"), short=True) == (
        "${met} = 'nobody' and count(${r}) > 1"
    )
