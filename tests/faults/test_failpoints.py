"""The places where the tests end the server: all are known, and in a server that works none does anything."""

from __future__ import annotations

import ast
import os
import subprocess
import sys
from collections import Counter
from pathlib import Path

import pytest

from fieldsvc.failpoints import PLACES
from tests.support.tools import ROOT

PASSES_ALL = "from fieldsvc.failpoints import PLACES, reached\nfor place in PLACES: reached(place)"


def named() -> Counter[str]:
    """Every place that the program names, and how often."""
    found: Counter[str] = Counter()
    for path in (ROOT / "fieldsvc").rglob("*.py"):
        for node in ast.walk(ast.parse(path.read_bytes())):
            if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id == "reached":
                [place] = node.args
                assert isinstance(place, ast.Constant), f"{path.name}:{node.lineno} does not say which place"
                found[place.value] += 1
    return found


def test_every_place_is_in_the_list_and_stands_at_one_point_of_the_program() -> None:
    # Photos are kept in one of two stores, each of which comes to the same moment.
    assert named() == Counter(PLACES.keys()) + Counter(["blob.kept"])


def test_only_the_environment_of_a_new_process_chooses_a_place() -> None:
    chooses = [path for path in (ROOT / "fieldsvc").rglob("*.py") if "FAILPOINT" in path.read_text().upper()]
    importers = {path for path in chooses if path.name != "failpoints.py"}
    for path in importers:
        text = path.read_text()
        assert text.count("failpoints") == text.count("from fieldsvc.failpoints import reached\n"), path
    assert Path(ROOT / "fieldsvc" / "failpoints.py").read_text().count("_CHOSEN =") == 1


@pytest.mark.parametrize(("mode", "ends"), [("production", 0), ("development", 0), ("test", -9)])
def test_in_a_server_that_works_no_place_does_anything(mode: str, ends: int) -> None:
    environment = {**os.environ, "FIELDSVC_MODE": mode, "FIELDSVC_FAILPOINT": "commit.after"}
    done = subprocess.run([sys.executable, "-c", PASSES_ALL], cwd=ROOT, env=environment, check=False)
    assert done.returncode == ends
