"""A disk that forgets what was not synced when the power goes: a file's bytes, and how anything is called in a folder.

That is the least that is promised. Most file systems keep more, so that no machine of a test would ever show the loss.
"""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

import pytest


@dataclass
class Forgetful:
    """What is on the disk, by inode and as of the last sync of each."""

    _files: dict[int, bytes] = field(default_factory=dict)
    #: What is called how in a folder, and whether that is a folder.
    _names: dict[int, dict[str, tuple[int, bool]]] = field(default_factory=dict)

    def keeps(self, path: Path) -> None:
        """A file or folder as it is by now, and not what is in that folder."""
        inode = path.stat().st_ino
        if path.is_dir():
            with os.scandir(path) as inside:
                self._names[inode] = {each.name: (each.inode(), each.is_dir()) for each in inside}
        else:
            self._files[inode] = path.read_bytes()

    def comes_back(self, folder: Path, there: Path) -> None:
        """Write down, there, what this folder is found to be after the cut."""
        self._writes(folder.stat().st_ino, there)

    def _writes(self, folder: int, there: Path) -> None:
        there.mkdir()
        for name, (inode, is_folder) in self._names.get(folder, {}).items():
            if is_folder:
                self._writes(inode, there / name)
            else:
                (there / name).write_bytes(self._files.get(inode, b""))


@contextmanager
def forgetful(folder: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Forgetful]:
    """Let the disk of this folder, on which all of it has been for long, forget whatever is not synced in the block."""
    disk, fsync = Forgetful(), os.fsync
    for each in (folder, *folder.rglob("*")):
        disk.keeps(each)

    def synced(handle: int) -> None:
        fsync(handle)
        disk.keeps(Path(f"/proc/self/fd/{handle}"))

    with monkeypatch.context() as patch:
        patch.setattr(os, "fsync", synced)
        yield disk
