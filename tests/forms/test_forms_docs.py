"""`docs/forms.md` cannot rot: its tables compile, its lists are the real ones."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from fieldsvc.forms import choices
from fieldsvc.xlsform import compile_form
from fieldsvc.xlsform.bundle import bundled
from fieldsvc.xlsform.datasets import POLICIES, TYPES, read_datasets
from fieldsvc.xlsform.functions import FUNCTIONS, LAZY
from fieldsvc.xlsform.problems import TEXTS
from tests.forms.pictured import drawing

PAGE = (Path(__file__).parents[2] / "docs" / "forms.md").read_text(encoding="utf-8")


def blocks(kind: str) -> list[str]:
    return re.findall(rf"^```{kind}\n(.*?)^```", PAGE, re.MULTILINE | re.DOTALL)


@pytest.mark.parametrize("table", blocks("xlsform"))
def test_every_form_on_the_page_compiles(table: str) -> None:
    pictures = [(name, drawing()) for name in re.findall(r"\w+\.png", table)]
    assert compile_form(*bundled([("page.md", table.encode()), *pictures])).definition["nodes"]


def test_every_dataset_on_the_page_can_be_read() -> None:
    lists = '[yn]\nyes = { zh = "是", en = "Yes" }\n'
    assert "yn" in choices()
    assert [name for block in blocks("datasets") for name in read_datasets(block, lists)] == ["wells"]


def test_the_page_lists_the_functions_there_are() -> None:
    [listed] = blocks("functions")
    assert listed.split() == sorted({*FUNCTIONS, *LAZY})


def test_the_page_explains_every_problem_policy_and_type() -> None:
    for word in {*TEXTS, *POLICIES}:
        assert f"`{word}`" in PAGE, word
    for word in TYPES:
        assert word in PAGE, word
