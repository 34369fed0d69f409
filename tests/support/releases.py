"""An earlier release out of the repository's own history, to run beside this one."""

from __future__ import annotations

import io
import subprocess
import zipfile
from pathlib import Path

import pytest

from tests.support.tools import ROOT

_MIGRATIONS = "fieldsvc/store/migrations/versions"


def before(migration: str, folder: Path) -> Path:
    """The sources of the commit before the one that added this migration, in a folder of their own.

    Skips where the history is not at hand: sources from an archive have none, and a shallow clone ends before it.
    """
    added = _git("log", "--diff-filter=A", "--format=%H", "--", f"{_MIGRATIONS}/{migration}_*.py").decode().split()
    sources = _git("archive", "--format=zip", f"{added[-1]}^") if added else b""
    if not sources:
        pytest.skip(f"the history before migration {migration} is not in this copy of the sources")
    with zipfile.ZipFile(io.BytesIO(sources)) as archive:
        archive.extractall(folder)
    # What the tools of the tests have installed serves both.
    (folder / "node_modules").symlink_to(ROOT / "node_modules")
    return folder


def _git(*words: str) -> bytes:
    """What git says; nothing where it fails or is not installed."""
    try:
        return subprocess.run(["git", *words], cwd=ROOT, capture_output=True, check=False).stdout
    except FileNotFoundError:
        return b""
