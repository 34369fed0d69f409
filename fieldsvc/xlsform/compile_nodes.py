"""The tree of a compiled form: every node of the XForm's instance with what its bind and its control say about it."""

from __future__ import annotations

from typing import Any, cast

from fieldsvc.xlsform.compile_choices import in_own_words, offer_choices
from fieldsvc.xlsform.definition import NodeDefinition, SoftRule, Texts
from fieldsvc.xlsform.own_words import NO, unknown_word
from fieldsvc.xlsform.xform import FS, JR, ORX, XF, Element, XForm, local

#: What `type` of a bind means here; the names of XML Schema as JavaRosa takes them.
TYPES = {
    "boolean": "string",
    "anyURI": "string",
    "integer": "int",
    "long": "int",
    "double": "decimal",
    "float": "decimal",
    "listItem": "select_one",
    "listItems": "select_multiple",
    "odk:rank": "rank",
}
CONTROLS = {"select1": "select_one", "select": "select_multiple", "rank": "rank", "trigger": "trigger"}
KNOWN = {
    *("string", "int", "decimal", "date", "time", "dateTime", "geopoint", "geotrace", "geoshape", "barcode"),
    *("select_one", "select_multiple", "rank", "trigger", "image", "signature", "audio", "video", "file"),
}
_EXPRESSIONS = {
    "relevant": ("relevant", "relevant"),
    "required": ("required", "required"),
    "constraint": ("constraint", "constraint"),
    "calculate": ("calculate", "calculation"),
    "readonly": ("readonly", "readonly"),
}
_PRELOADS = {"uid": None, "instance": None}
#: Asked for in `bind::fs:prefill`: as what the person meets this subject.
ROLES = "__roles"


def nodes_of(form: XForm) -> list[NodeDefinition]:
    """The nodes under the root, in the order of the form; `meta` blocks are left out."""
    root = form.instance
    return _children(form, root, f"/{local(root)}")


def _children(form: XForm, parent: Element, path: str) -> list[NodeDefinition]:
    found: list[NodeDefinition] = []
    seen: set[str] = set()
    for element in parent:
        if not isinstance(element.tag, str):
            continue
        name = local(element)
        # A repeat stands twice, as its template and as a first item.
        if name == "meta" or name in seen:
            continue
        seen.add(name)
        node = _node(form, element, f"{path}/{name}")
        if node is not None:
            found.append(node)
    return found


def _node(form: XForm, element: Element, ref: str) -> NodeDefinition | None:
    bind, control, repeat = form.binds.get(ref), form.controls.get(ref), form.repeats.get(ref)
    node: dict[str, Any] = {"name": local(element), "ref": ref}
    if len([child for child in element if isinstance(child.tag, str)]) or repeat is not None:
        node["kind"] = "group" if repeat is None else "repeat"
        _look(form, node, control)
        _rules(form, node, bind)
        if repeat is not None and repeat.get(f"{JR}count"):
            node["count"] = form.ast(repeat.get(f"{JR}count", ""), ref, "repeat_count")
        elif repeat is not None and repeat.get(f"{JR}noAddRemove") == "true()":
            # As many as the form brings, and nobody adds or takes away.
            node["count"] = ["n", str(_brought(element))]
        node["children"] = _children(form, element, ref)
        return cast(NodeDefinition, node)
    if bind is not None and bind.get(f"{JR}preload") in _PRELOADS:
        return None
    node["type"] = _type(form, ref, bind, control)
    _look(form, node, control)
    _rules(form, node, bind)
    _extensions(form, node, bind)
    offer_choices(form, node, control)
    _values(node, element, bind)
    node["kind"] = _kind(node, bind, control)
    if node["kind"] == "note":
        del node["readonly"]
    return cast(NodeDefinition, node)


def _brought(element: Element) -> int:
    """How many items of a repeat stand in the form itself, its template not counted."""
    same = [one for one in element.getparent() if one.tag == element.tag]
    return sum(one.get(f"{JR}template") is None for one in same)


def _kind(node: dict[str, Any], bind: Element | None, control: Element | None) -> str:
    if control is None:
        return "calculate"
    shown = bind is not None and bind.get("readonly") == "true()" and node["type"] == "string"
    valued = any(key in node for key in ("calculate", "prefill", "default", "preload"))
    return "note" if shown and not valued else "question"


