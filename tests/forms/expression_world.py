"""Computes the expressions of `tests/vectors`: in the answers of a small form where a file gives one, else in an empty
one. The twin of `tests/js/expr-world.js`."""

from __future__ import annotations

import math
from collections.abc import Callable
from typing import Any

from fieldsvc.xlsform.dates import DateValue
from fieldsvc.xlsform.evaluate import evaluate
from fieldsvc.xlsform.lists import Lists
from fieldsvc.xlsform.problems import ExpressionError
from fieldsvc.xlsform.scope import Context, scope_at
from fieldsvc.xlsform.tree import everything, plant
from fieldsvc.xlsform.values import scalar, to_text

#: 14:00 on 22 November 2026 in Huangshan.
CONTEXT = Context(now=1_795_327_200_000, utc_offset=480, seed="7")
EMPTY: dict[str, Any] = {
    "form": "empty",
    "version": 1,
    "title": {},
    "languages": ["zh"],
    "default_language": "zh",
    "root": "/data",
    "nodes": [],
    "choices": {},
}


def computer(content: dict[str, Any], context: Context = CONTEXT) -> Callable[..., dict[str, Any]]:
    """A function that computes one case: `{"value": ...}`, or `{"error": ...}` with its code."""
    form: Any = content.get("form", EMPTY)
    root = plant(form, content.get("answers", {}), context, Lists(form, {}, "zh"))
    nodes = {"/data": root, **{node.ref(): node for node in everything(root)}}

    def compute(tree: Any, at: str = "/data") -> dict[str, Any]:
        try:
            return {"value": _plain(scalar(evaluate(tree, scope_at(root.world, nodes[at]))), context.utc_offset)}
        except ExpressionError as error:
            return {"error": error.code}

    return compute


def _plain(value: Any, offset: int) -> Any:
    """Values as the vectors write them: JSON has no NaN, no infinity and no dates."""
    if isinstance(value, float) and not math.isfinite(value):
        return {"nan": "NaN#", "inf": "Infinity#", "-inf": "-Infinity#"}[str(value)]
    return to_text(value, offset) if isinstance(value, DateValue) else value
