"""What surrounds an expression while it is computed: the world of the form, and the node it stands at."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import NamedTuple, Protocol

from fieldsvc.xlsform.parse import Ast
from fieldsvc.xlsform.values import Node, Value


@dataclass(frozen=True, slots=True)
class Context:
    """When, where and by whom a form was filled, as the phone had it. `now` is UTC ms, `utc_offset` minutes east."""

    now: int
    utc_offset: int = 480
    seed: str = "0"
    preloads: dict[str, str] = field(default_factory=dict)


class World(Protocol):
    """What surrounds every expression of a form."""

    @property
    def context(self) -> Context: ...
    @property
    def root(self) -> Node: ...
    def instance(self, name: str) -> Node | None: ...
    def choice_label(self, choices: str, value: str) -> str: ...


@dataclass(slots=True)
class Drawn:
    """How often chance was asked in one evaluation."""

    count: int = 0


@dataclass(frozen=True, slots=True)
class Scope:
    """Where an expression is computed: `current` is the node it belongs to, `node` the one a predicate is trying."""

    world: World
    node: Node
    current: Node
    position: int = 1
    size: int = 1
    inside: bool = False
    chosen: tuple[tuple[object, Node], ...] = ()
    drawn: Drawn = field(default_factory=Drawn)

    @property
    def offset(self) -> int:
        return self.world.context.utc_offset


def scope_at(world: World, node: Node) -> Scope:
    """The scope of an expression that belongs to `node`."""
    return Scope(world, node, node)


Evaluate = Callable[[Ast, Scope], Value]


class Entry(NamedTuple):
    """A function: the fewest and most arguments it takes, and what it does with their values."""

    fewest: int
    most: int
    body: Callable[[list[Value], Scope], Value]


class LazyEntry(NamedTuple):
    """A function that gets syntax trees, because it computes only what it needs."""

    fewest: int
    most: int
    body: Callable[[list[Ast], Scope, Evaluate], Value]
