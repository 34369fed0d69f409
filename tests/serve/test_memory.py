"""What the processes of a server do about memory, before and after they are started."""

import gc
import subprocess
import sys
from pathlib import Path

import pytest

from fieldsvc.config import Settings
from fieldsvc.serve import programs
from fieldsvc.serve.web import WebServer


def test_what_a_server_has_loaded_is_left_alone_by_the_collector(tmp_path: Path) -> None:
    before = gc.get_freeze_count()
    try:
        application = WebServer(Settings(mode="test", data_folder=tmp_path)).load()
        assert gc.get_freeze_count() - before > 50_000
    finally:
        gc.unfreeze()
    application.extensions["fieldsvc"].db.dispose()


#: Libraries for what most processes never do, or do once: papers, workbooks, forms that somebody uploads. With all of
#: them the worker held half as much again.
SELDOM = {"docx", "fontTools", "fpdf", "lark", "lxml", "openpyxl", "pyxform", "unittest", "xlrd"}


@pytest.mark.parametrize(
    ("program", "without"),
    [
        # It lives as long as the server does. Once a check of the county's photo slots had made it 80 MB.
        ("fieldsvc.cli.serve, fieldsvc.serve.programs", {"sqlalchemy", "flask", "fieldsvc.services", "PIL", *SELDOM}),
        ("fieldsvc.serve.jobs", {"flask", "jinja2", *SELDOM}),
        ("fieldsvc.serve.web", SELDOM),
    ],
)
def test_a_process_of_a_server_loads_nothing_large_before_it_is_needed(program: str, without: set[str]) -> None:
    loaded = f"import sys, {program}; print(*sys.modules)"
    names = subprocess.run([sys.executable, "-c", loaded], capture_output=True, text=True, check=True).stdout.split()
    assert without.isdisjoint(names)


def test_the_programs_of_a_server_keep_few_areas_of_memory(monkeypatch: pytest.MonkeyPatch) -> None:
    """Sixteen threads with an area each held twice as much after a load; whoever knows better may say so."""
    says = [sys.executable, "-c", "import os, sys; sys.exit(int(os.environ['MALLOC_ARENA_MAX']))"]
    monkeypatch.setattr(programs, "command", lambda *_: says)
    assert programs.start("web", None).wait() == 2
    monkeypatch.setenv("MALLOC_ARENA_MAX", "4")
    assert programs.start("web", None).wait() == 4
