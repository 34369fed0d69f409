"""tus-js-client, which has never heard of us, uploads to this server through every door."""

from __future__ import annotations

import json
import subprocess
from pathlib import Path
from typing import Any

import pytest

from tests.support.tools import ROOT, node
from tests.uploads.conftest import Place
from tests.uploads.line import UPLOADS, Line, sha256

SCRIPT = Path(__file__).with_name("foreign.mjs")


def uploads(line: Line, photo: bytes, folder: Path, how: str) -> dict[str, Any]:
    """Let the foreign client do it, and return what it says happened."""
    file = folder / "photo"
    file.write_bytes(photo)
    endpoint = f"http://127.0.0.1:{line.port}{UPLOADS}"
    wish = {"file": str(file), "endpoint": endpoint, "token": line.token, "sha256": sha256(photo), "how": how}
    done = subprocess.run(
        [node(), str(SCRIPT), json.dumps(wish)], cwd=ROOT, capture_output=True, text=True, timeout=120, check=False
    )
    assert done.returncode == 0, done.stderr[-2000:]
    told: dict[str, Any] = json.loads(done.stdout)
    return told


@pytest.mark.parametrize("how", ["whole", "with creation", "resumed", "twice"])
def test_a_foreign_client_gets_its_file_here_whole(
    line: Line, place: Place, photo: bytes, tmp_path: Path, how: str
) -> None:
    told = uploads(line, photo, tmp_path, how)
    assert told["progress"][-1] == len(photo)
    if how == "resumed":
        assert "HEAD" in told["requests"]
        assert told["requests"].count("POST") == 1
    assert place.world.ctx.blobs.get(sha256(photo)) == photo


def test_a_foreign_client_ends_its_upload(line: Line, photo: bytes, tmp_path: Path) -> None:
    told = uploads(line, photo, tmp_path, "ended")
    assert line.asks("HEAD", "/" + told["url"].split("/", 3)[3]).status == 404
