"""The edges at which every function and operator is tried: blank, no number, no date, a rare character, and a wrong
number of arguments.

`python -m tests.forms.edges` adds to `tests/vectors/expressions-edges.json` the cases that are missing, with what this
server says: look at them before they are committed, for from then on they hold.
"""

from __future__ import annotations

import json
from collections.abc import Iterator

from fieldsvc.xlsform.functions import FUNCTIONS, LAZY
from tests.forms.expression_world import computer
from tests.forms.vectors import VECTORS, read, seen, tree_of

FILE = VECTORS / "expressions-edges.json"
OPERATORS = ["=", "!=", "<", "<=", ">", ">=", "+", "-", "*", "div", "mod", "and", "or"]
EDGES = ["''", "number('x')", "'2026-02-30'", "'𠮷'"]
#: Good arguments of each function, as a person would write them. Node-sets have none here: a text is a wrong one.
GOOD: dict[str, list[str]] = {
    **{key: [] for key in ["true", "false", "pi", "today", "now", "random", "current", "last"]},
    **{key: ["'1'"] for key in ["not", "boolean", "boolean-from-string", "number", "string", "int", "abs", "sqrt"]},
    **{
        key: ["0.5"]
        for key in ["exp", "exp10", "log", "log10", "sin", "cos", "tan", "asin", "acos", "atan", "floor", "ceiling"]
    },
    **{key: ["' a  b '"] for key in ["string-length", "normalize-space", "count-selected", "once", "coalesce"]},
    **{key: ["'2026-11-22'"] for key in ["date", "date-time", "decimal-date-time"]},
    **{key: ["'2026-11-22'", "'%Y年%n月%e日'"] for key in ["format-date", "format-date-time"]},
    **{
        key: ["'甲乙丙'", "'乙'"]
        for key in ["contains", "starts-with", "ends-with", "substring-before", "substring-after"]
    },
    **{key: ["/data"] for key in ["sum", "count", "count-non-empty", "position", "randomize", "uuid"]},
    **{key: ["3", "2"] for key in ["min", "max"]},
    **{key: ["'29.7 118.3 0 5; 29.8 118.3 0 5; 29.8 118.4 0 5'"] for key in ["distance", "area", "intersects"]},
    "atan2": ["1", "2"],
    "base64-decode": ["'55Om'"],
    "checklist": ["1", "2", "true()", "false()"],
    "concat": ["'甲'", "2"],
    "decimal-time": ["'06:30'"],
    "digest": ["'a'", "'MD5'", "'hex'"],
    "extract-signed": [
        "'XwjE8NTfeH1Nfr2e7YECx/udhLJEGYtY5kwdFZ1Dq9sLiTAVS2FRCDAIQpoHblWn330GjItWcEAwoDla/trxC+aItyAwNDEy'",
        "'A6EHv/POEL4dcN0Y50vAmWfk1jCbpQ1fHdyGZBJVMbg='",
    ],
    "geofence": ["'0.5 0.5'", "'0 0;0 1;1 1;1 0;0 0'"],
    "if": ["true()", "'a'", "'b'"],
    "indexed-repeat": ["/data/a", "/data", "1"],
    "instance": ["'none'"],
    "jr:choice-name": ["'a'", "'none'"],
    "join": ["'、'", "'甲'", "2"],
    "pow": ["2", "3"],
    "pulldata": ["'none'", "'a'", "'b'", "'c'"],
    "regex": ["'a1'", "'[a-z][0-9]'"],
    "round": ["2.345", "2"],
    "selected": ["'a b'", "'b'"],
    "selected-at": ["'a b'", "1"],
    "substring": ["'甲𠮷乙'", "2", "1"],
    "substr": ["'甲𠮷乙'", "1", "2"],
    "translate": ["'甲𠮷'", "'𠮷'", "'乙'"],
    "weighted-checklist": ["1", "2", "true()", "2"],
}


def wanted() -> Iterator[str]:
    """Every expression that has to be among the vectors."""
    for operator in OPERATORS:
        for edge in [*EDGES, "true()", "/data"]:
            yield f"{edge} {operator} 2"
            yield f"2 {operator} {edge}"
    yield from (f"-{edge}" for edge in EDGES)
    for name, good in GOOD.items():
        yield _call(name, good)
        for place in range(len(good)):
            yield from (_call(name, [*good[:place], edge, *good[place + 1 :]]) for edge in EDGES)
        entry = LAZY.get(name) or FUNCTIONS[name]
        if entry.fewest:
            yield _call(name, ["1"] * (entry.fewest - 1))
        if entry.most < 99:
            yield _call(name, ["1"] * (entry.most + 1))


def _call(name: str, arguments: list[str]) -> str:
    return f"{name}({', '.join(arguments)})"


def _add() -> None:
    content = read(FILE) if FILE.is_file() else {"cases": []}
    known = {case["expression"] for case in content["cases"]}
    compute = computer({})
    for expression in dict.fromkeys(wanted()):
        if expression not in known:
            tree = tree_of(expression)
            content["cases"].append({"expression": expression, "tree": tree, **compute(tree)})
    lines = ",\n  ".join(seen(json.dumps(case, ensure_ascii=False)) for case in content["cases"])
    FILE.write_text(f'{{"cases": [\n  {lines}\n]}}\n', encoding="utf-8")


if __name__ == "__main__":
    _add()
