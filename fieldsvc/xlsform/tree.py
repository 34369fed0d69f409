"""The nodes of a submitted form: what was answered, what computes, what is relevant.

Built once from a submission and read on demand: a calculation is computed when something needs it, and kept. The
JavaScript twin, which also takes edits, is `static/core/form-tree.js`.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from typing import Any, TypeVar

from fieldsvc.xlsform.answers import from_answer, to_answer
from fieldsvc.xlsform.definition import Definition, NodeDefinition, Text
from fieldsvc.xlsform.evaluate import ready
from fieldsvc.xlsform.lists import ListNode, Lists
from fieldsvc.xlsform.parse import Ast
from fieldsvc.xlsform.problems import ExpressionError
from fieldsvc.xlsform.scope import Context, scope_at
from fieldsvc.xlsform.values import Node, Scalar, Value, to_boolean, to_text

T = TypeVar("T")
ABSENT = object()


class World:
    """What surrounds every expression of one submission."""

    def __init__(self, lists: Lists, context: Context) -> None:
        self._lists = lists
        self.context = context
        self.root: Node = ListNode(None, lambda _: [])
        self.reached: dict[str, list[Node]] = {}

    def plant(self, root: FormNode) -> None:
        top: list[Node] = [root]
        self.root = ListNode(None, lambda name: top if name in ("*", root.name) else [])

    def instance(self, name: str) -> Node | None:
        return self._lists.instance(name)

    def listed(self, choices: str) -> frozenset[str] | None:
        """The values of a list of choices; None where it is a table, or unknown."""
        return self._lists.values(choices)

    def choice_label(self, choices: str, value: str) -> str:
        return self._lists.choice_label(choices, value)


def attempt(ast: Ast, node: Node, world: World, as_: Callable[[Value], T], otherwise: T) -> T:
    """`ast` for `node`, or `otherwise` when it cannot be computed: a broken rule must not refuse a visit."""
    try:
        return as_(ready(ast)(scope_at(world, node)))
    except (ExpressionError, RecursionError):
        return otherwise


def spell(text: Text, node: FormNode) -> str:
    """`text` with its values as they are at `node`."""
    if isinstance(text, str):
        return text
    offset = node.world.context.utc_offset
    return "".join(
        piece if isinstance(piece, str) else attempt(piece["$"], node, node.world, lambda v: to_text(v, offset), "")
        for piece in text
    )


class FormNode:
    """A question, calculate, note or group, or one item of a repeat."""

    def __init__(
        self,
        definition: NodeDefinition,
        parent: FormNode | None,
        world: World,
        given: Any = ABSENT,
        within: Series | None = None,
    ) -> None:
        self.definition, self.parent, self.world, self.within = definition, parent, world, within
        self.name = definition["name"]
        self.kind: str = definition.get("type", "string")
        self.id = str(given.get("_id", "")) if within and isinstance(given, Mapping) else ""
        self.given = given
        self._computed: Any = ABSENT
        self._relevant: bool | None = None
        self._busy = False
        self._parts: list[FormNode | Series] | None = None
        self._named: dict[str, FormNode | Series] | None = None

    @property
    def parts(self) -> list[FormNode | Series]:
        """What stands directly below. Made when first asked for: most of a form is irrelevant most of the time."""
        if self._parts is None:
            inner = self.given if isinstance(self.given, Mapping) else {}
            self._parts = [
                (Series if child["kind"] == "repeat" else FormNode)(
                    child, self, self.world, inner.get(child["name"], ABSENT)
                )
                for child in self.definition.get("children", [])
            ]
        return self._parts

    def answer(self) -> Any:
        """The answer, computed where the form computes it; None when absent or blanked."""
        calculate = self.definition.get("calculate")
        if calculate is None:
            return None if self.given is ABSENT else self.given
        if self._computed is not ABSENT:
            return self._computed
        if self._busy:
            return None if self.given is ABSENT else self.given
        self._busy = True
        offset = self.world.context.utc_offset
        self._computed = attempt(calculate, self, self.world, lambda v: to_answer(v, self.kind, offset), None)
        self._busy = False
        return self._computed

    def val(self) -> Scalar:
        return from_answer(self.answer(), self.kind, self.world.context.utc_offset)

    def live(self) -> bool:
        if self.within is not None:
            return self.within.live()
        if self._relevant is None:
            self._relevant = True
            above = self.parent is None or self.parent.live()
            self._relevant = above and relevant(self)
        return self._relevant

    def kids(self, name: str) -> list[Node]:
        if name == "*":
            return [node for part in self.parts for node in (part.items if isinstance(part, Series) else [part])]
        part = self.part(name)
        return [] if part is None else [*part.items] if isinstance(part, Series) else [part]

    def part(self, name: str) -> FormNode | Series | None:
        """What stands directly below under this name."""
        if self._named is None:
            self._named = {part.name: part for part in self.parts}
        return self._named.get(name)

    def up(self) -> FormNode | None:
        return self.parent

    def series(self) -> object:
        return self.within

    def place(self) -> int:
        return self.within.items.index(self) + 1 if self.within else 1

    def key(self) -> str:
        own = f"{self.parent.key() if self.parent else ''}/{self.name}"
        return f"{own}[{self.id}]" if self.within else own

    def ref(self) -> str:
        """The path with positions."""
        own = f"{self.parent.ref() if self.parent else ''}/{self.name}"
        return f"{own}[{self.place()}]" if self.within else own


class Series:
    """The items of one repeat inside one container."""

    def __init__(self, definition: NodeDefinition, parent: FormNode, world: World, given: Any) -> None:
        self.definition, self.parent, self.world, self.given = definition, parent, world, given
        self.name = definition["name"]
        self._relevant: bool | None = None
        items = given if isinstance(given, list) else []
        self.items = [FormNode(definition, parent, world, item, self) for item in items]

    def live(self) -> bool:
        if self._relevant is None:
            self._relevant = True
            self._relevant = self.parent.live() and relevant(self)
        return self._relevant

    def val(self) -> Scalar:
        return ""

    def kids(self, _: str) -> list[Node]:
        return []

    def up(self) -> FormNode | None:
        return self.parent

    def series(self) -> object:
        return None

    def place(self) -> int:
        return 1

    def key(self) -> str:
        return f"{self.parent.key()}/{self.name}"

    def ref(self) -> str:
        """The path with positions, the repeat itself without one."""
        return f"{self.parent.ref()}/{self.name}"


def relevant(node: FormNode | Series) -> bool:
    """What the node's own condition says; true where there is none or it cannot be computed."""
    ast = node.definition.get("relevant")
    return True if ast is None else attempt(ast, node, node.world, to_boolean, True)


