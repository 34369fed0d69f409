"""What the phones of a run send to: one server, or whatever else can be started, killed and told to falter."""

from __future__ import annotations

import random
from contextlib import suppress
from pathlib import Path
from typing import Protocol

import psutil

from tests.simulation.nursery import Nursery
from tests.support.eye import Eye
from tests.support.server import Server, Started
from tests.support.watched import FILE


class Ground(Protocol):
    """A server, or many that look like one. `may_be_set_back`: its database is a file that a backup can replace."""

    may_be_set_back: bool
    environment: dict[str, str]

    @property
    def url(self) -> str:
        """Where phones send to."""

    def start(self) -> None:
        """Start it and wait until it answers."""

    def kill(self) -> None:
        """End all of it at once."""

    def falters(self, dice: random.Random) -> str:
        """Let something go wrong while requests are under way, and say what."""

    def heals(self) -> None:
        """Start again what is still down."""

    def told_of_strangers(self) -> list[str]:
        """What its eye saw in the answers of the run: what was told to whom it is not for."""


#: What befalls one server.
FAULTS = ("server killed", "server's workers killed")


class OneServer(Server):
    """One server on one machine, which is killed whole or in part."""

    may_be_set_back = True

    def __init__(self, folder: Path) -> None:
        # The phones of every valley speak from one address here, and a quick machine signs in more than a hall full.
        super().__init__(folder, enrolment_uses=1000, sign_ins_per_minute=100_000, log_level="warning")
        seen = folder.with_name(f"{folder.name}-eye.txt")
        self._eye = Eye(seen)
        self.environment[FILE] = str(seen)

    def falters(self, dice: random.Random) -> str:
        """Kill the server, all of it or its workers; gunicorn starts new workers."""
        whole, workers = FAULTS
        if dice.random() < 0.5:
            self.kill()
            self.start()
            return whole
        main, *others = self.processes()
        killed = []
        for process in others:
            with suppress(psutil.NoSuchProcess):  # it may end by itself between the question and the deed
                if process.ppid() != main.pid:
                    process.kill()
                    killed.append(process)
        psutil.wait_procs(killed, timeout=30)
        return workers

    def heals(self) -> None:
        """Nothing stays down."""

    def told_of_strangers(self) -> list[str]:
        """What its eye saw, which looks at every answer."""
        return self._eye.forget()


class QuickServer(OneServer):
    """One server that is up again in a moment, because all of it was imported before."""

    def __init__(self, folder: Path, nursery: Nursery) -> None:
        super().__init__(folder)
        self._nursery = nursery

    def _begun(self) -> Started:
        return self._nursery.begins(self.environment, self.log)
