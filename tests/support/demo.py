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

# A Monday late in a month: most visits are done and some are not.
NOW = datetime(2026, 11, 23, 20, 0, tzinfo=ZoneInfo("Asia/Shanghai"))
PASSWORDS = {"cadre": "cadre-secret", "town": "town-secret", "county": "county-secret"}


@dataclass(frozen=True, slots=True)
class Demo:
    """The data folder of a made demo, and the moment it was made for."""

    folder: Path
    now: datetime

    def settings(self, folder: Path | None = None) -> Settings:
        """Settings of a server on these data, or on a copy of them in `folder`."""
        if folder is not None:
            shutil.copytree(self.folder, folder)
        return Settings(mode="test", data_folder=folder or self.folder)

    def context(self, folder: Path | None = None) -> Context:
        """A context at the moment the demo was made for."""
        at = int(self.now.timestamp() * 1000)
        return replace(open_context(self.settings(folder)), now_ms=lambda: at)


@pytest.fixture(scope="session")
def demo(tmp_path_factory: pytest.TempPathFactory) -> Demo:
    """The demo district, for reading."""
    made = Demo(tmp_path_factory.mktemp("demo"), NOW)
    settings = made.settings()
    upgrade(settings.database_url)
    ctx = open_context(settings)
    load(ctx, NOW, PASSWORDS)
    ctx.db.dispose()
    return made
