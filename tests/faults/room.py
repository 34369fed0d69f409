"""A disk so small that a test can fill it, where this machine lets one be mounted."""

from __future__ import annotations

import os
import pwd
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from tests.support.postgres import NOBODY

MEGABYTES = 96


class Disk:
    """A disk of `MEGABYTES`, mounted at a place, and the folder on it that belongs to PostgreSQL."""

    def __init__(self, place: Path) -> None:
        self.place, self._filler = place, place / "filler"
        self.folder = place / "postgresql"
        self.folder.mkdir()
        os.chown(self.folder, pwd.getpwnam(NOBODY).pw_uid, -1)

    def fills(self) -> None:
        """Take all the room that is left."""
        state = os.statvfs(self.place)
        with self._filler.open("ab") as filler:
            if state.f_bavail:
                os.posix_fallocate(filler.fileno(), filler.tell(), state.f_bavail * state.f_bsize)

    def empties(self) -> None:
        """Give it back."""
        self._filler.unlink()

    def may_only_be_read(self, *, only: bool = True) -> None:
        """Mount it anew, with or without the right to write."""
        subprocess.run(["mount", "-o", f"remount,{'ro' if only else 'rw'}", self.place], check=True)


@contextmanager
def small_disk(place: Path) -> Iterator[Disk]:
    """Such a disk until the end of the block; the test is left out where nobody may mount one."""
    place.mkdir(mode=0o755)
    words = ["mount", "-t", "tmpfs", "-o", f"size={MEGABYTES}m,mode=755", "tmpfs", str(place)]
    if os.geteuid() != 0 or subprocess.run(words, check=False, capture_output=True).returncode != 0:
        pytest.skip("Only who may mount a disk can fill one: run as root, or in a container with CAP_SYS_ADMIN.")
    try:
        yield Disk(place)
    finally:
        subprocess.run(["umount", "--lazy", place], check=True)
