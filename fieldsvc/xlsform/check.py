"""What must hold of a form before anybody fills it: functions exist, paths lead somewhere, nothing is circular.

Found here it costs the author a minute; found on a phone in a village it costs a visit.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from fieldsvc.xlsform.calls import wrong_calls
from fieldsvc.xlsform.definition import Definition, NodeDefinition
from fieldsvc.xlsform.expressions import expressions, parts
from fieldsvc.xlsform.parse import Ast, parse
from fieldsvc.xlsform.paths import Reach, reaches, resolve
from fieldsvc.xlsform.problems import ExpressionError, problem
from fieldsvc.xlsform.xform import XForm

#: The columns whose values may go in a circle, by the letter their edges begin with.
_DEPENDING = {"relevant": "r", "calculation": "c", "repeat_count": "n"}


def check(form: XForm, definition: Definition, nodes: dict[str, NodeDefinition]) -> None:
    """Note every problem in `form.problems`, and settle the list each `jr:choice-name` looks in."""
    names = {definition["root"], *nodes}
    for asked in {*form.controls, *form.repeats} - names:
        # What the instance does not have could be asked, but never kept. `meta` holds nothing a person answers.
        if "/meta/" not in asked:
            form.complain("unknown-node", asked, "name", asked)
    edges: dict[str, set[str]] = {}
    for ref, node in nodes.items():
        for column, tree in expressions(node):
            for reach, found in _tree(form, tree, ref, column, nodes, names):
                if column in _DEPENDING and not (reach.other_item and column != "repeat_count"):
                    _depend(edges, f"{_DEPENDING[column]}{ref}", found, nodes)
        listed = node.get("choices")
        if listed is not None and not definition["choices"].get(listed) and not _is_external(form, listed):
            form.complain("list-missing", ref, "type", listed)
    for rows in definition["choices"].values():
        for choice in rows:
            # Of a spreadsheet the sheets themselves were asked, and know the row.
            if re.search(r"\s", choice["value"]) and not form.rows:
                form.problems.append(problem("choice-code", choice["value"], sheet="choices", column="name"))
            for text in choice["label"].values():
                for piece in text if isinstance(text, list) else []:
                    if isinstance(piece, dict):
                        _tree(form, piece["$"], definition["root"], "label", nodes, names)
    for entity in definition.get("entities", ()):
        for part in (entity.get("id"), entity.get("create"), entity.get("update"), entity.get("label")):
            if isinstance(part, list):
                _tree(form, part, entity["path"], "label", nodes, names)
    for ref in nodes:
        parent = ref.rpartition("/")[0]
        edges.setdefault(f"r{ref}", set()).add(f"r{parent}")
        if parent in nodes and nodes[parent]["kind"] == "repeat":
            edges[f"r{ref}"].add(f"n{parent}")
    for ref in _circles(edges):
        columns = {"calculate": "calculation", "count": "repeat_count"}
        column = next((column for key, column in columns.items() if key in nodes[ref]), "relevant")
        form.complain("cycle", ref, column)


def _tree(
    form: XForm, tree: Ast, ref: str, column: str, nodes: dict[str, NodeDefinition], names: set[str]
) -> list[tuple[Reach, list[str]]]:
    """Note what is wrong with one expression; give the paths it reads with the nodes they lead to."""
    _functions(form, tree, ref, column, nodes)
    found = [(reach, resolve(reach.path, names)) for reach in reaches(tree, ref, inside=column == "choice_filter")]
    for reach, targets in found:
        if targets:
            continue
        if reach.path.endswith("/null"):
            # What programmers write for blank, in very large public forms too: a path to nowhere, and so blank.
            form.doubt("null-unknown", ref, column)
        else:
            form.complain("unknown-node", ref, column, reach.path)
    return found


def _functions(form: XForm, tree: Ast, ref: str, column: str, nodes: dict[str, NodeDefinition]) -> None:
    for code, detail in wrong_calls(tree):
        form.complain(code, ref, column, detail)
    _choice_names(form, tree, ref, column, nodes)


def _choice_names(form: XForm, tree: Ast, ref: str, column: str, nodes: dict[str, NodeDefinition]) -> None:
    if tree[:2] == ["f", "jr:choice-name"] and len(tree) == 4 and tree[3][0] == "s":
        _settle_list(form, tree, ref, column, nodes)
    for part in parts(tree):
        _choice_names(form, part, ref, column, nodes)


def _settle_list(form: XForm, tree: Ast, ref: str, column: str, nodes: dict[str, NodeDefinition]) -> None:
    """`jr:choice-name(value, ' /data/x ')` names a question; the compiled form names that question's list."""
    try:
        [reach] = reaches(parse(tree[3][1]), ref)
        asked = nodes[reach.path]
        _name_choice(tree, asked)
    except (ExpressionError, KeyError, ValueError):
        form.complain("list-missing", ref, column, str(tree[3][1]).strip())


def _name_choice(tree: Ast, asked: NodeDefinition) -> None:
    """Where the choices are not a list with the usual columns, the name is found another way."""
    itemset = asked.get("itemset")
    match itemset["nodes"] if itemset else None:
        case ["p", ["f", "instance", ["s", listed]], _] if itemset:
            tree[1:] = ["pulldata", ["s", listed], ["s", itemset["label"]], ["s", itemset["value"]], tree[2]]
        case _ if itemset and itemset["label"] == itemset["value"]:
            tree[1:] = ["string", tree[2]]
        case _:
            tree[3] = ["s", asked["choices"]]


def _is_external(form: XForm, name: str) -> bool:
    return any(each.get("id") == name and each.get("src") for each in form.document.iter("{*}instance"))


def _depend(edges: dict[str, set[str]], source: str, targets: list[str], nodes: dict[str, NodeDefinition]) -> None:
    for target in targets:
        if target not in nodes:
            continue
        found = edges.setdefault(source, set())
        found.update({f"r{target}"} | ({f"c{target}"} if f"c{target}" != source else set()))
        if "count" in nodes[target]:
            found.add(f"n{target}")


def _circles(edges: dict[str, set[str]]) -> list[str]:
    """The refs at which a circle closes, each once."""
    state: dict[str, int] = {}
    closing: dict[str, None] = {}

    def visit(start: str) -> None:
        stack: list[tuple[str, Iterator[str]]] = [(start, iter(sorted(edges.get(start, ()))))]
        state[start] = 1
        while stack:
            at, rest = stack[-1]
            for target in rest:
                if state.get(target) == 1:
                    closing[at[1:]] = None
                elif target not in state:
                    state[target] = 1
                    stack.append((target, iter(sorted(edges.get(target, ())))))
                    break
            else:
                state[at] = 2
                stack.pop()

    for name in sorted(edges):
        if name not in state:
            visit(name)
    return [ref for ref in closing if ref]
