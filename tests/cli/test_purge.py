"""The command that lets go what is kept no longer: it shows, and does it only when told."""

from __future__ import annotations

import sqlite3
from pathlib import Path

from tests.cli.conftest import Run


def test_it_is_shown_first_and_done_only_when_asked(county: Run, environment: dict[str, str]) -> None:
    file = Path(environment["FIELDSVC_DATA_FOLDER"]) / "fieldsvc.db"
    with sqlite3.connect(file) as database:
        order = "('old', feeds.id, 'nobody', 'visits', '{}', '', 'failed', 0, 0, 0, NULL, 1, 1)"
        columns = "id, feed_id, by_id, kind, wanted, label, state, done, total, bytes, problem, at, expires_at"
        database.execute(f"INSERT INTO exports ({columns}) SELECT {order[1:-1]} FROM feeds")
    shown = county("purge")
    assert "       1  过期导出的登记 orders of files that are over\n" in shown.output
    assert "没有改动任何内容" in shown.output
    assert "       1  过期导出的登记" in county("purge").output, "nothing had been changed"
    done = county("purge", "--yes")
    assert (done.exit_code, "没有改动" in done.output) == (0, False)
    assert "       0  过期导出的登记" in county("purge").output
    assert county("fsck").exit_code == 0
