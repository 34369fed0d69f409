"""Waiting for what other processes do."""

import time
from collections.abc import Callable


def waits_until(true: Callable[[], bool]) -> None:
    """Wait for something that must come; the test's own time limit is the end of it."""
    while not true():
        time.sleep(0.05)
