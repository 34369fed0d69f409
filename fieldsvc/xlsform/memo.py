"""What was made of a syntax tree once, for as long as there is room: a form is judged many thousand times."""

from __future__ import annotations

from collections.abc import Callable
from typing import Generic, TypeVar

from fieldsvc.xlsform.parse import Ast

Made = TypeVar("Made")

#: The shipped forms have some two thousand trees; the trees of an author's drafts come and go.
MOST = 20_000


class Memo(Generic[Made]):
    """Makes something of a tree the first time it is asked for.

    A tree is known by its identity, for a list cannot be a key, and comparing it would cost what is saved. It is kept
    together with what was made of it, so that no later tree can come to its address; and trees are never altered.
    """

    def __init__(self, make: Callable[[Ast], Made]) -> None:
        self._make = make
        self._kept: dict[int, tuple[Ast, Made]] = {}

    def __call__(self, tree: Ast) -> Made:
        found = self._kept.get(id(tree))
        if found is None:
            if len(self._kept) >= MOST:
                self._kept.clear()
            found = self._kept[id(tree)] = (tree, self._make(tree))
        return found[1]
