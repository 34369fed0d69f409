"""The process that opens photos lives as long as whoever asks it, and no longer."""

from __future__ import annotations

import subprocess
import sys

import psutil

#: Opens a photo, says so, and waits to be killed.
ASKS = """
import sys
from fieldsvc.media import apart
from fieldsvc.media.derive import Unreadable
if __name__ == "__main__":
    try:
        apart.views(b"no photo")
    except Unreadable:
        print("asked", flush=True)
    sys.stdin.read()
"""


def test_a_killed_worker_takes_the_process_that_opens_photos_and_its_helper_along() -> None:
    asker = subprocess.Popen([sys.executable, "-c", ASKS], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
    with asker:
        assert asker.stdout is not None
        assert asker.stdout.readline() == "asked\n"
        helpers = psutil.Process(asker.pid).children(recursive=True)
        assert len(helpers) == 2, "the one that decodes, and Python's own that watches what is shared with it"
        asker.kill()
    _, left = psutil.wait_procs(helpers, timeout=60)
    for process in left:
        process.kill()
    assert not left
