"""What the runs of one sitting share: two processes that have imported and compiled everything, and hold nothing else.

Where runs are short, half of what one cost was to begin. Each has an empty folder, an empty database and phones with
nothing on their disks all the same.
"""

from __future__ import annotations

import tempfile
from contextlib import ExitStack, closing
from functools import cached_property
from pathlib import Path

from tests.simulation.fleet import Fleet
from tests.simulation.nursery import Nursery


class Stage:
    """Both processes, each started when it is first needed."""

    def __init__(self) -> None:
        self._begun = ExitStack()

    @cached_property
    def nursery(self) -> Nursery:
        """The process that starts servers."""
        return self._begun.enter_context(closing(Nursery()))

    @cached_property
    def fleet(self) -> Fleet:
        """The process in which phones live."""
        folder = self._begun.enter_context(tempfile.TemporaryDirectory(prefix="fieldsvc-stage-"))
        return self._begun.enter_context(closing(Fleet(Path(folder) / "phones.log")))

    def close(self) -> None:
        """End both."""
        self._begun.close()
