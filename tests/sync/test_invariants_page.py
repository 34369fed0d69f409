"""`docs/invariants.md` promises a test for every law; this keeps the promise."""

import ast
import re
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
PAGE = (ROOT / "docs" / "invariants.md").read_text(encoding="utf-8")
NAMED = re.findall(r"`(tests/[\w/]+\.py)::(\w+)`", PAGE)
LAWS = re.split(r"^(?=\d+\. \*\*)", PAGE, flags=re.MULTILINE)[1:]


def names_in(path: str) -> set[str]:
    """What a test file defines or assigns at its top level."""
    body = ast.parse((ROOT / path).read_text(encoding="utf-8")).body
    defined = {node.name for node in body if isinstance(node, ast.FunctionDef | ast.ClassDef)}
    assigned = {
        target.id
        for node in body
        if isinstance(node, ast.Assign)
        for target in node.targets
        if isinstance(target, ast.Name)
    }
    return defined | assigned


def test_every_test_an_invariant_names_exists():
    missing = [(path, name) for path, name in NAMED if name not in names_in(path)]
    assert missing == []


def test_every_law_names_a_test():
    assert [law.splitlines()[0] for law in LAWS if "`tests/" not in law] == []


def test_laws_are_numbered_once_and_in_order():
    numbers = [int(law.split(".")[0]) for law in LAWS]
    assert numbers == sorted(set(numbers))
