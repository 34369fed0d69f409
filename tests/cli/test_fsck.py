"""The command that says whether everything is whole."""

from __future__ import annotations

import sqlite3
from pathlib import Path

from tests.cli.conftest import Run


def test_a_server_that_begins_is_whole_and_an_altered_log_ends_with_one(
    county: Run, environment: dict[str, str]
) -> None:
    sound = county("fsck")
    assert (sound.exit_code, sound.output) == (0, "✓ 照片、档案和日志都完整。Photos, records and the log are whole.\n")
    with sqlite3.connect(Path(environment["FIELDSVC_DATA_FOLDER"]) / "fieldsvc.db") as database:
        database.execute("UPDATE audit SET action = 'nothing' WHERE position = 1")
    database.close()
    altered = county("fsck", "--quick")
    assert altered.exit_code == 1
    assert "日志中有一行被改动或删去 A line of the audit log was altered or removed: 1" in altered.output
