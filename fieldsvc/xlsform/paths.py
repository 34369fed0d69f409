"""Where the paths of an expression lead in the tree of a form, without any answers."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from fieldsvc.xlsform.parse import Ast


@dataclass(frozen=True, slots=True)
class Reach:
    """A path of the form an expression reads; `other_item` when it picks a repeat's item by predicate or index."""

    path: str
    other_item: bool = False


def reaches(tree: Ast, ref: str, *, inside: bool = False, other_item: bool = False) -> Iterator[Reach]:
    """Every path in `tree` as seen from the node `ref`. `inside` says that "." is a row of a list, not the node."""
    yield from _reaches(tree, None if inside else ref, ref, other_item)


def resolve(path: str, names: set[str]) -> list[str]:
    """The nodes `path` means: itself, or all that fit where it holds a `*`."""
    if "*" not in path:
        return [path] if path in names else []
    want = path.split("/")
    return [
        name
        for name in sorted(names)
        if len(have := name.split("/")) == len(want) and all(w in ("*", h) for w, h in zip(want, have, strict=True))
    ]


def _reaches(tree: Ast, here: str | None, ref: str, other: bool) -> Iterator[Reach]:
    match tree:
        case [("n" | "s"), _]:
            return
        case ["p", start, steps]:
            yield from _path(start, steps, here, ref, other)
        case ["f", "indexed-repeat", target, *pairs]:
            yield from _reaches(target, here, ref, True)
            for pair in pairs:
                yield from _reaches(pair, here, ref, True)
        case ["f", _, *args]:
            for arg in args:
                yield from _reaches(arg, here, ref, other)
        case [_, *parts]:
            for part in parts:
                yield from _reaches(part, here, ref, other)


def _path(start: str | Ast, steps: list[Ast], here: str | None, ref: str, other: bool) -> Iterator[Reach]:
    at: str | None
    if start == "/":
        at = ""
    elif start == ".":
        at = here
    elif start == ["f", "current"]:
        at = ref
    else:
        assert isinstance(start, list)
        yield from _reaches(start, here, ref, other)
        at = None
    picked = other
    for axis, name, *predicates in steps:
        if at is not None:
            at = at.rpartition("/")[0] if axis == ".." else f"{at}/{name}" if axis == "c" else at
        for predicate in predicates:
            picked = True
            yield from _reaches(predicate, at, ref, other)
    if at is not None and (steps or start != "."):
        yield Reach(at, picked)


def rooted(tree: Ast, ref: str) -> Ast:
    """`tree` with the paths that start at the node `ref` written from the root, so that it may stand elsewhere.

    What a predicate tries is another node; there only `current()` is `ref`.
    """
    return _rooted(tree, ref, (["f", "current"], "."))


def _rooted(tree: Ast, ref: str, starts: tuple[str | Ast, ...]) -> Ast:
    match tree:
        case [("n" | "s"), _]:
            return tree
        case ["p", start, steps]:
            inner = [[*step[:2], *(_rooted(each, ref, starts[:1]) for each in step[2:])] for step in steps]
            if start not in starts:
                return ["p", _rooted(start, ref, starts) if isinstance(start, list) else start, inner]
            own = ref.split("/")[1:]
            while inner and inner[0][0] in ("..", "."):
                own = own[:-1] if inner[0][0] == ".." else own
                inner = inner[1:]
            return ["p", "/", [*(["c", name] for name in own), *inner]]
        case ["f", name, *args]:
            return ["f", name, *(_rooted(each, ref, starts) for each in args)]
        case [operator, *parts]:
            return [operator, *(_rooted(each, ref, starts) for each in parts)]
    return tree
