"""The server's half of the cases both engines must agree on; the other is `tests/js/expr.test.js`, `form.test.js`."""

from __future__ import annotations

import math
from dataclasses import asdict
from pathlib import Path
from typing import Any

import pytest

from fieldsvc.xlsform import compile_form, effects_of, validate
from fieldsvc.xlsform.effects import changes_of
from fieldsvc.xlsform.functions import FUNCTIONS, LAZY
from fieldsvc.xlsform.lists import Lists
from fieldsvc.xlsform.tree import plant
from tests.forms import edges
from tests.forms.expression_world import CONTEXT, computer
from tests.forms.vectors import DEFINITIONS, expression_files, form_files, read, seen, sources, tree_of

CASES = [(path.stem, case) for path in expression_files() for case in read(path)["cases"]]
COMPUTERS = {path.stem: computer(read(path)) for path in expression_files()}
WIRE = {"now": CONTEXT.now, "utc_offset": CONTEXT.utc_offset, "seed": 7}


def wire(content: dict[str, Any]) -> dict[str, Any]:
    """The context of a vector's visit, with the records its phone holds and the lists its form carries."""

    def row(each: dict[str, Any]) -> dict[str, Any]:
        return {**each.get("properties", {}), "name": each["id"], "label": each["label"]}

    held = {"members": [row(each) for each in content.get("members", [])]}
    if content.get("entity"):
        held["households"] = [row(content["entity"])]
    context = {**WIRE, "instances": {**held, **content.get("instances", {})}}
    steps = [step for step in content["steps"] if step[0] == "language"]
    return {**context, "language": steps[-1][1]} if steps else context


def same(got: Any, wanted: Any) -> bool:
    """Equal, and of the same kind: true is not 1. Numbers may differ in the last digits."""
    if isinstance(got, bool) or isinstance(wanted, bool):
        return got is wanted
    if isinstance(got, int | float) and isinstance(wanted, int | float):
        return math.isclose(got, wanted, rel_tol=1e-12, abs_tol=1e-12)
    return bool(got == wanted)


@pytest.mark.parametrize(("file", "case"), CASES, ids=[f"{f[12:]}: {c['expression'][:60]}" for f, c in CASES])
def test_an_expression_has_the_tree_and_the_value_the_phone_has(file: str, case: dict[str, Any]) -> None:
    tree = tree_of(case["expression"])
    assert tree == case["tree"]
    got = COMPUTERS[file](tree, case.get("at", "/data")) if isinstance(tree, list) else {"error": tree}
    assert got.get("error") == case.get("error")
    assert same(got.get("value"), case.get("value")), got


def test_every_function_and_operator_is_tried_at_its_edges() -> None:
    assert set(edges.GOOD) == {*FUNCTIONS, *LAZY}
    tried = {case["expression"] for case in read(edges.FILE)["cases"]}
    assert [each for each in edges.wanted() if each not in tried] == []


@pytest.mark.parametrize("name", sorted(sources()))
def test_a_compiled_definition_among_the_vectors_is_what_its_source_says(name: str) -> None:
    source = sources()[name]
    assert compile_form(source.read_bytes(), source.name).definition == read(DEFINITIONS / f"{name}.json")


@pytest.mark.parametrize("path", form_files(), ids=lambda path: path.stem)
def test_the_server_finds_in_the_answers_what_the_phone_found(path: Any) -> None:
    content = read(path)
    definition, expected = read(DEFINITIONS / f"{content['definition']}.json"), content["expected"]
    found = validate(definition, expected["answers"], wire(content))

    assert [(v.ref, v.level, v.kind) for v in found] == [
        (v["ref"], v["level"], v["kind"]) for v in expected["violations"]
    ]


@pytest.mark.parametrize("path", form_files(), ids=lambda path: path.stem)
def test_the_server_derives_the_entity_changes_the_phone_derived(path: Any) -> None:
    content = read(path)
    definition, expected = read(DEFINITIONS / f"{content['definition']}.json"), content["expected"]
    context = wire(content)
    root = plant(definition, expected["answers"], CONTEXT, Lists(definition, context["instances"], "zh"))

    found = changes_of(root, definition.get("entities", []))

    assert [asdict(change) for change in found] == expected["changes"]
    # A new record outside repeats has no id in the form: the phone gives it one.
    declared = [{**change, "id": change["id"] or "new", "base_version": 3} for change in expected["changes"]]
    effects = effects_of(definition, expected["answers"], context, declared)
    assert [(e.id, e.path, e.base_version) for e in effects] == [(d["id"], d["path"], 3) for d in declared]


@pytest.mark.parametrize("path", expression_files(), ids=lambda path: path.stem)
def test_what_breaks_a_line_unseen_stands_in_a_case_as_an_escape(path: Path) -> None:
    text = path.read_text(encoding="utf-8")
    assert text == seen(text)
