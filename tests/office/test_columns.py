"""How wide the columns of a printed table are: as they were asked for, and none too narrow for words."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as some

from fieldsvc.papers import Grid, Paper, draw, font
from fieldsvc.papers.columns import widths
from tests.office.test_papers import pages_of

SHARES = some.lists(some.floats(0.001, 1000), min_size=1, max_size=40)


def test_columns_with_room_enough_are_as_wide_as_asked() -> None:
    assert widths([1, 3], 100, 10) == [25, 75]


def test_a_column_too_narrow_for_words_takes_from_the_others_by_their_shares() -> None:
    assert widths([0.01, 3, 1], 100, 20) == [20, 60, 20]


@given(SHARES, some.floats(0.5, 30))
def test_the_columns_fill_the_page_and_none_is_narrower_than_the_least(shares: list[float], least: float) -> None:
    found = widths(shares, 178, least)
    assert abs(sum(found) - 178) < 1e-6
    assert min(found) >= min(least, 178 / len(shares)) - 1e-6


def test_the_head_of_a_column_that_was_asked_for_far_too_narrow_is_read_on_one_page() -> None:
    head = "到户核查人员核对时填写的情况说明" * 3
    grid = Grid([["一", "陈小一"]], [0.01, 20], [head, "姓名"])
    [page] = pages_of(draw([Paper("表", [grid], "")], 0, font.file("")))
    assert head in page
    assert "陈小一" in page
