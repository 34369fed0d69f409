"""What is made of a form's expressions is made once, however many visits are judged."""

from __future__ import annotations

import pytest

from fieldsvc.xlsform import memo, validate
from fieldsvc.xlsform.evaluate import ready
from fieldsvc.xlsform.memo import Memo
from fieldsvc.xlsform.parse import Ast
from tests.forms.forms import compiled

CONTEXT = {"now": 0, "utc_offset": 480, "seed": "1", "preloads": {}}


def test_a_visit_judged_a_second_time_reads_no_expression_again() -> None:
    form = compiled([{"type": "integer", "name": "age", "constraint": ". < 150", "required": "yes"}])
    assert validate(form, {"age": "200"}, CONTEXT)
    known = dict(ready._kept)
    assert not validate(form, {"age": "20"}, CONTEXT)
    assert ready._kept == known


def test_equal_trees_in_two_forms_are_two_and_neither_outlives_the_other_at_its_address() -> None:
    made: list[Ast] = []
    kept = Memo(lambda tree: made.append(tree) or len(made))
    for number in range(100):
        tree: Ast = ["n", "1"]  # gone after the next line, but for the memo: an address would come again
        assert kept(tree) == kept(tree) == number + 1


def test_a_full_memo_begins_anew(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(memo, "MOST", 3)
    kept = Memo(str)
    trees: list[Ast] = [["n", str(number)] for number in range(10)]
    assert [kept(tree) for tree in trees] == [str(tree) for tree in trees]
    assert len(kept._kept) <= 3
