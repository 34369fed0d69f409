"""What is dear to make is made once for all processes that run tests side by side."""

import fcntl
import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest


def shared_folder(factory: pytest.TempPathFactory) -> Path:
    """A temporary folder that every process of this run of the tests has."""
    own = factory.getbasetemp()
    return own.parent if "PYTEST_XDIST_WORKER" in os.environ else own


@contextmanager
def only_once(folder: Path) -> Iterator[bool]:
    """Hold everybody else back; true for the first, who fills the folder.

    One who fails leaves no mark: the next finds the folder empty again instead of taking half for the whole.
    """
    mark = folder.with_name(folder.name + ".made")
    with folder.with_name(folder.name + ".lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        first = not mark.exists()
        if first:
            shutil.rmtree(folder, ignore_errors=True)
            folder.mkdir()
        yield first
        mark.touch()
