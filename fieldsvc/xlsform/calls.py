"""What no engine can compute: functions nobody knows, too many or too few arguments, patterns of one language alone.

Asked when a form is published, and again of what an earlier release has published: a published version never changes,
and what was good enough for the engine of its day may say nothing to today's.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from fieldsvc.xlsform.definition import Definition, NodeDefinition
from fieldsvc.xlsform.expressions import expressions, parts
from fieldsvc.xlsform.functions import FUNCTIONS, LAZY
from fieldsvc.xlsform.parse import Ast
from fieldsvc.xlsform.regexes import is_shared


def wrong_calls(tree: Ast) -> Iterator[tuple[str, str]]:
    """The calls in an expression that cannot be computed: the problem's code and what it is about.

    `unknown-function`, `wrong-arguments`, `regex-unsupported`, and `list-missing` where a list's name is computed.
    """
    if tree[0] == "f":
        _, name, *args = tree
        known = LAZY.get(name) or FUNCTIONS.get(name)
        if known is None:
            yield "unknown-function", f"{name}()"
        elif not known.fewest <= len(args) <= known.most:
            yield "wrong-arguments", f"{name}()"
        elif name == "regex" and args[1][0] == "s" and not is_shared(args[1][1]):
            yield "regex-unsupported", args[1][1]
        elif name in ("instance", "pulldata") and args[0][0] != "s":
            yield "list-missing", f"{name}()"
    for part in parts(tree):
        yield from wrong_calls(part)


def unread(definition: Definition) -> list[str]:
    """The names of the questions of a published form at which stands what this release cannot compute."""
    return list(dict.fromkeys(_unread(definition["nodes"])))


def _unread(nodes: Sequence[NodeDefinition]) -> Iterator[str]:
    for node in nodes:
        if any(True for _, tree in expressions(node) for _ in wrong_calls(tree)):
            yield node["name"]
        yield from _unread(node.get("children", ()))
