"""Codes of a choice taken apart once, in bounded memory."""

from types import SimpleNamespace
from typing import Any

from fieldsvc.xlsform.functions import FUNCTIONS, _apart


def test_codes_are_taken_apart_once_and_a_long_text_is_never_kept() -> None:
    at: Any = SimpleNamespace(offset=0)
    selected = FUNCTIONS["selected"].body
    _apart.cache_clear()
    for _ in range(3):
        assert selected(["mud  brick", "brick"], at)
        assert not selected(["mud  brick", "ric"], at)
    assert _apart.cache_info().misses == 3
    long = " ".join(["mud"] * 1000) + " brick"
    assert selected([long, "brick"], at)
    assert not selected([long, "brick mud"], at)
    assert _apart.cache_info().currsize == 4, "the two short ones more, and not the long one"
