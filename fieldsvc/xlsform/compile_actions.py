"""The actions of a form (`setvalue`): what they fill in as a form is opened, and what with an answer.

An action that would never happen, or that would fill in nothing, is a mistake: its author counts on the value.
"""

from __future__ import annotations

from collections.abc import Iterator

from lxml import etree

from fieldsvc.xlsform.definition import NodeDefinition, Trigger
from fieldsvc.xlsform.parse import Ast
from fieldsvc.xlsform.paths import rooted
from fieldsvc.xlsform.xform import BACKGROUND, JR, NAMING, OTHERS, TOGETHER, XF, Element, XForm, local

#: The events that happen while a form, or a new item of a repeat, is opened, the old names among them; and that of an
#: answer.
OPENING = {"odk-instance-first-load", "odk-instance-load", "xforms-ready", "odk-new-repeat", "jr-insert"}
CHANGING = "xforms-value-changed"
#: XForms writes `ev:event`, ODK plain `event`; JavaRosa reads both.
_EVENTS = ("event", "{http://www.w3.org/2001/xml-events}event")


def attach_actions(form: XForm, nodes: dict[str, NodeDefinition]) -> None:
    """Dynamic defaults and triggers: the `setvalue` actions of the model and the controls, also those in an `action`.

    An action may do both: fill in the value as the form is opened, and again with each change. Its paths start at what
    it writes to, as in JavaRosa; only those that pyxform makes of `${x}` start at the question that sets it off.
    """
    opening: dict[str, Ast] = {}
    for action in _actions(form, f"{XF}setvalue"):
        ref = form.path_of(action) if any(action.get(name) for name in NAMING) else ""
        target = nodes.get(ref)
        if target is None and _is_known_anyway(form, ref):
            continue
        if target is None or "children" in target:
            form.complain("action-target", ref, detail=_written(action))
            continue
        if target["kind"] == "note":
            target.update({"kind": "question", "readonly": ["f", "true"]})
        _attach(form, action, target, nodes, opening)
    for action in _actions(form, *OTHERS):
        form.complain("action-unsupported", detail=_written(action))
    for action in _actions(form, *BACKGROUND):
        form.doubt("type-unrecorded", form.path_of(action), detail=local(action))


def _actions(form: XForm, *tags: str) -> Iterator[Element]:
    """The elements of these names that are actions, and no nodes of an instance that are called so."""
    for element in form.document.iter(*tags):
        if not any(around.tag == f"{XF}instance" for around in element.iterancestors()):
            yield element


def _is_known_anyway(form: XForm, ref: str) -> bool:
    """Whether the phone gives this value by itself: the ids of visits and of records."""
    bind = form.binds.get(ref)
    return "/meta/" in ref or (bind is not None and bind.get(f"{JR}preload") is not None)


def _events(action: Element) -> set[str]:
    """When an action happens; one of several in an `action` happens with it."""
    own = {event for name in _EVENTS for event in action.get(name, "").split()}
    around = action.getparent()
    if around is None or around.tag != TOGETHER:
        return own
    # Its own event beside that of the whole would mean two things to two engines.
    return set() if own else _events(around)


def _attach(
    form: XForm,
    action: Element,
    target: NodeDefinition,
    nodes: dict[str, NodeDefinition],
    opening: dict[str, Ast],
) -> None:
    ref, events = target["ref"], _events(action)
    if not events or events - OPENING - {CHANGING}:
        form.complain("action-event", ref, detail=_written(action))
    source = action.get("value")
    value = form.ast(source, ref, "default") if source else ["s", action.text or ""]
    if CHANGING in events:
        said = value if form.rows else rooted(value, ref)
        _wait(form, action, {"target": ref, "value": said}, nodes)
    if not events & OPENING:
        return
    if opening.setdefault(ref, value) != value:
        form.complain("node-twice", ref, detail=_written(action))
    if (last := _last_saved(value)) is not None:
        target["prefill"] = {"property": last}
    else:
        target["default"] = value


def _wait(form: XForm, action: Element, trigger: Trigger, nodes: dict[str, NodeDefinition]) -> None:
    """Let the question that the action stands in set it off. One without a node is told by who checks the questions."""
    control = next(around for around in action.iterancestors() if around.tag != TOGETHER)
    path = form.path_of(control)
    if form.controls.get(path) is not control or "children" in nodes.get(path, {}):
        form.complain("action-unasked", trigger["target"], detail=_written(action))
    elif path in nodes:
        nodes[path].setdefault("triggers", []).append(trigger)


def _written(action: Element) -> str:
    """The action as its author finds it in the file."""
    said = "".join(f' {etree.QName(key).localname}="{value}"' for key, value in action.attrib.items())
    return f"<{local(action)}{said}>"


def _last_saved(value: Ast) -> str | None:
    """`${last-saved#x}` starts from the answer of the last visit, which is what a prefill by path does."""
    match value:
        case ["p", ["f", "instance", ["s", "__last-saved"]], steps] if all(len(step) == 2 for step in steps):
            return "".join(f"/{name}" for _, name in steps)
    return None
