"""Forms grown at random, with people who fill them in without a plan: what nobody would think of testing.

Expressions look back only, so that nothing goes in a circle; apart from that anything may depend on anything.
"""

from __future__ import annotations

import random
from typing import Any

Node = dict[str, Any]
Ast = list[Any]

TYPES = ["string", "int", "decimal", "date", "select_one", "select_multiple", "dateTime", "geopoint"]
TEXTS = ["", "a", "甲乙", "𠮷", "12", "-3.5", "2026-02-28", "2026-02-30", "a b", "c", "1", "29.7 118.3 0 5"]
CHOICES = [
    {"value": "a", "label": {"zh": "甲"}, "kind": "x"},
    {"value": "b", "label": {"zh": "乙"}, "kind": "y"},
    {"value": "c", "label": {"zh": ["丙", {"$": ["p", "/", [["c", "data"], ["c", "n0"]]]}]}, "kind": "x"},
]
#: Functions of one or two plain values.
ONE = ["string-length", "not", "boolean", "number", "int", "abs", "count-selected", "normalize-space", "date", "string"]
TWO = ["selected", "concat", "contains", "starts-with", "coalesce", "selected-at", "min", "max", "pow", "round"]
COMPARE = ["=", "!=", "<", "<=", ">", ">="]
MATHS = ["+", "-", "*", "div", "mod"]