def _type(form: XForm, ref: str, bind: Element | None, control: Element | None) -> str:
    declared = (bind.get("type", "string") if bind is not None else "string").removeprefix("xsd:")
    kind = TYPES.get(declared, declared)
    if control is not None:
        tag = local(control)
        kind = CONTROLS.get(tag, kind)
        if tag == "upload":
            kind = control.get("mediatype", "").split("/")[0]
            kind = kind if kind in KNOWN else "file"
            if "signature" in control.get("appearance", "").split():
                kind = "signature"
    elif kind == "binary":
        kind = "file"
    if kind not in KNOWN:
        form.complain("type-unsupported", ref, "type", kind)
    return kind


def _look(form: XForm, node: dict[str, Any], control: Element | None) -> None:
    if control is None:
        return
    label, hint = control.find(f"{XF}label"), control.find(f"{XF}hint")
    texts = {"label": form.texts(label), "hint": form.texts(hint), "guidance": form.texts(hint, "guidance")}
    node.update({key: in_own_words(value) for key, value in texts.items() if value})
    if image := form.picture(form.texts(label, "image"), node["ref"]):
        node["image"] = image
    if control.get("appearance"):
        node["appearance"] = control.get("appearance")
    hidden = {"ref", "bind", "appearance", "mediatype", "nodeset", "query"}
    parameters = {key: value for key, value in control.attrib.items() if "{" not in key and key not in hidden}
    if parameters and local(control) != "group":
        node["parameters"] = parameters


def _rules(form: XForm, node: dict[str, Any], bind: Element | None) -> None:
    if bind is None:
        return
    for attribute, (key, column) in _EXPRESSIONS.items():
        source = bind.get(attribute)
        if source and source != "false()":
            node[key] = form.ast(source, node["ref"], column)
    messages = {
        "constraint": form.message(bind.get(f"{JR}constraintMsg")),
        "required": form.message(bind.get(f"{JR}requiredMsg")),
    }
    said = {key: value for key, value in messages.items() if value}
    if said:
        node["messages"] = said


def _extensions(form: XForm, node: dict[str, Any], bind: Element | None) -> None:
    """Our own columns: `bind::fs:soft`, `soft-zh`, `soft-en`, `soft-reason`, `prefill`; the rest are parameters."""
    if bind is None:
        return
    own = {key.removeprefix(FS): value for key, value in bind.attrib.items() if key.startswith(FS)}
    parameters = dict(node.get("parameters", {}))
    if bind.get(f"{ORX}max-pixels"):
        parameters["max-pixels"] = bind.get(f"{ORX}max-pixels")
    soft: list[SoftRule] = []
    for key in sorted(own):
        # Of a spreadsheet the sheets themselves were asked, and know the row.
        if not form.rows and (strange := unknown_word(key, own[key])):
            form.complain("word-unknown", node["ref"], f"bind::fs:{key}", strange)
        if key == "prefill":
            _prefill(node, own[key].strip())
        elif key.rstrip("0123456789") == "soft":
            number = key[len("soft") :]
            said = {code: own.get(f"soft-{code}{number}", "") for code in ("zh", "en")}
            message: Texts = {code: form.filled(text, node["ref"]) for code, text in said.items() if text}
            reason = own.get(f"soft-reason{number}", "yes").strip().lower() not in NO
            soft.append(
                {"test": form.ast(own[key], node["ref"], f"bind::fs:{key}"), "message": message, "reason": reason}
            )
        elif not key.startswith("soft-") and not (key == "position" and own[key].strip().lower() in NO):
            parameters[key] = own[key]
    if soft:
        node["soft"] = soft
    if parameters:
        node["parameters"] = parameters


def _prefill(node: dict[str, Any], source: str) -> None:
    """`__roles` is no value of the record but what the phone knows of its owner, as `username` is."""
    node.update({"preload": "roles"} if source == ROLES else {"prefill": {"property": source}})


def _values(node: dict[str, Any], element: Element, bind: Element | None) -> None:
    if element.text and element.text.strip():
        node["default"] = element.text.strip()
    if bind is not None and bind.get(f"{JR}preload"):
        node["preload"] = bind.get(f"{JR}preloadParams", "")
