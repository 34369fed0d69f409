"""A server that is upgraded while phones send: an earlier release on its own tables, on newer ones, then the newer one.

Run as a program from this file's own text with the sources of either release first in the path, so that the phones,
the office and the judge are that release's: `python crossing.py EARLIER LATER FOLDER SEED [DATABASE_URL]`.
"""

from __future__ import annotations

import json
import os
import random
import subprocess
import sys
from pathlib import Path

from sqlalchemy import create_engine, text

from tests.simulation.ground import OneServer
from tests.simulation.run import Plan, run
from tests.support import server as servers

#: What becomes of the server, one after the other while requests are under way, and then once more the last.
MIGRATED, REPLACED = "tables migrated under the earlier release", "later release in its place"
STEPS = (MIGRATED, REPLACED, "server or workers killed")
_MIGRATE = "import sys; from fieldsvc.store.migrate import upgrade; upgrade(sys.argv[1])"


class Crossing(OneServer):
    """One server that goes from one release's sources to another's."""

    may_be_set_back = False

    def __init__(self, folder: Path, earlier: Path, later: Path, database_url: str) -> None:
        super().__init__(folder)
        self.program = "fieldsvc"  # either release's, and the tests beside it are not
        self._later = later
        self._url = database_url or f"sqlite:///{folder / 'fieldsvc.db'}"
        self._ahead = list(STEPS)
        self._taken = 0
        self._up = False
        # The folder a program is started in would come before any path.
        self.environment |= {"FIELDSVC_DATABASE_URL": self._url, "PYTHONSAFEPATH": "1", "PYTHONPATH": str(earlier)}

    def start(self) -> None:
        """Start it, unless it was before the run began, when the tables were still the earlier release's."""
        if not self._up:
            super().start()
            self._up = True

    def kill(self) -> None:
        """End all of it at once."""
        super().kill()
        self._up = False

    def falters(self, dice: random.Random) -> str:
        """Take the next step of the upgrade; when only the last is left, that one each time.

        The later release has to wait until the earlier one has taken a visit on tables that are not its own.
        """
        step = self._ahead[0]
        if step == MIGRATED:
            self._migrate()
            self._taken = self._visits()
        elif step == REPLACED:
            if self._visits() == self._taken:
                return "later release waits"
            self.stop()
            self._up = False
            self.environment["PYTHONPATH"] = str(self._later)
            self.start()
        else:
            super().falters(dice)
        self._ahead = self._ahead[1:] or [step]
        return step

    def _visits(self) -> int:
        engine = create_engine(self._url)
        with engine.connect() as connection:
            number = connection.scalar(text("SELECT count(*) FROM submissions"))
        engine.dispose()
        return int(number or 0)

    def _migrate(self) -> None:
        env = {**os.environ, **self.environment, "PYTHONPATH": str(self._later)}
        subprocess.run([sys.executable, "-c", _MIGRATE, self._url], env=env, check=True)


def main(earlier: str, later: str, folder: str, seed: str, database_url: str = "") -> None:
    """Play it, and print what was found as JSON."""
    servers.START_SECONDS = 300  # the earlier release's own tests gave up on a busy machine after a minute
    place = Path(folder)
    ground = Crossing(place / "server", Path(earlier), Path(later), database_url)
    ground.start()
    # Something is made to go wrong in every second round, so that all steps come early.
    verdict = run(Plan(phones=8, steps=8, seed=int(seed), cuts=0.5, within=8), place / "run", ground)
    said = {"findings": verdict.findings, "counts": verdict.counts, "faults": verdict.faults}
    print(json.dumps(said, ensure_ascii=False, default=str))


if __name__ == "__main__":
    main(*sys.argv[1:])
