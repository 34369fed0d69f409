"""What a large form costs a cheap phone, in counts that depend on no machine: `bench.forms` has the milliseconds."""

from __future__ import annotations

import json
import subprocess
from pathlib import Path

import pytest

from bench.large_form import definition
from fieldsvc.web.assets import compressed, on_demand, read_release
from tests.support.tools import node

SCRIPT = Path(__file__).parents[1] / "js" / "large-form.js"


@pytest.fixture(scope="module")
def counts() -> dict[str, int]:
    """What the engine computed in a form of 500 questions, by occasion."""
    given = json.dumps(definition(500))
    ran = subprocess.run([node(), str(SCRIPT)], input=given, capture_output=True, text=True, check=True, timeout=60)
    found: dict[str, int] = json.loads(ran.stdout)
    return found


def test_opening_a_large_form_computes_nothing_and_draws_one_page(counts: dict[str, int]) -> None:
    assert counts["opened"] == 0
    assert counts["pages"] == 9
    assert counts["items"] < 60
    assert counts["drawn"] <= 25


@pytest.mark.parametrize(
    ("keystroke", "most"), [("note", 0), ("name", 0), ("amount", 0), ("condition", 1), ("town", 1)]
)
def test_a_keystroke_computes_only_what_it_shows(counts: dict[str, int], keystroke: str, most: int) -> None:
    assert counts[keystroke] <= most


def test_looking_for_mistakes_twice_computes_once(counts: dict[str, int]) -> None:
    assert 0 < counts["violations"] <= 100
    assert counts["again"] == 0


def test_the_engine_and_what_draws_a_form_are_at_most_thirty_kilobytes() -> None:
    release = read_release()
    engine = [path for path in release.files if path.startswith(("core/expr", "core/form"))]
    drawing = [path for path in release.files if path.startswith("ui/widgets/") and not on_demand(path)]
    drawing += ["ui/parts.js", "ui/screens/form_page.js", "ui/screens/visit.js", "ui/form.css"]
    assert len(engine) > 9
    assert len(drawing) > 7
    carried = "\0".join(release.files[path] for path in [*engine, *drawing])
    assert len(compressed(carried, "br")) <= 30 * 1024
