"""The demo is made once: later starts find what people did with it, and load none of what makes it."""

from __future__ import annotations

import json
import os
import signal
import sqlite3
import subprocess
import sys
from contextlib import closing
from pathlib import Path

from tests.support.demo import PASSWORDS, Demo
from tests.support.ports import free_port
from tests.support.tools import ROOT

NAME = "somebody renamed this household while trying things out"


def starts(folder: Path) -> tuple[str, set[str]]:
    """Run `fieldsvc demo` until it says that it is ready; what it said, and every module it loaded for that."""
    errors = folder / "errors"
    words = ["--folder", str(folder), "--port", str(free_port())]
    with errors.open("w") as loaded:
        process = subprocess.Popen(
            [sys.executable, "-X", "importtime", "-m", "fieldsvc", "demo", *words],
            cwd=ROOT,
            env={**os.environ, "PYTHONUNBUFFERED": "1"},
            stdout=subprocess.PIPE,
            stderr=loaded,
            text=True,
        )
        assert process.stdout is not None
        said = ""
        for line in process.stdout:
            said += line
            if "/#/signin/" in line:
                break
        process.send_signal(signal.SIGTERM)
        process.wait(timeout=60)
        process.stdout.close()
    lines = errors.read_text().splitlines()
    return said, {line.rpartition("|")[2].strip() for line in lines if line.startswith("import time:")}


def test_the_second_start_keeps_the_data_and_makes_nothing_again(demo: Demo, tmp_path: Path) -> None:
    demo.copy(tmp_path / "demo")
    (tmp_path / "demo" / "sign-ins.json").write_text(json.dumps(PASSWORDS))
    (tmp_path / "demo" / "secret-key").write_text("0123456789abcdef" * 4)
    file = tmp_path / "demo" / "fieldsvc.db"
    with closing(sqlite3.connect(file)) as database, database:
        [(home,)] = database.execute("SELECT id FROM entities WHERE dataset = 'households' LIMIT 1").fetchall()
        database.execute("UPDATE entities SET label = ? WHERE id = ?", (NAME, home))

    said, modules = starts(tmp_path)

    assert "第一次运行" not in said
    for login, password in PASSWORDS.items():
        assert login in said
        assert password in said, "the sign-ins somebody wrote down still hold"
    assert "fieldsvc.demo.run" in modules
    assert not {"fieldsvc.demo.load", "fieldsvc.demo.pictures", "fieldsvc.demo.district"} & modules
    with closing(sqlite3.connect(file)) as database:
        assert database.execute("SELECT label FROM entities WHERE id = ?", (home,)).fetchall() == [(NAME,)]
        assert database.execute("SELECT count(*) FROM entities WHERE dataset = 'households'").fetchone() == (2236,)
    assert [path.name for path in tmp_path.iterdir() if "unfinished" in path.name] == []
