"""The entity declarations of a compiled form, from the `entity` blocks pyxform puts into the XForm's instance."""

from __future__ import annotations

from fieldsvc.xlsform.definition import EntityDeclaration, NodeDefinition
from fieldsvc.xlsform.parse import Ast
from fieldsvc.xlsform.xform import ENTITIES, Element, XForm, local

#: A rule of an entity block stands three steps below its container: meta, entity, and the attribute or label.
_BELOW = 3


def entities_of(form: XForm) -> list[EntityDeclaration]:
    """One declaration per container, each with the properties its questions save."""
    root = form.instance
    found: dict[str, EntityDeclaration] = {}
    _collect(form, root, f"/{local(root)}", found)
    for ref, bind in form.binds.items():
        saved = bind.get(f"{ENTITIES}saveto")
        if saved:
            holder = max((path for path in found if ref.startswith(f"{path}/")), key=len, default=None)
            if holder:
                found[holder]["saves"][saved] = ref
    return list(found.values())


def subject_of(entities: list[EntityDeclaration], nodes: dict[str, NodeDefinition], named: str | None) -> str | None:
    """The dataset a form is about: as the settings say, or the one it updates by the id it was opened for."""
    if named:
        return named
    for entity in entities:
        match entity.get("id"):
            case ["p", "/", steps]:
                node = nodes.get("/" + "/".join(step[1] for step in steps))
                if node and node.get("prefill", {}).get("property") == "__id":
                    return entity["dataset"]
    return None


def _collect(form: XForm, element: Element, path: str, found: dict[str, EntityDeclaration]) -> None:
    for child in element:
        if not isinstance(child.tag, str):
            continue
        if local(child) == "meta":
            for block in child:
                if isinstance(block.tag, str) and local(block) == "entity" and path not in found:
                    found[path] = _declaration(form, block, path)
        else:
            _collect(form, child, f"{path}/{local(child)}", found)


def _declaration(form: XForm, block: Element, path: str) -> EntityDeclaration:
    declared: EntityDeclaration = {"dataset": block.get("dataset", ""), "path": path, "saves": {}}

    def rule(name: str) -> Ast | None:
        bind = form.binds.get(f"{path}/meta/entity/{name}")
        source = bind.get("calculate") if bind is not None else None
        return _rebased(form.ast(source, path, "entities")) if source else None

    create, update, identity, label = rule("@create"), rule("@update"), rule("@id"), rule("label")
    if block.get("create") is not None:
        declared["create"] = create or True
    if block.get("update") is not None:
        declared["update"] = update or True
    if identity:
        declared["id"] = identity
    if label:
        declared["label"] = label
    return declared


def _rebased(tree: Ast) -> Ast:
    """`tree` as seen from the container instead of from its entity block; predicates keep their own place."""
    match tree:
        case ["p", start, steps]:
            own = start == "." or start == ["f", "current"]
            up = next((i for i, step in enumerate(steps) if step[0] != ".."), len(steps)) if own else 0
            return ["p", start, steps[_BELOW:] if up >= _BELOW else steps]
        case ["f", name, *args]:
            return ["f", name, *map(_rebased, args)]
        case [("n" | "s"), _]:
            return tree
        case [operator, *parts]:
            return [operator, *map(_rebased, parts)]
    return tree
