"""Paths of an expression made ready to run: which nodes of the form, or rows of a list, they lead to.

An absolute path into a repeat the expression stands in stays in that item, as in JavaRosa, unless the repeat itself
is asked for: `/data/m/age` is this member's, `count(/data/m)` is all.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence

from fieldsvc.xlsform.dates import DateValue
from fieldsvc.xlsform.lists import Rows
from fieldsvc.xlsform.parse import Ast
from fieldsvc.xlsform.problems import ExpressionError
from fieldsvc.xlsform.scope import Run, Scope
from fieldsvc.xlsform.values import Node, Value, scalar, to_boolean, to_text

Ready = Callable[[Ast], Run]
Walk = Callable[[Scope], list[Node]]
#: The nodes that a predicate keeps of those with one name below a node.
Filter = Callable[[Node, list[Node], Scope], list[Node]]
_Step = Callable[[list[Node], Scope], list[Node]]


def walk(start: str | Ast, steps: Sequence[Ast], ready: Ready) -> Walk:
    """The relevant nodes a path reaches; `ready` makes the expressions in it ready."""
    if start == "/" and all(len(step) == 2 and step[0] == "c" for step in steps):
        return _from_the_top([step[1] for step in steps])
    begin = _begin(start, ready)
    if not steps and start == ".":
        return begin
    made = [
        _step(axis, name, start == "/" and index < len(steps) - 1, _filters(predicates, ready))
        for index, (axis, name, *predicates) in enumerate(steps)
    ]

    def run(at: Scope) -> list[Node]:
        nodes = begin(at)
        for step in made:
            nodes = step(nodes, at)
        return [node for node in {id(node): node for node in nodes}.values() if node.live()]

    return run


def _from_the_top(names: Sequence[str]) -> Walk:
    """`/data/group/question`: by far the most frequent path. Every node on it has one parent, so none comes twice.

    Outside of repeats it leads every expression to the same node, and a form names its questions again and again.
    """
    above, last, path = names[:-1], names[-1] if names else None, "/".join(names)

    def run(at: Scope) -> list[Node]:
        known = at.world.reached.get(path)
        nodes = search(at) if known is None else known
        return [node for node in nodes if node.live()]

    def search(at: Scope) -> list[Node]:
        nodes, in_a_repeat = [at.world.root], False
        for name in above:
            nodes = [kid for node in nodes for kid in _narrow(node.kids(name), at)]
            in_a_repeat = in_a_repeat or any(node.series() is not None for node in nodes)
        if last is not None:
            nodes = [kid for node in nodes for kid in node.kids(last)]
        if not in_a_repeat:
            at.world.reached[path] = nodes
        return nodes

    return run


def _begin(start: str | Ast, ready: Ready) -> Walk:
    if start == "/":
        return lambda at: [at.world.root]
    if start == ".":
        return lambda at: [at.node]
    assert isinstance(start, list)
    source = ready(start)

    def run(at: Scope) -> list[Node]:
        found = source(at)
        if not isinstance(found, list):
            raise ExpressionError("not-nodes")
        return found

    return run


def _step(axis: str, name: str, own: bool, filters: Sequence[Filter]) -> _Step:
    """One step; `own` says that it stays in the item of a repeat the expression stands in."""
    if axis == ".":
        return lambda nodes, _: nodes
    if axis == "..":
        return lambda nodes, _: [up for up in (node.up() for node in nodes) if up is not None]
    if not filters:
        if own:
            return lambda nodes, at: [kid for node in nodes for kid in _narrow(node.kids(name), at)]
        return lambda nodes, _: [kid for node in nodes for kid in node.kids(name)]

    def run(nodes: list[Node], at: Scope) -> list[Node]:
        reached: list[Node] = []
        for node in nodes:
            kids = node.kids(name)
            for keep in filters:
                kids = keep(node, kids, at)
            reached.extend(kids)
        return reached

    return run


def _narrow(nodes: list[Node], at: Scope) -> list[Node]:
    series = nodes[0].series() if nodes else None
    if series is None:
        return nodes
    for chosen, item in at.chosen:
        if chosen is series:
            return [item]
    up: Node | None = at.current
    while up is not None:
        if up.series() is series:
            return [up]
        up = up.up()
    return nodes


def _filters(predicates: Sequence[Ast], ready: Ready) -> list[Filter]:
    return [filter_of(predicate, ready, first=not number) for number, predicate in enumerate(predicates)]


def filter_of(predicate: Ast, ready: Ready, *, first: bool = True) -> Filter:
    """What a predicate keeps; only the first of a step may look rows up in their list's index."""
    test, few_of = ready(predicate), _candidates(predicate, ready) if first else None

    def keep(root: Node, nodes: list[Node], at: Scope) -> list[Node]:
        few = few_of(root, at) if few_of is not None else None
        live = [node for node in nodes if node.live()] if few is None else nodes
        kept: list[Node] = []
        for index, node in enumerate(live if few is None else few):
            position = index + 1 if few is None else node.place()
            value = test(at.trying(node, position, len(live)))
            chosen = value == position if type(value) is float else to_boolean(value)
            if chosen:
                kept.append(node)
        return kept

    return keep


def _candidates(predicate: Ast, ready: Ready) -> Callable[[Node, Scope], list[Node] | None] | None:
    """The rows left by the comparison a predicate begins with, from the list's index; None where there is none.

    The comparison comes first, so the rows left out would never have been looked at further.
    """
    while predicate[0] == "and":
        predicate = predicate[1]
    match predicate:
        case ["=", ["p", ".", [["c", str(column)]]], other] | ["=", other, ["p", ".", [["c", str(column)]]]]:
            if column == "*" or not fixed(other):
                return None
            source = ready(other)
        case _:
            return None

    def few(root: Node, at: Scope) -> list[Node] | None:
        if not isinstance(root, Rows):
            return None
        value: Value = scalar(source(at))
        return root.where(column, to_text(value, at.offset)) if isinstance(value, str | DateValue) else None

    return few


#: What these answer depends on the row that is tried, or on how often they were asked.
_UNSTEADY = {"position", "last", "string-length", "normalize-space", "random", "uuid", "randomize", "once"}


def fixed(tree: Ast) -> bool:
    """Whether an expression in a predicate is the same for every row."""
    match tree:
        case [("n" | "s"), _]:
            return True
        case ["p", "/" | ["f", "current"], steps]:
            return all(len(step) == 2 for step in steps)
        case ["p", *_] | ["f", "indexed-repeat", *_]:
            return False
        case ["f", name, *args]:
            return name not in _UNSTEADY and all(map(fixed, args))
        case [_, *parts]:
            return all(map(fixed, parts))
    return False