def plant(definition: Definition, answers: Any, context: Context, lists: Lists) -> FormNode:
    """The tree of a submission; shapes that do not fit the form are left where `runtime.validate` finds them."""
    world = World(lists, context)
    name = definition["root"][1:]
    top: NodeDefinition = {"name": name, "ref": definition["root"], "kind": "group", "children": definition["nodes"]}
    root = FormNode(top, None, world, answers)
    world.plant(root)
    lists.fill = lambda text: spell(text, root)
    return root


def below(top: FormNode, path: str) -> list[FormNode]:
    """The relevant nodes under `top`, or `top` itself, whose path without positions is `path`."""
    own = top.definition["ref"]
    if not top.live() or not f"{path}/".startswith(f"{own}/"):
        return []
    if path == own:
        return [top]
    name = path[len(own) + 1 :].partition("/")[0]
    part = top.part(name)
    nodes = part.items if isinstance(part, Series) else [part] if part else []
    return [found for node in nodes for found in below(node, path)]


def leaves(top: FormNode) -> Iterator[FormNode]:
    """Every relevant node under `top` that can hold an answer, in the order of the form."""
    for part in top.parts:
        if not part.live():
            continue
        for node in part.items if isinstance(part, Series) else [part]:
            if "children" in node.definition:
                yield from leaves(node)
            else:
                yield node


def everything(top: FormNode) -> Iterator[FormNode | Series]:
    """Every node under `top`, in the order of the form; a series before its items."""
    for part in top.parts:
        yield part
        if isinstance(part, Series):
            for item in part.items:
                yield item
                yield from everything(item)
        else:
            yield from everything(part)
