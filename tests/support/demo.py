"""The demo district in a database, made once for a whole run; tests that change it copy it first."""

import shutil
from dataclasses import dataclass, replace
from datetime import datetime
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

from fieldsvc.config import Settings
from fieldsvc.demo.load import load
from fieldsvc.services.context import Context, open_context
from fieldsvc.store.migrate import upgrade
from tests.support.shared import only_once, shared_folder

# A Monday late in a month: most visits are done and some are not.
NOW = datetime(2026, 11, 23, 20, 0, tzinfo=ZoneInfo("Asia/Shanghai"))
#: The households that the demo's cadre has visited in that month.
VISITED = 12
PASSWORDS = {"cadre": "cadre-secret", "town": "town-secret", "county": "county-secret"}


@dataclass(frozen=True, slots=True)
class Demo:
    """The data folder of a made demo, and the moment it was made for."""

    folder: Path
    now: datetime

    def settings(self, folder: Path | None = None) -> Settings:
        """Settings of a server on these data, or on a copy of them in `folder`."""
        if folder is not None:
            self.copy(folder)
        return Settings(mode="test", data_folder=folder or self.folder)

    def copy(self, folder: Path) -> None:
        """Copy the demo, while others read it: what SQLite keeps beside the file is theirs and holds nothing of it."""
        shutil.copytree(self.folder, folder, ignore=shutil.ignore_patterns("*-wal", "*-shm"))

    def context(self, folder: Path | None = None) -> Context:
        """A context at the moment the demo was made for."""
        at = int(self.now.timestamp() * 1000)
        return replace(open_context(self.settings(folder)), now_ms=lambda: at)


@pytest.fixture(scope="session")
def demo(tmp_path_factory: pytest.TempPathFactory) -> Demo:
    """The demo district, for reading."""
    made = Demo(shared_folder(tmp_path_factory) / "demo", NOW)
    with only_once(made.folder) as first:
        if first:
            _make(made)
    return made


def month_on_the_phone() -> str:
    """How the first line of the cadre's phone begins: in the demo's month twelve are visited, later none."""
    now = datetime.now(NOW.tzinfo)
    return f"本月 {VISITED if (now.year, now.month) == (NOW.year, NOW.month) else 0} / 2"


def _make(made: Demo) -> None:
    settings = made.settings()
    upgrade(settings.database_url)
    ctx = open_context(settings)
    load(ctx, NOW, PASSWORDS)
    ctx.db.dispose()
