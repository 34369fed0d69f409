"""A form in Markdown can be read: its tables are lined up, and come page by page."""

from __future__ import annotations

import pytest

from fieldsvc.forms import form_sources
from tests.forms.tables import NAMES, aligned


@pytest.mark.parametrize("name", NAMES)
def test_the_tables_of_a_form_are_lined_up(name: str) -> None:
    text = form_sources()[name].read_text(encoding="utf-8")
    assert aligned(text) == text, "run python -m tests.forms.tables"


def test_han_characters_count_double_and_escaped_bars_stay() -> None:
    assert aligned("| a | 姓名 |\n| bb | x\\|y |\n\nText stays.\n") == "| a  | 姓名 |\n| bb | x\\|y |\n\nText stays.\n"