class Grower:
    """One form in the making: its nodes so far, and a source of chance."""

    def __init__(self, seed: str) -> None:
        self.chance = random.Random(seed)
        self.number = 0
        self.known: list[tuple[str, str]] = []

    def form(self) -> Node:
        """A form with groups, repeats, calculations, conditions, rules, triggers and entities."""
        nodes = [self.question("/data"), *(self.node("/data", 0) for _ in range(self.chance.randint(4, 9)))]
        nodes.append(self.calculation("/data"))
        form: Node = {
            "form": "grown", "version": 1, "title": {"zh": "试"}, "languages": ["zh"], "default_language": "zh",
            "root": "/data", "nodes": nodes, "choices": {"abc": CHOICES}, "reads": {"members": ["kind"]},
            "entities": self.entities(nodes),
        }  # fmt: skip
        return form

    def node(self, above: str, depth: int) -> Node:
        kind = self.chance.random()
        if depth < 3 and kind < 0.2:
            return self.container(above, "group", depth)
        if depth < 3 and kind < 0.42:
            return self.container(above, "repeat", depth)
        return self.calculation(above) if kind < 0.6 else self.question(above)

    def container(self, above: str, kind: str, depth: int) -> Node:
        name = self.name()
        node: Node = {"name": name, "ref": f"{above}/{name}", "kind": kind, "label": {"zh": name}}
        if self.chance.random() < 0.5:
            node["relevant"] = self.test(node["ref"])
        if kind == "repeat" and self.chance.random() < 0.3:
            node["count"] = self.value(above + "/x", 1)
        children = [self.question(node["ref"])]
        children += [self.node(node["ref"], depth + 1) for _ in range(self.chance.randint(1, 4))]
        node["children"] = children
        self.known.append((node["ref"], kind))
        return node

    def question(self, above: str) -> Node:
        node = self.leaf(above, self.chance.choice(TYPES), "question")
        ref, chance = node["ref"], self.chance.random
        if node["type"].startswith("select"):
            node["choices"] = "members" if chance() < 0.15 else "abc"
            if chance() < 0.4:
                node["filter"] = (
                    ["=", ["p", ".", [["c", "kind"]]], self.value(ref, 1)] if chance() < 0.5 else self.test(ref)
                )
        if chance() < 0.3:
            node["relevant"] = self.test(ref)
        if chance() < 0.3:
            node["required"] = self.test(ref) if chance() < 0.5 else ["f", "true"]
        if chance() < 0.3:
            node["constraint"] = self.test(ref, own=True)
        if chance() < 0.25:
            node["soft"] = [{"test": self.test(ref, own=True), "message": {"zh": "?"}, "reason": chance() < 0.5}]
        if chance() < 0.2:
            node["default"] = self.value(ref, 1) if chance() < 0.7 else self.chance.choice(TEXTS[1:])
        if self.known and chance() < 0.1:
            targets = [known for known, kind in self.known if kind == "question"]
            if targets:
                node["triggers"] = [{"target": self.chance.choice(targets), "value": self.value(ref, 1)}]
        self.known.append((ref, "question"))
        return node

    def calculation(self, above: str) -> Node:
        node = self.leaf(above, self.chance.choice(TYPES[:4]), "calculate")
        node["calculate"] = self.value(node["ref"], 3)
        if self.chance.random() < 0.2:
            node["relevant"] = self.test(node["ref"])
        self.known.append((node["ref"], "calculate"))
        return node

    def leaf(self, above: str, type_: str, kind: str) -> Node:
        name = self.name()
        return {"name": name, "ref": f"{above}/{name}", "type": type_, "kind": kind, "label": {"zh": name}}

    def name(self) -> str:
        self.number += 1
        return f"n{self.number - 1}"

    def test(self, ref: str, *, own: bool = False) -> Ast:
        """A condition, also one that is none."""
        kind = self.chance.random()
        if kind < 0.15:
            return ["f", "not", self.test(ref, own=own)]
        if kind < 0.3:
            return [self.chance.choice(["and", "or"]), self.test(ref, own=own), self.test(ref, own=own)]
        left = ["p", ".", []] if own and self.chance.random() < 0.6 else self.value(ref, 1)
        return [self.chance.choice(COMPARE), left, self.value(ref, 1)]

    def value(self, ref: str, depth: int) -> Ast:
        kind = self.chance.random()
        if depth <= 0 or kind < 0.3:
            return self.path(ref) if self.chance.random() < 0.7 else self.literal()
        if kind < 0.5:
            return [self.chance.choice(MATHS), self.value(ref, depth - 1), self.value(ref, depth - 1)]
        if kind < 0.6:
            return ["f", "if", self.test(ref), self.value(ref, depth - 1), self.value(ref, depth - 1)]
        if kind < 0.75:
            return ["f", self.chance.choice(ONE), self.value(ref, depth - 1)]
        if kind < 0.85:
            return ["f", self.chance.choice(TWO), self.value(ref, depth - 1), self.value(ref, depth - 1)]
        return self.over_nodes(ref)

    def over_nodes(self, ref: str) -> Ast:
        """Something about many nodes at once, about places, chance or a list."""
        kind = self.chance.random()
        if kind < 0.5 and self.known:
            return ["f", self.chance.choice(["count", "sum", "min", "max", "join", "count-non-empty"]), *self.many(ref)]
        if kind < 0.65:
            return ["f", "position", ["p", ".", [["..", ""]]]]
        if kind < 0.75:
            return ["f", self.chance.choice(["random", "uuid", "today", "now"])]
        if kind < 0.87:
            return ["f", "jr:choice-name", self.value(ref, 0), ["s", self.chance.choice(["abc", "members"])]]
        return ["f", "pulldata", ["s", "members"], ["s", "kind"], ["s", "name"], self.value(ref, 0)]

    def many(self, ref: str) -> list[Ast]:
        path = self.path(ref)
        if path[0] != "p":
            path = ["p", "/", [["c", "data"], ["c", "*"]]]
        if self.chance.random() < 0.4 and path[2] and path[2][-1][0] == "c":
            *steps, last = path[2]
            path = [*path[:2], [*steps, [*last, self.predicate()]]]
        return [path]

    def predicate(self) -> Ast:
        if self.chance.random() < 0.4:
            return ["n", str(self.chance.randint(1, 3))]
        return [self.chance.choice(COMPARE), ["p", ".", []], self.literal()]

    def path(self, ref: str) -> Ast:
        """An earlier node: absolutely, or as it is seen from here."""
        earlier = [known for known, kind in self.known if not (kind != "calculate" and ref.startswith(f"{known}/"))]
        if not earlier:
            return self.literal()
        target = self.chance.choice(earlier).split("/")[1:]
        if self.chance.random() < 0.6:
            return ["p", "/", [["c", name] for name in target]]
        own = ref.split("/")[1:]
        shared = next(
            (i for i, (a, b) in enumerate(zip(own, target, strict=False)) if a != b), min(len(own), len(target))
        )
        return ["p", ".", [["..", ""]] * (len(own) - shared) + [["c", name] for name in target[shared:]]]

    def literal(self) -> Ast:
        if self.chance.random() < 0.5:
            return ["n", self.chance.choice(["0", "1", "2", "3.5"])]
        return ["s", self.chance.choice(TEXTS)]

    def entities(self, nodes: list[Node]) -> list[Node]:
        found = [{"dataset": "homes", "path": "/data", "id": ["s", "h-1"], "update": True, "saves": self.saves(nodes)}]
        for node in nodes:
            if node["kind"] == "repeat":
                first = node["children"][0]["ref"]
                own: Ast = ["p", ".", [["c", first.rsplit("/", 1)[1]]]]
                found.append(
                    {
                        "dataset": "things",
                        "path": node["ref"],
                        "create": ["!=", own, ["s", "a"]],
                        "update": True,
                        "id": own,
                        "label": own,
                        "saves": self.saves(node["children"]),
                    }
                )
        return found

    def saves(self, nodes: list[Node]) -> dict[str, str]:
        return {f"p_{node['name']}": node["ref"] for node in nodes if node["kind"] in ("question", "calculate")}


def grown(seed: str) -> Node:
    """A form, and what somebody does with it: each step is an action, which of its targets, and a text."""
    grower = Grower(seed)
    form = grower.form()
    chance = grower.chance
    actions = ["set"] * 6 + ["clear"] + ["add"] * 3 + ["remove"]
    steps = [[chance.choice(actions), chance.randrange(10_000), chance.choice(TEXTS)] for _ in range(25)]
    return {"form": form, "steps": steps}
