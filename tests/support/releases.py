"""An earlier release out of the repository's own history, to run beside this one."""

from __future__ import annotations

import io
import subprocess
import tomllib
import zipfile
from pathlib import Path

import pytest

from tests.support.tools import ROOT

_MIGRATIONS = "fieldsvc/store/migrations/versions"

#: Upgrades are proven from the releases before these migrations: a recent one, and a far older one.
EARLIER, FAR_OLDER = "0025", "0020"


def before(migration: str, folder: Path) -> Path:
    """The sources of the commit before the one that added this migration, in a folder of their own.

    Skips where the history is not at hand: sources from an archive have none, and a shallow clone ends before it.
    """
    with zipfile.ZipFile(io.BytesIO(_archived(migration))) as archive:
        archive.extractall(folder)
    # What the tools of the tests have installed serves both.
    (folder / "node_modules").symlink_to(ROOT / "node_modules")
    return folder


def needs_of(migration: str) -> list[str]:
    """What the release before this migration asks to be installed with; skips as `before` does."""
    with zipfile.ZipFile(io.BytesIO(_archived(migration, "pyproject.toml"))) as archive:
        needs: list[str] = tomllib.loads(archive.read("pyproject.toml").decode())["project"]["dependencies"]
    return needs


def _archived(migration: str, *paths: str) -> bytes:
    """A zip of these paths, or of everything, as they were before this migration."""
    added = _git("log", "--diff-filter=A", "--format=%H", "--", f"{_MIGRATIONS}/{migration}_*.py").decode().split()
    sources = _git("archive", "--format=zip", f"{added[-1]}^", *paths) if added else b""
    if not sources:
        pytest.skip(f"the history before migration {migration} is not in this copy of the sources")
    return sources


def _git(*words: str) -> bytes:
    """What git says; nothing where it fails or is not installed."""
    try:
        return subprocess.run(["git", *words], cwd=ROOT, capture_output=True, check=False).stdout
    except FileNotFoundError:
        return b""
