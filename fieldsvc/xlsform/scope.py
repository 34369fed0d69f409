"""What surrounds an expression while it is computed: the world of the form, and the node it stands at."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import NamedTuple, Protocol

from fieldsvc.xlsform.values import Node, Value


@dataclass(frozen=True, slots=True)
class Context:
    """When, where and by whom a form was filled, as the phone had it. `now` is UTC ms, `utc_offset` minutes east."""

    now: int
    utc_offset: int = 480
    seed: str = "0"
    preloads: dict[str, str] = field(default_factory=dict)


class World(Protocol):
    """What surrounds every expression of a form; `reached` is what absolute paths outside of repeats lead to."""

    reached: dict[str, list[Node]]

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


# Not frozen, though nobody writes to it: a visit makes dozens, and a frozen one takes three times as long to make.
@dataclass(slots=True)
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

    def trying(self, node: Node, position: int, size: int) -> Scope:
        """The same for one of `size` nodes that a predicate tries."""
        return Scope(self.world, node, self.current, position, size, True, self.chosen, self.drawn)

    def choosing(self, chosen: tuple[tuple[object, Node], ...]) -> Scope:
        """The same with these items of repeats chosen."""
        return Scope(self.world, self.node, self.current, self.position, self.size, self.inside, chosen, self.drawn)


def scope_at(world: World, node: Node) -> Scope:
    """The scope of an expression that belongs to `node`."""
    return Scope(world, node, node)


#: An expression made ready: called with where it stands, it gives the value.
Run = Callable[[Scope], Value]


class Entry(NamedTuple):
    """A function: the fewest and most arguments it takes, and what it does with their values."""

    fewest: int
    most: int
    body: Callable[[list[Value], Scope], Value]


class LazyEntry(NamedTuple):
    """A function that gets its arguments unevaluated, because it computes only what it needs."""

    fewest: int
    most: int
    body: Callable[[Sequence[Run], Scope], Value]
