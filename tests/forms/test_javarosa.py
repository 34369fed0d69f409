"""The cases of JavaRosa's own expression suite, which decides in doubt, through both engines.

The cases belong to another project and are not part of this one: they are looked for beside the checkout
(`../shared/conformance/javarosa-xpath.json`) or where FIELDSVC_JAVAROSA_CASES says. Without them there is nothing to
compare with, and these tests do not run.
"""

from __future__ import annotations

import json
import math
import os
import re
import subprocess
from pathlib import Path
from typing import Any

import pytest

from fieldsvc.xlsform.parse import parse
from fieldsvc.xlsform.problems import ExpressionError
from fieldsvc.xlsform.scope import Context
from tests.forms.expression_world import EMPTY, computer
from tests.support.tools import node

ROOT = Path(__file__).parents[2]
FILE = Path(os.environ.get("FIELDSVC_JAVAROSA_CASES", ROOT.parent / "shared/conformance/javarosa-xpath.json"))

pytestmark = pytest.mark.skipif(not FILE.is_file(), reason="JavaRosa's cases are not here")

#: Functions the Java suite defines in the test itself, and variables it sets: no form can use either.
HOSTED = re.compile(r"convertible|testfunc|add\(|proto|raw\(|check-types|get-custom|read\(|write\(|foo\(|\$var")
#: Cases whose document the listing does not carry.
UNSEEN = re.compile(r"instance[12]|^buildInstance\(\), null, 3\.0$")

CONSTANTS = {
    "TRUE": True,
    "true": True,
    "FALSE": False,
    "false": False,
    "NaN": "NaN#",
    "-NaN": "NaN#",
    "POSITIVE_INFINITY": "Infinity#",
    "NEGATIVE_INFINITY": "-Infinity#",
    "Math.PI": math.pi,
    "Math.PI / 2": math.pi / 2,
    "Math.E": math.e,
}


def wanted(expected: str) -> Any:
    """What the Java source expects, as the vectors write values; "!" for any exception."""
    text = re.sub(r"^(buildInstance\(\)|null), (null|ec), ", "", expected).strip()
    if text.startswith("new ") and "Exception" in text:
        return "!"
    if text in CONSTANTS:
        return CONSTANTS[text]
    date = re.fullmatch(r"DateUtils\.getDate\((\d+), (\d+), (\d+)\)", text)
    if date:
        return f"{date[1]}-{int(date[2]):02}-{int(date[3]):02}"
    moment = re.fullmatch(r'DateUtils\.getDateTimeFromString\("(.+)"\)', text)
    if moment:
        return f"{moment[1]}+00:00"
    return json.loads(text) if text.startswith('"') else float(text)


def cases() -> list[tuple[str, Any]]:
    """The expressions that both have, with what JavaRosa makes of them."""
    listed = json.loads(FILE.read_text(encoding="utf-8"))
    usable = [c for c in listed if not HOSTED.search(c["expression"]) and not UNSEEN.search(c["expected"])]
    return [(case["expression"], wanted(case["expected"])) for case in usable]


#: The suite's document as far as its cases show it: five paths and a square.
FORM = {
    **EMPTY,
    "nodes": [
        {
            "name": "path",
            "ref": "/data/path",
            "kind": "repeat",
            "children": [],
        },
        {"name": "geoshape", "ref": "/data/geoshape", "kind": "question", "type": "geoshape"},
    ],
}
ANSWERS = {"path": [{"_id": str(i)} for i in range(5)], "geoshape": "0 0 0 0;0 1 0 0;1 1 0 0;1 0 0 0;0 0 0 0"}
#: JavaRosa's suite runs in UTC.
CONTEXT = Context(now=0, utc_offset=0)


def agrees(got: dict[str, Any], want: Any) -> bool:
    if want == "!":
        return "error" in got
    value = got.get("value")
    if isinstance(want, bool) or isinstance(value, bool):
        return value is want
    if isinstance(want, float) and isinstance(value, int | float):
        return math.isclose(value, want, rel_tol=1e-9, abs_tol=1e-9)
    return bool(value == want)


def trees() -> list[Any]:
    found: list[Any] = []
    for expression, _ in cases():
        try:
            found.append(parse(expression))
        except ExpressionError as error:
            found.append(error.code)
    return found


def differing(results: list[dict[str, Any]]) -> list[str]:
    pairs = zip(cases(), results, strict=True)
    return [expression for (expression, want), got in pairs if not agrees(got, want)]


def test_the_server_agrees_with_javarosa() -> None:
    compute = computer({"form": FORM, "answers": ANSWERS}, CONTEXT)
    results = [compute(tree) if isinstance(tree, list) else {"error": tree} for tree in trees()]

    assert len(results) > 370
    assert differing(results) == []


def test_the_phone_agrees_with_javarosa(tmp_path: Path) -> None:
    script = tmp_path / "compute.mjs"
    script.write_text(
        f"import {{ computer }} from '{ROOT.as_uri()}/tests/js/expr-world.js';\n"
        "import { readFileSync } from 'node:fs';\n"
        "const { trees, ...content } = JSON.parse(readFileSync(0, 'utf8'));\n"
        "const compute = computer(content);\n"
        "const of = (tree) => (Array.isArray(tree) ? compute(tree) : { error: tree });\n"
        "console.log(JSON.stringify(trees.map(of)));\n",
        encoding="utf-8",
    )
    context = {"now": 0, "utcOffset": 0, "seed": "0"}
    content = {"form": FORM, "answers": ANSWERS, "context": context, "trees": trees()}
    ran = subprocess.run(
        [node(), str(script)], input=json.dumps(content), capture_output=True, text=True, check=True, timeout=60
    )

    assert differing(json.loads(ran.stdout)) == []
