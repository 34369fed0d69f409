"""Law: any expression has the same value on the phone and on the server, also one nobody would write.

Expressions are grown at random from the functions and a small form, the same ones in every run, and computed by both
engines in one go. Numbers may differ in their last digits: two mathematical libraries are at work.
"""

from __future__ import annotations

import json
import math
import random
import subprocess
from pathlib import Path
from typing import Any

import pytest

from fieldsvc.xlsform.functions import FUNCTIONS, LAZY
from tests.forms.expression_world import CONTEXT, computer
from tests.forms.vectors import VECTORS, read
from tests.support.tools import node

ROOT = Path(__file__).parents[2]
CONTENT = {key: value for key, value in read(VECTORS / "expressions-nodes.json").items() if key != "cases"}
PLACES = ["/data", "/data/a", "/data/m[1]/age", "/data/m[3]/n", "/data/m[1]/s[2]/v", "/data/gone"]
TEXTS = [
    *("", "a", "甲乙 丙", "𠮷", "12", "-3.5", "1e3", " 7 ", "true", "a b a"),
    *("2026-02-28", "2026-11-22T23:59:59.5+01:00", "06:30", "29.7 118.3 0 5", "0 0;0 1;1 1"),
    *("hs", "cities", "prices", "%Y%m%d %a", "[a-z]+", "base64", "MD5"),
]
NUMBERS = ["0", "1", "2.5", "0.1", "1000000000000000000000", ".0000001", "3", "11", "20779"]
PATHS: list[list[Any]] = [
    ["p", ".", []],
    ["p", ".", [["..", ""], ["c", "n"]]],
    ["p", "/", [["c", "data"], ["c", "a"]]],
    ["p", "/", [["c", "data"], ["c", "m"], ["c", "age"]]],
    ["p", "/", [["c", "data"], ["c", "m"]]],
    ["p", "/", [["c", "data"], ["c", "g"], ["c", "*"]]],
    ["p", "/", [["c", "data"], ["c", "day"]]],
    ["p", "/", [["c", "data"], ["c", "gone"]]],
    ["p", ["f", "instance", ["s", "cities"]], [["c", "root"], ["c", "item"], ["c", "name"]]],
]
OPERATORS = ["+", "-", "*", "div", "mod", "=", "!=", "<", "<=", ">", ">=", "and", "or"]
#: Their last digit depends on the mathematical library; as text that shows.
INEXACT = {
    *("exp", "log", "log10", "exp10", "pow", "sin", "cos", "tan"),
    *("asin", "acos", "atan", "atan2", "sqrt", "distance", "area"),
}
NAMES = sorted({*FUNCTIONS, *LAZY} - INEXACT)
HOW_MANY = 6000


def grown(chance: random.Random, depth: int) -> Any:
    """A random tree, at most `depth` deep."""
    kind = chance.random()
    if depth == 0 or kind < 0.15:
        leaf = chance.random()
        if leaf < 0.4:
            return ["s", chance.choice(TEXTS)]
        return ["n", chance.choice(NUMBERS)] if leaf < 0.7 else chance.choice(PATHS)
    if kind < 0.25:
        *path, steps = chance.choice(PATHS[3:])
        return [*path, [*steps[:-1], [*steps[-1], grown(chance, depth - 1)]]]
    if kind < 0.5:
        return [chance.choice(OPERATORS), grown(chance, depth - 1), grown(chance, depth - 1)]
    name = chance.choice(NAMES)
    entry = LAZY.get(name) or FUNCTIONS[name]
    count = chance.randint(entry.fewest, min(entry.most, entry.fewest + 2))
    return ["f", name, *(grown(chance, depth - 1) for _ in range(count))]


def same(a: dict[str, Any], b: dict[str, Any]) -> bool:
    """Whether both engines say the same; of errors only that there is one."""
    if "error" in a or "error" in b:
        return "error" in a and "error" in b
    x, y = a["value"], b["value"]
    if isinstance(x, bool) or isinstance(y, bool):
        return x is y
    if isinstance(x, int | float) and isinstance(y, int | float):
        return math.isclose(x, y, rel_tol=1e-9, abs_tol=1e-9)
    return bool(x == y)


def test_any_expression_has_the_same_value_on_the_phone_and_on_the_server(tmp_path: Path) -> None:
    compare(tmp_path, "fieldsvc")


@pytest.mark.proof
@pytest.mark.parametrize("part", range(30))
def test_hundreds_of_thousands_of_expressions_have_the_same_value(part: int, tmp_path: Path) -> None:
    compare(tmp_path, f"proof {part}")


def compare(tmp_path: Path, seed: str) -> None:
    """Grow expressions from a seed, and compute each on both sides."""
    chance = random.Random(seed)
    cases = [{"tree": grown(chance, 4), "at": chance.choice(PLACES)} for _ in range(HOW_MANY)]
    script = tmp_path / "compute.mjs"
    script.write_text(
        f"import {{ computer }} from '{ROOT.as_uri()}/tests/js/expr-world.js';\n"
        "import { readFileSync } from 'node:fs';\n"
        "const { cases, ...content } = JSON.parse(readFileSync(0, 'utf8'));\n"
        "const compute = computer(content);\n"
        "console.log(JSON.stringify(cases.map(({ tree, at }) => compute(tree, at))));\n",
        encoding="utf-8",
    )
    given = json.dumps({**CONTENT, "cases": cases})
    ran = subprocess.run([node(), str(script)], input=given, capture_output=True, text=True, check=True, timeout=120)
    phone = json.loads(ran.stdout)
    compute = computer(CONTENT, CONTEXT)
    server = [compute(case["tree"], case["at"]) for case in cases]

    different = [
        (case, ours, theirs) for case, ours, theirs in zip(cases, server, phone, strict=True) if not same(ours, theirs)
    ]
    assert different == []
