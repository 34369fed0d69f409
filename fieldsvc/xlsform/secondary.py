"""Lists inside an XForm that are not written as pyxform writes them: `counties/county` instead of `root/item`."""

from __future__ import annotations

import re

from fieldsvc.xlsform.xform import XF, Element, H, XForm, local


def even_out(form: XForm) -> None:
    """Write every list of `form` as rows `item` in a `root`, and the paths into it accordingly.

    Older forms and those written by hand name rows as they like. A list whose rows are of several kinds, or hold rows
    themselves, is noted as `expression-unsupported`: a phone looks things up in tables.
    """
    for instance in form.document.iterfind(f"{H}head/{XF}model/{XF}instance"):
        if not instance.get("id") or instance.get("src") or instance[0] is form.instance:
            continue
        tops = _elements(instance)
        rows = _elements(tops[0]) if tops else []
        kinds = {local(row) for row in rows}
        if len(tops) != 1 or len(kinds) > 1 or any(_elements(cell) for row in rows for cell in _elements(row)):
            form.complain("expression-unsupported", detail=f"instance('{instance.get('id')}')")
        elif rows and (local(tops[0]), kinds) != ("root", {"item"}):
            _rename(form, instance.get("id", ""), tops[0], rows)


def _elements(element: Element) -> list[Element]:
    return [child for child in element if isinstance(child.tag, str)]


def _rename(form: XForm, name: str, top: Element, rows: list[Element]) -> None:
    steps = r"\s*/\s*".join(re.escape(local(one)) for one in (top, rows[0]))
    written = re.compile(rf"(instance\(\s*(['\"]){re.escape(name)}\2\s*\))\s*/\s*{steps}(?![\w.-])")
    for element in form.document.iter("*"):
        for key, value in element.attrib.items():
            element.set(key, written.sub(r"\1/root/item", value))
    top.tag = f"{XF}root"
    for row in rows:
        row.tag = f"{XF}item"
