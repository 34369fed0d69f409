"""Where a line of Chinese may break (避头尾): never before a closing mark or a full stop, never after an opening mark,
and never inside a number or a word that fits on a line. Pure: the widths of characters are asked of the caller."""

from __future__ import annotations

from collections.abc import Callable

_NOT_FIRST = frozenset("，。、；：？！）》」』】〉％…·,.;:?!)]}%")
_NOT_LAST = frozenset("（《「『【〈“‘([{")
#: What stands behind a number and is read with it.
_UNITS = frozenset("年月日元户人亩")

Width = Callable[[str], float]


def broken(text: str, room: float, width: Width) -> str:
    """The text with a line break wherever the next character would need more than this room."""
    return "\n".join(line for paragraph in text.split("\n") for line in _lines(paragraph, room, width))


def _lines(text: str, room: float, width: Width) -> list[str]:
    done: list[str] = []
    line, used = "", 0.0
    for one in text:
        wide = width(one)
        if line and used + wide > room:
            kept = _kept(line, one)
            done.append(line[:kept])
            line = line[kept:]
            used = sum(map(width, line))
        line, used = line + one, used + wide
    return [*done, line]


def _kept(line: str, following: str) -> int:
    """How many characters of a full line stay on it, before the one that follows; at least one does."""
    kept = len(line)
    while kept > 1 and not _may_break(line[kept - 1], (line + following)[kept]):
        kept -= 1
    # A line that could break nowhere is a number or a name without end: then it breaks where it is full.
    return kept if kept > 1 or _may_break(line[0], (line + following)[1]) else len(line)


def _may_break(before: str, after: str) -> bool:
    if after in _NOT_FIRST or before in _NOT_LAST or (after in _UNITS and before.isdigit()):
        return False
    return not (_of_a_word(before) and _of_a_word(after))


def _of_a_word(one: str) -> bool:
    return one.isascii() and one.isalnum()
