"""Requests that wait for the disk are written together, and each gets its own answer or its own error."""

import threading
from collections.abc import Sequence

import pytest

from fieldsvc.services.intake.line import Line
from tests.contract.place import at_once


class Slow:
    """Work whose first call waits until somebody lets it go."""

    def __init__(self) -> None:
        self.calls: list[list[int]] = []
        self.begun, self.go_on = threading.Event(), threading.Event()

    def __call__(self, numbers: Sequence[int]) -> list[int | BaseException]:
        """Ten times each number; negative numbers are an error."""
        self.calls.append(list(numbers))
        self.begun.set()
        assert self.go_on.wait(timeout=30)
        return [number * 10 if number >= 0 else ValueError(number) for number in numbers]


def ask_while_one_works(line: "Line[int, int]", work: Slow, numbers: Sequence[int]) -> dict[int, object]:
    """Everybody's answer or error; the first is already being worked on when the others come."""
    answers: dict[int, object] = {}

    def ask(number: int) -> None:
        try:
            answers[number] = line.ask(number, work)
        except Exception as error:
            answers[number] = error

    threads = [threading.Thread(target=ask, args=(number,)) for number in numbers]
    threads[0].start()
    assert work.begun.wait(timeout=30)
    for thread in threads[1:]:
        thread.start()
    while len(line._waiting) < len(numbers) - 1:
        threading.Event().wait(0.001)
    work.go_on.set()
    for thread in threads:
        thread.join(timeout=30)
    return answers


def test_what_gathers_while_one_works_is_done_together() -> None:
    line, work = Line[int, int](10), Slow()
    answers = ask_while_one_works(line, work, range(6))
    assert answers == {number: number * 10 for number in range(6)}
    assert [len(call) for call in work.calls] == [1, 5]


def test_no_more_than_allowed_are_done_at_a_time() -> None:
    line, work = Line[int, int](2), Slow()
    assert ask_while_one_works(line, work, range(6)) == {number: number * 10 for number in range(6)}
    assert [len(call) for call in work.calls] == [1, 2, 2, 1]


def test_one_error_is_raised_where_it_belongs() -> None:
    line, work = Line[int, int](10), Slow()
    answers = ask_while_one_works(line, work, [1, 2, -3, 4])
    assert isinstance(answers.pop(-3), ValueError)
    assert answers == {1: 10, 2: 20, 4: 40}


def test_when_all_of_it_fails_nobody_waits_for_ever() -> None:
    line = Line[int, int](10)

    def fail(_: Sequence[int]) -> list[int | BaseException]:
        raise OSError("the disk is gone")

    def ask() -> str:
        with pytest.raises(OSError, match="gone"):
            line.ask(1, fail)
        return "told"

    assert at_once([ask] * 8) == ["told"] * 8


def test_the_line_moves_on_after_an_error() -> None:
    line, work = Line[int, int](10), Slow()
    work.go_on.set()
    with pytest.raises(ValueError, match="-1"):
        line.ask(-1, work)
    assert line.ask(1, work) == 10
