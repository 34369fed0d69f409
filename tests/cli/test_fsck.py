"""The command that says whether everything is whole."""

from __future__ import annotations

import hashlib
import os
import sqlite3
from pathlib import Path

from fieldsvc.blobs.folder import FolderStore
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


def test_files_that_nothing_names_are_counted_and_are_no_damage(county: Run, environment: dict[str, str]) -> None:
    blobs = FolderStore(Path(environment["FIELDSVC_DATA_FOLDER"]) / "blobs")
    for number in range(22):
        data = bytes([number]) * 50_000
        blobs.put(hashlib.sha256(data).hexdigest(), data)
    assert "no row names" not in county("fsck").output, "they may be under way"
    for file in blobs.root.rglob("*"):
        os.utime(file, (1, 1))
    told = county("fsck", "--quick")
    assert told.exit_code == 0
    assert "✓ 照片、档案和日志都完整。Photos, records and the log are whole.\n" in told.output
    assert "没有任何记录提到的文件 files that no row names: 22 (1.1 MB)\n" in told.output
    assert told.output.count("· 没有任何记录提到的文件") == 20, "more lines help nobody"
