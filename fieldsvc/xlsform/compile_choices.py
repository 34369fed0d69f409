"""What there is to choose from: the lists a form brings, and which of them, in which order, a question offers."""

from __future__ import annotations

from typing import Any

from fieldsvc.xlsform.definition import Texts
from fieldsvc.xlsform.parse import Ast
from fieldsvc.xlsform.xform import XF, Element, H, XForm, local

#: What pyxform writes for `or_other`, in English whatever the languages of the form.
_OTHER = {
    "Other": {"zh": "其他", "en": "Other"},
    "Specify other.": {"zh": "请说明", "en": "Please specify"},
}


def lists_of(form: XForm) -> dict[str, list[dict[str, Any]]]:
    """The choice lists, with their labels and every further column."""
    lists: dict[str, list[dict[str, Any]]] = {}
    for instance in form.document.iterfind(f"{H}head/{XF}model/{XF}instance"):
        name = instance.get("id")
        if name is None or instance.get("src"):
            continue
        rows = lists.setdefault(name, [])
        for item in instance.iterfind(f"{XF}root/{XF}item"):
            cells = {local(cell): (cell.text or "").strip() for cell in item if isinstance(cell.tag, str)}
            choice: dict[str, Any] = {"value": cells.pop("name", "")}
            key = cells.pop("itextId", None)
            label = cells.pop("label", None)
            texts = form.itext.get(key, {}) if key else {}
            choice["label"] = in_own_words(
                (form.said(key) if key else {}) or {form.default_language: label or choice["value"]}
            )
            if image := form.picture(texts.get("image", {})):
                choice["image"] = image
            rows.append({**choice, **{column: value for column, value in cells.items() if value}})
    return {**lists, **form.inline}


def in_own_words(texts: Texts) -> Texts:
    """The texts, those of pyxform in their own language."""
    return {
        language: _OTHER[text].get(language, text) if isinstance(text, str) and text in _OTHER else text
        for language, text in texts.items()
    }


def offer_choices(form: XForm, node: dict[str, Any], control: Element | None) -> None:
    """Note at a question where its choices come from."""
    if control is None:
        return
    itemset = control.find(f"{XF}itemset")
    if itemset is None:
        _inline(form, node, control)
        return
    tree = form.ast(itemset.get("nodeset", ""), node["ref"], "choice_filter")
    if tree[:2] == ["f", "randomize"] and len(tree) in (3, 4):
        node["parameters"] = {**node.get("parameters", {}), "randomize": "true"}
        if len(tree) == 4:
            node["seed"] = tree[3]
        tree = tree[2]
    value, label = itemset.find(f"{XF}value"), itemset.find(f"{XF}label")
    name = value.get("ref", "name") if value is not None else "name"
    match tree:
        case ["p", ["f", "instance", ["s", listed]], [["c", "root"], ["c", "item", *tests]]] if name == "name":
            node["choices"] = listed
            if tests:
                node["filter"] = _all(tests)
        case _:
            text = label.get("ref", "label") if label is not None else "label"
            node["itemset"] = {"nodes": tree, "value": name, "label": text}


def _inline(form: XForm, node: dict[str, Any], control: Element) -> None:
    """Older tools write the choices into the question itself: they become a list of its own."""
    rows: list[dict[str, Any]] = []
    for item in control.iterfind(f"{XF}item"):
        value = (item.findtext(f"{XF}value") or "").strip()
        rows.append({"value": value, "label": form.texts(item.find(f"{XF}label")) or {form.default_language: value}})
    if rows:
        form.inline[node["ref"]] = rows
        node["choices"] = node["ref"]


def _all(tests: list[Ast]) -> Ast:
    first, *rest = tests
    return ["and", first, _all(rest)] if rest else first
