"""How often codes of a form were answered. Pure: answers in, numbers out."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterable, Iterator, Mapping
from typing import Any


def used_codes(codes: Mapping[str, Collection[str]], answers: Iterable[Mapping[str, Any]]) -> dict[str, dict[str, int]]:
    """For each question (by ref) how many of the submissions hold each of its codes."""
    found: dict[str, Counter[str]] = {ref: Counter() for ref in codes}
    for tree in answers:
        for ref, wanted in codes.items():
            seen = {code for value in _values(tree, ref.split("/")[2:]) for code in str(value).split()}
            found[ref].update(seen & set(wanted))
    return {ref: dict(counted) for ref, counted in found.items()}


def _values(tree: Any, path: list[str]) -> Iterator[Any]:
    """What stands at a path, in every item of the repeats on the way."""
    if isinstance(tree, list):
        for item in tree:
            yield from _values(item, path)
    elif not path:
        if tree not in (None, ""):
            yield tree
    elif isinstance(tree, Mapping):
        yield from _values(tree.get(path[0]), path[1:])
