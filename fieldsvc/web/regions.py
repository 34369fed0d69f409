"""Which variables of a module may bear the same short name because nothing can mix them up.

A module is read as a tree of regions: blocks, and in each block its statements. A region is the way to it: `()` is the
whole module, `(2,)` its third statement, `(2, 17)` a block that opens in there, `(2, 17, 0)` that block's first
statement. A variable lives in the smallest region that holds every place where it is said, and the block it is declared
for. Two of them are kept apart where one region holds the other and the outer variable is said in the inner region;
elsewhere one may at most cover the other up, where nobody asks for it.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Container, Iterator, Sequence
from itertools import takewhile

from fieldsvc.web.tokens import Token

Region = tuple[int, ...]

_DECLARE = frozenset({"const", "let", "function", "class"})
#: Begins a statement also where no semicolon ends the one before. One too many only tells fewer variables apart.
_BEGIN = _DECLARE | {"export", "return", "if", "for"}


def apart(everything: Sequence[Token], words: Sequence[Token], variables: Container[int]) -> Callable[[str, str], bool]:
    """Whether two variables must have different names; `variables` are the ids of the words that say one."""
    said = _said(everything, words, variables)
    homes = {name: _common(regions) for name, regions in said.items()}

    def must_differ(one: str, other: str) -> bool:
        outer, inner = sorted((one, other), key=lambda name: len(homes[name]))
        home = homes[inner]
        return any(region[: len(home)] == home for region in said[outer])

    return must_differ


def _common(regions: set[Region]) -> Region:
    """The smallest region that holds them all."""
    pairs = zip(min(regions), max(regions), strict=False)
    return tuple(one for one, _ in takewhile(lambda pair: pair[0] == pair[1], pairs))


def _said(everything: Sequence[Token], words: Sequence[Token], variables: Container[int]) -> dict[str, set[Region]]:
    """The regions in which each variable is said, and the blocks it is declared for."""
    places = {id(token): place for place, token in enumerate(words)}
    said: dict[str, set[Region]] = defaultdict(set)
    for place, (word, here) in enumerate(zip(words, _ways(words), strict=True)):
        if id(word) in variables:
            said[word.text].add(here)
        if word.text in _DECLARE and word.kind == "name":
            for name in _names(everything, words, places, place + 1):
                said[name].add(here[:-1])
        # A block may not declare again what its function takes.
        body = _body(everything, words, places, place)
        if body is not None:
            for name in _names(everything, words, places, place):
                said[name].add((*here, body))
    return said


def _ways(words: Sequence[Token]) -> Iterator[Region]:
    """The statement each word stands in."""
    here = [0]
    blocks: list[bool] = []
    for place, word in enumerate(words):
        opens, closes = word.opens, word.kind == "mark" and word.text in (")", "]", "}")
        if closes and blocks and blocks.pop():
            del here[-2:]
        in_block = not blocks or blocks[-1]
        if in_block and word.kind == "name" and word.text in _BEGIN:
            here[-1] += 1
        yield tuple(here)
        if in_block and word.text == ";":
            here[-1] += 1
        if opens:
            blocks.append(opens == "block")
            if opens == "block":
                here += [place, 0]


def _body(everything: Sequence[Token], words: Sequence[Token], places: dict[int, int], place: int) -> int | None:
    """Where the block opens that follows these brackets, or this single parameter of an arrow function."""
    word = words[place]
    after = places[id(everything[word.pair])] + 1 if word.opens == "(" and word.pair >= 0 else place + 1
    if after < len(words) and words[after].text == "=>":
        after += 1
    elif word.opens != "(":
        return None
    return after if after < len(words) and words[after].opens == "block" else None


def _names(everything: Sequence[Token], words: Sequence[Token], places: dict[int, int], place: int) -> list[str]:
    """The name here, or all names between the brackets that open here."""
    word = words[place]
    end = places[id(everything[word.pair])] if word.opens and word.pair >= 0 else place + 1
    return [each.text for each in words[place:end] if each.kind == "name"]
