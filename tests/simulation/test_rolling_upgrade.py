"""Phones push while the tables are migrated under an older server, and while the newer one takes its place."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from tests.simulation import crossing
from tests.support.releases import EARLIER, FAR_OLDER, before
from tests.support.tools import ROOT

pytestmark = pytest.mark.proof


def crosses(earlier: Path, phones_of: Path, folder: Path, database_url: str = "") -> dict[str, Any]:
    """What came of an upgrade from the earlier release to this one, seen with these sources' phones and judge."""
    folder.mkdir()
    env = {**os.environ, "PYTHONSAFEPATH": "1", "PYTHONPATH": str(phones_of)}
    words = [sys.executable, crossing.__file__, str(earlier), str(ROOT), str(folder), "7", database_url]
    done = subprocess.run(words, env=env, cwd=phones_of, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr[-4000:]
    said: dict[str, Any] = json.loads(done.stdout.splitlines()[-1])
    return said


def assert_nothing_is_lost(said: dict[str, Any]) -> None:
    assert said["findings"] == []
    assert said["counts"]["acknowledged"] == said["counts"]["operations"] > 0
    assert set(crossing.STEPS) <= set(said["faults"]), said["faults"]


def test_phones_of_the_earlier_release_lose_nothing_while_their_server_becomes_this_one(tmp_path: Path) -> None:
    earlier = before(EARLIER, tmp_path / "earlier")
    assert_nothing_is_lost(crosses(earlier, earlier, tmp_path / "run"))


def test_phones_of_this_release_lose_nothing_at_a_far_older_server(tmp_path: Path, postgres_url: str) -> None:
    earlier = before(FAR_OLDER, tmp_path / "earlier")
    assert_nothing_is_lost(crosses(earlier, ROOT, tmp_path / "run", postgres_url))
