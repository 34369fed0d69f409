"""The rules of one question as their author wrote them, so that two versions can be laid side by side."""

from __future__ import annotations

from typing import Any

from fieldsvc.xlsform.definition import NodeDefinition
from fieldsvc.xlsform.unparse import unparse

_EXPRESSIONS = ("relevant", "required", "constraint", "calculate", "readonly", "count", "filter", "default")
_LONGEST = 200


def rules(node: NodeDefinition) -> dict[str, str]:
    """Each rule by its name; the second doubt of a question is `soft2`."""
    found: dict[str, str] = {}
    for name in _EXPRESSIONS:
        tree: Any = node.get(name)
        if tree is not None and tree != "" and not (node["kind"] == "note" and name == "readonly"):
            found[name] = _cut(unparse(tree, short=True) if isinstance(tree, list) else str(tree))
    if "prefill" in node:
        found["prefill"] = node["prefill"]["property"]
    for number, rule in enumerate(node.get("soft", []), start=1):
        found["soft" if number == 1 else f"soft{number}"] = _cut(unparse(rule["test"], short=True))
    return found


def _cut(text: str) -> str:
    """A condition longer than anybody reads, shortened."""
    return text if len(text) <= _LONGEST else text[: _LONGEST - 1] + "…"
