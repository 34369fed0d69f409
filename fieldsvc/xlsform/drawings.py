"""Drawings over a photo: the photo is another question's, so that its bytes stay the evidence they are."""

from __future__ import annotations

from collections.abc import Mapping

from fieldsvc.xlsform.definition import NodeDefinition
from fieldsvc.xlsform.parts import OVER
from fieldsvc.xlsform.xform import XForm


def check_drawings(form: XForm, nodes: Mapping[str, NodeDefinition]) -> None:
    """Note where `bind::fs:over` names no photo beside its question: in the same group, the same item of a repeat."""
    for ref, node in nodes.items():
        over = node.get("parameters", {}).get(OVER)
        if over is None:
            continue
        photo = nodes.get(f"{ref.rpartition('/')[0]}/{over}")
        if photo is None or photo is node or photo.get("type") != "image":
            form.complain("unknown-node", ref, f"bind::fs:{OVER}", over)
