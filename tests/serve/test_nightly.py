"""The worker's nightly backup: when it is due, and what a failure does."""

import os
import shutil
from datetime import UTC, datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

from fieldsvc.config import Settings
from fieldsvc.serve.nightly import Nightly
from fieldsvc.services import backup, backup_watch
from fieldsvc.store import migrate

EVENING = datetime(2026, 11, 22, 20, 0, tzinfo=ZoneInfo("Asia/Shanghai")).astimezone(UTC)


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    chosen = Settings(mode="test", data_folder=tmp_path, backup_folder=str(tmp_path / "backups"))
    migrate.upgrade(chosen.database_url)
    return chosen


def aged(settings: Settings, at: datetime) -> None:
    """Let the backup in the folder be of that moment."""
    os.utime(Path(settings.backup_folder) / backup.DATABASE, (at.timestamp(), at.timestamp()))


def test_the_first_backup_is_made_at_once_and_the_next_in_the_night(settings: Settings) -> None:
    nightly = Nightly(settings, lambda: EVENING)
    made = nightly.look()
    assert made is not None
    made.join()
    aged(settings, EVENING)
    due = [hour for hour in range(24) if backup_watch.is_due(settings, EVENING + timedelta(hours=hour))]
    # 20:00 and twelve hours are eight in the morning: the first night is left out, the second is not.
    assert due == []
    assert backup_watch.is_due(settings, EVENING + timedelta(hours=31, minutes=10))
    assert not backup_watch.is_due(settings, EVENING + timedelta(hours=25))


def test_a_night_when_the_machine_was_off_is_made_up_for_by_day(settings: Settings) -> None:
    backup.back_up(settings, Path(settings.backup_folder))
    aged(settings, EVENING)
    assert backup_watch.is_due(settings, EVENING + timedelta(hours=26))


@pytest.mark.parametrize("otherwise", [{"backup_folder": ""}, {"backup_hour": -1}])
def test_nothing_is_made_where_nobody_asked_for_it(tmp_path: Path, otherwise: dict[str, object]) -> None:
    chosen = {"mode": "test", "data_folder": tmp_path, "backup_folder": str(tmp_path), **otherwise}
    assert Nightly(Settings(**chosen), lambda: EVENING).look() is None


def test_a_failure_is_tried_again_after_half_an_hour_and_leaves_nothing_that_looks_whole(settings: Settings) -> None:
    folder, at = Path(settings.backup_folder), [EVENING]
    folder.write_text("a file where the folder should be")
    nightly = Nightly(settings, lambda: at[0])
    failed = nightly.look()
    assert failed is not None
    failed.join()
    assert nightly.look() is None
    folder.unlink()
    at[0] += timedelta(minutes=31)
    made = nightly.look()
    assert made is not None
    made.join()
    assert (folder / backup.DATABASE).exists()


def test_what_comes_and_goes_while_the_server_runs_is_not_waited_for(
    settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    blobs, folder = settings.data_folder / "blobs", Path(settings.backup_folder)
    kept, gone = "files/aa/kept-aa", "files/bb/gone-bb"
    for name in (kept, gone, "unfinished/kept-aa.12345678", "parts/cc/piece-cc", "exports/dd/ordered-dd"):
        (blobs / name).parent.mkdir(parents=True, exist_ok=True)
        (blobs / name).write_bytes(b"bytes")
    copy = shutil.copy2

    def deleted_meanwhile(source: Path, target: Path) -> object:
        (blobs / gone).unlink(missing_ok=True)
        return copy(source, target)

    monkeypatch.setattr(shutil, "copy2", deleted_meanwhile)
    backup.back_up(settings, folder)
    assert {str(one.relative_to(folder)) for one in folder.rglob("*") if one.is_file()} == {
        backup.DATABASE,
        f"blobs/{kept}",
    }
