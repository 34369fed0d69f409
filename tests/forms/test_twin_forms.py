"""Law: whatever form, filled in whatever order, the phone and the server make the same of it.

And on the phone itself what is computed step by step, only where something changed, is what a fresh look computes.
"""

from __future__ import annotations

import json
import subprocess
from dataclasses import asdict
from pathlib import Path
from typing import Any

import pytest

from fieldsvc.xlsform import validate
from fieldsvc.xlsform.effects import changes_of
from fieldsvc.xlsform.lists import Lists
from fieldsvc.xlsform.tree import plant
from tests.forms.expression_world import CONTEXT
from tests.forms.grown_forms import grown
from tests.support.tools import node

SCRIPT = Path(__file__).parents[1] / "js" / "grown-forms.js"
RECORDS: list[dict[str, Any]] = [
    {"id": "a", "dataset": "members", "label": "张三", "properties": {"kind": "x"}},
    {"id": "m-2", "dataset": "members", "label": "李𠮷", "properties": {"kind": "12"}},
]
ROWS = {"members": [{**each["properties"], "name": each["id"], "label": each["label"]} for each in RECORDS]}
WIRE = {"now": CONTEXT.now, "utc_offset": CONTEXT.utc_offset, "seed": 7, "instances": ROWS}


def filled_in(seeds: list[str]) -> list[tuple[Any, Any]]:
    """The grown forms with what the phone says of them."""
    cases = [grown(seed) for seed in seeds]
    given = json.dumps({"cases": cases, "records": RECORDS})
    ran = subprocess.run([node(), str(SCRIPT)], input=given, capture_output=True, text=True, timeout=600)
    assert ran.returncode == 0, ran.stderr
    return list(zip(cases, json.loads(ran.stdout), strict=True))


def server_says(form: Any, answers: Any) -> tuple[list[Any], list[Any]]:
    """The violations and changes the server finds in the answers."""
    violations = [[v.ref, v.level, v.kind, v.needs_reason] for v in validate(form, answers, WIRE)]
    root = plant(form, answers, CONTEXT, Lists(form, ROWS, "zh"))
    return violations, [asdict(change) for change in changes_of(root, form["entities"])]


def check(seeds: list[str]) -> None:
    """Hold every form to the law."""
    for seed, (case, phone) in zip(seeds, filled_in(seeds), strict=True):
        said = phone["said"]
        assert phone["again"] == said, f"{seed}: a fresh look says otherwise"
        assert phone["shownAgain"] == phone["shown"], f"{seed}: a fresh look shows otherwise"
        violations, changes = server_says(case["form"], said["answers"])
        assert violations == said["violations"], seed
        assert changes == said["changes"], seed


def test_a_grown_form_is_the_same_on_the_phone_and_on_the_server() -> None:
    check([f"form {number}" for number in range(120)])


@pytest.mark.proof
@pytest.mark.parametrize("part", range(20))
def test_thousands_of_grown_forms_are_the_same_on_the_phone_and_on_the_server(part: int) -> None:
    check([f"proof {part} {number}" for number in range(100)])
